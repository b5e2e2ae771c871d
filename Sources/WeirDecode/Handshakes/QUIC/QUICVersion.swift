import WeirModel

/// A version of QUIC whose Initial packets can be read: 1 (RFC 9001), 2 (RFC 9369), and the last drafts of 1.
public struct QUICVersion: Equatable, Sendable {
  /// How the versions differ in what they protect Initial packets with.
  enum Generation {
    case draft22, draft23, draft29, one, two
  }

  let generation: Generation
  /// Whether the number is one that no server speaks, which makes it name those that it does (RFC 9000, section 15).
  public let isReserved: Bool

  /// Makes a version from the number in a long header; nil when it is not known.
  public init?(_ number: UInt32) {
    isReserved = number & 0x0f0f_0f0f == 0x0a0a_0a0a
    switch number {
    case _ where isReserved: generation = .one
    case 1, 0xff00_0021...0xff00_0022: generation = .one
    case 0x6b33_43cf: generation = .two
    case 0xff00_001d...0xff00_0020: generation = .draft29
    // The others are those of Facebook's mvfst.
    case 0xff00_0017...0xff00_001c, 0xface_b002, 0xface_b00e: generation = .draft23
    case 0xff00_0015...0xff00_0016, 0xface_b001: generation = .draft22
    default: return nil
    }
  }

  /// What else may protect packets of this version: clients differ in what they take for a reserved one.
  public var alternative: QUICVersion? { isReserved ? QUICVersion(0xff00_001d) : nil }

  /// The bits of a long header's first byte that say which sort of packet it is (RFC 9369, section 3.2).
  func kind(_ first: UInt8) -> QUICPacket.Kind {
    let bits = first >> 4 & 3
    switch generation == .two ? (bits &+ 3) & 3 : bits {
    case 0: return .initial
    case 1: return .zeroRTT
    case 2: return .handshake
    default: return .retry
    }
  }

  /// The key of the first step of deriving keys (RFC 9001, section 5.2; RFC 9369, section 3.3.1).
  var salt: InlineArray<20, UInt8> {
    switch generation {
    case .draft22:
      [
        0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb, 0xe9, 0x19, 0x3a, 0x96, 0xcd, 0x21, 0x51, 0x9e,
        0xbd, 0x7a, 0x02, 0x64, 0x4a,
      ]
    case .draft23:
      [
        0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7, 0xd2, 0x43, 0x2b, 0xb4, 0x63,
        0x65, 0xbe, 0xf9, 0xf5, 0x02,
      ]
    case .draft29:
      [
        0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c, 0x61, 0x11,
        0xe0, 0x43, 0x90, 0xa8, 0x99,
      ]
    case .one:
      [
        0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c,
        0xad, 0xcc, 0xbb, 0x7f, 0x0a,
      ]
    case .two:
      [
        0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d,
        0xcb, 0xf9, 0xbd, 0x2e, 0xd9,
      ]
    }
  }
}
