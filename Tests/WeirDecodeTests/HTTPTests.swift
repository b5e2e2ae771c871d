import Testing
import WeirDecode
import WeirModel

/// What reading a request comes to.
struct Request: Equatable {
  var host = ""
  var url: String?
  var isComplete = false
  var passesLimits = false
  var rest = ""

  init(host: String, url: String?, isComplete: Bool = true) {
    self.host = host
    self.url = url
    self.isComplete = isComplete
  }

  /// Nil when there is no request line.
  init?(_ payload: [UInt8]) {
    guard HTTPRequest.begins(payload.span),
      let request = try? HTTPRequest(parsing: payload.span, at: 0)
    else { return nil }
    isComplete = request.isComplete
    passesLimits = request.passesLimits
    rest = String(decoding: payload[max(request.end, 0)...], as: UTF8.self)
    if request.isComplete == false { rest = "" }
    var name = NameBuffer()
    guard name.set(text: payload.span.extracting(request.host)) else { return }
    host = text(name)
    guard !request.isConnect else { return }
    url = String(decoding: URLText.url(payload.span, request, host: name), as: UTF8.self)
  }

  init?(_ text: String) { self.init(Array(text.utf8)) }
}

struct HTTPTests {
  @Test(arguments: [
    ("GET /a?b HTTP/1.1\r\nHost: Evil.example\r\n\r\n", "evil.example", "http://evil.example/a?b"),
    ("GET / HTTP/1.0\nhost:evil.example\n\n", "evil.example", "http://evil.example/"),
    ("GET / HTTP/1.1\r\nHost: a.example:80\r\n\r\n", "a.example", "http://a.example/"),
    ("GET / HTTP/1.1\r\nHost: a.example:8080\r\n\r\n", "a.example", "http://a.example:8080/"),
    ("GET / HTTP/1.1\r\nHost: a.example:\r\n\r\n", "a.example", "http://a.example/"),
    ("GET / HTTP/1.1\r\nHost: \t a.example \t\r\n\r\n", "a.example", "http://a.example/"),
    ("GET / HTTP/1.1\r\nHost: [2001:DB8::1]:81\r\n\r\n", "2001:db8::1", "http://[2001:db8::1]:81/"),
    ("GET http://a.example HTTP/1.1\r\nHost: b.example\r\n\r\n", "a.example", "http://a.example/"),
    ("GET http://a.example?q HTTP/1.1\r\n\r\n", "a.example", "http://a.example/?q"),
    ("GET http://u:p@a.example:81/x HTTP/1.1\r\n\r\n", "a.example", "http://a.example:81/x"),
    ("PROPFIND /x HTTP/1.1\r\nHost: a.example\r\n\r\n", "a.example", "http://a.example/x"),
    ("DELETE /x HTTP/1.1\r\nHost: a.example\r\n\r\n", "a.example", "http://a.example/x"),
    ("PROPPATCH /x HTTP/1.1\r\nHost: a.example\r\n\r\n", "a.example", "http://a.example/x"),
    ("UNLOCK /x HTTP/1.1\r\nHost: a.example\r\n\r\n", "a.example", "http://a.example/x"),
    ("MKCOL /x HTTP/1.1\r\nHost: a.example\r\n\r\n", "a.example", "http://a.example/x"),
    ("COPY /x HTTP/1.1\r\nHost: a.example\r\n\r\n", "a.example", "http://a.example/x"),
    ("MOVE /x HTTP/1.1\r\nHost: a.example\r\n\r\n", "a.example", "http://a.example/x"),
    ("LOCK /x HTTP/1.1\r\nHost: a.example\r\n\r\n", "a.example", "http://a.example/x"),
    ("PATCH /x HTTP/1.1\r\nHost: a.example\r\n\r\n", "a.example", "http://a.example/x"),
    (
      "GET /a b\t\u{e9} HTTP/1.1\r\nHost: a.example\r\n\r\n", "a.example",
      "http://a.example/a%20b%09%C3%A9"
    ),
    (
      "GET / HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\n\r\n", "a.example",
      "http://a.example/"
    ),
  ])
  func aRequestNamesItsHostAndURL(_ text: String, _ host: String, _ url: String) {
    #expect(Request(text) == Request(host: host, url: url))
  }

