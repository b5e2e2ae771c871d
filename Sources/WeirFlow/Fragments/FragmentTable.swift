public import WeirDecode
public import WeirModel

/// Datagrams that are being put together from their fragments, dealt to partitions by their hosts.
///
/// Bounded in number, bytes and time. The bytes that came first count; of IPv6, fragments that overlap make the whole
/// datagram void (RFC 5722). Fragments that are the same as one before change nothing.
public struct FragmentTable: ~Copyable {
  /// After how many seconds an unfinished datagram is given up, as on Linux.
  public static let secondsMax: Int64 = 30
  /// The room before a datagram's bytes, for a header of IP.
  public static let headerBytes = 40
  /// The room that a datagram takes.
  static let datagramBytes = 1 << 16
  /// One bit for each eight bytes.
  private static let wordsPerMap = 128

  /// Fragments of datagrams that were given up: too old, pushed out by others, or void.
  public private(set) var lostFragments: UInt64 = 0
  /// Fragments that overlap others of their datagram without being the same.
  public private(set) var overlaps: UInt64 = 0
  private let share: Int
  private var datagrams: ZeroedMemory<FragmentedDatagram>
  private var maps: ZeroedMemory<UInt64>
  private var bytes: ZeroedMemory<UInt8>

  /// Reserves `arenaBytes`, at least a datagram for each partition; taken page by page as it is used.
  public init?(arenaBytes: Int) {
    share = max(1, arenaBytes / (FlowTable.partitions * FragmentTable.datagramBytes))
    let count = share * FlowTable.partitions
    guard let datagrams = ZeroedMemory<FragmentedDatagram>(count: count, isDense: false),
      let maps = ZeroedMemory<UInt64>(count: count * FragmentTable.wordsPerMap, isDense: false),
      let bytes = ZeroedMemory<UInt8>(count: count * FragmentTable.datagramBytes, isDense: false)
    else { return nil }
    self.datagrams = datagrams
    self.maps = maps
    self.bytes = bytes
  }

  /// Fragments that still wait for others.
  public var waitingFragments: UInt64 {
    (0..<datagrams.count).reduce(0) { $0 + UInt64(datagrams[$1].fragments) }
  }

  /// Takes a fragment.
  ///
  /// - Parameters:
  ///   - hosts: the hash of its addresses.
  ///   - payload: its bytes, as its header says.
  /// - Returns: the place of the datagram, when all of it is there; to be taken by `take`.
  /// - Complexity: O(payload + datagrams of a partition).
  public mutating func add(
    _ header: FragmentHeader, hosts: UInt64, isV6: Bool, _ payload: Span<UInt8>, at time: Timestamp
  ) -> Int? {
    let key = hosts ^ UInt64(header.identification) << 8 ^ UInt64(header.transport) &* 0x9e37_79b9
    let place = find(key, FlowTable.partition(hosts: hosts), at: time)
    datagrams[place].fragments += 1
    let end = header.offset + payload.count
    if !header.hasMore { setLength(of: place, to: end) }
    guard !datagrams[place].isVoid else { return nil }
    let length = Int(datagrams[place].length)
    guard length == 0 || end <= length else {
      giveUp(place)
      return nil
    }
    write(payload, at: header.offset, to: place, isV6: isV6)
    guard datagrams[place].length > 0, datagrams[place].held == datagrams[place].length else {
      return nil
    }
    return datagrams[place].isVoid ? nil : place
  }

  /// Copies a datagram that is complete behind `headerBytes` bytes of nothing, and forgets it.
  public mutating func take(_ place: Int, to datagram: inout [UInt8]) {
    let length = Int(datagrams[place].length)
    let start = place * FragmentTable.datagramBytes
    datagram.removeAll(keepingCapacity: true)
    datagram.append(contentsOf: repeatElement(0, count: FragmentTable.headerBytes))
    bytes.withSpan(of: start..<start + length) { span in
      for index in span.indices { datagram.append(span[index]) }
    }
    clear(place)
  }

  /// The place of a datagram, or one that is made free for it.
  private mutating func find(_ key: UInt64, _ partition: Int, at time: Timestamp) -> Int {
    let first = partition * share
    var (free, oldest) = (-1, first)
    for place in first..<first + share {
      if datagrams[place].fragments > 0,
        time.nanoseconds &- datagrams[place].begun > FragmentTable.secondsMax * 1_000_000_000
      {
        giveUp(place)
      }
      guard datagrams[place].fragments > 0 else {
        if free < 0 { free = place }
        continue
      }
      if datagrams[place].key == key { return place }
      if datagrams[place].begun < datagrams[oldest].begun { oldest = place }
    }
    if free < 0 {
      giveUp(oldest)
      free = oldest
    }
    datagrams[free] = FragmentedDatagram(key: key, begun: time.nanoseconds)
    return free
  }

  private mutating func setLength(of place: Int, to end: Int) {
    let known = Int(datagrams[place].length)
    // Two ends contradict each other.
    if known > 0, known != end { datagrams[place].isVoid = true }
    datagrams[place].length = UInt32(end)
  }

  /// Copies the blocks of eight bytes that are not there yet.
  private mutating func write(
    _ payload: Span<UInt8>, at offset: Int, to place: Int, isV6: Bool
  ) {
    let start = place * FragmentTable.datagramBytes + offset
    var (isNew, isOld) = (false, false)
    var isSame = true
    var index = 0
    while index < payload.count {
      let count = min(8, payload.count - index)
      let block = (offset + index) / 8
      let word = place * FragmentTable.wordsPerMap + block / 64
      if maps[word] >> UInt64(block % 64) & 1 == 0 {
        isNew = true
        maps[word] |= 1 << UInt64(block % 64)
        bytes.copy(payload.extracting(index..<index + count), at: start + index)
        datagrams[place].held += UInt32(count)
      } else {
        isOld = true
        bytes.withSpan(of: start + index..<start + index + count) { span in
          for byte in 0..<count where span[byte] != payload[index + byte] { isSame = false }
        }
      }
      index += count
    }
    guard isOld, isNew || !isSame else { return }
    overlaps += 1
    if isV6 { datagrams[place].isVoid = true }
  }

  private mutating func giveUp(_ place: Int) {
    lostFragments += UInt64(datagrams[place].fragments)
    clear(place)
  }

  private mutating func clear(_ place: Int) {
    datagrams[place] = FragmentedDatagram(key: 0, begun: 0)
    for word in 0..<FragmentTable.wordsPerMap { maps[place * FragmentTable.wordsPerMap + word] = 0 }
  }
}

/// A datagram of which some fragments came.
struct FragmentedDatagram: BitwiseCopyable {
  var key: UInt64
  /// When its first fragment came, in nanoseconds.
  var begun: Int64
  /// How many came; 0 for a place that is free.
  var fragments: UInt32 = 0
  /// Its length, once the last one came; 0 before.
  var length: UInt32 = 0
  /// How many of its bytes are there.
  var held: UInt32 = 0
  /// Whether it contradicts itself, so that nothing will come of it.
  var isVoid = false

  init(key: UInt64, begun: Int64) { (self.key, self.begun) = (key, begun) }
}
