#include "pattern_probe.h"

#if defined(__x86_64__)
#include <immintrin.h>

// Two 16-byte loads from which a shuffle takes the gram at the start and the one a stride behind it.
__attribute__((target("avx2"))) static inline __m256i pair(const uint8_t *low, const uint8_t *high) {
  __m128i first = _mm_loadu_si128((const __m128i *)low);
  return _mm256_inserti128_si256(_mm256_castsi128_si256(first), _mm_loadu_si128((const __m128i *)high), 1);
}

// For each half: four bytes from `offset` on, then four from `offset + stride` on, twice.
__attribute__((target("avx2"))) static inline __m256i places(uint32_t offset, uint32_t stride) {
  uint32_t first = 0x03020100u + 0x01010101u * offset;
  uint64_t both = (uint64_t)(first + 0x01010101u * stride) << 32 | first;
  return _mm256_set1_epi64x((long long)both);
}

// Looks eight hashes up in a filter of 1 << bits words: bit i is set when both bits of the i-th are there.
__attribute__((target("avx2"))) static inline uint32_t look_up(const uint32_t *filter, uint32_t bits, __m256i hashes) {
  const __m256i low_five = _mm256_set1_epi32(31);
  __m256i place = _mm256_srl_epi32(hashes, _mm_cvtsi32_si128((int)(32 - bits)));
  __m256i words = _mm256_i32gather_epi32((const int *)filter, place, 4);
  __m256i first = _mm256_srl_epi32(hashes, _mm_cvtsi32_si128((int)(27 - bits)));
  __m256i second = _mm256_srl_epi32(hashes, _mm_cvtsi32_si128((int)(22 - bits)));
  first = _mm256_sllv_epi32(words, _mm256_and_si256(first, low_five));
  second = _mm256_sllv_epi32(words, _mm256_and_si256(second, low_five));
  return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_and_si256(first, second)));
}

__attribute__((target("avx2"))) static inline __m256i factor(uint32_t value, uint32_t length) {
  return _mm256_set1_epi32((int)(value << (length < 4 ? 32 - 8 * length : 0)));
}

__attribute__((target("avx2"))) uint64_t weir_pattern_probe_avx2(const weir_pattern_tier *tier, const uint8_t *text,
                                                                 size_t groups) {
  const uint32_t length = tier->gram_length;
  const size_t stride = tier->stride;
  const __m256i fold = _mm256_set1_epi64x((long long)tier->fold);
  const __m256i head = places(0, tier->stride), tail = places(length > 4 ? length - 4 : 0, tier->stride);
  const __m256i head_factor = factor(weir_pattern_gram_head, length), tail_factor = factor(weir_pattern_gram_tail, 4);
  uint64_t hits = 0;
  for (size_t group = 0; group < groups; group++) {
    const uint8_t *at = text + group * weir_pattern_group * stride;
    __m256i even = _mm256_or_si256(pair(at, at + 4 * stride), fold);
    __m256i odd = _mm256_or_si256(pair(at + 2 * stride, at + 6 * stride), fold);
    __m256i gram = _mm256_blend_epi32(_mm256_shuffle_epi8(even, head), _mm256_shuffle_epi8(odd, head), 0xcc);
    __m256i hashes = _mm256_mullo_epi32(gram, head_factor);
    if (length > 4) {
      gram = _mm256_blend_epi32(_mm256_shuffle_epi8(even, tail), _mm256_shuffle_epi8(odd, tail), 0xcc);
      hashes = _mm256_add_epi32(hashes, _mm256_mullo_epi32(gram, tail_factor));
    }
    hits |= (uint64_t)look_up(tier->grams, tier->gram_bits, hashes) << group * weir_pattern_group;
  }
  return hits;
}

__attribute__((target("avx2"))) uint32_t weir_pattern_windows_avx2(const weir_pattern_tier *tier, const uint8_t *text) {
  const uint32_t length = tier->window_length < 8 ? tier->window_length : 8;
  // The four bytes at each of eight consecutive places.
  const __m256i head = _mm256_setr_epi32(0x03020100, 0x04030201, 0x05040302, 0x06050403, 0x07060504, 0x08070605,
                                         0x09080706, 0x0a090807);
  __m256i bytes = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)text));
  bytes = _mm256_or_si256(bytes, _mm256_set1_epi64x((long long)tier->fold));
  __m256i hashes = _mm256_mullo_epi32(_mm256_shuffle_epi8(bytes, head), factor(weir_pattern_window_head, length));
  if (length > 4) {
    __m256i tail = _mm256_add_epi8(head, _mm256_set1_epi8((char)(length - 4)));
    __m256i last = _mm256_mullo_epi32(_mm256_shuffle_epi8(bytes, tail), factor(weir_pattern_window_tail, 4));
    hashes = _mm256_add_epi32(hashes, last);
  }
  return look_up(tier->windows, tier->window_bits, hashes);
}
#endif
