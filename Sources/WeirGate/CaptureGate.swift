public import WeirModel

/// Reads captures one after another: pcap and pcapng, plain or compressed, files, directories and pipes.
///
/// Plain files are mapped and lent whole, never copied; everything else goes through a bounded buffer. What cannot
/// be read never stops the gate: it delivers all packets before the damage, reports the rest and goes on with the
/// next input.
public struct CaptureGate: ~Copyable, Gate {
  /// One report for each input that is done, in the order of reading; complete when `turn` returned false.
  public private(set) var reports: [InputReport] = []

  private let inputs: InputList
  private let filter: PacketFilter?
  private var programs = FilterPrograms()
  private var next = 0
  private var capturesInDirectory = 0
  private var finishedBytes = 0
  private var source: CaptureSource?
  private var reader = CaptureReader()
  private var report = InputReport(path: "")
  private var isFound = false
  private var slots: [Slot]
  private var verdicts: [Verdict]

  /// The most slots that a batch may have.
  public static let batchMax = 65_536

  /// Makes a gate over `inputs`: paths of files and directories, and `-` for standard input.
  ///
  /// Directories are listed here; files are opened when their turn comes. `batch`, the most slots that one turn
  /// lends, is kept within 1 and `batchMax`.
  public init(inputs: [String], filter: PacketFilter?, batch: Int = 256) {
    self.inputs = InputList(inputs)
    self.filter = filter
    let slotCount = min(max(batch, 1), Self.batchMax)
    let empty = Slot(
      offset: 0, capturedLength: 0, wireLength: 0, timestamp: Timestamp(nanoseconds: 0),
      link: .null, interface: 0)
    slots = Array(repeating: empty, count: slotCount)
    verdicts = Array(repeating: .pass, count: slotCount)
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

  /// Lends one batch; an empty one when a pipe had nothing for 100 ms.
  ///
  /// See `Gate`.
  public mutating func turn(
    _ judge: (_ arena: Span<UInt8>, _ slots: Span<Slot>, _ verdicts: inout MutableSpan<Verdict>)
      -> Void
  ) throws(GateError) -> Bool {
    while var source = nextSource() {
      var filled = 0
      let stop = source.walk(&reader, &slots, &filled)
      let read = filled
      if filter != nil && read > 0 { applyFilter(source, &filled) }
      if read > 0 {
        report.packets += filled
        report.filteredPackets += read - filled
        if filled > 0 { source.lend(slots, filled, &verdicts, judge) }
        self.source = consume source
        if filled > 0 { return true }
        continue
      }
      switch goOn(&source, stop) {
      case .more: self.source = consume source
      case .pending:
        source.lend(slots, 0, &verdicts, judge)
        self.source = consume source
        return true
      case .end: finish(source, nil)
      case .failed(let kind, let reason):
        finish(source, CaptureFault(kind: kind, offset: source.offset, reason: reason))
      }
    }
    return false
  }

  /// What can be done about a walk that filled nothing.
  private func goOn(_ source: inout CaptureSource, _ stop: WalkStop) -> CaptureSource.Supply {
    switch stop {
    case .full: return .more
    case .foreign: return .failed(.notACapture, "is not a capture")
    case .damaged(let reason): return .failed(.damaged, reason)
    case .needs(let byteCount):
      let supply = source.supply(byteCount)
      guard supply == .end else { return supply }
      if source.isUsedUp && reader.format != .undetermined && reader.isAtBoundary { return .end }
      if source.isUsedUp && source.offset == 0 { return .failed(.empty, "is empty") }
      guard reader.format != .undetermined else { return .failed(.notACapture, "is not a capture") }
      return .failed(.damaged, "ends in the middle of \(reader.unfinished)")
    }
  }

  /// The source that is being read, or else the next one that can be opened.
  private mutating func nextSource() -> CaptureSource? {
    if let source = source.take() { return source }
    while next < inputs.entries.count {
      next += 1
      switch inputs.entries[next - 1] {
      case .named(let path):
        if let source = open(path, isFound: false) { return source }
      case .found(let path):
        if let source = open(path, isFound: true) { return source }
      case .failed(let path, let fault):
        capturesInDirectory += 1
        addReport(path, "directory", fault)
      case .directoryEnd(let path):
        if capturesInDirectory == 0 {
          let fault = CaptureFault(kind: .notACapture, offset: 0, reason: "holds no capture")
          addReport(path, "directory", fault)
        }
        capturesInDirectory = 0
      }
    }
    return nil
  }

  private mutating func open(_ path: String, isFound: Bool) -> CaptureSource? {
    report = InputReport(path: path)
    reader = CaptureReader()
    self.isFound = isFound
    do throws(GateError) {
      return try CaptureSource(path: path)
    } catch {
      if isFound { capturesInDirectory += 1 }
      addReport(path, "unknown", CaptureFault(error))
      return nil
    }
  }

  private mutating func addReport(_ path: String, _ kind: String, _ fault: CaptureFault) {
    var report = InputReport(path: path)
    report.kind = kind
    report.faults = [fault]
    reports.append(report)
  }

  /// Closes the report of the current input.
  private mutating func finish(_ source: borrowing CaptureSource, _ fault: CaptureFault?) {
    finishedBytes += source.fileByteCount
    report.bytes = source.bytesUsed
    if reader.format != .undetermined {
      report.kind = reader.format.rawValue + source.compression.suffix
    }
    let isForeign = fault?.kind == .notACapture || fault?.kind == .empty
    if isFound && isForeign {
      report.kind = "skipped"
      report.complete = true
    } else {
      if isFound { capturesInDirectory += 1 }
      if let fault { report.faults.append(fault) }
      report.complete = report.faults.isEmpty
    }
    reports.append(report)
  }

  /// Keeps the slots that the filter passes, in their order.
  private mutating func applyFilter(_ source: borrowing CaptureSource, _ filled: inout Int) {
    guard let expression = filter?.expression else { return }
    let count = filled
    var kept = 0
    source.withBytes { bytes in
      for position in 0..<count {
        let slot = slots[position]
        let program = programs.index(of: slot.link, expression: expression)
        let end = slot.offset + Int(slot.capturedLength)
        let frame = bytes.extracting(slot.offset..<end)
        if programs.passes(program, frame, wireLength: slot.wireLength) {
          slots[kept] = slot
          kept += 1
        } else if let message = programs.fault(program) {
          noteUnfilterable(slot.link, message, offset: source.offset(of: slot))
        }
      }
    }
    filled = kept
  }

  /// Reports once a link type that the filter does not fit.
  private mutating func noteUnfilterable(_ link: LinkType, _ message: String, offset: Int) {
    let reason = "the filter does not fit link type \(link.rawValue): \(message)"
    let isKnown = report.faults.contains { $0.kind == .unfilterable && $0.reason == reason }
    if !isKnown {
      report.faults.append(CaptureFault(kind: .unfilterable, offset: offset, reason: reason))
    }
  }
}
