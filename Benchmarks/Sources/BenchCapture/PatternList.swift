import FoundationEssentials

/// One entry of a pattern list: `{"id": "p1", "hex": "6576696c", "nocase": true}`.
private struct PatternEntry: Codable {
  let id: String
  let hex: String
  let nocase: Bool?
}

extension IndicatorLists {
  /// The patterns of a JSON list.
  static func patterns(in text: [UInt8], path: String) throws(CaptureError) -> [BytePattern] {
    let entries: [PatternEntry]
    do {
      entries = try JSONDecoder().decode([PatternEntry].self, from: Data(text))
    } catch {
      throw .unreadable(path: path, reason: "\(error)")
    }
    var patterns: [BytePattern] = []
    for entry in entries {
      guard let bytes = bytes(hex: entry.hex), bytes.count >= PatternSearcher.lengthMin else {
        throw .invalidIndicator(
          "pattern \(entry.id) needs at least \(PatternSearcher.lengthMin) bytes of hex")
      }
      patterns.append(
        BytePattern(identifier: entry.id, bytes: bytes, ignoresCase: entry.nocase ?? false))
    }
    return patterns
  }

  /// The JSON list of `patterns`, as ``patterns(in:path:)`` reads it.
  static func json(of patterns: [BytePattern]) throws -> [UInt8] {
    let entries = patterns.map { pattern in
      PatternEntry(
        id: pattern.identifier, hex: hex(pattern.bytes), nocase: pattern.ignoresCase ? true : nil)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return [UInt8](try encoder.encode(entries))
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static func bytes(hex: String) -> [UInt8]? {
    let digits = hex.compactMap(\.hexDigitValue)
    guard digits.count == hex.count, digits.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map {
      UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
  }
}
