/// A table of an image whose look-ups cannot fail: an index outside it reads the first element.
///
/// Indices come out of other tables of the same image. In a damaged image they may be anything, so every one is
/// checked; an answer is then wrong, but nothing traps and nothing is read out of bounds.
@safe struct PatternTable<Element: FixedWidthInteger & BitwiseCopyable>: @unchecked Sendable {
  let count: Int
  private let base: UnsafePointer<Element>

  /// A view of `table`; an empty one reads as a single zero.
  init(_ table: Table<Element>) {
    if let start = unsafe table.base, table.count > 0 {
      unsafe base = start
      count = table.count
    } else {
      // Eight zero bytes that are never freed: enough for one element of any width used here.
      unsafe base = UnsafeRawPointer(patternZero).assumingMemoryBound(to: Element.self)
      count = 0
    }
  }

  /// The start of the table, for a loop in C that masks its own indices.
  var start: UnsafePointer<Element> { unsafe base }

  /// The element at `index`, or the first one when there is no such element.
  @inline(__always) subscript(_ index: Int) -> Element {
    let isInside = UInt(bitPattern: index) < UInt(bitPattern: count)
    // Inside by the comparison; element 0 always exists, in the table or in the zero block.
    return unsafe base[isInside ? index : 0]
  }

  /// The element at `index`, or the first one when there is no such element.
  @inline(__always) subscript(_ index: UInt32) -> Element { self[Int(index)] }
}

/// Eight zero bytes for tables without elements.
///
/// Written once, before the first use, and never freed.
nonisolated(unsafe) private let patternZero: UnsafeMutablePointer<UInt64> = {
  let zero = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)
  unsafe zero.initialize(to: 0)
  return unsafe zero
}()
