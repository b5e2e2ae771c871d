import Testing
import WeirDecode
import WeirModel

/// The fields of the last line of a log, as `place=value`, sorted.
private func fields(_ log: String, _ named: LogFormat? = nil) -> (LogFormat, [String]) {
  let bytes = Array(log.utf8)
  let schema = LogSchema(named, start: bytes.span)
  let start = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
  var fields = LogFields()
  schema.read(bytes.span, start..<bytes.count, into: &fields)
  let values = (0..<fields.count).map { index in
    let field = fields[index]
    let text = String(decoding: bytes[field.start..<field.end], as: UTF8.self)
    return "\(field.meaning.place.name)=\(text)"
  }
  return (schema.format, values.sorted())
}

/// A line of each format, and what its fields mean.
private let rows: [(LogFormat, String, [String])] = [
  (
    .access, #"192.0.2.1 - - [23/Nov/2026:20:06:13 +0000] "GET /a?b HTTP/1.1" 200 5 "-" "x/1""#,
    ["http.url=/a?b", "ip.src=192.0.2.1"]
  ),
  (
    .access, #"2001:db8::1 - u [23/Nov/2026:20:06:13 +0000] "GET / HTTP/1.1" 200 5"#,
    ["http.url=/", "ip.src=2001:db8::1"]
  ),
  (
    .access,
    #"www.a.example:443 192.0.2.1 - - [23/Nov/2026:20:06:13 +0000] "GET / HTTP/1.1" 200 5"#,
    ["http.host=www.a.example", "http.url=/", "ip.src=192.0.2.1"]
  ),
  (
    .json,
    #"{"timestamp":"x","src_ip":"192.0.2.1","dest_ip":"192.0.2.2","dns":{"type":"answer","rrname":"a.example","answers":[{"rrname":"b.example","rdata":"192.0.2.3"},{"rrname":"c.example"}],"grouped":{"A":["192.0.2.4"]}}}"#,
    [
      "dns.answer=192.0.2.3", "dns.answer=192.0.2.4", "dns.answer=b.example",
      "dns.answer=c.example", "dns.query=a.example", "ip.dst=192.0.2.2", "ip.src=192.0.2.1",
    ]
  ),
  (
    .json,
    #"{"tls":{"sni":"a.example"},"quic":{"sni":"b.example"},"http":{"hostname":"c.example"}}"#,
    ["http.host=c.example", "quic.sni=b.example", "tls.sni=a.example"]
  ),
  (
    .json,
    #"{"ts":1.5,"request":{"remote_ip":"192.0.2.1","host":"a.example","uri":"/\"x"},"status":200}"#,
    ["http.host=a.example", #"http.url=/\"x"#, "ip.src=192.0.2.1"]
  ),
  (
    .json, #"{"source":{"ip":"192.0.2.1","port":5},"destination":{"ip":"192.0.2.2"}}"#,
    ["ip.dst=192.0.2.2", "ip.src=192.0.2.1"]
  ),
  (
    .zeek,
    "#separator \\x09\n#fields\tts\tid.orig_h\tid.resp_h\tquery\n1.5\t192.0.2.1\t192.0.2.2\ta.example",
    ["dns.query=a.example", "ip.dst=192.0.2.2", "ip.src=192.0.2.1"]
  ),
  (
    .csv, "time,src_ip,\"query\"\n1,\"192.0.2.1\",a.example",
    ["dns.query=a.example", "ip.src=192.0.2.1"]
  ),
  (
    .keyvalue, "Nov 23 20:06:05 fw kernel: IN=eth0 SRC=192.0.2.1 DST=192.0.2.2 LEN=60 PROTO=TCP",
    ["ip.dst=192.0.2.2", "ip.src=192.0.2.1"]
  ),
  (
    .keyvalue, "CEF:0|a|b|1|c|d|5|src=192.0.2.1 dst=192.0.2.2 request=http://a.example/?q=1,2",
    ["http.url=http://a.example/?q=1,2", "ip.dst=192.0.2.2", "ip.src=192.0.2.1"]
  ),
  (
    .keyvalue, "LEEF:1.0|a|b|1|c|src=192.0.2.1\tdst=192.0.2.2",
    ["ip.dst=192.0.2.2", "ip.src=192.0.2.1"]
  ),
  (
    .dnsmasq, "Nov 23 20:06:05 dnsmasq[9]: query[A] a.example from 192.0.2.1",
    ["dns.query=a.example", "ip.src=192.0.2.1"]
  ),
  (
    .dnsmasq, "Nov 23 20:06:05 dnsmasq[9]: reply a.example is 192.0.2.7",
    ["dns.answer=192.0.2.7"]
  ),
  (
    .unbound, "Nov 23 20:06:09 unbound[9:0] info: 192.0.2.1 a.example. A IN",
    ["dns.query=a.example.", "ip.src=192.0.2.1"]
  ),
  (
    .bind,
    "23-Nov-2026 20:06:11.237 queries: info: client @0x7f 192.0.2.1#4419 (a.example): query: a.example IN A + (192.0.2.9)",
    ["dns.query=a.example", "ip.src=192.0.2.1"]
  ),
  (
    .powerdns, "Nov 23 20:06:05 h pdns[9]: Remote 192.0.2.1 wants 'a.example|A', do = 0",
    ["dns.query=a.example", "ip.src=192.0.2.1"]
  ),
  (
    .haproxy,
    #"Nov 23 20:06:05 h haproxy[9]: 192.0.2.1:33 [23/Nov/2026:20:06:05.1] f b/s 0/0 200 "GET /x HTTP/1.1""#,
    ["http.url=/x", "ip.src=192.0.2.1"]
  ),
  (
    .squid,
    "1286536308.779    180 192.0.2.1 TCP_MISS/200 411 GET http://a.example/x - DIRECT/192.0.2.2 -",
    ["http.url=http://a.example/x", "ip.dst=192.0.2.2", "ip.src=192.0.2.1"]
  ),
  (
    .syslog, "Nov 23 20:06:05 h sshd[9]: Failed password for root from 192.0.2.1 port 22 ssh2",
    ["ip.src=192.0.2.1"]
  ),
  (
    .syslog, "<38>1 2026-11-23T20:06:05Z h sshd 9 - - authentication failure; rhost=192.0.2.1",
    ["ip.src=192.0.2.1"]
  ),
  (.text, "a free line with 192.0.2.1", []),
]

@Suite struct LogSchemaTests {
  @Test(arguments: rows.indices) func everyFormatIsToldAndRead(index: Int) {
    let (format, log, expected) = rows[index]
    let (found, values) = fields(log)
    #expect(found == format)
    #expect(values == expected)
    #expect(fields(log, format).1 == expected, "named")
  }

  @Test func syslogIsReadByTheProgramThatWroteIt() {
    let lines = rows.filter { [.dnsmasq, .unbound, .powerdns, .haproxy].contains($0.0) }
    #expect(lines.count == 5)
    for (_, log, expected) in lines { #expect(fields(log, .syslog).1 == expected) }
  }

  /// Every format reads every line of every other, cut everywhere: fields lie in the line, and nothing traps.
  @Test(arguments: LogFormat.allCases) func everyCutIsRead(format: LogFormat) {
    for (_, log, _) in rows {
      let bytes = Array(log.utf8)
      for count in 0...bytes.count {
        let cut = Array(bytes[..<count])
        let schema = LogSchema(format, start: cut.span)
        var fields = LogFields()
        schema.read(cut.span, 0..<count, into: &fields)
        for index in 0..<fields.count {
          #expect(fields[index].start >= 0 && fields[index].start < fields[index].end)
          #expect(fields[index].end <= count)
        }
      }
    }
  }

  @Test func flippedBitsAreRead() {
    for (format, log, _) in rows {
      let bytes = Array(log.utf8)
      for place in bytes.indices {
        for bit in 0..<8 {
          var flipped = bytes
          flipped[place] ^= 1 << UInt8(bit)
          let schema = LogSchema(format, start: flipped.span)
          var fields = LogFields()
          schema.read(flipped.span, 0..<flipped.count, into: &fields)
          for index in 0..<fields.count { #expect(fields[index].end <= flipped.count) }
          _ = LogSchema(nil, start: flipped.span)
        }
      }
    }
  }
}
