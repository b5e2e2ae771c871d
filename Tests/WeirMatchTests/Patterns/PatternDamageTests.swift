import Testing
import WeirModel

@_spi(Measurement) @testable import WeirMatch

@Suite struct PatternDamageTests {
  private let patterns =
    ["abc", "bcd", "abcdefgh1", "abcdefgh2", "zz", "q"].map { pattern($0) }
    + ["hello", "HELP", "helmet and more text"].map { pattern($0, ignoresCase: true) }
    + (0..<12).map { pattern([UInt8(ascii: "w"), UInt8(65 + $0), 3, 4, 5, 6, 7, 8, 9]) }

  @Test(arguments: PatternVariant.allCases)
  func noDamagedByteTrapsOrHangs(_ variant: PatternVariant) throws {
    let bytes = try image(variant)
    var readable = 0
    for index in bytes.indices {
      let change: UInt8 = index % 3 == 0 ? 0xff : index % 3 == 1 ? 1 : 0x80
      var damaged = bytes
      damaged[index] ^= change
      readable += try scanIfReadable(damaged) ? 1 : 0
    }
    #expect(readable > 0 && readable < bytes.count)
  }

  @Test(arguments: PatternVariant.allCases)
  func noTruncationTrapsOrHangs(_ variant: PatternVariant) throws {
    let bytes = try image(variant)
    for length in bytes.indices {
      #expect(try !scanIfReadable(Array(bytes.prefix(length))), "\(length)")
    }
  }

  @Test(arguments: PatternVariant.allCases)
  func noRandomTablesTrapOrHang(_ variant: PatternVariant) throws {
    var generator = SeededGenerator(seed: 0xdada)
    let bytes = try image(variant)
    // The directory stays as it is, so that the damage reaches the tables.
    let head = ImageDirectory.headBytes + 40 * ImageDirectory.entryBytes
    var readable = 0
    for _ in 0..<400 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 2...200, using: &generator) {
        damaged[Int.random(in: head..<bytes.count, using: &generator)] = .random(
          in: 0...255, using: &generator)
      }
      readable += try scanIfReadable(damaged) ? 1 : 0
    }
    #expect(readable > 0)
  }

  private func image(_ variant: PatternVariant) throws -> [UInt8] {
    var builder = ImageBuilder()
    try PatternSetBuilder.add(patterns, to: &builder, options: variant.options)
    return try builder.finish()
  }

  /// Whether the image was accepted; then it has been scanned in every way, and names only its own patterns.
  private func scanIfReadable(_ bytes: [UInt8]) throws -> Bool {
    let text = Array("abcdefgh2 HELMET AND more text zzqq wA\u{3}\u{4}\u{5}\u{6}\u{7} help".utf8)
    guard let image = try? Image(bytes), let set = try? PatternSet(image) else { return false }
    var foreign = 0
    var calls = 0
    var state = PatternStreamState()
    for segment in [text, Array(text.prefix(3)), [], text + text + text] {
      set.scan(segment.span, resuming: &state) { pattern, end in
        calls += 1
        if Int(pattern) >= set.count || end < 1 || end > segment.count { foreign += 1 }
      }
      set.scan(segment.span) { pattern, _ in foreign += Int(pattern) >= set.count ? 1 : 0 }
    }
    #expect(foreign == 0)
    // No more than `longest` patterns end at one place, whatever the links say.
    #expect(calls <= 2 * 1024 * 5 * text.count)
    for number in 0..<UInt32(min(set.count, 40)) {
      #expect(!set.pattern(number).bytes.isEmpty)
    }
    return true
  }
}
