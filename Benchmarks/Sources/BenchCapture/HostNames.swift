/// Plausible host names.
enum HostNames {
  private static let syllables = [
    "ba", "cor", "del", "fen", "gal", "hin", "jor", "kel", "lum", "mor", "nex", "ost", "pra",
    "qui", "ros", "sil", "tam", "ult", "ver", "win", "xan", "yor", "zem", "bri", "cla", "dro",
    "eck", "flo", "gri", "hal", "ist", "jun",
  ]
  private static let endings = [
    "com", "net", "org", "io", "de", "co.uk", "fr", "info", "app", "dev", "nl", "jp", "com.br",
  ]
  private static let services = ["", "www.", "cdn.", "api.", "img.", "static.eu.", "mail."]

  /// A made-up word.
  static func word(syllables count: Int, _ random: inout SeededGenerator) -> String {
    (0..<count).map { _ in random.pick(syllables) }.joined()
  }

  /// A top-level or registry domain.
  static func ending(_ random: inout SeededGenerator) -> String {
    random.pick(endings)
  }

  /// `count` distinct names that no entry of `listed` covers.
  static func background(
    count: Int, avoiding listed: DomainEntries, _ random: inout SeededGenerator
  ) throws(CaptureError) -> [String] {
    var names: [String] = []
    var seen: Set<String> = []
    var attempts = 0
    while names.count < count {
      attempts += 1
      guard attempts < 100 * count + 10_000 else { throw .listsCoverTooMuch("domain names") }
      let word = word(syllables: 2 + random.below(3), &random)
      let name = random.pick(services) + word + "." + ending(&random)
      if listed.covering(name).isEmpty, seen.insert(name).inserted { names.append(name) }
    }
    return names
  }

  /// Up to `count` names that are listed, or are below a listed one.
  static func listed(
    count: Int, from entries: DomainEntries, _ random: inout SeededGenerator
  ) -> [String] {
    var names: [String] = []
    var seen: Set<String> = []
    guard !entries.names.isEmpty else { return names }
    for _ in 0..<min(count, entries.names.count) {
      let entry = random.pick(entries.names)
      let prefix = entry.utf8.count > 180 ? "" : random.pick(["", "", "www.", "c2.", "x7.dl."])
      if seen.insert(prefix + entry).inserted { names.append(prefix + entry) }
    }
    return names
  }
}
