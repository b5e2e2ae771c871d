#include "pattern_probe.h"

#include <string.h>

static inline uint64_t load(const uint8_t *text) {
  uint64_t word;
  memcpy(&word, text, 8);
  return word;
}

// The eight bytes from `at` on, zeros behind the end of the text.
static inline uint64_t load_end(const uint8_t *text, size_t length, size_t at) {
  if (at + 8 <= length) return load(text + at);
  if (at >= length) return 0;
  if (length >= 8) return load(text + length - 8) >> 8 * (8 - (length - at));
  uint64_t word = 0;
  for (size_t index = length; index-- > at;) word = word << 8 | text[index];
  return word;
}

// Whether both bits that a hash chooses are set in the word that it chooses.
static inline uint64_t look_up(const uint32_t *filter, uint32_t bits, uint32_t hash) {
  uint32_t word = filter[hash >> (32 - bits)];
  return (word << (hash >> (27 - bits) & 31) & word << (hash >> (22 - bits) & 31)) >> 31;
}

static inline uint64_t has_gram(const weir_pattern_tier *tier, uint64_t word) {
  uint32_t hash =
      weir_pattern_hash(word | tier->fold, tier->gram_length, weir_pattern_gram_head, weir_pattern_gram_tail);
  return look_up(tier->grams, tier->gram_bits, hash);
}

static inline uint64_t has_window(const weir_pattern_tier *tier, uint64_t word) {
  uint32_t hash =
      weir_pattern_hash(word | tier->fold, tier->window_length, weir_pattern_window_head, weir_pattern_window_tail);
  return look_up(tier->windows, tier->window_bits, hash);
}

// Writes the windows around a probe that pass.
static inline size_t check_windows(const weir_pattern_tier *tier, const uint8_t *text, size_t length, size_t probe,
                                   uint32_t *windows, size_t count, bool avx2) {
#if defined(__x86_64__)
  // A window is at most 15 bytes long, so all of them fit.
  if (avx2 && probe >= 7 && probe + 16 <= length) {
    uint32_t passed = weir_pattern_windows_avx2(tier, text + probe - 7) >> (8 - tier->stride);
    for (; passed; passed &= passed - 1) {
      windows[count++] = (uint32_t)(probe + 1 - tier->stride + (size_t)__builtin_ctz(passed));
    }
    return count;
  }
#endif
  for (uint32_t back = 0; back < tier->stride && back <= probe; back++) {
    size_t at = probe - back;
    uint64_t fits = at + tier->window_length <= length;
    windows[count] = (uint32_t)at;
    count += fits & has_window(tier, load_end(text, length, at));
  }
  return count;
}

// The hits among up to 64 probes from *position on, as bits; moves *position behind the probes.
static uint64_t probe_strip(const weir_pattern_tier *tier, const uint8_t *text, size_t length, size_t *position,
                            size_t to, bool avx2) {
  size_t at = *position, stride = tier->stride;
#if defined(__x86_64__)
  size_t span = weir_pattern_group * stride, reach = weir_pattern_group_reach(stride);
  if (avx2) {
    size_t groups = 0, next = at;
    while (groups < weir_pattern_group && next + reach <= length && next + span - stride < to) {
      groups++;
      next += span;
    }
    if (groups) {
      *position = next;
      return weir_pattern_probe_avx2(tier, text + at, groups);
    }
  }
#endif
  uint64_t hits = 0;
  for (int index = 0; index < weir_pattern_strip && at < to; index++, at += stride) {
    uint64_t fits = at + tier->gram_length <= length;
    hits |= (fits & has_gram(tier, load_end(text, length, at))) << index;
  }
  *position = at;
  return hits;
}

size_t weir_pattern_sample(const weir_pattern_tier *tier, const uint8_t *text, size_t length, size_t *position,
                           size_t to, uint32_t *windows, size_t capacity, bool vectors) {
#if defined(__x86_64__)
  bool avx2 = vectors && __builtin_cpu_supports("avx2");
#else
  bool avx2 = false;
  (void)vectors;
#endif
  size_t count = 0;
  while (*position < to) {
    size_t strip = *position;
    uint64_t hits = probe_strip(tier, text, length, position, to, avx2);
    for (; hits; hits &= hits - 1) {
      size_t probe = strip + (size_t)__builtin_ctzll(hits) * tier->stride;
      if (count + tier->stride > capacity) {
        *position = probe;
        return count;
      }
      count = check_windows(tier, text, length, probe, windows, count, avx2);
    }
  }
  return count;
}
