/// Appends JSON to a buffer of bytes: for events, of which there are many.
///
/// Values are written as they come; the caller opens and closes objects.
struct JSONText {
  private(set) var bytes: [UInt8] = []
  private var needsComma = false

  /// Forgets the text but keeps the memory.
  mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
    needsComma = false
  }

  mutating func beginObject(_ key: StaticString? = nil) {
    begin(key)
    bytes.append(UInt8(ascii: "{"))
    needsComma = false
  }

  mutating func endObject() {
    bytes.append(UInt8(ascii: "}"))
    needsComma = true
  }

  mutating func endLine() {
    bytes.append(UInt8(ascii: "\n"))
    needsComma = false
  }

  mutating func add(_ key: StaticString, _ value: String) {
    begin(key)
    appendQuoted(value.utf8)
  }

  mutating func add(_ key: StaticString, bytes value: some Sequence<UInt8>) {
    begin(key)
    appendQuoted(value)
  }

  mutating func add(_ key: StaticString, _ value: some BinaryInteger) {
    begin(key)
    bytes.append(contentsOf: String(value).utf8)
  }

  mutating func add(_ key: StaticString, _ values: [String]) {
    addList(key, values) { text, value in text.appendQuoted(value.utf8) }
  }

  mutating func add(_ key: StaticString, numbers: [UInt16]) {
    addList(key, numbers) { text, value in text.bytes.append(contentsOf: String(value).utf8) }
  }

  private mutating func addList<Value>(
    _ key: StaticString, _ values: [Value], _ append: (inout JSONText, Value) -> Void
  ) {
    begin(key)
    bytes.append(UInt8(ascii: "["))
    for (index, value) in values.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      append(&self, value)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  private mutating func begin(_ key: StaticString?) {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
    guard let key else { return }
    appendQuoted(key.description.utf8)
    bytes.append(UInt8(ascii: ":"))
  }

  /// A string; what is not printable ASCII is escaped byte by byte, so that hostile input stays text.
  private mutating func appendQuoted(_ text: some Sequence<UInt8>) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0x20..<0x7f: bytes.append(byte)
      case 0x80...:
        // Feed names may be UTF-8, which JSON takes as it is; names from packets are escaped before.
        bytes.append(byte)
      default:
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(contentsOf: Array("\\u00".utf8))
        bytes.append(digits[Int(byte >> 4)])
        bytes.append(digits[Int(byte & 15)])
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
