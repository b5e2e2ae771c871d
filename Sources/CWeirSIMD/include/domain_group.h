#ifndef WEIR_DOMAIN_GROUP_H
#define WEIR_DOMAIN_GROUP_H

#include <stdint.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// A bit for each of sixteen slots that equals `value` where `mask` has bits: one cache line of a hash table.
static inline uint32_t weir_domain_match16(const uint32_t *slots, uint32_t mask, uint32_t value) {
#if defined(__SSE2__)
  __m128i masks = _mm_set1_epi32((int)mask), values = _mm_set1_epi32((int)value), found[4];
  for (int i = 0; i < 4; i++) {
    __m128i four = _mm_loadu_si128((const __m128i *)(slots + 4 * i));
    found[i] = _mm_cmpeq_epi32(_mm_and_si128(four, masks), values);
  }
  __m128i low = _mm_packs_epi32(found[0], found[1]), high = _mm_packs_epi32(found[2], found[3]);
  return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(low, high));
#else
  uint32_t found = 0;
  for (int i = 0; i < 16; i++) found |= (uint32_t)((slots[i] & mask) == value) << i;
  return found;
#endif
}

#endif
