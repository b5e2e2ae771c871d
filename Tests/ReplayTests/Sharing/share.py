"""Counts, releases, audits and attacks disclosures through the program; each line of output is a check.

    share.py WEIR FOLDER        FOLDER must not be there yet
"""

import base64
import hashlib
import json
import random
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

from provider import Checks, Site, customer, traffic, write_capture

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "DisclosureVerifier"))
import verify  # noqa: E402

check = Checks()
PROGRAM, FOLDER = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2]).resolve()
CUSTOMERS = 2000


def judged(folder, program, *options):
    """What both verifiers say of a bundle or a ledger."""
    ours = subprocess.run([program, "audit", str(folder), *options], capture_output=True, timeout=60)
    said = []
    theirs = verify.verify(Path(folder), verify.arguments([str(folder), *options]), said.append)
    return ours.returncode, theirs, ours.stdout.decode() + "\n".join(said)


def accepted(folder, *options):
    status, theirs, words = judged(folder, PROGRAM, *options)
    return (status == 0 and theirs), words


def refused(folder, *options):
    status, theirs, words = judged(folder, PROGRAM, *options)
    return (status == 1 and not theirs), words


# From traffic to a bundle.

site = Site(FOLDER / "site", PROGRAM)
write_capture(site.folder / "week.pcap", traffic(CUSTOMERS))
before = site.share("check", "--feed", "drop.txt,name=drop,category=c2")
check(before.returncode == 0 and b"could be shared: 5" in before.stdout, "five of ten indicators may leave")
for reason in [b"1 special-address", b"1 operator-network", b"1 organization-name", b"2 internal-name"]:
    check(reason in before.stdout, f"one stays for its reason: {reason.decode()}")
