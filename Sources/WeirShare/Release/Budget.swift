/// What has been spent, and whether more may be: over each run of 30 days the epsilons of all releases whose window
/// touches the run add up to at most the cap.
public struct Budget: Sendable {
  /// How long a run is.
  public static let periodDays: Int64 = 30

  /// One release: its days, what it costs, and the cap that it was opened under.
  public struct Charge: Hashable, Sendable {
    var days: ClosedRange<Int64>
    var epsilon: Rational
    var cap: Rational

    /// A charge for a window.
    public init(_ window: ReleaseWindow, epsilon: Rational, cap: Rational) {
      days = window.days
      self.epsilon = epsilon
      self.cap = cap
    }
  }

  private var charges: [Charge] = []

  /// Nothing spent.
  public init() {}

  /// The largest sum of a run that a new charge would touch, itself included.
  ///
  /// - Returns: the sum, and whether each such run keeps to the caps of all charges in it.
  public func spent(with new: Charge) throws(RationalOverflow) -> (sum: Rational, isAllowed: Bool) {
    var worst = Rational.zero
    var isAllowed = true
    for first in (new.days.lowerBound - Budget.periodDays + 1)...new.days.upperBound {
      let run = first...(first + Budget.periodDays - 1)
      var (sum, cap) = (new.epsilon, new.cap)
      for charge in charges where charge.days.overlaps(run) {
        sum = try sum.adding(charge.epsilon)
        cap = min(cap, charge.cap)
      }
      worst = max(worst, sum)
      if sum > cap { isAllowed = false }
    }
    return (worst, isAllowed)
  }

  /// Writes a charge down; it is never taken back.
  public mutating func charge(_ new: Charge) { charges.append(new) }
}
