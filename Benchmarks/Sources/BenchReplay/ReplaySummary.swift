import FoundationEssentials

/// What `weir replay -o json` prints, as far as benchmarks need it.
public struct ReplaySummary: Decodable, Sendable {
  /// The form of the document.
  public let schema: String
  /// Packets by what became of them.
  public let packets: Packets
  /// What was, or would have been, blocked.
  public let blocked: Blocked
  /// All sightings.
  public let sightings: Sightings
  /// The indicators that were sighted.
  public let indicators: [Indicator]
  /// Seconds.
  public let elapsed: Elapsed

  /// Packets by what became of them.
  public struct Packets: Decodable, Sendable {
    /// Packets read.
    public let read: Int
  }

  /// What was blocked.
  public struct Blocked: Decodable, Sendable {
    /// Packets whose verdict was `block`.
    public let packets: Int
    /// Connections, queries and the like.
    public let threats: Int
  }

  /// All sightings.
  public struct Sightings: Decodable, Sendable {
    /// Of every indicator, everywhere.
    public let total: Int
  }

  /// One indicator with at least one sighting.
  public struct Indicator: Decodable, Sendable {
    /// The address, name or pattern.
    public let value: String
    /// `ip`, `cidr`, `domain`, `pattern` and so on.
    public let kind: String
    /// Sightings by place.
    public let sightings: [String: Int]
  }

  /// Seconds.
  public struct Elapsed: Decodable, Sendable {
    /// What loading the indicators took.
    public let loadSeconds: Double
    /// What the packets took.
    public let runSeconds: Double

    enum CodingKeys: String, CodingKey {
      case loadSeconds = "load_s"
      case runSeconds = "run_s"
    }
  }

  /// Reads a summary; fails when it is none, or one of another version.
  public init(json: [UInt8]) throws {
    self = try JSONDecoder().decode(ReplaySummary.self, from: Data(json))
    guard schema == "weir.summary.v1" else { throw ReplayError.schema(schema) }
  }
}

/// Why a replay gave no value.
public enum ReplayError: Error, Equatable, CustomStringConvertible {
  /// The program's exit status was not 0.
  case failed(program: String, status: Int32)
  /// The summary is of a version not known here.
  case schema(String)
  /// The program says that it took no time.
  case noTime

  /// A few words.
  public var description: String {
    switch self {
    case .failed(let program, let status): "\(program) ended with status \(status)"
    case .schema(let schema): "summary of an unknown form: \(schema)"
    case .noTime: "no time was reported"
    }
  }
}
