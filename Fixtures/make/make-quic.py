#!/usr/bin/env python3
"""Writes Fixtures/frames/quic-*.hex as make-frames.py does; needs the package `cryptography` besides Python.

    make-quic.py [FOLDER]      (default: the frames folder beside make/)

Initial packets are sealed as RFC 9001, section 5, says; the keys are derived here once more. What is expected stands
here by hand. All datagrams but those of the server go from one port to one port, so that tests can put them in a row.
"""
import hashlib
import hmac
import importlib
import pathlib
import sys

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from build import *

frames = importlib.import_module("make-frames")
ONE, TWO, DRAFT, RESERVED = 1, 0x6B3343CF, 0xFF00001D, 0x1A2A3A4A
SALTS = {
    ONE: "38762cf7f55934b34d179ae6a4c80cadccbb7f0a", TWO: "0dede3def700a6db819381be6e269dcbf9bd2ed9",
    RESERVED: "38762cf7f55934b34d179ae6a4c80cadccbb7f0a", DRAFT: "afbfec289993d24c9e9786f19c6111e04390a899",
}
SORTS = {"initial": 0, "0-RTT": 1, "handshake": 2, "retry": 3}
FIRST, OTHER = bytes.fromhex("0011223344556677"), bytes.fromhex("8899aabbccddeeff")


def expand(secret, label, length):
    label = b"tls13 " + label
    info = length.to_bytes(2, "big") + bytes([len(label)]) + label + b"\0\1"
    return hmac.new(secret, info, hashlib.sha256).digest()[:length]


def keys(version, identifier, side):
    initial = hmac.new(bytes.fromhex(SALTS[version]), identifier, hashlib.sha256).digest()
    secret = expand(initial, side + b" in", 32)
    prefix = b"quicv2 " if version == TWO else b"quic "
    return expand(secret, prefix + b"key", 16), expand(secret, prefix + b"iv", 12), expand(secret, prefix + b"hp", 16)


def first_byte(version, sort, low):
    return 0xC0 | (SORTS[sort] + (version == TWO)) % 4 << 4 | low


def initial(payload, version=ONE, to=FIRST, derived=None, token=b"", number=0, side=b"client"):
    """An Initial packet addressed to `to`, with the keys of `derived` if that is another identifier."""
    key, iv, protection = keys(version, derived or to, side)
    length = 2 + len(payload) + 16
    header = (bytes([first_byte(version, "initial", 1)]) + version.to_bytes(4, "big") + bytes([len(to)]) + to + b"\0"
              + bytes([len(token)]) + token + (0x4000 | length).to_bytes(2, "big") + number.to_bytes(2, "big"))
    nonce = bytes(a ^ b for a, b in zip(iv, number.to_bytes(12, "big"), strict=True))
    sealed = AESGCM(key).encrypt(nonce, payload, header)
    mask = Cipher(algorithms.AES(protection), modes.ECB()).encryptor().update(sealed[2:18])
    start = len(header) - 2
    protected = (bytes([header[0] ^ mask[0] & 15]) + header[1:start] + bytes(a ^ b for a, b in zip(header[start:], mask[1:3], strict=True)))
    return raw(protected + sealed, f"Initial packet {number} to {to.hex()}, sealed")


def crypto(message, start, end):
    """A CRYPTO frame with a part of the message."""
    return b"\x06" + (0x4000 | start).to_bytes(2, "big") + (0x4000 | end - start).to_bytes(2, "big") + message[start:end]


def hello(name, fill=7):
    extensions = (server_name(name) if name else []) + supported_versions() + extension(57, b"\x01\x02\x67\x10", "transport parameters")
    message = joined(client_hello(extensions))
    # Another random for another connection.
    return message[:6] + bytes([fill] * 32) + message[38:]


