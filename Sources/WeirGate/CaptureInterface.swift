import WeirModel

/// One interface description of a pcapng section.
struct CaptureInterface {
  var link: LinkType
  /// The length that packets were cut at, in bytes; 0 for none.
  var snapshotLength: UInt32
  var clock: CaptureClock

  enum OptionCode {
    static let endOfOptions: UInt16 = 0
    static let timeResolution: UInt16 = 9
    static let timeOffset: UInt16 = 14
  }

  /// Reads the body of an interface description block, 8 bytes or more.
  ///
  /// Options that reach beyond the body end the list; nil for a time resolution that no 64 bits can hold.
  init?(_ body: Span<UInt8>, _ order: ByteOrder) {
    link = LinkType(rawValue: order.load16(body, 0))
    snapshotLength = order.load32(body, 4)
    var resolution: UInt8 = 6
    var offsetSeconds: Int64 = 0
    var at = 8
    while body.count - at >= 4 {
      let code = order.load16(body, at)
      let length = Int(order.load16(body, at + 2))
      at += 4
      guard code != OptionCode.endOfOptions && length <= body.count - at else { break }
      if code == OptionCode.timeResolution && length == 1 { resolution = body[at] }
      if code == OptionCode.timeOffset && length == 8 {
        offsetSeconds = Int64(bitPattern: order.load64(body, at))
      }
      at += (length + 3) & ~3
    }
    guard let clock = CaptureClock(resolution: resolution, offsetSeconds: offsetSeconds) else {
      return nil
    }
    self.clock = clock
  }
}

/// How an interface counts time: units since an epoch, to nanoseconds since 1970.
struct CaptureClock: Equatable {
  private var multiplier: UInt64
  private var divisor: UInt64
  private var shift: UInt64
  private var offset: Int64

  /// From `if_tsresol`: 10⁻ⁿ s a unit, or 2⁻ⁿ s with the top bit set.
  ///
  /// Nil when a second has more units than 64 bits count (n > 19 or 63).
  init?(resolution: UInt8, offsetSeconds: Int64) {
    let exponent = Int(resolution & 0x7f)
    multiplier = 1
    divisor = 1
    shift = 0
    if resolution & 0x80 != 0 {
      guard exponent <= 63 else { return nil }
      multiplier = 1_000_000_000
      shift = UInt64(exponent)
    } else {
      guard exponent <= 19 else { return nil }
      for _ in exponent..<max(exponent, 9) { multiplier *= 10 }
      for _ in 9..<max(exponent, 9) { divisor *= 10 }
    }
    offset = Timestamp(seconds: offsetSeconds, nanoseconds: 0).nanoseconds
  }

  /// The moment `units` after the epoch, rounded down, clamped to what can be said.
  @inline(__always) func timestamp(_ units: UInt64) -> Timestamp {
    let product = units.multipliedFullWidth(by: multiplier)
    var scaled = product.low
    if shift | product.high != 0 || divisor != 1 {
      scaled = shifted(product.high, product.low) / divisor
    }
    let clamped = Int64(clamping: scaled)
    let (sum, overflow) = clamped.addingReportingOverflow(offset)
    // The first summand is not negative, so only the upper end can be passed.
    return Timestamp(nanoseconds: overflow ? .max : sum)
  }

  private func shifted(_ high: UInt64, _ low: UInt64) -> UInt64 {
    guard shift > 0 else { return high == 0 ? low : .max }
    return high >> shift == 0 ? low >> shift | high << (64 - shift) : .max
  }
}
