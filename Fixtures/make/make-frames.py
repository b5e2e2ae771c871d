#!/usr/bin/env python3
"""Writes Fixtures/frames/*.hex: one frame a file, each field named, and what it is expected to tell.

    make-frames.py [FOLDER]      (default: the frames folder beside make/)

What is expected stands here by hand, from the RFC named in the description: it is not computed from
the frame. The same files come out every time.
"""
import hashlib
import pathlib
import sys

from build import *

EVIL = question(wire_name("evil.example"))
FRAMES = {}


def case(name, about, fields, *expected, link="ethernet", wire=None):
    assert name not in FRAMES, name
    FRAMES[name] = (about, link, wire, fields, expected)


def addresses(source=CLIENT4, target=SERVER4):
    return (f"ip.src {source}", f"ip.dst {target}")


FOUR, SIX = addresses(), addresses(CLIENT6, SERVER6)
ASKED = "dns.query evil.example"
NEXT6 = {"source": CLIENT6, "target": SERVER6}


def dns4(message, **ip):
    return ethernet_ip(ipv4(UDP, udp(message), **ip))


def dns6(message):
    return udp(message, **NEXT6)


def tcp4(body, port, **more):
    return ethernet_ip(ipv4(TCP, tcp(body, ports=(40000, port), **more)))


def web(text):
    return tcp4(http(text), 80)


def ipv4_cases():
    text = [raw(b"hello, world", "payload")]
    plain = ipv4(UDP, udp(text, ports=(53000, 9)))
    case("ipv4-udp", "IPv4 and UDP with nothing of note (RFC 791, RFC 768).", ethernet_ip(plain), *FOUR)
    case("ipv4-padding", "A short packet on Ethernet, padded to 60 bytes: the padding belongs to no header.",
         ethernet_ip(plain) + [raw(b"X" * 6, "Ethernet padding")], *FOUR)
    route = [u8(7, "option: record route"), u8(7, "option length 7"), u8(4, "pointer"), raw(packed("192.0.2.1"), "slot"),
             u8(1, "option: no operation")]
    case("ipv4-options", "Options of IPv4: the UDP header begins behind them (RFC 791, section 3.1).",
         dns4(dns([EVIL]), options=route), *FOUR, ASKED)
    case("ipv4-options-most", "The longest header there is: 15 words.",
         dns4(dns([EVIL]), options=[raw(bytes([1] * 39 + [0]), "39 no operations, end of options")]), *FOUR, ASKED)
    case("ipv4-header-length-4", "A header length of 4 words is less than a header has.",
         ethernet_ip(ipv4(UDP, udp(text), words=4)), "undecided malformed")
    case("ipv4-version-5", "EtherType IPv4, but version 5 in the header.",
         ethernet(0x0800, ipv4(UDP, udp(text), version=5)), "undecided malformed")
    case("ipv4-cut", "The frame ends inside the IPv4 header.", cut(ethernet_ip(plain), 14 + 19), "undecided truncated")
    case("ipv4-length-zero", "Total length 0, as a capture on a host shows packets that its network card will cut up.",
         dns4(dns([EVIL]), length=0), *FOUR, ASKED)
    case("ipv4-snaplen-dns", "The capture kept 60 of 72 bytes: the name is not whole.",
         cut(dns4(dns([EVIL])), 60), *FOUR, "undecided snaplen", wire=72)
    case("ipv4-esp", "IPsec ESP (RFC 4303): nothing behind the addresses can be read.",
         ethernet_ip(ipv4(50, [u32(1, "security parameters index"), u32(1, "sequence number"), raw(bytes(range(16)), "encrypted")])),
         *FOUR, "undecided encrypted")
    long = udp([raw(b"z" * 600, "payload")], ports=(53000, 9))
    for name, offset, count, more in (("first", 0, 200, True), ("middle", 200, 200, True), ("last", 400, 208, False)):
        part = raw(joined(long)[offset:offset + count], f"bytes {offset} to {offset + count - 1} of the datagram")
        fields = cut(long, count) if offset == 0 else [part]
        case(f"ipv4-fragment-{name}", f"The {name} fragment of a UDP datagram (RFC 791, section 3.2).",
             ethernet_ip(ipv4(UDP, fields, fragment=offset, more=more)), *FOUR, "undecided fragment")
    case("ipv4-fragment-tiny", "A first fragment of 8 bytes: TCP's ports and no more (RFC 1858).",
         ethernet_ip(ipv4(TCP, cut(tcp([]), 8), more=True)), *FOUR, "undecided fragment")


