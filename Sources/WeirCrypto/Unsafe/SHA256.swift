import CCrypto

/// SHA-256 (FIPS 180-4) by libcrypto.
@safe public struct SHA256: ~Copyable {
  private var context = SHA256_CTX()

  /// Begins a digest.
  public init() { unsafe SHA256_Init(&context) }

  /// Takes bytes in.
  public mutating func update(_ bytes: Span<UInt8>) {
    // The buffer is read within the call only.
    unsafe bytes.withUnsafeBytes { buffer in
      _ = unsafe SHA256_Update(&context, buffer.baseAddress, buffer.count)
    }
  }

  /// Takes bytes in.
  public mutating func update(_ bytes: RawSpan) {
    // The buffer is read within the call only.
    unsafe bytes.withUnsafeBytes { buffer in
      _ = unsafe SHA256_Update(&context, buffer.baseAddress, buffer.count)
    }
  }

  /// The 32 bytes of the digest.
  public consuming func finish() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    // SHA-256 writes exactly the 32 bytes that the array has.
    unsafe digest.withUnsafeMutableBufferPointer { buffer in
      _ = unsafe SHA256_Final(buffer.baseAddress, &context)
    }
    return digest
  }

  /// The 32 bytes of the digest of an array.
  public static func digest(_ bytes: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    hash.update(bytes.span)
    return hash.finish()
  }
}
