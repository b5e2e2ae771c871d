#ifndef CWEIR_PATTERN_FILTER_H
#define CWEIR_PATTERN_FILTER_H

#include <stddef.h>
#include <stdint.h>

// One tier of the pattern prefilter. A text is probed every `stride` bytes: the bytes there that `gram_mask` keeps are
// looked up in the Bloom filter `grams`. Where that says yes, each of the `stride` windows that cover the probe is
// looked up in `windows`; what passes both is named.
//
// A table has 1 << (52 - shift) words of 64 bits, with shift <= 52, so that no hash leads outside it.
typedef struct {
  const uint64_t *grams;
  const uint64_t *windows;
  uint64_t gram_mask;
  uint64_t window_mask;
  uint64_t fold;
  uint32_t gram_shift;
  uint32_t window_shift;
  uint32_t gram_length;
  uint32_t window_length;
  uint32_t stride;
} weir_pattern_tier;

// Spreads up to eight bytes over 64 bits; the upper ones are the best. The multiplier is 2^64 / golden ratio.
static inline uint64_t weir_pattern_hash(uint64_t key) { return (key ^ key >> 29) * 0x9e3779b97f4a7c15u; }

// Names windows of `text` in which a pattern of the tier may lie, from the probe at *position on and up to the first
// probe at or behind `to`. Stops early when `windows` has room for fewer than `stride` more, and then *position is the
// probe to go on with; otherwise it is `to` or behind. Positions are multiples of the stride.
//
// Returns how many windows were written, at most `capacity`, which is at least `stride`.
size_t weir_pattern_sample(const weir_pattern_tier *tier, const uint8_t *text, size_t length, size_t *position,
                           size_t to, uint32_t *windows, size_t capacity);

#endif
