"""Headers and messages, field by field, for make-frames.py and make-reject.py.

A piece of a frame is a list of fields; a field is (bytes, comment). Functions take what they carry as such a
list and return a longer one, with lengths and checksums that are right unless the caller says otherwise.
"""
import ipaddress
import struct

CLIENT4, SERVER4 = "192.0.2.10", "198.51.100.53"
CLIENT6, SERVER6 = "2001:db8:c::10", "2001:db8:5::53"
ICMP, TCP, UDP, ICMPV6 = 1, 6, 17, 58


def u8(value, comment):
    return (struct.pack("!B", value), comment)


def u16(value, comment):
    return (struct.pack("!H", value), comment)


def u32(value, comment):
    return (struct.pack("!I", value), comment)


def raw(data, comment):
    return (bytes(data), comment)


def joined(fields):
    return b"".join(data for data, _ in fields)


def size(fields):
    return len(joined(fields))


def cut(fields, count):
    """The first `count` bytes."""
    kept = []
    for data, comment in fields:
        if count > 0:
            kept.append((data[:count], comment if len(data) <= count else comment + " (cut)"))
        count -= len(data)
    return kept


def checksum(data):
    """RFC 1071."""
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def packed(text):
    return ipaddress.ip_address(text).packed


# ---- links


def ethernet(kind, body, tags=()):
    fields = [raw(bytes.fromhex("020000000001"), "destination MAC"), raw(bytes.fromhex("020000000010"), "source MAC")]
    for tpid, vlan in tags:
        fields += [u16(tpid, "tag protocol"), u16(vlan, f"priority 0, VLAN {vlan}")]
    return fields + [u16(kind, "EtherType or length")] + body


def ethernet_ip(body, tags=()):
    return ethernet(0x0800 if body[0][0][0] >> 4 == 4 else 0x86DD, body, tags)


def sll(body, kind):
    return [
        u16(4, "packet type: sent by us"), u16(1, "ARPHRD: Ethernet"), u16(6, "address length"),
        raw(bytes.fromhex("0200000000100000"), "address, padded"), u16(kind, "protocol"),
    ] + body


def sll2(body, kind):
    return [
        u16(kind, "protocol"), u16(0, "reserved"), u32(2, "interface index"), u16(1, "ARPHRD: Ethernet"),
        u8(0, "packet type: to us"), u8(6, "address length"), raw(bytes.fromhex("0200000000100000"), "address, padded"),
    ] + body


# ---- IP


def ipv4(protocol, body, source=CLIENT4, target=SERVER4, options=(), length=None, words=None, version=4,
         fragment=0, more=False):
    options = list(options)
    total = 20 + size(options) + size(body) if length is None else length
    words = 5 + size(options) // 4 if words is None else words
    fields = [
        u8(version << 4 | words, f"version {version}, header length {words} words"), u8(0, "DSCP, ECN"),
        u16(total, f"total length {total}"), u16(0x1234, "identification"),
        u16((0x2000 if more else 0) | fragment // 8,
            f"flags: {'more fragments' if more else 'none'}, fragment offset {fragment}"),
        u8(64, "time to live"), u8(protocol, f"protocol {protocol}"), u16(0, "header checksum"),
        raw(packed(source), f"source {source}"), raw(packed(target), f"destination {target}"),
    ] + options
    fields[7] = u16(checksum(joined(fields)), "header checksum")
    return fields + body


def ipv6(following, body, source=CLIENT6, target=SERVER6, length=None):
    length = size(body) if length is None else length
    return [
        u32(0x60000000, "version 6, traffic class 0, flow label 0"), u16(length, f"payload length {length}"),
        u8(following, f"next header {following}"), u8(64, "hop limit"),
        raw(packed(source), f"source {source}"), raw(packed(target), f"destination {target}"),
    ] + body


def options6(following, name, body, units=0):
    """A hop-by-hop or destination options header, filled with PadN."""
    count = 8 * (units + 1) - 4
    return [
        u8(following, f"{name}: next header {following}"), u8(units, f"{name}: length {8 * (units + 1)} bytes"),
        u8(1, "option PadN"), u8(count, f"option length {count}"), raw(bytes(count), "padding"),
    ] + body


def routing6(following, body, via):
    """A routing header of type 4 (RFC 8754) with one segment."""
    return [
        u8(following, f"routing: next header {following}"), u8(2, "routing: length 24 bytes"),
        u8(4, "routing type 4: segments"), u8(0, "segments left 0"), u8(0, "last entry 0"), u8(0, "flags"),
        u16(0, "tag"), raw(packed(via), f"segment {via}"),
    ] + body


def fragment6(following, body, offset, more):
    return [
        u8(following, f"fragment: next header {following}"), u8(0, "reserved"),
        u16(offset | more, f"fragment offset {offset}, {'more' if more else 'no more'} fragments"),
        u32(0x9ABCDEF0, "identification"),
    ] + body


def pseudo(source, target, protocol, length):
    source, target = packed(source), packed(target)
    if len(source) == 4:
        return source + target + struct.pack("!BBH", 0, protocol, length)
    return source + target + struct.pack("!IHBB", length, 0, 0, protocol)