  @Test func connectNamesAHostOnly() {
    let request = Request("CONNECT evil.example:443 HTTP/1.1\r\nHost: other.example\r\n\r\n")
    #expect(request == Request(host: "evil.example", url: nil))
  }

  @Test(arguments: [
    "GET /no-version\r\nHost: a.example\r\n\r\n", "GET  HTTP/1.1\r\nHost: a.example\r\n\r\n",
    "GET / HTTP/2.0\r\nHost: a.example\r\n\r\n", "get / HTTP/1.1\r\nHost: a.example\r\n\r\n",
    "GETS / HTTP/1.1\r\nHost: a.example\r\n\r\n", "HTTP/1.1 200 OK\r\nHost: a.example\r\n\r\n",
  ])
  func whatIsNoRequestLineIsNoRequest(_ text: String) {
    #expect(Request(text) == nil)
  }

  @Test func everyTruncationIsIncomplete() {
    let text = Array("GET /a HTTP/1.1\r\nHost: evil.example\r\n\r\n".utf8)
    for length in 16..<text.count {
      let request = Request(Array(text.prefix(length)))
      #expect(request?.isComplete == false, "length \(length)")
      #expect(request?.host == "" || request?.host == "evil.example", "length \(length)")
    }
  }

  @Test func moreFieldsThanAreReadPassTheLimit() {
    for fields in [HTTPRequest.fieldsMax - 2, HTTPRequest.fieldsMax] {
      let filler = String(repeating: "X: y\r\n", count: fields)
      let first = Request("GET / HTTP/1.1\r\nHost: a.example\r\n\(filler)\r\n")
      #expect(first?.passesLimits == (fields >= HTTPRequest.fieldsMax))
      #expect(first?.host == "a.example")
    }
  }

  @Test func aLongerHeadThanIsReadPassesTheLimit() {
    let filler = String(repeating: "y", count: HTTPRequest.headBytesMax)
    let field = Request("GET / HTTP/1.1\r\nHost: a.example\r\nX: \(filler)\r\n\r\n")
    #expect(field?.passesLimits == true)
    #expect(field?.host == "a.example")
    #expect(Request("GET /\(filler) HTTP/1.1\r\nHost: a.example\r\n\r\n")?.passesLimits == true)
  }

  @Test func aBodyIsAsLongAsItsHeadSays() {
    for (value, length) in [
      ("12", 12), (" 12 ", 12), ("0", 0), ("-1", 0), ("1e3", 0), ("", 0), ("999999999999999", 0),
    ] {
      let text = Array("POST / HTTP/1.1\r\nCONTENT-length:\(value)\r\n\r\n".utf8)
      let request = try? HTTPRequest(parsing: text.span, at: 0)
      #expect(request?.contentLength == length, "\(value)")
    }
  }

  @Test func changedBytesNeverTrap() {
    let seed: UInt64 = 80
    var random = Seeded(seed)
    let good = Array(
      "GET http://[2001:db8::1]:81/a HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\n\r\nabc"
        .utf8)
    let telling = Array(" \r\n:[]/@?#0A\t".utf8)
    var requests = 0
    for _ in 0..<20_000 {
      var payload = good
      for _ in 0...Int(random.next() % 4) {
        payload[Int(random.next() % UInt64(payload.count))] =
          telling[Int(random.next() % UInt64(telling.count))]
      }
      guard let request = Request(payload) else { continue }
      requests += 1
      #expect(!(request.url ?? "").utf8.contains { $0 < 0x20 }, "seed \(seed)")
    }
    #expect(requests > 1000)
  }
}
