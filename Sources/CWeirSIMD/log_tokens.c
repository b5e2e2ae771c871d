// For memmem.
#define _GNU_SOURCE

#include <string.h>

#include "CWeirSIMD.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt"), always_inline)) static inline

// A bit for each of 64 bytes.
typedef struct {
  uint64_t wide, letters, dots, colons, feeds;
} classes;

typedef struct {
  uint32_t wide, letters, dots, colons, feeds;
} half_classes;

// The classes of bytes by their upper and lower four bits: a byte is wide when both tables agree on a bit.
AVX2 half_classes classify_half(__m256i bytes) {
  enum { mark = 1, digit = 2, colon = 4, low = 8, high = 16, underscore = 32 };
  const __m256i upper = _mm256_setr_epi8(0, 0, mark, digit | colon, low, high | underscore, low, high, 0, 0, 0, 0, 0, 0, 0,
                                         0, 0, 0, mark, digit | colon, low, high | underscore, low, high, 0, 0, 0, 0, 0, 0,
                                         0, 0);
  enum { all = digit | low | high };
  const __m256i lower = _mm256_setr_epi8(
      digit | high, all, all, all, all, all, all, all, all, all, colon | low | high, low, low, mark | low, mark | low,
      low | underscore, digit | high, all, all, all, all, all, all, all, all, all, colon | low | high, low, low, mark | low,
      mark | low, low | underscore);
  const __m256i four = _mm256_set1_epi8(15);
  __m256i by_upper = _mm256_shuffle_epi8(upper, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), four));
  __m256i by_lower = _mm256_shuffle_epi8(lower, _mm256_and_si256(bytes, four));
  __m256i found = _mm256_and_si256(by_upper, by_lower), zero = _mm256_setzero_si256();
  __m256i letter = _mm256_and_si256(found, _mm256_set1_epi8(low | high));
  return (half_classes){~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(found, zero)),
                        ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(letter, zero)),
                        (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('.'))),
                        (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(':'))),
                        (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\n')))};
}

AVX2 classes classify(const uint8_t *at) {
  half_classes a = classify_half(_mm256_loadu_si256((const __m256i *)at));
  half_classes b = classify_half(_mm256_loadu_si256((const __m256i *)(at + 32)));
  return (classes){a.wide | (uint64_t)b.wide << 32, a.letters | (uint64_t)b.letters << 32,
                   a.dots | (uint64_t)b.dots << 32, a.colons | (uint64_t)b.colons << 32,
                   a.feeds | (uint64_t)b.feeds << 32};
}

// Colons that stand so close that they may be those of an IPv6 address.
AVX2 uint64_t close_colons(uint64_t colons) {
  uint64_t found = colons & colons << 1;
  // Without "::" there are six at least, each within five bytes of the next; times have three.
  if (_mm_popcnt_u64(colons) < 6) return found;
  uint64_t near = colons;
  for (int i = 0; i < 4; i++) near &= near << 1 | near << 2 | near << 3 | near << 4 | near << 5;
  return found | near;
}

// The run of bits around a bit; there is a bit outside the run above it.
AVX2 unsigned run_start(uint64_t runs, unsigned bit) {
  uint64_t below = _bzhi_u64(~runs, bit);
  return 64 - (unsigned)_lzcnt_u64(below);
}

AVX2 unsigned run_end(uint64_t runs, unsigned bit) { return bit + (unsigned)_tzcnt_u64(~runs >> bit); }

AVX2 uint64_t token(size_t at, unsigned start, unsigned end, uint64_t kind) {
  return (at + start) | (uint64_t)(at + end) << 32 | kind << 62;
}

__attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt"))) static size_t tokens_avx2(
    const uint8_t *text, size_t length, size_t *position, size_t *feeds, uint64_t *tokens, size_t capacity) {
  size_t at = *position, count = 0;
  while (at + 64 <= length && count + 64 <= capacity) {
    classes in = classify(text + at);
    unsigned used = 64;
    if (in.wide >> 63) {
      // What is cut by the end of the vector is looked at again from its start.
      if (~in.wide == 0) break;
      used = 64 - (unsigned)_lzcnt_u64(~in.wide);
      in = (classes){_bzhi_u64(in.wide, used), _bzhi_u64(in.letters, used), _bzhi_u64(in.dots, used),
                     _bzhi_u64(in.colons, used), _bzhi_u64(in.feeds, used)};
    }
    *feeds += (size_t)_mm_popcnt_u64(in.feeds);
    uint64_t words = in.wide & ~in.colons, labels = words & ~in.dots;
    uint64_t inner = in.dots & labels << 1 & labels >> 1;
    uint64_t lone = in.dots & ~(words << 1) & ~(words >> 1);
    uint64_t colons = close_colons(in.colons);
    // Of the dots between labels only those before a letter tell a name, and the third of a quad an address; so the many
    // numbers with one dot cost nothing.
    uint64_t near = inner << 2 | inner << 3 | inner << 4, second = inner & near;
    uint64_t third = inner & (second << 2 | second << 3 | second << 4);
    for (uint64_t rest = (inner & in.letters >> 1) | third | lone | colons; rest;) {
      unsigned bit = (unsigned)_tzcnt_u64(rest);
      if (inner >> bit & 1) {
        unsigned start = run_start(words, bit), end = run_end(words, bit);
        uint64_t own = _bzhi_u64(inner, end) >> start << start;
        uint8_t behind = text[at + 64 - (unsigned)_lzcnt_u64(own)];
        if ((uint8_t)((behind | 32) - 'a') < 26) {
          tokens[count++] = token(at, start, end, weir_log_name);
        } else if (_mm_popcnt_u64(own) >= 3 && (uint8_t)(text[at + start] - '0') < 10) {
          tokens[count++] = token(at, start, end, weir_log_quad);
        }
        rest &= ~own;
      } else if (colons >> bit & 1) {
        unsigned start = run_start(in.wide, bit), end = run_end(in.wide, bit);
        tokens[count++] = token(at, start, end, weir_log_wide);
        rest &= ~_bzhi_u64(colons, end);
      } else {
        uint8_t before = at + bit > 0 ? text[at + bit - 1] : 0, behind = text[at + bit + 1];
        if ((before == '[' && behind == ']') || (before == '(' && behind == ')')) {
          tokens[count++] = token(at, bit, bit + 1, weir_log_bracketed);
        }
        rest &= rest - 1;
      }
    }
    at += used;
  }
  *position = at;
  return count;
}

__attribute__((target("avx2,popcnt"))) static size_t feeds_avx2(const uint8_t *text, size_t length, size_t *position) {
  size_t at = 0, count = 0;
  const __m256i feed = _mm256_set1_epi8('\n');
  for (; at + 32 <= length; at += 32) {
    __m256i bytes = _mm256_loadu_si256((const __m256i *)(text + at));
    count += (size_t)_mm_popcnt_u32((uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, feed)));
  }
  *position = at;
  return count;
}
#endif

size_t weir_log_tokens(const uint8_t *text, size_t length, size_t *position, size_t *feeds, uint64_t *tokens,
                       size_t capacity) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) {
    return tokens_avx2(text, length, position, feeds, tokens, capacity);
  }
#endif
  return 0;
}

size_t weir_log_feeds(const uint8_t *text, size_t length) {
  size_t at = 0, count = 0;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) count = feeds_avx2(text, length, &at);
#endif
  for (; at < length; at++) count += text[at] == '\n';
  return count;
}

size_t weir_log_find(const uint8_t *text, size_t length, const uint8_t *pattern, size_t pattern_length) {
  if (length == 0 || pattern_length == 0) return length;
  const uint8_t *found = memmem(text, length, pattern, pattern_length);
  return found ? (size_t)(found - text) : length;
}
