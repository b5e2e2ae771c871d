/// Why a line of a feed was not used.
///
/// The raw value is the name in JSON.
///
/// What cannot be expressed exactly is rejected and counted here, never approximated.
public enum RejectReason: String, CaseIterable, Error, Sendable {
  // Any format.
  /// Longer than `FeedParser.lineBytesMax`.
  case lineTooLong = "line-too-long"
  /// Control bytes where text should be.
  case notText = "not-text"
  /// The file broke off within the line.
  case lineCut = "line-cut"
  /// Older than the feed's time to live.
  case expired
  /// A kind of value that Weir has no use for: a name of a file or a person, a key of a registry.
  case unsupportedKind = "unsupported-kind"
  /// Columns that the format does not have.
  case unexpectedColumns = "unexpected-columns"

  // Addresses.
  /// No address, prefix, range or endpoint.
  case invalidAddress = "invalid-address"
  /// A prefix length or netmask that the family does not have.
  case prefixLength = "prefix-length"
  /// The last address of a range lies below its first.
  case rangeReversed = "range-reversed"
  /// The ends of a range are of different families.
  case rangeFamilies = "range-families"
  /// A port that is no number from 1 to 65535.
  case invalidPort = "invalid-port"
  /// Two address columns, which may be a range, a pair or a translation.
  case twoAddresses = "two-addresses"
  /// A line of a hosts file in a list of addresses.
  case hostsLine = "hosts-line"

  // Names.
  /// No domain name.
  case invalidName = "invalid-name"
  /// Not ASCII: internationalized names are read as punycode only.
  case notASCII = "not-ascii"
  /// One label only, which would name a whole top-level domain.
  case singleLabel = "single-label"
  /// `*` in another place than the first label.
  case wildcard
  /// A URL or a path where a name should be.
  case url
  /// An address in a list of names; the format `mixed` reads both.
  case addressAmongNames = "address-among-names"
  /// A line without a name.
  case missingName = "missing-name"
  /// A line that gives a name a real address.
  case notASinkAddress = "not-a-sink-address"

  // Other values.
  /// No URL of HTTP or HTTPS.
  case invalidURL = "invalid-url"
  /// No digest in hexadecimal digits of a length that an algorithm has, or no fingerprint.
  case invalidDigest = "invalid-digest"
  /// No number of an autonomous system.
  case invalidNumber = "invalid-number"

  // AdBlock rules and configurations of resolvers.
  /// A modifier that a match of names cannot honor exactly.
  case unsupportedModifier = "unsupported-modifier"
  /// A rule that is not for a whole domain, or does another thing than blocking or excepting it.
  case unsupportedRule = "unsupported-rule"
  /// A rule that hides or changes parts of pages.
  case cosmeticRule = "cosmetic-rule"

  // Patterns.
  /// Text that breaks the rules of escaping.
  case invalidPattern = "invalid-pattern"
  /// No pairs of hexadecimal digits.
  case invalidHex = "invalid-hex"
  /// Empty, or longer than `BytePattern.lengthMax`.
  case patternLength = "pattern-length"
  /// Neither `nocase` nor `id=`.
  case unsupportedOption = "unsupported-option"
  /// An id that is empty, too long or not printable.
  case invalidID = "invalid-id"
  /// No JSON, or not of the expected form.
  case invalidJSON = "invalid-json"

  /// The name in JSON.
  public var name: String { rawValue }
}

/// A line that was not used, kept for the report.
public struct RejectedLine: Hashable, Sendable {
  /// The file.
  public let path: String
  /// The line, counted from 1.
  public let line: Int
  /// Why it was not used.
  public let reason: RejectReason
  /// How it begins: at most 60 characters, everything but printable ASCII as `\xNN`.
  public let excerpt: String

  /// The most characters of an excerpt.
  public static let excerptLengthMax = 60

  /// Makes a record of a line that begins with `text`.
  init(path: String, line: Int, reason: RejectReason, text: Span<UInt8>) {
    self.path = path
    self.line = line
    self.reason = reason
    excerpt = RejectedLine.excerpt(of: text)
  }

  private static func excerpt(of text: Span<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var result: [UInt8] = []
    for index in 0..<min(text.count, excerptLengthMax) {
      let byte = text[index]
      let isPlain = byte >= 0x20 && byte < 0x7f && byte != UInt8(ascii: "\\")
      let piece: [UInt8] =
        isPlain
        ? [byte]
        : byte == UInt8(ascii: "\\")
          ? [byte, byte]
          : [UInt8(ascii: "\\"), UInt8(ascii: "x"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      guard result.count + piece.count <= excerptLengthMax else { break }
      result += piece
    }
    return String(decoding: result, as: UTF8.self)
  }
}

extension RejectedLine: CustomStringConvertible {
  /// `path:line: reason: excerpt`.
  public var description: String { "\(path):\(line): \(reason.name): \(excerpt)" }
}