def ipv6_cases():
    case("ipv6-dns", "IPv6 and UDP (RFC 8200).", ethernet_ip(ipv6(UDP, dns6(dns([EVIL])))), *SIX, ASKED)
    case("ipv6-cut", "The frame ends inside the IPv6 header.", cut(ethernet_ip(ipv6(UDP, dns6(dns([EVIL])))), 14 + 39),
         "undecided truncated")
    case("ipv6-version-4", "EtherType IPv6, but version 4 in the header.",
         ethernet(0x86DD, ipv4(UDP, udp([raw(bytes(40), "payload")]))), "undecided malformed")
    chain = options6(60, "hop-by-hop", options6(43, "destination", routing6(60, options6(
        UDP, "destination", dns6(dns([EVIL]))), "2001:db8:5::1"), units=1))
    case("ipv6-chain", "Hop-by-hop, destination, routing and destination options before UDP (RFC 8200, section 4.1).",
         ethernet_ip(ipv6(0, chain)), *SIX, ASKED)
    case("ipv6-hop-by-hop", "Hop-by-hop options alone.", ethernet_ip(ipv6(0, options6(UDP, "hop-by-hop", dns6(dns([EVIL]))))),
         *SIX, ASKED)
    case("ipv6-authentication", "An authentication header (RFC 4302): its length is in 4-byte units less 2; what follows is plain.",
         ethernet_ip(ipv6(51, [u8(UDP, "AH: next header 17"), u8(4, "AH: length 24 bytes"), u16(0, "reserved"), u32(1, "index"),
                               u32(1, "sequence number"), raw(bytes(12), "check value")] + dns6(dns([EVIL])))), *SIX, ASKED)
    case("ipv6-extension-too-long", "An extension header that is longer than the packet.",
         ethernet_ip(ipv6(0, [u8(UDP, "hop-by-hop: next header 17"), u8(9, "hop-by-hop: length 80 bytes"), raw(bytes(14), "padding")])),
         *SIX, "undecided transport-malformed")
    case("ipv6-no-next-header", "No next header (RFC 8200, section 4.7): there is nothing more to read.", ethernet_ip(ipv6(59, [])), *SIX)
    long = dns6([raw(b"z" * 600, "payload")])
    for name, offset, count, more in (("first", 0, 200, 1), ("middle", 200, 200, 1), ("last", 400, 208, 0)):
        part = raw(joined(long)[offset:offset + count], f"bytes {offset} to {offset + count - 1} of the datagram")
        fields = cut(long, count) if offset == 0 else [part]
        case(f"ipv6-fragment-{name}", f"The {name} fragment of a UDP datagram (RFC 8200, section 4.5).",
             ethernet_ip(ipv6(44, fragment6(UDP, fields, offset, more))), *SIX, "undecided fragment")
    case("ipv6-fragment-atomic", "An atomic fragment: offset 0, none to follow, so a whole datagram (RFC 6946).",
         ethernet_ip(ipv6(44, fragment6(UDP, dns6(dns([EVIL])), 0, 0))), *SIX, ASKED)
    case("ipv6-fragment-behind-options", "A middle fragment behind hop-by-hop options.",
         ethernet_ip(ipv6(0, options6(44, "hop-by-hop", fragment6(UDP, [raw(b"z" * 64, "middle of a datagram")], 64, 1)))),
         *SIX, "undecided fragment")


