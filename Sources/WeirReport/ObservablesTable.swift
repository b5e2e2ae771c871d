import WeirModel
import WeirTally

/// The file of `--observables`: what was seen, as a table that other tools can be compared with.
public enum ObservablesTable {
  /// Lines of `where`, value and count between tabs, sorted by `where`, then by the value's bytes.
  public static func text(_ observed: ObservedValues) -> [UInt8] {
    var text: [UInt8] = []
    for row in observed.sorted() {
      text.append(contentsOf: row.place.name.utf8)
      text.append(UInt8(ascii: "\t"))
      // A tab or line feed inside a value would break the table.
      for byte in row.value { text.append(byte < 0x20 ? UInt8(ascii: "?") : byte) }
      text.append(UInt8(ascii: "\t"))
      text.append(contentsOf: String(row.count).utf8)
      text.append(UInt8(ascii: "\n"))
    }
    return text
  }
}
