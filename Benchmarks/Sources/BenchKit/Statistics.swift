/// The middle of some values, and how far they lie from it.
public struct Statistics: Sendable, Equatable {
  /// The median; of an even number of values, the mean of the two in the middle.
  public let median: Double
  /// The median of the distances from ``median``, as a share of it.
  public let spread: Double

  /// The statistics of `values`; nil when there are none.
  public init?(_ values: [Double]) {
    guard let middle = Statistics.median(values) else { return nil }
    median = middle
    let deviation = Statistics.median(values.map { abs($0 - middle) }) ?? 0
    spread = middle == 0 ? 0 : deviation / abs(middle)
  }

  static func median(_ values: [Double]) -> Double? {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return nil }
    let half = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[half - 1] + sorted[half]) / 2 : sorted[half]
  }
}
