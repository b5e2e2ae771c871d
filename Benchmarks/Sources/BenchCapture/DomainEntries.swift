/// Listed domains; each stands for itself and everything below it.
struct DomainEntries: Sendable {
  /// The distinct names in lower case, in the order listed.
  let names: [String]

  private let indices: [String: Int]

  init(_ listed: [String]) {
    var distinct: [String] = []
    var seen: [String: Int] = [:]
    for name in listed where seen[name] == nil {
      seen[name] = distinct.count
      distinct.append(name)
    }
    names = distinct
    indices = seen
  }

  /// The entries that are `name` or a parent of it.
  func covering(_ name: String) -> [Int] {
    var found: [Int] = []
    var rest = Substring(name)
    while !rest.isEmpty {
      if let index = indices[String(rest)] { found.append(index) }
      guard let dot = rest.firstIndex(of: ".") else { break }
      rest = rest[rest.index(after: dot)...]
    }
    return found
  }
}
