import FoundationEssentials

/// Why a tally file cannot be used.
public enum TallyError: Error, Equatable, Sendable {
  /// It is no JSON of the expected shape; the text says where.
  case damaged(String)
  /// It has another schema.
  case foreign(schema: String)
}

extension RunSummary {
  /// The JSON text with a final newline: sorted keys, so that equal runs give equal bytes.
  public func json() -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else {
      // Only a number that is no number can fail, and every ratio here is guarded against division by zero.
      preconditionFailure("a summary holds finite numbers only")
    }
    return Array(data) + [UInt8(ascii: "\n")]
  }

  /// The same as a tally file: without the times, which differ between equal runs.
  public func tallyFile() -> [UInt8] {
    var tally = self
    tally.schema = RunSummary.tallySchema
    tally.elapsed = nil
    return tally.json()
  }

  /// Reads a tally file.
  public init(tallyFile bytes: [UInt8]) throws(TallyError) {
    do {
      self = try JSONDecoder().decode(RunSummary.self, from: Data(bytes))
    } catch let error as DecodingError {
      throw .damaged(RunSummary.sentence(error))
    } catch {
      throw .damaged("\(error)")
    }
    guard schema == RunSummary.tallySchema else { throw .foreign(schema: schema) }
    schema = RunSummary.summarySchema
  }

  private static func sentence(_ error: DecodingError) -> String {
    func place(_ context: DecodingError.Context) -> String {
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      return path.isEmpty ? "the top" : path
    }
    switch error {
    case .keyNotFound(let key, let context): return "no \"\(key.stringValue)\" at \(place(context))"
    case .typeMismatch(_, let context): return "a value of another type at \(place(context))"
    case .valueNotFound(_, let context): return "no value at \(place(context))"
    case .dataCorrupted: return "not JSON"
    @unknown default: return "not understood"
    }
  }
}
