#include "pattern_probe.h"

size_t weir_pattern_sample(const weir_pattern_tier *tier, const uint8_t *text, size_t length, size_t *position,
                           size_t to, uint32_t *windows, size_t capacity, bool vectors) {
  size_t count = 0;
#if defined(__x86_64__)
  if (vectors && __builtin_cpu_supports("avx2")) {
    count = weir_pattern_sample_avx2(tier, text, length, position, to, windows, capacity);
  }
#else
  (void)vectors;
#endif
  for (size_t at = *position; at < to; at += tier->stride) {
    if (count + tier->stride > capacity) {
      *position = at;
      return count;
    }
    uint64_t word = weir_pattern_load_end(text, length, at) | tier->fold;
    uint32_t hash = weir_pattern_hash(word, tier->gram_length, weir_pattern_gram_head, weir_pattern_gram_tail);
    uint64_t fits = at + tier->gram_length <= length;
    if (fits & weir_pattern_look_up(tier->grams, tier->gram_bits, hash)) {
      count = weir_pattern_check(tier, text, length, at, windows, count);
    }
  }
  *position = to;
  return count;
}
