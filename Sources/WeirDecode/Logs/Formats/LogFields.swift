public import WeirModel

/// What a field of a line is about.
public enum FieldMeaning: UInt8, Sendable, BitwiseCopyable {
  case nothing, source, destination, query, answer, serverName, quicServerName, host, url

  /// Where values of the field were seen.
  public var place: Place {
    switch self {
    case .nothing: .log
    case .source: .ipSource
    case .destination: .ipDestination
    case .query: .dnsQuery
    case .answer: .dnsAnswer
    case .serverName: .tlsSNI
    case .quicServerName: .quicSNI
    case .host: .httpHost
    case .url: .httpURL
    }
  }

  /// Whether the field as a whole is one name, also one with a single label.
  public var isName: Bool {
    switch self {
    case .query, .serverName, .quicServerName, .host: true
    default: false
    }
  }

  /// The meaning that fields with a name have in JSON, CSV, Zeek's logs and `name=value`.
  @inline(__always) static func named(_ text: Span<UInt8>, _ name: Range<Int>) -> FieldMeaning {
    guard name.count <= 24 else { return .nothing }
    return FieldMeaning(rawValue: names.value(text, name)) ?? .nothing
  }

  private static let names = WordTable([
    (
      FieldMeaning.source.rawValue,
      """
      src src_ip srcip src_addr source_ip sourceip source_address saddr ip_src client client_ip \
      clientip client_addr client_address clienthost c-ip remote_addr remote_ip remoteip \
      remote_host remote_address id.orig_h orig_h rhost rip source.ip client.ip sourceipaddress
      """
    ),
    (
      FieldMeaning.destination.rawValue,
      """
      dst dst_ip dstip dst_addr dest dest_ip destip destination_ip destinationip daddr ip_dst \
      server_ip s-ip id.resp_h resp_h destination.ip server.ip
      """
    ),
    (FieldMeaning.query.rawValue, "query rrname qname question dns_query dns.question.name"),
    (FieldMeaning.answer.rawValue, "answers answer rdata"),
    (FieldMeaning.serverName.rawValue, "server_name sni tls_sni ssl_server_name"),
    (FieldMeaning.host.rawValue, "host http_host vhost request_host requesthost authority cs-host"),
    (
      FieldMeaning.url.rawValue,
      "url uri request request_uri requesturi requestpath cs-uri-stem path"
    ),
  ])
}

/// The fields of one line that mean something, in no order.
///
/// Not copied, because it is as long as some lines.
public struct LogFields: ~Copyable {
  /// One of them.
  public struct Field: Sendable, BitwiseCopyable {
    /// Where it begins.
    public var start = 0
    /// Where it ends.
    public var end = 0
    /// What it is about.
    public var meaning = FieldMeaning.nothing
  }

  private static let capacity = 32
  /// In memory of its own: reading one element of an array in place copied all of it.
  private var fields = [Field](repeating: Field(), count: capacity)
  /// How many there are.
  public private(set) var count = 0

  /// No fields.
  public init() {}

  /// Forgets all fields.
  @inline(__always) public mutating func removeAll() { count = 0 }

  /// A field.
  @inline(__always) public subscript(index: Int) -> Field { fields[index] }

  /// Adds a field; those that there is no room for are as if they had no name.
  @inline(__always) mutating func add(_ range: Range<Int>, _ meaning: FieldMeaning) {
    guard meaning != .nothing, !range.isEmpty, count < LogFields.capacity else { return }
    fields[count] = Field(start: range.lowerBound, end: range.upperBound, meaning: meaning)
    count += 1
  }

  /// What the field is about that holds a place.
  @inline(__always) public func meaning(at place: Int) -> FieldMeaning {
    for index in 0..<count where place >= fields[index].start && place < fields[index].end {
      return fields[index].meaning
    }
    return .nothing
  }

  /// The first field with a meaning.
  public func first(_ meaning: FieldMeaning) -> Range<Int>? {
    for index in 0..<count where fields[index].meaning == meaning {
      return fields[index].start..<fields[index].end
    }
    return nil
  }
}
