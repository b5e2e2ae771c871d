#include "pattern_filter.h"

#include <string.h>

enum { strip = 64 };

// The bytes from `at` on, as many as there are, in a little-endian word.
static uint64_t load_end(const uint8_t *text, size_t length, size_t at) {
  uint64_t word = 0;
  if (at < length) memcpy(&word, text + at, length - at < 8 ? length - at : 8);
  return word;
}

static inline uint64_t load(const uint8_t *text) {
  uint64_t word;
  memcpy(&word, text, 8);
  return word;
}

// Whether both bits that a key chooses are set in the word that it chooses.
static inline uint64_t passes(const uint64_t *words, uint64_t key, uint32_t shift) {
  uint64_t hash = weir_pattern_hash(key) >> shift;
  uint64_t word = words[hash >> 12];
  return word >> (hash & 63) & word >> (hash >> 6 & 63) & 1;
}

// Writes the windows around the probe at `probe` that pass.
static inline size_t check_windows(const weir_pattern_tier *tier, const uint8_t *text, size_t length, size_t probe,
                                   uint32_t *windows, size_t count) {
  uint32_t stride = tier->stride;
  if (probe + 8 <= length && probe + tier->window_length <= length && probe + 1 >= stride) {
    for (uint32_t back = 0; back < stride; back++) {
      uint64_t key = (load(text + probe - back) | tier->fold) & tier->window_mask;
      windows[count] = (uint32_t)(probe - back);
      count += passes(tier->windows, key, tier->window_shift);
    }
    return count;
  }
  for (uint32_t back = 0; back < stride && back <= probe; back++) {
    size_t at = probe - back;
    if (at + tier->window_length > length) continue;
    uint64_t key = (load_end(text, length, at) | tier->fold) & tier->window_mask;
    windows[count] = (uint32_t)at;
    count += passes(tier->windows, key, tier->window_shift);
  }
  return count;
}

// Probes up to `strip` places from *position on; writes those that pass and moves *position behind the last one.
static inline size_t probe_strip(const weir_pattern_tier *tier, const uint8_t *text, size_t length, size_t *position,
                                 size_t to, uint32_t *hits) {
  const uint64_t *grams = tier->grams;
  uint64_t mask = tier->gram_mask, fold = tier->fold;
  uint32_t shift = tier->gram_shift;
  size_t stride = tier->stride, at = *position, count = 0;
  size_t fast_to = length < 8 ? 0 : length - 7;
  if (fast_to > to) fast_to = to;
  size_t last = at + (strip - 1) * stride;
  if (last < fast_to) {
    for (int index = 0; index < strip; index += 4) {
      for (int lane = 0; lane < 4; lane++) {
        hits[count] = (uint32_t)at;
        count += passes(grams, (load(text + at) | fold) & mask, shift);
        at += stride;
      }
    }
    *position = at;
    return count;
  }
  for (; at < fast_to; at += stride) {
    hits[count] = (uint32_t)at;
    count += passes(grams, (load(text + at) | fold) & mask, shift);
  }
  for (; at < to && at + tier->gram_length <= length && count < strip; at += stride) {
    hits[count] = (uint32_t)at;
    count += passes(grams, (load_end(text, length, at) | fold) & mask, shift);
  }
  if (at + tier->gram_length > length && at < to) at = to;
  *position = at;
  return count;
}

size_t weir_pattern_sample(const weir_pattern_tier *tier, const uint8_t *text, size_t length, size_t *position,
                           size_t to, uint32_t *windows, size_t capacity) {
  uint32_t hits[strip + 8];
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
