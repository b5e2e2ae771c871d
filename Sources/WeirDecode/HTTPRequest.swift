import WeirModel

/// The head of an HTTP/1 request (RFC 9112): where its parts lie in the payload.
public struct HTTPRequest: Equatable, Sendable {
  /// The request target as it stands on the wire.
  public var target: Range<Int> = 0..<0
  /// The host, without port: of the target when that is absolute or of CONNECT, else of the Host
  /// field (RFC 9112, section 3.2.2).
  ///
  /// Brackets of an IPv6 literal are left out. Empty when there is none.
  public var host: Range<Int> = 0..<0
  /// The port that stands behind the host, as digits; empty when there is none.
  public var port: Range<Int> = 0..<0
  /// The path and query of the target.
  ///
  /// Empty for CONNECT, and for an absolute target that ends with its host.
  public var path: Range<Int> = 0..<0
  /// Whether the request opens a tunnel, so that it names a host and no resource.
  public var isConnect = false
  /// The body's length as the head states it; 0 when it does not.
  public var contentLength = 0
  /// Where the head ends.
  public var end = 0
  /// Whether the head ends in this payload.
  public var isComplete = false
  /// Whether the head has more fields or bytes than are read, so that it is not known in full.
  public var passesLimits = false

  /// The most header fields that are read of one request.
  public static let fieldsMax = 128
  /// The longest head, in bytes; nginx and Apache allow 8 KiB a line.
  public static let headBytesMax = 65_536

  /// Whether the bytes begin with a method and a blank.
  @inlinable public static func begins(_ payload: Span<UInt8>) -> Bool {
    guard payload.count >= 16 else { return false }
    switch payload.bigEndian32(at: 0) {
    case 0x4745_5420: return true  // "GET "
    case 0x5055_5420: return true  // "PUT "
    case 0x504f_5354: return payload[4] == 0x20  // "POST "
    case 0x4845_4144: return payload[4] == 0x20  // "HEAD "
    default: return beginsWithRarerMethod(payload)
    }
  }

  @usableFromInline static func beginsWithRarerMethod(_ payload: Span<UInt8>) -> Bool {
    switch payload.bigEndian64(at: 0) {
    case 0x434f_4e4e_4543_5420: true  // "CONNECT "
    case 0x4f50_5449_4f4e_5320: true  // "OPTIONS "
    case 0x5052_4f50_4649_4e44: payload[8] == 0x20  // "PROPFIND "
    case 0x5052_4f50_5041_5443: payload.bigEndian16(at: 8) == 0x4820  // "PROPPATCH "
    case let word:
      word >> 8 == 0x44_454c_4554_4520  // "DELETE "
        || word >> 16 == 0x5452_4143_4520  // "TRACE "
        || word >> 8 == 0x55_4e4c_4f43_4b20  // "UNLOCK "
        || word >> 16 == 0x5041_5443_4820  // "PATCH "
        || word >> 16 == 0x4d4b_434f_4c20  // "MKCOL "
        || word >> 24 == 0x43_4f50_5920  // "COPY "
        || word >> 24 == 0x4d_4f56_4520  // "MOVE "
        || word >> 24 == 0x4c_4f43_4b20  // "LOCK "
    }
  }

  /// Reads the request that begins at `start`, as far as it goes.
  ///
  /// - Throws: `DecodeError` when the first line is no request line.
  /// - Complexity: O(head), at most `headBytesMax`.
  public init(parsing payload: Span<UInt8>, at start: Int) throws(DecodeError) {
    let limit = min(payload.count, start + HTTPRequest.headBytesMax)
    guard let lineEnd = lineEnd(payload, from: start, limit) else {
      passesLimits = limit < payload.count
      return
    }
    try readRequestLine(payload, start..<trimmedEnd(payload, start, lineEnd))
    var offset = lineEnd + 1
    for _ in 0..<HTTPRequest.fieldsMax {
      guard let next = WeirDecode.lineEnd(payload, from: offset, limit) else {
        passesLimits = limit < payload.count
        return
      }
      let fieldEnd = trimmedEnd(payload, offset, next)
      if fieldEnd == offset {
        end = next + 1
        isComplete = true
        return
      }
      readField(payload, offset..<fieldEnd)
      offset = next + 1
    }
    passesLimits = true
  }

