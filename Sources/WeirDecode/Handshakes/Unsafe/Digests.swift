import CCrypto

/// Digests of few bytes by libcrypto, without allocation: the names that others gave to handshakes and certificates.
public enum Digests {
  /// MD5 (RFC 1321).
  public static func md5(_ bytes: Span<UInt8>) -> InlineArray<16, UInt8> {
    var digest = InlineArray<16, UInt8>(repeating: 0)
    var output = digest.mutableSpan
    // The input is read within the call; MD5 writes exactly the 16 bytes that the array has.
    unsafe bytes.withUnsafeBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        unsafe weir_md5(input.baseAddress, input.count, base)
      }
    }
    return digest
  }

  /// SHA-1 (FIPS 180-4).
  public static func sha1(_ bytes: Span<UInt8>) -> InlineArray<20, UInt8> {
    var digest = InlineArray<20, UInt8>(repeating: 0)
    var output = digest.mutableSpan
    // The input is read within the call; SHA-1 writes exactly the 20 bytes that the array has.
    unsafe bytes.withUnsafeBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        unsafe weir_sha1(input.baseAddress, input.count, base)
      }
    }
    return digest
  }

  /// SHA-256 (FIPS 180-4).
  public static func sha256(_ bytes: Span<UInt8>) -> InlineArray<32, UInt8> {
    var digest = InlineArray<32, UInt8>(repeating: 0)
    var output = digest.mutableSpan
    // The input is read within the call; SHA-256 writes exactly the 32 bytes that the array has.
    unsafe bytes.withUnsafeBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        unsafe weir_sha256(input.baseAddress, input.count, base)
      }
    }
    return digest
  }
}
