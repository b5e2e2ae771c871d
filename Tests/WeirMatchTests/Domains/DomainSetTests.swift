import Testing
import WeirMatch
import WeirModel

@Suite struct DomainSetTests {
  @Test func anImageWithoutSectionsIsAnEmptySet() throws {
    let image = try Image(ImageBuilder().finish())
    defer { keep(image) }
    let set = try DomainSet(image)
    #expect(set.isEmpty)
    #expect(answer(set, "evil.example") == [])
    #expect(set.name(of: 0).description == "invalid")
  }

  @Test(arguments: [
    ("evil.com", ["evil.com!"]),
    ("a.evil.com", ["evil.com"]),
    ("a.b.evil.com", ["b.evil.com", "evil.com"]),
    ("b.evil.com", ["b.evil.com!", "evil.com"]),
    ("notevil.com", []),
    ("evil.com.example", []),
    ("evil.co", []),
    ("vil.com", []),
    (".evil.com", ["evil.com"]),
    ("..evil.com", ["evil.com"]),
    ("evil..com", []),
    ("evil.com.", []),
    ("a.zip", ["zip"]),
    ("zip", ["zip!"]),
    ("gzip", []),
    ("x.unzip.zip", ["unzip.zip", "zip"]),
    ("com", []),
    ("", []),
    (".", []),
    ("\0.evil.com", ["evil.com"]),
    ("münchen.evil.com", ["evil.com"]),
    ("EVIL.com", []),
    (
      "x.a-label-that-is-longer-than-one-word.example",
      ["a-label-that-is-longer-than-one-word.example"]
    ),
    ("a-label-that-is-longer-than-one-wore.example", []),
    ("a-label-thet-is-longer-than-one-word.example", []),
  ])
  func coveringNamesAreFoundLongestFirst(name: String, expected: [String]) throws {
    let image = try image(of: [
      "evil.com", "b.evil.com", "zip", "unzip.zip", "a-label-that-is-longer-than-one-word.example",
    ])
    defer { keep(image) }
    let set = try DomainSet(image)
    #expect(answer(set, name) == expected, "\(name)")
  }

  @Test func everyParentOfADeepNameIsFound() throws {
    let labels = [String](repeating: "a", count: 127)
    let names = (1...127).map { labels.prefix($0).joined(separator: ".") }
    let image = try image(of: names)
    defer { keep(image) }
    let set = try DomainSet(image)
    let deepest = labels.joined(separator: ".")
    #expect(answer(set, deepest) == [deepest + "!"] + names.dropLast().reversed())
    #expect(answer(set, "b." + deepest.dropFirst(2)) == names.dropLast().reversed())
    #expect(answer(set, deepest + ".a.a.a.a.a.a") == [deepest] + names.dropLast().reversed())
  }

  @Test func everyEntryIsGivenBack() throws {
    var random = SeededRandom(seed: 8)
    let names = sorted((0..<3_000).map { _ in randomName(&random) })
    let image = try image(of: names.map(\.description))
    defer { keep(image) }
    let set = try DomainSet(image)
    #expect(set.count == names.count)
    for (entry, name) in names.enumerated() {
      #expect(set.name(of: UInt32(entry)) == name)
      #expect(set.length(of: UInt32(entry)) == name.bytes.count)
    }
  }

  @Test func theSameInputGivesTheSameBytes() throws {
    let names = ["a.example", "b.example", "zip"]
    let images = try [image(of: names), image(of: names)].map(bytes)
    #expect(images[0] == images[1])
  }

  /// Every name of up to three labels over two letters, in sets of each density.
  @Test(arguments: [UInt64](1...10))
  func everyNameOfASmallWorldIsFound(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let labels = ["a", "b", "ab", "ba"]
    let two = labels.flatMap { first in labels.map { "\(first).\($0)" } }
    let three = labels.flatMap { first in two.map { "\(first).\($0)" } }
    let all = labels + two + three
    let listed = all.filter { _ in random.next() % seed < 2 }
    let image = try image(of: listed)
    defer { keep(image) }
    let set = try DomainSet(image)
    for name in all + ["", ".", "a.", ".a", "c.a"] {
      #expect(answer(set, name) == plainAnswer(Set(listed), name), "\(name) seed \(seed)")
    }
  }

