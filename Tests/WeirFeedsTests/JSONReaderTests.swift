import Foundation
import Testing

@testable import WeirFeeds

/// Writes events down, one a line.
private struct Writer: JSONHandler {
  var events: [String] = []

  mutating func take(_ event: JSONEvent, _ text: Span<UInt8>, line: Int) {
    let bytes = text.indices.map { text[$0] }
    events.append("\(line) \(event) \(String(decoding: bytes, as: UTF8.self))")
  }
}

/// Events of a text in chunks that end at `cuts`, and whether it is whole.
private func events(_ text: [UInt8], cuts: [Int] = []) -> ([String], isWhole: Bool, lines: Int) {
  var (reader, writer) = (JSONReader(), Writer())
  var start = 0
  for end in cuts + [text.count] {
    reader.read(text.span.extracting(start..<end), into: &writer)
    start = end
  }
  let isWhole = reader.finish(into: &writer)
  return (writer.events, isWhole, reader.lines)
}

private func events(_ text: String) -> [String] { events(Array(text.utf8)).0 }

/// Puts values together again.
private struct Builder: JSONHandler {
  var stack: [(key: String?, value: Any)] = []
  var keys: [String?] = []
  var key: String?
  var values: [Any] = []
  var hasFault = false

  mutating func take(_ event: JSONEvent, _ text: Span<UInt8>, line: Int) {
    let string = String(decoding: text.indices.map { text[$0] }, as: UTF8.self)
    switch event {
    case .objectStart: stack.append((key, [String: Any]()))
    case .listStart: stack.append((key, [Any]()))
    case .objectEnd, .listEnd:
      guard let (key, value) = stack.popLast() else { return }
      self.key = key
      add(value)
    case .key: key = string
    case .string: add(string)
    case .scalar: add(Builder.scalar(string))
    case .longText, .fault: hasFault = true
    }
    if event == .objectStart || event == .listStart { key = nil }
  }

  private static func scalar(_ text: String) -> Any {
    switch text {
    case "null": return NSNull()
    case "true": return true
    case "false": return false
    default:
      let number: Double = Double(text) ?? .nan
      return number
    }
  }

  private mutating func add(_ value: Any) {
    guard let top = stack.indices.last else { return values.append(value) }
    if var object = stack[top].value as? [String: Any] {
      object[key ?? ""] = value
      stack[top].value = object
    } else if var list = stack[top].value as? [Any] {
      list.append(value)
      stack[top].value = list
    }
  }
}

@Test func aTextBecomesItsEvents() {
  #expect(
    events("{\"a\": [1, \"x\", {}],\n \"b\": null}\n") == [
      "1 objectStart ", "1 key a", "1 listStart ", "1 scalar 1", "1 string x", "1 objectStart ",
      "1 objectEnd ", "1 listEnd ", "2 key b", "2 scalar null", "2 objectEnd ",
    ])
  #expect(
    events("\u{feff}1 \"a\"\n[]") == ["1 scalar 1", "1 string a", "2 listStart ", "2 listEnd "])
  #expect(events("7") == ["1 scalar 7"])
  #expect(events("") == [])
}

@Test func escapesAreResolved() {
  let text =
    #""\"\\\/\b\f\n\r\t\u0041\u00e9\u20AC\ud83d\ude00|\ud83d|\ude00|\ud83d\ud83d\ude00\ud83d""#
  #expect(
    events(text) == [
      "1 string \"\\/\u{8}\u{c}\n\r\tA\u{e9}\u{20ac}\u{1f600}|\u{fffd}|\u{fffd}|\u{fffd}\u{1f600}\u{fffd}"
    ])
}

@Test(arguments: [
  "{", "[", "[1", "[1,", "{\"a\"", "{\"a\":", "{\"a\":1", "\"a", "{\"a\":\"b", "[\"\\", "[\"\\u12",
])
func whatBreaksOffIsNotWhole(text: String) {
  let read = events(Array(text.utf8))
  #expect(!read.isWhole)
  #expect(!read.0.contains { $0.contains("fault") }, "\(read.0)")
}

@Test(arguments: [
  "{]", "[}", "[,]", "[1,]", "{,}", "{\"a\",}", "{\"a\":1,}", "{1:2}", "[1 2]", "{\"a\" \"b\"}",
  "[tru]", "[nul]", "[01]", "[-]", "[1.]", "[.5]", "[1e]", "[+1]", "[1x]", "[\"\\x\"]",
  "[\"\\u12g4\"]", "[\"\n\"]", "]", "}", ",", ":", "[1]]", "[\"a\":1]", "{\"a\"::1}",
])
func whatIsNoJSONIsAFault(text: String) {
  let read = events(Array((text + " ").utf8))
  #expect(read.0.filter { $0.contains("fault") }.count == 1, "\(read.0)")
  #expect(read.isWhole)
}

