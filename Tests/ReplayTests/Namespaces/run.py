"""`weir run` end to end: it watches the router's interfaces while a client talks to a server.

Usage: run.py WEIR, in network and mount namespaces of its own (unshare -nm, or unshare -Urnm without root).
Every line of the output is a check; the exit status is 1 when one failed.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

from lab import FAILURES, WEIR, check, enter, kernel_sets, nft, passes, sent, set_up, socket_in, \
    waits_for_neighbors, weir, write


class Running:
    """A run in the background; ended by its process id."""

    def __init__(self, folder, *arguments):
        self.notices = os.path.join(folder, "notices.sock")
        if os.path.exists(self.notices):
            os.unlink(self.notices)
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.manager.bind(self.notices)
        self.manager.settimeout(20)
        self.process = subprocess.Popen(
            [WEIR, "run", "-o", "json", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "NOTIFY_SOCKET": self.notices}, preexec_fn=lambda: enter("r"))
        self.ready = self.manager.recv(64)

    def tell(self, number):
        self.process.send_signal(number)

    def reload(self):
        """Asks for a reload; when it is over, whether it went as systemd expects."""
        self.process.send_signal(signal.SIGHUP)
        return self.manager.recv(128).startswith(b"RELOADING=1\nMONOTONIC_USEC=") and \
            self.manager.recv(128) == b"READY=1"

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        output, complaints = self.process.communicate(timeout=30)
        self.manager.close()
        return self.process.returncode, json.loads(output) if output else None, complaints


def eventually(holds):
    """Whether something comes true within the patience that a busy machine asks for."""
    deadline = time.time() + 20
    while time.time() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


def lines_of(path):
    return sum(1 for _ in open(path)) if os.path.exists(path) else 0


def query(name):
    """A question of DNS (RFC 1035)."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + labels + b"\x00\x00\x01\x00\x01"


def ask(name, count):
    asker = socket_in("c", socket.AF_INET, socket.SOCK_DGRAM)
    for _ in range(count):
        asker.sendto(query(name), ("198.51.100.53", 53))
    asker.close()


def indicator(summary, value):
    return next((row for row in summary["indicators"] if row["value"] == value), {"sightings": {}})


def test_watching(folder):
    feed = write(folder, "bad.txt", "203.0.113.0/24\n2001:db8:bad::/64\n")
    names = write(folder, "names.txt", "evil.example\n")
    events = os.path.join(folder, "eve.json")
    running = Running(folder, "-i", "rc", "--feed", feed, "--feed", names, "--events", events, "udp")
    check("it says that it is ready", running.ready == b"READY=1")
    sent("203.0.113.7", 2000)
    sent("2001:db8:bad::7", 1000)
    sent("198.51.100.1", 500)
    ask("www.evil.example", 40)
    ask("good.example", 10)
    passes("203.0.113.7")
    running.tell(signal.SIGUSR1)
    status, summary, complaints = running.end()
    check("TERM ends it with status 0", status == 0, complaints)
    check("USR1 prints statistics", "dropped by the kernel" in complaints, complaints)
    read, drops = summary["packets"]["read"], summary["inputs"][0]["kernel_drops"]
    check("every packet is counted", read + drops == 3550 and summary["packets"]["other"] == 0, summary["packets"])
    check("none is dropped", drops == 0 and summary["inputs"][0]["complete"])
    check("listed addresses are seen", indicator(summary, "203.0.113.0/24")["sightings"].get("ip.dst") == 2000
          and indicator(summary, "2001:db8:bad::/64")["sightings"].get("ip.dst") == 1000, summary["indicators"])
    check("names are seen", indicator(summary, "evil.example")["sightings"] == {"dns.query": 40})
    check("nothing is said to be blocked", summary["blocked"]["packets"] == 0
          and summary["monitored"]["packets"] == 3040, summary["monitored"])
    with open(events) as file:
        lines = [json.loads(line) for line in file]
    check("every sighting is an event", len(lines) == 3040, len(lines))
    check("nothing is blocked", passes("203.0.113.7"))


def test_several_interfaces(folder):
    feed = write(folder, "bad.txt", "203.0.113.0/24\n")
    running = Running(folder, "-i", "rc", "-i", "rs", "-j", "2", "--feed", feed, "udp and dst net 203.0.113.0/24")
    sent("203.0.113.7", 700)
    _, summary, complaints = running.end(signal.SIGINT)
    counts = {row["path"]: row["packets"] for row in summary["inputs"]}
    check("each interface is counted", counts == {"rc": 700, "rs": 700}, (counts, complaints))


def test_reloading(folder):
    feed = write(folder, "bad.txt", "203.0.113.1\n")
    events = os.path.join(folder, "reload.json")
    running = Running(folder, "-i", "rc", "--feed", feed, "--events", events, "udp")
    sent("203.0.113.1", 100)
    sent("203.0.113.2", 100)
    eventually(lambda: lines_of(events) == 100)
    time.sleep(0.5)
    os.rename(events, events + ".1")
    write(folder, "bad.txt", "203.0.113.2\n")
    check("a reload is told to the service manager", running.reload())
    sent("203.0.113.1", 100)
    sent("203.0.113.2", 100)
    write(folder, "bad.txt", "<!DOCTYPE html><html>log in</html>\n")
    check("so is one that fails", running.reload())
    sent("203.0.113.2", 50)
    _, summary, complaints = running.end()
    check("every packet is counted over reloads", summary["packets"]["read"] == 450, summary["packets"])
    check("each under the rules of its time", indicator(summary, "203.0.113.1")["sightings"] == {"ip.dst": 100}
          and indicator(summary, "203.0.113.2")["sightings"] == {"ip.dst": 150}, summary["indicators"])
    check("a feed that is refused leaves the old rules", "the old rules stay in force" in complaints, complaints)
    lines = [lines_of(events + ".1"), lines_of(events)]
    check("events are reopened", lines == [100, 150], lines)


