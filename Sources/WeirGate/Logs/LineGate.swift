/// Where lines come in.
public protocol LineGate: ~Copyable {
  /// One report for each input that is done, in the order of reading.
  var reports: [InputReport] { get }

  /// Lends segments of one input; none when there was nothing for a while.
  ///
  /// - Parameter body: gives back how many line feeds it saw.
  /// - Returns: false at the end of all inputs.
  mutating func turn(_ body: (_ arena: Span<UInt8>, _ batch: LogBatch) -> Int) -> Bool
}
