import WeirModel

/// How a file is compressed.
enum Compression {
  case none, gzip, zstd, lz4

  /// How many bytes tell.
  static let prefixBytes = 4

  /// Tells from the first bytes.
  ///
  /// Skippable frames may begin zstd and LZ4 files, but nobody begins captures so.
  init(prefix: Span<UInt8>) {
    self = .none
    if prefix.count >= 2 && prefix.bigEndian16(at: 0) == 0x1f8b { self = .gzip }
    guard prefix.count >= 4 else { return }
    switch prefix.bigEndian32(at: 0) {
    case 0x28b5_2ffd: self = .zstd
    case 0x0422_4d18: self = .lz4
    default: break
    }
  }

  /// As the programs call it.
  var name: String {
    switch self {
    case .none: "plain"
    case .gzip: "gzip"
    case .zstd: "zstd"
    case .lz4: "lz4"
    }
  }

  /// What its files' names end in.
  var suffix: String {
    switch self {
    case .none: ""
    case .gzip: ".gz"
    case .zstd: ".zst"
    case .lz4: ".lz4"
    }
  }
}
