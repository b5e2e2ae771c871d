import WeirDecode
import WeirMatch
import WeirModel
import WeirRules
import WeirTally

/// Stations 2 and 4 for lines: finds values in a segment and looks them up; one for each thread.
///
/// What it finds depends on the segment alone, so segments may be shared out as one likes.
struct LogMatcher: ~Copyable {
  /// The hits in the segment, in the order of the bytes.
  var hits: [LogHit] = []
  /// Values looked up, by `Place.rawValue`.
  var observables = InlineArray<17, UInt64>(repeating: 0)
  /// All values seen, when asked for.
  var observed: ObservedValues?
  let matchers: Matchers
  private var tokenizer = LogTokenizer()
  private var names = PendingNames()
  private var quads = PendingQuads()
  /// A URL that is looked up; kept so that its memory is used again.
  var url: [UInt8] = []
  /// The fields of the line that is being read, and where the next one begins.
  var fields = LogFields()
  private var nextLine = 0
  /// Up to where a defanged value was read.
  private var defangedEnd = 0

  init(_ matchers: Matchers, keepsValues: Bool) {
    self.matchers = matchers
    observed = keepsValues ? ObservedValues() : nil
  }

  /// Looks a segment up.
  ///
  /// - Returns: how many line feeds it has.
  mutating func scan(_ text: Span<UInt8>, _ schema: LogSchema) -> Int {
    hits.removeAll(keepingCapacity: true)
    defangedEnd = 0
    nextLine = 0
    let isText = schema.format == .text
    tokenizer.restart()
    while tokenizer.advance(in: text) {
      for index in 0..<tokenizer.count {
        let token = tokenizer[index]
        if isText {
          take(token, text, .log)
        } else {
          take(token, text, schema)
        }
      }
    }
    matchNames(text)
    matchQuads()
    if !matchers.patterns.isEmpty { matchPatterns(text) }
    if matchers.hasURLs { matchURLs(text, schema) }
    if matchers.hasDigests { matchDigests(text) }
    sortHits()
    return tokenizer.feeds
  }

  /// Takes a token at the place that its field means.
  private mutating func take(_ token: LogToken, _ text: Span<UInt8>, _ schema: LogSchema) {
    if token.start >= nextLine { readLine(around: token.start, text, schema) }
    let meaning = fields.meaning(at: token.start)
    guard token.kind == .name else {
      // An address where a name is expected is no name.
      return take(token, text, meaning.isName ? .log : meaning.place)
    }
    // Names in fields that are names were looked up with their line.
    guard !meaning.isName else { return }
    switch meaning {
    case .source, .destination: take(token, text, .log)
    default: take(token, text, meaning.place)
    }
  }

  /// Finds the fields of the line around a place, and looks up those that are names.
  private mutating func readLine(around place: Int, _ text: Span<UInt8>, _ schema: LogSchema) {
    var (start, end) = (nextLine, nextLine)
    repeat {
      start = nextLine
      end = text.firstPlace(of: UInt8(ascii: "\n"), in: start..<text.count) ?? text.count
      nextLine = min(end + 1, text.count)
    } while end < place
    schema.read(text, start..<end, into: &fields)
    for index in 0..<fields.count where fields[index].meaning.isName {
      let field = fields[index]
      takeName(field.start..<field.end, text, field.meaning.place)
    }
  }

  /// A field that is a name, but for a port behind it.
  private mutating func takeName(_ field: Range<Int>, _ text: Span<UInt8>, _ place: Place) {
    var range = field
    let colon = text.lastPlace(of: UInt8(ascii: ":"), in: field)
    if let colon, let port = LogAddress.port(text, at: colon), port.end == field.upperBound {
      range = field.lowerBound..<colon
    }
    if let last = range.last, text[last] == UInt8(ascii: ".") {
      range = range.lowerBound..<last
    }
    let name = text.extracting(range)
    // `-` and `(empty)` are nothing.
    guard range.count > 1, name[0] != UInt8(ascii: "(") else { return }
    // Addresses are taken as such; they end in a digit or have colons.
    if colon != nil || name[range.count - 1] &- UInt8(ascii: "0") < 10 {
      guard IPAddress(parsing: name) == nil else { return }
    }
    observables[Int(place.rawValue)] += 1
    if observed != nil { observe(name, place) }
    for index in name.indices where name[index] &- UInt8(ascii: "A") < 26 {
      return matchName(name, range, place)
    }
    // Longer ones are none, and the set would look for them in vain.
    guard name.count <= DomainName.lengthMax else { return }
    if names.append(range, place) { matchNames(text) }
  }

  @inline(__always)
  private mutating func take(_ token: LogToken, _ text: Span<UInt8>, _ place: Place) {
    switch token.kind {
    case .name:
      guard let name = LogName(text, in: token.word) else { return }
      take(name, text, place)
    case .quad:
      guard let quad = LogAddress.quad(text, token.word) else { return }
      take(quad.bits, token.start..<quad.end, text, place)
    case .wide: takeWide(token, text, place)
    case .bracketed: takeDefanged(token, text, place)
    }
  }

  @inline(__always)
  private mutating func take(_ name: LogName, _ text: Span<UInt8>, _ place: Place) {
    observables[Int(place.rawValue)] += 1
    if observed != nil { observe(text.extracting(name.range), place) }
    if name.isCanonical {
      if names.append(name.range, place) { matchNames(text) }
    } else {
      matchName(text.extracting(name.range), name.range, place)
    }
  }

