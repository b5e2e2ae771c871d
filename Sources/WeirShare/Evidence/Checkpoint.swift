import WeirCrypto

/// The signed head of a ledger: a C2SP tlog-checkpoint with one Ed25519 signature (C2SP signed-note).
public struct Checkpoint: Hashable, Sendable {
  /// Which ledger.
  public let origin: String
  /// How many lines.
  public let size: Int
  /// The root of their tree.
  public let root: Hash

  /// A head.
  public init(origin: String, size: Int, root: Hash) {
    self.origin = origin
    self.size = size
    self.root = root
  }

  private var note: String { "\(origin)\n\(size)\n\(Base64.encode(root, .standard))\n" }

  /// The first four bytes by which a signature line names its key.
  private func keyHash(_ key: PublicKey) -> [UInt8] {
    Array(SHA256.digest(Array(origin.utf8) + [0x0a, 0x01] + key.bytes).prefix(4))
  }

  /// The text, signed.
  public func signed(by key: borrowing SigningKey) -> [UInt8] {
    let signature = keyHash(key.publicKey) + key.sign(Array(note.utf8))
    return Array("\(note)\n\u{2014} \(origin) \(Base64.encode(signature, .standard))\n".utf8)
  }

  /// Reads a checkpoint that was signed by a key; nil when anything differs from what `signed` writes.
  public init?(_ text: [UInt8], key: PublicKey) {
    guard let lines = Checkpoint.lines(text) else { return nil }
    self.init(origin: lines.origin, size: lines.size, root: lines.root)
    let start = Array("\(note)\n\u{2014} \(origin) ".utf8)
    guard text.starts(with: start), text.last == UInt8(ascii: "\n") else { return nil }
    let rest = String(decoding: text.dropFirst(start.count).dropLast(), as: UTF8.self)
    guard let signature = Base64.decode(rest, .standard), signature.starts(with: keyHash(key)),
      Ed25519.verifies(
        Array(signature.dropFirst(4)), of: Array(note.utf8), publicKey: key.bytes)
    else { return nil }
  }

  /// The three lines; what they are not checked for is checked by writing them again.
  private static func lines(_ text: [UInt8]) -> (origin: String, size: Int, root: Hash)? {
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.count == 6, let origin = String(validating: lines[0], as: UTF8.self),
      let size = Int(String(decoding: lines[1], as: UTF8.self)), size >= 0,
      let root = Base64.decode(String(decoding: lines[2], as: UTF8.self), .standard),
      root.count == 32, !origin.isEmpty, origin.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
    else { return nil }
    return (origin, size, root)
  }
}
