/// The words of `weir-bench`'s command line.
public struct BenchOptions: Sendable, Equatable {
  /// Whether captures are tiny, for one round.
  public private(set) var isSmoke = false
  /// Only benchmarks with this text in their plan's name.
  public private(set) var filter = ""
  /// Values taken of each contender; one in a smoke run unless it is given.
  public var rounds: Int { givenRounds ?? (isSmoke ? 1 : 5) }
  /// Where captures go; nil for a temporary directory.
  public private(set) var directory: String?
  /// Whether only the usage is wanted.
  public private(set) var isHelpWanted = false

  private var givenRounds: Int?

  /// A word that means nothing, or has no value or a wrong one.
  public struct UsageError: Error, Equatable, CustomStringConvertible {
    /// What is wrong.
    public let description: String
  }

  /// Reads the words after the program's name.
  public init(_ arguments: [String]) throws(UsageError) {
    var rest = arguments[...]
    while let word = rest.popFirst() {
      switch word {
      case "--smoke": isSmoke = true
      case "--help", "-h": isHelpWanted = true
      case "--filter": filter = try BenchOptions.value(of: word, &rest)
      case "--work": directory = try BenchOptions.value(of: word, &rest)
      case "--rounds":
        let text = try BenchOptions.value(of: word, &rest)
        guard let number = Int(text), (1...1000).contains(number) else {
          throw UsageError(description: "--rounds does not take \(text)")
        }
        givenRounds = number
      default: throw UsageError(description: "no option \(word)")
      }
    }
  }

  private static func value(
    of word: String, _ rest: inout ArraySlice<String>
  ) throws(UsageError) -> String {
    guard let value = rest.popFirst() else {
      throw UsageError(description: "\(word) needs a value")
    }
    return value
  }
}
