#ifndef WEIR_CCRYPTO_SHIM_H
#define WEIR_CCRYPTO_SHIM_H

// The digests below are called directly: by OpenSSL 3's EVP each of them allocates, also with a context that is
// used again, and costs three times as much for the few bytes of a handshake. The direct calls are marked as
// deprecated because they know no providers; they are the same code.
#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/evp.h>
#include <openssl/md5.h>
#include <openssl/sha.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>

/// Keeps the memory of this process out of core files and away from debuggers; 0 when that was done.
static inline int weir_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

/// MD5 (RFC 1321) without allocation; `digest` has 16 bytes.
static inline void weir_md5(const void *_Nullable bytes, size_t count, uint8_t *_Nonnull digest) {
  MD5_CTX context;
  MD5_Init(&context);
  MD5_Update(&context, bytes, count);
  MD5_Final(digest, &context);
}

/// SHA-1 (FIPS 180-4) without allocation; `digest` has 20 bytes.
static inline void weir_sha1(const void *_Nullable bytes, size_t count, uint8_t *_Nonnull digest) {
  SHA_CTX context;
  SHA1_Init(&context);
  SHA1_Update(&context, bytes, count);
  SHA1_Final(digest, &context);
}

/// SHA-256 (FIPS 180-4) without allocation; `digest` has 32 bytes.
static inline void weir_sha256(const void *_Nullable bytes, size_t count, uint8_t *_Nonnull digest) {
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes, count);
  SHA256_Final(digest, &context);
}

#endif
