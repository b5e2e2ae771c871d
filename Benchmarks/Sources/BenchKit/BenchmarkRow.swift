/// What is reported: us alone, or us and one rival.
public struct BenchmarkRow: Codable, Sendable, Equatable {
  /// The benchmark's name.
  public let name: String
  /// The unit of both values.
  public let unit: String
  /// Our median; nil when the answer was wrong or we could not run.
  public var value: Double?
  /// The rival's name; nil when there is none.
  public var rival: String?
  /// The rival's median; nil when it could not run.
  public var rivalValue: Double?
  /// How many times better we are; above 1 is better.
  public var ratio: Double?
  /// The median distance from our median, as a share of it.
  public var spread: Double?
  /// The expected answer, as a total.
  public var expected: Int?
  /// The answer found, as a total.
  public var found: Int?
  /// Whether every part of the answer agrees.
  public var isRight = false
  /// Why a value is missing, or what the answer differs in.
  public var remark: String?

  enum CodingKeys: String, CodingKey {
    case name, unit, value, rival, ratio, spread, expected, found, remark
    case rivalValue = "rival_value"
    case isRight = "answer_ok"
  }

  /// A row without values.
  public init(name: String, unit: String) {
    self.name = name
    self.unit = unit
  }

  /// Every field is written, also one without a value, so that readers need no guard.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(name, forKey: .name)
    try fields.encode(unit, forKey: .unit)
    try fields.encode(value, forKey: .value)
    try fields.encode(rival, forKey: .rival)
    try fields.encode(rivalValue, forKey: .rivalValue)
    try fields.encode(ratio, forKey: .ratio)
    try fields.encode(spread, forKey: .spread)
    try fields.encode(expected, forKey: .expected)
    try fields.encode(found, forKey: .found)
    try fields.encode(isRight, forKey: .isRight)
    try fields.encode(remark, forKey: .remark)
  }
}
