import WeirModel

/// What a JSON text consists of.
enum JSONEvent: Sendable {
  case objectStart, objectEnd, listStart, listEnd
  /// A name of a member, without quotes and escapes.
  case key
  /// A text, without quotes and escapes.
  case string
  /// A number, `true`, `false` or `null`, as it is written.
  case scalar
  /// A text that is longer than `JSONReader.textBytesMax`; its beginning is not handed on.
  case longText
  /// The text is no JSON from here on; all that was open is given up.
  case fault
}

/// Takes what a reader of JSON finds.
protocol JSONHandler {
  /// Takes one event.
  ///
  /// - Parameters:
  ///   - text: of keys, strings and scalars; empty for the others.
  ///   - line: where it ends, counted from 1.
  mutating func take(_ event: JSONEvent, _ text: Span<UInt8>, line: Int)
}

/// Reads JSON (RFC 8259) in chunks of any size, one value after another or a line each.
///
/// Nothing is kept of what was read but the text that is being read, at most `textBytesMax` bytes of it. How the
/// bytes are cut into chunks changes nothing in the events. A fault in a value that is not the first one gives up the
/// rest of its line; a fault in the first one gives up the whole text.
///
/// - Complexity: O(n), without recursion.
struct JSONReader: Sendable {
  /// The most lists and objects that may be open.
  static let depthMax = 64
  /// The longest key or string that is handed on.
  static let textBytesMax = 65_536

  private enum Expectation { case value, valueOrEnd, key, keyOrEnd, colon, commaOrEnd }
  private enum Lexeme { case none, string, escape, codeUnit, scalar, rest, restOfLine }

  private var lexeme = Lexeme.none
  private var expectation = Expectation.value
  private var depth = 0
  /// Which of the open ones are objects: bit 0 is the innermost.
  private var objects: UInt64 = 0
  private var valuesRead = 0
  /// The text so far, when it is not handed on as it stands in a chunk.
  private var buffer: [UInt8] = []
  private var isLong = false
  private var codeUnit: UInt32 = 0
  private var codeUnitDigits = 0
  private var highSurrogate: UInt32 = 0
  private var newlines = 0
  private var bytesSeen = 0
  private var endsInLine = false

  /// How many lines there are so far, the last one also without its newline.
  var lines: Int { newlines + (endsInLine ? 1 : 0) }

  /// Reads one chunk.
  mutating func read(_ chunk: Span<UInt8>, into handler: inout some JSONHandler) {
    guard !chunk.isEmpty else { return }
    var index = 0
    while bytesSeen < 3, index < chunk.count, isByteOrderMark(chunk[index]) {
      bytesSeen += 1
      index += 1
    }
    if index < chunk.count { bytesSeen = 3 }
    while index < chunk.count {
      switch lexeme {
      case .none: index = readStructure(chunk, from: index, &handler)
      case .string: index = readString(chunk, from: index, &handler)
      case .escape:
        if readEscape(chunk[index]) { index += 1 } else { fail(&handler) }
      case .codeUnit:
        if readCodeUnit(chunk[index]) { index += 1 } else { fail(&handler) }
      case .scalar: index = readScalar(chunk, from: index, &handler)
      case .rest, .restOfLine: index = skip(chunk, from: index)
      }
    }
    endsInLine = chunk[chunk.count - 1] != UInt8(ascii: "\n")
  }

  /// Ends the text; false when it breaks off within a value.
  mutating func finish(into handler: inout some JSONHandler) -> Bool {
    if lexeme == .scalar, depth == 0 { endScalar(&handler) }
    return depth == 0 && (lexeme == .none || lexeme == .rest || lexeme == .restOfLine)
  }

  private func isByteOrderMark(_ byte: UInt8) -> Bool {
    byte == (bytesSeen == 0 ? 0xef : bytesSeen == 1 ? 0xbb : 0xbf)
  }

  // MARK: - Structure

  private var isInObject: Bool { objects & 1 == 1 }
  private var expectsValue: Bool { expectation == .value || expectation == .valueOrEnd }
  private var expectsKey: Bool { expectation == .key || expectation == .keyOrEnd }

