"""A laboratory of three network namespaces: a client c, a router r that runs weir, and a server s.

The server is every address of 203.0.113.0/24, 198.51.100.0/24 and 2001:db8:bad::/48. The first argument of a script
that uses this is the program under test.
"""

import ctypes
import json
import os
import socket
import subprocess
import sys
import threading
import time

WEIR = sys.argv[1]
LIBC = ctypes.CDLL(None, use_errno=True)
FAILURES = []


def check(what, holds, detail=""):
    print(("ok      " if holds else "FAILED  ") + what + ("" if holds else f"  {detail}"), flush=True)
    if not holds:
        FAILURES.append(what)


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **options)


def must(*command):
    outcome = run(*command)
    if outcome.returncode != 0:
        raise SystemExit(f"cannot set up: {' '.join(command)}: {outcome.stderr}")


def enter(namespace):
    with open(f"/run/netns/{namespace}") as handle:
        if LIBC.setns(handle.fileno(), 0x40000000) != 0:
            raise OSError(ctypes.get_errno(), "setns")


def socket_in(namespace, *arguments):
    """A socket belongs to the namespace that its thread was in."""
    made = []

    def make():
        enter(namespace)
        made.append(socket.socket(*arguments))

    thread = threading.Thread(target=make)
    thread.start()
    thread.join()
    return made[0]


def in_router(*command, **options):
    return run(*command, preexec_fn=lambda: enter("r"), **options)


def weir(*arguments, **options):
    return in_router(WEIR, *arguments, **options)


def nft(text):
    outcome = in_router("nft", *text.split())
    if outcome.returncode != 0:
        raise SystemExit(f"nft {text}: {outcome.stderr}")
    return outcome.stdout


def kernel_sets():
    """By name without generation: name and elements, as nft tells them."""
    listed = json.loads(nft("-j list table inet weir"))["nftables"]
    sets = {}
    for item in listed:
        if "set" in item:
            name = item["set"]["name"]
            sets[name.rsplit("_", 1)[0]] = (name, item["set"].get("elem", []))
    return sets


def set_up():
    must("mount", "-t", "tmpfs", "tmpfs", "/run")
    os.mkdir("/run/netns")
    for name in "crs":
        must("ip", "netns", "add", name)
        must("ip", "-n", name, "link", "set", "lo", "up")
    for client, router, net in (("c", "rc", 1), ("s", "rs", 2)):
        must("ip", "-n", "r", "link", "add", router, "type", "veth", "peer", "name", "e", "netns", client)
        must("ip", "-n", "r", "link", "set", router, "up")
        must("ip", "-n", client, "link", "set", "e", "up")
        must("ip", "-n", "r", "address", "add", f"10.{net}.0.1/24", "dev", router)
        must("ip", "-n", client, "address", "add", f"10.{net}.0.2/24", "dev", "e")
        must("ip", "-n", "r", "address", "add", f"2001:db8:{net}::1/64", "dev", router, "nodad")
        must("ip", "-n", client, "address", "add", f"2001:db8:{net}::2/64", "dev", "e", "nodad")
        must("ip", "-n", client, "route", "add", "default", "via", f"10.{net}.0.1")
        must("ip", "-n", client, "-6", "route", "add", "default", "via", f"2001:db8:{net}::1")
    # The server is every address of these.
    for prefix, gateway in (("203.0.113.0/24", "10.2.0.2"), ("198.51.100.0/24", "10.2.0.2"),
                            ("2001:db8:bad::/48", "2001:db8:2::2")):
        must("ip", "-n", "s", "route", "add", "local", prefix, "dev", "lo")
        must("ip", "-n", "r", "route", "add", prefix, "via", gateway)
    for setting in ("ipv4/ip_forward", "ipv6/conf/all/forwarding"):
        outcome = in_router("sh", "-c", f"echo 1 > /proc/sys/net/{setting}")
        if outcome.returncode != 0:
            raise SystemExit(f"cannot forward: {outcome.stderr}")


def passes(address, start="c"):
    """Whether one SYN reaches a machine, which refuses it: no port is open."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    client = socket_in(start, family, socket.SOCK_STREAM)
    client.settimeout(0.5)
    try:
        client.connect((address, 9))
        return True
    except ConnectionRefusedError:
        return True
    except (TimeoutError, PermissionError):
        return False
    finally:
        client.close()


def waits_for_neighbors():
    deadline = time.time() + 10
    while time.time() < deadline:
        if all(passes(a) for a in ("203.0.113.1", "2001:db8:bad::1", "198.51.100.1")):
            return True
    return False


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def sent(address, count):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sender = socket_in("c", family, socket.SOCK_DGRAM)
    for _ in range(count):
        sender.sendto(b"x" * 72, (address, 9999))
    sender.close()
