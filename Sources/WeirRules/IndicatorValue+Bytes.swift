import WeirMatch
import WeirModel

extension IndicatorValue {
  /// The bytes under which a `ValueSet` knows the value; nil when it belongs to another set.
  var setBytes: [UInt8]? {
    switch self {
    case .url(let url): url.bytes
    case .ja4(let fingerprint): fingerprint.bytes
    case .ja3(let digest), .certificate(let digest), .file(let digest): digest.bytes
    case .autonomousSystem(let number):
      (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * UInt32($0))) }
    case .address, .prefix, .range, .endpoint, .domain, .pattern: nil
    }
  }

  /// The text of a value whose bytes a `ValueSet` holds.
  static func text(of kind: IndicatorKind, _ bytes: [UInt8]) -> String {
    switch kind {
    case .ja3, .cert, .hash: hexadecimalText(bytes)
    case .asn:
      IndicatorValue.autonomousSystem(bytes.reduce(0) { $0 << 8 | UInt32($1) }).description
    default: String(decoding: bytes, as: UTF8.self)
    }
  }
}
