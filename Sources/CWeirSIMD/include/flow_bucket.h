#ifndef WEIR_FLOW_BUCKET_H
#define WEIR_FLOW_BUCKET_H

#include <stdint.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// A bit for each of eight tags that equals `tag`.
static inline uint32_t weir_flow_match8(const uint32_t *tags, uint32_t tag) {
#if defined(__SSE2__)
  __m128i wanted = _mm_set1_epi32((int)tag);
  __m128i low = _mm_cmpeq_epi32(_mm_loadu_si128((const __m128i *)tags), wanted);
  __m128i high = _mm_cmpeq_epi32(_mm_loadu_si128((const __m128i *)(tags + 4)), wanted);
  return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(_mm_packs_epi32(low, high), _mm_setzero_si128()));
#else
  uint32_t found = 0;
  for (int i = 0; i < 8; i++) found |= (uint32_t)(tags[i] == tag) << i;
  return found;
#endif
}

// The index of the least of eight times; of equals the first.
static inline uint32_t weir_flow_oldest8(const uint32_t *times) {
  // The index rides below its time, so that one minimum gives it without a branch.
  uint64_t best = (uint64_t)times[0] << 3;
  for (uint32_t i = 1; i < 8; i++) {
    uint64_t next = (uint64_t)times[i] << 3 | i;
    best = next < best ? next : best;
  }
  return (uint32_t)(best & 7);
}

#endif
