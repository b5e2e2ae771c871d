#!/usr/bin/env python3
"""What the captures hold and which feed entries they hit, said by tshark: TRUTH.tsv and HITS.tsv.

    truth.py [FOLDER]      (default: the captures folder beside make/)

TRUTH.tsv: capture, where, value, count.  HITS.tsv: capture, where, feed, entry, count (a feed's
entry is the line it was read from, a pattern's entry its id). None of this uses the project's code:
tshark takes the frames apart, addresses and names are compared one by one with every entry, and
patterns are looked for at every offset. Counting is that of the contract, so no allow list is used.
"""
import collections
import ipaddress
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
FEEDS = HERE.parent / "feeds"
FIELDS = [
    "frame.protocols", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "dns.flags.response",
    "dns.qry.name", "dns.a", "dns.aaaa", "dns.cname", "tls.handshake.extensions_server_name", "http.request.method", "http.host",
    "udp.payload", "tcp.stream",
]
SUFFIXES = (".pcap", ".pcapng", ".gz", ".zst", ".lz4")


def tshark(path, *arguments):
    command = ["tshark", "-n", "-r", str(path), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def frames(path):
    """One dictionary a frame: field to list of values."""
    options = ["-T", "fields", "-E", "separator=/t", "-E", "occurrence=a", "-E", "aggregator=\x1f"]
    for line in tshark(path, *options, *(o for f in FIELDS for o in ("-e", f))).split("\n")[:-1]:
        cells = line.split("\t")
        yield {f: c.split("\x1f") if c else [] for f, c in zip(FIELDS, cells, strict=True)}


def name(text):
    return text.lower().removesuffix(".")


def observables(path):
    counts = collections.Counter()
    for frame in frames(path):
        counts["packets", "-"] += 1
        protocols = frame["frame.protocols"][0].split(":")
        layers = [p for p in protocols if p in ("ip", "ipv6")]
        if layers:
            counts["ip.src", frame[layers[0] + ".src"][0]] += 1
            counts["ip.dst", frame[layers[0] + ".dst"][0]] += 1
        if "icmp" in protocols or "icmpv6" in protocols:
            continue  # what an error quotes is nothing that was asked
        if "dns" in protocols:
            # On TCP one frame may hold several messages; none here mixes both directions.
            if set(frame["dns.flags.response"]) <= {"0"}:
                for question in frame["dns.qry.name"]:
                    counts["dns.query", name(question)] += 1
            else:
                for answer in frame["dns.a"] + frame["dns.aaaa"] + frame["dns.cname"]:
                    counts["dns.answer", name(answer)] += 1
        for server in frame["tls.handshake.extensions_server_name"]:
            counts["tls.sni", name(server)] += 1
        for host in frame["http.host"]:
            counts["http.host", name(re.sub(r":\d+$", "", host).strip("[]"))] += 1
    return counts


def contents(path):
    """Every UDP payload, and the bytes of each direction of each TCP connection."""
    streams = set()
    for frame in frames(path):
        protocols = frame["frame.protocols"][0].split(":")
        if "icmp" in protocols or "icmpv6" in protocols:
            continue
        yield from (bytes.fromhex(p.replace(":", "")) for p in frame["udp.payload"])
        streams.update(frame["tcp.stream"])
    for stream in sorted(streams, key=int):
        directions = [bytearray(), bytearray()]
        for line in tshark(path, "-q", "-z", f"follow,tcp,raw,{stream}").split("\n"):
            if re.fullmatch(r"\t?(?:[0-9a-f]{2})+", line):
                directions[line.startswith("\t")] += bytes.fromhex(line.strip())
        yield from map(bytes, directions)


def lines(file, comments="#;"):
    for line in (FEEDS / file).read_text().split("\n"):
        if line.strip() and line[0] not in comments:
            yield line


def address_entries():
    for feed in ("blocklist.netset", "drop.txt", "addresses6.txt", "ranges.txt"):
        for entry in dict.fromkeys(re.split("[#;]", line)[0].strip() for line in lines(feed)):
            if "-" in entry:
                first, last = (ipaddress.ip_address(part.strip()) for part in entry.split("-"))
            else:
                network = ipaddress.ip_network(entry)
                first, last = network[0], network[-1]
            yield feed, entry, first, last


def name_entries():
    """Feed, entry, and whether names below it are meant too."""
    for line in lines("domains.txt"):
        yield "domains.txt", name(line), True
    for line in lines("phishing.hosts"):
        for host in line.split("#")[0].split()[1:]:
            if "." in host and not re.fullmatch(r"[\d.]+", host):
                yield "phishing.hosts", name(host), False
    for line in lines("ads.adblock.txt", "!["):
        rule = re.fullmatch(r"\|\|([a-z0-9.-]+)\^", line)
        if rule:
            yield "ads.adblock.txt", rule[1], True


def pattern_entries():
    """Feed, id, bytes, and whether ASCII letters are folded."""
    for line in lines("patterns.txt", "#"):
        text, *options = (part.strip() for part in line.split(";"))
        parts = text.split("|")
        raw = b"".join(bytes.fromhex(p) if i % 2 else p.encode() for i, p in enumerate(parts))
        ids = [o[3:] for o in options if o.startswith("id=")]
        yield "patterns.txt", ids[0] if ids else text, raw, "nocase" in options
    for entry in json.loads((FEEDS / "patterns.json").read_text()):
        yield "patterns.json", entry["id"], bytes.fromhex(entry["hex"]), entry["nocase"]


def occurrences(text, pattern):
    return sum(text.startswith(pattern, at) for at in range(len(text) - len(pattern) + 1))


def hits(counts, texts):
    found = collections.Counter()
    for (where, value), count in counts.items():
        if where in ("ip.src", "ip.dst") or where == "dns.answer" and re.search(r":|^[\d.]+$", value):
            address = ipaddress.ip_address(value)
            for feed, entry, first, last in address_entries():
                if address.version == first.version and first <= address <= last:
                    found[where, feed, entry] += count
        elif where != "packets":
            for feed, entry, below in name_entries():
                if value == entry or below and value.endswith("." + entry):
                    found[where, feed, entry] += count
    for feed, entry, pattern, folded in pattern_entries():
        for text in texts:
            # bytes.lower folds ASCII only.
            count = occurrences(*((text.lower(), pattern.lower()) if folded else (text, pattern)))
            if count:
                found["payload", feed, entry] += count
    return found


def readable(capture, work):
    """The capture itself, or an unpacked copy where tshark cannot read the compressed file."""
    tool = {".zst": "zstd", ".lz4": "lz4"}.get(capture.suffix)
    if tool is None:
        return capture
    copy = work / capture.stem
    copy.write_bytes(subprocess.run([tool, "-dc", str(capture)], capture_output=True, check=True).stdout)
    return copy


def main():
    import tempfile

    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parent / "captures")
    truth, hit = [], []
    with tempfile.TemporaryDirectory() as work:
        for capture in sorted(p for p in folder.iterdir() if p.suffix in SUFFIXES):
            path = readable(capture, pathlib.Path(work))
            counts = observables(path)
            truth += [(capture.name, *key, count) for key, count in sorted(counts.items())]
            found = hits(counts, list(contents(path)))
            hit += [(capture.name, *key, count) for key, count in sorted(found.items())]
    for file, rows in (("TRUTH.tsv", truth), ("HITS.tsv", hit)):
        (folder / file).write_text("".join("\t".join(map(str, row)) + "\n" for row in rows))


if __name__ == "__main__":
    main()
