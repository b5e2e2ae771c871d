import WeirModel

extension IndicatorValue {
  /// The one form of a value that can be said in several: a prefix or range of one address is that address,
  /// so that it is counted and merged as such.
  var simplest: IndicatorValue {
    switch self {
    case .prefix(let prefix): IndicatorValue(prefix)
    case .range(let range) where range.first == range.last: .address(range.first)
    default: self
    }
  }
}
