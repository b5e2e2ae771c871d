/// What a run knows of the blocks that stand in the kernel.
public struct EnforcementSummary: Codable, Equatable, Sendable {
  /// What blocks: `nftables`.
  public var backend: String
  /// The share of what is intended that was in force when it was last looked at, 0 to 1.
  public var enforcedRatio: Double
  /// How often the kernel's sets were read back.
  public var verified: UInt64
  /// How often they differed, and were repaired.
  public var repaired: UInt64
  /// How often a canary came through.
  public var canariesPassed: UInt64
  /// Connections that were blocked for what they carried.
  public var flowsBlocked: UInt64
  /// Connections that should have been, and the kernel refused.
  public var flowsRefused: UInt64
  /// What the kernel blocked; canaries, of which each look sends some, included.
  public var blocked: Counts

  /// Packets and their bytes.
  public struct Counts: Codable, Equatable, Sendable {
    /// Packets.
    public var packets: UInt64
    /// Their bytes.
    public var bytes: UInt64

    /// Makes counts.
    public init(packets: UInt64, bytes: UInt64) {
      self.packets = packets
      self.bytes = bytes
    }
  }

  enum CodingKeys: String, CodingKey {
    case backend
    case enforcedRatio = "enforced_ratio"
    case verified, repaired
    case canariesPassed = "canaries_passed"
    case flowsBlocked = "flows_blocked"
    case flowsRefused = "flows_refused"
    case blocked
  }

  /// Nothing was looked at yet.
  public init(backend: String) {
    self.backend = backend
    enforcedRatio = 0
    (verified, repaired, canariesPassed) = (0, 0, 0)
    (flowsBlocked, flowsRefused) = (0, 0)
    blocked = Counts(packets: 0, bytes: 0)
  }
}
