#!/usr/bin/env python3
"""Compares what frames/*.hex expect with what tshark sees; prints each difference and each bad checksum.

A second witness, not the oracle: tshark judges differently where a frame lies (it reads what a sane receiver
drops), and says nothing of why a frame is undecided. The differences known are listed in Fixtures/README.md.
"""
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

LINKS = {"ethernet": 1, "null": 0, "loop": 108, "raw": 101, "sll": 113, "sll2": 276}
FIELDS = ["frame.protocols", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "dns.flags.response", "dns.qry.name", "dns.a", "dns.aaaa", "dns.cname",
          "tls.handshake.ja3",
          "tls.handshake.extensions_server_name", "http.host", "ip.checksum.status", "tcp.checksum.status",
          "udp.checksum.status", "icmp.checksum.status", "icmpv6.checksum.status"]
CHECKS = [o for p in ("ip", "tcp", "udp") for o in ("-o", f"{p}.check_checksum:TRUE")]


def read(path):
    """Link type, length on the wire, bytes, expectations."""
    link, wire, data, expected = None, None, bytearray(), []
    for line in path.read_text().split("\n"):
        if line.startswith("# expect: "):
            expected.append(line[10:])
        elif line.startswith("link: "):
            link = line[6:]
        elif line.startswith("wire: "):
            wire = int(line[6:])
        else:
            data += bytes.fromhex(line.split("#")[0])
    return link, wire or len(data), bytes(data), expected


def seen(path):
    link, wire, data, expected = read(path)
    with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, LINKS[link]))
        file.write(struct.pack("<IIII", 0, 0, len(data), wire) + data)
        file.flush()
        command = ["tshark", "-n", "-r", file.name, "-T", "fields", "-E", "separator=/t", "-E", "aggregator=\x1f", *CHECKS]
        out = subprocess.run(command + [o for f in FIELDS for o in ("-e", f)], capture_output=True, text=True, check=True).stdout
    cells = [cell.split("\x1f") if cell else [] for cell in out.rstrip("\n").split("\t")]
    frame = dict(zip(FIELDS, cells + [[]] * len(FIELDS)))
    lines = []
    layers = [p for p in (frame["frame.protocols"] or [""])[0].split(":") if p in ("ip", "ipv6")]
    for place, field in (("ip.src", ".src"), ("ip.dst", ".dst")):
        lines += [f"{place} {value}" for value in (frame[layers[0] + field][:1] if layers else [])]
    if "icmp" not in frame["frame.protocols"][0]:
        if "1" not in frame["dns.flags.response"]:
            lines += [f"dns.query {name.lower().rstrip('.')}" for name in frame["dns.qry.name"]]
        else:
            lines += [f"dns.answer {value.lower()}" for field in ("dns.a", "dns.aaaa", "dns.cname") for value in frame[field]]
        lines += [f"tls.ja3 {digest}" for digest in frame["tls.handshake.ja3"]]
        place = "quic.sni" if "quic" in frame["frame.protocols"][0] else "tls.sni"
        lines += [f"{place} {name.lower().rstrip('.')}" for name in frame["tls.handshake.extensions_server_name"]]
        hosts = (re.sub(r":\d+$", "", host).strip("[]").lower().rstrip(".") for host in frame["http.host"])
        lines += [f"http.host {host}" for host in hosts]
    bad = [field for field in FIELDS if field.endswith("checksum.status") and "0" in frame[field]]
    return lines, [line for line in expected if not line.startswith(("undecided", "http.url", "tls.ja4"))], bad


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent / "frames")
    for path in sorted(folder.glob("*.hex")):
        tshark, expected, bad = seen(path)
        if sorted(tshark) != sorted(expected):
            print(f"{path.stem}: only expected {sorted(set(expected) - set(tshark))}, only tshark {sorted(set(tshark) - set(expected))}")
        if bad:
            print(f"{path.stem}: {', '.join(bad)}")


if __name__ == "__main__":
    main()
