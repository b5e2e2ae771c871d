#!/usr/bin/env python3
"""Writes Fixtures/reject: capture files damaged in one way each, and EXPECT.tsv.

    make-reject.py [FOLDER]      (default: the reject folder beside make/)

EXPECT.tsv: file, packets that can be read before the damage ("?": as many as could be unpacked), whether the
file is damaged ("either": the format is silent, so it may be reported or not), what it is.
The compressed ones are made by the gzip, zstd and lz4 programs and then damaged.
"""
import pathlib
import struct
import subprocess
import sys

from build import *

FRAMES = [
    joined(ethernet_ip(ipv4(UDP, udp(dns([question(wire_name(f"n{number}.evil.example"))]), ports=(53000 + number, 53)))))
    for number in range(3)
]
LENGTH = len(FRAMES[0])  # all three are of one length
FILES = {}


def add(name, packets, damaged, note, data):
    assert name not in FILES, name
    FILES[name] = (packets, {True: "yes", False: "no", None: "either"}[damaged], note, data)


def header(magic=0xA1B2C3D4, major=2, snap=65535, link=1):
    return struct.pack("<IHHiIII", magic, major, 4, 0, 0, snap, link)


def record(frame, held=None, length=None):
    held = len(frame) if held is None else held
    return struct.pack("<IIII", 1767225600, 0, held, len(frame) if length is None else length) + frame


def pcap_cases():
    whole = header() + b"".join(map(record, FRAMES))
    two = header() + record(FRAMES[0]) + record(FRAMES[1])
    add("whole.pcap", 3, False, "three packets: what the others are damaged copies of", whole)
    add("header-only.pcap", 0, False, "a capture of no packets", header())
    add("empty.pcap", 0, True, "not a byte", b"")
    add("ten-bytes.pcap", 0, True, "cut inside the file header", whole[:10])
    add("header-23-bytes.pcap", 0, True, "cut one byte before the end of the file header", whole[:23])
    add("magic.pcap", 0, True, "magic number 0x12345678", struct.pack("<I", 0x12345678) + whole[4:])
    add("text.pcap", 0, True, "text", b"# This is no capture.\n192.0.2.1 evil.example\n")
    add("version-1.pcap", 0, True, "version 1.4: pcap 2.4 is the only one that is written", header(major=1) + record(FRAMES[0]))
    add("cut-in-record-header.pcap", 2, True, "cut inside the third record's header", two + record(FRAMES[2])[:9])
    add("cut-in-record.pcap", 2, True, "cut inside the third record's bytes", whole[:-20])
    add("cut-last-byte.pcap", 2, True, "the last byte is missing", whole[:-1])
    big = two + record(FRAMES[2], held=300_000, length=300_000)
    add("caplen-300000.pcap", 2, True, "a record of 300,000 bytes, above any limit and behind the end", big)
    add("caplen-ffffffff.pcap", 2, True, "a record of 2^32 - 1 bytes", two + record(FRAMES[2], held=0xFFFFFFFF, length=0xFFFFFFFF))
    add("caplen-above-2g.pcap", 2, True, "a record of 2^31 bytes: negative in 32 bits", two + record(FRAMES[2], held=0x80000000))
    add("caplen-above-snaplen.pcap", 3, None, "records longer than the snap length of the file header, as some programs write: they are whole",
        header(snap=64) + whole[24:])
    add("caplen-above-length.pcap", 3, None, "a record that holds more bytes than the packet is said to have had",
        two + record(FRAMES[2], length=LENGTH - 10))
    add("zeros-behind.pcap", 258, False, "4,096 zero bytes behind two records, as after a power loss: by the format 256 packets of no byte",
        two + bytes(4096))


def block(kind, body, total=None, trailer=None):
    body += bytes(-len(body) % 4)
    total = len(body) + 12 if total is None else total
    return struct.pack("<II", kind, total) + body + struct.pack("<I", total if trailer is None else trailer)


def section(magic=0x1A2B3C4D, major=1, **more):
    return block(0x0A0D0D0A, struct.pack("<IHHq", magic, major, 0, -1), **more)


def interface(**more):
    return block(1, struct.pack("<HHI", 1, 0, 65535), **more)


def packet(frame, number=0, held=None, **more):
    held = len(frame) if held is None else held
    return block(6, struct.pack("<IIIII", number, 0x0005E6F5, 0, held, len(frame)) + frame, **more)