def quic_cases():
    told = ("quic.sni evil.example", *frames.prints("q13d020300", 0, 43, 57))
    later = "undecided handshake-incomplete"
    message = hello("evil.example")
    size_of = len(message)
    whole = crypto(message, 0, size_of)

    def case(name, about, packets, *expected, back=False):
        ports, ends = ((443, 50000), (frames.SERVER4, frames.CLIENT4)) if back else ((50000, 443), (frames.CLIENT4, frames.SERVER4))
        body = udp(packets, *ends, ports)
        frames.case(name, about, ethernet_ip(ipv4(UDP, body, source=ends[0], target=ends[1])), *frames.addresses(*ends), *expected)

    case("quic-v1", "A ClientHello in an Initial packet of version 1 (RFC 9001).", [initial(whole + bytes(40))], *told)
    case("quic-v2", "The same in version 2 (RFC 9369).", [initial(whole, TWO)], *told)
    case("quic-draft-29", "The same in the draft that was used most.", [initial(whole, DRAFT)], *told)
    case("quic-reserved", "A version that no server speaks, protected as version 1.", [initial(whole, RESERVED)], *told)
    SALTS[RESERVED] = SALTS[DRAFT]
    case("quic-reserved-draft", "The same, protected as the draft.", [initial(whole, RESERVED)], *told)
    pieces = crypto(message, 60, size_of) + b"\x01" + crypto(message, 10, 80) + bytes(5) + crypto(message, 0, 20)
    case("quic-shuffled", "Pieces out of order and twice, with a ping and padding between them.", [initial(pieces)], *told)
    case("quic-token", "A token stands before the length, as behind a Retry.", [initial(whole, to=OTHER, token=b"t" * 40)], *told)
    early = raw(bytes([first_byte(ONE, "0-RTT", 0)]) + ONE.to_bytes(4, "big") + b"\x08" + FIRST + b"\0" + b"\x14" + bytes(20),
                "0-RTT packet of 20 bytes")
    case("quic-coalesced", "Early data, then two Initial packets, in one datagram.",
         [early, initial(crypto(message, 40, size_of)), initial(crypto(message, 0, 40), number=1)], *told)
    case("quic-no-name", "A hello without a server name.", [initial(crypto(hello(""), 0, len(hello(""))))],
         *frames.prints("q13i020200", 43, 57))
    case("quic-first-part", "The first half of a hello; the second comes in another datagram.", [initial(crypto(message, 0, 60))], later)
    case("quic-second-part", "Its second half, addressed to the identifier that the server chose meanwhile.",
         [initial(crypto(message, 60, size_of), to=OTHER[:5], derived=FIRST, number=1)])
    case("quic-other-name", "Another connection between the same ports.",
         [initial(crypto(hello("other.example", 9), 0, len(hello("other.example"))), to=OTHER)], "quic.sni other.example", *told[1:])
    case("quic-from-server", "The server's Initial packet, of a connection that was not seen to begin.",
         [initial(whole, derived=OTHER, side=b"server")], later, back=True)
    flipped = joined([initial(whole)])
    case("quic-damaged", "A bit of the sealed bytes is wrong.", [raw(flipped[:-30] + bytes([flipped[-30] ^ 1]) + flipped[-29:], "Initial packet")],
         later)
    case("quic-frame-unknown", "A frame that may not stand in an Initial packet.", [initial(b"\x08" + whole)], later)
    case("quic-retry", "A Retry (RFC 9000, section 17.2.5).",
         [raw(bytes([first_byte(ONE, "retry", 0)]) + ONE.to_bytes(4, "big") + b"\0\x08" + OTHER + b"t" * 40 + bytes(16), "Retry")], back=True)
    case("quic-version-negotiation", "A server's list of versions (RFC 9000, section 17.2.1).",
         [raw(bytes([0xC0]) + bytes(4) + b"\0\x08" + FIRST + ONE.to_bytes(4, "big") * 8, "version negotiation")], back=True)


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent / "frames")
    quic_cases()
    for name, parts in frames.FRAMES.items():
        (folder / f"{name}.hex").write_text(frames.written(*parts))
    print(len(frames.FRAMES), "frames")


if __name__ == "__main__":
    main()