def transport_cases():
    options = [raw(b"\x02\x04\x05\xb4", "maximum segment size 1460"), raw(b"\x04\x02", "SACK permitted"),
               raw(b"\x08\x0a\x00\x00\x00\x01\x00\x00\x00\x00", "time stamps"), u8(1, "no operation"),
               raw(b"\x03\x03\x07", "window scale 7")]
    case("tcp-options-syn", "A SYN with the usual options (RFC 9293, RFC 7323).", tcp4([], 443, flags=2, options=options), *FOUR)
    case("tcp-options-data", "A request behind TCP options.",
         tcp4(http("GET /x HTTP/1.1\nHost: evil.example\n\n"), 80, options=[raw(b"\x01\x01" + options[2][0], "no operations, time stamps")]),
         *FOUR, "http.host evil.example", "http.url http://evil.example/x")
    case("tcp-data-offset-4", "A data offset of 4 words is less than a header has.", tcp4([raw(b"data", "payload")], 80, words=4),
         *FOUR, "undecided transport-malformed")
    case("tcp-data-offset-15", "A data offset behind the end of the packet.", tcp4([raw(b"data", "payload")], 80, words=15),
         *FOUR, "undecided transport-malformed")
    case("tcp-header-short", "A packet, not a fragment, that ends inside the TCP header.", ethernet_ip(ipv4(TCP, cut(tcp([]), 12))),
         *FOUR, "undecided transport-malformed")
    surplus = udp(dns([EVIL]) + [raw(b"surplus!", "behind the datagram")], length=38)
    case("udp-length-smaller", "UDP says fewer bytes than IP: the datagram is what UDP says, the rest is surplus (RFC 9868).",
         ethernet_ip(ipv4(UDP, surplus)), *FOUR, ASKED)
    case("udp-length-larger", "UDP says more bytes than IP has for it.",
         ethernet_ip(ipv4(UDP, udp([raw(b"hello, world", "payload")], ports=(53000, 9), length=300))), *FOUR,
         "undecided transport-malformed")
    case("udp-length-7", "UDP says fewer bytes than its own header has.", ethernet_ip(ipv4(UDP, udp(dns([EVIL]), length=7))),
         *FOUR, "undecided transport-malformed")
    case("udp-header-short", "A packet, not a fragment, that ends inside the UDP header.", ethernet_ip(ipv4(UDP, cut(udp([]), 5))),
         *FOUR, "undecided transport-malformed")
    echo = [u16(1, "identifier"), u16(1, "sequence number"), raw(b"abcdefgh", "data")]
    case("icmp-echo", "An echo request (RFC 792).", ethernet_ip(ipv4(ICMP, icmp(8, 0, echo, "echo"))), *FOUR)
    case("icmpv6-echo", "An echo request (RFC 4443).", ethernet_ip(ipv6(ICMPV6, icmpv6(128, 0, echo, "echo"))), *SIX)
    quoted = ipv4(UDP, udp(dns([EVIL]), target="203.0.113.66"), target="203.0.113.66")
    case("icmp-quoting", "Port unreachable, quoting a query to a listed address: what is quoted is nothing that was seen.",
         ethernet_ip(ipv4(ICMP, icmp(3, 3, [u32(0, "unused")] + quoted, "destination unreachable"))), *FOUR)
    quoted = ipv6(UDP, udp(dns([EVIL]), CLIENT6, "2001:db8:bad::66"), target="2001:db8:bad::66")
    case("icmpv6-quoting", "The same in IPv6 (RFC 4443, section 3.1).",
         ethernet_ip(ipv6(ICMPV6, icmpv6(1, 4, [u32(0, "unused")] + quoted, "destination unreachable"))), *SIX)


