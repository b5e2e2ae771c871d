import WeirMatch
import WeirModel

/// SplitMix64: small, seeded, and the same everywhere.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

/// A compiled image, kept alive as long as the sets that read it, and what it took to make.
final class Compiled: Sendable {
  let image: Image
  let addresses: AddressSet
  let domains: DomainSet
  let entries: Int
  let buildSeconds: Double

  init(entries: Int, _ build: (inout ImageBuilder) throws -> Void) throws {
    self.entries = entries
    var builder = ImageBuilder()
    let clock = ContinuousClock()
    let time = try clock.measure { try build(&builder) }
    buildSeconds = Double(time.components.attoseconds) / 1e18 + Double(time.components.seconds)
    image = try Image(builder.finish())
    addresses = try AddressSet(image)
    domains = try DomainSet(image)
  }

  var bytesPerEntry: Double { Double(image.byteCount) / Double(max(entries, 1)) }

  /// What a row says about the set it ran on.
  var remark: String {
    "\(hundredths(bytesPerEntry)) bytes an entry, built in \(Int(buildSeconds * 1e3)) ms"
  }
}

/// A number with two digits behind the point.
func hundredths(_ value: Double) -> String {
  let whole = Int((value * 100).rounded())
  return "\(whole / 100).\(whole / 10 % 10)\(whole % 10)"
}

/// Random loads from a table of a given size, in batches with prefetch: what the memory allows at best.
struct RandomLoads: Sendable {
  private let table: [UInt64]
  private let indices: [UInt32]

  init(bytes: Int, loads: Int) {
    var random = SeededRandom(seed: 77)
    var words: UInt64 = 1
    while words * 8 < bytes { words *= 2 }  // A power of two, so that an index is a mask.
    table = (0..<words).map { _ in random.next() }
    indices = (0..<loads).map { _ in UInt32(random.next() & (words - 1)) }
  }

  /// Independent loads: the processor overlaps as many as it can.
  func independent() -> UInt64 {
    var sum: UInt64 = 0
    for index in indices { sum &+= table[Int(index)] }
    return sum
  }

  /// Each load's address depends on the one before: the latency.
  func chase() -> UInt64 {
    var at: UInt64 = 0
    let mask = UInt64(table.count - 1)
    for index in indices { at = table[Int((at ^ UInt64(index)) & mask)] }
    return at
  }
}
