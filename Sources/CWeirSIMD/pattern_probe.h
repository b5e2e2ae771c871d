#ifndef CWEIR_PATTERN_PROBE_H
#define CWEIR_PATTERN_PROBE_H

#include <string.h>

#include "pattern_filter.h"

// What the loops of the pattern prefilter share; see `weir_pattern_sample`.

static inline uint64_t weir_pattern_load(const uint8_t *text) {
  uint64_t word;
  memcpy(&word, text, 8);
  return word;
}

// The eight bytes from `at` on, zeros behind the end of the text.
static inline uint64_t weir_pattern_load_end(const uint8_t *text, size_t length, size_t at) {
  if (at + 8 <= length) return weir_pattern_load(text + at);
  if (at >= length) return 0;
  if (length >= 8) return weir_pattern_load(text + length - 8) >> 8 * (8 - (length - at));
  uint64_t word = 0;
  for (size_t index = length; index-- > at;) word = word << 8 | text[index];
  return word;
}

// Whether both bits that a hash chooses are set in the word that it chooses.
static inline uint64_t weir_pattern_look_up(const uint32_t *filter, uint32_t bits, uint32_t hash) {
  uint32_t word = filter[hash >> (32 - bits)];
  return (word << (hash >> (27 - bits) & 31) & word << (hash >> (22 - bits) & 31)) >> 31;
}

// Writes the windows around a probe that pass. Without a branch on the answer, which cannot be predicted.
static inline size_t weir_pattern_check(const weir_pattern_tier *tier, const uint8_t *text, size_t length, size_t probe,
                                        uint32_t *windows, size_t count) {
  for (uint32_t back = 0; back < tier->stride && back <= probe; back++) {
    size_t at = probe - back;
    uint64_t word = weir_pattern_load_end(text, length, at) | tier->fold;
    uint32_t hash =
        weir_pattern_hash(word, tier->window_length, weir_pattern_window_head, weir_pattern_window_tail);
    uint64_t fits = at + tier->window_length <= length;
    windows[count] = (uint32_t)at;
    count += fits & weir_pattern_look_up(tier->windows, tier->window_bits, hash);
  }
  return count;
}

#if defined(__x86_64__)
// The part of `weir_pattern_sample` that can read whole vectors; *position is left where it cannot.
size_t weir_pattern_sample_avx2(const weir_pattern_tier *tier, const uint8_t *text, size_t length, size_t *position,
                                size_t to, uint32_t *windows, size_t capacity);
#endif

#endif