@Test func afterAFaultInALineTheNextIsRead() {
  #expect(
    events("{\"a\":1}\n{\"a\":x}\n{\"a\":2}\n").filter { !$0.contains("object") } == [
      "1 key a", "1 scalar 1", "2 key a", "2 fault ", "3 key a", "3 scalar 2",
    ])
  #expect(
    events("{\"a\":x}\n{\"a\":2}\n").filter { !$0.contains("object") } == ["1 key a", "1 fault "])
}

@Test func depthAndLengthsAreLimited() {
  func nested(_ depth: Int) -> [UInt8] {
    [UInt8](repeating: UInt8(ascii: "["), count: depth)
      + [UInt8](repeating: UInt8(ascii: "]"), count: depth)
  }
  #expect(events(nested(JSONReader.depthMax)).0.count == 2 * JSONReader.depthMax)
  #expect(events(nested(JSONReader.depthMax + 1)).0.last == "1 fault ")
  for (length, event) in [
    (JSONReader.textBytesMax, "string"), (JSONReader.textBytesMax + 1, "longText"),
  ] {
    let text =
      [UInt8(ascii: "\"")] + [UInt8](repeating: UInt8(ascii: "x"), count: length)
      + [UInt8(ascii: "\"")]
    for cuts in [[], [9], [length / 2, length]] {
      let read = events(text, cuts: cuts).0
      #expect(read.count == 1 && read[0].hasPrefix("1 \(event)"), "\(cuts)")
    }
  }
  #expect(events("[1" + String(repeating: "0", count: 64) + "]").last == "1 fault ")
}

@Test func howJSONIsCutChangesNothing() {
  let text = Array(
    "\u{feff}[{\"k\\n\u{e9}\": -1.5e+3, \"\": [true, false, null, \"\\ud83d\\ude00x\\\\\"]},\n\n 12 ]\r\n{\"a\":x}\n\"b\" 3"
      .utf8)
  let whole = events(text)
  #expect(whole.0.count == 19)
  for cut in 0...text.count { #expect(events(text, cuts: [cut]) == whole, "cut at \(cut)") }
  #expect(events(text, cuts: Array(0...text.count)) == whole)
}

@Test func cutsAndFlipsOfJSONNeverTrap() {
  let text = Array("[{\"key\": -1.5e+3, \"x\": [true, \"\\ud83d\\ude00\\\"\"]},\n null]\n{}\n".utf8)
  var faults = 0
  for length in 0...text.count { _ = events(Array(text[..<length])) }
  for position in text.indices {
    for bit in 0..<8 {
      var flipped = text
      flipped[position] ^= 1 << UInt8(bit)
      let read = events(flipped)
      faults += read.0.contains { $0.contains("fault") } ? 1 : 0
    }
  }
  #expect(faults > 100)
}

/// A value of JSON made at random.
private func random(_ generator: inout Seeded, depth: Int) -> Any {
  let alphabet = Array("aB \"\\/\n\t\u{e9}\u{20ac}\u{1f600}{}[]:,0")
  func text() -> String {
    String(
      (0..<Int.random(in: 0...8, using: &generator)).map { _ in
        alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
      })
  }
  switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &generator) {
  case 0: return NSNull()
  case 1: return Bool.random(using: &generator)
  case 2: return Double(Int.random(in: -99_999...99_999, using: &generator)) / 8
  case 3, 4: return text()
  case 5:
    return (0..<Int.random(in: 0...4, using: &generator)).map { _ in
      random(&generator, depth: depth - 1)
    }
  default:
    var object: [String: Any] = [:]
    for _ in 0..<Int.random(in: 0...4, using: &generator) {
      object[text()] = random(&generator, depth: depth - 1)
    }
    return object
  }
}

@Test func valuesAreThoseThatFoundationReads() throws {
  var generator = Seeded(29)
  for round in 0..<2_000 {
    let value: [Any] = [random(&generator, depth: 4)]
    var options: JSONSerialization.WritingOptions = [.fragmentsAllowed]
    if round % 2 == 0 { options.insert(.prettyPrinted) }
    let data = try JSONSerialization.data(withJSONObject: value, options: options)
    var (reader, builder) = (JSONReader(), Builder())
    let bytes = Array(data)
    reader.read(bytes.span, into: &builder)
    let isWhole = reader.finish(into: &builder)
    #expect(isWhole && !builder.hasFault && builder.values.count == 1, "seed 29, round \(round)")
    let expected = try JSONSerialization.jsonObject(with: data)
    #expect(
      (builder.values.first as? NSArray) == (expected as? NSArray), "seed 29, round \(round)")
  }
}
