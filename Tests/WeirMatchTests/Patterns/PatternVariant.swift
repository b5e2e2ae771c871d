@_spi(Measurement) @testable import WeirMatch

/// The ways to build and to run a set, each of which has to give the same answers.
enum PatternVariant: CaseIterable {
  case automatic
  case compact
  case dense

  var options: PatternBuildOptions {
    var options = PatternBuildOptions()
    switch self {
    case .automatic: break
    case .compact: (options.layout, options.filter) = (.compact, .none)
    case .dense: (options.layout, options.filter) = (.dense, .none)
    }
    return options
  }
}
