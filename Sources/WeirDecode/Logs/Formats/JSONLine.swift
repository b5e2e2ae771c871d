import WeirModel

/// A line of JSON: strings are taken with the name they stand under and, where that matters, the name around it.
///
/// Lines that are damaged are read as far as they go.
enum JSONLine {
  static func read(_ text: Span<UInt8>, _ line: Range<Int>, _ fields: inout LogFields) {
    var reader = JSONReader()
    var at = line.lowerBound
    while at < line.upperBound {
      let byte = text[at]
      at += 1
      switch byte {
      case UInt8(ascii: "\""):
        let start = at
        at = stringEnd(text, at..<line.upperBound)
        let string = start..<min(at, line.upperBound)
        at += 1
        if at < line.upperBound, text[at] == UInt8(ascii: ":") {
          reader.name = string
          at += 1
        } else {
          reader.take(string, text, &fields)
        }
      case UInt8(ascii: "{"): reader.open()
      case UInt8(ascii: "}"): reader.close()
      default: break
      }
    }
  }
}

extension JSONLine {
  private static let lowBits: UInt64 = 0x7f7f_7f7f_7f7f_7f7f

  /// The place of the quote that ends a string; behind the range when there is none.
  @inline(__always)
  private static func stringEnd(_ text: Span<UInt8>, _ rest: Range<Int>) -> Int {
    var at = rest.lowerBound
    while at < rest.upperBound {
      // Eight bytes without quote and backslash are passed at once.
      while at + 8 <= rest.upperBound {
        let word = text.bigEndian64(at: at)
        let found = zeros(word ^ 0x2222_2222_2222_2222) | zeros(word ^ 0x5c5c_5c5c_5c5c_5c5c)
        at += found.leadingZeroBitCount >> 3
        if found != 0 { break }
      }
      guard at < rest.upperBound, text[at] != UInt8(ascii: "\"") else { return at }
      at += text[at] == UInt8(ascii: "\\") ? 2 : 1
    }
    return at
  }

  /// The highest bit of each byte that is zero.
  @inline(__always) private static func zeros(_ word: UInt64) -> UInt64 {
    ~(((word & lowBits) &+ lowBits) | word | lowBits)
  }
}

private struct JSONReader {
  /// Of the value that comes next.
  var name = 0..<0
  private var depth = 0
  /// The names of the objects around, but for the outermost.
  private var parents = InlineArray<4, Range<Int>>(repeating: 0..<0)

  mutating func open() {
    if depth > 0, depth <= 4 { parents[depth - 1] = name }
    depth += 1
    name = 0..<0
  }

  mutating func close() {
    depth = max(0, depth - 1)
    // Behind an object in a list comes another one of the same name.
    name = depth > 0 && depth <= 4 ? parents[depth - 1] : 0..<0
  }

  mutating func take(_ string: Range<Int>, _ text: Span<UInt8>, _ fields: inout LogFields) {
    var meaning = FieldMeaning.named(text, name)
    let parent = depth > 1 && depth <= 5 ? parents[depth - 2] : 0..<0
    if !parent.isEmpty {
      switch JSONReader.around.value(text, parent) {
      case 1: meaning = .answer
      case 2 where meaning == .nothing && JSONReader.is("hostname", text, name): meaning = .host
      case 5 where meaning == .serverName: meaning = .quicServerName
      case 3 where JSONReader.is("ip", text, name): meaning = .source
      case 4 where JSONReader.is("ip", text, name): meaning = .destination
      default: break
      }
    }
    fields.add(string, meaning)
  }

  /// Objects that give their members a meaning: answers, HTTP, and either end.
  private static let around = WordTable([
    (1, "answers grouped authorities additionals"), (2, "http"), (3, "source client"),
    (4, "destination server"),
    (5, "quic"),
  ])

  private static func `is`(
    _ word: StaticString, _ text: Span<UInt8>, _ range: Range<Int>
  ) -> Bool {
    range.count == word.utf8CodeUnitCount
      && LineText.behind(word, text, range) == range.upperBound
  }
}
