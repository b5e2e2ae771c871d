import WeirDecode

/// Which QUIC connections began lately, and the hellos that are not complete: bounded, and the same for every number
/// of threads.
///
/// As the flow table it is dealt to partitions by the pair of hosts. Each remembers its last 64 connections and
/// puts 16 hellos together at once; a new one takes the place of the oldest.
public struct QUICConnections: ~Copyable {
  /// How many connections a partition remembers.
  public static let connectionsMax = 64
  /// How many hellos a partition puts together at once.
  public static let assembliesMax = 16

  private var connections: ZeroedMemory<QUICConnection>
  private var assemblies: ZeroedMemory<CryptoAssembly>
  /// Of each partition the place that is taken next.
  private var next: ZeroedMemory<UInt8>
  /// Of each partition a bit for each assembly in use.
  private var used: ZeroedMemory<UInt16>
  /// Hellos that were given up before they were complete.
  public private(set) var abandoned: UInt64 = 0
  /// Hellos that are not complete.
  public private(set) var pending: UInt64 = 0

  /// Reserves some 5 MB, taken as they are used; nil when the system refuses.
  public init?() {
    let partitions = FlowTable.partitions
    guard
      let connections = ZeroedMemory<QUICConnection>(
        count: partitions * QUICConnections.connectionsMax, isDense: false),
      let assemblies = ZeroedMemory<CryptoAssembly>(
        count: partitions * QUICConnections.assembliesMax, isDense: false),
      let next = ZeroedMemory<UInt8>(count: partitions, isDense: false),
      let used = ZeroedMemory<UInt16>(count: partitions, isDense: false)
    else { return nil }
    self.connections = connections
    self.assemblies = assemblies
    self.next = next
    self.used = used
  }

  /// Where a flow's connection is; nil when none is remembered.
  ///
  /// - Parameters:
  ///   - flow: a hash of the flow, not 0.
  ///   - partition: of its hosts.
  /// - Complexity: O(`connectionsMax`).
  public func find(_ flow: UInt64, partition: Int) -> Int? {
    let first = partition * QUICConnections.connectionsMax
    for place in first..<first + QUICConnections.connectionsMax
    where connections[place].flow == flow { return place }
    return nil
  }

  /// The connection at a place that `find` or `begin` gave.
  public subscript(place: Int) -> QUICConnection {
    get { connections[place] }
    _modify { yield &connections[place] }
  }

  /// Begins a connection, with a hello to be put together.
  ///
  /// - Parameter place: of the flow's last connection, whose place it takes.
  /// - Returns: where it is.
  public mutating func begin(
    _ flow: UInt64, partition: Int, sender: UInt64, identifier: Span<UInt8>, at place: Int?
  ) -> Int {
    let place = place ?? nextPlace(of: partition)
    abandon(place)
    connections[place] = QUICConnection(flow: flow, sender: sender, identifier: identifier)
    if used[partition] == .max { abandonOldest(of: partition) }
    let free = (~used[partition]).trailingZeroBitCount
    used[partition] |= 1 << UInt16(free)
    connections[place].assembly = UInt8(free + 1)
    assemblies[assembly(of: place)].clear()
    pending += 1
    return place
  }

  /// Adds a piece to the hello of a pending connection; false when it will not be complete.
  public mutating func add(_ piece: Span<UInt8>, at offset: Int, to place: Int) -> Bool {
    guard connections[place].isPending else { return false }
    return assemblies[assembly(of: place)].add(piece, at: offset)
  }

  /// Whether the hello of a pending connection is all there.
  public func isComplete(_ place: Int) -> Bool {
    connections[place].isPending && assemblies[assembly(of: place)].isComplete
  }

  /// Lends the hello of a pending connection, and forgets it.
  public mutating func finish<Result>(
    _ place: Int, _ body: (Span<UInt8>) -> Result
  ) -> Result? {
    guard connections[place].isPending else { return nil }
    let index = assembly(of: place)
    release(place)
    return assemblies[index].withMessage(body)
  }

  /// Forgets the hello of a connection, and counts it if it was pending.
  public mutating func abandon(_ place: Int) {
    guard connections[place].isPending else { return }
    release(place)
    abandoned += 1
  }

  private mutating func release(_ place: Int) {
    let partition = place / QUICConnections.connectionsMax
    used[partition] &= ~(1 << UInt16(connections[place].assembly - 1))
    connections[place].assembly = 0
    pending -= 1
  }

  private func assembly(of place: Int) -> Int {
    place / QUICConnections.connectionsMax * QUICConnections.assembliesMax
      + Int(connections[place].assembly) - 1
  }

  private mutating func nextPlace(of partition: Int) -> Int {
    let place = Int(next[partition])
    next[partition] = UInt8((place + 1) % QUICConnections.connectionsMax)
    return partition * QUICConnections.connectionsMax + place
  }

  /// Places are taken in turn, so that the oldest pending one is the first behind the one that is taken next.
  private mutating func abandonOldest(of partition: Int) {
    let first = partition * QUICConnections.connectionsMax
    for step in 0..<QUICConnections.connectionsMax {
      let place = first + (Int(next[partition]) + step) % QUICConnections.connectionsMax
      guard connections[place].isPending else { continue }
      return abandon(place)
    }
  }
}
