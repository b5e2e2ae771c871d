/// Where in a JSON text the values of a feed stand: `data[].ip`, `prefixes[]`, `[].cidr`, `items[].network.range`.
///
/// `[]` is every element of a list. A list at the top may be left out when the text has an object in each line.
public struct JSONPath: Hashable, Sendable {
  /// The path as it was written.
  public let text: String
  /// Names in their order; nil is every element of a list.
  let steps: [String?]

  /// Reads a path of 1 to 16 steps; nil when it is none.
  public init?(_ text: String) {
    var steps: [String?] = []
    for (index, piece) in text.split(separator: ".", omittingEmptySubsequences: false).enumerated()
    {
      var name = piece
      var lists = 0
      while name.hasSuffix("[]") {
        name = name.dropLast(2)
        lists += 1
      }
      guard !name.isEmpty || lists > 0 && index == 0, name.utf8.count < 64, !name.contains("[")
      else { return nil }
      if !name.isEmpty { steps.append(String(name)) }
      for _ in 0..<lists { steps.append(nil) }
    }
    guard (1...16).contains(steps.count) else { return nil }
    self.text = text
    self.steps = steps
  }
}