def link_cases():
    four, six = ipv4(UDP, udp(dns([EVIL]))), ipv6(UDP, dns6(dns([EVIL])))
    case("vlan", "One tag (IEEE 802.1Q).", ethernet_ip(four, [(0x8100, 10)]), *FOUR, ASKED)
    case("vlan-priority", "A tag with VLAN 0: a priority, no VLAN.", ethernet_ip(six, [(0x8100, 0)]), *SIX, ASKED)
    case("vlan-double", "Two tags (IEEE 802.1ad).", ethernet_ip(four, [(0x88A8, 20), (0x8100, 10)]), *FOUR, ASKED)
    case("vlan-double-old", "Two tags, the outer with the number used before 802.1ad.",
         ethernet_ip(six, [(0x9100, 20), (0x8100, 10)]), *SIX, ASKED)
    case("vlan-cut", "The frame ends inside the tag.", cut(ethernet_ip(four, [(0x8100, 10)]), 16), "undecided truncated")
    case("ethernet-cut", "The frame ends inside the Ethernet header.", cut(ethernet_ip(four), 13), "undecided truncated")
    arp = [u16(1, "hardware: Ethernet"), u16(0x0800, "protocol: IPv4"), u8(6, "hardware length"), u8(4, "protocol length"),
           u16(1, "operation: request"), raw(bytes.fromhex("020000000010"), "sender MAC"), raw(packed(CLIENT4), "sender 192.0.2.10"),
           raw(bytes(6), "target MAC"), raw(packed("192.0.2.1"), "target 192.0.2.1")]
    case("arp", "ARP (RFC 826) holds addresses but is no IP.", ethernet(0x0806, arp), "undecided not-ip")
    stp = [raw(b"\x42\x42\x03", "LLC: spanning tree"), raw(bytes(35), "configuration")]
    case("ethernet-llc", "A length where the type would be: IEEE 802.3 and LLC.", ethernet(38, stp), "undecided not-ip")

    def family(value, order):
        return raw(value.to_bytes(4, order), f"family {value}, {order}-endian")

    case("null-little-ipv4", "BSD loopback of a little-endian machine, AF_INET.", [family(2, "little")] + four, *FOUR, ASKED, link="null")
    case("null-big-ipv4", "BSD loopback of a big-endian machine, AF_INET.", [family(2, "big")] + four, *FOUR, ASKED, link="null")
    case("null-little-ipv6", "AF_INET6 as Darwin numbers it.", [family(30, "little")] + six, *SIX, ASKED, link="null")
    case("null-little-ipv6-netbsd", "AF_INET6 as NetBSD and OpenBSD number it.", [family(24, "little")] + six, *SIX, ASKED, link="null")
    case("null-big-ipv6", "AF_INET6 as FreeBSD numbers it.", [family(28, "big")] + six, *SIX, ASKED, link="null")
    case("null-other", "AppleTalk on a BSD loopback.", [family(16, "little"), raw(bytes(20), "datagram")], "undecided not-ip", link="null")
    case("null-cut", "The frame ends inside the family.", cut([family(2, "little")], 3), "undecided truncated", link="null")
    case("loop-ipv4", "OpenBSD loopback: the family in network order.", [family(2, "big")] + four, *FOUR, ASKED, link="loop")
    case("loop-ipv6", "OpenBSD loopback with IPv6.", [family(24, "big")] + six, *SIX, ASKED, link="loop")
    case("raw-ipv4", "No link header: the version says which IP it is.", four, *FOUR, ASKED, link="raw")
    case("raw-ipv6", "No link header, IPv6.", six, *SIX, ASKED, link="raw")
    case("raw-empty", "A frame without a byte.", [], "undecided truncated", link="raw")
    case("sll-ipv4", "Linux cooked capture, version 1.", sll(four, 0x0800), *FOUR, ASKED, link="sll")
    case("sll-ipv6", "Linux cooked capture, version 1.", sll(six, 0x86DD), *SIX, ASKED, link="sll")
    case("sll-arp", "ARP in a cooked capture.", sll(arp, 0x0806), "undecided not-ip", link="sll")
    case("sll-cut", "The frame ends inside the cooked header.", cut(sll(four, 0x0800), 15), "undecided truncated", link="sll")
    case("sll2-ipv4", "Linux cooked capture, version 2.", sll2(four, 0x0800), *FOUR, ASKED, link="sll2")
    case("sll2-ipv6", "Linux cooked capture, version 2.", sll2(six, 0x86DD), *SIX, ASKED, link="sll2")
    case("sll2-cut", "The frame ends inside the cooked header.", cut(sll2(four, 0x0800), 19), "undecided truncated", link="sll2")


