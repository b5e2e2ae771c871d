/// The limits that more than one target keeps to.
///
/// Others stand beside the code that they bound.
public enum Limits {
  /// The largest packet that a capture may hold, in bytes: tcpdump's `MAXIMUM_SNAPLEN`.
  public static let packetBytesMax = 262_144
  /// The most feeds in one rule set.
  public static let feedsMax = 65_535
  /// The most distinct indicators in one rule set.
  public static let indicatorsMax = 1 << 30
}
