"""Enforcement end to end: a client, a router that runs weir, and a server, each a network namespace.

Usage: enforce.py WEIR, in network and mount namespaces of its own (unshare -nm, or unshare -Urnm without root).
Every line of the output is a check; the exit status is 1 when one failed. `nft` is the independent witness.
"""

import json
import os
import socket
import sys
import tempfile
import threading
import time

from lab import FAILURES, WEIR, check, enter, kernel_sets, must, nft, passes, run, sent, set_up, socket_in, \
    waits_for_neighbors, weir, write


def rules(folder):
    return ["--feed", write(folder, "bad.netset", "203.0.113.0/24\n198.51.100.66\n2001:db8:bad::/64\n"),
            "--allow", write(folder, "own.txt", "203.0.113.9\n")]


def test_blocking(feeds):
    applied = weir("apply", "-o", "json", *feeds)
    check("apply succeeds", applied.returncode == 0, applied.stderr)
    report = json.loads(applied.stdout)
    check("apply counts its elements", report["elements"] == {"ipv4": 3, "ipv6": 2, "allow": 1},
          report["elements"])
    for address in ("203.0.113.0", "203.0.113.1", "203.0.113.255", "198.51.100.66", "2001:db8:bad::1",
                    "2001:db8:bad:0:ffff:ffff:ffff:ffff"):
        check(f"{address} is blocked", not passes(address))
    for address in ("198.51.100.65", "198.51.100.67", "203.0.113.9", "2001:db8:bad:1::", "10.2.0.2"):
        check(f"{address} passes", passes(address))
    check("what the router itself sends is blocked", not passes("203.0.113.5", start="r"))


def counted():
    total = 0
    for stem, (_, elements) in kernel_sets().items():
        if stem.startswith("allow") or stem.startswith("own"):
            continue
        total += sum(e["elem"]["counter"]["packets"] for e in elements if "elem" in e)
    return total


def test_counting(feeds):
    before = counted()
    sent("203.0.113.77", 1000)
    sent("198.51.100.66", 500)
    sent("2001:db8:bad::77", 250)
    sent("198.51.100.1", 300)
    time.sleep(0.2)
    check("counters equal the packets sent", counted() - before == 1750, counted() - before)
    told = counted()
    report = json.loads(weir("verify", "-o", "json", *feeds).stdout)
    check("verify sums up what nft says", report["blocked"]["packets"] == told > 1750,
          (report["blocked"], told))


def test_verify(feeds):
    outcome = weir("verify", "-o", "json", *feeds)
    report = json.loads(outcome.stdout)
    check("verify finds that all holds", outcome.returncode == 0 and report["enforced_ratio"] == 1, report)
    hooks = {"ipv4": "blocked", "ipv6": "blocked"}
    check("every canary is blocked", report["canary"] == {"prerouting": hooks, "output": hooks},
          report["canary"])
    names = {stem: name for stem, (name, _) in kernel_sets().items()}
    sabotage = {
        "a host is deleted": (f"delete element inet weir {names['both4_hosts']} {{ 198.51.100.66 }}", True),
        "a range is deleted": (f"delete element inet weir {names['both4_ranges']} {{ 203.0.113.0/24 }}", True),
        "a set is emptied": (f"flush set inet weir {names['both6_ranges']}", True),
        "a host is exchanged": (f"delete element inet weir {names['both4_hosts']} {{ 198.51.100.66 }} ; "
                                f"add element inet weir {names['both4_hosts']} {{ 10.1.0.2 }}", True),
        "an allow entry is exchanged": (f"delete element inet weir {names['allow4_hosts']} {{ 203.0.113.9 }} ; "
                                        f"add element inet weir {names['allow4_hosts']} {{ 198.51.100.66 }}", True),
        "a range is added": (f"add element inet weir {names['both4_ranges']} {{ 10.1.0.0/24 }}", True),
        "a chain is emptied": ("flush chain inet weir check4", False),
        "the hook is emptied": ("flush chain inet weir prerouting", False),
        "a rule is put before": ("insert rule inet weir check4 accept", False),
        "the table is deleted": ("delete table inet weir", False),
    }
    for what, (command, is_intact) in sabotage.items():
        nft(command)
        looked = weir("verify", "--dry-run", "-o", "json", *feeds)
        found = json.loads(looked.stdout)
        check(f"{what}: found", looked.returncode == 1 and not found["holds"] and found["intact"] == is_intact,
              found)
        again = weir("verify", "--dry-run", "-o", "json", *feeds)
        check(f"{what}: a dry run repairs nothing", again.returncode == 1)
        repaired = weir("verify", "-o", "json", *feeds)
        check(f"{what}: said", repaired.returncode == 1 and json.loads(repaired.stdout)["repaired"])
        held = weir("verify", "-o", "json", *feeds)
        check(f"{what}: repaired", held.returncode == 0, held.stdout + held.stderr)
        check(f"{what}: blocks again", not passes("198.51.100.66") and not passes("203.0.113.255")
              and not passes("2001:db8:bad::1") and passes("203.0.113.9") and passes("198.51.100.65"))


