/// The content hash of a rule set, which names it everywhere.
enum Generation {
  /// `sha256:` and the digest of the image in hexadecimal digits.
  static func text(_ digest: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let text = digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return "sha256:" + String(decoding: text, as: UTF8.self)
  }
}
