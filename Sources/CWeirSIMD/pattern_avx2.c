#include "pattern_probe.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2"), always_inline)) static inline

// Eight probes make a group; the hits of a strip of up to eight groups fit one 64-bit mask.
enum { group_probes = 8, strip_groups = 8 };

// How a filter of 1 << bits words is looked up.
typedef struct {
  const int *words;
  __m128i place, first, second;
} filter;

AVX2 filter make_filter(const uint32_t *words, uint32_t bits) {
  return (filter){(const int *)words, _mm_cvtsi32_si128((int)(32 - bits)), _mm_cvtsi32_si128((int)(27 - bits)),
                  _mm_cvtsi32_si128((int)(22 - bits))};
}

// Bit i is set when both bits that the i-th of eight hashes chooses are in the filter.
AVX2 uint32_t look_up(const filter *in, __m256i hashes) {
  const __m256i low_five = _mm256_set1_epi32(31);
  __m256i words = _mm256_i32gather_epi32(in->words, _mm256_srl_epi32(hashes, in->place), 4);
  __m256i first = _mm256_and_si256(_mm256_srl_epi32(hashes, in->first), low_five);
  __m256i second = _mm256_and_si256(_mm256_srl_epi32(hashes, in->second), low_five);
  __m256i both = _mm256_and_si256(_mm256_sllv_epi32(words, first), _mm256_sllv_epi32(words, second));
  return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(both));
}

// How up to eight bytes are hashed: shuffles that take the first and the last four, and the factors of both.
typedef struct {
  __m256i head, tail, head_factor, tail_factor;
  uint32_t length;
} hasher;

AVX2 hasher make_hasher(__m256i head, uint32_t length, uint32_t head_factor, uint32_t tail_factor) {
  __m256i tail = _mm256_add_epi8(head, _mm256_set1_epi8((char)(length > 4 ? length - 4 : 0)));
  uint32_t factor = head_factor << (length < 4 ? 32 - 8 * length : 0);
  return (hasher){head, tail, _mm256_set1_epi32((int)factor), _mm256_set1_epi32((int)tail_factor), length};
}

// Two 16-byte loads, from each of which a shuffle takes two grams.
AVX2 __m256i pair(const uint8_t *low, const uint8_t *high) {
  __m128i first = _mm_loadu_si128((const __m128i *)low);
  return _mm256_inserti128_si256(_mm256_castsi128_si256(first), _mm_loadu_si128((const __m128i *)high), 1);
}

// The hashes of the grams at eight places, a stride apart.
AVX2 __m256i hash_probes(const hasher *by, const uint8_t *at, size_t stride, __m256i fold) {
  __m256i even = _mm256_or_si256(pair(at, at + 4 * stride), fold);
  __m256i odd = _mm256_or_si256(pair(at + 2 * stride, at + 6 * stride), fold);
  __m256i part = _mm256_blend_epi32(_mm256_shuffle_epi8(even, by->head), _mm256_shuffle_epi8(odd, by->head), 0xcc);
  __m256i hashes = _mm256_mullo_epi32(part, by->head_factor);
  if (by->length <= 4) return hashes;
  part = _mm256_blend_epi32(_mm256_shuffle_epi8(even, by->tail), _mm256_shuffle_epi8(odd, by->tail), 0xcc);
  return _mm256_add_epi32(hashes, _mm256_mullo_epi32(part, by->tail_factor));
}

// The hashes of the windows that begin at `at` and at the seven bytes behind; 16 bytes are read.
AVX2 __m256i hash_windows(const hasher *by, const uint8_t *at, __m256i fold) {
  __m256i bytes = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)at));
  bytes = _mm256_or_si256(bytes, fold);
  __m256i hashes = _mm256_mullo_epi32(_mm256_shuffle_epi8(bytes, by->head), by->head_factor);
  if (by->length <= 4) return hashes;
  return _mm256_add_epi32(hashes, _mm256_mullo_epi32(_mm256_shuffle_epi8(bytes, by->tail), by->tail_factor));
}

__attribute__((target("avx2"))) size_t weir_pattern_sample_avx2(const weir_pattern_tier *tier, const uint8_t *text,
                                                                size_t length, size_t *position, size_t to,
                                                                uint32_t *windows, size_t capacity) {
  const size_t stride = tier->stride, reach = 6 * stride + 16;
  const __m256i fold = _mm256_set1_epi64x((long long)tier->fold);
  const filter grams = make_filter(tier->grams, tier->gram_bits);
  const filter in_windows = make_filter(tier->windows, tier->window_bits);
  // Four bytes at the start and four a stride behind it; and four at each of eight consecutive places.
  const uint64_t apart = 0x0302010003020100u + (0x01010101ull * stride << 32);
  const __m256i consecutive = _mm256_setr_epi32(0x03020100, 0x04030201, 0x05040302, 0x06050403, 0x07060504, 0x08070605,
                                                0x09080706, 0x0a090807);
  const hasher by_gram = make_hasher(_mm256_set1_epi64x((long long)apart), tier->gram_length, weir_pattern_gram_head,
                                     weir_pattern_gram_tail);
  const hasher by_window = make_hasher(consecutive, tier->window_length < 8 ? tier->window_length : 8,
                                       weir_pattern_window_head, weir_pattern_window_tail);
  size_t count = 0, at = *position;
  while (at + reach <= length && at + (group_probes - 1) * stride < to) {
    size_t strip = at;
    uint64_t hits = 0;
    for (unsigned group = 0; group < strip_groups; group++) {
      hits |= (uint64_t)look_up(&grams, hash_probes(&by_gram, text + at, stride, fold)) << group * group_probes;
      at += group_probes * stride;
      if (at + reach > length || at + (group_probes - 1) * stride >= to) break;
    }
    for (; hits; hits &= hits - 1) {
      size_t probe = strip + (size_t)__builtin_ctzll(hits) * stride;
      if (count + stride > capacity) {
        *position = probe;
        return count;
      }
      if (probe < 7 || probe + 16 > length) {
        count = weir_pattern_check(tier, text, length, probe, windows, count);
        continue;
      }
      // A window is at most 15 bytes long, so all of them fit.
      uint32_t passed = look_up(&in_windows, hash_windows(&by_window, text + probe - 7, fold)) >> (8 - stride);
      for (; passed; passed &= passed - 1) {
        windows[count++] = (uint32_t)(probe + 1 - stride + (size_t)__builtin_ctz(passed));
      }
    }
  }
  *position = at;
  return count;
}
#endif
