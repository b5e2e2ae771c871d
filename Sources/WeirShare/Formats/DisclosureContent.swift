import WeirCrypto

/// What the other formats need of a disclosure.
struct DisclosureContent {
  /// A cell that names an indicator.
  struct Cell {
    let category: String
    let direction: String
    let region: String
    let feed: String
    let reference: String
    let indicator: SharedIndicator
    let victims: Int64
  }

  let release: String
  let stream: String
  let start: String
  let end: String
  let made: String
  let producer: String
  let tlp: String
  let epsilon: Rational
  let contributionCells: Int64
  let threshold: Int64
  let interval: Int64
  let digest: String
  let cells: [Cell]

  /// Reads `disclosure.json`.
  init?(_ document: [UInt8]) {
    guard let json = try? CanonicalJSON(canonical: Array(document.dropLast())),
      Shapes.disclosure.fault(json) == nil, let header = json["header"],
      let release = header["release_id"]?.string, let stream = header["stream"]?.string,
      let start = header["window"]?["start"]?.string, let end = header["window"]?["end"]?.string,
      let made = header["made"]?.string, let producer = header["producer"]?["id"]?.string,
      let tlp = json["policy"]?["tlp"]?.string, let privacy = header["privacy"],
      let epsilon = Rational(json: privacy["epsilon"]),
      let contributionCells = privacy["contribution_cells"]?.integer,
      let threshold = privacy["threshold"]?.integer, let interval = privacy["interval95"]?.integer
    else { return nil }
    self.release = release
    self.stream = stream
    self.start = start
    self.end = end
    self.made = made
    self.producer = producer
    self.tlp = tlp
    self.epsilon = epsilon
    self.contributionCells = contributionCells
    self.threshold = threshold
    self.interval = interval
    digest = Hexadecimal.encode(SHA256.digest(document))
    cells = (json["cells"]?.array ?? []).compactMap { $0["cell"].flatMap(Cell.init) }
  }
}

extension DisclosureContent.Cell {
  init?(_ json: CanonicalJSON) {
    guard let category = json["category"]?.string, let direction = json["direction"]?.string,
      let region = json["region"]?.string, let victims = json["victims"]?.integer,
      let type = json["indicator"]?["type"]?.string.flatMap(SharedIndicator.Form.init(rawValue:)),
      let value = json["indicator"]?["value"]?.string
    else { return nil }
    self.init(
      category: category, direction: direction, region: region, feed: json["feed"]?.string ?? "",
      reference: json["ref"]?.string ?? "", indicator: SharedIndicator(type, value),
      victims: victims)
  }
}
