#!/usr/bin/env python3
"""Joins two virtual interfaces, as a switch or a tunnel would; runs until it is terminated.

    switch.py vlan LEFT RIGHT TRUNK TPID:ID...   LEFT and RIGHT are Ethernet (tap) access ports; every
                                                 frame between them is shown, tagged, on TRUNK
    switch.py tun LEFT RIGHT                     LEFT and RIGHT are raw IP (tun) ends of one link

There is no real program for this where the kernel has no 802.1Q driver. The interfaces are made
here and may then be moved to other network namespaces; the line "ready" says that they are there.
The tagging is all that this program does: what the frames hold is written by the kernels and
programs at the two ends.
"""
import fcntl
import os
import select
import struct
import sys

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_TAP, IFF_NO_PI = 1, 2, 0x1000


def interface(name, flags):
    handle = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(handle, TUNSETIFF, struct.pack("16sH22x", name.encode(), flags | IFF_NO_PI))
    return handle


def tagged(frame, tags):
    return frame[:12] + b"".join(struct.pack("!HH", tpid, vlan) for tpid, vlan in tags) + frame[12:]


def main():
    mode, left, right, *rest = sys.argv[1:]
    flags = IFF_TAP if mode == "vlan" else IFF_TUN
    ends = [interface(left, flags), interface(right, flags)]
    trunk = interface(rest[0], IFF_TAP) if mode == "vlan" else None
    tags = [(int(t, 16), int(v)) for t, v in (tag.split(":") for tag in rest[1:])]
    print("ready", flush=True)
    while True:
        for source in select.select(ends, [], [])[0]:
            frame = os.read(source, 65535)
            if trunk is not None:
                os.write(trunk, tagged(frame, tags))
            os.write(ends[1 - ends.index(source)], frame)


if __name__ == "__main__":
    main()
