import Glibc
import WeirModel

/// The C library's reading of an address, the oracle of ours.
func libraryReading(_ text: String) -> IPAddress? {
  var bytes = [UInt8](repeating: 0, count: 16)
  // The buffer holds 16 bytes, the most that either family writes.
  if unsafe inet_pton(AF_INET, text, &bytes) == 1 {
    return IPAddress(v4: bytes.span.bigEndian32(at: 0))
  }
  if unsafe inet_pton(AF_INET6, text, &bytes) == 1 {
    return IPAddress(v6High: bytes.span.bigEndian64(at: 0), low: bytes.span.bigEndian64(at: 8))
  }
  return nil
}

/// The C library's printing of an address.
func libraryText(_ address: IPAddress) -> String {
  var bytes: [UInt8] = []
  if address.family == .v4 {
    for shift in [24, 16, 8, 0] {
      bytes.append(UInt8(truncatingIfNeeded: address.low >> UInt64(shift)))
    }
  } else {
    for half in [address.high, address.low] {
      for shift in stride(from: 56, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: half >> UInt64(shift)))
      }
    }
  }
  var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
  let family = address.family == .v4 ? AF_INET : AF_INET6
  // The buffer is as long as the longest text with its zero byte.
  guard unsafe inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "?" }
  return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// The C library's calendar, the oracle of ours.
func libraryDate(_ seconds: Int64, microseconds: Int64) -> String {
  var time = time_t(seconds)
  var parts = unsafe tm()
  // Both live through the call.
  _ = unsafe gmtime_r(&time, &parts)
  let fields = unsafe [
    parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
    parts.tm_sec,
  ].map { $0 < 10 ? "0\($0)" : "\($0)" }
  let fraction = String(String(1_000_000 + microseconds).dropFirst())
  return
    "\(fields[0])-\(fields[1])-\(fields[2])T\(fields[3]):\(fields[4]):\(fields[5]).\(fraction)Z"
}
