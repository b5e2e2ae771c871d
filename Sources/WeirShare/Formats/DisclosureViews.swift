/// The same disclosure in other people's formats: each follows from `disclosure.json` byte for byte.
public enum DisclosureViews {
  /// The names of their files.
  public static let names = ["stix.json", "misp.json", "cells.csv"]

  /// The views of a document; nil when it is none.
  public static func make(_ document: [UInt8]) -> [String: [UInt8]]? {
    guard let content = DisclosureContent(document) else { return nil }
    return [
      "stix.json": STIXView.make(content), "misp.json": MISPView.make(content),
      "cells.csv": CSVView.make(content),
    ]
  }
}
