import Testing
import WeirDecode
import WeirFlow
import WeirModel

struct FragmentTests {
  private struct NoMemory: Error {}

  /// A piece of a datagram as a header says it.
  private func header(
    _ offset: Int, _ count: Int, hasMore: Bool, identification: UInt32 = 7
  ) -> FragmentHeader {
    var frame = [UInt8](repeating: 0, count: 20 + count)
    let total = 20 + count
    frame[0] = 0x45
    frame[2] = UInt8(total >> 8)
    frame[3] = UInt8(total & 255)
    frame[4] = UInt8(identification >> 8)
    frame[5] = UInt8(identification & 255)
    let field = offset / 8 | (hasMore ? 0x2000 : 0)
    frame[6] = UInt8(field >> 8)
    frame[7] = UInt8(field & 255)
    frame[9] = 17
    var observation = Observation()
    observation.version = 4
    guard let header = FragmentHeader(frame.span, observation) else {
      preconditionFailure("the header is sound")
    }
    return header
  }

  private func second(_ number: Int64) -> Timestamp {
    Timestamp(nanoseconds: number * 1_000_000_000)
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func whateverTheOrderTheDatagramIsTheOneSent(_ seed: UInt64) throws {
    var random = Seeded(seed)
    guard var table = FragmentTable(arenaBytes: 1 << 22) else { throw NoMemory() }
    let sent = (0..<Int.random(in: 1...65_535, using: &random)).map { _ in
      UInt8(truncatingIfNeeded: random.next())
    }
    var pieces: [(FragmentHeader, Range<Int>)] = []
    var start = 0
    while start < sent.count {
      let size = min(sent.count - start, 8 * Int.random(in: 1...900, using: &random))
      let isLast = start + size == sent.count
      pieces.append((header(start, size, hasMore: !isLast), start..<start + size))
      start += size
    }
    pieces.shuffle(using: &random)
    // Some come twice, but none behind the one that completes the datagram.
    let twice = pieces.dropLast().filter { _ in random.next() & 3 == 0 }
    pieces.insert(contentsOf: twice, at: Int(random.next() % UInt64(pieces.count)))
    var whole: [UInt8] = []
    for (header, range) in pieces {
      let bytes = Array(sent[range])
      guard whole.isEmpty else { break }
      guard
        let place = table.add(header, hosts: seed << 32, isV6: false, bytes.span, at: second(1))
      else { continue }
      table.take(place, to: &whole)
    }
    #expect(Array(whole.dropFirst(FragmentTable.headerBytes)) == sent, "seed \(seed)")
    #expect(table.overlaps == 0 && table.lostFragments == 0, "seed \(seed)")
  }

  @Test(arguments: [false, true]) func whatCameFirstCountsAndOverlapsVoidIPv6(isV6: Bool) throws {
    guard var table = FragmentTable(arenaBytes: 1 << 22) else { throw NoMemory() }
    let one = [UInt8](repeating: 1, count: 16)
    let two = [UInt8](repeating: 2, count: 16)
    func add(_ table: inout FragmentTable, _ offset: Int, _ bytes: [UInt8], _ more: Bool) -> Int? {
      table.add(
        header(offset, bytes.count, hasMore: more), hosts: 5, isV6: isV6, bytes.span, at: second(1))
    }
    #expect(add(&table, 8, one, true) == nil)
    #expect(add(&table, 0, two, true) == nil)
    let place = add(&table, 24, [3], false)
    #expect(table.overlaps == 1)
    guard let place, !isV6 else {
      #expect(isV6 && place == nil && table.waitingFragments == 3)
      return
    }
    var whole: [UInt8] = []
    table.take(place, to: &whole)
    #expect(
      Array(whole.dropFirst(FragmentTable.headerBytes))
        == [UInt8](repeating: 2, count: 8) + one + [3])
  }

  @Test func whatNeverBecomesWholeIsGivenUpAndCounted() throws {
    guard var table = FragmentTable(arenaBytes: 0) else { throw NoMemory() }
    let bytes = [UInt8](repeating: 1, count: 8)
    func add(_ table: inout FragmentTable, _ identification: UInt32, at seconds: Int64) {
      let place = table.add(
        header(0, 8, hasMore: true, identification: identification), hosts: 5, isV6: false,
        bytes.span, at: second(seconds))
      #expect(place == nil)
    }
    add(&table, 1, at: 1)
    add(&table, 1, at: 2)
    #expect(table.waitingFragments == 2 && table.lostFragments == 0)
    // There is room for one datagram of a partition.
    add(&table, 2, at: 3)
    #expect(table.waitingFragments == 1 && table.lostFragments == 2)
    // After half a minute the same number means another one.
    add(&table, 2, at: 34)
    #expect(table.waitingFragments == 1 && table.lostFragments == 3)
    for number in 3..<5_000 as Range<UInt32> { add(&table, number, at: 40) }
    #expect(table.waitingFragments == 1 && table.lostFragments == 5_000)
  }

  @Test func endsThatContradictEachOtherMakeNothing() throws {
    guard var table = FragmentTable(arenaBytes: 1 << 22) else { throw NoMemory() }
    let bytes = [UInt8](repeating: 1, count: 8)
    for (offset, more) in [(8, false), (16, false), (0, true), (8, false)] {
      let place = table.add(
        header(offset, 8, hasMore: more), hosts: 5, isV6: false, bytes.span, at: second(1))
      #expect(place == nil)
    }
  }
}
