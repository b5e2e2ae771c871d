/// What of a release is fixed before anything is counted.
public struct ReleaseParameters: Hashable, Sendable {
  /// What the release costs.
  public var epsilon: Rational
  /// In how many cells a customer block counts at most.
  public var cellsPerUnit: Int64
  /// By how much it counts in each.
  public var perCell: Int64
  /// At how many edges a block may appear.
  public var edgesPerUnit: Int64
  /// The smallest count that may be published, whatever the noise.
  public var minimum: Int64
  /// How many cells of truth zero may be published, in expectation.
  public var expectedFalse: Rational
  /// Bits of an IPv4 block at most.
  public var unitBitsV4: Int64
  /// Bits of an IPv6 block at most.
  public var unitBitsV6: Int64
  /// What all releases of 30 days may cost.
  public var cap: Rational

  /// The parameters of a stream, for an operator's own ISAC.
  public init(_ stream: ReleaseStream) {
    let isPulse = stream == .pulse
    epsilon = Rational(1, isPulse ? 40 : 2) ?? .zero
    cellsPerUnit = isPulse ? 4 : 3
    perCell = 1
    edgesPerUnit = 1
    minimum = 20
    expectedFalse = Rational(1, 10) ?? .zero
    unitBitsV4 = 32
    unitBitsV6 = 56
    cap = Rational(5) ?? .zero
  }

  /// The scale of the noise: how much one block can change, divided by epsilon.
  public func scale() throws(RationalOverflow) -> Rational {
    try epsilon.dividing(UInt64(cellsPerUnit * perCell * edgesPerUnit))
  }

  /// `header.privacy` without `coverage_minutes`.
  func privacy(cells: Int, spent: Rational) throws(RationalOverflow) -> CanonicalJSON {
    let scale = try scale()
    let threshold = NoiseFigures.threshold(
      scale: scale, cells: cells, expectedFalse: expectedFalse, minimum: minimum)
    return [
      "unit": "customer-block", "unit_v4_bits": .integer(unitBitsV4),
      "unit_v6_bits": .integer(unitBitsV6), "neighbours": "add-or-remove-one-unit",
      "mechanism": "discrete-laplace", "epsilon": epsilon.json, "delta": 0,
      "contribution_cells": .integer(cellsPerUnit), "contribution_per_cell": .integer(perCell),
      "max_edges_per_unit": .integer(edgesPerUnit), "scale": scale.json,
      "threshold": .integer(threshold), "k_min": .integer(minimum),
      "interval95": .integer(NoiseFigures.interval95(scale: scale)),
      "budget": [
        "cap": cap.json, "period_days": .integer(Budget.periodDays), "spent": spent.json,
      ],
    ]
  }
}