def test_enforcing(folder):
    feed = write(folder, "bad.txt", "203.0.113.0/24\n198.51.100.66\n")
    running = Running(folder, "-i", "rc", "--mode", "enforce", "--verify-every", "1", "--feed", feed, "tcp or udp")
    check("it blocks once it is ready", not passes("203.0.113.255") and not passes("198.51.100.66"))
    check("others pass", passes("198.51.100.65"))
    name = kernel_sets()["both4_hosts"][0]
    nft(f"delete element inet weir {name} {{ 198.51.100.66 }}")
    check("a deleted element blocks nothing", passes("198.51.100.66"))
    check("it is found and repaired", eventually(lambda: not passes("198.51.100.66")))
    nft("delete table inet weir")
    check("so is the table", eventually(lambda: not passes("198.51.100.66") and not passes("203.0.113.255")))
    write(folder, "bad.txt", "198.51.100.67\n")
    running.reload()
    check("a reload changes what is blocked", passes("203.0.113.255") and not passes("198.51.100.67"))
    sent("198.51.100.67", 1000)
    status, summary, complaints = running.end()
    truth = summary["enforcement"]
    check("the summary tells of it", status == 0 and truth["enforced_ratio"] == 1 and truth["repaired"] == 2
          and truth["canaries_passed"] == 0 and truth["blocked"]["packets"] >= 1000, (truth, complaints))
    check("repairs are said", complaints.count("was repaired") == 2, complaints)
    check("blocking goes on without it", not passes("198.51.100.67"))
    running = Running(folder, "-i", "rc", "--mode", "enforce", "--feed", feed)
    running.process.kill()
    running.process.communicate()
    check("and after kill -9", not passes("198.51.100.67"))
    check("it can be ended", weir("apply", "--remove").returncode == 0 and passes("198.51.100.67"))


def connection(port):
    """A connection through the router, and its other end."""
    door = socket_in("s", socket.AF_INET, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind(("198.51.100.80", port))
    door.listen(1)
    client = socket_in("c", socket.AF_INET, socket.SOCK_STREAM)
    client.settimeout(2)
    client.connect(("198.51.100.80", port))
    server, _ = door.accept()
    door.close()
    server.settimeout(1.5)
    return client, server


def arrives(sender, receiver):
    sender.sendall(b"more")
    try:
        return receiver.recv(4096) != b""
    except TimeoutError:
        return False


def test_blocking_connections(folder):
    names = write(folder, "names.txt", "evil.example\n")
    rules = ["--feed", names, "--allow", write(folder, "own.txt", "good.evil.example\n")]
    running = Running(folder, "-i", "rc", "--mode", "enforce", "--block-for", "10", *rules)
    evil, good, allowed = connection(8001), connection(8002), connection(8003)
    for (client, server), host in ((evil, "www.evil.example"), (good, "example"), (allowed, "good.evil.example")):
        client.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        server.recv(4096)
    ask("www.evil.example", 5)
    eventually(lambda: "198.51.100.80" in nft("list set inet weir flows4"))
    check("a connection is blocked for the name it carried", not arrives(*evil))
    check("in both directions", not arrives(evil[1], evil[0]))
    check("others are not", arrives(*good) and arrives(good[1], good[0]))
    check("nor is one with an allowed name", arrives(*allowed))
    check("a new connection to the same server is not", arrives(*connection(8001)))
    listed = nft("list set inet weir flows4")
    check("nft tells the flow", "10.1.0.2 . 198.51.100.80 . tcp" in listed, listed)
    check("verify takes flows for what they are", weir("verify", "--dry-run", *rules).returncode == 0)
    check("it is over after its time", eventually(lambda: "198.51.100.80" not in nft("list set inet weir flows4")))
    _, summary, complaints = running.end()
    truth = summary["enforcement"]
    check("the summary counts it", truth["flows_blocked"] == 1 and truth["flows_refused"] == 0
          and truth["repaired"] == 0 and summary["blocked"]["packets"] > 0, (truth, complaints))
    weir("apply", "--remove")


def test_refusals(folder):
    feed = write(folder, "bad.txt", "203.0.113.1\n")
    for what, arguments, status in (
            ("no interface", ["--feed", feed], 2), ("an unknown interface", ["-i", "none", "--feed", feed], 69),
            ("a filter that is none", ["-i", "rc", "--feed", feed, "udp and and"], 2),
            ("a missing feed", ["-i", "rc", "--feed", folder + "/none"], 78)):
        outcome = weir("run", *arguments)
        check(f"{what}: status {status}", outcome.returncode == status, outcome)
    outcome = weir("run", "-i", "lo", "--for", "1", "-o", "json", "--feed", feed)
    check("--for ends it", outcome.returncode == 0 and json.loads(outcome.stdout)["command"] == "run", outcome)


def main():
    set_up()
    nft("add table inet other")
    check("everything passes before", waits_for_neighbors())
    with tempfile.TemporaryDirectory() as folder:
        test_watching(folder)
        test_several_interfaces(folder)
        test_reloading(folder)
        test_enforcing(folder)
        test_blocking_connections(folder)
        test_refusals(folder)
    check("nothing is left", nft("list tables").split() == ["table", "inet", "other"], nft("list tables"))
    print(f"{len(FAILURES)} failed")
    sys.exit(1 if FAILURES else 0)


main()
