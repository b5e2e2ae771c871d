/// Why an input, or the rest of it, was not read.
public struct CaptureFault: Error, Equatable, Sendable {
  /// What went wrong, as the exit code distinguishes it.
  public enum Kind: String, Sendable {
    /// There is no such file.
    case missing
    /// The system refuses to open or read it.
    case unreadable
    /// It is a capture up to `offset`, or a compressed file up to there.
    case damaged
    /// It is neither a capture nor a compressed capture.
    case notACapture
    /// It has no bytes.
    case empty
    /// The filter cannot be applied to its link type; its packets were not judged.
    case unfilterable
  }

  /// What went wrong.
  public var kind: Kind
  /// Where, in bytes from the beginning of the capture; of what was decompressed when the file is compressed.
  public var offset: Int
  /// What went wrong in words, without the path: `ends in the middle of a packet`.
  public var reason: String

  /// Makes a fault.
  public init(kind: Kind, offset: Int, reason: String) {
    self.kind = kind
    self.offset = offset
    self.reason = reason
  }

  init(_ error: GateError, offset: Int = 0) {
    self.init(
      kind: error.isMissing && offset == 0 ? .missing : .unreadable, offset: offset,
      reason: "\(error.call): \(error.reason)")
  }
}

extension CaptureFault: CustomStringConvertible {
  /// The sentence for people: `damaged at byte 1042: ends in the middle of a packet`.
  public var description: String {
    switch kind {
    case .damaged: "damaged at byte \(offset): \(reason)"
    case .unreadable where offset > 0: "unreadable from byte \(offset) on: \(reason)"
    default: reason
    }
  }
}
