import BenchCapture
import BenchKit

/// A capture with its lists and its truth, on disk.
public struct ReplayCase: Sendable {
  /// The capture file.
  public let capture: String
  /// The lists beside it.
  public let feeds: [String]
  /// What the capture holds.
  public let truth: Truth
  /// The patterns listed.
  public let patterns: [BytePattern]

  /// Makes the capture in `directory`.
  public init(_ name: String, in directory: String, _ options: CaptureOptions) throws {
    var options = options
    options.output = "\(directory)/\(name).pcap"
    truth = try CaptureGenerator.run(options)
    capture = options.output
    var feeds: [String] = []
    if options.generatedAddresses + options.generatedAddresses6 > 0 { feeds.append(".ips.txt") }
    if options.generatedDomains > 0 { feeds.append(".domains.txt") }
    var written = CaptureOptions()
    if options.generatedPatterns > 0 {
      feeds.append(".patterns.json")
      written.patternFiles = [options.stem + ".patterns.json"]
    }
    self.feeds = feeds.map { options.stem + $0 }
    patterns = try IndicatorLists(reading: written).patterns
  }
}
