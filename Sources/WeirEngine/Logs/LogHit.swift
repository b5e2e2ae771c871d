import WeirModel

/// An indicator that a value in a line matches, before the line is judged.
struct LogHit: BitwiseCopyable {
  /// Where the value lies in the segment.
  var start: Int
  var end: Int
  var indicator: UInt32
  var feedSet: UInt32
  var specificity: UInt16
  var place: Place
}
