/// The kinds of traffic that can be made.
public enum TrafficMix: String, Sendable, CaseIterable {
  /// Everything, in the proportions of a small site's uplink.
  case imix
  /// Pages and downloads.
  case web
  /// A resolver's link.
  case dns
  /// Mostly frames of 60 to 100 bytes.
  case small
  /// Mostly full frames.
  case large
  /// Nothing but UDP over IPv4 in frames of 100 bytes, each between two random addresses.
  case frames100
}