counted = site.count("week.pcap")
check(counted.returncode == 0, "a capture is counted for its week")
again = [site.count("week.pcap", "-j", "1"), site.count("week.pcap", "-j", "2")]
check(all(run.returncode == 0 for run in again), "counting again adds no customer twice")
preview = site.share("preview").stdout.decode()
for count, name in [(CUSTOMERS, "45.9.148.10"), (CUSTOMERS // 2, "45.9.148.11"), (CUSTOMERS // 4, "c2.badhost.net")]:
    check(any(line.split()[0:1] == [str(count)] and name in line for line in preview.splitlines()), f"{count} turned to {name}")
check("185.220.101.4" not in preview, "a customer that was scanned and answered turned to nobody")
check("45.9.148.12" not in preview, "what came before the window does not count")
opened = site.copy(FOLDER / "opened")
released = site.share("release")
check(released.returncode == 0, "the window is released")
bundle = site.bundle()
holds, words = accepted(bundle)
check(holds, "both verifiers accept the bundle" if holds else words)
holds, words = accepted(bundle, "--key", str(bundle / "key.jwk"), "--feed", f"drop={next((site.folder / 'share/domains').iterdir())}")
check(holds, "also with the key and the key set known" if holds else words)
holds, words = accepted(site.folder / "share/ledger.jsonl", "--checkpoint", str(bundle / "checkpoint"))
check(not holds, "an older checkpoint is not the ledger's head")
(site.folder / "head").write_bytes(site.share("log", "--checkpoint").stdout)
holds, words = accepted(site.folder / "share/ledger.jsonl", "--checkpoint", str(site.folder / "head"), "--since", str(bundle / "checkpoint"))
check(holds, "both verifiers accept the ledger and its head" if holds else words)
check(site.share("preview", "isac-demo").stdout == (bundle / "disclosure.json").read_bytes(), "the preview is byte for byte what is sent")
document = json.loads((bundle / "disclosure.json").read_text())
values = {cell["cell"]["indicator"]["value"]: cell["cell"]["victims"] for cell in document["cells"]}
check(set(values) == {"45.9.148.10", "45.9.148.11", "c2.badhost.net"}, "three cells are published")
check(all(abs(values[n] - c) < 150 for n, c in [("45.9.148.10", CUSTOMERS), ("45.9.148.11", CUSTOMERS // 2)]), "the noise is small")
check(json.loads((site.bundle("cert-demo") / "disclosure.json").read_text())["cells"] == [], "a policy for other categories gets no cell")
check(not list((site.folder / "state").iterdir()), "the counts are deleted with the seal")
check(site.count("week.pcap").returncode == 77, "a sealed window is not counted again")
bytes_before = {path.name: path.read_bytes() for path in bundle.iterdir()}
site.share("release")
same = all((bundle / name).read_bytes() == data for name, data in bytes_before.items() if name not in ("proof.json", "checkpoint"))
check(same, "releasing again sends the same document")
holds, words = accepted(bundle)
check(holds, "and the new proof is accepted" if holds else words)

# Mutants of the evidence: both verifiers refuse every one.

names = ["disclosure.json", "disclosure.jws", "proof.json", "checkpoint", "key.jwk"]
seed = random.randrange(1 << 32)
chance = random.Random(seed)
mutant = FOLDER / "mutant"
wrong = []
for number in range(250):
    shutil.rmtree(mutant, ignore_errors=True)
    shutil.copytree(bundle, mutant)
    name = names[number % 5]
    data = bytearray((mutant / name).read_bytes())
    at = chance.randrange(len(data))
    what = ["flip", "drop", "add", "cut"][number // 5 % 4]
    if what == "flip":
        data[at] ^= 1 << chance.randrange(8)
    elif what == "drop":
        del data[at]
    elif what == "add":
        data.insert(at, chance.randrange(256))
    else:
        del data[at:]
    if bytes(data) == bytes_before[name]:
        continue
    (mutant / name).write_bytes(data)
    holds, words = refused(mutant)
    if not holds:
        wrong.append(f"{what} {name} {at}: {words}")
check(not wrong, f"both verifiers refuse 250 mutants (seed {seed})" + "".join("\n" + w for w in wrong[:5]))
shutil.rmtree(mutant)
shutil.copytree(bundle, mutant)
(mutant / "cells.csv").write_bytes((mutant / "cells.csv").read_bytes().replace(b",outbound,", b",inbound,"))
check(judged(mutant, PROGRAM)[0] == 1, "a view that differs from the document is refused")

# What a dishonest producer may try, who has the key and signs everything again.

from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: E402

key = load_pem_private_key((site.folder / "share/key.pem").read_bytes(), None)


def resigned(change):
    shutil.rmtree(mutant, ignore_errors=True)
    shutil.copytree(bundle, mutant)
    for view in ["stix.json", "misp.json", "cells.csv"]:
        (mutant / view).unlink()
    value = json.loads((bundle / "disclosure.json").read_text())
    change(value)
    text = verify.canon(value) + b"\n"
    head = (bundle / "disclosure.jws").read_text().split(".")[0]
    signature = key.sign(f"{head}.{verify.encode(text)}".encode())
    (mutant / "disclosure.json").write_bytes(text)
    (mutant / "disclosure.jws").write_text(f"{head}..{verify.encode(signature)}\n")
    return refused(mutant)


def cell(value):
    return value["cells"][0]["cell"]


attacks = {
    "a number changed": lambda v: cell(v).update(victims=cell(v)["victims"] + 1),
    "a number below the threshold": lambda v: cell(v).update(victims=20),
    "a customer's address": lambda v: cell(v)["indicator"].update(value="10.203.0.1"),
    "an internal name": lambda v: cell(v)["indicator"].update(type="domain-name", value="nas.corp"),
    "a cell twice": lambda v: v["cells"].insert(0, v["cells"][0]),
    "a total": lambda v: v.update(total=5000),
    "a time of an event": lambda v: cell(v).update(last_seen="2020-01-07T10:11:12Z"),
    "an approval less": lambda v: v["policy"]["approvals"].pop(),
    "one person twice": lambda v: v["policy"]["approvals"][1].update(by="dpo"),
    "an expired policy": lambda v: v["policy"].update(expires="2020-01-13T02:00:00Z"),
    "another category": lambda v: v["policy"].update(categories=["spam"]),
    "a stricter feed": lambda v: v["header"]["domain"][0].update(tlp="red"),
    "less noise": lambda v: v["header"]["privacy"].update(scale={"num": 1, "den": 1}),
    "a lower threshold": lambda v: v["header"]["privacy"].update(threshold=20, k_min=10),
    "a cap that was raised": lambda v: v["header"]["privacy"]["budget"].update(cap={"num": 50, "den": 1}),
    "another window": lambda v: v["header"]["window"].update(start="2020-01-13T00:00:00Z", end="2020-01-20T00:00:00Z"),
    "another time of making": lambda v: v["header"].update(made="2020-01-13T03:00:00Z"),
}
for name, change in attacks.items():
    holds, words = resigned(change)
    check(holds, f"refused although it is signed: {name}" if holds else f"{name}: {words}")

# A second story: the same window drawn twice by a producer that copies its files before.

fork = opened.copy(FOLDER / "fork")
check(fork.share("release").returncode == 0, "a copy of the site draws again, as a dishonest producer could")
(FOLDER / "then").write_bytes((bundle / "checkpoint").read_bytes())
holds, words = refused(fork.bundle(), "--since", str(FOLDER / "then"))
check(holds, "whoever has a checkpoint of the first story refuses the second" if holds else words)
holds, words = refused(fork.folder / "share/ledger.jsonl", "--since", str(FOLDER / "then"))
check(holds, "also of the ledger" if holds else words)
shutil.copy(fork.folder / "share/ledger.jsonl", FOLDER / "short.jsonl")
shutil.copy(opened.folder / "share/ledger.jsonl", fork.folder / "share/ledger.jsonl")
check(fork.share("release").returncode == 65, "a ledger from a backup is refused")

# Killed at every system call that changes something: never two draws, and always an end.

if shutil.which("strace"):
    states, broken, killed = {}, [], {}
    for call in ["openat", "write", "fsync", "rename", "unlink", "getrandom"]:
        for when in range(1, 400):
            attempt = opened.copy(FOLDER / "crash")
            ended = attempt.share("release", prefix=[
                "strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={when}"])
            first = [line["body"]["cells_root"] for line in attempt.ledger() if line["kind"] == "seal"]
            attempt.share("release")
            lines = attempt.ledger()
            kinds = [line["kind"] for line in lines]
            ends = [kind for kind in kinds if kind in ("seal", "burn")]
            seals = [line["body"]["cells_root"] for line in lines if line["kind"] == "seal"]
            good, words = accepted(attempt.folder / "share/ledger.jsonl")
            if not good or kinds.count("draw") > 1 or len(ends) != 1 or (first and first != seals):
                broken.append(f"{call} {when}: {kinds}: {words}")
            if seals and not accepted(attempt.bundle())[0]:
                broken.append(f"{call} {when}: its bundle is refused")
            states[ends[0] if ends else "none"] = states.get(ends[0] if ends else "none", 0) + 1
            shutil.rmtree(attempt.folder)
            if ended.returncode == 0:
                break
            killed[call] = when
    check(not broken, f"killed at each of {killed}: {states}" + "".join("\n" + w for w in broken[:5]))
    check(killed.keys() >= {"write", "fsync", "rename"} and set(states) == {"seal", "burn"}, "each sort of call was hit, and both ends occur")
else:
    print("skipped: strace is not installed")

# No customer is in anything that was written, in no spelling.


def spellings(index):
    dotted = ".".join(map(str, customer(index)))
    plain = dotted.encode()
    yield dotted
    yield dotted.replace(".", "-")
    yield ".".join(reversed(dotted.split("."))) + ".in-addr"
    for digest in [hashlib.md5, hashlib.sha1, hashlib.sha256, hashlib.sha512]:
        for data in [plain, customer(index)]:
            yield digest(data).hexdigest()[:20]
            yield base64.b64encode(digest(data).digest()).decode()[:14]
    for shift in range(3):
        yield base64.b64encode(b"x" * shift + plain).decode()[4:-4]
    for space in [uuid.NAMESPACE_DNS, uuid.NAMESPACE_URL, verify.NAMESPACE, uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")]:
        yield str(uuid.uuid5(space, dotted))


def hits(text, indexes):
    return [word for index in indexes for word in spellings(index) if word in text]


written = [path for path in (site.folder / "share").rglob("*") if path.is_file() and path.suffix not in (".pem", ".key")]
everything = "\n".join(path.read_bytes().decode("latin-1") for path in written)
for run in [before, released, counted, site.share("log"), site.share("preview"), site.share("explain")]:
    everything += run.stderr.decode()
everything += site.share("log").stdout.decode() + site.share("explain").stdout.decode() + preview
check(len(everything) > 10000, f"{len(written)} files with {len(everything)} characters are searched")
check(hits(everything, range(CUSTOMERS)) == [], f"none of {CUSTOMERS} customers is in them")
missed = [word for word in spellings(77) if not hits(everything + word, [77])]
check(missed == [], "each spelling would have been found")

# Times: the window's, the release's, the feed's version and the approvals', and none of an event.

import re  # noqa: E402

times = set(re.findall(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}", "".join(path.read_text() for path in written if path.suffix in (".json", ".jsonl", ".csv"))))
allowed = {"2000-01-01T00:00:00", "2022-10-01T00:00:00", "2027-05-01T00:00:00", "2019-11-01T10:00:00", "2019-11-01T11:00:00", "2020-01-05T23:00:00"}
allowed |= {"2020-01-06T00:00:00", "2020-01-13T00:00:00", "2020-01-13T02:00:00"}
check(times <= allowed, f"every time is one that is known before: {times - allowed}")

# STIX: what its validator does not look at.

stix = json.loads((bundle / "stix.json").read_text())
objects = {item["id"]: item for item in stix["objects"]}
references = [v for item in stix["objects"] for k, v in item.items() if k.endswith("_ref")]
references += [v for item in stix["objects"] for k, w in item.items() if k.endswith("_refs") for v in w]
check(references and all(reference in objects for reference in references), "every reference of the STIX bundle resolves")
check(all(uuid.UUID(name.split("--")[1]).version == 5 for name in objects if "bab4a63c" not in name), "identifiers are UUIDs of version 5")
check("marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb" in objects, "the official marking of TLP:GREEN is used")
check({item["type"] for item in stix["objects"]} == {"marking-definition", "identity", "location", "indicator", "sighting"}, "no observed data")
check(all(item["first_seen"] == "2020-01-06T00:00:00.000Z" for item in stix["objects"] if item["type"] == "sighting"), "times are the window's")
csv = (bundle / "cells.csv").read_text().splitlines()
check(len(csv) == 4 and not any(field[:1] in tuple("=+-@") and field for line in csv for field in line.split(",")), "no field of the table is a formula")

# The same week told by a log instead of packets.

logged = Site(FOLDER / "logged", PROGRAM)
at = "2020-01-06T01:00:00+0000"
with open(logged.folder / "dns.log", "w") as log:
    for index in range(CUSTOMERS):
        client = ".".join(map(str, customer(index)))
        event = {"timestamp": at, "event_type": "dns", "src_ip": client, "dest_ip": "9.9.9.9"}
        log.write(json.dumps({**event, "dns": {"type": "query", "rrname": "c2.badhost.net"}}) + "\n")
        other = {**event, "src_ip": "8.8.4.4", "dest_ip": "9.9.9.9"}
        log.write(json.dumps({**other, "dns": {"type": "query", "rrname": "c2.badhost.net"}}) + "\n")
scanned = logged.run(
    "scan", "dns.log", "--feed", "drop.txt,name=drop,category=c2", "-c", "weir.yaml", "--share-window", "2020-01-06", "--count")
said = logged.share("preview").stdout.decode()
check(any(line.split()[:1] == [str(CUSTOMERS)] and "c2.badhost.net" in line for line in said.splitlines()), "a log counts its clients")
check(f"{CUSTOMERS} without exactly one customer".encode() in scanned.stderr, "and says which lines have none")
check(logged.share("release").returncode == 0, "it is released")
holds, words = accepted(logged.bundle())
check(holds, "and accepted" if holds else words)

# A new key: the ledger tells of it, and what is sent from then on is signed by it.

rotated = site.copy(FOLDER / "rotated")
old_key = rotated.folder / "old.jwk"
old_key.write_bytes((bundle / "key.jwk").read_bytes())
check(rotated.share("rotate").returncode == 0 and rotated.share("release").returncode == 0, "the key is changed")
holds, words = accepted(rotated.bundle())
check(holds, "both verifiers accept what the new key signs" if holds else words)
holds, words = refused(rotated.bundle(), "--key", str(old_key))
check(holds, "and say that it is not the old one" if holds else words)
holds, words = accepted(rotated.folder / "share/ledger.jsonl", "--key", str(old_key))
check(holds, "whose ledger it still is" if holds else words)

# Closed when in doubt: nothing leaves when a file is damaged or gone.

for name, change in {
    "the key is gone": lambda root: (root / "share/key.pem").unlink(),
    "the key is another": lambda root: (root / "share/key.pem").write_bytes((logged.folder / "share/key.pem").read_bytes()),
    "the mark is gone": lambda root: (root / "witness/high-water").unlink(),
    "the commitments' seed is gone": lambda root: (root / "share/recipients.key").unlink(),
    "a line of the ledger is changed": lambda root: (root / "share/ledger.jsonl").write_bytes(
        (root / "share/ledger.jsonl").read_bytes().replace(b'"cells":5', b'"cells":6')),
    "the key set is changed": lambda root: next((root / "share/domains").iterdir()).write_text("{}\n"),
    "the counts are damaged": lambda root: next((root / "state").iterdir()).write_bytes(b"weir-window-1\n" + b"x" * 99),
    "a policy is gone": lambda root: (root / "isac.yaml").unlink(),
    "a policy is damaged": lambda root: (root / "isac.yaml").write_text("recipient: [\n"),
}.items():
    broken_site = opened.copy(FOLDER / "broken")
    change(broken_site.folder)
    outcome = broken_site.share("release")
    check(outcome.returncode in (65, 77, 78) and outcome.stderr and not (broken_site.folder / "share/outbox").exists(), f"nothing leaves when {name}")
    shutil.rmtree(broken_site.folder)
gone = opened.copy(FOLDER / "gone")
next((gone.folder / "state").iterdir()).unlink()
check(gone.share("release").returncode == 77 and gone.ledger()[-1]["kind"] == "burn", "counts that are lost are not made up: the window is burned")

# Forbidden by policy, budget or configuration: an exit status, a reason, and nothing written.

check(site.share("revoke", "isac-demo").returncode == 0, "a recipient is revoked")
late = site.share("send", "isac-demo", "disk")
check(late.returncode == 77 and b"revoked" in late.stderr and not (site.folder / "disk").exists(), "and gets nothing more")
check(site.share("send", "cert-demo", "disk").returncode == 0, "another is sent its bundle")
holds, words = accepted(next((site.folder / "disk").iterdir()))
check(holds, "which is accepted" if holds else words)
future = site.run("replay", "week.pcap", "--feed", "drop.txt,name=drop,category=c2", "-c", "weir.yaml", "--share-window", "2020-01-07")
check(future.returncode == 2 and b"2020-01-06" in future.stderr, "a week that begins on a Tuesday is a mistake")
site.write("weir.yaml", (site.folder / "weir.yaml").read_text().replace("categories:", "categorys:"))
typo = site.share("check")
check(typo.returncode == 78 and b'weir.yaml:12: "categorys" is not known here; did you mean "categories"?' in typo.stderr, "a mistake is named with its line")
check.end()
