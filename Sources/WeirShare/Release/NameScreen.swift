/// Which domain names may be published: none that is internal, and none in which a machine or a person may be spelled.
enum NameScreen {
  private static let labelsMax = 6
  private static let labelBytesMax = 24

  /// Final labels that lead nowhere in the public tree (RFC 6761, 6762, 7686, 8375, 9476), and those that private networks
  /// use all the same.
  private static let internalSuffixes: Set<String> = [
    "arpa", "local", "internal", "lan", "home", "corp", "localhost", "localdomain", "test",
    "invalid", "example", "onion", "alt", "intranet", "private",
  ]

  static func refusal(of name: String) -> ScreenReason? {
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    let isSpelled = labels.allSatisfy { label in
      !label.isEmpty && label.utf8.allSatisfy(isNameByte)
    }
    guard isSpelled, let last = labels.last, !last.utf8.allSatisfy(isDigit) else {
      return .notCanonical
    }
    if internalSuffixes.contains(String(last)) { return .internalName }
    if labels.count < 2 { return .singleLabel }
    if labels.count > labelsMax { return .tooManyLabels }
    if labels.contains(where: { $0.utf8.count > labelBytesMax && $0.utf8.count != 32 }) {
      return .longLabel
    }
    if labels.contains(where: isHexadecimalAddress) || hasDecimalAddress(name) {
      return .namesAddress
    }
    return labels.contains { $0.utf8.count > labelBytesMax } ? .longLabel : nil
  }

  /// Lower case without what is mere decoration, so that `A-C_M.E` and `acme` are the same; digits that are read as letters
  /// become those.
  static func folded(_ name: String) -> String {
    let likeness: [Character: Character] = ["0": "o", "1": "l", "3": "e", "5": "s", "i": "l"]
    return String(
      name.lowercased().filter { !"-_. ".contains($0) }.map { likeness[$0] ?? $0 })
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isHexadecimalAddress(_ label: Substring) -> Bool {
    (label.utf8.count == 8 || label.utf8.count == 32)
      && label.utf8.allSatisfy {
        isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
  }

  /// Whether four decimal numbers up to 255 stand in a row, joined by dots or dashes; either direction is four in a row.
  private static func hasDecimalAddress(_ name: String) -> Bool {
    var run = 0
    for part in name.split(omittingEmptySubsequences: false, whereSeparator: { ".-".contains($0) })
    {
      let isOctet =
        (1...3).contains(part.utf8.count) && (Int(part) ?? 256) <= 255
        && part.utf8.allSatisfy(isDigit)
      run = isOctet ? run + 1 : 0
      if run == 4 { return true }
    }
    return false
  }
}
