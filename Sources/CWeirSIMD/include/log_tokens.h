#ifndef CWEIR_LOG_TOKENS_H
#define CWEIR_LOG_TOKENS_H

#include <stddef.h>
#include <stdint.h>

// Finds what may be an address or a domain name in text.
//
// A word is a run of letters, digits, ".", "-" and "_"; with ":" it is a wide word. Whoever calls sees to it that *position
// is not inside a wide word. A token is written as its start, its end shifted by 32, and its kind shifted by 62; starts are
// nearly in order: a token may begin before the one written last, but not before the wide word of that.
enum {
  weir_log_quad = 0,     // a word that begins with a digit and has three dots between its labels, the last before no letter
  weir_log_name = 1,     // a word with a dot between two labels and a letter behind the last such dot
  weir_log_wide = 2,     // a wide word that may be an IPv6 address: it has "::" or many colons
  weir_log_bracketed = 3 // a dot in brackets, as in 192.0.2[.]1
};

// Writes the tokens from *position on that whole vectors can tell, and counts line feeds. Stops where a wide word fills a
// vector, near the end of the text, or when fewer than 64 more tokens would fit; *position says where. Does nothing on a
// processor without AVX2.
//
// Returns how many tokens were written.
size_t weir_log_tokens(const uint8_t *text, size_t length, size_t *position, size_t *feeds, uint64_t *tokens,
                       size_t capacity);

// How many line feeds there are in the text.
size_t weir_log_feeds(const uint8_t *text, size_t length);

// Where the first occurrence of a pattern in the text begins; `length` when there is none.
size_t weir_log_find(const uint8_t *text, size_t length, const uint8_t *pattern, size_t pattern_length);

#endif
