/// Where reading of a followed log goes on.
struct SavedPosition: Equatable {
  var identity: FileIdentity
  /// Of the first line that was not lent yet.
  var offset: Int
  /// Of the file's first bytes, and of how many.
  var fingerprint: UInt64
  var fingerprintBytes: Int
}

/// The positions of followed logs as a text: five numbers and the path in each line.
public struct FollowState: Sendable {
  private var positions: [String: SavedPosition] = [:]

  /// No positions.
  public init() {}

  /// Reads a text; lines that are none of ours are left out.
  public init(_ text: [UInt8]) {
    for line in text.split(separator: UInt8(ascii: "\n")) {
      let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
      let numbers = parts.prefix(5).compactMap { UInt64(String(decoding: $0, as: UTF8.self)) }
      guard parts.count == 6, numbers.count == 5, numbers[4] <= FollowedLog.fingerprintBytesMax,
        let offset = Int(exactly: numbers[2])
      else { continue }
      positions[String(decoding: parts[5], as: UTF8.self)] = SavedPosition(
        identity: FileIdentity(device: numbers[0], number: numbers[1]), offset: offset,
        fingerprint: numbers[3], fingerprintBytes: Int(numbers[4]))
    }
  }

  subscript(path: String) -> SavedPosition? {
    get { positions[path] }
    set { positions[path] = newValue }
  }

  /// The text, sorted by path.
  public var text: [UInt8] {
    var text = ""
    for (path, saved) in positions.sorted(by: { $0.key < $1.key }) {
      text += "\(saved.identity.device) \(saved.identity.number) \(saved.offset) "
      text += "\(saved.fingerprint) \(saved.fingerprintBytes) \(path)\n"
    }
    return Array(text.utf8)
  }
}