  /// Reads marks and blanks up to the next string or scalar.
  private mutating func readStructure(
    _ chunk: Span<UInt8>, from start: Int, _ handler: inout some JSONHandler
  ) -> Int {
    var index = start
    while index < chunk.count, lexeme == .none {
      let byte = chunk[index]
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
      case UInt8(ascii: "\n"): newlines += 1
      case UInt8(ascii: "\""):
        if expectsValue || expectsKey { lexeme = .string } else { fail(&handler) }
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        open(isObject: byte == UInt8(ascii: "{"), &handler)
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        close(isObject: byte == UInt8(ascii: "}"), &handler)
      case UInt8(ascii: ":"):
        if expectation == .colon { expectation = .value } else { fail(&handler) }
      case UInt8(ascii: ","):
        if expectation == .commaOrEnd {
          expectation = isInObject ? .key : .value
        } else {
          fail(&handler)
        }
      default:
        guard expectsValue else {
          fail(&handler)
          break
        }
        lexeme = .scalar
        return index
      }
      index += 1
    }
    return index
  }

  private mutating func open(isObject: Bool, _ handler: inout some JSONHandler) {
    guard expectsValue, depth < JSONReader.depthMax else { return fail(&handler) }
    depth += 1
    objects = objects << 1 | (isObject ? 1 : 0)
    expectation = isObject ? .keyOrEnd : .valueOrEnd
    hand(isObject ? .objectStart : .listStart, &handler)
  }

  private mutating func close(isObject: Bool, _ handler: inout some JSONHandler) {
    let isEmpty = expectation == (isObject ? .keyOrEnd : .valueOrEnd)
    guard depth > 0, isObject == isInObject, isEmpty || expectation == .commaOrEnd else {
      return fail(&handler)
    }
    depth -= 1
    objects >>= 1
    hand(isObject ? .objectEnd : .listEnd, &handler)
    endValue()
  }

  private mutating func endValue() {
    expectation = depth == 0 ? .value : .commaOrEnd
    if depth == 0 { valuesRead += 1 }
  }

  private func hand(_ event: JSONEvent, _ handler: inout some JSONHandler) {
    let none = InlineArray<0, UInt8>(repeating: 0)
    handler.take(event, none.span, line: newlines + 1)
  }

  /// Gives up what is being read.
  private mutating func fail(_ handler: inout some JSONHandler) {
    hand(.fault, &handler)
    lexeme = valuesRead > 0 ? .restOfLine : .rest
    (depth, objects, expectation) = (0, 0, .value)
    forgetText()
  }

  /// Looks for the end of what was given up.
  private mutating func skip(_ chunk: Span<UInt8>, from start: Int) -> Int {
    guard let end = chunk.firstIndex(of: UInt8(ascii: "\n"), from: start) else {
      return chunk.count
    }
    newlines += 1
    if lexeme == .restOfLine { lexeme = .none }
    return end + 1
  }

  // MARK: - Strings

  private mutating func readString(
    _ chunk: Span<UInt8>, from start: Int, _ handler: inout some JSONHandler
  ) -> Int {
    var end = start
    while end < chunk.count {
      let byte = chunk[end]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
      end += 1
    }
    let part = chunk.extracting(start..<end)
    guard end < chunk.count else {
      append(part)
      return end
    }
    switch chunk[end] {
    case UInt8(ascii: "\""):
      endString(part, &handler)
      return end + 1
    case UInt8(ascii: "\\"):
      append(part)
      lexeme = .escape
      return end + 1
    default:
      fail(&handler)
      return end
    }
  }

  private mutating func endString(_ part: Span<UInt8>, _ handler: inout some JSONHandler) {
    let event = expectsKey ? JSONEvent.key : .string
    lexeme = .none
    if expectsKey { expectation = .colon } else { endValue() }
    let isWhole = buffer.isEmpty && highSurrogate == 0 && part.count <= JSONReader.textBytesMax
    if isWhole, !isLong { return handler.take(event, part, line: newlines + 1) }
    append(part)
    append(scalar: nil)
    if isLong {
      hand(.longText, &handler)
      if event == .key { hand(.key, &handler) }
    } else {
      handler.take(event, buffer.span, line: newlines + 1)
    }
    forgetText()
  }

  private mutating func forgetText() {
    buffer.removeAll(keepingCapacity: true)
    (isLong, highSurrogate) = (false, 0)
  }

  private mutating func append(_ part: Span<UInt8>) {
    guard !part.isEmpty else { return }
    append(scalar: nil)
    guard buffer.count + part.count <= JSONReader.textBytesMax else {
      isLong = true
      return
    }
    for index in 0..<part.count { buffer.append(part[index]) }
  }

  private mutating func readEscape(_ byte: UInt8) -> Bool {
    lexeme = .string
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      append(scalar: Unicode.Scalar(byte))
    case UInt8(ascii: "b"): append(scalar: "\u{8}")
    case UInt8(ascii: "f"): append(scalar: "\u{c}")
    case UInt8(ascii: "n"): append(scalar: "\n")
    case UInt8(ascii: "r"): append(scalar: "\r")
    case UInt8(ascii: "t"): append(scalar: "\t")
    case UInt8(ascii: "u"): (lexeme, codeUnit, codeUnitDigits) = (.codeUnit, 0, 0)
    default: return false
    }
    return true
  }

  private mutating func readCodeUnit(_ byte: UInt8) -> Bool {
    guard let digit = hexadecimalDigit(byte) else { return false }
    codeUnit = codeUnit << 4 | UInt32(digit)
    codeUnitDigits += 1
    guard codeUnitDigits == 4 else { return true }
    lexeme = .string
    if let scalar = Unicode.Scalar(codeUnit) {
      append(scalar: scalar)
    } else if codeUnit < 0xdc00 {
      append(scalar: nil)
      highSurrogate = codeUnit
    } else if highSurrogate != 0 {
      let value = 0x10000 + (highSurrogate - 0xd800) << 10 + (codeUnit - 0xdc00)
      highSurrogate = 0
      append(scalar: Unicode.Scalar(value) ?? "\u{fffd}")
    } else {
      append(scalar: "\u{fffd}")
    }
    return true
  }

  /// Appends a scalar, behind the mark for half a pair of surrogates when one is left over.
  private mutating func append(scalar: Unicode.Scalar?) {
    if highSurrogate != 0 {
      highSurrogate = 0
      append(scalar: "\u{fffd}")
    }
    guard let scalar, let bytes = Unicode.UTF8.encode(scalar) else { return }
    guard buffer.count + 4 <= JSONReader.textBytesMax else {
      isLong = true
      return
    }
    buffer.append(contentsOf: bytes)
  }

  // MARK: - Scalars

  private mutating func readScalar(
    _ chunk: Span<UInt8>, from start: Int, _ handler: inout some JSONHandler
  ) -> Int {
    var index = start
    while index < chunk.count {
      switch chunk[index] {
      case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: " "),
        UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"):
        endScalar(&handler)
        return index
      default:
        // No number that means something is longer.
        guard buffer.count < 64 else {
          fail(&handler)
          return index
        }
        buffer.append(chunk[index])
        index += 1
      }
    }
    return index
  }

  private mutating func endScalar(_ handler: inout some JSONHandler) {
    guard JSONScalar.isOne(buffer.span) else { return fail(&handler) }
    lexeme = .none
    endValue()
    handler.take(.scalar, buffer.span, line: newlines + 1)
    forgetText()
  }
}

