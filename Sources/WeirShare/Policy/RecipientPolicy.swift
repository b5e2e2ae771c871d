import WeirCrypto
import WeirModel

/// What one recipient may have: signed into every disclosure.
///
/// Without a policy nothing leaves.
public struct RecipientPolicy: Hashable, Sendable {
  /// The document, of the schema `weir.policy/1`.
  public let json: CanonicalJSON

  /// How many different people must have approved, unless the operator asks for more.
  public static let approvalsMin = 2

  /// Takes a document in; the error says what is wrong with it.
  public init(_ json: CanonicalJSON) throws(ShareError) {
    if let fault = Shapes.policy.fault(json) { throw .configuration(fault) }
    self.json = json
  }

  /// The recipient's name.
  public var recipient: String { json["recipient"]?.string ?? "" }
  /// The SHA-256 of its canonical text.
  public var digest: String { Hexadecimal.encode(SHA256.digest(json.bytes)) }
  /// When it ends.
  var expires: UTCTime? { json["expires"]?.string.flatMap(UTCTime.init) }
  /// Its marking.
  public var tlp: TLPMarking {
    TLPMarking.allCases.first { $0.name == json["tlp"]?.string } ?? .red
  }

  private func words(_ member: String) -> Set<String> {
    Set(json[member]?.array?.compactMap(\.string) ?? [])
  }

  var categories: Set<String> { words("categories") }
  var regions: Set<String> { words("regions") }
  var streams: Set<String> { words("streams") }

  var approvals: [(by: String, at: UTCTime)] {
    (json["approvals"]?.array ?? []).compactMap { approval in
      guard let by = approval["by"]?.string, let at = approval["at"]?.string.flatMap(UTCTime.init)
      else { return nil }
      return (by, at)
    }
  }

  /// Why a release may not go out under it; nil when it may.
  ///
  /// - Parameters:
  ///   - made: when the release was made.
  ///   - approvalsMin: how many people must have approved.
  public func refusal(
    stream: ReleaseStream, made: UTCTime, feedMarkings: [TLPMarking],
    approvalsMin: Int = RecipientPolicy.approvalsMin
  ) -> String? {
    guard let expires, made < expires else { return "the policy for \(recipient) has expired" }
    if Set(approvals.filter { $0.at < made }.map(\.by)).count < max(approvalsMin, 2) {
      return "the policy for \(recipient) has fewer than \(max(approvalsMin, 2)) approvals"
    }
    if !streams.contains(stream.rawValue) {
      return "the policy for \(recipient) does not name the stream \(stream.rawValue)"
    }
    let strictest = feedMarkings.max() ?? .clear
    if strictest >= .amberStrict { return "a feed is marked \(strictest.name)" }
    if tlp < strictest { return "a feed is marked \(strictest.name), the policy \(tlp.name)" }
    return nil
  }

  /// Whether a cell may go to the recipient.
  func takes(_ cell: CanonicalJSON) -> Bool {
    guard let category = cell["category"]?.string, let region = cell["region"]?.string else {
      return false
    }
    return categories.contains(category) && regions.contains(region)
  }
}
