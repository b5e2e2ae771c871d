import WeirCrypto

/// One MISP event: for each cell the indicator with one sighting, and a counter with the number, since a sighting has none.
///
/// It is not published and goes no further than the receiving organization: a human decides about both.
enum MISPView {
  static func make(_ content: DisclosureContent) -> [UInt8] {
    let (from, to) = (content.start.prefix(10), content.end.prefix(10))
    return ViewJSON.object([
      (
        "Event",
        .object([
          ("uuid", identifier("event|\(content.digest)")),
          ("info", .text("Weir aggregate \(from)/\(to) UTC, \(content.cells.count) indicators")),
          ("date", .text(String(to))), ("threat_level_id", .text("4")), ("analysis", .text("2")),
          ("distribution", .text("0")), ("published", .flag(false)),
          ("timestamp", seconds(content.made)),
          (
            "Tag",
            .list([
              .object([("name", .text("tlp:\(content.tlp)"))]),
              .object([("name", .text("weir:release=\"\(content.release)\""))]),
            ])
          ), ("Attribute", .list(content.cells.flatMap { attributes($0, content) })),
        ])
      )
    ]).bytes
  }

  private static func identifier(_ name: String) -> ViewJSON {
    .text(NamedUUID(namespace: Namespace.weir, name: name).description)
  }

  private static func seconds(_ time: String) -> ViewJSON {
    .text(String(UTCTime(time)?.seconds ?? 0))
  }

  private static func type(_ form: SharedIndicator.Form) -> String? {
    switch form {
    case .ipv4Address, .ipv6Address, .ipv4Network, .ipv6Network: "ip-dst"
    case .domainName: "domain"
    case .feedReference: nil
    }
  }

  private static func attributes(
    _ cell: DisclosureContent.Cell, _ content: DisclosureContent
  ) -> [ViewJSON] {
    guard let type = type(cell.indicator.type) else { return [] }
    let name = "\(content.digest)|\(cell.feed)|\(cell.indicator.value)"
    let zone = ".000000+00:00"
    let sighting = ViewJSON.object([
      ("uuid", identifier("sighting|\(name)")), ("type", .text("0")),
      ("date_sighting", seconds(content.end)), ("source", .text("weir:dp-aggregate")),
    ])
    let indicator = ViewJSON.object([
      ("uuid", identifier("attribute|\(name)")), ("type", .text(type)),
      ("category", .text("Network activity")), ("value", .text(cell.indicator.value)),
      ("to_ids", .flag(false)), ("disable_correlation", .flag(false)), ("distribution", .text("5")),
      ("timestamp", seconds(content.made)), ("first_seen", .text(content.start.dropLast() + zone)),
      ("last_seen", .text(content.end.dropLast() + zone)),
      ("comment", .text("feed \(cell.feed), \(cell.category); the number is in the counter below")),
      ("Sighting", .list([sighting])),
    ])
    let comment = """
      distinct customer blocks that met \(cell.indicator.value) \(cell.direction); discrete Laplace, epsilon \
      \(content.epsilon), interval95 \(content.interval), threshold \(content.threshold)
      """
    let counter = ViewJSON.object([
      ("uuid", identifier("counter|\(name)")), ("type", .text("counter")),
      ("category", .text("Other")), ("value", .text(String(cell.victims))),
      ("to_ids", .flag(false)),
      ("disable_correlation", .flag(true)), ("distribution", .text("5")),
      ("timestamp", seconds(content.made)), ("comment", .text(comment)),
    ])
    return [indicator, counter]
  }
}
