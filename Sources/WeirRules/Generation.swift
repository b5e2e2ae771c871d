import WeirModel

/// The content hash of a rule set, which names it everywhere.
enum Generation {
  /// `sha256:` and the digest of the image and of what stands beside it.
  static func hash(
    _ image: [UInt8], feeds: [FeedSettings], feedSetMembers: [[UInt16]], patternIDs: [String]
  ) -> String {
    var sha = SHA256()
    sha.update(image.span)
    var text: [UInt8] = []
    for feed in feeds {
      for field in [
        feed.name, feed.category, feed.action.name, feed.direction.name,
        "\(feed.confidence)", feed.tlp.name,
      ] { append(field, to: &text) }
    }
    // Sets of feeds that ask for the same still differ in who is named.
    for members in feedSetMembers {
      append(members.map { "\($0)" }.joined(separator: ","), to: &text)
    }
    for id in patternIDs { append(id, to: &text) }
    sha.update(text.span)
    return "sha256:" + hexadecimal(sha.finish())
  }

  /// Length first, so that no two lists of strings give the same bytes.
  private static func append(_ field: String, to text: inout [UInt8]) {
    let bytes = Array(field.utf8)
    text.append(contentsOf: "\(bytes.count):".utf8)
    text.append(contentsOf: bytes)
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }
}
