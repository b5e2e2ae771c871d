/// What is remembered of a QUIC connection whose client was seen to begin it; all zero bytes are none.
public struct QUICConnection: BitwiseCopyable, Sendable {
  /// Of the flow; 0 for a place that holds no connection.
  public internal(set) var flow: UInt64 = 0
  /// Of the end that sent the hello.
  public internal(set) var sender: UInt64 = 0
  /// A hash of the name that the last hello asked for, by which one that is sent again is known.
  public var mark: UInt64 = 0
  /// The identifier that the keys are derived from.
  private var identifier = InlineArray<20, UInt8>(repeating: 0)
  private var identifierLength: UInt8 = 0
  /// Counted from 1, the place where the hello is put together; 0 once it is complete or given up.
  var assembly: UInt8 = 0

  init(flow: UInt64, sender: UInt64, identifier bytes: Span<UInt8>) {
    self.flow = flow
    self.sender = sender
    identifierLength = UInt8(min(bytes.count, 20))
    for index in 0..<Int(identifierLength) { identifier[index] = bytes[index] }
  }

  init() {}

  /// Whether the hello is still being put together.
  public var isPending: Bool { assembly != 0 }

  /// Lends the identifier that the keys are derived from.
  public func withIdentifier<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    body(identifier.span.extracting(0..<Int(identifierLength)))
  }

  /// Whether the keys are derived from this identifier.
  public func hasIdentifier(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count == Int(identifierLength) else { return false }
    for index in 0..<bytes.count where identifier[index] != bytes[index] { return false }
    return true
  }
}
