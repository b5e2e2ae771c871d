import ArgumentParser
import WeirEngine
import WeirRules

/// How a run counts for a release.
struct ShareOptions: ParsableArguments {
  @Option(
    name: .customLong("share-window"),
    help: ArgumentHelp(
      "Count for the release of the week that begins on this Monday, as the section share of --config says.",
      valueName: "DAY"))
  var start: String?

  @Option(
    name: [.customShort("c", allowingJoined: true), .customLong("config")],
    help: ArgumentHelp("The configuration.", valueName: "FILE"))
  var config: String?

  func validate() throws {
    if start != nil, config == nil {
      throw ValidationError("--share-window needs --config, which says who the customers are")
    }
    if start == nil, config != nil {
      throw ValidationError("--config is about --share-window here, and that is not given")
    }
  }

  /// The window to count for; nil when none is asked for.
  func window(_ rules: RuleSet) throws -> ShareWindow? {
    guard let start, let config else { return nil }
    return try ShareWindow.begin(ShareSettings(path: config), rules: rules, start: start)
  }

  /// Says what was counted.
  ///
  /// These numbers are exact and stay here.
  static func note(_ account: CustomerCounter.Account) {
    Console.note(
      """
      For the release: \(account.counted) sightings counted; not counted: \(account.notInDomain) of what is not \
      shared, \(account.late) outside of the window, \(account.inbound) that came unasked, \
      \(account.notOneCustomer) without exactly one customer.
      """)
  }
}
