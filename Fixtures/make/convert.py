#!/usr/bin/env python3
"""Writes a capture in a form that no tool on Linux writes.

    convert.py big-endian IN.pcap OUT.pcap        header and record fields in big-endian order
    convert.py null IN.pcap OUT.pcap              Ethernet to LINKTYPE_NULL, family little-endian
    convert.py null-big-endian IN.pcap OUT.pcap   the same as a big-endian machine writes it
    convert.py loop IN.pcap OUT.pcap              Ethernet to LINKTYPE_LOOP, family in network order
    convert.py pcapng-big-endian IN.pcap OUT      a big-endian pcapng section with one interface
    convert.py neutral IN.pcapng OUT.pcapng       without what it says about the machine it was made on

IN.pcap is a little-endian pcap. Frames that are neither IPv4 nor IPv6 are left out of null and loop.
"""
import struct
import sys

MICRO, NANO = 0xA1B2C3D4, 0xA1B23C4D
FAMILY = {0x0800: 2, 0x86DD: 30}  # AF_INET; AF_INET6 as Darwin numbers it


def read(path):
    data = open(path, "rb").read()
    magic, major, minor, zone, accuracy, snap, link = struct.unpack("<IHHiIII", data[:24])
    assert magic in (MICRO, NANO), "not a little-endian pcap"
    records, at = [], 24
    while at < len(data):
        seconds, fraction, held, length = struct.unpack("<IIII", data[at : at + 16])
        records.append((seconds, fraction, length, data[at + 16 : at + 16 + held]))
        at += 16 + held
    return magic, snap, link, records


def pcap(path, order, magic, snap, link, records):
    with open(path, "wb") as out:
        out.write(struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snap, link))
        for seconds, fraction, length, frame in records:
            out.write(struct.pack(order + "IIII", seconds, fraction, len(frame), length) + frame)


def unlinked(records, order):
    """The records with the Ethernet header replaced by a four-byte address family."""
    for seconds, fraction, length, frame in records:
        family = FAMILY.get(struct.unpack("!H", frame[12:14])[0])
        if family is not None:
            yield seconds, fraction, length - 10, struct.pack(order + "I", family) + frame[14:]


def pcapng(path, magic, snap, link, records):
    def block(kind, body):
        body += bytes(-len(body) % 4)
        size = len(body) + 12
        return struct.pack(">II", kind, size) + body + struct.pack(">I", size)

    unit = 10**9 if magic == NANO else 10**6
    with open(path, "wb") as out:
        out.write(block(0x0A0D0D0A, struct.pack(">IHHq", 0x1A2B3C4D, 1, 0, -1)))
        resolution = struct.pack(">HHB3xHH", 9, 1, 9 if magic == NANO else 6, 0, 0)
        out.write(block(1, struct.pack(">HHI", link, 0, snap) + resolution))
        for seconds, fraction, length, frame in records:
            stamp = seconds * unit + fraction
            head = struct.pack(">IIIII", 0, stamp >> 32, stamp & 0xFFFFFFFF, len(frame), length)
            out.write(block(6, head + frame))


def neutral(source, target):
    """Overwrites hardware, operating system and program names: the length of each stays."""
    named = {0x0A0D0D0A: (16, {2, 3, 4}), 1: (8, {12})}  # block type: start of options, codes
    data = bytearray(open(source, "rb").read())
    at = 0
    while at < len(data):
        kind, size = struct.unpack("<II", data[at : at + 8])
        start, codes = named.get(kind, (size, ()))
        option = at + 8 + start
        while option < at + size - 4:
            code, length = struct.unpack("<HH", data[option : option + 4])
            if code in codes:
                data[option + 4 : option + 4 + length] = b"x" * length
            option += 4 + (length + 3) // 4 * 4
        at += size
    open(target, "wb").write(data)


def main():
    form, source, target = sys.argv[1:]
    if form == "neutral":
        return neutral(source, target)
    magic, snap, link, records = read(source)
    if form == "big-endian":
        pcap(target, ">", magic, snap, link, records)
    elif form == "pcapng-big-endian":
        pcapng(target, magic, snap, link, records)
    elif form == "loop":
        pcap(target, "<", magic, snap, 108, unlinked(records, ">"))
    elif form == "null":
        pcap(target, "<", magic, snap, 0, unlinked(records, "<"))
    elif form == "null-big-endian":
        pcap(target, ">", magic, snap, 0, unlinked(records, ">"))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
