/// A byte sequence said to mean harm.
public struct BytePattern: Sendable, Equatable {
  /// The name it has in its list.
  public let identifier: String
  /// What to look for.
  public let bytes: [UInt8]
  /// Whether ASCII letters match in either case.
  public let ignoresCase: Bool

  /// A pattern of the given bytes.
  public init(identifier: String, bytes: [UInt8], ignoresCase: Bool) {
    self.identifier = identifier
    self.bytes = bytes
    self.ignoresCase = ignoresCase
  }
}

/// Lower case for ASCII letters; every other byte as it is.
func foldedByte(_ byte: UInt8) -> UInt8 {
  byte &- 65 < 26 ? byte | 0x20 : byte
}
