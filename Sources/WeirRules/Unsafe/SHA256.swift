import CCrypto

/// SHA-256 (FIPS 180-4) by libcrypto.
@safe struct SHA256: ~Copyable {
  private let context: OpaquePointer?

  init() {
    unsafe context = EVP_MD_CTX_new()
    unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil)
  }

  deinit { unsafe EVP_MD_CTX_free(context) }

  mutating func update(_ bytes: Span<UInt8>) {
    // The buffer is read within the call only.
    unsafe bytes.withUnsafeBytes { buffer in
      _ = unsafe EVP_DigestUpdate(context, buffer.baseAddress, buffer.count)
    }
  }

  mutating func update(_ bytes: RawSpan) {
    // The buffer is read within the call only.
    unsafe bytes.withUnsafeBytes { buffer in
      _ = unsafe EVP_DigestUpdate(context, buffer.baseAddress, buffer.count)
    }
  }

  consuming func finish() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    // SHA-256 writes exactly the 32 bytes that the array has.
    unsafe digest.withUnsafeMutableBufferPointer { buffer in
      _ = unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
    }
    return digest
  }
}
