public import WeirModel

/// Addresses with a port; which entry an endpoint is.
public struct EndpointSet: Sendable {
  private let highs: Table<UInt64>
  private let lows: Table<UInt64>
  private let ports: Table<UInt16>
  private let families: Table<UInt8>

  /// Finds the tables of the set in an image; absent sections are an empty set.
  ///
  /// - Throws: `ImageError` when they do not fit each other.
  public init(_ image: Image) throws(ImageError) {
    highs = try image.table(EndpointSections.highs)
    lows = try image.table(EndpointSections.lows)
    ports = try image.table(EndpointSections.ports)
    families = try image.table(EndpointSections.families)
  }

  /// How many entries there are.
  public var count: Int { ports.count }
  /// Whether there are no entries.
  public var isEmpty: Bool { count == 0 }

  /// The entry that is this very endpoint.
  public func entry(_ address: IPAddress, port: UInt16) -> UInt32? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if endpoint(of: UInt32(middle)) < (address, port) { low = middle + 1 } else { high = middle }
    }
    return low < count && endpoint(of: UInt32(low)) == (address, port) ? UInt32(low) : nil
  }

  /// The value of an entry.
  public func endpoint(of entry: UInt32) -> (IPAddress, UInt16) {
    let index = Int(entry)
    let port = ports[index, or: 0]
    if families[index, or: 4] == 6 {
      return (IPAddress(v6High: highs[index, or: 0], low: lows[index, or: 0]), port)
    }
    return (IPAddress(v4: UInt32(truncatingIfNeeded: lows[index, or: 0])), port)
  }
}

/// Lays out the tables of an `EndpointSet`.
///
/// Pure: the same input gives the same bytes.
public enum EndpointSetBuilder {
  /// Adds endpoints, sorted by address, then by port, and distinct; entry numbers are indices.
  public static func add(_ endpoints: [(IPAddress, UInt16)], to image: inout ImageBuilder) {
    precondition(
      zip(endpoints, endpoints.dropFirst()).allSatisfy { $0 < $1 },
      "endpoints are ascending and distinct")
    image.add(EndpointSections.highs, endpoints.map(\.0.high))
    image.add(EndpointSections.lows, endpoints.map(\.0.low))
    image.add(EndpointSections.ports, endpoints.map(\.1))
    image.add(EndpointSections.families, endpoints.map(\.0.family.rawValue))
  }
}

enum EndpointSections {
  static let highs = SectionTag(0x0180)
  static let lows = SectionTag(0x0181)
  static let ports = SectionTag(0x0182)
  static let families = SectionTag(0x0183)
}