def dns_cases():
    bad = "undecided content-malformed"
    case("dns-query", "A query (RFC 1035, section 4).", dns4(dns([EVIL])), *FOUR, ASKED)
    case("dns-upper-case", "Upper case means the same name (RFC 4343).", dns4(dns([question(wire_name("EVIL.eXaMpLe"))])), *FOUR, ASKED)
    opt = [u8(0, "name: root"), u16(41, "type OPT"), u16(1232, "UDP size 1232"), u32(0x8000, "DNSSEC OK"), u16(0, "no data")]
    case("dns-edns", "A query with EDNS (RFC 6891).", dns4(dns([EVIL], rest=opt, additional=1)), *FOUR, ASKED)
    two = question([u8(3, "label of 3"), raw(b"www", "www"), u16(0xC00C, "pointer to byte 12")], 28)
    case("dns-two-questions", "Two questions; the second shares the name of the first by a pointer.", dns4(dns([EVIL, two])),
         *FOUR, ASKED, "dns.query www.evil.example")
    case("dns-other-port", "A query to another port; resolvers that want to be overlooked listen there.",
         ethernet_ip(ipv4(UDP, udp(dns([EVIL]), ports=(53000, 443)))), *FOUR, ASKED)
    case("dns-multicast", "Multicast DNS (RFC 6762) asks the neighbors, and is kept apart.",
         ethernet_ip(ipv4(UDP, udp(dns([EVIL], flags=0), ports=(5353, 5353)))), *FOUR)
    case("dns-llmnr", "So does LLMNR (RFC 4795).", ethernet_ip(ipv4(UDP, udp(dns([EVIL], flags=0), ports=(53000, 5355)))), *FOUR)
    case("dns-no-question", "A query without a question.", dns4(dns([])), *FOUR)
    answer = [u16(0xC00C, "pointer to byte 12"), u16(1, "type A"), u16(1, "class IN"), u32(300, "time to live"), u16(4, "4 bytes"),
              raw(packed("203.0.113.66"), "203.0.113.66")]
    back = udp(dns([EVIL], flags=0x8180, rest=answer, answers=1), SERVER4, CLIENT4, (53, 53000))
    case("dns-response", "A response repeats the question, which does not count again.",
         ethernet_ip(ipv4(UDP, back, source=SERVER4, target=CLIENT4)), *addresses(SERVER4, CLIENT4), "dns.answer 203.0.113.66")


    def record(kind, about, *data, owner="pointer to byte 12"):
        return [u16(0xC00C, owner), u16(kind, about), u16(1, "class IN"), u32(300, "time to live"), u16(size(list(data)), "length of the data"), *data]

    def response(name, about, records, *expected, **counts):
        message = dns([EVIL], flags=0x8180, rest=[field for record in records for field in record], **counts)
        case(name, about, ethernet_ip(ipv4(UDP, udp(message, SERVER4, CLIENT4, (53, 53000)), source=SERVER4, target=CLIENT4)),
             *addresses(SERVER4, CLIENT4), *expected)

    alias = record(5, "type CNAME", *wire_name("Alias.example.com"))
    six = record(28, "type AAAA", raw(packed("2001:db8:bad::66"), "2001:db8:bad::66"))
    response("dns-answer-chain", "An alias and its address, and EDNS behind them (RFC 1035, RFC 3596, RFC 6891).", [alias, six, opt],
             "dns.answer alias.example.com", "dns.answer 2001:db8:bad::66", answers=2, additional=1)
    hints = [u16(1, "priority 1"), *wire_name("pool.example.net"), u16(1, "key alpn"), u16(3, "length 3"), raw(b"\x02h2", "h2"),
             u16(4, "key ipv4hint"), u16(8, "length 8"), raw(packed("203.0.113.66"), "203.0.113.66"), raw(packed("203.0.113.67"), "203.0.113.67"),
             u16(6, "key ipv6hint"), u16(16, "length 16"), raw(packed("2001:db8:bad::66"), "2001:db8:bad::66")]
    response("dns-answer-https", "A service with its target and hints of addresses (RFC 9460).", [record(65, "type HTTPS", *hints)],
             "dns.answer pool.example.net", "dns.answer 203.0.113.66", "dns.answer 203.0.113.67", "dns.answer 2001:db8:bad::66", answers=1)
    response("dns-answer-https-itself", "The root as target means the name that was asked for.",
             [record(65, "type HTTPS", u16(1, "priority 1"), u8(0, "root"))], answers=1)
    response("dns-answer-glue", "Addresses in the additional section; a text record has none.",
             [record(16, "type TXT", raw(b"\x04text", "text")), record(1, "type A", raw(packed("203.0.113.66"), "203.0.113.66"))],
             "dns.answer 203.0.113.66", answers=1, additional=1)
    response("dns-answer-a-short", "An address of three bytes.", [record(1, "type A", raw(b"\xcb\x00\x71", "three bytes"))], bad, answers=1)
    response("dns-answer-missing", "A header that promises two answers before one.", [alias], "dns.answer alias.example.com", bad, answers=2)
    back = dns([EVIL], flags=0x8180, rest=alias, answers=1)
    case("dns-answer-tcp", "A response over TCP.",
         ethernet_ip(ipv4(TCP, tcp([u16(size(back), "message length")] + back, ports=(53, 40000), source=SERVER4, target=CLIENT4),
                          source=SERVER4, target=CLIENT4)), *addresses(SERVER4, CLIENT4), "dns.answer alias.example.com")
    case("dns-pointer-to-itself", "A pointer to itself: no prior occurrence (RFC 1035, section 4.1.4).",
         dns4(dns([question([u16(0xC00C, "pointer to byte 12")])])), *FOUR, bad)
    case("dns-pointer-loop", "Two pointers that point at each other.",
         dns4(dns([question([u16(0xC00E, "pointer to byte 14"), u16(0xC00C, "pointer to byte 12")])])), *FOUR, bad)
    case("dns-pointer-outside", "A pointer behind the end of the message.", dns4(dns([question([u16(0xFFFF, "pointer to byte 16383")])])),
         *FOUR, bad)
    long = "a" * 63 + ".example"
    case("dns-label-63", "The longest label there is.", dns4(dns([question(wire_name(long))])), *FOUR, "dns.query " + long)
    case("dns-label-64", "A length of 64 is no length: its upper bits are reserved (RFC 1035, section 4.1.4).",
         dns4(dns([question(wire_name("a" * 64 + ".example"))])), *FOUR, bad)
    longest = ".".join(["b" * 63] * 3 + ["c" * 61])
    case("dns-name-255", "The longest name there is: 255 bytes, of which the lengths and the root take part.",
         dns4(dns([question(wire_name(longest))])), *FOUR, "dns.query " + longest)
    case("dns-name-256", "A name of 256 bytes.", dns4(dns([question(wire_name(longest + "c"))])), *FOUR, bad)
    case("dns-header-short", "A message of 11 bytes: the header has 12.", dns4(cut(dns([]), 11)), *FOUR, bad)
    case("dns-name-short", "The message ends inside a label.", dns4(cut(dns([EVIL]), 20)), *FOUR, bad)
    case("dns-type-short", "The message ends before the type of the question.", dns4(cut(dns([EVIL]), 26)), *FOUR, bad)
    whole = dns([EVIL])
    case("dns-tcp", "DNS over TCP: two bytes of length before the message (RFC 7766).", tcp4([u16(size(whole), "message length")] + whole, 53),
         *FOUR, ASKED)
    other = dns([question(wire_name("www.example.com"))])
    case("dns-tcp-two", "Two messages in one segment.",
         tcp4([u16(size(whole), "message length")] + whole + [u16(size(other), "message length")] + other, 53), *FOUR, ASKED,
         "dns.query www.example.com")