def test_replacing_under_load(folder):
    lines = "\n".join(f"100.{64 + i // 65536}.{i // 256 % 256}.{i % 256}" for i in range(20000))
    many = write(folder, "many.txt", "203.0.113.0/24\n198.51.100.66\n2001:db8:bad::/64\n" + lines + "\n")
    check("many are applied", weir("apply", "--feed", many).returncode == 0)
    ear = socket_in("s", socket.AF_INET, socket.SOCK_DGRAM)
    ear.bind(("203.0.113.77", 5353))
    good = socket_in("s", socket.AF_INET, socket.SOCK_DGRAM)
    good.bind(("198.51.100.1", 5353))
    good.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    sender = socket_in("c", socket.AF_INET, socket.SOCK_DGRAM)
    before = counted()
    numbers = {"bad": 0, "good": 0}
    stop = threading.Event()
    passed = [0]

    def send():
        while not stop.is_set():
            sender.sendto(b"bad", ("203.0.113.77", 5353))
            numbers["bad"] += 1
            sender.sendto(b"good", ("198.51.100.1", 5353))
            numbers["good"] += 1

    def hear():
        good.settimeout(1)
        while True:
            try:
                good.recv(16)
                passed[0] += 1
            except TimeoutError:
                return

    threads = [threading.Thread(target=send), threading.Thread(target=hear)]
    for thread in threads:
        thread.start()
    faults = sum(weir("apply", "--feed", many).returncode for _ in range(10))
    stop.set()
    for thread in threads:
        thread.join()
    ear.settimeout(0.2)
    try:
        ear.recv(16)
        leaked = True
    except TimeoutError:
        leaked = False
    check("ten replacements succeed", faults == 0)
    check("none of the bad packets came through while rules were replaced", not leaked, numbers)
    check("every good packet came through", passed[0] == numbers["good"], (passed, numbers))
    check("there was load", numbers["bad"] > 1000, numbers)
    check("old sets are gone", len(kernel_sets()) == len(set(kernel_sets())) and
          len(json.loads(nft("-j list sets inet"))["nftables"]) - 1 == len(kernel_sets()))


def test_directions(folder):
    feed = write(folder, "inbound.txt", "10.1.0.2\n")
    check("an inbound feed is applied", weir("apply", "--feed", f"{feed},direction=inbound").returncode == 0)
    check("what comes from a listed host is blocked", not passes("198.51.100.1"))
    check("unless it goes to a gateway, which is the operator's own", passes("10.2.0.2"))
    feed = write(folder, "outbound.txt", "198.51.100.1\n")
    check("an outbound feed is applied", weir("apply", "--feed", f"{feed},direction=outbound").returncode == 0)
    check("what goes to a listed host is blocked", not passes("198.51.100.1"))
    check("others are not", passes("203.0.113.1"))


