import FoundationEssentials
import WeirEnforce
import WeirMatch
import WeirModel
import WeirRules

extension BlockPlan {
  /// What of a rule set the kernel can block by itself: addresses, prefixes and ranges.
  ///
  /// The operator's own addresses are protected, and a canary is among what is blocked.
  init(_ rules: RuleSet, own: [IPAddress]) {
    var builder = Builder()
    for address in own { builder.protect(address) }
    for family in [IPAddress.Family.v4, .v6] {
      let canary = Canary.address(family)
      if let range = IPRange(canary, canary) { builder.block(range, on: .both) }
    }
    for entry in 0..<UInt32(rules.addresses.count) {
      let policy = rules.policy[rules.policy.feedSet(of: entry)]
      let range = rules.addresses.range(of: entry)
      if policy.allows {
        builder.allow(range)
      } else if let side = BlockPlan.side(policy) {
        builder.block(range, on: side)
      }
    }
    self = builder.plan()
  }

  private static func side(_ policy: FeedSetPolicy) -> Side? {
    switch (policy.asSource == .block, policy.asDestination == .block) {
    case (true, true): .both
    case (true, false): .source
    case (false, true): .destination
    case (false, false): nil
    }
  }
}

extension OwnSources {
  /// Gateways, resolvers, and who is connected to the machine's SSH, as the system says now.
  static var now: [IPAddress] {
    let ssh: UInt16 = 22
    let found =
      gateways(routes: text("/proc/net/route")) + gateways(routes6: text("/proc/net/ipv6_route"))
      + resolvers(configuration: text("/etc/resolv.conf"))
      + peers(connections: text("/proc/net/tcp"), localPort: ssh)
      + peers(connections: text("/proc/net/tcp6"), localPort: ssh)
    return Set(found).sorted()
  }

  private static func text(_ path: String) -> String {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else { return "" }
    return String(decoding: data, as: UTF8.self)
  }
}

extension Failure {
  /// What the kernel refused.
  init(_ error: EnforceError) {
    let isForbidden = error.code == 1 || error.code == 13
    self.init(
      isForbidden ? .notPermitted : .unavailable, "nftables: \(error)",
      advice: isForbidden ? "Enforcement needs CAP_NET_ADMIN: run as root." : nil)
  }
}
