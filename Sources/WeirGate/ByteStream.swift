/// The plain bytes of a file or pipe, decompressed on the way.
struct ByteStream: ~Copyable {
  /// How much compressed input is read at a time, in bytes.
  private static let inputBytes = 1 << 17
  /// How long a read of a pipe waits, in milliseconds: a turn waits no longer than this.
  private static let waitMilliseconds: Int32 = 100

  /// Whether reads may have to wait, as of a pipe.
  var canWait = false
  /// How the input is compressed, as far as is known.
  private(set) var compression = Compression.none
  /// How many bytes of the file were taken out.
  var bytesUsed: Int { bytesRead - input.count }

  private var decoder = Decoder.undetermined
  private var isDetermined = false
  private var input = ByteBuffer(capacity: 1)
  private var bytesRead = 0
  private var hasEnded = false
  /// Whether the compressed input may end here: between two members or frames.
  private var isAtBoundary = false
  /// Why decompression cannot go on, found behind bytes that were good.
  private var fault: String?

  /// Appends at most `byteCount` bytes to `output`.
  mutating func read(
    _ descriptor: borrowing FileDescriptor, onto output: inout ByteBuffer, byteCount: Int
  ) -> CaptureSource.Supply {
    while true {
      if !isDetermined && (input.count >= Compression.prefixBytes || hasEnded) { determine() }
      if let supply = decode(onto: &output, byteCount: byteCount) { return supply }
      if hasEnded { return endSupply }
      if canWait && !descriptor.waitReadable(milliseconds: Self.waitMilliseconds) {
        return .pending
      }
      do throws(GateError) {
        if isDetermined && compression == .none {
          let count = try descriptor.read(onto: &output, byteCount: byteCount)
          bytesRead += count
          if count > 0 { return .more }
          hasEnded = true
        } else {
          let count = try descriptor.read(onto: &input, byteCount: Self.inputBytes)
          bytesRead += count
          hasEnded = count == 0
        }
      } catch {
        return .failed(.unreadable, "\(error.call): \(error.reason)")
      }
    }
  }

  private var endSupply: CaptureSource.Supply {
    compression == .none || isAtBoundary
      ? .end : .failed(.damaged, "the \(compression.name) data ends early")
  }

  private mutating func determine() {
    compression = input.withBytes { Compression(prefix: $0) }
    decoder = Decoder(compression)
    isDetermined = true
  }

  /// Turns input that is there into output; nil when none came out.
  private mutating func decode(
    onto output: inout ByteBuffer, byteCount: Int
  ) -> CaptureSource.Supply? {
    while true {
      if let fault { return .failed(.damaged, "the \(compression.name) data: \(fault)") }
      guard let step = decoder.step(input, onto: &output, byteCount: byteCount) else { return nil }
      input.removeFirst(step.consumed)
      if step.consumed > 0 { isAtBoundary = false }
      if step.isFrameEnd { isAtBoundary = true }
      fault = step.fault
      if step.produced > 0 { return .more }
      if fault == nil && (step.consumed == 0 || input.count == 0) { return nil }
    }
  }
}
