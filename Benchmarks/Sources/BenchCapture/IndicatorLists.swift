import FoundationEssentials

/// The indicators that a capture may hold, and that its background must not.
public struct IndicatorLists: Sendable {
  /// Addresses and prefixes.
  public var prefixes: [AddressPrefix]
  /// Domain names in lower case; each stands for itself and its subdomains.
  public var domains: [String]
  /// Byte patterns of at least four bytes.
  public var patterns: [BytePattern]

  /// Lists from values.
  public init(prefixes: [AddressPrefix] = [], domains: [String] = [], patterns: [BytePattern] = [])
  {
    self.prefixes = prefixes
    self.domains = domains
    self.patterns = patterns
  }

  /// Reads the lists that `options` names.
  public init(reading options: CaptureOptions) throws(CaptureError) {
    self.init()
    for path in options.addressFiles {
      prefixes += IndicatorLists.prefixes(in: try IndicatorLists.bytes(of: path))
    }
    for path in options.domainFiles {
      domains += IndicatorLists.domains(in: try IndicatorLists.bytes(of: path))
    }
    for path in options.patternFiles {
      patterns += try IndicatorLists.patterns(in: try IndicatorLists.bytes(of: path), path: path)
    }
  }

  /// The first column of each line that is an address or a prefix; other lines are passed over.
  static func prefixes(in text: [UInt8]) -> [AddressPrefix] {
    text.split(separator: UInt8(ascii: "\n")).compactMap { line in
      column(of: line, ending: " \t\r,;#").flatMap(AddressText.prefix)
    }
  }

  /// Names one a line, or hosts lines; what is no domain name is passed over.
  static func domains(in text: [UInt8]) -> [String] {
    text.split(separator: UInt8(ascii: "\n")).compactMap { line in
      guard let first = column(of: line, ending: " \t\r#") else { return nil }
      let isHostsLine = AddressText.prefix(first) != nil
      let second = line[first.endIndex...].drop { $0 == 32 || $0 == 9 }
      guard let name = isHostsLine ? column(of: second, ending: " \t\r#") : first else {
        return nil
      }
      return domain(name)
    }
  }

  private static func column(of line: ArraySlice<UInt8>, ending: String) -> ArraySlice<UInt8>? {
    let marks = Array(ending.utf8)
    let column = line.prefix { !marks.contains($0) }
    guard let first = column.first, first != UInt8(ascii: "!") else { return nil }
    return column
  }

  private static func domain(_ text: ArraySlice<UInt8>) -> String? {
    var name = text.map(foldedByte)[...]
    if name.starts(with: "*.".utf8) { name = name.dropFirst(2) }
    if name.last == UInt8(ascii: ".") { name = name.dropLast() }
    let labels = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let isLetter = { (byte: UInt8) in byte &- 97 < 26 }
    let isAllowed = { (byte: UInt8) in
      isLetter(byte) || byte &- 48 < 10 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
    guard labels.count > 1, name.count <= 200, labels.allSatisfy({ (1...63).contains($0.count) }),
      labels.allSatisfy({ $0.allSatisfy(isAllowed) }),
      labels[labels.count - 1].contains(where: isLetter)
    else { return nil }
    return String(decoding: name, as: UTF8.self)
  }

  private static func bytes(of path: String) throws(CaptureError) -> [UInt8] {
    do {
      return [UInt8](try Data(contentsOf: URL(filePath: path)))
    } catch {
      throw .unreadable(path: path, reason: "\(error)")
    }
  }
}
