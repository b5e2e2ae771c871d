import WeirModel

/// Lines of `name=value`: the kernel's packet filter (`SRC=192.0.2.1 DST=…`), CEF, LEEF, logfmt, PAM.
enum KeyValueLine {
  static func read(_ text: Span<UInt8>, _ line: Range<Int>, _ fields: inout LogFields) {
    var from = line.lowerBound
    while let sign = text.firstPlace(of: UInt8(ascii: "="), in: from..<line.upperBound) {
      var start = sign
      while start > from, LogByte.isWord(text[start - 1]) { start -= 1 }
      from = sign + 1
      guard start < sign, from < line.upperBound else { continue }
      let meaning = FieldMeaning.named(text, start..<sign)
      guard meaning != .nothing else { continue }
      var value = LineText.word(text, from: from, to: line.upperBound)
      if value.isEmpty { continue }
      if text[value.lowerBound] == UInt8(ascii: "\"") {
        let end =
          text.firstPlace(of: UInt8(ascii: "\""), in: from + 1..<line.upperBound)
          ?? line.upperBound
        value = from + 1..<end
      } else if let end = text.firstPlace(of: UInt8(ascii: ","), in: value), meaning != .url {
        value = value.lowerBound..<end
      }
      fields.add(value, meaning)
      from = value.upperBound
    }
  }
}
