#ifndef CWEIR_PATTERN_FILTER_H
#define CWEIR_PATTERN_FILTER_H

#include <stddef.h>
#include <stdint.h>

// One tier of the pattern prefilter. A text is probed every `stride` bytes: the `gram_length` bytes there are looked up
// in the Bloom filter `grams`. Where that says yes, each of the `stride` windows of `window_length` bytes that cover
// the probe is looked up in `windows`, by its first eight bytes; what passes both is named.
//
// A table has 1 << (52 - shift) words of 64 bits, with shift <= 52, so that no hash leads outside it.
typedef struct {
  const uint64_t *grams;
  const uint64_t *windows;
  uint64_t fold; // set in every word before hashing
  uint32_t gram_shift;
  uint32_t window_shift;
  uint32_t gram_length;
  uint32_t window_length;
  uint32_t stride;
} weir_pattern_tier;

// The factor that spreads the lower `length` bytes of a word, 1 to 8, over the upper bits of the product and ignores
// the bytes above them: 2^64 / golden ratio, moved up so far that they fall out.
static inline uint64_t weir_pattern_factor(uint32_t length) {
  return 0x9e3779b97f4a7c15u << (length < 8 ? 64 - 8 * length : 0);
}

// Names windows of `text` in which a pattern of the tier may lie, from the probe at *position on and up to the last
// probe before `to`. Stops early when `windows` has room for fewer than `stride` more, and then *position is the probe
// to go on with; otherwise it is `to` or behind.
//
// Returns how many windows were written, at most `capacity`, which is at least `stride`.
size_t weir_pattern_sample(const weir_pattern_tier *tier, const uint8_t *text, size_t length, size_t *position,
                           size_t to, uint32_t *windows, size_t capacity);

#endif
