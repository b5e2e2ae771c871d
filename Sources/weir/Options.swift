import ArgumentParser
import WeirModel

/// Where rules come from, for every command that needs some.
struct RuleOptions: ParsableArguments {
  @Option(
    name: .customLong("feed"),
    help: ArgumentHelp(
      "A feed: file or directory; keys are name format category action direction confidence scope ttl tlp.",
      valueName: "PATH[,key=value…]"))
  var feeds: [String] = []

  @Option(
    name: .customLong("allow"),
    help: ArgumentHelp("Entries that are never blocked, in any feed format.", valueName: "PATH"))
  var allow: [String] = []

  @Flag(name: .customLong("strict"), help: "A feed line that is not understood is an error.")
  var isStrict = false

  @Flag(
    name: .customLong("lenient"),
    help: "Go on without a feed that cannot be used; the exit status is still 78.")
  var isLenient = false

  func validate() throws {
    if isStrict, isLenient { throw ValidationError("--strict and --lenient exclude each other") }
  }
}

/// How results are shown.
struct OutputOptions: ParsableArguments {
  @Option(
    name: [.customShort("o", allowingJoined: true), .customLong("output")],
    help: ArgumentHelp("The summary on standard output: human or json.", valueName: "FORMAT"))
  var format: OutputFormat = .human

  @Option(help: ArgumentHelp("Colors: auto, always or never.", valueName: "WHEN"))
  var color: ColorChoice = .auto

  @Flag(name: .shortAndLong, help: "Say less on standard error.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say more on standard error.")
  var verbose = false
}

/// A form of output.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case human, json
}

/// When to use colors.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never
}

/// `--mode`.
enum ModeChoice: String, ExpressibleByArgument, CaseIterable {
  case audit, enforce

  var mode: Mode { self == .audit ? .audit : .enforce }
}
