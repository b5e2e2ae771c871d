/// Reads logs one after another: plain or compressed, files, directories and pipes.
///
/// Plain files are mapped and lent, never copied; everything else goes through a bounded buffer. What cannot be read
/// never stops the gate: it delivers all lines before the damage, reports the rest and goes on with the next input.
public struct LogGate: ~Copyable, LineGate {
  /// One report for each input that is done, in the order of reading; complete when `turn` returned false.
  public private(set) var reports: [InputReport] = []

  private let inputs: InputList
  private let segmentsMax: Int
  private var next = 0
  private var finishedBytes = 0
  private var source: CaptureSource?
  private var report = InputReport(path: "")
  private var batch = LogBatch()
  /// Whether the source has no more bytes than it holds.
  private var isAtEnd = false
  private var endsInLine = false

  /// Makes a gate over `inputs`: paths of files and directories, and `-` for standard input.
  ///
  /// - Parameter segments: how many segments of up to a mebibyte one turn lends at most.
  public init(inputs: [String], segments: Int = 1) {
    self.inputs = InputList(inputs)
    segmentsMax = max(segments, 1)
  }

  /// How many bytes of the files were used, of how many there are; nil when an input has no known length.
  public var progress: (done: Int, total: Int)? {
    guard let total = inputs.byteCount else { return nil }
    var done = finishedBytes
    switch source {
    case .some(let source): done += source.bytesUsed
    case .none: break
    }
    return (min(done, total), total)
  }

  /// Lends segments of one input; none when a pipe had nothing for 100 ms.
  ///
  /// - Parameter body: gives back how many line feeds it saw.
  /// - Returns: false at the end of all inputs.
  public mutating func turn(_ body: (_ arena: Span<UInt8>, _ batch: LogBatch) -> Int) -> Bool {
    while var source = nextSource() {
      let supply = gather(&source)
      if !batch.segments.isEmpty || supply == .pending {
        lend(&source, body)
        self.source = consume source
        return true
      }
      switch supply {
      case .more, .pending: self.source = consume source
      case .end: finish(source, nil)
      case .failed(let kind, let reason):
        guard isAtEnd else {
          // The line that the damage cuts is still a line.
          isAtEnd = true
          self.source = consume source
          continue
        }
        finish(source, CaptureFault(kind: kind, offset: source.offset, reason: reason))
      }
    }
    return false
  }

  /// Cuts what is there into segments; asks for more when there are none, or could soon be more.
  private mutating func gather(_ source: inout CaptureSource) -> CaptureSource.Supply {
    while true {
      cut(source)
      if batch.segments.count == segmentsMax { return .more }
      if !batch.segments.isEmpty, source.isPlain || source.canWait { return .more }
      let supply = source.supply(batch.byteCount + LineCutter.segmentBytesMax)
      switch supply {
      case .more: continue
      case .end where !isAtEnd:
        isAtEnd = true
        continue
      default:
        cut(source)
        return supply
      }
    }
  }

  private mutating func cut(_ source: borrowing CaptureSource) {
    batch.segments.removeAll(keepingCapacity: true)
    batch.byteCount = 0
    var (position, cuts) = (source.position, 0)
    let (isAtEnd, segmentsMax) = (isAtEnd, segmentsMax)
    var segments: [Range<Int>] = []
    source.withBytes { bytes in
      while segments.count < segmentsMax,
        let segment = LineCutter.segment(bytes, from: position, isEnd: isAtEnd)
      {
        segments.append(segment.range)
        position = segment.range.upperBound
        cuts += segment.isCut ? 1 : 0
      }
    }
    batch.segments = segments
    batch.byteCount = position - source.position
    batch.cuts = cuts
  }

  private mutating func lend(
    _ source: inout CaptureSource, _ body: (_ arena: Span<UInt8>, _ batch: LogBatch) -> Int
  ) {
    let batch = batch
    let end = batch.segments.last?.upperBound
    let (feeds, endsInLine) = source.withBytes { bytes in
      (body(bytes, batch), end.map { bytes[$0 - 1] != UInt8(ascii: "\n") })
    }
    report.lines += feeds
    report.cutLines += batch.cuts
    self.endsInLine = endsInLine ?? self.endsInLine
    self.batch.isFirst = false
    source.advance(batch.byteCount)
  }

  /// The source that is being read, or else the next one that can be opened.
  private mutating func nextSource() -> CaptureSource? {
    if let source = source.take() { return source }
    while next < inputs.entries.count {
      next += 1
      switch inputs.entries[next - 1] {
      case .named(let path), .found(let path):
        if let source = open(path) { return source }
      case .failed(let path, let fault):
        var report = InputReport(path: path)
        report.kind = "directory"
        report.faults = [fault]
        reports.append(report)
      case .directoryEnd: break
      }
    }
    return nil
  }

  private mutating func open(_ path: String) -> CaptureSource? {
    report = InputReport(path: path)
    (isAtEnd, endsInLine) = (false, false)
    batch = LogBatch(input: reports.count, path: path)
    do throws(GateError) {
      let source = try CaptureSource(path: path)
      batch.modified = source.modified
      return source
    } catch {
      report.faults = [CaptureFault(error)]
      reports.append(report)
      return nil
    }
  }

  private mutating func finish(_ source: consuming CaptureSource, _ fault: CaptureFault?) {
    report.kind = "log" + source.compression.suffix
    report.bytes = source.bytesUsed
    // A last line without an end is a line too.
    report.lines += endsInLine ? 1 : 0
    if let fault { report.faults.append(fault) }
    report.complete = fault == nil
    finishedBytes += source.fileByteCount
    reports.append(report)
  }
}

/// What a turn lends: segments of whole lines of one input.
public struct LogBatch: Sendable {
  /// Where the segments lie, one behind the other.
  public internal(set) var segments: [Range<Int>] = []
  /// Which input it is, counted from 0.
  public internal(set) var input = 0
  /// The input's path.
  public internal(set) var path = ""
  /// Whether nothing of the input came before.
  public internal(set) var isFirst = true
  /// When the input was last written to, in seconds since 1970; nil when that is not known.
  public internal(set) var modified: Int?
  var byteCount = 0
  var cuts = 0
}
