import WeirMatch
import WeirModel

/// The tables that say which feed lists an indicator on which line; reports read them, workers never do.
struct ProvenanceTables: Sendable {
  /// Words of a listing.
  static let listingWords = 3

  private let packedMemberships: Table<UInt64>
  private let memberStarts: Table<UInt32>
  private let members: Table<UInt32>
  private let listings: Table<UInt32>
  private let patternIDStarts: Table<UInt32>
  private let patternIDs: Table<UInt8>

  /// Finds the tables of a rule set with so many feeds.
  ///
  /// - Throws: `ImageError` when a membership is none, or of a feed that does not exist.
  init(_ image: Image, feeds: Int) throws(ImageError) {
    packedMemberships = try image.table(.memberships)
    memberStarts = try image.table(.memberStarts)
    members = try image.table(.members)
    listings = try image.table(.listings)
    patternIDStarts = try image.table(.patternIDStarts)
    patternIDs = try image.table(.patternIDs)
    guard listings.count % ProvenanceTables.listingWords == 0 else {
      throw .inconsistent(.listings)
    }
    for number in 0..<packedMemberships.count {
      guard let membership = Membership(packed: packedMemberships[number]),
        Int(membership.feed) < feeds
      else { throw .inconsistent(.memberships) }
    }
  }

  /// The memberships of a feed set, in the order of feeds.
  func memberships(of feedSet: UInt32) -> [Membership] {
    let start = min(Int(memberStarts[Int(feedSet), or: 0]), members.count)
    let end = min(Int(memberStarts[Int(feedSet) + 1, or: 0]), members.count)
    guard start < end else { return [] }
    return (start..<end).compactMap { membership(members[$0, or: 0]) }
  }

  private func membership(_ number: UInt32) -> Membership? {
    Membership(packed: packedMemberships[Int(number), or: .max])
  }

  /// The listings of an indicator that has several; empty for one that has one.
  func listings(of indicator: UInt32) -> [(membership: Membership, line: UInt32)] {
    let count = listings.count / ProvenanceTables.listingWords
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if word(middle, 0) < indicator { low = middle + 1 } else { high = middle }
    }
    var found: [(membership: Membership, line: UInt32)] = []
    while low < count, word(low, 0) == indicator {
      if let membership = membership(word(low, 1)) { found.append((membership, word(low, 2))) }
      low += 1
    }
    return found
  }

  private func word(_ listing: Int, _ field: Int) -> UInt32 {
    listings[listing * ProvenanceTables.listingWords + field, or: 0]
  }

  /// The name of a pattern indicator; empty when there is none.
  func patternID(_ index: Int) -> String {
    let start = min(Int(patternIDStarts[index, or: 0]), patternIDs.count)
    let end = min(Int(patternIDStarts[index + 1, or: 0]), patternIDs.count)
    guard start < end else { return "" }
    return String(decoding: (start..<end).map { patternIDs[$0, or: 0] }, as: UTF8.self)
  }
}
