#!/usr/bin/env python3
"""Writes those of feeds/bad whose bytes an editor would change: encodings, line ends, noise, long names.

    make-bad-feeds.py [FOLDER]      (default: feeds/bad beside make/)
"""
import pathlib
import sys


def noise(count, state):
    """SplitMix64 (Steele, Lea and Flood 2014): the same bytes every time, without a pattern."""
    mask, out = (1 << 64) - 1, bytearray()
    while len(out) < count:
        state = (state + 0x9E3779B97F4A7C15) & mask
        word = state
        word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & mask
        word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & mask
        out += (word ^ (word >> 31)).to_bytes(8, "little")
    return bytes(out[:count])


DOMAINS = f"""# Each bad line says before it what is wrong; the good ones must be loaded all the same.
good-first.example
# label of 63 octets: good
{'a' * 63}.example
# label of 64 octets
{'b' * 64}.example
# name of 253 octets: good
{'.'.join(['c' * 63] * 3 + ['d' * 61])}
# name of 254 octets
{'.'.join(['c' * 63] * 3 + ['d' * 62])}
# empty label in the middle, at the start, alone
a..example
.leading.example
.
# space inside the name
two words.example
# control byte, slash, at sign, percent
nul\0.example
path.example/index.html
user@example.com
per%63ent.example
# one label only: a whole top-level domain would be blocked
example
# an address among names
203.0.113.5
# an overlong punycode label and one that is none
xn--{'z' * 70}.example
xn--.example
good-last.example
"""

FILES = {
    "domains.txt": DOMAINS.encode(),
    "garbage.txt": noise(2048, 1),
    "garbage-tail.txt": b"good-first.example\ngood-second.example\n" + noise(512, 2),
    "empty.txt": b"",
    "bom-crlf.txt": b"\xef\xbb\xbf# good: byte order mark and CR LF line ends\r\nbom-first.example\r\nevil.example\r\n\r\nbom-last.example\r\n",
    "bom-crlf.netset": b"\xef\xbb\xbf203.0.113.66\r\n203.0.113.128/25\r\n",
    "no-final-newline.txt": b"first.example\nlast.example",
    "old-mac-line-ends.txt": b"first.example\rsecond.example\rlast.example\r",
    "utf16.txt": "\ufefffirst.example\nlast.example\n".encode("utf-16-le"),
    "latin1.txt": "good-first.example\nb\xf6se.example\ngood-last.example\n".encode("latin-1"),
    "unicode.txt": (
        "# the same name as U-label, as A-label and decomposed: one indicator\n"
        "b\u00f6se.example\nxn--bse-sna.example\nbo\u0308se.example\n"
    ).encode(),
}


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent / "feeds" / "bad")
    for name, data in FILES.items():
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
