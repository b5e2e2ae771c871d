#include "pattern_filter.h"

#include <string.h>

// Probes between two visits to the window filter: few enough to stay in registers and the first-level cache.
enum { strip = 64 };

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

// Whether both bits that a product chooses are set in the word that it chooses.
static inline uint64_t passes(const uint64_t *words, uint64_t product, uint32_t shift) {
  uint64_t hash = product >> shift;
  uint64_t word = words[hash >> 12];
  return word >> (hash & 63) & word >> (hash >> 6 & 63) & 1;
}

// Writes which of `count` probes from `at` on, each with eight bytes of text, find a gram. Without a branch: whether
// a probe hits cannot be predicted.
static inline __attribute__((always_inline)) size_t probe(const weir_pattern_tier *tier, const uint8_t *text, size_t at,
                                                          size_t count, uint32_t *hits) {
  const uint64_t *grams = tier->grams;
  const uint64_t factor = weir_pattern_factor(tier->gram_length), fold = tier->fold;
  const uint32_t shift = tier->gram_shift, stride = tier->stride;
  size_t found = 0;
  for (; count >= 2; count -= 2) {
    hits[found] = (uint32_t)at;
    found += passes(grams, (load(text + at) | fold) * factor, shift);
    at += stride;
    hits[found] = (uint32_t)at;
    found += passes(grams, (load(text + at) | fold) * factor, shift);
    at += stride;
  }
  if (count) {
    hits[found] = (uint32_t)at;
    found += passes(grams, (load(text + at) | fold) * factor, shift);
  }
  return found;
}

static size_t probe_portable(const weir_pattern_tier *tier, const uint8_t *text, size_t at, size_t count,
                             uint32_t *hits) {
  return probe(tier, text, at, count, hits);
}

#if defined(__x86_64__)
// The same with shifts that need no particular register and leave the flags alone.
__attribute__((target("bmi2"))) static size_t probe_bmi2(const weir_pattern_tier *tier, const uint8_t *text, size_t at,
                                                         size_t count, uint32_t *hits) {
  return probe(tier, text, at, count, hits);
}
#endif

// Writes the windows around a probe that pass.
static size_t check_windows(const weir_pattern_tier *tier, const uint8_t *text, size_t length, size_t probe,
                            uint32_t *windows, size_t count) {
  const uint64_t factor = weir_pattern_factor(tier->window_length), fold = tier->fold;
  for (uint32_t back = 0; back < tier->stride && back <= probe; back++) {
    size_t at = probe - back;
    windows[count] = (uint32_t)at;
    uint64_t fits = at + tier->window_length <= length;
    count += fits & passes(tier->windows, (load_end(text, length, at) | fold) * factor, tier->window_shift);
  }
  return count;
}

// Writes the hits among at most `strip` probes from *position on, and moves it behind them.
static size_t probe_strip(const weir_pattern_tier *tier, const uint8_t *text, size_t length, size_t *position,
                          size_t to, uint32_t *hits) {
  size_t at = *position, stride = tier->stride;
  size_t fast_to = length < 8 ? 0 : length - 7;
  if (fast_to > to) fast_to = to;
  if (at < fast_to) {
    size_t count = strip;
    if (at + (strip - 1) * stride >= fast_to) count = (fast_to - at + stride - 1) / stride;
    *position = at + count * stride;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("bmi2")) return probe_bmi2(tier, text, at, count, hits);
#endif
    return probe_portable(tier, text, at, count, hits);
  }
  // At most eight places are left that have a gram but not eight bytes.
  size_t found = 0;
  const uint64_t factor = weir_pattern_factor(tier->gram_length);
  for (; at < to && at + tier->gram_length <= length; at += stride) {
    hits[found] = (uint32_t)at;
    found += passes(tier->grams, (load_end(text, length, at) | tier->fold) * factor, tier->gram_shift);
  }
  *position = at < to ? to : at;
  return found;
}

size_t weir_pattern_sample(const weir_pattern_tier *tier, const uint8_t *text, size_t length, size_t *position,
                           size_t to, uint32_t *windows, size_t capacity) {
  uint32_t hits[strip + 1];
  size_t count = 0;
  while (*position < to) {
    size_t found = probe_strip(tier, text, length, position, to, hits);
    for (size_t index = 0; index < found; index++) {
      if (count + tier->stride > capacity) {
        *position = hits[index];
        return count;
      }
      count = check_windows(tier, text, length, hits[index], windows, count);
    }
  }
  return count;
}