def prints(begins, *extensions):
    """The fingerprints of a hello with the two ciphers of `client_hello` and these extensions; `begins` begins its JA4."""
    ja3 = "771,4865-49199," + "-".join(map(str, extensions)) + ",,"
    hashed = ",".join(f"{kind:04x}" for kind in sorted(extensions) if kind not in (0, 16))
    tail = hashlib.sha256(hashed.encode()).hexdigest()[:12] if hashed else "0" * 12
    return ("tls.ja3 " + hashlib.md5(ja3.encode()).hexdigest(),
            f"tls.ja4 {begins}_{hashlib.sha256(b'1301,c02f').hexdigest()[:12]}_{tail}")


def tls_cases():
    def tls(extensions):
        return record(client_hello(extensions))

    named = "tls.sni evil.example"
    case("tls-sni", "A ClientHello with a server name (RFC 8446, RFC 6066).",
         tcp4(tls(server_name("evil.example") + supported_versions()), 443), *FOUR, named, *prints("t13d020200", 0, 43))
    case("tls-sni-last", "The server name is the last extension.",
         tcp4(tls(supported_versions() + extension(16, b"\x00\x03\x02h2", "ALPN") + server_name("evil.example")), 443), *FOUR, named,
         *prints("t13d0203h2", 43, 16, 0))
    case("tls-sni-upper-case-dot", "Upper case and a final dot, which RFC 6066 forbids, mean the same name.",
         tcp4(tls(server_name("EVIL.Example.")), 443), *FOUR, named, *prints("t12d020100", 0))
    case("tls-no-sni", "A ClientHello without a server name.", tcp4(tls(supported_versions()), 443), *FOUR, *prints("t13i020100", 43))
    hello = tls(supported_versions() + server_name("evil.example"))
    case("tls-cut", "The segment ends before the server name; the rest comes in the next one.", tcp4(cut(hello, 60), 443), *FOUR,
         "undecided handshake-incomplete")
    message = client_hello(server_name("evil.example"))
    parts = record(cut(message, 50)) + record([raw(joined(message)[50:], "the rest of the hello")])
    case("tls-two-records", "One ClientHello in two records of one segment (RFC 8446, section 5.1).", tcp4(parts, 443), *FOUR, named, *prints("t12d020100", 0))
    case("tls-extension-too-long", "An extension longer than all of them together.",
         tcp4(tls(supported_versions() + [u16(0, "extension: server_name"), u16(500, "extension length 500"), u16(3, "list length")]), 443),
         *FOUR, "undecided content-malformed")
    case("tls-name-too-long", "A server name longer than its extension.",
         tcp4(tls([u16(0, "extension: server_name"), u16(9, "extension length"), u16(7, "list length"), u8(0, "name type: host_name"),
                   u16(90, "name length 90"), raw(b"evil", "name")]), 443), *FOUR, "undecided content-malformed")
    ech = extension(0xFE0D, bytes([0, 0, 1, 0, 1, 7, 0, 4, 1, 2, 3, 4, 0, 4, 5, 6, 7, 8]), "encrypted_client_hello")
    case("tls-ech", "An encrypted hello inside: the name that can be read is the public one.",
         tcp4(tls(server_name("public.example.com") + ech), 443), *FOUR, "tls.sni public.example.com", "undecided ech",
         *prints("t12d020200", 0, 0xFE0D))
    case("tls-ipv6", "A ClientHello over IPv6.",
         ethernet_ip(ipv6(TCP, tcp(tls(server_name("evil.example")), ports=(40000, 443), **NEXT6))), *SIX, named,
         *prints("t12d020100", 0))


