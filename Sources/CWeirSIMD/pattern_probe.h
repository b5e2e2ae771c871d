#ifndef CWEIR_PATTERN_PROBE_H
#define CWEIR_PATTERN_PROBE_H

#include "pattern_filter.h"

// Eight probes make a group; a strip of up to eight groups has its hits in one 64-bit mask.
enum { weir_pattern_group = 8, weir_pattern_strip = 64 };

// How many bytes from the first probe of a group on are read, for a stride.
static inline size_t weir_pattern_group_reach(size_t stride) { return 6 * stride + 16; }

// Probes `groups` groups, 1 to 8, of eight places each from `text` on. Bit i is set when the i-th probe finds a gram.
//
// Checks the eight windows that begin at `text` and at the seven bytes behind; 16 bytes are read. Bit i is set when the
// i-th one passes.
#if defined(__x86_64__)
uint64_t weir_pattern_probe_avx2(const weir_pattern_tier *tier, const uint8_t *text, size_t groups);
uint32_t weir_pattern_windows_avx2(const weir_pattern_tier *tier, const uint8_t *text);
#endif

#endif
