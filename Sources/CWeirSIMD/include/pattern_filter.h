#ifndef CWEIR_PATTERN_FILTER_H
#define CWEIR_PATTERN_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// One tier of the pattern prefilter. A text is probed every `stride` bytes: the `gram_length` bytes there are looked up
// in the Bloom filter `grams`. Where that says yes, each of the `stride` windows of `window_length` bytes that cover
// the probe is looked up in the Bloom filter `windows`, by its first eight bytes; what passes both is named.
//
// A filter has 1 << bits words of 32 bits, bits <= 22, so that no hash leads outside it.
typedef struct {
  const uint32_t *grams;
  const uint32_t *windows;
  uint64_t fold; // set in every word before hashing
  uint32_t gram_bits;
  uint32_t gram_length; // 1 to 8
  uint32_t window_bits;
  uint32_t window_length; // gram_length + stride - 1
  uint32_t stride;        // 1 to 8
} weir_pattern_tier;

// The factors of the two hashes: for the first and for the last four bytes of what is hashed.
enum {
  weir_pattern_gram_head = 0x1e3779b1,
  weir_pattern_gram_tail = 0x05ebca77,
  weir_pattern_window_head = 0x42b2ae35,
  weir_pattern_window_tail = 0x27d4eb2f,
};

// The hash of the lower `length` bytes of `word`, all eight from eight on; its upper bits are the good ones. Up to
// three bytes are moved up so far that what is above them falls out; from five on, the last four count as well.
static inline uint32_t weir_pattern_hash(uint64_t word, uint32_t length, uint32_t head, uint32_t tail) {
  uint32_t hash = (uint32_t)word * (head << (length < 4 ? 32 - 8 * length : 0));
  uint32_t last = (uint32_t)(word >> 8 * (length < 8 ? length & 3 : 4));
  return length > 4 ? hash + last * tail : hash;
}

// Names windows of `text` in which a pattern of the tier may lie, from the probe at *position on and up to the last
// probe before `to`. Stops early when `windows` has room for fewer than `stride` more, and then *position is the probe
// to go on with; otherwise it is `to` or behind. `vectors` allows instructions that the processor turns out to have;
// the answer is the same without.
//
// Returns how many windows were written, at most `capacity`, which is at least `stride`.
size_t weir_pattern_sample(const weir_pattern_tier *tier, const uint8_t *text, size_t length, size_t *position,
                           size_t to, uint32_t *windows, size_t capacity, bool vectors);

#endif
