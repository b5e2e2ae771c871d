/// Writes the blocks of a `DomainText`.
struct DomainTextBuilder: ~Copyable {
  private var blockStarts: ColumnWriter
  private var codes: ColumnWriter
  private let symbols: SymbolTable
  /// The block that is not complete yet.
  private var block: [UInt8] = []
  private var names = 0

  init(_ symbols: SymbolTable, _ scratch: Scratch) {
    self.symbols = symbols
    blockStarts = ColumnWriter(scratch)
    codes = ColumnWriter(scratch)
  }

  /// Adds the next name.
  ///
  /// - Throws: `DomainBuildError.tooMany` when the codes are more than can be numbered, `.scratch`.
  mutating func append(_ name: Span<UInt8>) throws(DomainBuildError) {
    if names % DomainText.blockNames == 0 { try beginBlock() }
    let start = block.count
    symbols.encode(name, onto: &block)
    block[names % DomainText.blockNames] = UInt8(block.count - start)
    names += 1
  }

  private mutating func beginBlock() throws(DomainBuildError) {
    try endBlock()
    let start = codes.byteCount
    guard start < Int(UInt32.max) else { throw .tooMany(limit: Int(UInt32.max)) }
    do throws(ScratchError) {
      try blockStarts.append(UInt32(start))
    } catch {
      throw .scratch(error)
    }
    block.append(contentsOf: repeatElement(0, count: DomainText.blockNames))
  }

  private mutating func endBlock() throws(DomainBuildError) {
    do throws(ScratchError) {
      let block = block
      try codes.append(block.span)
    } catch {
      throw .scratch(error)
    }
    block.removeAll(keepingCapacity: true)
  }

  /// Adds the sections; the codes are followed by what a load of a whole word may reach.
  consuming func finish(_ image: inout ImageBuilder) throws(DomainBuildError) {
    block.append(contentsOf: repeatElement(0, count: 8))
    try endBlock()
    let decoder = symbols.decoder
    do throws(ScratchError) {
      image.add(DomainSections.blockStarts, try blockStarts.finish())
      image.add(DomainSections.text, try codes.finish())
    } catch {
      throw .scratch(error)
    }
    image.add(DomainSections.symbols, decoder)
  }
}