  @inline(__always)
  private mutating func take(
    _ bits: UInt32, _ range: Range<Int>, _ text: Span<UInt8>, _ place: Place
  ) {
    observables[Int(place.rawValue)] += 1
    if observed != nil { observed?.add(IPAddress(v4: bits), at: place) }
    matchers.presence.prefetch(bits)
    if quads.append(PendingQuads.Quad(range, bits, place)) { matchQuads() }
    if !matchers.endpoints.isEmpty { matchEndpoint(IPAddress(v4: bits), range, text, place) }
  }

  /// Looks up the IPv4 addresses that wait for memory.
  private mutating func matchQuads() {
    let quads = quads
    self.quads.removeAll()
    for index in 0..<quads.count {
      let quad = quads[index]
      guard matchers.presence.mayContain(quad.bits) else { continue }
      matchers.addresses.forEachEntry(covering: quad.bits) { entry in
        hit(address: entry, quad.start..<quad.end, quad.place)
      }
    }
  }

  private mutating func takeWide(_ token: LogToken, _ text: Span<UInt8>, _ place: Place) {
    guard let (address, end) = LogAddress.wide(text, token.word) else { return }
    observables[Int(place.rawValue)] += 1
    if observed != nil { observed?.add(address, at: place) }
    let range = token.start..<end
    matchers.addresses.forEachEntry(covering: address) { hit(address: $0, range, place) }
    if !matchers.endpoints.isEmpty { matchEndpoint(address, range, text, place) }
  }

  private mutating func takeDefanged(_ token: LogToken, _ text: Span<UInt8>, _ place: Place) {
    guard token.start >= defangedEnd,
      let defanged = LogDefanged(text, around: token.start)
    else { return }
    defangedEnd = defanged.range.upperBound
    let range = defanged.range
    defanged.withText { plain in
      if let quad = LogAddress.quad(plain, 0..<plain.count) {
        take(quad.bits, range, text, place)
      } else if let name = LogName(plain, in: 0..<plain.count) {
        observables[Int(place.rawValue)] += 1
        if observed != nil { observe(plain.extracting(name.range), place) }
        matchName(plain.extracting(name.range), range, place)
      }
    }
  }

  private mutating func matchEndpoint(
    _ address: IPAddress, _ range: Range<Int>, _ text: Span<UInt8>, _ place: Place
  ) {
    guard let (port, end) = LogAddress.port(text, at: range.upperBound),
      let entry = matchers.endpoints.entry(address, port: port)
    else { return }
    let place: Place =
      switch place {
      case .ipSource: .endpointSource
      case .ipDestination: .endpointDestination
      default: place
      }
    hit(address: matchers.policy.endpointBase + entry, range.lowerBound..<end, place)
  }

  /// Looks up a name that is not canonical.
  private mutating func matchName(_ name: Span<UInt8>, _ range: Range<Int>, _ place: Place) {
    var buffer = NameBuffer()
    guard buffer.set(text: name) else { return }
    buffer.withText { text in
      matchers.domains.forEachEntry(covering: text) { entry, isExact in
        hit(domain: entry, isExact, range, place)
      }
    }
  }

  /// Looks up the names that wait.
  private mutating func matchNames(_ text: Span<UInt8>) {
    let names = names
    self.names.removeAll()
    names.withRanges { ranges in
      matchers.domains.forEachEntry(coveringEach: ranges, in: text) { index, entry, isExact in
        hit(domain: entry, isExact, ranges[index], names.place(index))
      }
    }
  }

  @inline(never)
  private mutating func matchPatterns(_ text: Span<UInt8>) {
    matchers.patterns.scan(text) { number, end in
      let length = matchers.policy.length(ofPattern: number)
      let range = max(0, end - length)..<end
      // A line feed in a pattern is not one between lines.
      guard text.firstPlace(of: UInt8(ascii: "\n"), in: range) == nil else { return }
      for indicator in matchers.policy.indicators(ofPattern: number) {
        hits.append(
          LogHit(
            start: range.lowerBound, end: end, indicator: indicator,
            feedSet: matchers.policy.feedSet(of: indicator),
            specificity: Specificity.pattern(length: length), place: .log))
      }
    }
  }

  private mutating func hit(address entry: UInt32, _ range: Range<Int>, _ place: Place) {
    let specificity =
      entry < matchers.policy.endpointBase
      ? Specificity.range(matchers.addresses.range(of: entry)) : Specificity.endpoint
    hits.append(
      LogHit(
        start: range.lowerBound, end: range.upperBound, indicator: entry,
        feedSet: matchers.policy.feedSet(of: entry), specificity: specificity, place: place))
  }

  private mutating func hit(
    domain entry: UInt32, _ isExact: Bool, _ range: Range<Int>, _ place: Place
  ) {
    let indicator = matchers.policy.domainBase + entry
    let feedSet =
      isExact
      ? matchers.policy.feedSet(of: indicator) : matchers.policy.subdomainFeedSet(of: indicator)
    // Feed set 0 is empty: the entry means the name alone.
    guard feedSet != 0 else { return }
    hits.append(
      LogHit(
        start: range.lowerBound, end: range.upperBound, indicator: indicator, feedSet: feedSet,
        specificity: Specificity.domain(length: matchers.domains.length(of: entry)), place: place))
  }

  private mutating func observe(_ name: Span<UInt8>, _ place: Place) {
    observed?.add(name.indices.map { asciiLowercased(name[$0]) }, at: place)
  }

  /// Names are looked up in batches and patterns last, so hits come nearly in order.
  private mutating func sortHits() {
    guard hits.count > 1 else { return }
    hits.sort {
      if $0.start != $1.start { return $0.start < $1.start }
      if $0.end != $1.end { return $0.end < $1.end }
      return ($0.indicator, $0.place.rawValue) < ($1.indicator, $1.place.rawValue)
    }
  }
}
