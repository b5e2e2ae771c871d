import WeirModel

/// A few names that wait to be looked up together.
struct PendingNames {
  private static let capacity = 32
  private var ranges = InlineArray<32, Range<Int>>(repeating: 0..<0)
  private var places = InlineArray<32, Place>(repeating: .log)
  private var count = 0

  /// Adds a name; true when the list is full.
  @inline(__always) mutating func append(_ range: Range<Int>, _ place: Place) -> Bool {
    ranges[count] = range
    places[count] = place
    count += 1
    return count == PendingNames.capacity
  }

  mutating func removeAll() { count = 0 }

  func place(_ index: Int) -> Place { places[index] }

  func withRanges(_ body: (Span<Range<Int>>) -> Void) {
    body(ranges.span.extracting(0..<count))
  }
}

/// A few IPv4 addresses whose memory has been asked for.
struct PendingQuads {
  private static let capacity = 16
  private var quads = InlineArray<16, Quad>(repeating: Quad(0..<0, 0, .log))
  private(set) var count = 0

  /// An address and where it was seen.
  struct Quad: BitwiseCopyable {
    var start: Int
    var end: Int
    var bits: UInt32
    var place: Place

    @inline(__always) init(_ range: Range<Int>, _ bits: UInt32, _ place: Place) {
      (start, end, self.bits, self.place) = (range.lowerBound, range.upperBound, bits, place)
    }
  }

  subscript(index: Int) -> Quad { quads[index] }

  /// Adds an address; true when the list is full.
  @inline(__always) mutating func append(_ quad: Quad) -> Bool {
    quads[count] = quad
    count += 1
    return count == PendingQuads.capacity
  }

  mutating func removeAll() { count = 0 }
}
