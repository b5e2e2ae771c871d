/// The sessions that traffic is made of, and how often each mix has them.
struct ShapeCatalog: Sendable {
  let shapes: [SessionShape]
  let weights: [UInt64]

  /// The shapes with a weight above zero in `mix`, which must not be `frames100`.
  init(_ mix: TrafficMix) {
    let rows = ShapeCatalog.rows.filter { $0.weight(in: mix) > 0 }
    shapes = rows.map(\.shape)
    weights = rows.map { $0.weight(in: mix) }
  }

  private struct Row: Sendable {
    let shape: SessionShape
    let imix: UInt64
    let web: UInt64
    let dns: UInt64
    let small: UInt64
    let large: UInt64

    func weight(in mix: TrafficMix) -> UInt64 {
      switch mix {
      case .imix: imix
      case .web: web
      case .dns: dns
      case .small: small
      case .large: large
      case .frames100: 0
      }
    }
  }

  private static let full = 1448

  private static func repeated(_ length: Int, _ count: Int, then last: [Int] = []) -> [Int] {
    [Int](repeating: length, count: count) + last
  }

  private static func web(_ content: Content, _ lengths: [Int]) -> SessionShape {
    .tcp(port: 80, client: .httpRequest, server: .content(content, lengths: lengths))
  }

  private static func secure(_ more: [Int], later: Int) -> SessionShape {
    .tcp(
      port: 443, client: .tlsClient,
      server: .content(.records, lengths: [full, full, 620] + more), later: later)
  }

  private static func transfer(_ content: Content, _ lengths: [Int]) -> SessionShape {
    .tcp(port: 9090, client: .none, server: .content(content, lengths: lengths))
  }

  private static let voice = SessionShape.messages(
    .udp, port: 16_386, client: .content(.voice, lengths: repeated(172, 20)),
    server: .content(.voice, lengths: repeated(172, 20)),
    order: (0..<40).map { $0 % 2 == 0 }, pause: 24)

  private static let opaque = SessionShape.messages(
    .udp, port: 4433, client: .content(.shortHeader, lengths: [1200] + repeated(42, 6)),
    server: .content(.shortHeader, lengths: repeated(1200, 12, then: [540])),
    order: [true] + (0..<19).map { $0 % 3 == 2 }, pause: 12)

  private static let rows: [Row] = [
    Row(  // A name and its address.
      shape: .messages(.udp, port: 53, client: .dnsQuery, server: .dnsAnswer),
      imix: 260, web: 220, dns: 800, small: 200, large: 40),
    Row(  // A name that there is not.
      shape: .messages(.udp, port: 53, client: .dnsQuery, server: .dnsNoName),
      imix: 30, web: 20, dns: 80, small: 20, large: 3),
    Row(
      shape: .messages(
        .udp, port: 123, client: .content(.timeRequest, lengths: [48]),
        server: .content(.timeReply, lengths: [48])),
      imix: 20, web: 10, dns: 10, small: 40, large: 2),
    Row(
      shape: .messages(
        .icmp, port: 0, client: .content(.echo, lengths: [56]),
        server: .content(.echo, lengths: [56])),
      imix: 10, web: 5, dns: 2, small: 30, large: 1),
    Row(shape: voice, imix: 50, web: 10, dns: 1, small: 80, large: 2),
    Row(shape: opaque, imix: 30, web: 80, dns: 1, small: 2, large: 60),
    Row(shape: .refused, imix: 60, web: 20, dns: 20, small: 400, large: 5),
    Row(shape: transfer(.bulk, repeated(full, 60)), imix: 8, web: 25, dns: 1, small: 1, large: 400),
    Row(shape: transfer(.text, repeated(536, 30)), imix: 60, web: 10, dns: 1, small: 2, large: 10),
    Row(shape: transfer(.text, repeated(18, 20)), imix: 120, web: 10, dns: 3, small: 250, large: 2),
    Row(shape: web(.page, [700]), imix: 90, web: 80, dns: 20, small: 20, large: 20),
    Row(
      shape: web(.page, [full, full, full, 900]), imix: 50, web: 100, dns: 10, small: 2, large: 40),
    Row(
      shape: web(.download, repeated(full, 20, then: [333])),
      imix: 10, web: 70, dns: 1, small: 1, large: 160),
    Row(shape: secure([420], later: 1), imix: 120, web: 120, dns: 30, small: 20, large: 20),
    Row(
      shape: secure([full, full, 512], later: 2), imix: 60, web: 160, dns: 10, small: 2, large: 40),
    Row(
      shape: secure(repeated(full, 24, then: [777]), later: 3),
      imix: 10, web: 90, dns: 1, small: 1, large: 200),
  ]
}
