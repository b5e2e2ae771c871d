import CCrypto

/// Signatures by Ed25519 (RFC 8032) of libcrypto.
public enum Ed25519 {
  /// Length of seeds and of public keys, in bytes.
  public static let keyBytes = 32
  /// Length of signatures, in bytes.
  public static let signatureBytes = 64

  /// The public key of a private one.
  ///
  /// - Returns: 32 bytes; nil when the seed has another length or libcrypto refuses it.
  public static func publicKey(seed: [UInt8]) -> [UInt8]? {
    guard let key = unsafe privateKey(seed) else { return nil }
    defer { unsafe EVP_PKEY_free(key) }
    var bytes = [UInt8](repeating: 0, count: keyBytes)
    var count = keyBytes
    // The array has the 32 bytes that `count` says.
    let isDone = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
      unsafe EVP_PKEY_get_raw_public_key(key, buffer.baseAddress, &count)
    }
    return isDone == 1 && count == keyBytes ? bytes : nil
  }

  /// Signs a message.
  ///
  /// - Returns: 64 bytes; nil when the seed is none.
  public static func sign(_ message: [UInt8], seed: [UInt8]) -> [UInt8]? {
    guard let key = unsafe privateKey(seed) else { return nil }
    defer { unsafe EVP_PKEY_free(key) }
    let context = unsafe EVP_MD_CTX_new()
    defer { unsafe EVP_MD_CTX_free(context) }
    guard unsafe EVP_DigestSignInit(context, nil, nil, nil, key) == 1 else { return nil }
    var signature = [UInt8](repeating: 0, count: signatureBytes)
    var count = signatureBytes
    // Both arrays outlive the call, and the signature has the 64 bytes that `count` says.
    let isDone = unsafe message.withUnsafeBufferPointer { input in
      unsafe signature.withUnsafeMutableBufferPointer { output in
        unsafe EVP_DigestSign(context, output.baseAddress, &count, input.baseAddress, input.count)
      }
    }
    return isDone == 1 && count == signatureBytes ? signature : nil
  }

  /// Whether a signature is that of the message under a public key.
  public static func verifies(
    _ signature: [UInt8], of message: [UInt8], publicKey: [UInt8]
  ) -> Bool {
    guard publicKey.count == keyBytes, signature.count == signatureBytes else { return false }
    // The key's bytes are copied by libcrypto.
    let key = unsafe publicKey.withUnsafeBufferPointer { buffer in
      unsafe EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, buffer.baseAddress, buffer.count)
    }
    guard let key = unsafe key else { return false }
    defer { unsafe EVP_PKEY_free(key) }
    let context = unsafe EVP_MD_CTX_new()
    defer { unsafe EVP_MD_CTX_free(context) }
    guard unsafe EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1 else { return false }
    // Both arrays outlive the call, which reads them only.
    return unsafe message.withUnsafeBufferPointer { input in
      unsafe signature.withUnsafeBufferPointer { given in
        unsafe EVP_DigestVerify(
          context, given.baseAddress, given.count, input.baseAddress, input.count) == 1
      }
    }
  }

  private static func privateKey(_ seed: [UInt8]) -> OpaquePointer? {
    guard seed.count == keyBytes else { return nil }
    // The seed is copied by libcrypto.
    return unsafe seed.withUnsafeBufferPointer { buffer in
      unsafe EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, buffer.baseAddress, buffer.count)
    }
  }
}