/// Numbers and literals.
private enum JSONScalar {
  static func isOne(_ text: Span<UInt8>) -> Bool {
    if text.isEmpty { return false }
    switch text[0] {
    case UInt8(ascii: "t"): return text.count == 4 && text.hasBytes("true")
    case UInt8(ascii: "f"): return text.count == 5 && text.hasBytes("false")
    case UInt8(ascii: "n"): return text.count == 4 && text.hasBytes("null")
    default: return isNumber(text)
    }
  }

  /// `-`, digits, a fraction and an exponent; zero alone begins with zero.
  private static func isNumber(_ text: Span<UInt8>) -> Bool {
    var index = text[0] == UInt8(ascii: "-") ? 1 : 0
    let start = index
    guard skipDigits(text, &index) else { return false }
    if index > start + 1, text[start] == UInt8(ascii: "0") { return false }
    if index < text.count, text[index] == UInt8(ascii: ".") {
      index += 1
      guard skipDigits(text, &index) else { return false }
    }
    if index < text.count, asciiLowercased(text[index]) == UInt8(ascii: "e") {
      index += 1
      if index < text.count,
        text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-")
      {
        index += 1
      }
      guard skipDigits(text, &index) else { return false }
    }
    return index == text.count
  }

  /// Moves behind digits; false when there are none.
  private static func skipDigits(_ text: Span<UInt8>, _ index: inout Int) -> Bool {
    let start = index
    while index < text.count, text[index] &- UInt8(ascii: "0") < 10 { index += 1 }
    return index > start
  }
}