def pcapng_cases():
    start = section() + interface()
    two = start + packet(FRAMES[0]) + packet(FRAMES[1])
    whole = two + packet(FRAMES[2])
    size = len(packet(FRAMES[2]))
    add("whole.pcapng", 3, False, "three packets: what the others are damaged copies of", whole)
    add("section-only.pcapng", 0, False, "a section without an interface or a packet", section())
    add("no-packets.pcapng", 0, False, "a section with an interface and no packet", start)
    add("unknown-block.pcapng", 3, False, "a block of a type that nobody knows is skipped", two + block(0x0BADF00D, bytes(20)) + packet(FRAMES[2]))
    simple = block(3, struct.pack("<I", LENGTH) + FRAMES[0])
    old = block(2, struct.pack("<HHIIII", 0, 0xFFFF, 0x0005E6F5, 0, LENGTH, LENGTH) + FRAMES[1])
    add("old-and-simple-blocks.pcapng", 3, False, "a simple packet block, the obsolete packet block and an enhanced one",
        start + simple + old + packet(FRAMES[2]))
    comment = struct.pack("<HH", 1, 5) + b"hello" + bytes(3) + bytes(4)
    options = block(6, struct.pack("<IIIII", 0, 0x0005E6F5, 0, LENGTH, LENGTH) + FRAMES[2] + bytes(-LENGTH % 4) + comment)
    add("packet-options.pcapng", 3, False, "a packet block with a comment behind the packet", two + options)
    add("section-cut.pcapng", 0, True, "cut inside the section header", whole[:20])
    add("cut-in-block.pcapng", 2, True, "cut inside the third packet's block", whole[:-30])
    add("cut-in-block-header.pcapng", 2, True, "cut after the type of the third packet's block", two + whole[len(two):len(two) + 4])
    add("cut-trailer.pcapng", 2, True, "cut inside the trailing length of the third packet's block", whole[:-2])
    add("length-odd.pcapng", 2, True, "a block length that is no multiple of 4", two + packet(FRAMES[2], total=size - 3))
    add("length-8.pcapng", 2, True, "a block length of 8, below the 12 of an empty block", two + packet(FRAMES[2], total=8))
    add("length-0.pcapng", 2, True, "a block length of 0: a reader that trusts it never ends", two + packet(FRAMES[2], total=0))
    add("length-ffffffff.pcapng", 2, True, "a block length of 2^32 - 4", two + packet(FRAMES[2], total=0xFFFFFFFC))
    add("trailer-differs.pcapng", 2, True, "a trailing length that is not the leading one", two + packet(FRAMES[2], trailer=size + 4))
    add("interface-unknown.pcapng", 2, True, "a packet of interface 7, where there is interface 0 alone", two + packet(FRAMES[2], number=7))
    add("interface-missing.pcapng", 0, True, "a packet before any interface", section() + packet(FRAMES[0]))
    add("interface-short.pcapng", 0, True, "an interface block with 4 of its 8 bytes", section() + block(1, bytes(4)) + packet(FRAMES[0]))
    add("byte-order-magic.pcapng", 0, True, "byte-order magic 0x11223344", section(magic=0x11223344) + whole[len(section()):])
    add("version-2.pcapng", 0, True, "major version 2, which nobody has defined", section(major=2) + whole[len(section()):])
    add("packet-too-long.pcapng", 2, True, "a packet that says more bytes than its block has", two + packet(FRAMES[2], held=LENGTH + 400))
    add("packet-short.pcapng", 2, True, "a packet block with 8 of its 20 bytes", two + block(6, bytes(8)))
    add("second-section-damaged.pcapng", 3, True, "a whole section, then one with another byte-order magic", whole + section(magic=0))


def packed_cases():
    # Enough packets, and different ones, for the damage to hit what is compressed.
    frames = [joined(ethernet_ip(ipv4(UDP, udp(dns([question(wire_name(f"{number * number:x}.example.com"))]), ports=(40000 + number, 53)))))
              for number in range(300)]
    whole = header() + b"".join(map(record, frames))

    def through(*command):
        return subprocess.run(command, input=whole, stdout=subprocess.PIPE, check=True).stdout

    packed = {"gz": through("gzip", "-9nc"), "zst": through("zstd", "-19", "-qc", "--check"), "lz4": through("lz4", "-9", "-qc", "--content-size")}
    for kind, data in packed.items():
        add(f"whole.pcap.{kind}", 300, False, "300 packets", data)
        add(f"cut.pcap.{kind}", "?", True, "cut in the middle: what could be unpacked before the cut may be read", data[:len(data) // 2])
        add(f"cut-last-bytes.pcap.{kind}", "?", True, "the last 3 bytes are missing, inside the check sum", data[:-3])
        add(f"ten-bytes.pcap.{kind}", 0, True, "the first 10 bytes", data[:10])
    gz = bytearray(packed["gz"])
    gz[-8] ^= 0xFF
    add("check-sum.pcap.gz", "?", True, "the CRC-32 is not that of the content", bytes(gz))
    gz = bytearray(packed["gz"])
    gz[-1] ^= 0xFF
    add("length.pcap.gz", "?", True, "the length is not that of the content", bytes(gz))
    zst = bytearray(packed["zst"])
    zst[-1] ^= 0xFF
    add("check-sum.pcap.zst", "?", True, "the check sum is not that of the content", bytes(zst))
    lz4 = bytearray(packed["lz4"])
    lz4[-1] ^= 0xFF
    add("check-sum.pcap.lz4", "?", True, "the check sum is not that of the content", bytes(lz4))
    text = b"# This is no capture.\n" * 20
    add("text.txt.gz", 0, True, "whole gzip, but of text", subprocess.run(["gzip", "-9nc"], input=text, stdout=subprocess.PIPE, check=True).stdout)


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent / "reject")
    for cases in (pcap_cases, pcapng_cases, packed_cases):
        cases()
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    rows = ["file\tpackets\tdamaged\tnote"]
    for name, (packets, damaged, note, data) in sorted(FILES.items()):
        (folder / name).write_bytes(data)
        rows.append(f"{name}\t{packets}\t{damaged}\t{note}")
    (folder / "EXPECT.tsv").write_text("\n".join(rows) + "\n")
    print(len(FILES), "files")


if __name__ == "__main__":
    main()
