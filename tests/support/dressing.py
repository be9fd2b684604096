"""Makes a recording tell nothing of the machine it was made on, and look the same on every other.

    python -m tests.support.dressing <recorded >tests/trees/sockets.tree

Adds the files that names come from: users, groups, hosts, services; all other sources are switched
off. Kernel and host get common names, there are two processors (as /proc/stat of the machine that
is recorded must say); what is mounted below /mnt is left out.
"""

from __future__ import annotations

import re
import sys

from tests.support.crowd_orders import USERS
from tests.support.trees import Entry, order, read, write

HOSTS = """\
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
10.0.2.15\thost.example.org host
203.113.203.113\ta-host-with-a-rather-long-name.example.org
2001:db8:1234:5678:9abc:def0:1234:5678\tsix.example.org
"""
SERVICES = """\
ssh\t\t22/tcp
http\t\t80/tcp\twww
https\t\t443/tcp
mdns\t\t5353/udp
http-alt\t8080/tcp\twebcache
"""
NETWORKS = "loopback\t127.0.0.0\nlink-local\t169.254.0.0\n"
SWITCH = "passwd: files\ngroup: files\nhosts: files\nnetworks: files\nservices: files\nprotocols: files\n"

Entries = dict[bytes, Entry]


def put(entries: Entries, name: str, text: str | bytes, mode: int = 0o444) -> None:
    """Makes a file of root's, or gives one other content."""
    path = name.encode()
    data = text.encode() if isinstance(text, str) else text
    old = entries.get(path, Entry("f", mode, 0, 0, path, b""))
    entries[path] = old._replace(data=data)


def change(entries: Entries, name: str, pattern: bytes, new: bytes) -> None:
    """Replaces what ``pattern`` finds in a file, if there is the file."""
    entry = entries.get(name.encode())
    if entry is not None:
        data = re.sub(pattern, new, entry.data, flags=re.MULTILINE)
        entries[entry.path] = entry._replace(data=data)


def dress(entries: Entries, hostname: str) -> None:
    """Does all of it, in place."""
    people = sorted(USERS.items())
    passwd = (f"{name}:x:{uid}:{uid}::/home/{name}:/bin/sh\n" for uid, name in people)
    put(entries, "etc/passwd", "".join(passwd), 0o644)
    put(entries, "etc/group", "".join(f"{name}:x:{uid}:\n" for uid, name in people), 0o644)
    files = {"hosts": HOSTS, "services": SERVICES, "networks": NETWORKS, "nsswitch.conf": SWITCH}
    for name, text in files.items():
        put(entries, f"etc/{name}", text, 0o644)
    for name in ("online", "possible", "present"):
        put(entries, f"sys/devices/system/cpu/{name}", "0-1\n")
    put(entries, "proc/sys/kernel/hostname", f"{hostname}\n", 0o644)
    boot_id = "01234567-89ab-4cde-8f01-23456789abcd\n"
    put(entries, "proc/sys/kernel/random/boot_id", boot_id)
    change(entries, "proc/version", rb"\(\S+@\S+\)", b"(build@example.org)")
    for name in ("version", "sys/kernel/osrelease"):  # without a distribution's suffix
        change(entries, f"proc/{name}", rb"(\d+\.\d+\.\d+)-\S+", rb"\1")
    for path in list(entries):
        if b"/mount" in path:
            change(entries, path.decode(), rb"^.* /mnt/.*\n", b"")
        elif path.endswith(b"/cgroup"):  # the unified hierarchy alone
            change(entries, path.decode(), rb"^[1-9]\d*:.*\n", b"")


def ordered(entries: Entries) -> list[Entry]:
    """The entries as an archive has them."""
    return sorted(entries.values(), key=lambda entry: order(entry.path))


if __name__ == "__main__":
    found = {entry.path: entry for entry in read(sys.stdin.read())}
    dress(found, "sockets.example.org")
    sys.stdout.buffer.write(write(ordered(found)).encode())
