import WeirCrypto

/// A STIX 2.1 bundle: indicators, and one sighting for each with the number as its count.
///
/// Identifiers are UUIDs of version 5 below Weir's own namespace; the one of STIX is for observables only. Times are the window's
/// bounds, never those of events, and there is no observed data.
enum STIXView {
  private static let sightingExtension =
    "extension-definition--" + identifier("extension-definition|weir.sighting/1")
  private static let tlpExtension =
    "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
  /// The official markings of TLP 2.0 (OASIS).
  private static let markings = [
    "clear": "94868c89-83c2-464b-929b-a1a8aa3c8487",
    "green": "bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "amber": "55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "amber+strict": "939a9414-2ddd-4d32-a0cd-375ea402b003",
    "red": "e828b379-4e03-4974-9ac4-e53a884c97c1",
  ]
  /// UN M49 in the words of STIX (region-ov); the world has none.
  private static let regions = [
    "002": "africa", "015": "northern-africa", "202": "africa", "019": "americas",
    "419": "latin-america-caribbean", "021": "northern-america", "009": "oceania",
    "053": "australia-new-zealand", "142": "asia", "143": "central-asia", "030": "eastern-asia",
    "034": "southern-asia", "035": "south-eastern-asia", "145": "western-asia", "150": "europe",
    "151": "eastern-europe", "154": "northern-europe", "039": "southern-europe",
    "155": "western-europe",
  ]

  private static func identifier(_ name: String) -> String {
    NamedUUID(namespace: Namespace.weir, name: name).description
  }

  static func make(_ content: DisclosureContent) -> [UInt8] {
    let identity = "identity--" + identifier("identity|\(content.producer)|\(content.release)")
    var objects = [marking(content), identityObject(content, identity)]
    for region in Set(content.cells.map(\.region)).sorted() {
      if let location = location(region, content, identity) { objects.append(location) }
    }
    for cell in content.cells {
      objects.append(contentsOf: sighting(of: cell, content, identity))
    }
    return ViewJSON.object([
      ("type", .text("bundle")), ("id", .text("bundle--" + identifier("bundle|\(content.digest)"))),
      ("objects", .list(objects)),
    ]).bytes
  }

  /// `2026-11-23T02:00:00Z` with the milliseconds that STIX writes.
  private static func time(_ text: String) -> ViewJSON { .text(text.dropLast() + ".000Z") }

  private static func markingID(_ content: DisclosureContent) -> ViewJSON {
    .text("marking-definition--" + (markings[content.tlp] ?? ""))
  }

  private static func marking(_ content: DisclosureContent) -> ViewJSON {
    .object([
      ("type", .text("marking-definition")), ("spec_version", .text("2.1")),
      ("id", markingID(content)), ("created", .text("2022-10-01T00:00:00.000Z")),
      ("name", .text("TLP:\(content.tlp.uppercased())")),
      (
        "extensions",
        .object([
          (
            tlpExtension,
            .object([
              ("extension_type", .text("property-extension")), ("tlp_2_0", .text(content.tlp)),
            ])
          )
        ])
      ),
    ])
  }

  /// What all objects of ours begin with.
  private static func head(
    _ type: String, _ id: String, _ content: DisclosureContent
  ) -> [(String, ViewJSON)] {
    [
      ("type", .text(type)), ("spec_version", .text("2.1")), ("id", .text(id)),
      ("created", time(content.made)), ("modified", time(content.made)),
    ]
  }

  private static func tail(_ content: DisclosureContent) -> (String, ViewJSON) {
    ("object_marking_refs", .list([markingID(content)]))
  }

  private static func identityObject(_ content: DisclosureContent, _ id: String) -> ViewJSON {
    .object(
      head("identity", id, content) + [
        ("name", .text("Weir producer \(content.producer)")), ("identity_class", .text("system")),
        tail(content),
      ])
  }

  private static func locationID(_ region: String, _ content: DisclosureContent) -> String {
    "location--" + identifier("location|\(region)|\(content.release)")
  }

  private static func location(
    _ region: String, _ content: DisclosureContent, _ identity: String
  ) -> ViewJSON? {
    guard let name = regions[region] else { return nil }
    return .object(
      head("location", locationID(region, content), content) + [
        ("created_by_ref", .text(identity)), ("region", .text(name)), tail(content),
      ])
  }

  private static func pattern(_ indicator: SharedIndicator) -> String? {
    switch indicator.type {
    case .ipv4Address: "[ipv4-addr:value = '\(indicator.value)']"
    case .ipv6Address: "[ipv6-addr:value = '\(indicator.value)']"
    case .ipv4Network: "[ipv4-addr:value ISSUBSET '\(indicator.value)']"
    case .ipv6Network: "[ipv6-addr:value ISSUBSET '\(indicator.value)']"
    case .domainName: "[domain-name:value = '\(indicator.value)']"
    case .feedReference: nil
    }
  }

  private static func sighting(
    of cell: DisclosureContent.Cell, _ content: DisclosureContent, _ identity: String
  ) -> [ViewJSON] {
    guard let pattern = pattern(cell.indicator) else { return [] }
    let name = "\(cell.feed)|\(cell.indicator.type.rawValue)|\(cell.indicator.value)"
    let indicator = "indicator--" + identifier("indicator|\(content.release)|\(name)")
    let place = locationID(cell.region, content)
    let sighting =
      "sighting--"
      + identifier("sighting|\(content.release)|\(indicator)|\(place)|\(cell.direction)")
    var members =
      head("sighting", sighting, content) + [
        ("created_by_ref", .text(identity)), ("first_seen", time(content.start)),
        ("last_seen", time(content.end)), ("count", .number(cell.victims)),
        ("sighting_of_ref", .text(indicator)),
      ]
    if regions[cell.region] != nil { members.append(("where_sighted_refs", .list([.text(place)]))) }
    members += [
      ("summary", .flag(true)), tail(content),
      ("extensions", .object([(sightingExtension, figures(cell, content))])),
    ]
    let object = ViewJSON.object(
      head("indicator", indicator, content) + [
        ("created_by_ref", .text(identity)),
        ("name", .text("\(cell.category) of feed \(cell.feed)")),
        ("description", .text("Published by the feed; not derived from customers' traffic.")),
        ("indicator_types", .list([.text("malicious-activity")])), ("pattern", .text(pattern)),
        ("pattern_type", .text("stix")), ("pattern_version", .text("2.1")),
        ("valid_from", time(content.start)), tail(content),
      ])
    return [object, .object(members)]
  }

  private static func figures(
    _ cell: DisclosureContent.Cell, _ content: DisclosureContent
  ) -> ViewJSON {
    .object([
      ("extension_type", .text("property-extension")), ("unit", .text("distinct-customer-block")),
      ("mechanism", .text("discrete-laplace")), ("epsilon", .text("\(content.epsilon)")),
      ("contribution_cells", .number(content.contributionCells)),
      ("threshold", .number(content.threshold)), ("interval95", .number(content.interval)),
      ("direction", .text(cell.direction)), ("release_id", .text(content.release)),
      ("disclosure_sha256", .text(content.digest)),
    ])
  }
}
