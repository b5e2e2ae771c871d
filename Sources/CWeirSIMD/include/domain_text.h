#ifndef WEIR_DOMAIN_TEXT_H
#define WEIR_DOMAIN_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t weir_domain_word(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

// The last `length` (0 to 7) bytes before `end`, the first one lowest; `before` more bytes may be read in front.
static inline uint64_t weir_domain_tail(const uint8_t *end, size_t length, size_t before) {
  if (length == 0) return 0;
  if (length + before >= 8) return weir_domain_word(end - 8) >> (64 - 8 * length);
  uint64_t word = 0;
  for (size_t i = 1; i <= length; i++) word = word << 8 | *(end - i);
  return word;
}

// Whether codes, each standing for the bytes in `symbols` (256 words, first byte lowest, zeros behind), are the
// `length` bytes at `name`, in front of which `before` more may be read.
static inline int weir_domain_is_text(const uint8_t *codes, size_t count, const uint64_t *symbols,
                                      const uint8_t *name, size_t length, size_t before) {
  const uint8_t *last = codes + count, *end = name + length;
  while (codes < last && end - name >= 8) {
    uint64_t symbol = symbols[*codes++];
    if (symbol == 0) return 0;
    unsigned unused = (unsigned)__builtin_clzll(symbol) & ~7u;
    if ((weir_domain_word(name) ^ symbol) << unused) return 0;
    name += 8 - (unused >> 3);
  }
  size_t left = (size_t)(end - name);
  if (left >= 8) return 0;
  before += length - left;
  uint64_t word = weir_domain_tail(end, left, before);
  while (codes < last) {
    uint64_t symbol = symbols[*codes++];
    if (symbol == 0) return 0;
    unsigned unused = (unsigned)__builtin_clzll(symbol) & ~7u;
    size_t size = 8 - (unused >> 3);
    if (size > left || (word ^ symbol) << unused) return 0;
    left -= size;
    word = size == 8 ? 0 : word >> (8 * size);
  }
  return left == 0;
}

#endif
