import FoundationEssentials
import WeirModel

/// Reads a JSON list of `{"id": …, "hex": …, "nocase": …}` in chunks: finds where each object begins and
/// ends, and decodes one at a time, so that memory is bounded by one object.
struct PatternListReader: Sendable {
  private enum State { case beforeList, inList, inElement, inFault, behindList }

  private var state = State.beforeList
  private var element: [UInt8] = []
  private var elementLine = 0
  private var depth = 0
  private var isInString = false
  private var isEscaped = false
  private var hasBytesInLine = false
  private var bytesSeen = 0

  /// Reads one chunk.
  mutating func parse(
    _ chunk: Span<UInt8>, _ context: LineContext, path: String, counts: inout FeedCounts,
    into sink: (FeedEntry) -> Void
  ) {
    for index in 0..<chunk.count {
      let byte = chunk[index]
      if !hasBytesInLine {
        hasBytesInLine = true
        counts.lines += 1
      }
      if byte == UInt8(ascii: "\n") { hasBytesInLine = false }
      bytesSeen += 1
      guard advance(byte, path: path, counts: &counts) else { continue }
      takeElement(context, path: path, counts: &counts, into: sink)
    }
  }

  /// Reports a list that is not closed.
  mutating func finish(path: String, counts: inout FeedCounts) {
    guard state != .behindList else { return }
    let reason = state == .inElement ? RejectReason.lineCut : .invalidJSON
    let line = state == .inElement ? elementLine : counts.lines
    counts.reject(reason, path: path, line: max(line, 1), text: element.span)
    element = []
  }

  /// Moves on by one byte; true when it closes an object.
  private mutating func advance(_ byte: UInt8, path: String, counts: inout FeedCounts) -> Bool {
    switch state {
    case .inElement: return extendElement(byte)
    case .beforeList where byte == UInt8(ascii: "["): state = .inList
    case .inList where byte == UInt8(ascii: "{"):
      (state, elementLine, depth, element) = (.inElement, counts.lines, 1, [byte])
    case .inList where byte == UInt8(ascii: "]"): state = .behindList
    case .inList where byte == UInt8(ascii: ","): break
    case .inFault where byte == UInt8(ascii: ","): state = .inList
    case .inFault where byte == UInt8(ascii: "]"): state = .behindList
    case .inFault: break
    default:
      let isByteOrderMark = bytesSeen <= 3 && byte >= 0x80
      if isBlank(byte) || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
        || isByteOrderMark
      {
        break
      }
      counts.reject(.invalidJSON, path: path, line: counts.lines, text: [byte].span)
      if state == .inList { state = .inFault } else { state = .behindList }
    }
    return false
  }

  private mutating func extendElement(_ byte: UInt8) -> Bool {
    // One byte more than the limit is enough to see that the object is too long.
    if element.count <= FeedParser.lineBytesMax { element.append(byte) }
    if isInString {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isInString = false
      }
      return false
    }
    switch byte {
    case UInt8(ascii: "\""): isInString = true
    case UInt8(ascii: "{"): depth += 1
    case UInt8(ascii: "}"): depth -= 1
    default: break
    }
    guard depth == 0 else { return false }
    state = .inList
    return true
  }

  private mutating func takeElement(
    _ context: LineContext, path: String, counts: inout FeedCounts,
    into sink: (FeedEntry) -> Void
  ) {
    defer { element.removeAll(keepingCapacity: true) }
    var context = context
    context.line = elementLine
    do throws(RejectReason) {
      guard element.count <= FeedParser.lineBytesMax else { throw .lineTooLong }
      let value = try PatternListReader.decode(element)
      counts.entries += 1
      sink(context.entry(value))
    } catch {
      counts.reject(error, path: path, line: elementLine, text: element.span)
    }
  }

  private struct Object: Decodable {
    let id: String?
    let hex: String
    let nocase: Bool?
  }

  private static func decode(_ bytes: [UInt8]) throws(RejectReason) -> IndicatorValue {
    guard let object = try? JSONDecoder().decode(Object.self, from: Data(bytes)) else {
      throw .invalidJSON
    }
    var content: [UInt8] = []
    let hex = Array(object.hex.utf8)
    try appendHexadecimal(hex.span, to: &content)
    guard let pattern = BytePattern(content, ignoresCase: object.nocase ?? false) else {
      throw .patternLength
    }
    guard let id = object.id else { return .pattern(pattern, id: pattern.description) }
    let idBytes = Array(id.utf8)
    return .pattern(pattern, id: try PatternLine.id(idBytes.span))
  }
}