def http_cases():
    def seen(host, path="/"):
        return (f"http.host {host}", f"http.url http://{host}{path}")

    case("http-get", "A request (RFC 9112).", web("GET /a?b=c HTTP/1.1\nHost: evil.example\nAccept: */*\n\n"), *FOUR, *seen("evil.example", "/a?b=c"))
    case("http-host-port", "The port is no part of the host; in the URL it stays, 80 alone means nothing (RFC 9110, section 4.2.3).",
         web("GET / HTTP/1.1\nHost: evil.example:8080\n\n"), *FOUR, "http.host evil.example", "http.url http://evil.example:8080/")
    case("http-host-port-80", "The port that http has anyway.", web("GET / HTTP/1.1\nHost: evil.example:80\n\n"), *FOUR, *seen("evil.example"))
    case("http-host-upper-case", "Upper case in the field's name and in the host; the path keeps its own.",
         web("GET /Path HTTP/1.1\nHOST:   Evil.EXAMPLE  \n\n"), *FOUR, *seen("evil.example", "/Path"))
    case("http-host-final-dot", "A final dot means the same name.", web("GET / HTTP/1.1\nHost: evil.example.\n\n"), *FOUR, *seen("evil.example"))
    case("http-no-host", "HTTP/1.0 without a Host: nothing to name.", web("GET /x HTTP/1.0\nAccept: */*\n\n"), *FOUR)
    case("http-absolute", "An absolute target wins over Host (RFC 9112, section 3.2.2).",
         web("GET http://evil.example/x HTTP/1.1\nHost: www.example.com\n\n"), *FOUR, *seen("evil.example", "/x"))
    case("http-connect", "CONNECT names a host and a port and no path (RFC 9112, section 3.2.3).",
         web("CONNECT evil.example:443 HTTP/1.1\nHost: evil.example:443\n\n"), *FOUR, "http.host evil.example")
    case("http-host-ipv6", "An IPv6 literal: brackets in the URL, none in the host.", web("GET /x HTTP/1.1\nHost: [2001:db8:bad::66]:80\n\n"),
         *FOUR, "http.host 2001:db8:bad::66", "http.url http://[2001:db8:bad::66]/x")
    case("http-host-ipv4", "An IPv4 literal.", web("GET /x HTTP/1.1\nHost: 203.0.113.66\n\n"), *FOUR, *seen("203.0.113.66", "/x"))
    case("http-pipelined", "Two requests in one segment.",
         web("GET /1 HTTP/1.1\nHost: evil.example\n\nGET /2 HTTP/1.1\nHost: www.example.com\n\n"), *FOUR, *seen("evil.example", "/1"),
         *seen("www.example.com", "/2"))
    case("http-body", "A body that looks like a request is a body.",
         web("POST /in HTTP/1.1\nHost: www.example.com\nContent-Length: 46\n\nGET /no HTTP/1.1\nHost: evil.example\nX: 123\n"),
         *FOUR, *seen("www.example.com", "/in"))
    case("http-head-cut", "The segment ends before the Host; the rest comes in the next one.", web("GET /x HTTP/1.1\nAccept: */*\nHo"), *FOUR,
         "undecided handshake-incomplete")
    back = tcp(http("HTTP/1.1 200 OK\nContent-Length: 0\nHost: evil.example\n\n"), SERVER4, CLIENT4, (80, 40000))
    case("http-response", "A response is no request, whatever fields it has.",
         ethernet_ip(ipv4(TCP, back, source=SERVER4, target=CLIENT4)), *addresses(SERVER4, CLIENT4))
    whole = web("GET /x HTTP/1.1\nHost: www.example.com\n\n")
    case("http-snaplen", "The capture kept the first line of the request and no more.", cut(whole, 54 + 17), *FOUR, "undecided snaplen",
         wire=size(whole))


def written(about, link, wire, fields, expected):
    lines = [f"# {about}", f"link: {link}"] + ([f"wire: {wire}"] if wire is not None else [])
    for data, comment in fields:
        rows = [data[at:at + 16].hex(" ") for at in range(0, len(data), 16)]
        lines += [f"{rows[0]}  # {comment}"] + rows[1:]
    return "\n".join(lines + [f"# expect: {line}" for line in expected]) + "\n"


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent / "frames")
    for cases in (ipv4_cases, ipv6_cases, transport_cases, link_cases, dns_cases, tls_cases, http_cases):
        cases()
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.hex"):
        # Those are written by make-quic.py.
        if not old.name.startswith("quic-"):
            old.unlink()
    for name, parts in FRAMES.items():
        (folder / f"{name}.hex").write_text(written(*parts))
    print(len(FRAMES), "frames")


if __name__ == "__main__":
    main()
