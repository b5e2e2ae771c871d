import WeirModel

/// How often each value was seen at each place: what `--observables` writes.
///
/// It keeps every distinct value and so grows with the input; it is a means to compare decoders, not part of
/// the data plane.
public struct ObservedValues: Sendable {
  private var addresses: [AddressKey: UInt64] = [:]
  private var names: [NameKey: UInt64] = [:]

  private struct AddressKey: Hashable {
    var place: Place
    var address: IPAddress
  }

  private struct NameKey: Hashable {
    var place: Place
    var bytes: [UInt8]
  }

  /// No values yet.
  public init() {}

  /// Counts an address.
  public mutating func add(_ address: IPAddress, at place: Place) {
    addresses[AddressKey(place: place, address: address), default: 0] += 1
  }

  /// Counts a name, URL or fingerprint.
  public mutating func add(_ bytes: [UInt8], at place: Place) {
    names[NameKey(place: place, bytes: bytes), default: 0] += 1
  }

  /// Adds what another worker saw.
  public mutating func merge(_ other: ObservedValues) {
    addresses.merge(other.addresses, uniquingKeysWith: +)
    names.merge(other.names, uniquingKeysWith: +)
  }

  /// Every value with its place and count, sorted by place, then by the bytes of the value.
  public func sorted() -> [(place: Place, value: [UInt8], count: UInt64)] {
    var rows: [(place: Place, value: [UInt8], count: UInt64)] = []
    rows.reserveCapacity(addresses.count + names.count)
    for (key, count) in addresses {
      var text: [UInt8] = []
      key.address.appendText(to: &text)
      rows.append((key.place, text, count))
    }
    for (key, count) in names { rows.append((key.place, key.bytes, count)) }
    return rows.sorted { left, right in
      left.place == right.place
        ? left.value.lexicographicallyPrecedes(right.value) : left.place.name < right.place.name
    }
  }
}
