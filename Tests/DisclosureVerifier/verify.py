#!/usr/bin/env python3
"""Checks a disclosure of Weir, or a ledger, without Weir.

Written from Documentation/disclosure-format.md and disclosure.schema.json alone; shares no code with Weir. Needs Python 3.11 and the
package `cryptography` for Ed25519.

    verify.py BUNDLE [--key JWK] [--since CHECKPOINT] [--feed NAME=FILE] [--must-not-contain FILE] [--demonstration]
    verify.py LEDGER [--key JWK] [--checkpoint FILE] [--since CHECKPOINT]

Exit status: 0 accepted, 1 refused, 2 usage.
"""

import argparse
import base64
import binascii
import datetime
import hashlib
import ipaddress
import re
import sys
import uuid
from fractions import Fraction
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FILE_MAX = 64 << 20
INTEGER_MAX = 2**53 - 1
DEPTH_MAX = 16
NAMESPACE = uuid.UUID("12578283-ad7a-5a9b-b853-9888deee2ad3")
TLP = ["clear", "green", "amber", "amber+strict", "red"]
HOURS = {"indicators-out": 168, "indicators-in": 168, "pulse": 24}
CATEGORIES = (
    "botnet-c2 malware-distribution phishing scanning brute-force spam exploit-attempt ddos-source cryptomining ransomware "
    "proxy-abuse"
).split()
REGIONS = "001 002 015 202 019 419 021 009 053 142 143 030 034 035 145 150 151 154 039 155".split()


class Refused(Exception):
    """Why something does not hold."""


def need(holds, words):
    if not holds:
        raise Refused(words)


# Section 2: canonical JSON.


def canon(value):
    if isinstance(value, int):
        return str(value).encode()
    if isinstance(value, str):
        return b'"' + value.encode("ascii").replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
    if isinstance(value, list):
        return b"[" + b",".join(map(canon, value)) + b"]"
    members = sorted(value.items(), key=lambda member: member[0].encode())
    return b"{" + b",".join(canon(name) + b":" + canon(inner) for name, inner in members) + b"}"


TOKEN = re.compile(rb'[\[\]{},:]|-?[0-9]+|"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"')


def parse(text):
    """The value of a text; Refused unless the text is the one canonical spelling of it."""
    tokens, at = [], 0
    while at < len(text):
        found = TOKEN.match(text, at)
        need(found, f"not canonical JSON at byte {at}")
        tokens.append(found.group())
        at = found.end()
    tokens.append(b"")
    tokens.reverse()

    def value(depth):
        need(depth < DEPTH_MAX, "nested too deep")
        token = tokens.pop()
        if token == b"{":
            members = {}
            if tokens[-1] == b"}":
                tokens.pop()
                return members
            while True:
                need(tokens[-1][:1] == b'"', "no name of a member")
                name = unquote(tokens.pop())
                need(name not in members and tokens.pop() == b":", "a member twice, or without a colon")
                members[name] = value(depth + 1)
                end = tokens.pop()
                if end == b"}":
                    return members
                need(end == b",", "no comma between members")
        if token == b"[":
            values = []
            if tokens[-1] == b"]":
                tokens.pop()
                return values
            while True:
                values.append(value(depth + 1))
                end = tokens.pop()
                if end == b"]":
                    return values
                need(end == b",", "no comma between elements")
        if token[:1] == b'"':
            return unquote(token)
        need(token and (token[:1] == b"-" or token[:1].isdigit()), "no value")
        need(len(token) <= 17, "too large a number")
        number = int(token)
        need(abs(number) <= INTEGER_MAX, "too large a number")
        return number

    def unquote(token):
        return re.sub(rb"\\(.)", rb"\1", token[1:-1]).decode("ascii")

    result = value(0)
    need(tokens == [b""], "text behind the value")
    need(canon(result) == text, "another spelling than the canonical one")
    return result


def document(text):
    need(text.endswith(b"\n"), "no line feed at the end")
    return parse(text[:-1])


