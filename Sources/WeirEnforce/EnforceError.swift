/// What the kernel refused.
public struct EnforceError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was tried, as users know it: `add the elements of host4`.
  public var call: String
  /// Its errno.
  public var code: Int32

  /// Makes an error.
  public init(call: String, code: Int32) {
    self.call = call
    self.code = code
  }

  /// What was tried and the system's words for the error number.
  public var description: String { "\(call): \(SystemText.of(code))" }
}
