import WeirModel

/// What reading a message of a stream led to: the seam between streams and protocols.
///
/// A reader of a protocol gets the bytes that there are, from the first byte of a message on, and may be called again
/// with the same bytes and more.
enum StreamStep {
  /// The message ends after so many bytes; a body of so many more follows it.
  case consumed(Int, body: Int, Unjudged?)
  /// The message goes on.
  ///
  /// With `bytes` of it there will be more to be said; 0 stands for another line feed. `isSure` tells a message that
  /// would be missed from bytes that may yet turn out to be none; `isNamed`, that its name was already found.
  case needsMore(bytes: Int, isSure: Bool, isNamed: Bool)
  /// There is no message here, or it breaks its rules; until the next segment nothing is looked for.
  case giveUp(Unjudged?)
}
