import Glibc

/// The kernel gave no random numbers.
public struct EntropyError: Error, Equatable, Sendable {
  /// An error.
  public init() {}
}

/// Where random numbers come from.
public protocol EntropySource: ~Copyable {
  /// Sixty-four random bits.
  mutating func next() throws(EntropyError) -> UInt64
}

/// Random numbers of the kernel (getentropy), fetched 256 bytes at a time.
///
/// The buffer is wiped when the source goes away.
public struct KernelEntropy: EntropySource, ~Copyable {
  private var words = InlineArray<32, UInt64>(repeating: 0)
  private var used = 32

  /// An empty source.
  public init() {}

  /// Sixty-four random bits.
  public mutating func next() throws(EntropyError) -> UInt64 {
    if used == 32 {
      var fresh = words.mutableSpan
      // 256 bytes are what getentropy gives at most, and what 32 words have.
      let status = unsafe fresh.withUnsafeMutableBytes { unsafe getentropy($0.baseAddress, 256) }
      guard status == 0 else { throw EntropyError() }
      used = 0
    }
    defer {
      words[used] = 0
      used += 1
    }
    return words[used]
  }

  /// Random bytes.
  public mutating func bytes(_ count: Int) throws(EntropyError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let word = try next()
      for shift in 0..<min(8, count - bytes.count) {
        bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift * 8)))
      }
    }
    return bytes
  }
}