# The shapes: every object closed.


def pattern(expression, longest=1 << 20):
    compiled = re.compile(expression)
    return lambda v: isinstance(v, str) and len(v) <= longest and compiled.fullmatch(v) is not None


def number(low, high):
    return lambda v: type(v) is int and low <= v <= high


def word(*words):
    return lambda v: isinstance(v, str) and v in words


def moment(text):
    try:
        time = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, TypeError):
        return None
    if time.strftime("%Y-%m-%dT%H:%M:%SZ") != text or not 2000 <= time.year <= 2099:
        return None
    return time.replace(tzinfo=datetime.timezone.utc)


def time(v):
    return isinstance(v, str) and moment(v) is not None


def hour(v):
    return time(v) and v.endswith(":00:00Z")


class Array:
    def __init__(self, element, low, high, unique=False):
        self.element, self.low, self.high, self.unique = element, low, high, unique


COUNT = number(0, 999999999)
HASH = pattern("[0-9a-f]{64}")
NAME = pattern("[a-z0-9][a-z0-9-]{0,62}")
TEXT = pattern(r"[\x20-\x7e]*", 500)
FRACTION = {"num": number(1, 1000000), "den": number(1, 1000000)}
UUID = pattern("[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
KID = pattern("[A-Za-z0-9_-]{43}")
RELEASE = pattern("wr1-[0-9a-f]{32}")
STREAM = word(*HOURS)
REGION = word(*REGIONS)
CATEGORY = word(*CATEGORIES)
MARKING = word(*TLP)
WINDOW = {"start": hour, "end": hour}
FEEDS = Array({"feed": NAME, "version": time, "entries": COUNT, "sha256": HASH, "tlp": MARKING}, 1, 256)
PRIVACY_OPEN = {
    "unit": word("customer-block"), "unit_v4_bits": number(8, 32), "unit_v6_bits": number(32, 64),
    "neighbours": word("add-or-remove-one-unit"), "mechanism": word("discrete-laplace"), "epsilon": FRACTION,
    "delta": number(0, 0), "contribution_cells": number(1, 64), "contribution_per_cell": number(1, 4096),
    "max_edges_per_unit": number(1, 8), "scale": FRACTION, "threshold": COUNT, "k_min": number(10, INTEGER_MAX),
    "interval95": COUNT, "budget": {"cap": FRACTION, "period_days": number(30, 30), "spent": FRACTION},
}
PRIVACY = {**PRIVACY_OPEN, "coverage_minutes": COUNT}
POLICY = {
    "schema": word("weir.policy/1"), "recipient": NAME, "purpose": TEXT,
    "legal_basis": lambda v: TEXT(v) and len(v) >= 20, "contact": TEXT, "tlp": MARKING,
    "redistribution": word("none", "as-tlp"), "categories": Array(CATEGORY, 1, 11, True),
    "regions": Array(REGION, 1, 20, True), "streams": Array(STREAM, 1, 3, True), "retention_days": number(1, 1825),
    "expires": time, "approvals": Array({"by": NAME, "at": time}, 1, 64),
}
HEADER = {
    "schema": word("weir.release/1"), "release_id": RELEASE, "stream": STREAM, "window": WINDOW, "made": hour,
    "producer": {"id": UUID, "kid": KID, "software": pattern(r"weir/[0-9]+\.[0-9]+\.[0-9]+")}, "domain": FEEDS,
    "privacy": PRIVACY, "cells_root": HASH,
}
CELL = {
    "category": CATEGORY, "direction": word("outbound", "inbound"),
    "protocol": word("tcp", "udp", "icmp", "dns", "http", "tls", "other", "any"), "region": REGION, "feed?": NAME,
    "ref?": NAME, "victims": number(20, 999999999), "events?": COUNT,
    "indicator?": {
        "type": word("ipv4-addr", "ipv6-addr", "ipv4-net", "ipv6-net", "domain-name", "feed-ref"),
        "value": pattern("[a-z0-9._:/-]+", 253),
    },
}
DISCLOSURE = {
    "schema": word("weir.disclosure/1"), "header": HEADER, "policy": POLICY, "cells_total": COUNT,
    "cells": Array(
        {"cell": CELL, "index": COUNT, "salt": pattern("[0-9a-f]{32}"), "path": Array(HASH, 0, 32)}, 0, 100000),
}
PROOF = {
    "schema": word("weir.proof/1"), "size": COUNT,
    "entries": Array({"seq": COUNT, "line": pattern(".+"), "path": Array(HASH, 0, 64)}, 1, 10000),
    "consistency?": {"size": COUNT, "root": HASH, "path": Array(HASH, 0, 64)},
}
BODIES = {
    "genesis": {"kid": KID, "x": KID, "origin": TEXT, "producer": UUID},
    "policy": {"policy_sha256": HASH, "recipient_commit": HASH},
    "open": {
        "release_id": RELEASE, "stream": STREAM, "window": WINDOW, "privacy": PRIVACY_OPEN, "domain": FEEDS,
        "cells": COUNT, "region": REGION,
    },
    "draw": {"release_id": RELEASE, "coverage_minutes": COUNT},
    "seal": {"release_id": RELEASE, "cells_root": HASH, "cells_total": COUNT},
    "burn": {"release_id": RELEASE, "reason": NAME},
    "disclose": {"release_id": RELEASE, "disclosure_sha256": HASH, "policy_sha256": HASH, "recipient_commit": HASH},
    "revoke": {"recipient_commit": HASH},
    "rotate": {"kid": KID, "x": KID, "signature": pattern("[A-Za-z0-9_-]{86}")},
}


def shape(value, wanted, place="the document"):
    if isinstance(wanted, dict):
        need(isinstance(value, dict), f"{place} is no object")
        known = {name.rstrip("?"): inner for name, inner in wanted.items()}
        for name in value:
            need(name in known, f"{place} has a member that the format does not have")
        for name, inner in wanted.items():
            bare = name.rstrip("?")
            if bare in value:
                shape(value[bare], inner, f"{place}.{bare}")
            else:
                need(name.endswith("?"), f"{place} has no {bare}")
    elif isinstance(wanted, Array):
        need(isinstance(value, list) and wanted.low <= len(value) <= wanted.high, f"{place} is no such list")
        for index, element in enumerate(value):
            shape(element, wanted.element, f"{place}[{index}]")
        need(not wanted.unique or len({canon(v) for v in value}) == len(value), f"{place} holds something twice")
    else:
        need(wanted(value), f"{place} is not as it must be")


# Section 3: hashes and trees.


def sha(data):
    return hashlib.sha256(data).digest()


def leaf(data):
    return sha(b"\0" + data)


def node(left, right):
    return sha(b"\1" + left + right)


def split(size):
    return 1 << (size - 1).bit_length() - 1


def root(leaves):
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node(root(leaves[:k]), root(leaves[k:]))


def included(hash_, index, size, path):
    """The root that an inclusion path leads to; by descent, so that its length is right or it is refused."""
    need(0 <= index < size, "an index outside of the tree")
    steps = []
    low, high = 0, size
    while high - low > 1:
        middle = low + split(high - low)
        steps.append(index >= middle)
        low, high = (middle, high) if index >= middle else (low, middle)
    need(len(path) == len(steps), "a path of the wrong length")
    for sibling, is_right in zip(path, reversed(steps)):
        hash_ = node(sibling, hash_) if is_right else node(hash_, sibling)
    return hash_


def consistent(old_size, old_root, size, new_root, path):
    """RFC 9162, section 2.1.4.2."""
    if not 0 < old_size <= size:
        return False
    if old_size == size:
        return not path and old_root == new_root
    path = list(path)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    fn, sn = old_size - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == old_root and sr == new_root


def hashes(texts):
    return [bytes.fromhex(text) for text in texts]


# Sections 5 and 6: keys and signatures.


def decode(text, alphabet):
    """Base64 of which there is one spelling only."""
    try:
        if alphabet == "url":
            data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            same = base64.urlsafe_b64encode(data).decode().rstrip("=")
        else:
            data = base64.b64decode(text, validate=True)
            same = base64.b64encode(data).decode()
    except (binascii.Error, ValueError):
        raise Refused("not base64") from None
    need(same == text, "not the one spelling of base64")
    return data


def encode(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Key:
    def __init__(self, x):
        self.bytes = decode(x, "url")
        need(len(self.bytes) == 32, "no key of 32 bytes")
        self.jwk = canon({"crv": "Ed25519", "kty": "OKP", "x": x})
        self.kid = encode(sha(self.jwk))

    @staticmethod
    def read(text):
        value = document(text)
        shape(value, {"crv": word("Ed25519"), "kty": word("OKP"), "x": KID})
        return Key(value["x"])

    def verify(self, signature, message):
        try:
            Ed25519PublicKey.from_public_bytes(self.bytes).verify(signature, message)
        except (InvalidSignature, ValueError):
            raise Refused("a signature that is not of this key") from None


class Checkpoint:
    def __init__(self, text, key):
        try:
            lines = text.decode("utf-8").split("\n")
        except UnicodeDecodeError:
            raise Refused("a checkpoint that is no text") from None
        need(len(lines) == 6 and lines[3] == "" and lines[5] == "", "a checkpoint of another form")
        self.origin, size, encoded, _, signed, _ = lines
        need(re.fullmatch(r"[\x21-\x7e]+", self.origin), "an origin that is none")
        need(re.fullmatch("0|[1-9][0-9]{0,15}", size), "a size that is none")
        self.size = int(size)
        self.root = decode(encoded, "standard")
        need(len(self.root) == 32, "a root that is none")
        start = f"\u2014 {self.origin} "
        need(signed.startswith(start), "a signature line of another name")
        blob = decode(signed[len(start):], "standard")
        hint = sha(self.origin.encode() + b"\n\x01" + key.bytes)[:4]
        need(len(blob) == 68 and blob[:4] == hint, "a signature line of another key")
        key.verify(blob[4:], "\n".join(lines[:3]).encode() + b"\n")


# Section 6: the ledger.


def read_line(text):
    line = parse(text)
    need(isinstance(line, dict) and isinstance(line.get("kind"), str) and line["kind"] in BODIES, "a line of no known kind")
    body = {**BODIES[line["kind"]], "at": time}
    shape(line, {"schema": word("weir.ledger/1"), "seq": COUNT, "prev": HASH, "kind": word(line["kind"]), "body": body})
    return line


def line_key(body):
    key = Key(body["x"])
    need(key.kid == body["kid"], "a key that its thumbprint does not name")
    return key


def fraction(value):
    result = Fraction(value["num"], value["den"])
    need((result.numerator, result.denominator) == (value["num"], value["den"]), "a fraction not in lowest terms")
    return result


def parameters(privacy):
    epsilon, cap = fraction(privacy["epsilon"]), fraction(privacy["budget"]["cap"])
    spent, scale = fraction(privacy["budget"]["spent"]), fraction(privacy["scale"])
    sensitivity = privacy["contribution_cells"] * privacy["contribution_per_cell"] * privacy["max_edges_per_unit"]
    need(scale == sensitivity / epsilon, "the scale is not contribution / epsilon")
    need(privacy["threshold"] >= privacy["k_min"] >= 20, "the threshold lies below k, or k below 20")
    need(epsilon <= spent <= cap, "the budget is overrun")
    return epsilon, cap, spent


def window_times(stream, window):
    start, end = moment(window["start"]), moment(window["end"])
    need(start.hour == 0 and end - start == datetime.timedelta(hours=HOURS[stream]), "a window of another length")
    need(HOURS[stream] == 24 or start.weekday() == 0, "a weekly window that does not begin on a Monday")
    return start, end


def release_id(producer, stream, window):
    return "wr1-" + sha(canon(["weir.release/1", producer, stream, window["start"], window["end"]])).hex()[:32]


def days(start, end):
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return (start - epoch).days, (end - datetime.timedelta(seconds=1) - epoch).days


class History:
    """Follows a ledger line by line."""

    def __init__(self):
        self.last, self.keys, self.releases, self.charges, self.ends, self.policies = None, [], {}, [], {}, {}

    def take(self, text):
        line = read_line(text)
        kind, body = line["kind"], line["body"]
        previous = self.last
        need(line["seq"] == (previous[0]["seq"] + 1 if previous else 0), "a number out of order")
        need(line["prev"] == (sha(previous[1]).hex() if previous else "0" * 64), "it does not follow from the line before")
        need((kind == "genesis") == (previous is None), "genesis is the first line and only it")
        need(previous is None or body["at"] >= previous[0]["body"]["at"], "time goes back")
        getattr(self, kind)(body)
        self.last = (line, text)

    def genesis(self, body):
        self.keys = [line_key(body)]
        need(str(uuid.uuid5(NAMESPACE, self.keys[0].kid)) == body["producer"], "the producer does not follow from the key")
        self.producer, self.origin = body["producer"], body["origin"]

    def rotate(self, body):
        key = line_key(body)
        self.keys[-1].verify(decode(body["signature"], "url"), f"weir.rotate/1\n{key.kid}\n".encode())
        self.keys.append(key)

    def policy(self, body):
        self.policies[body["recipient_commit"]] = body["policy_sha256"]

    def revoke(self, body):
        self.policies[body["recipient_commit"]] = None

    def open(self, body):
        name, stream = body["release_id"], body["stream"]
        start, end = window_times(stream, body["window"])
        need(name == release_id(self.producer, stream, body["window"]), "a release id that does not follow from the window")
        need(name not in self.releases, "a window opened twice")
        need(stream not in self.ends or start >= self.ends[stream], "windows overlap")
        epsilon, cap, spent = parameters(body["privacy"])
        first, last = days(start, end)
        worst = Fraction(0)
        for run in range(first - 29, last + 1):
            touching = [c for c in self.charges if c[0] <= run + 29 and c[1] >= run]
            total = epsilon + sum(c[2] for c in touching)
            need(total <= min([cap] + [c[3] for c in touching]), "the budget of 30 days is overrun")
            worst = max(worst, total)
        need(spent == worst, "the sum of the budget is wrong")
        self.charges.append((first, last, epsilon, cap))
        self.ends[stream] = end
        self.releases[name] = "opened"

    def step(self, body, before, after):
        need(self.releases.get(body["release_id"]) in before, f"{after} out of turn")
        self.releases[body["release_id"]] = after

    def draw(self, body):
        self.step(body, ["opened"], "drawn")

    def seal(self, body):
        self.step(body, ["drawn"], "sealed")

    def burn(self, body):
        self.step(body, ["opened", "drawn"], "burned")

    def disclose(self, body):
        self.step(body, ["sealed"], "sealed")
        need(self.policies.get(body["recipient_commit"]) == body["policy_sha256"], "a policy that was not in force")


# Section 8: screens.

SPECIAL = [ipaddress.ip_network(n) for n in (
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.88.99.0/24 192.168.0.0/16 "
    "198.18.0.0/15 224.0.0.0/3 2001::/23 2002::/16 3fff::/20").split()]
GLOBAL6 = ipaddress.ip_network("2000::/3")
EXAMPLES = [ipaddress.ip_network(n) for n in "192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32".split()]
INTERNAL = set(
    "arpa local internal lan home corp localhost localdomain test invalid example onion alt intranet private".split())


def screen(indicator, forbidden, demonstration):
    kind, value = indicator["type"], indicator["value"]
    if kind == "domain-name":
        return screen_name(value)
    need(kind != "feed-ref", "a reference that stands for nothing yet")
    try:
        network = ipaddress.ip_network(value)
    except ValueError:
        raise Refused("an address that is none") from None
    is_net = kind.endswith("-net")
    need(network.version == int(kind[3]), "an address of the other family")
    spelled = str(network) if is_net else str(network.network_address)
    need(value == spelled and (is_net or network.num_addresses == 1), "an address in another spelling")
    if is_net:
        low, high = (8, 31) if network.version == 4 else (19, 64)
        need(low <= network.prefixlen <= high, "a net too wide or too narrow")
    if network.version == 6:
        need(network.subnet_of(GLOBAL6), "an address that is no place in the Internet")
    barred = SPECIAL + forbidden + ([] if demonstration else EXAMPLES)
    need(not any(n.version == network.version and n.overlaps(network) for n in barred), "an address that must not be published")


def screen_name(name):
    labels = name.split(".")
    need(all(re.fullmatch("[a-z0-9_-]{1,24}", label) for label in labels), "a name with a label that must not be")
    need(2 <= len(labels) <= 6, "a name of too few or too many labels")
    need(not labels[-1].isdigit() and labels[-1] not in INTERNAL, "a name that is internal")
    need(not any(re.fullmatch("[0-9a-f]{8}", label) for label in labels), "a name that spells an address")
    run = 0
    for part in re.split("[.-]", name):
        run = run + 1 if re.fullmatch("[0-9]{1,3}", part) and int(part) <= 255 else 0
        need(run < 4, "a name that spells an address")


# Sections 1 and 4: the bundle.


def read(path):
    try:
        if path.stat().st_size > FILE_MAX:
            raise Refused(f"{path.name} is larger than {FILE_MAX} bytes")
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"{path.name} cannot be read: {error.strerror}") from None


class Bundle:
    def __init__(self, folder, options):
        self.options = options
        names = ["disclosure.json", "disclosure.jws", "proof.json", "checkpoint", "key.jwk"]
        self.files = {name: read(folder / name) for name in names}

    def key(self):
        self.signer = Key.read(self.files["key.jwk"])
        if self.options.key:
            need(Key.read(read(self.options.key)).kid == self.signer.kid, "not the key that you know")

    def signature(self):
        protected = encode(canon({"alg": "Ed25519", "kid": self.signer.kid, "typ": "weir-disclosure+jws"}))
        text = self.files["disclosure.jws"]
        start = f"{protected}..".encode()
        need(text.startswith(start) and text.endswith(b"\n"), "a signature of another form or key")
        try:
            signature = decode(text[len(start):-1].decode("ascii"), "url")
        except UnicodeDecodeError:
            raise Refused("not base64") from None
        payload = encode(self.files["disclosure.json"])
        self.signer.verify(signature, f"{protected}.{payload}".encode())

    def schema(self):
        self.document = document(self.files["disclosure.json"])
        shape(self.document, DISCLOSURE)
        self.header, self.policy = self.document["header"], self.document["policy"]

    def release(self):
        header = self.header
        _, end = window_times(header["stream"], header["window"])
        need(header["release_id"] == release_id(header["producer"]["id"], header["stream"], header["window"]), "a wrong release id")
        self.made = moment(header["made"])
        need(self.made == end + datetime.timedelta(hours=2), "made at another time than two hours behind the end")
        need(header["producer"]["kid"] == self.signer.kid, "the header names another key")
        parameters(header["privacy"])

    def terms(self):
        policy = self.policy
        need(self.made < moment(policy["expires"]), "the policy has expired")
        approvals = policy["approvals"]
        need(len({a["by"] for a in approvals}) >= 2, "fewer than two people approved")
        need(all(moment(a["at"]) < self.made for a in approvals), "approved after the release")
        need(self.header["stream"] in policy["streams"], "a stream that the policy does not name")
        strictest = max(TLP.index(feed["tlp"]) for feed in self.header["domain"])
        need(strictest < TLP.index("amber+strict"), "a feed that must not be passed on")
        need(TLP.index(policy["tlp"]) >= strictest, "a marking weaker than that of a feed")

    def cells(self):
        policy, last, last_text = self.policy, -1, b""
        feeds = {feed["feed"] for feed in self.header["domain"]}
        forbidden = []
        if self.options.must_not_contain:
            for text in read(self.options.must_not_contain).decode("utf-8", "replace").splitlines():
                text = text.split("#")[0].strip()
                if text:
                    try:
                        forbidden.append(ipaddress.ip_network(text))
                    except ValueError:
                        raise Refused(f"{text} is no network") from None
        for entry in self.document["cells"]:
            cell, text = entry["cell"], canon(entry["cell"])
            need(cell["category"] in policy["categories"], "a category that the policy does not name")
            need(cell["region"] in policy["regions"], "a region that the policy does not name")
            need(cell["victims"] >= self.header["privacy"]["threshold"], "a number below the threshold")
            need("feed" not in cell or cell["feed"] in feeds, "a feed that the header does not name")
            if "indicator" in cell:
                need("feed" in cell, "an indicator of no feed")
                screen(cell["indicator"], forbidden, self.options.demonstration)
            need(entry["index"] > last and text > last_text, "cells out of order")
            last, last_text = entry["index"], text
            found = included(
                leaf(bytes.fromhex(entry["salt"]) + text), entry["index"], self.document["cells_total"], hashes(entry["path"]))
            need(found.hex() == self.header["cells_root"], "a cell that is not in the sealed table")

    def feeds(self):
        for name, path in self.options.feed:
            data = read(path)
            known = [feed for feed in self.header["domain"] if feed["feed"] == name]
            need(known and known[0]["sha256"] == sha(data).hex(), f"{name}: another key set than that of the opening")
            keys = set(data.split(b"\n"))
            for entry in self.document["cells"]:
                key = {k: v for k, v in entry["cell"].items() if k != "victims"}
                need(key.get("feed") != name or canon(key) in keys, f"{name}: a cell that is not of the key set")

    def ledger(self):
        head = Checkpoint(self.files["checkpoint"], self.signer)
        proof = document(self.files["proof.json"])
        shape(proof, PROOF)
        need(proof["size"] == head.size, "the proof is for another size")
        self.head, self.proof = head, proof
        lines, last = [], -1
        for entry in proof["entries"]:
            text = entry["line"].encode("ascii")
            line = read_line(text)
            need(line["seq"] == entry["seq"] > last, "lines out of order")
            last = entry["seq"]
            need(included(leaf(text), entry["seq"], head.size, hashes(entry["path"])) == head.root, "a line that is not in the ledger")
            lines.append(line)
        kinds = [line["kind"] for line in lines if line["kind"] != "rotate"]
        need(kinds == ["genesis", "open", "draw", "seal", "disclose"], "other lines than those of this release")
        self.lines(lines, {line["kind"]: line["body"] for line in lines if line["kind"] != "rotate"})

    def lines(self, lines, bodies):
        header = self.header
        need(lines[0]["kind"] == "genesis" and lines[0]["seq"] == 0, "no genesis")
        key = line_key(bodies["genesis"])
        need(str(uuid.uuid5(NAMESPACE, key.kid)) == bodies["genesis"]["producer"] == header["producer"]["id"], "another producer")
        need(bodies["genesis"]["origin"] == self.head.origin, "the checkpoint is of another ledger")
        for line in lines:
            if line["kind"] == "rotate":
                following = line_key(line["body"])
                key.verify(decode(line["body"]["signature"], "url"), f"weir.rotate/1\n{following.kid}\n".encode())
                key = following
        need(key.kid == self.signer.kid, "the key is not the one in force")
        opened, drawn = bodies["open"], bodies["draw"]
        privacy = {**opened["privacy"], "coverage_minutes": drawn["coverage_minutes"]}
        need(privacy == header["privacy"] and opened["domain"] == header["domain"], "the header is not that of the opening")
        need(opened["stream"] == header["stream"] and opened["window"] == header["window"], "another window was opened")
        for kind in ["open", "draw", "seal", "disclose"]:
            need(bodies[kind]["release_id"] == header["release_id"], f"the {kind} is of another release")
        need(bodies["seal"]["cells_root"] == header["cells_root"], "another table was sealed")
        need(bodies["seal"]["cells_total"] == self.document["cells_total"], "a table of another size was sealed")
        need(bodies["disclose"]["disclosure_sha256"] == sha(self.files["disclosure.json"]).hex(), "another document was disclosed")
        need(bodies["disclose"]["policy_sha256"] == sha(canon(self.policy)).hex(), "it was disclosed under another policy")

    def continuity(self):
        given = self.proof.get("consistency")
        if given:
            holds = consistent(given["size"], bytes.fromhex(given["root"]), self.head.size, self.head.root, hashes(given["path"]))
            need(holds, "the earlier ledger is no prefix of this one")
        if self.options.since:
            earlier = Checkpoint(read(self.options.since), self.signer)
            need(earlier.origin == self.head.origin, "an earlier checkpoint of another ledger")
            need(earlier.size <= self.head.size, "the ledger is shorter than it was")
            same = earlier.size == self.head.size and earlier.root == self.head.root
            proven = given and given["size"] == earlier.size and bytes.fromhex(given["root"]) == earlier.root
            need(same or proven, "nothing proves that the ledger of then is a part of this one")

    checks = ["key", "signature", "schema", "release", "terms", "cells", "feeds", "ledger", "continuity"]


class Ledger:
    def __init__(self, path, options):
        self.text, self.options = read(path), options

    def lines(self):
        need(self.text.endswith(b"\n"), "the last line has no end")
        self.history, self.leaves = History(), []
        for number_, text in enumerate(self.text[:-1].split(b"\n"), 1):
            try:
                self.history.take(text)
            except Refused as refused:
                raise Refused(f"line {number_}: {refused}") from None
            self.leaves.append(leaf(text))

    def key(self):
        if self.options.key:
            known = Key.read(read(self.options.key))
            need(known.kid in [key.kid for key in self.history.keys], "the ledger does not name this key")

    def heads(self):
        for path, is_head in [(self.options.checkpoint, True), (self.options.since, False)]:
            if path:
                head = self.signed(read(path))
                need(head.origin == self.history.origin, "a checkpoint of another ledger")
                need(head.size <= len(self.leaves), "the ledger is shorter than it was")
                need(not is_head or head.size == len(self.leaves), "not the head of this ledger")
                need(root(self.leaves[:head.size]) == head.root, "the ledger was another one")

    def signed(self, text):
        for key in self.history.keys:
            try:
                return Checkpoint(text, key)
            except Refused as refused:
                reason = refused
        raise reason

    checks = ["lines", "key", "heads"]


def verify(path, options, say=print):
    """Whether everything holds; each check is said."""
    try:
        subject = (Bundle if path.is_dir() else Ledger)(path, options)
    except Refused as refused:
        say(f"FAIL  files: {refused}")
        return False
    for check in subject.checks:
        try:
            getattr(subject, check)()
        except (Refused, RecursionError) as refused:
            say(f"FAIL  {check}: {refused}")
            return False
        say(f"ok    {check}")
    return True


def named_file(text):
    name, equals, path = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError("takes NAME=FILE")
    return name, Path(path)


def arguments(words):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--key", type=Path)
    parser.add_argument("--since", type=Path)
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--feed", type=named_file, action="append", default=[])
    parser.add_argument("--must-not-contain", type=Path)
    parser.add_argument("--demonstration", action="store_true")
    return parser.parse_args(words)


if __name__ == "__main__":
    given = arguments(sys.argv[1:])
    sys.exit(0 if verify(given.path, given) else 1)