  @Test func aMillionRandomLookUpsAgreeWithADictionary() throws {
    var random = SeededRandom(seed: 30)
    let names = sorted((0..<20_000).map { _ in randomName(&random) })
    let image = try image(of: names.map(\.description))
    defer { keep(image) }
    let set = try DomainSet(image)
    var entries: [[UInt8]: UInt32] = [:]
    for (entry, name) in names.enumerated() { entries[name.bytes] = UInt32(entry) }
    var wrong: [String] = []
    for round in 0..<1_000_000 {
      var name = round % 3 == 0 ? randomName(&random).bytes : names[round % names.count].bytes
      if round % 3 == 1 { name = Array("x\(round % 10).".utf8) + name }
      if round % 7 == 6 { name[Int(random.next() % UInt64(name.count))] ^= 1 }
      var found: [UInt32] = []
      set.forEachEntry(covering: name.span) { entry, _ in found.append(entry) }
      if found != plainEntries(entries, name) {
        wrong.append(String(decoding: name, as: UTF8.self))
      }
    }
    #expect(wrong.isEmpty, "seed 30, \(wrong.prefix(5))")
  }

  @Test func damagedImagesAreRefusedOrAnsweredButNeverTrap() throws {
    var random = SeededRandom(seed: 6)
    let names = sorted((0..<80).map { _ in randomName(&random) })
    let good = try bytes(of: image(of: names.map(\.description)))
    var answered = 0
    for offset in damagedOffsets(good.count) {
      for mask: UInt8 in [0xff, 0x01, 0x80] {
        var damaged = good
        damaged[offset] ^= mask
        guard let image = try? Image(damaged), let set = try? DomainSet(image) else { continue }
        defer { keep(image) }
        for name in names {
          set.forEachEntry(covering: name.bytes.span) { entry, _ in _ = set.name(of: entry) }
        }
        _ = set.name(of: UInt32(names.count))
        answered += 1
      }
    }
    #expect(answered > 0)
  }
}

/// The names that cover `name`, the exact one marked by "!".
private func answer(_ set: DomainSet, _ name: String) -> [String] {
  let bytes = Array(name.utf8)
  var found: [String] = []
  set.forEachEntry(covering: bytes.span) { entry, isExact in
    found.append(set.name(of: entry).description + (isExact ? "!" : ""))
  }
  return found
}

private func plainAnswer(_ listed: Set<String>, _ name: String) -> [String] {
  let labels = name.split(separator: ".", omittingEmptySubsequences: false)
  return labels.indices.compactMap { start in
    let suffix = labels[start...].joined(separator: ".")
    return listed.contains(suffix) ? suffix + (start == 0 ? "!" : "") : nil
  }
}

private func plainEntries(_ entries: [[UInt8]: UInt32], _ name: [UInt8]) -> [UInt32] {
  name.indices.compactMap { start in
    start == 0 || name[start - 1] == UInt8(ascii: ".") ? entries[Array(name[start...])] : nil
  }
}

private func image(of names: [String]) throws -> Image {
  var builder = ImageBuilder()
  let names = names.compactMap { DomainName($0, allowsSingleLabel: true) }
  try DomainSetBuilder.add(sorted(names), to: &builder)
  return try Image(builder.finish())
}

private func sorted(_ names: [DomainName]) -> [DomainName] {
  Set(names).sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
}

private func randomName(_ random: inout SeededRandom) -> DomainName {
  let ends = ["com", "net", "org", "co.uk", "example", "xn--p1ai", "duckdns.org", "workers.dev"]
  let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789-_")
  let label = { (random: inout SeededRandom) -> String in
    let length = 1 + Int(random.next() % (random.next() % 16 == 0 ? 60 : 14))
    return String((0..<length).map { _ in letters[Int(random.next() % UInt64(letters.count))] })
  }
  var text = ends[Int(random.next() % UInt64(ends.count))]
  for _ in 0..<(1 + random.next() % 3) where random.next() % 8 != 0 {
    text = label(&random) + "." + text
  }
  return DomainName(text, allowsSingleLabel: true) ?? DomainName(bytesOf: "fallback.example")
}

extension DomainName {
  fileprivate init(bytesOf text: String) {
    guard let name = DomainName(text) else { preconditionFailure("\(text) is a name") }
    self = name
  }
}
