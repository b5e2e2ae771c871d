/// Domain names one after the other, without an object for each.
public struct NameColumn: Sendable {
  /// How many names there are.
  public let count: Int
  /// The length of each name in one byte, then its text.
  let bytes: Column
}

/// Writes a `NameColumn`.
public struct NameColumnWriter: ~Copyable {
  private var bytes: ColumnWriter
  private var count = 0

  /// Begins a column.
  public init(_ scratch: Scratch) { bytes = ColumnWriter(scratch) }

  /// Adds a name: the canonical text of a `DomainName`, at most 255 bytes.
  public mutating func append(_ name: Span<UInt8>) throws(ScratchError) {
    let length: InlineArray<1, UInt8> = [UInt8(name.count)]
    try bytes.append(length.span)
    try bytes.append(name)
    count += 1
  }

  /// The column.
  public consuming func finish() throws(ScratchError) -> NameColumn {
    NameColumn(count: count, bytes: try bytes.finish())
  }
}

/// Reads names in their order.
struct NameReader {
  private var reader: ColumnReader
  private var length = -1

  init(_ names: NameColumn) { reader = ColumnReader(names.bytes) }

  /// Goes to the next name; false when there is none.
  mutating func next() throws(ScratchError) -> Bool {
    if length >= 0 { reader.skip(length) }
    guard try reader.fill(1) else { return false }
    length = Int(reader.buffer[reader.range.lowerBound])
    reader.skip(1)
    return try reader.fill(length)
  }

  /// Lends the name.
  @inline(__always) func withName<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let start = reader.range.lowerBound
    return try body(reader.buffer.span.extracting(start..<start + length))
  }
}
