import WeirModel

/// What is looked at before any flow is: part of the hash and the last second of each of eight flows.
struct FlowBucket: BitwiseCopyable {
  static var ways: Int { 8 }

  /// 0 for a place that was never taken.
  var tags = InlineArray<8, UInt32>(repeating: 0)
  /// Seconds since the epoch; 0 for a place that was never taken.
  var times = InlineArray<8, UInt32>(repeating: 0)

  /// The bits of a hash that the choice of a bucket does not use; never 0.
  static func tag(_ hash: UInt64) -> UInt32 { max(UInt32(truncatingIfNeeded: hash >> 32), 1) }

  /// A moment as buckets keep it.
  static func time(_ moment: Timestamp) -> UInt32 { UInt32(clamping: max(moment.seconds, 1)) }
}
