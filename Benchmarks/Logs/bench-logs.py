#!/usr/bin/env python3
"""Times `weir scan` over an access log, beside grepcidr and ripgrep where they are installed.

    Benchmarks/Logs/bench-logs.py [--weir PROGRAM] [--megabytes N] [--rounds N] [--folder DIR]

Writes lists of 1,000,000 addresses and 500,000 names and a log from a seed, so that the right answer is known: every line
with a planted address or name, no other. A contender whose answer differs is named. Python's standard library only.
"""
import argparse, ipaddress, os, random, shutil, statistics, subprocess, sys, tempfile, time

WORDS = ["images", "archive", "blog", "search", "static", "index", "geo", "tags", "projects", "files"]
AGENTS = [
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/32.0.1700.77 Safari/537.36",
    "Mozilla/5.0 (Windows NT 6.1; WOW64; rv:27.0) Gecko/20100101 Firefox/27.0",
    "Mozilla/5.0 (compatible; Examplebot/2.1; +http://bot.example.com/info.html)",
]


def address(bits):
    return str(ipaddress.IPv4Address(bits))


def make(folder, megabytes, rng):
    """The lists, the log, and how many of its lines hold something listed."""
    listed = set()
    while len(listed) < 1_000_000:
        listed.add(rng.randrange(1 << 24, 224 << 24))
    names = set()
    while len(names) < 500_000:
        label = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(6, 14)))
        names.add(label + rng.choice([".com", ".net", ".org", ".info", ".example"]))
    hosts, domains = sorted(listed), sorted(names)
    with open(f"{folder}/ips.txt", "w") as file:
        file.writelines(address(host) + "\n" for host in hosts)
    with open(f"{folder}/names.txt", "w") as file:
        file.writelines(name + "\n" for name in domains)
    clients = []
    while len(clients) < 200_000:
        bits = rng.randrange(1 << 24, 224 << 24)
        if bits not in listed:
            clients.append(address(bits))
    hits, by_address, size = 0, 0, 0
    with open(f"{folder}/access.log", "w") as log:
        while size < megabytes * 1_000_000:
            lines = []
            for _ in range(10_000):
                bad_client, bad_name = rng.random() < 0.001, rng.random() < 0.001
                client = address(rng.choice(hosts)) if bad_client else rng.choice(clients)
                host = "www." + rng.choice(domains) if bad_name else "www.site-0123.test"
                path = "/".join(rng.choice(WORDS) for _ in range(rng.randint(2, 6)))
                lines.append(
                    f'{client} - - [17/May/2026:10:05:{rng.randrange(60):02} +0000] "GET /{path}.png HTTP/1.1" 200 '
                    f'{rng.randrange(99999)} "http://{host}/{path}/" "{rng.choice(AGENTS)}"\n')
                hits += bad_client or bad_name
                by_address += bad_client
            text = "".join(lines)
            size += log.write(text)
    return size, hits, by_address


def run(command):
    start = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True)
    seconds = time.monotonic() - start
    counts = [int(word) for word in done.stdout.split()[:1] if word.isdigit()]
    return seconds, counts[0] if counts else None


def main():
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--weir", default=os.environ.get("WEIR", f"{root}/.build/release/weir"))
    parser.add_argument("--megabytes", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder")
    options = parser.parse_args()
    if not os.access(options.weir, os.X_OK):
        print("no weir: build it, or name it with --weir", file=sys.stderr)
        return 69
    folder = options.folder or tempfile.mkdtemp(prefix="weir-bench-")
    size, hits, by_address = make(folder, options.megabytes, random.Random(7))
    log, database = f"{folder}/access.log", f"{folder}/rules.weir"
    subprocess.run([options.weir, "compile", "--quiet", f"{folder}/ips.txt", f"{folder}/names.txt", "-o", database],
                   check=True, stdout=subprocess.DEVNULL)
    scan = [options.weir, "scan", "--db", database, "-j1", "--count", log]
    contenders = [("weir, any text", scan + ["--format", "text"], hits), ("weir, access", scan, hits)]
    if shutil.which("grepcidr"):
        contenders.append(("grepcidr, addresses alone", ["grepcidr", "-c", "-f", f"{folder}/ips.txt", log], by_address))
    if shutil.which("rg"):
        contenders.append(("rg -F, names alone", ["rg", "-c", "-F", "-f", f"{folder}/names.txt", log], hits - by_address))
    times, wrong = {name: [] for name, _, _ in contenders}, False
    for _ in range(options.rounds):
        for name, command, expected in contenders:
            seconds, found = run(command)
            times[name].append(seconds)
            if found != expected and name.startswith("weir"):
                print(f"{name}: {found} lines, {expected} are right", file=sys.stderr)
                wrong = True
    for name, _, _ in contenders:
        median = statistics.median(times[name])
        print(f"{name:28} {median:8.3f} s  {size / median / 1e9:6.2f} GB/s")
    if not options.folder:
        shutil.rmtree(folder)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
