import CCrypto

/// SHA-1 (FIPS 180-4) by libcrypto; for identifiers that others defined so, never for security.
public enum SHA1 {
  /// The 20 bytes of the digest.
  public static func digest(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 20)
    // SHA-1 writes exactly the 20 bytes that the array has; the input is read within the call.
    unsafe bytes.withUnsafeBufferPointer { input in
      unsafe digest.withUnsafeMutableBufferPointer { output in
        _ = unsafe EVP_Digest(
          input.baseAddress, input.count, output.baseAddress, nil, EVP_sha1(), nil)
      }
    }
    return digest
  }
}
