/// What became of one input.
public struct InputReport: Equatable, Sendable {
  /// The path as it was given, or below the directory that was given; `-` is standard input.
  public var path: String
  /// `pcap` or `pcapng`, with `.gz`, `.zst` or `.lz4` when compressed; `directory`; `skipped` for a file of a
  /// directory that is no capture; `unknown` when that could not be told.
  public var kind = "unknown"
  /// How many packets were lent to the judge.
  public var packets = 0
  /// How many lines there were, of a log.
  public var lines = 0
  /// How many pieces were cut off lines that are longer than a line may be.
  public var cutLines = 0
  /// How many packets were read and left out by the filter.
  public var filteredPackets = 0
  /// How many bytes of the file were used, compressed bytes when it is compressed.
  ///
  /// For a plain file, up to the end of the last whole record.
  public var bytes = 0
  /// Whether all that the input holds was read and, unless it was `skipped`, understood.
  public var complete = false
  /// What was not read, and why: in the order in which it was found.
  public var faults: [CaptureFault] = []

  /// The first fault.
  public var error: CaptureFault? { faults.first }

  /// Makes a report of an input that was not read yet.
  public init(path: String) { self.path = path }
}
