import Foundation
import Testing
import WeirModel

/// A frame of `Fixtures/frames`, and what it is expected to tell (see `Fixtures/README.md`).
struct FrameFile: CustomTestStringConvertible {
  var name: String
  var bytes: [UInt8] = []
  var link = LinkType.ethernet
  /// 0 when the capture kept all of it.
  var wireLength: UInt32 = 0
  /// `where value` of each observable and `undecided reason`, sorted.
  var expected: [String] = []

  var testDescription: String { name }

  static let all: [FrameFile] = {
    let folder = repository.appendingPathComponent("Fixtures/frames")
    let files = try? FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    return (files ?? []).filter { $0.pathExtension == "hex" }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
      .compactMap(FrameFile.init)
  }()

  /// Nil when the file does not keep to the format.
  init?(_ url: URL) {
    name = url.deletingPathExtension().lastPathComponent
    guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
    for line in text.split(separator: "\n") {
      if line.hasPrefix("# expect: ") {
        expected.append(String(line.dropFirst("# expect: ".count)))
      } else if line.hasPrefix("link: ") {
        guard let known = FrameFile.links[String(line.dropFirst("link: ".count))] else {
          return nil
        }
        link = known
      } else if line.hasPrefix("wire: ") {
        guard let length = UInt32(line.dropFirst("wire: ".count)) else { return nil }
        wireLength = length
      } else {
        for digits in line.prefix(while: { $0 != "#" }).split(separator: " ") {
          guard let byte = UInt8(digits, radix: 16) else { return nil }
          bytes.append(byte)
        }
      }
    }
    expected.sort()
  }

  private static let links: [String: LinkType] = [
    "ethernet": .ethernet, "raw": .raw, "sll": .linuxSLL, "sll2": .linuxSLL2, "null": .null,
    "loop": .loop,
  ]
}

/// The root of the repository.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()