  /// `method SP target SP HTTP/1.x`.
  private mutating func readRequestLine(
    _ payload: Span<UInt8>, _ line: Range<Int>
  ) throws(DecodeError) {
    let malformed = DecodeError(.http, .contentMalformed, at: line.lowerBound)
    guard let blank = index(of: 0x20, payload, line) else { throw malformed }
    // The version is eight bytes behind the last blank.
    let versionStart = line.upperBound - 8
    guard versionStart - 1 > blank + 1, payload[versionStart - 1] == 0x20,
      payload.bigEndian64(at: versionStart) >> 8 == 0x48_5454_502f_312e  // "HTTP/1."
    else { throw malformed }
    target = blank + 1..<versionStart - 1
    path = target
    // "CO", which begins COPY too, then "N".
    isConnect =
      payload[line.lowerBound] == UInt8(ascii: "C")
      && payload[line.lowerBound + 2] == UInt8(ascii: "N")
    if isConnect {
      setHost(payload, target)
      path = target.upperBound..<target.upperBound
    } else if let authority = authorityOfAbsoluteTarget(payload) {
      setHost(payload, authority)
      path = authority.upperBound..<target.upperBound
    }
  }

  /// The authority of `http://authority/path`, user information left out.
  private func authorityOfAbsoluteTarget(_ payload: Span<UInt8>) -> Range<Int>? {
    guard target.count > 7, payload[target.lowerBound] != UInt8(ascii: "/") else { return nil }
    guard let colon = index(of: 0x3a, payload, target), colon + 2 < target.upperBound,
      payload[colon + 1] == 0x2f, payload[colon + 2] == 0x2f
    else { return nil }
    var start = colon + 3
    var end = start
    while end < target.upperBound, !isAuthorityEnd(payload[end]) {
      if payload[end] == UInt8(ascii: "@") { start = end + 1 }
      end += 1
    }
    return start..<end
  }

  private mutating func readField(_ payload: Span<UInt8>, _ line: Range<Int>) {
    guard let colon = index(of: 0x3a, payload, line) else { return }
    let name = line.lowerBound..<colon
    var start = colon + 1
    while start < line.upperBound, payload[start] == 0x20 || payload[start] == 0x09 { start += 1 }
    var stop = line.upperBound
    while stop > start, payload[stop - 1] == 0x20 || payload[stop - 1] == 0x09 { stop -= 1 }
    if isHost(payload, name) {
      if host.isEmpty { setHost(payload, start..<stop) }
    } else if isContentLength(payload, name) {
      contentLength = decimal(payload, start..<stop)
    }
  }

  /// Cuts the port off `host:port` or `[v6]:port`.
  private mutating func setHost(_ payload: Span<UInt8>, _ authority: Range<Int>) {
    guard !authority.isEmpty else { return }
    var hostEnd = authority.lowerBound
    if payload[authority.lowerBound] == UInt8(ascii: "[") {
      hostEnd = index(of: UInt8(ascii: "]"), payload, authority) ?? authority.upperBound
      host = authority.lowerBound + 1..<hostEnd
    }
    let colon = index(of: 0x3a, payload, hostEnd..<authority.upperBound)
    if host.isEmpty { host = authority.lowerBound..<(colon ?? authority.upperBound) }
    if let colon { port = colon + 1..<authority.upperBound }
  }
}

/// Where the line that begins at `start` has its line feed.
private func lineEnd(_ payload: Span<UInt8>, from start: Int, _ limit: Int) -> Int? {
  guard start < limit else { return nil }
  return index(of: 0x0a, payload, start..<limit)
}

/// The end of a line without the carriage return that should stand before its line feed.
private func trimmedEnd(_ payload: Span<UInt8>, _ start: Int, _ lineFeed: Int) -> Int {
  lineFeed > start && payload[lineFeed - 1] == 0x0d ? lineFeed - 1 : lineFeed
}

private func index(of byte: UInt8, _ payload: Span<UInt8>, _ range: Range<Int>) -> Int? {
  for index in range where payload[index] == byte { return index }
  return nil
}

private func isAuthorityEnd(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
}

/// Whether the bytes are `Host`, in any case.
///
/// Setting bit 5 folds letters and leaves no other byte that could pass for one.
private func isHost(_ payload: Span<UInt8>, _ name: Range<Int>) -> Bool {
  name.count == 4 && payload.bigEndian32(at: name.lowerBound) | 0x2020_2020 == 0x686f_7374
}

/// Whether the bytes are `Content-Length`, in any case.
private func isContentLength(_ payload: Span<UInt8>, _ name: Range<Int>) -> Bool {
  let fold: UInt64 = 0x2020_2020_2020_2020
  return name.count == 14
    && payload.bigEndian64(at: name.lowerBound) | fold == 0x636f_6e74_656e_742d
    && payload.bigEndian64(at: name.lowerBound + 6) | fold == 0x742d_6c65_6e67_7468
}

/// The number that the digits say; 0 for anything else, or for more than fits a payload of 2^40 bytes.
private func decimal(_ payload: Span<UInt8>, _ range: Range<Int>) -> Int {
  guard range.count <= 12 else { return 0 }
  var value = 0
  for index in range {
    let digit = payload[index] &- UInt8(ascii: "0")
    guard digit < 10 else { return 0 }
    value = value * 10 + Int(digit)
  }
  return value
}
