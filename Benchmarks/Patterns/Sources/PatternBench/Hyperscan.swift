import CHyperscan
import WeirModel

/// Hyperscan with pure literals in block mode, every match reported, no start of match.
final class Hyperscan {
  private var database: OpaquePointer?
  private var scratch: OpaquePointer?

  init?(_ patterns: [BytePattern]) {
    var texts: [UnsafePointer<CChar>?] = []
    var (lengths, flags, numbers): ([Int], [UInt32], [UInt32]) = ([], [], [])
    for (number, pattern) in patterns.enumerated() {
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: pattern.bytes.count + 1)
      for (index, byte) in pattern.bytes.enumerated() { copy[index] = CChar(bitPattern: byte) }
      copy[pattern.bytes.count] = 0
      texts.append(UnsafePointer(copy))
      lengths.append(pattern.bytes.count)
      flags.append(pattern.ignoresCase ? UInt32(HS_FLAG_CASELESS) : 0)
      numbers.append(UInt32(number))
    }
    defer { for text in texts { text?.deallocate() } }
    var failure: UnsafeMutablePointer<hs_compile_error_t>?
    let result = hs_compile_lit_multi(
      &texts, flags, numbers, lengths, UInt32(patterns.count), UInt32(HS_MODE_BLOCK), nil,
      &database,
      &failure)
    guard result == HS_SUCCESS, hs_alloc_scratch(database, &scratch) == HS_SUCCESS else {
      return nil
    }
  }

  deinit {
    hs_free_scratch(scratch)
    hs_free_database(database)
  }

  var byteCount: Int {
    var size = 0
    return hs_database_size(database, &size) == HS_SUCCESS ? size : 0
  }

  /// The number of matches in all blocks.
  func count(_ text: UnsafeBufferPointer<UInt8>, blockLength: Int) -> Int {
    var matches = 0
    guard let base = text.baseAddress else { return 0 }
    let start = UnsafeRawPointer(base).assumingMemoryBound(to: CChar.self)
    for from in stride(from: 0, to: text.count, by: blockLength) {
      hs_scan(
        database, start + from, UInt32(min(blockLength, text.count - from)), 0, scratch,
        { _, _, _, _, context in
          context?.assumingMemoryBound(to: Int.self).pointee += 1
          return 0
        }, &matches)
    }
    return matches
  }
}
