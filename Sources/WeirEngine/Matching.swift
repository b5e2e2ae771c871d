import WeirDecode
import WeirMatch
import WeirModel
import WeirRules
import WeirTally

/// Station 4: the observables of one packet against the sets, the cheapest first.
extension Desk {
  /// Source and destination.
  @inline(__always)
  mutating func matchAddresses(_ observation: borrowing Observation, _ matchers: Matchers) {
    observe(.ipSource)
    observe(.ipDestination)
    if observation.version == 4 {
      matchV4(UInt32(truncatingIfNeeded: observation.sourceLow), .ipSource, matchers)
      matchV4(UInt32(truncatingIfNeeded: observation.destinationLow), .ipDestination, matchers)
    } else {
      matchV6(observation.sourceHigh, observation.sourceLow, .ipSource, matchers)
      matchV6(observation.destinationHigh, observation.destinationLow, .ipDestination, matchers)
    }
    if !matchers.endpoints.isEmpty { matchEndpoints(observation, matchers) }
    if observed != nil {
      observed?.add(observation.source, at: .ipSource)
      observed?.add(observation.destination, at: .ipDestination)
    }
  }

  @inline(__always)
  private mutating func matchV4(_ address: UInt32, _ place: Place, _ matchers: Matchers) {
    if matchers.presence.mayContain(address) { sightV4(address, place, matchers) }
  }

  // Out of line, as IPv6 is: inside the loop over packets it would cost the common miss its registers.
  @inline(never)
  private mutating func sightV4(_ address: UInt32, _ place: Place, _ matchers: Matchers) {
    matchers.addresses.forEachEntry(covering: address) { entry in
      sight(address: entry, at: place, matchers)
    }
  }

  @inline(never)
  private mutating func matchV6(
    _ high: UInt64, _ low: UInt64, _ place: Place, _ matchers: Matchers
  ) {
    guard matchers.addresses.mayContain(v6High: high, low: low) else { return }
    matchers.addresses.forEachEntry(coveringV6High: high, low: low) { entry in
      sight(address: entry, at: place, matchers)
    }
  }

  private mutating func matchEndpoints(_ observation: borrowing Observation, _ matchers: Matchers) {
    guard observation.payloadStart > 0 else { return }
    observe(.endpointSource)
    observe(.endpointDestination)
    let base = matchers.policy.endpointBase
    if let entry = matchers.endpoints.entry(observation.source, port: observation.sourcePort) {
      sight(address: base + entry, at: .endpointSource, matchers)
    }
    if let entry = matchers.endpoints.entry(
      observation.destination, port: observation.destinationPort)
    {
      sight(address: base + entry, at: .endpointDestination, matchers)
    }
  }

  /// What the transport carries: names in messages, bytes anywhere.
  ///
  /// - Returns: why the content could not be judged in full, if it could not.
  mutating func matchContent(
    _ payload: Span<UInt8>, _ observation: borrowing Observation, _ matchers: Matchers,
    _ name: inout NameBuffer
  ) -> Unjudged? {
    var problem: Unjudged?
    if observation.isUnicastDNS {
      problem = matchQuestions(payload, matchers, &name)
    } else if observation.transport == .tcp {
      if observation.destinationPort == 53 {
        problem = matchQuestionsOfStream(payload, matchers, &name)
      } else if ClientHello.begins(payload) {
        problem = matchClientHello(payload, matchers, &name)
      } else if HTTPRequest.begins(payload) {
        problem = matchRequests(payload, matchers, &name)
      }
    }
    if !matchers.patterns.isEmpty { matchPatterns(payload, matchers) }
    return problem
  }

  @inline(never)
  private mutating func matchPatterns(_ payload: Span<UInt8>, _ matchers: Matchers) {
    observe(.payload)
    matchers.patterns.scan(payload) { number, _ in
      let length = matchers.policy.length(ofPattern: number)
      for indicator in matchers.policy.indicators(ofPattern: number) {
        sight(
          content: indicator, feedSet: matchers.policy.feedSet(of: indicator), at: .payload,
          specificity: Specificity.pattern(length: length), name: 0..<0, matchers)
      }
    }
  }

