import Testing
import WeirModel

@testable import WeirEnforce

@Suite("The operator's own addresses")
struct OwnSourcesTests {
  @Test func gatewaysAreFoundInBothRoutingTables() throws {
    let routes = """
      Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
      eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
      eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
      """
    #expect(OwnSources.gateways(routes: routes) == [try #require(IPAddress("192.0.2.1"))])
    let zeros = String(repeating: "0", count: 32)
    let gateway = "20010db8000000000000000000000001"
    let routes6 = """
      \(zeros) 00 \(zeros) 00 \(gateway) 00000400 00000001 00000000 00000003 eth0
      \(gateway) 40 \(zeros) 00 \(zeros) 00000100 00000001 00000000 00000001 eth0
      """
    #expect(OwnSources.gateways(routes6: routes6) == [try #require(IPAddress("2001:db8::1"))])
  }

  @Test func resolversAreFound() throws {
    let text = "# mine\nsearch x\nnameserver 192.0.2.53\nnameserver fe80::1%eth0\nnameserver x\n"
    #expect(
      OwnSources.resolvers(configuration: text) == [
        try #require(IPAddress("192.0.2.53")), try #require(IPAddress("fe80::1")),
      ])
  }

  @Test func whoIsLoggedInIsFound() throws {
    let head = "  sl  local_address rem_address   st tx_queue rx_queue\n"
    let text =
      head + "   0: 00000000:0016 00000000:0000 0A 0\n" + "   1: 010200C0:0016 630200C0:D431 01 0\n"
      + "   2: 010200C0:0050 640200C0:D431 01 0\n"
    #expect(
      OwnSources.peers(connections: text, localPort: 22) == [
        try #require(IPAddress("192.0.2.99"))
      ])
    let mapped = "0000000000000000FFFF0000630200C0"
    let six = "B80D0120000000000000000001000000"
    let text6 =
      head + "   0: \(mapped):0016 \(mapped):D431 01 0\n   1: \(six):0016 \(six):D431 01 0\n"
    #expect(
      OwnSources.peers(connections: text6, localPort: 22) == [
        try #require(IPAddress("192.0.2.99")), try #require(IPAddress("2001:db8::1")),
      ])
  }

  @Test func nonsenseIsNoAddress() {
    for text in ["", "\n", "a b c d e", "x 0016 zz:1 01", "   1: 1:0016 12345:1 01"] {
      #expect(OwnSources.gateways(routes: text).isEmpty)
      #expect(OwnSources.gateways(routes6: text).isEmpty)
      #expect(OwnSources.resolvers(configuration: text).isEmpty)
      #expect(OwnSources.peers(connections: text, localPort: 0x16).isEmpty)
    }
  }
}
