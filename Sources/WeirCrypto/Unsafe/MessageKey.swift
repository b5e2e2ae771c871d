import CCrypto

/// A key for HMAC-SHA256 (RFC 2104): both halves of the work that depend on the key alone are done once.
///
/// Cannot be copied, and is wiped when it goes away.
@safe public struct MessageKey: ~Copyable {
  private var inner = SHA256_CTX()
  private var outer = SHA256_CTX()
  private var key: [UInt8]

  /// Length of keys, in bytes.
  public static let byteCount = 32

  /// A key of 32 bytes; nil for any other length.
  public init?(_ key: [UInt8]) {
    guard key.count == MessageKey.byteCount else { return nil }
    self.key = key
    let padded = key + [UInt8](repeating: 0, count: 32)
    MessageKey.begin(&inner, padded.map { $0 ^ 0x36 })
    MessageKey.begin(&outer, padded.map { $0 ^ 0x5c })
  }

  deinit {
    // The contexts and the bytes are this value's own, and nobody reads them again.
    var (inner, outer, key) = (inner, outer, key)
    unsafe OPENSSL_cleanse(&inner, MemoryLayout<SHA256_CTX>.size)
    unsafe OPENSSL_cleanse(&outer, MemoryLayout<SHA256_CTX>.size)
    unsafe key.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
  }

  private static func begin(_ context: inout SHA256_CTX, _ block: [UInt8]) {
    unsafe SHA256_Init(&context)
    unsafe block.withUnsafeBytes { buffer in
      _ = unsafe SHA256_Update(&context, buffer.baseAddress, buffer.count)
    }
  }

  /// The first 16 bytes of the code of three words, as two words.
  ///
  /// - Complexity: two blocks of SHA-256; allocates nothing.
  public borrowing func code(_ first: UInt64, _ second: UInt64, _ third: UInt64) -> (UInt64, UInt64)
  {
    var message: InlineArray<3, UInt64> = [
      first.littleEndian, second.littleEndian, third.littleEndian,
    ]
    var digest = InlineArray<4, UInt64>(repeating: 0)
    var (inner, outer) = (inner, outer)
    var input = message.mutableSpan
    var output = digest.mutableSpan
    // 24 bytes in, and the 32 bytes of a digest, which is what four words hold, out.
    unsafe input.withUnsafeMutableBytes { words in
      unsafe output.withUnsafeMutableBytes { code in
        let bytes = unsafe code.baseAddress?.assumingMemoryBound(to: UInt8.self)
        _ = unsafe SHA256_Update(&inner, words.baseAddress, 24)
        _ = unsafe SHA256_Final(bytes, &inner)
        _ = unsafe SHA256_Update(&outer, code.baseAddress, 32)
        _ = unsafe SHA256_Final(bytes, &outer)
      }
    }
    return (UInt64(littleEndian: digest[0]), UInt64(littleEndian: digest[1]))
  }

  /// The key's bytes, for the one file on tmpfs that a window needs to outlive its process.
  public borrowing func bytes() -> [UInt8] { key }
}