# ---- transport


def udp(body, source=CLIENT4, target=SERVER4, ports=(53000, 53), length=None):
    length = 8 + size(body) if length is None else length
    fields = [
        u16(ports[0], f"source port {ports[0]}"), u16(ports[1], f"destination port {ports[1]}"),
        u16(length, f"length {length}"), u16(0, "checksum"),
    ] + body
    whole = joined(fields)
    # What lies behind the length is no part of the datagram, nor of its checksum.
    whole = whole[:length] if length >= 8 else whole
    # An all-zero checksum means none, so zero is sent as all ones (RFC 768).
    fields[3] = u16(checksum(pseudo(source, target, UDP, len(whole)) + whole) or 0xFFFF, "checksum")
    return fields


def tcp(body, source=CLIENT4, target=SERVER4, ports=(40000, 80), flags=0x18, options=(), words=None):
    options = list(options)
    words = 5 + size(options) // 4 if words is None else words
    names = [name for bit, name in enumerate(["FIN", "SYN", "RST", "PSH", "ACK"]) if flags >> bit & 1]
    fields = [
        u16(ports[0], f"source port {ports[0]}"), u16(ports[1], f"destination port {ports[1]}"),
        u32(0x01020304, "sequence number"), u32(0x0A0B0C0D, "acknowledgment number"),
        u8(words << 4, f"data offset {words} words"), u8(flags, "flags " + " ".join(names)),
        u16(64240, "window"), u16(0, "checksum"), u16(0, "urgent pointer"),
    ] + options + body
    whole = joined(fields)
    fields[7] = u16(checksum(pseudo(source, target, TCP, len(whole)) + whole), "checksum")
    return fields


def icmp(kind, code, body, comment):
    fields = [u8(kind, f"type {kind}: {comment}"), u8(code, f"code {code}"), u16(0, "checksum")] + body
    fields[2] = u16(checksum(joined(fields)), "checksum")
    return fields


def icmpv6(kind, code, body, comment, source=CLIENT6, target=SERVER6):
    fields = [u8(kind, f"type {kind}: {comment}"), u8(code, f"code {code}"), u16(0, "checksum")] + body
    whole = joined(fields)
    fields[2] = u16(checksum(pseudo(source, target, ICMPV6, len(whole)) + whole), "checksum")
    return fields


# ---- DNS


def wire_name(text):
    """Labels with their lengths, and the root."""
    fields = []
    for label in text.split("."):
        fields += [u8(len(label), f"label of {len(label)}"), raw(label.encode(), label)]
    return fields + [u8(0, "root")]


def question(name_fields, kind=1):
    return name_fields + [u16(kind, f"type {kind}"), u16(1, "class IN")]


def dns(questions, flags=0x0100, count=None, rest=(), additional=0, answers=0):
    count = len(questions) if count is None else count
    return [
        u16(0x4242, "identifier"), u16(flags, f"flags: {'response' if flags >> 15 else 'query'}"),
        u16(count, f"{count} questions"), u16(answers, f"{answers} answers"), u16(0, "0 authorities"),
        u16(additional, f"{additional} additional"),
    ] + [field for one in questions for field in one] + list(rest)


# ---- TLS


def server_name(text):
    name = text.encode()
    return [
        u16(0, "extension: server_name"), u16(len(name) + 5, "extension length"), u16(len(name) + 3, "list length"),
        u8(0, "name type: host_name"), u16(len(name), "name length"), raw(name, f"name {text}"),
    ]


def supported_versions():
    return [
        u16(43, "extension: supported_versions"), u16(3, "extension length"), u8(2, "list length"),
        u16(0x0304, "TLS 1.3"),
    ]


def extension(kind, data, comment):
    return [u16(kind, f"extension: {comment}"), u16(len(data), "extension length"), raw(data, "extension data")]


def client_hello(extensions):
    """The handshake message, without a record around it."""
    body = [
        u16(0x0303, "legacy version"), raw(range(32), "random"), u8(0, "session identifier: none"),
        u16(4, "cipher suites: 4 bytes"), u16(0x1301, "TLS_AES_128_GCM_SHA256"),
        u16(0xC02F, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"), u8(1, "compression methods: 1"), u8(0, "null"),
        u16(size(extensions), f"extensions: {size(extensions)} bytes"),
    ] + extensions
    length = size(body)
    return [u8(1, "handshake type: ClientHello"), raw(length.to_bytes(3, "big"), f"length {length}")] + body


def record(body):
    return [
        u8(22, "record type: handshake"), u16(0x0301, "record version"), u16(size(body), f"record length {size(body)}")
    ] + body


# ---- HTTP


def http(text):
    """One field a line, line ends included."""
    lines = text.replace("\n", "\r\n").split("\r\n")
    fields = [raw((line + "\r\n").encode(), line or "end of the head") for line in lines[:-1]]
    return fields + ([raw(lines[-1].encode(), lines[-1])] if lines[-1] else [])
