import WeirMatch
import WeirModel

/// The distinct values of all families in their order, as the builders of the sets want them.
struct ValueColumns: ~Copyable {
  private var v4Hosts: [UInt32] = []
  private var v6Hosts: [IPAddress] = []
  private var blocks: [IPRange] = []
  private var endpoints: [(IPAddress, UInt16)] = []
  private var domains: NameColumnWriter
  private var patterns: [PatternKey] = []
  private var values: ValueSetBuilder

  init(_ scratch: Scratch) {
    domains = NameColumnWriter(scratch)
    values = ValueSetBuilder(scratch)
  }

  /// Takes the next value.
  mutating func append(_ key: [UInt8]) throws(ScratchError) -> IndicatorKind {
    var reader = RecordKeyReader(key)
    guard let family = reader.family else { preconditionFailure("a record has a family") }
    switch family {
    case .v4Host: v4Hosts.append(reader.number())
    case .v6Host: v6Hosts.append(IPAddress(v6High: reader.number(), low: reader.number()))
    case .block: if let range = reader.range() { blocks.append(range) }
    case .endpoint: endpoints.append((reader.address(), reader.number()))
    case .domain:
      try reader.withRest { (name) throws(ScratchError) in try domains.append(name) }
    case .pattern:
      let (bytes, ignoresCase) = (reader.terminatedText(), reader.number(UInt8.self) == 1)
      if let pattern = BytePattern(bytes, ignoresCase: ignoresCase) {
        patterns.append(
          PatternKey(pattern: pattern, id: String(decoding: reader.rest(), as: UTF8.self)))
      }
    case .url, .ja3, .ja4, .certificate, .file, .autonomousSystem:
      try reader.withRest { (bytes) throws(ScratchError) in try values.append(family.kind, bytes) }
    }
    return family.kind
  }

  /// Adds the sections of all sets.
  consuming func finish(_ builder: inout ImageBuilder) throws(BuildError) {
    do {
      try AddressSetBuilder.add(v4Hosts: v4Hosts, v6Hosts: v6Hosts, blocks: blocks, to: &builder)
      (v4Hosts, v6Hosts, blocks) = ([], [], [])
      EndpointSetBuilder.add(endpoints, to: &builder)
      endpoints = []
      try DomainSetBuilder.add(try domains.finish(), to: &builder)
      try ValueColumns.add(patterns, to: &builder)
      try values.finish(&builder)
    } catch let error as ScratchError {
      throw .scratch(error)
    } catch let error as BuildError {
      throw error
    } catch {
      throw .set("\(error)")
    }
  }

  /// The automaton wants distinct byte strings; a table leads from each to the indicators that share it.
  private static func add(
    _ patterns: [PatternKey], to builder: inout ImageBuilder
  ) throws(PatternBuildError) {
    var distinct: [BytePattern] = []
    var starts: [UInt32] = []
    for (index, key) in patterns.enumerated() where distinct.last != key.pattern {
      distinct.append(key.pattern)
      starts.append(UInt32(index))
    }
    starts.append(UInt32(patterns.count))
    if !distinct.isEmpty { try PatternSetBuilder.add(distinct, to: &builder) }
    builder.add(.patternStarts, starts)
    builder.add(.patternLengths, distinct.map { UInt16($0.bytes.count) })
    var idStarts: [UInt32] = [0]
    var ids: [UInt8] = []
    for key in patterns {
      ids += Array(key.id.utf8)
      idStarts.append(UInt32(ids.count))
    }
    builder.add(.patternIDStarts, idStarts)
    builder.add(.patternIDs, ids)
  }
}

/// A pattern under a name.
///
/// The same bytes under two names are two indicators.
private struct PatternKey {
  var pattern: BytePattern
  var id: String
}
