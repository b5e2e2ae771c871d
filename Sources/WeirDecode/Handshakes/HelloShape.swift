import WeirModel

/// The lists of a ClientHello that JA3 and JA4 are made of, without GREASE (RFC 8701).
struct HelloShape {
  /// Numbers in the order in which they came, up to 256; hellos of real programs have some 20.
  struct Numbers {
    static let countMax = 256
    private(set) var values = InlineArray<256, UInt16>(repeating: 0)
    private(set) var count = 0

    /// False when there are too many.
    mutating func append(_ value: UInt16) -> Bool {
      guard count < Numbers.countMax else { return false }
      values[count] = value
      count += 1
      return true
    }

    /// In ascending order, by insertion: the lists are short.
    func sorted() -> Numbers {
      var sorted = self
      for index in 0..<count {
        var place = index
        while place > 0, sorted.values[place - 1] > values[index] {
          sorted.values[place] = sorted.values[place - 1]
          place -= 1
        }
        sorted.values[place] = values[index]
      }
      return sorted
    }
  }

  /// The version field of the message, which TLS 1.3 leaves at that of TLS 1.2.
  private(set) var version: UInt16 = 0
  /// The highest version of the list of those supported; 0 without the list.
  private(set) var highestVersion: UInt16 = 0
  private(set) var ciphers = Numbers()
  private(set) var extensions = Numbers()
  private(set) var groups = Numbers()
  private(set) var pointFormats = Numbers()
  private(set) var signatureAlgorithms = Numbers()
  /// The first protocol of ALPN; empty without one.
  private(set) var firstProtocol = 0..<0
  private(set) var hasServerName = false

  /// Reads a whole handshake message; nil when it breaks the rules or has longer lists than are read.
  init?(_ message: Span<UInt8>) {
    guard message.count >= 38, message[0] == 1 else { return nil }
    version = message.bigEndian16(at: 4)
    var reader = VectorReader(38..<message.count)
    guard reader.vector(message, lengthBytes: 1) != nil,
      let suites = reader.vector(message, lengthBytes: 2),
      reader.vector(message, lengthBytes: 1) != nil,
      HelloShape.read(message, suites, into: &ciphers)
    else { return nil }
    guard reader.position < message.count else { return }
    guard let list = reader.vector(message, lengthBytes: 2) else { return nil }
    var inner = VectorReader(list)
    while inner.position < list.upperBound {
      guard let type = inner.big16(message), let data = inner.vector(message, lengthBytes: 2)
      else { return nil }
      guard !HelloShape.isGREASE(type) else { continue }
      guard extensions.append(type), readExtension(message, type, data) else { return nil }
    }
  }

  /// Whether a number means nothing and stands there to be ignored: 0x0a0a, 0x1a1a and so on to 0xfafa.
  static func isGREASE(_ number: UInt16) -> Bool {
    number & 0x0f0f == 0x0a0a && number >> 8 == number & 0xff
  }

  private mutating func readExtension(
    _ message: Span<UInt8>, _ type: UInt16, _ data: Range<Int>
  ) -> Bool {
    var reader = VectorReader(data)
    switch type {
    case 0: hasServerName = true
    case 10:
      guard let list = reader.vector(message, lengthBytes: 2) else { return false }
      return HelloShape.read(message, list, into: &groups)
    case 11:
      guard let list = reader.vector(message, lengthBytes: 1) else { return false }
      for index in list where !pointFormats.append(UInt16(message[index])) { return false }
    case 13:
      guard let list = reader.vector(message, lengthBytes: 2) else { return false }
      return HelloShape.read(message, list, into: &signatureAlgorithms)
    case 16:
      guard let list = reader.vector(message, lengthBytes: 2) else { return false }
      var names = VectorReader(list)
      firstProtocol = names.vector(message, lengthBytes: 1) ?? 0..<0
    case 43:
      guard let list = reader.vector(message, lengthBytes: 1) else { return false }
      readVersions(message, list)
    default: break
    }
    return true
  }

  private mutating func readVersions(_ message: Span<UInt8>, _ list: Range<Int>) {
    var reader = VectorReader(list)
    while let version = reader.big16(message) {
      if !HelloShape.isGREASE(version) { highestVersion = max(highestVersion, version) }
    }
  }

  private static func read(
    _ message: Span<UInt8>, _ list: Range<Int>, into numbers: inout Numbers
  ) -> Bool {
    var reader = VectorReader(list)
    while let number = reader.big16(message) {
      if !isGREASE(number), !numbers.append(number) { return false }
    }
    return true
  }
}
