/// Everything that sessions are made from: shapes, names, and where their payloads are.
struct SessionBook: Sendable {
  /// The payloads of one name.
  struct Name: Sendable {
    let httpRequest: Range<Int>
    let tlsClient: Range<Int>
    let dnsQuery: Range<Int>
    let dnsAnswer: Range<Int>
    let dnsNoName: Range<Int>
  }

  /// The payloads of one variant of a shape's own content.
  struct Variant: Sendable {
    let client: Range<Int>
    let server: Range<Int>
  }

  /// A shape whose server payloads hold a pattern.
  struct Planted: Sendable {
    let shape: Int
    let variant: Variant
  }

  let shapes: [SessionShape]
  let weights: [UInt64]
  let shapeChoice: WeightedChoice
  /// Only shapes that say a name; nil when the mix has none.
  let namedShapeChoice: WeightedChoice?
  /// For each shape, its variants.
  let variants: [[Variant]]
  /// Background names, then listed ones.
  let names: [Name]
  let listedNames: [String]
  let planted: [Planted]
  let pool: PayloadPool

  /// The number of names that are not listed.
  var backgroundNameCount: Int { names.count - listedNames.count }

  /// The mean number of packets of a session, rounded up.
  var meanSteps: Int {
    let weight = weights.reduce(0, +)
    let steps = zip(weights, shapes).reduce(0) { $0 + $1.0 * UInt64($1.1.steps.count) }
    return Int((steps + weight - 1) / weight)
  }
}
