import WeirCrypto

/// What the commitments to recipients in the ledger are derived from.
///
/// It stays the same when the signing key changes, so that a recipient that was revoked stays so.
struct RecipientSeed: ~Copyable {
  private let seed: [UInt8]

  /// Reads the file, which is made when there is none.
  init(_ path: String) throws(ShareError) {
    if let bytes = try DurableFile.read(path) {
      guard bytes.count == 32 else { throw .damaged("\(path): not 32 bytes") }
      seed = bytes
      return
    }
    var entropy = KernelEntropy()
    guard let bytes = try? entropy.bytes(32) else { throw .entropy }
    try DurableFile.replace(path, with: bytes)
    seed = bytes
  }

  /// The salt of the commitment to a recipient: 16 bytes, told to that recipient only.
  func salt(_ recipient: String) -> [UInt8] {
    Array(SHA256.digest(Array("weir.recipient/1".utf8) + seed + Array(recipient.utf8)).prefix(16))
  }

  /// The commitment that the ledger holds.
  func commitment(to recipient: String) -> String {
    Hexadecimal.encode(SHA256.digest(salt(recipient) + Array(recipient.utf8)))
  }
}
