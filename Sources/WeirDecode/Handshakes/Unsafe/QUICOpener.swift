import CCrypto

/// Takes the protection off QUIC's Initial packets (RFC 9001, section 5), by libcrypto.
///
/// One serves a worker for life: its contexts are used again, so that opening a packet allocates nothing.
@safe public struct QUICOpener: ~Copyable {
  private let block: OpaquePointer
  private let sealed: OpaquePointer
  private var plaintext = [UInt8](repeating: 0, count: 65_536)
  private var count = 0

  /// Makes an opener; nil when libcrypto has no AES-128 or no memory.
  public init?() {
    guard let block = unsafe QUICOpener.makeContext("AES-128-ECB") else { return nil }
    guard let sealed = unsafe QUICOpener.makeContext("AES-128-GCM") else {
      unsafe EVP_CIPHER_CTX_free(block)
      return nil
    }
    unsafe self.block = block
    unsafe self.sealed = sealed
  }

  deinit {
    // Made in `init`, and freed only here.
    unsafe EVP_CIPHER_CTX_free(block)
    unsafe EVP_CIPHER_CTX_free(sealed)
  }

  /// A context that is bound to a cipher, and needs only a key from then on.
  private static func makeContext(_ name: StaticString) -> OpaquePointer? {
    // A static string ends in a zero byte and lives for ever; the context keeps its own reference to the cipher.
    let text = unsafe UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
    guard let cipher = unsafe EVP_CIPHER_fetch(nil, text, nil) else { return nil }
    defer { unsafe EVP_CIPHER_free(cipher) }
    guard let context = unsafe EVP_CIPHER_CTX_new() else { return nil }
    guard unsafe EVP_CipherInit_ex2(context, cipher, nil, nil, 0, nil) == 1 else {
      unsafe EVP_CIPHER_CTX_free(context)
      return nil
    }
    return unsafe context
  }

  /// Opens a packet.
  ///
  /// - Parameters:
  ///   - packet: from its first byte to its last.
  ///   - numberStart: where in it the packet number begins.
  /// - Returns: whether it is what the sender with these keys sealed; then `withPlaintext` lends its frames.
  /// - Complexity: O(packet).
  public mutating func open(
    _ packet: Span<UInt8>, numberStart: Int, _ keys: borrowing QUICInitialKeys
  ) -> Bool {
    count = 0
    // The sample begins four bytes behind the start of the number, however long that is, and has 16; so has the tag.
    guard numberStart > 0, numberStart + 4 + 16 <= packet.count, packet.count <= plaintext.count
    else { return false }
    let sample = packet.extracting(numberStart + 4..<numberStart + 20)
    guard let mask = maskedBlock(sample, keys.headerProtection) else { return false }
    let first = packet[0] ^ mask[0] & 0x0f
    let numberLength = Int(first & 3) + 1
    let contentEnd = packet.count - 16
    guard numberStart + numberLength <= contentEnd else { return false }
    var number = InlineArray<4, UInt8>(repeating: 0)
    var nonce = keys.iv
    for index in 0..<numberLength {
      number[index] = packet[numberStart + index] ^ mask[1 + index]
      nonce[12 - numberLength + index] ^= number[index]
    }
    guard begin(keys.key, nonce),
      // The header as it was before its protection.
      authenticate(([first] as InlineArray<1, UInt8>).span),
      authenticate(packet.extracting(1..<numberStart)),
      authenticate(number.span.extracting(0..<numberLength))
    else { return false }
    return decrypt(
      packet.extracting(numberStart + numberLength..<contentEnd),
      tag: packet.extracting(contentEnd..<packet.count))
  }

  /// Lends the frames of the packet that was opened last; none when it could not be.
  public func withPlaintext<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    body(plaintext.span.extracting(0..<count))
  }

  private mutating func maskedBlock(
    _ sample: Span<UInt8>, _ key: InlineArray<16, UInt8>
  ) -> InlineArray<16, UInt8>? {
    var mask = InlineArray<16, UInt8>(repeating: 0)
    var output = mask.mutableSpan
    var written: Int32 = 0
    // Key and sample have 16 bytes each, and without padding a block gives a block of 16.
    let isDone = unsafe key.span.withUnsafeBufferPointer { key in
      unsafe sample.withUnsafeBufferPointer { sample in
        unsafe output.withUnsafeMutableBufferPointer { output in
          unsafe EVP_CipherInit_ex2(block, nil, key.baseAddress, nil, 1, nil) == 1
            && EVP_CIPHER_CTX_set_padding(block, 0) == 1
            && EVP_CipherUpdate(block, output.baseAddress, &written, sample.baseAddress, 16) == 1
        }
      }
    }
    return isDone && written == 16 ? mask : nil
  }

  private func begin(_ key: InlineArray<16, UInt8>, _ nonce: InlineArray<12, UInt8>) -> Bool {
    // A key of 16 and a nonce of 12 bytes are what AES-128-GCM takes by default.
    unsafe key.span.withUnsafeBufferPointer { key in
      unsafe nonce.span.withUnsafeBufferPointer { nonce in
        unsafe EVP_CipherInit_ex2(sealed, nil, key.baseAddress, nonce.baseAddress, 0, nil) == 1
      }
    }
  }

  private func authenticate(_ bytes: Span<UInt8>) -> Bool {
    var ignored: Int32 = 0
    // Without an output the bytes are only authenticated; there are at most as many as a datagram has.
    return unsafe bytes.withUnsafeBufferPointer { input in
      unsafe EVP_CipherUpdate(sealed, nil, &ignored, input.baseAddress, Int32(input.count)) == 1
    }
  }

  private mutating func decrypt(_ content: Span<UInt8>, tag: Span<UInt8>) -> Bool {
    var written: Int32 = 0
    var rest: Int32 = 0
    let sealed = unsafe sealed
    var output = plaintext.mutableSpan
    // The content is shorter than the buffer, and GCM gives as many bytes as it takes, none of them at the end. The
    // tag is only read, although the call does not say so.
    let isAuthentic = unsafe content.withUnsafeBufferPointer { input in
      unsafe tag.withUnsafeBufferPointer { tag in
        unsafe output.withUnsafeMutableBufferPointer { output in
          unsafe EVP_CipherUpdate(
            sealed, output.baseAddress, &written, input.baseAddress, Int32(input.count)) == 1
            && EVP_CIPHER_CTX_ctrl(
              sealed, EVP_CTRL_AEAD_SET_TAG, 16, UnsafeMutableRawPointer(mutating: tag.baseAddress))
              == 1
            && EVP_CipherFinal_ex(sealed, output.baseAddress, &rest) == 1
        }
      }
    }
    guard isAuthentic else { return false }
    count = content.count
    return true
  }
}
