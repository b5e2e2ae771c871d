"""Three edges count, a collector adds up and releases; each line of output is a check.

    merge.py WEIR FOLDER        FOLDER must not be there yet
"""

import itertools
import json
import shutil
import sys
from pathlib import Path

from provider import MONDAY, Checks, Site, address, customer, packet, write_capture

check = Checks()
PROGRAM, FOLDER = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2]).resolve()
EDGES, EACH = 3, 400


def edge(number):
    """An edge with customers of its own; all turn to one address, those of the first edge also to another."""
    site = Site(FOLDER / f"edge-{number}", PROGRAM)
    text = (site.folder / "weir.yaml").read_text().replace("share:\n", f"share:\n  edge: edge-{number}\n  opening: opening\n", 1)
    site.write("weir.yaml", text)
    frames = []
    for index in range(number * EACH, (number + 1) * EACH):
        frames.append((MONDAY + index, packet(customer(index), address("45.9.148.10"))))
        if number == 0:
            frames.append((MONDAY + index, packet(customer(index), address("45.9.148.11"))))
    write_capture(site.folder / "week.pcap", frames)
    return site


edges = [edge(number) for number in range(EDGES)]
keys = [site.share("contribute", "--show-key").stdout.decode().strip() for site in edges]
check(all(len(key) == 43 for key in keys) and len(set(keys)) == EDGES, "every edge has a key of its own")
collector = Site(FOLDER / "collector", PROGRAM)
known = "".join(f"    - {{name: edge-{number}, key: {key}}}\n" for number, key in enumerate(keys))
collector.write("weir.yaml", (collector.folder / "weir.yaml").read_text() + "  edges:\n" + known)
opened = collector.share("open", "--feed", "drop.txt,name=drop,category=c2", "--share-window", "2020-01-06", "opening")
check(opened.returncode == 0, f"a window is opened for edges{opened.stderr.decode() if opened.returncode else ''}")

contributions = []
for number, site in enumerate(edges):
    shutil.copytree(collector.folder / "opening", site.folder / "opening")
    counted = site.count("week.pcap")
    written = site.share("contribute", "sums")
    check(counted.returncode == 0 and written.returncode == 0, f"edge {number} counts and contributes")
    contributions.append(site.folder / "sums")
    check(not (site.folder / "share/ledger.jsonl").exists() and not list((site.folder / "state").iterdir()), "and keeps nothing")
check(edges[0].share("contribute", "again").returncode == 77, "an edge has nothing to contribute twice")


def collect(site, files):
    return site.share("collect", *map(str, files))


totals = set()
for order in itertools.permutations(contributions):
    attempt = collector.copy(FOLDER / "attempt")
    for file in order:
        collect(attempt, [file])
    totals.add(next((attempt.folder / "state").glob("*.sums")).read_bytes())
    shutil.rmtree(attempt.folder)
check(len(totals) == 1, "every order of edges gives the same sums")

bad = FOLDER / "bad"
for name, change in {
    "a number is changed": lambda text: text.replace(b",400]", b",401]"),
    "another edge's name": lambda text: text.replace(b"edge-0", b"edge-1"),
    "an unknown edge's name": lambda text: text.replace(b"edge-0", b"edge-9"),
    "another window": lambda text: text.replace(b'"release_id":"wr1-', b'"release_id":"wr1-0', 1),
    "the signature is cut off": lambda text: text[: text.index(b"\n") + 1],
    "it is empty": lambda text: b"",
}.items():
    original = contributions[0].read_bytes()
    bad.write_bytes(change(original))
    check(bad.read_bytes() != original and collect(collector, [bad]).returncode == 77, f"refused: {name}")
foreign = edge(7)
foreign.write("weir.yaml", (foreign.folder / "weir.yaml").read_text().replace("edge-7", "edge-1"))
shutil.copytree(collector.folder / "opening", foreign.folder / "opening")
foreign.count("week.pcap")
foreign.share("contribute", "sums")
check(collect(collector, [foreign.folder / "sums"]).returncode == 77, "refused: the name of an edge with another key")

check(collect(collector, contributions).returncode == 0, "the collector adds all up")
twice = collect(collector, contributions[:1])
check(twice.returncode == 77 and b"already" in twice.stderr, "refused: an edge twice")
preview = collector.share("preview").stdout.decode()
check(any(line.split()[:1] == [str(EDGES * EACH)] and "45.9.148.10" in line for line in preview.splitlines()), "the sums are exact")
check(any(line.split()[:1] == [str(EACH)] and "45.9.148.11" in line for line in preview.splitlines()), "of one edge too")
released = collector.share("release")
check(released.returncode == 0, "the collector releases")
cells = json.loads((collector.bundle() / "disclosure.json").read_text())["cells"]
values = {cell["cell"]["indicator"]["value"]: cell["cell"]["victims"] for cell in cells}
check(abs(values["45.9.148.10"] - EDGES * EACH) < 150 and len(values) == 2, "one draw for all")
check(collector.run("audit", str(collector.bundle())).returncode == 0, "which the audit accepts")
check(not list((collector.folder / "state").iterdir()), "the sums are deleted with the seal")
late = collect(collector, contributions)
check(late.returncode == 77, "what comes late is refused")
check.end()
