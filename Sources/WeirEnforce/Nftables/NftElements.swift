/// Elements of a set on their way to the kernel and back.
enum NftElements {
  /// How many ranges go into one message: an attribute has at most 65,535 bytes, and two ends of a range of IPv6
  /// take 68.
  static let rangesPerMessage = 900

  /// Writes ranges as the elements of a set.
  ///
  /// A range is an element for its first address and, unless it goes to the end of all addresses, one that says
  /// where it is over.
  static func write<Bound: KernelAddress>(
    _ ranges: AddressRanges<Bound>, _ part: Range<Int>, isInterval: Bool,
    to writer: inout NetlinkWriter
  ) {
    writer.nest(NftABI.Element.list) { list in
      for index in part {
        write(ranges.firsts[index], isEnd: false, to: &list)
        if isInterval, ranges.lasts[index] != .max {
          write(ranges.lasts[index] + 1, isEnd: true, to: &list)
        }
      }
    }
  }

  private static func write<Bound: KernelAddress>(
    _ key: Bound, isEnd: Bool, to writer: inout NetlinkWriter
  ) {
    writer.nest(NftABI.Expression.listElement) { element in
      element.nest(NftABI.Element.key) { $0.add(NftABI.Expression.dataValue, key) }
      if isEnd { element.add(NftABI.Element.flags, NftABI.Element.isIntervalEnd) }
    }
  }

  /// What the kernel says of the elements of a set, collected message by message.
  struct Reading<Bound: KernelAddress> {
    private var firsts: [Bound] = []
    private var ends: [Bound] = []

    /// Takes the elements of a message.
    mutating func take(_ message: Span<UInt8>, _ range: Range<Int>) {
      NetlinkReader.forEachAttribute(message, range) { type, list in
        guard type == NftABI.Element.list else { return }
        NetlinkReader.forEachAttribute(message, list) { _, element in
          takeElement(message, element)
        }
      }
    }

    private mutating func takeElement(_ message: Span<UInt8>, _ range: Range<Int>) {
      var key: Bound?
      var flags: UInt32 = 0
      NetlinkReader.forEachAttribute(message, range) { type, value in
        switch type {
        case NftABI.Element.key:
          NetlinkReader.forEachAttribute(message, value) { type, value in
            if type == NftABI.Expression.dataValue { key = NetlinkReader.value(message, value) }
          }
        case NftABI.Element.flags: flags = NetlinkReader.value(message, value) ?? 0
        default: break
        }
      }
      guard let key else { return }
      if flags & NftABI.Element.isIntervalEnd != 0 { ends.append(key) } else { firsts.append(key) }
    }

    /// The elements as ranges.
    ///
    /// A beginning without an end goes to the next beginning, or to the end of all addresses.
    func ranges(isInterval: Bool) -> AddressRanges<Bound> {
      var ranges = AddressRanges<Bound>()
      let firsts = firsts.sorted()
      let ends = ends.sorted()
      var place = 0
      for (index, first) in firsts.enumerated() where index == 0 || firsts[index - 1] != first {
        guard isInterval else {
          ranges.append(first, first)
          continue
        }
        while place < ends.count, ends[place] <= first { place += 1 }
        let next = index + 1 < firsts.count ? firsts[index + 1] - 1 : Bound.max
        ranges.append(first, place < ends.count ? min(ends[place] - 1, next) : next)
      }
      return ranges
    }
  }
}
