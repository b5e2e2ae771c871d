/// The objects and lists that are open in a JSON text, with those of their members that a format asks for.
///
/// What is kept is bounded: `JSONReader.depthMax` levels, and `bytesMax` bytes of members.
struct JSONRecords: Sendable {
  /// Names of the members that are kept; their place is their number.
  let names: [StaticText]
  /// The most bytes of members that are kept at once.
  static let bytesMax = 1 << 20

  /// An open object or list.
  struct Level: Sendable {
    var isList: Bool
    /// The number of the name that it stands under, also through lists; -1 for any other name.
    var name: Int
    /// The line in which it begins.
    var line: Int
    /// Whether a member that is asked for is too long to be kept.
    var isTooLong = false
    fileprivate var firstField: Int
    fileprivate var start: Int
  }

  private struct Field {
    var name: Int
    var range: Range<Int>
  }

  private(set) var levels: [Level] = []
  private var fields: [Field] = []
  /// The texts of all members that are kept.
  private(set) var texts: [UInt8] = []
  /// The name of the member that is being read.
  private var name = -1
  /// One bit for each length of a name.
  private let lengths: UInt64

  init(_ names: [StaticText]) {
    self.names = names
    lengths = names.reduce(0) { $0 | 1 << UInt64($1.bytes.count) }
  }

  /// How many are open.
  var depth: Int { levels.count }
  /// Whether the innermost is a list.
  var isInList: Bool { levels.last?.isList ?? false }
  /// The number of the name of the member that is being read, or -1.
  var nextName: Int { name }

  /// Opens an object or a list.
  mutating func open(isList: Bool, line: Int) {
    let name = isInList ? levels[depth - 1].name : depth == 0 ? -1 : self.name
    levels.append(
      Level(isList: isList, name: name, line: line, firstField: fields.count, start: texts.count))
    self.name = -1
  }

  /// Closes the innermost and forgets its members.
  mutating func close() {
    guard let level = levels.popLast() else { return }
    fields.removeLast(fields.count - level.firstField)
    texts.removeLast(texts.count - level.start)
  }

  /// Forgets everything.
  mutating func removeAll() {
    levels.removeAll(keepingCapacity: true)
    fields.removeAll(keepingCapacity: true)
    texts.removeAll(keepingCapacity: true)
    name = -1
  }

  /// Notes the name of the next member.
  mutating func note(_ key: Span<UInt8>) {
    name = -1
    guard key.count < 64, lengths >> UInt64(key.count) & 1 == 1 else { return }
    for (number, candidate) in names.enumerated()
    where candidate.bytes.count == key.count && key.hasBytes(candidate) {
      name = number
      return
    }
  }

  /// Keeps a member of the innermost object when it is asked for.
  mutating func add(_ text: Span<UInt8>) {
    guard name >= 0, !levels.isEmpty else { return }
    guard texts.count + text.count <= JSONRecords.bytesMax, fields.count < 4096 else {
      levels[depth - 1].isTooLong = true
      return
    }
    let start = texts.count
    for index in 0..<text.count { texts.append(text[index]) }
    fields.append(Field(name: name, range: start..<texts.count))
    name = -1
  }

  /// Notes that a member is too long.
  mutating func addLong() {
    if name >= 0, !levels.isEmpty { levels[depth - 1].isTooLong = true }
    name = -1
  }

  /// Where in `texts` a member of the innermost object stands; the last one when it has several of that name.
  subscript(_ name: Int) -> Range<Int>? {
    guard let level = levels.last else { return nil }
    return fields[level.firstField...].last { $0.name == name }?.range
  }

  /// The numbers of the members that are kept of the innermost object, in their order.
  var members: [Int] {
    levels.last.map { level in fields[level.firstField...].map(\.name) } ?? []
  }

  /// Whether a member of the innermost object is `text`.
  func isMember(_ name: Int, _ text: StaticText) -> Bool {
    guard let range = self[name], range.count == text.bytes.count else { return false }
    return texts.span.extracting(range).hasBytes(text)
  }

  /// Whether a member of the innermost object is `true`, or the number 1, also as a string.
  func isTrue(_ name: Int) -> Bool { isMember(name, "true") || isMember(name, "1") }
}
