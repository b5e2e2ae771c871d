import WeirDecode
import WeirMatch
import WeirModel
import WeirTally

/// Station 4: handshakes of QUIC.
extension Desk {
  /// A datagram that begins with a long header.
  ///
  /// - Returns: why it could not be judged in full, if it could not.
  @inline(never)
  mutating func matchQUIC(
    _ datagram: Span<UInt8>, _ observation: borrowing Observation, _ matchers: Matchers,
    _ name: inout NameBuffer
  ) -> Unjudged? {
    if quic == nil { quic = QUICReader() }
    // Without memory for it, no handshake of QUIC is read.
    guard let quic else { return .handshakeIncomplete }
    return quic.read(datagram, quicFlow(observation)) { hello, last in
      matchQUICHello(hello, last, matchers, &name)
    }
  }

  /// A hello; one that asks for the same name as the flow's last one is that again, after a Retry or in another
  /// version.
  private mutating func matchQUICHello(
    _ message: Span<UInt8>, _ last: UInt64, _ matchers: Matchers, _ name: inout NameBuffer
  ) -> QUICReader.Finding {
    var finding = QUICReader.Finding()
    do throws(DecodeError) {
      let hello = try ClientHello(message: message, &name)
      if hello.hasECH { finding.problem = .ech }
    } catch {
      finding.problem = error.reason
    }
    finding.mark = Desk.mark(name)
    guard finding.mark != last || last == 0 else { return finding }
    if name.count > 0 { matchName(name, .quicSNI, matchers) }
    matchFingerprints(message, over: .quic, matchers)
    return finding
  }

  /// FNV-1a of a name; 0 for none.
  private static func mark(_ name: borrowing NameBuffer) -> UInt64 {
    guard name.count > 0 else { return 0 }
    return name.withText { text in
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      for index in 0..<text.count { hash = (hash ^ UInt64(text[index])) &* 0x100_0000_01b3 }
      return hash | 1
    }
  }
}
