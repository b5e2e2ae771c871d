import Testing
import WeirGate
import WeirModel

/// The gate for tests must itself be right.
struct MemoryGateTests {
  private func gate(_ packets: [Packet], batch: Int) -> MemoryGate {
    var gate = MemoryGate(batch: batch)
    for packet in packets {
      gate.append(
        packet.bytes, link: packet.link, timestamp: Timestamp(nanoseconds: packet.nanoseconds),
        wireLength: packet.wireLength, interface: packet.interface)
    }
    return gate
  }

  @Test(arguments: [1, 7, 256, 0])
  func framesComeInOrderAndVerdictsAreKept(batch: Int) throws {
    let packets = Packet.samples(20)
    var gate = gate(packets, batch: batch)
    var delivery = try Delivery([])
    while try delivery.take(&gate) {}
    #expect(delivery.packets == packets)
    #expect(delivery.largestBatch <= max(batch, 1))
    let settled = gate.settled
    #expect(settled == Array(repeating: .block, count: 20))
  }

  @Test func aFailureLosesNoFrame() throws {
    let packets = Packet.samples(5)
    var gate = gate(packets, batch: 2)
    let error = GateError(call: "recvmmsg", code: 5)
    gate.fail(turn: 1, with: error)
    var delivery = try Delivery([])
    var caught: GateError?
    for _ in 0..<2 {
      do { _ = try delivery.take(&gate) } catch let failure as GateError { caught = failure }
    }
    #expect(caught == error)
    #expect(delivery.packets == Array(packets.prefix(2)))
    while try delivery.take(&gate) {}
    #expect(delivery.packets == packets)
  }
}