def test_modes(feeds):
    check("audit is applied", weir("apply", "--mode", "audit", *feeds).returncode == 0)
    check("audit blocks nothing", passes("198.51.100.66") and passes("203.0.113.1"))
    outcome = weir("verify", "--mode", "audit", "-o", "json", *feeds)
    report = json.loads(outcome.stdout)
    check("audit counts", outcome.returncode == 0 and report["blocked"]["packets"] >= 2, report)
    other = weir("verify", "--dry-run", "--mode", "enforce", "-o", "json", *feeds)
    check("audit is not taken for enforcement", other.returncode == 1 and not json.loads(other.stdout)["intact"])


def test_confirming(feeds, folder):
    weir("apply", *feeds)
    feed = write(folder, "locks-out.txt", "10.1.0.0/16\n")
    for text in ("", "no\n"):
        outcome = weir("apply", "--feed", feed, "--confirm", "5", input=text)
        check(f"{text!r} does not confirm", outcome.returncode == 1, outcome)
        check("the old state is back", passes("198.51.100.1") and not passes("198.51.100.66"))
        check("and whole", weir("verify", *feeds).returncode == 0)
    started = time.time()
    reading, writing = os.pipe()
    outcome = weir("apply", "--feed", feed, "--confirm", "1", stdin=reading)
    check("silence does not confirm", outcome.returncode == 1 and time.time() - started < 10)
    os.close(reading), os.close(writing)
    outcome = weir("apply", "--feed", feed, "--confirm", "5", input="yes\n")
    check("yes confirms", outcome.returncode == 0 and not passes("198.51.100.1"))
    weir("apply", "--remove")
    outcome = weir("apply", "--feed", feed, "--confirm", "5", input="no\n")
    check("without an old state nothing stays", outcome.returncode == 1 and passes("198.51.100.1")
          and "weir" not in nft("list tables"))


def test_own_sources(folder):
    must("ip", "-n", "r", "route", "add", "default", "via", "10.2.0.2")
    feed = write(folder, "gateway.txt", "10.2.0.2\n203.0.113.1\n")
    report = json.loads(weir("apply", "-o", "json", "--feed", feed).stdout)
    check("the gateway is the operator's own", "10.2.0.2" in report["own"], report["own"])
    check("the gateway is never blocked", passes("10.2.0.2", start="r"))
    check("others are", not passes("203.0.113.1", start="r"))
    must("ip", "-n", "r", "route", "delete", "default")


def test_refusals(folder, feeds):
    lines = [("no rules", ["apply"], 2), ("rules and --remove", ["apply", "--remove", *feeds], 2),
             ("no feed to verify", ["verify"], 2),
             ("a missing feed", ["apply", "--feed", folder + "/none"], 78)]
    for what, arguments, status in lines:
        check(f"{what}: status {status}", weir(*arguments).returncode == status)

    outcome = run("setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin", WEIR, "apply", *feeds,
                  preexec_fn=lambda: enter("r"))
    check("without the capability: status 77", outcome.returncode == 77, outcome)


def main():
    set_up()
    nft("add table inet other")
    nft("add chain inet other mine { type filter hook forward priority 0 ; }")
    others = nft("list table inet other")
    check("everything passes before", waits_for_neighbors())
    with tempfile.TemporaryDirectory() as folder:
        feeds = rules(folder)
        test_blocking(feeds)
        test_counting(feeds)
        test_verify(feeds)
        test_replacing_under_load(folder)
        test_directions(folder)
        test_modes(feeds)
        test_confirming(feeds, folder)
        test_own_sources(folder)
        test_refusals(folder, feeds)
        check("remove succeeds", weir("apply", "--remove").returncode == 0)
        check("remove may be repeated", weir("apply", "--remove").returncode == 0)
        check("nothing is left", nft("list tables").split() == ["table", "inet", "other"], nft("list tables"))
        check("everything passes after", passes("198.51.100.66") and passes("2001:db8:bad::1"))
        check("tables of others are untouched", nft("list table inet other") == others)
    print(f"{len(FAILURES)} failed")
    sys.exit(1 if FAILURES else 0)


main()
