/// Messages to nftables that come into force together or not at all.
struct NftTransaction {
  private var writer = NetlinkWriter()
  private let firstSequence: UInt32
  private var count: UInt32 = 0
  /// Where the last message begins.
  private var lastStart = 0

  /// Begins with nothing.
  init(sequence: UInt32) {
    firstSequence = sequence
    writer.message(
      type: NftABI.Message.batchBegin, flags: NftABI.Flag.request, sequence: sequence, family: 0,
      resource: NftABI.subsystem
    ) { _ in }
  }

  /// How many bytes there are so far.
  var byteCount: Int { writer.bytes.count }

  /// The sequence numbers of the messages; the last one is that of the answer.
  var sequences: ClosedRange<UInt32> { firstSequence...firstSequence + count }

  /// Adds a message.
  mutating func add(_ type: UInt16, flags: UInt16 = 0, _ body: (inout NetlinkWriter) -> Void) {
    count += 1
    lastStart = writer.bytes.count
    writer.message(
      type: type, flags: NftABI.Flag.request | flags, sequence: firstSequence + count,
      family: NftABI.inet, body)
  }

  /// The messages, of which the last asks for an answer.
  ///
  /// Messages are answered in their order and only when all are in force or given up, so that answer says that
  /// nothing more is to come.
  consuming func finished() -> [UInt8] {
    writer.addFlag(NftABI.Flag.acknowledge, toMessageAt: lastStart)
    writer.message(
      type: NftABI.Message.batchEnd, flags: NftABI.Flag.request,
      sequence: firstSequence + count + 1, family: 0, resource: NftABI.subsystem
    ) { _ in
    }
    return writer.bytes
  }
}
