import WeirMatch
import WeirModel

/// What a program of another project does to match with `WeirMatch`: sets into an image, look-ups in it.
@main enum MatchExample {
  static func main() throws {
    let image = try Image(try indicators().finish())
    try lookUpAddresses(image)
    try lookUpNames(image)
    try scanPayload(image)
  }

  /// Lays out one set of each kind; entries are numbered in the order in which they are given.
  private static func indicators() throws -> ImageBuilder {
    var image = ImageBuilder()
    let hosts = ["192.0.2.7", "192.0.2.9"].compactMap { IPAddress($0)?.v4Bits }
    let blocks = [("192.0.2.0", 24), ("2001:db8::", 32)].compactMap { text, length in
      IPAddress(text).map { IPPrefix($0, length: length) }
    }
    try AddressSetBuilder.add(
      v4Hosts: hosts, v6Hosts: [],
      blocks: blocks.compactMap { IPRange($0.address, $0.last) }, to: &image)
    let names = ["evil.example", "tracker.test"].compactMap { DomainName($0) }
    try DomainSetBuilder.add(names, to: &image)
    let patterns = ["cmd.exe", "X-Evil:"].compactMap {
      BytePattern(Array($0.utf8), ignoresCase: true)
    }
    try PatternSetBuilder.add(patterns, to: &image)
    return image
  }

  private static func lookUpAddresses(_ image: Image) throws {
    let set = try AddressSet(image)
    for text in ["192.0.2.7", "192.0.2.8", "2001:db8::1", "198.51.100.1"] {
      guard let address = IPAddress(text) else { continue }
      var found: [String] = []
      // The smallest first.
      set.forEachEntry(covering: address) { found.append(set.range(of: $0).description) }
      print("\(text): \(found.isEmpty ? "clean" : found.joined(separator: ", "))")
    }
  }

  private static func lookUpNames(_ image: Image) throws {
    let set = try DomainSet(image)
    for text in ["www.evil.example", "notevil.example", "tracker.test"] {
      // Canonical text: lower case, without a final dot.
      let bytes = Array(text.utf8)
      var found: [String] = []
      set.forEachEntry(covering: bytes.span) { entry, isExact in
        found.append("\(set.name(of: entry))\(isExact ? "" : " above it")")
      }
      print("\(text): \(found.isEmpty ? "clean" : found.joined(separator: ", "))")
    }
  }

  private static func scanPayload(_ image: Image) throws {
    let set = try PatternSet(image)
    // A stream in two segments: eight bytes of state join them.
    var state = PatternStreamState()
    var position = 0
    for segment in ["GET /CMD.E", "XE HTTP/1.1\r\nx-evil: 1\r\n"] {
      let bytes = Array(segment.utf8)
      set.scan(bytes.span, resuming: &state) { pattern, end in
        let text = String(decoding: set.pattern(pattern).bytes, as: UTF8.self)
        print("\(text) ends at byte \(position + end) of the stream")
      }
      position += bytes.count
    }
  }
}