  private mutating func matchQuestions(
    _ message: Span<UInt8>, _ matchers: Matchers, _ name: inout NameBuffer
  ) -> Unjudged? {
    guard DNSMessage.isQuery(message) else { return message.count < 12 ? .contentMalformed : nil }
    do throws(DecodeError) {
      try DNSMessage.forEachQuestion(in: message, &name) { question in
        matchName(question, .dnsQuery, matchers)
      }
    } catch {
      return error.reason
    }
    return nil
  }

  /// DNS over TCP; responses repeat the question and are not read.
  private mutating func matchQuestionsOfStream(
    _ segment: Span<UInt8>, _ matchers: Matchers, _ name: inout NameBuffer
  ) -> Unjudged? {
    do throws(DecodeError) {
      try DNSStream.forEachQuestion(in: segment, &name) { question in
        matchName(question, .dnsQuery, matchers)
      }
    } catch {
      return error.reason
    }
    return nil
  }

  private mutating func matchClientHello(
    _ payload: Span<UInt8>, _ matchers: Matchers, _ name: inout NameBuffer
  ) -> Unjudged? {
    var problem: Unjudged?
    do throws(DecodeError) {
      let hello = try ClientHello(parsing: payload, &name)
      if name.count == 0, !hello.isComplete {
        problem = .handshakeIncomplete
      } else if hello.hasECH {
        problem = .ech
      }
    } catch {
      problem = error.reason
    }
    if name.count > 0 { matchName(name, .tlsSNI, matchers) }
    return problem
  }

  private mutating func matchRequests(
    _ payload: Span<UInt8>, _ matchers: Matchers, _ name: inout NameBuffer
  ) -> Unjudged? {
    // Each request moves `start` on by its head at least, so that all of them take O(payload).
    var start = 0
    while start < payload.count {
      guard HTTPRequest.begins(payload.extracting(start..<payload.count)),
        // A method without a request line is text of another protocol.
        let request = try? HTTPRequest(parsing: payload, at: start)
      else { return nil }
      if name.set(text: payload.extracting(request.host)) {
        matchName(name, .httpHost, matchers)
        observeURL(payload, request, host: name)
      }
      if request.passesLimits { return .contentMalformed }
      guard request.isComplete else { return request.host.isEmpty ? .handshakeIncomplete : nil }
      start = request.end + request.contentLength
    }
    return nil
  }

  private mutating func observeURL(
    _ payload: Span<UInt8>, _ request: HTTPRequest, host: borrowing NameBuffer
  ) {
    guard !request.isConnect else { return }
    observe(.httpURL)
    guard observed != nil else { return }
    observed?.add(URLText.url(payload, request, host: host), at: .httpURL)
  }

  /// A name against the domain set: itself and every parent on a label boundary.
  private mutating func matchName(
    _ name: borrowing NameBuffer, _ place: Place, _ matchers: Matchers
  ) {
    observe(place)
    name.withText { text in
      if observed != nil { observed?.add(NameText.printable(text), at: place) }
      guard !matchers.domains.isEmpty else { return }
      var kept: Range<Int>?
      matchers.domains.forEachEntry(covering: text) { entry, isExact in
        let indicator = matchers.policy.domainBase + entry
        let feedSet =
          isExact
          ? matchers.policy.feedSet(of: indicator)
          : matchers.policy.subdomainFeedSet(of: indicator)
        // Feed set 0 is empty: the entry means the name alone.
        guard feedSet != 0 else { return }
        let range = kept ?? keep(text)
        kept = range
        sight(
          content: indicator, feedSet: feedSet, at: place,
          specificity: Specificity.domain(length: matchers.domains.length(of: entry)),
          name: range, matchers)
      }
    }
  }
}

extension Observation {
  /// Whether the packet is DNS over UDP by its port.
  ///
  /// Multicast DNS and LLMNR have ports of their own.
  var isUnicastDNS: Bool {
    transport == .udp && (destinationPort == 53 || sourcePort == 53)
  }
}
