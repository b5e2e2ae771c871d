"""A made-up provider: its traffic, its configuration, and the program run on them. Used by share.py."""

import json
import shutil
import struct
import subprocess
import sys
from pathlib import Path

MONDAY = 1578268800  # 2020-01-06T00:00:00Z
CONFIG = """
share:
  directory: share
  witness: witness
  state: state
  region: "154"
  customer_networks:
    - {prefix: 10.203.0.0/16, unit: 32}
    - {prefix: "fd5a:a5a5::/32", unit: 56}
  operator_networks: [45.9.150.0/24]
  organization_names: [acme]
  categories: {c2: botnet-c2}
  feeds:
    - {name: drop, origin: public, share: true, redistribute: true, tlp: clear, version: "2020-01-05T23:00:00Z"}
  streams:
    indicators-out: {epsilon: 1/2}
  recipients: [isac.yaml, cert.yaml]
"""
POLICY = """
schema: weir.policy/1
recipient: %s
purpose: botnet disruption
legal_basis: Relates to no identified or identifiable customer.
contact: intake@isac.example
tlp: green
redistribution: as-tlp
categories: [%s]
regions: ["154"]
streams: [indicators-out]
retention_days: 365
expires: "2027-05-01T00:00:00Z"
approvals:
  - {by: dpo, at: "2019-11-01T10:00:00Z"}
  - {by: security-lead, at: "2019-11-01T11:00:00Z"}
"""
FEED = """45.9.148.10
45.9.148.11
45.9.148.12
185.220.101.4
45.9.150.7
10.203.3.3
evil.example
c2.badhost.net
acme-portal.badhost.net
printer.local
"""


def packet(source, target, payload=b"", port=443, udp=False):
    """A frame of Ethernet with an IP packet; addresses are bytes."""
    if udp:
        transport = struct.pack(">HHHH", 40000, port, 8 + len(payload), 0) + payload
    else:
        transport = struct.pack(">HHIIBBHHH", 40000, port, 1, 0, 0x50, 2, 1000, 0, 0) + payload
    number = 17 if udp else 6
    if len(source) == 4:
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(transport), 1, 0, 64, number, 0) + source + target
        return b"\0" * 12 + b"\x08\0" + head + transport
    head = struct.pack(">IHBB", 6 << 28, len(transport), number, 64) + source + target
    return b"\0" * 12 + b"\x86\xdd" + head + transport


def query(name):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack(">HHHHHH", 7, 0x100, 1, 0, 0, 0) + labels + b"\0\0\1\0\1"


def customer(index):
    return bytes([10, 203, index >> 8, index & 255])


def address(text):
    return bytes(map(int, text.split(".")))


def write_capture(path, frames):
    """Frames are pairs of seconds and bytes."""
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for seconds, frame in frames:
            out.write(struct.pack("<IIII", seconds, 0, len(frame), len(frame)) + frame)


def traffic(count):
    """Every customer turns to one address, every second one to another, every fourth asks for a name."""
    for index in range(count):
        at = MONDAY + 3600 + index
        yield at, packet(customer(index), address("45.9.148.10"))
        if index % 2 == 0:
            yield at, packet(customer(index), address("45.9.148.11"))
        if index % 4 == 0:
            yield at, packet(customer(index), address("9.9.9.9"), query("c2.badhost.net"), 53, udp=True)
        # What is no customer's doing: a scan from outside, its answer, and a packet of the week before.
        yield at, packet(address("185.220.101.4"), customer(index))
        answer = bytearray(packet(customer(index), address("185.220.101.4")))
        answer[14 + 20 + 13] = 0x12
        yield at, bytes(answer)
        yield MONDAY - 60, packet(customer(index), address("45.9.148.12"))


class Site:
    """A folder with a configuration, and the program."""

    def __init__(self, folder, program):
        self.folder, self.program = Path(folder), program
        self.folder.mkdir(parents=True)
        self.write("weir.yaml", CONFIG)
        self.write("isac.yaml", POLICY % ("isac-demo", "botnet-c2"))
        self.write("cert.yaml", POLICY % ("cert-demo", "spam"))
        self.write("drop.txt", FEED)

    def write(self, name, text):
        (self.folder / name).write_text(text)

    def run(self, *words, prefix=()):
        command = [*prefix, self.program, *words]
        return subprocess.run(command, cwd=self.folder, capture_output=True, timeout=120)

    def share(self, *words, prefix=()):
        return self.run("share", *words, "-c", "weir.yaml", prefix=prefix)

    def count(self, capture, *more):
        return self.run(
            "replay", capture, "--feed", "drop.txt,name=drop,category=c2", "-c", "weir.yaml", "--share-window", "2020-01-06",
            "-o", "json", *more)

    def copy(self, folder):
        shutil.copytree(self.folder, folder)
        other = object.__new__(Site)
        other.folder, other.program = Path(folder), self.program
        return other

    def ledger(self):
        return [json.loads(line) for line in (self.folder / "share/ledger.jsonl").read_text().splitlines()]

    def bundle(self, recipient="isac-demo"):
        return next((self.folder / "share/outbox" / recipient).iterdir())


class Checks:
    """Says each check, and counts those that fail."""

    def __init__(self):
        self.failed = 0

    def __call__(self, holds, words):
        print(f"{'ok' if holds else 'FAILED':8}{words}", flush=True)
        self.failed += not holds

    def end(self):
        sys.exit(1 if self.failed else 0)
