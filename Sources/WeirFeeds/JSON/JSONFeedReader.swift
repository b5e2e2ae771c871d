import WeirModel

/// Reads a feed that is JSON, in chunks of any size.
///
/// Memory is bounded by one object and the entries of one chunk.
struct JSONFeedReader: Sendable {
  private var reader = JSONReader()
  private var intake: JSONIntake

  /// Makes a reader; nil for a format that is no JSON.
  ///
  /// - Parameters:
  ///   - select: for `json`, the path of the values.
  ///   - now: what has expired by then is rejected; nil takes all.
  init?(
    format: FeedFormat, context: LineContext, path: String, select: JSONPath? = nil,
    now: Timestamp? = nil
  ) {
    guard let form = JSONForm(format, select: select, now: now) else { return nil }
    intake = JSONIntake(form: form, context: context, path: path)
  }

  /// What became of the feed so far.
  var counts: FeedCounts {
    var counts = intake.counts
    counts.lines = reader.lines
    return counts
  }

  /// What shows that the text is not whole; nil when nothing does.
  var fault: String? { intake.fault }

  /// Reads one chunk.
  mutating func parse(_ chunk: Span<UInt8>, into sink: (FeedEntry) -> Void) {
    reader.read(chunk, into: &intake)
    intake.flush(into: sink)
  }

  /// Ends the text.
  mutating func finish(isCut: Bool, into sink: (FeedEntry) -> Void) {
    let isWhole = reader.finish(into: &intake)
    intake.finish(isWhole: isWhole && !isCut, lines: reader.lines, into: sink)
  }
}

/// What the objects of a feed mean.
enum JSONForm: Sendable {
  case misp(MISPForm)
  case stix(STIXForm)
  case warninglist(WarninglistForm)
  case table(TableForm)

  fileprivate init?(_ format: FeedFormat, select: JSONPath?, now: Timestamp?) {
    switch format {
    case .misp: self = .misp(MISPForm())
    case .stix: self = .stix(STIXForm(now: now))
    case .mispWarninglist: self = .warninglist(WarninglistForm())
    case .json: self = .table(TableForm(select: select))
    default: return nil
    }
  }

  /// Names of the members that are asked for.
  var names: [StaticText] {
    switch self {
    case .misp: MISPForm.names
    case .stix: STIXForm.names
    case .warninglist: WarninglistForm.names
    case .table(let form): form.names
    }
  }
}

/// What one object gave.
struct JSONYield {
  var entries: [FeedEntry] = []
  /// Why a value is not used, one for each.
  var faults: [RejectReason] = []
  /// Whether the object is no indicator by its nature.
  var isIgnored = false
  /// What the report shows of the object; nil for the values that were rejected.
  var excerpt: Range<Int>?
}

/// Takes the events of a reader, and makes entries of the objects.
struct JSONIntake: JSONHandler, Sendable {
  private(set) var counts = FeedCounts()
  private(set) var fault: String?
  private var form: JSONForm
  private var records: JSONRecords
  private var context: LineContext
  private let path: String
  private var entries: [FeedEntry] = []

  init(form: JSONForm, context: LineContext, path: String) {
    self.form = form
    self.context = context
    self.path = path
    records = JSONRecords(form.names)
  }

  /// Hands on the entries of what was read.
  mutating func flush(into sink: (FeedEntry) -> Void) {
    for entry in entries { sink(entry) }
    entries.removeAll(keepingCapacity: true)
  }

  mutating func take(_ event: JSONEvent, _ text: Span<UInt8>, line: Int) {
    switch event {
    case .objectStart: records.open(isList: false, line: line)
    case .listStart: records.open(isList: true, line: line)
    case .key: records.note(text)
    case .objectEnd:
      takeObject()
      records.close()
    case .listEnd: records.close()
    case .string, .scalar:
      if records.isInList || records.depth == 0 {
        takeElement(text, isString: event == .string, line: line)
      } else {
        takeMember(text, isString: event == .string, line: line)
      }
    case .longText:
      if records.isInList { reject(.lineTooLong, text, line: line) }
      records.addLong()
    case .fault:
      records.removeAll()
      fault = fault ?? "no JSON from line \(line) on"
      reject(.invalidJSON, text, line: line)
    }
  }

  private mutating func takeObject() {
    guard let level = records.levels.last else { return }
    context.line = level.line
    let yield: JSONYield?
    switch form {
    case .misp(let form): yield = form.take(records, context)
    case .stix(let form): yield = form.take(records, context)
    case .warninglist(var form):
      // Lists within lists are none of this form, so that only the outermost object says anything.
      form.note(records)
      self.form = .warninglist(form)
      yield = nil
    case .table(let form): yield = form.take(records, context)
    }
    if let yield { count(yield, level) }
  }

  private mutating func count(_ yield: JSONYield, _ level: JSONRecords.Level) {
    if yield.isIgnored { counts.ignored += 1 }
    entries += yield.entries
    counts.entries += yield.entries.count
    var faults = yield.faults
    // A member that is too long may be the value itself.
    if level.isTooLong, yield.entries.isEmpty, !yield.isIgnored { faults = [.lineTooLong] }
    guard !faults.isEmpty else { return }
    let texts = records.texts
    let excerpt = texts.span.extracting(yield.excerpt ?? 0..<0)
    for fault in faults { reject(fault, excerpt, line: level.line) }
  }

  private mutating func takeElement(_ text: Span<UInt8>, isString: Bool, line: Int) {
    context.line = line
    switch form {
    case .misp, .stix: break
    case .warninglist(var form):
      // The form must not be held twice while its texts grow.
      self.form = .misp(MISPForm())
      if isString, form.takes(records) { form.add(text, line: line) }
      self.form = .warninglist(form)
    case .table(let form):
      if let yield = form.takeElement(text, isString: isString, records, context) {
        take(yield, text, line: line)
      }
    }
  }

  private mutating func takeMember(_ text: Span<UInt8>, isString: Bool, line: Int) {
    if case .table(let form) = form, form.selects(records) {
      context.line = line
      if let yield = form.takeSelected(text, isString: isString, context) {
        take(yield, text, line: line)
      }
    }
    if case .warninglist(var form) = form {
      records.add(text)
      self.form = .misp(MISPForm())
      form.note(records)
      self.form = .warninglist(form)
    } else {
      records.add(text)
    }
  }

  private mutating func take(_ yield: JSONYield, _ text: Span<UInt8>, line: Int) {
    entries += yield.entries
    counts.entries += yield.entries.count
    for fault in yield.faults { reject(fault, text, line: line) }
  }

  private mutating func reject(_ reason: RejectReason, _ text: Span<UInt8>, line: Int) {
    counts.reject(reason, path: path, line: line, text: text)
  }

  /// Ends the text, and hands on what is known only then.
  mutating func finish(isWhole: Bool, lines: Int, into sink: (FeedEntry) -> Void) {
    flush(into: sink)
    if case .warninglist(var form) = form {
      self.form = .misp(MISPForm())
      for number in 0..<form.count {
        context.line = form.line(number)
        do throws(RejectReason) {
          sink(try form.entry(number, context))
          counts.entries += 1
        } catch {
          let text = form.bytes.span.extracting(form.range(number))
          counts.reject(error, path: path, line: context.line, text: text)
        }
      }
      form.removeAll()
    }
    guard !isWhole else { return }
    fault = fault ?? "its JSON breaks off"
    let none = InlineArray<0, UInt8>(repeating: 0)
    counts.reject(.lineCut, path: path, line: max(lines, 1), text: none.span)
  }
}
