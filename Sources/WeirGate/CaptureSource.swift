import WeirModel

/// The bytes of one input: a mapped file, or a stream with a bounded buffer before it.
struct CaptureSource: ~Copyable {
  /// How much is asked of a stream at a time, in bytes.
  static let chunkBytes = 1 << 18
  /// After how many bytes a mapped file is asked for its length again.
  private static let checkEveryBytes = 1 << 20
  /// After how many bytes those behind are given back.
  private static let releaseEveryBytes = 1 << 25

  /// What there is to read after a call of `supply`.
  enum Supply: Equatable {
    /// More than before.
    case more
    /// No more than before, ever.
    case end
    /// Nothing for now.
    case pending
    /// The rest cannot be read.
    case failed(CaptureFault.Kind, String)
  }

  private var mapping: MappedFile?
  private let descriptor: FileDescriptor
  private var stream = ByteStream()
  private var buffer = ByteBuffer(capacity: 1)
  /// Where the walk stands in the bytes that are lent.
  private(set) var position = 0
  /// How many bytes of the capture came before those that are lent.
  private var base = 0
  private var nextCheck = 0
  private var nextRelease = releaseEveryBytes
  private var hasShrunk = false
  /// How long the file was when it was opened; 0 for pipes.
  let fileByteCount: Int
  /// When the file was last written to, in seconds since 1970; nil for pipes.
  let modified: Int?
  /// Whether all bytes are there at once.
  var isPlain: Bool { mapping != nil }
  /// Whether more bytes may have to be waited for.
  var canWait: Bool { stream.canWait }

  /// Opens `path`, or standard input for `-`.
  init(path: String) throws(GateError) {
    let descriptor =
      path == "-" ? FileDescriptor.standardInput() : try FileDescriptor(reading: path)
    let status = try descriptor.status()
    stream.canWait = status.kind == .other
    fileByteCount = status.kind == .regular ? status.byteCount : 0
    modified = status.kind == .regular ? status.modified : nil
    // Files of the kernel that are made while they are read claim to have no bytes.
    let isMappable = fileByteCount > 0 && descriptor.isAtStart()
    mapping = isMappable ? descriptor.map(byteCount: fileByteCount) : nil
    self.descriptor = descriptor
    let compression = mapping?.withBytes { Compression(prefix: $0) } ?? .none
    if compression != .none { mapping = nil }
  }

  /// Where the walk stands in the capture, in bytes.
  var offset: Int { base + position }

  /// Where the frame of a slot begins in the capture, in bytes.
  func offset(of slot: Slot) -> Int { base + slot.offset }

  /// How many bytes of the file were used.
  var bytesUsed: Int { mapping == nil ? stream.bytesUsed - unusedPlainBytes : position }

  /// What was read ahead of the walk, when that can be said in bytes of the file.
  private var unusedPlainBytes: Int {
    stream.compression == .none ? buffer.count - position : 0
  }

  /// How the input is compressed, as far as is known.
  var compression: Compression { stream.compression }

  /// Whether all bytes that are there were used.
  var isUsedUp: Bool { withBytes { $0.count } == position }

  /// Lends the bytes.
  @inline(__always) func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    switch mapping {
    case .some(let mapping): mapping.withBytes(body)
    case .none: buffer.withBytes(body)
    }
  }

  /// Fills `slots` from `filled` on.
  mutating func walk(
    _ reader: inout CaptureReader, _ slots: inout [Slot], _ filled: inout Int
  ) -> WalkStop {
    if position >= nextCheck { check() }
    var position = position
    let stop = withBytes { bytes in
      var space = slots.mutableSpan
      return reader.walk(bytes, from: &position, into: &space, filled: &filled)
    }
    self.position = position
    return stop
  }

  /// Lends the first `count` slots and their bytes, with as many verdicts, all `pass`.
  func lend(
    _ slots: [Slot], _ count: Int, _ verdicts: inout [Verdict],
    _ judge: (Span<UInt8>, Span<Slot>, inout MutableSpan<Verdict>) -> Void
  ) {
    withBytes { bytes in
      var all = verdicts.mutableSpan
      var lent = all._mutatingExtracting(first: count)
      lent.update(repeating: .pass)
      judge(bytes, slots.span.extracting(first: count), &lent)
    }
  }

  /// Notices a mapped file that got shorter, and gives pages back.
  private mutating func check() {
    nextCheck = position + Self.checkEveryBytes
    let size = (try? descriptor.status())?.byteCount ?? 0
    let release = position >= nextRelease
    if release { nextRelease = position + Self.releaseEveryBytes }
    guard var mapping = mapping.take() else { return }
    if size < mapping.byteCount {
      mapping.shorten(to: size)
      hasShrunk = true
      position = min(position, size)
    }
    if release { mapping.release(before: position) }
    self.mapping = consume mapping
  }

  /// Moves on by `byteCount` bytes, for a reader that walks by itself.
  mutating func advance(_ byteCount: Int) {
    position += byteCount
    if position >= nextCheck { check() }
  }

  /// Makes more bytes available, so that there are `byteCount` from the position on if possible.
  mutating func supply(_ byteCount: Int) -> Supply {
    guard mapping == nil else {
      return hasShrunk ? .failed(.damaged, "got shorter while it was read") : .end
    }
    buffer.removeFirst(position)
    base += position
    position = 0
    let missing = max(byteCount - buffer.count, 0)
    return stream.read(descriptor, onto: &buffer, byteCount: max(missing, Self.chunkBytes))
  }
}
