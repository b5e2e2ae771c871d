#ifndef CWEIR_SIMD_H
#define CWEIR_SIMD_H

#include "domain_group.h"
#include "domain_text.h"
#include "flow_bucket.h"
#include "log_tokens.h"
#include "pattern_filter.h"

// Asks for the cache line that holds `address`. A hint: it never faults, so any address may be given.
static inline void weir_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }

#endif
