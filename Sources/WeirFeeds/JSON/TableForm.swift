import WeirModel

/// Objects whose members are named like the columns of a table, at any depth; or the values at a path.
struct TableForm: Sendable {
  /// What members are called, in the words of abuse.ch and others, with what is in them.
  private enum Role: Int, CaseIterable {
    case typedValue, type, address, port, name, url, ja3, digest
  }

  private static let roles: [(name: StaticText, role: Role)] = [
    ("ioc_value", .typedValue), ("ioc", .typedValue), ("indicator", .typedValue),
    ("value", .typedValue), ("ioc_type", .type), ("indicator_type", .type), ("type", .type),
    ("ip", .address), ("ip_address", .address), ("dst_ip", .address), ("address", .address),
    ("cidr", .address), ("network", .address), ("ip_prefix", .address), ("ipv4Prefix", .address),
    ("ipv6Prefix", .address), ("ipv6_prefix", .address), ("port", .port), ("dst_port", .port),
    ("domain", .name), ("hostname", .name), ("fqdn", .name), ("url", .url), ("ja3_md5", .ja3),
    ("md5_hash", .digest), ("sha1_hash", .digest), ("sha256_hash", .digest),
  ]

  private let select: JSONPath?
  /// For each step of the path, the number of its name; -1 for a list.
  private let steps: [Int]
  /// Names of the members that are asked for.
  let names: [StaticText]

  init(select: JSONPath?) {
    self.select = select
    guard let select else {
      names = TableForm.roles.map(\.name)
      steps = []
      return
    }
    var names: [String] = []
    for case let step? in select.steps where !names.contains(step) { names.append(step) }
    steps = select.steps.map { step in step.flatMap { names.firstIndex(of: $0) } ?? -1 }
    self.names = names.map { StaticText(bytes: Array($0.utf8)) }
  }

  // MARK: - A path

  /// Whether the member that comes next stands at the path.
  func selects(_ records: JSONRecords) -> Bool {
    guard select != nil, let last = steps.last, last >= 0, last == records.nextName else {
      return false
    }
    return isAt(steps.dropLast(), records)
  }

  /// A value at the path that is a member of an object.
  func takeSelected(_ text: Span<UInt8>, isString: Bool, _ context: LineContext) -> JSONYield? {
    // What is `null` is not there.
    if !isString, text.hasBytes("null") { return nil }
    var yield = JSONYield()
    do throws(RejectReason) {
      yield.entries = [context.entry(try TableForm.value(text))]
    } catch {
      yield.faults = [error]
    }
    return yield
  }

  /// An element of a list.
  func takeElement(
    _ text: Span<UInt8>, isString: Bool, _ records: JSONRecords, _ context: LineContext
  ) -> JSONYield? {
    guard select != nil, steps.last == -1, isAt(steps.dropLast(), records, isList: true) else {
      return nil
    }
    return takeSelected(text, isString: isString, context)
  }

  /// Whether the levels that are open are those of the steps.
  private func isAt(_ steps: ArraySlice<Int>, _ records: JSONRecords, isList: Bool = false) -> Bool
  {
    var position = steps.startIndex
    for (depth, level) in records.levels.enumerated() {
      let isInner = depth == records.depth - 1
      if depth > 0, !records.levels[depth - 1].isList {
        guard position < steps.endIndex, steps[position] == level.name else { return false }
        position += 1
      }
      guard level.isList else { continue }
      // The last list is the one whose elements are asked for.
      if isInner, isList { return position == steps.endIndex }
      guard position < steps.endIndex, steps[position] == -1 else { return false }
      position += 1
    }
    return position == steps.endIndex && !isList
  }

  /// An address, prefix, range, endpoint, URL, digest or name.
  private static func value(_ text: Span<UInt8>) throws(RejectReason) -> IndicatorValue {
    guard !text.isEmpty else { throw .missingName }
    if let url = WebURL(parsing: text) { return .url(url) }
    if let digest = Digest(parsing: text) { return .file(digest) }
    let fault: RejectReason
    do throws(RejectReason) {
      return try ValueType.prefix.value(of: text)
    } catch {
      fault = error
    }
    guard fault == .invalidAddress else { throw fault }
    return try ValueType.domain.value(of: text)
  }

  // MARK: - Named members

  /// The entry of the innermost object; nil when it has no member that is an indicator.
  func take(_ records: JSONRecords, _ context: LineContext) -> JSONYield? {
    guard select == nil else { return nil }
    var yield = JSONYield()
    do throws(RejectReason) {
      guard let (value, excerpt) = try value(records, &yield.excerpt) else { return nil }
      yield.excerpt = excerpt
      yield.entries = [context.entry(value)]
    } catch {
      yield.faults = [error]
    }
    return yield
  }

  private func value(
    _ records: JSONRecords, _ excerpt: inout Range<Int>?
  ) throws(RejectReason) -> (IndicatorValue, Range<Int>)? {
    var ranges = [Range<Int>?](repeating: nil, count: Role.allCases.count)
    for number in records.members {
      let role = TableForm.roles[number].role.rawValue
      if ranges[role] == nil { ranges[role] = records[number] }
    }
    if let value = ranges[Role.typedValue.rawValue], let type = ranges[Role.type.rawValue] {
      excerpt = value
      guard let kind = ValueType(records.texts.span.extracting(type)) else {
        throw .unsupportedKind
      }
      return (try kind.value(of: records.texts.span.extracting(value)), value)
    }
    let single: [(Role, ValueType)] = [(.url, .url), (.ja3, .ja3), (.digest, .file)]
    for (role, type) in single {
      guard let range = ranges[role.rawValue], !range.isEmpty else { continue }
      excerpt = range
      return (try type.value(of: records.texts.span.extracting(range)), range)
    }
    if let range = ranges[Role.address.rawValue] {
      excerpt = range
      let text = records.texts.span.extracting(range)
      guard let port = ranges[Role.port.rawValue] else {
        return (try ValueType.prefix.value(of: text), range)
      }
      guard let address = IPAddress(parsing: text) else { throw .invalidAddress }
      let number = try AddressLine.port(records.texts.span.extracting(port))
      return (.endpoint(address, port: number), range)
    }
    guard let range = ranges[Role.name.rawValue] else { return nil }
    excerpt = range
    return (try ValueType.domain.value(of: records.texts.span.extracting(range)), range)
  }
}
