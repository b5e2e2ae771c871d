import WeirCrypto
import WeirMatch

/// Compiled rules on their way into memory or into a database.
///
/// The image holds everything but where the feeds were read; its SHA-256 is the generation.
public struct CompiledRules: Sendable {
  /// The sections.
  let image: ImageBuilder
  /// The feeds with what was taken of each.
  public let records: [FeedRecord]

  /// How long the image is.
  public var byteCount: Int { image.byteCount }

  /// The rule set, in memory.
  public consuming func ruleSet() throws(BuildError) -> RuleSet {
    do {
      let bytes = try image.finish()
      var hash = SHA256()
      hash.update(bytes.span)
      return try RuleSet(
        image: try Image(bytes), generation: Generation.text(hash.finish()),
        paths: records.map(\.path))
    } catch {
      throw .set("\(error)")
    }
  }
}
