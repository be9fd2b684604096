"""Both netstats in a network of their own, where nothing moves: ``python -m tests.support.netstat_live``.

Reads command lines from standard input, one a line; writes a pickle of ``{line: (classic's answer, ours)}``.
The network has sockets of every protocol, some aliases of the loopback interface, and no traffic."""

from __future__ import annotations

import os
import pickle
import socket
import struct
import subprocess
import sys

from tests.support import classic, namespaces
from tests.support.socket_crowd import UDPLITE
from tests.support.stage import ROOT, Answer

ALIASES = {b"lo:1": "127.0.5.1", b"lo:10": "127.0.5.2", b"lo:9": "127.0.5.3", b"lo:x": "127.0.5.4"}


def _set_up_loopback() -> None:
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, 0x8914, struct.pack("16sH14x", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS
        for name, address in ALIASES.items():
            data = struct.pack("16sHH4s8x", name, socket.AF_INET, 0, socket.inet_aton(address))
            fcntl.ioctl(sock, 0x8916, data)  # SIOCSIFADDR


def _pair(family: int, host: str) -> list[socket.socket]:
    server = socket.create_server((host, 0), family=family)
    client = socket.create_connection(server.getsockname()[:2])
    accepted, _ = server.accept()
    accepted.send(b"waits to be read")
    return [server, client, accepted]


def _sockets() -> list[socket.socket]:
    made = [*_pair(socket.AF_INET, "127.0.0.1"), *_pair(socket.AF_INET6, "::1")]
    both = socket.socket(socket.AF_INET6)
    both.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    both.bind(("::", 0))
    both.listen()
    mapped = socket.create_connection(("127.0.0.1", both.getsockname()[1]))
    made += [both, mapped, both.accept()[0]]
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        for protocol in (0, UDPLITE):
            one, other = (socket.socket(family, socket.SOCK_DGRAM, protocol) for _ in range(2))
            one.bind((host, 0))
            other.connect(one.getsockname())
            other.send(b"waits")
            made += [one, other]
    made.append(socket.socket(socket.AF_INET, socket.SOCK_RAW, 253))
    made += socket.socketpair()
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        named = socket.socket(socket.AF_UNIX, kind)
        named.bind(b"\0abstract %d" % kind)
        if kind != socket.SOCK_DGRAM:
            named.listen()
        made.append(named)
    return made


def _answer(command: list[str], words: list[str]) -> Answer:
    env = {"PATH": classic.PATH, "LC_ALL": "C", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([*command, *words], capture_output=True, env=env, check=False)
    return Answer(done.returncode, done.stdout, done.stderr)


def _answers(lines: list[str]) -> dict[str, tuple[Answer, Answer]]:
    theirs, ours = ["netstat"], [sys.executable, "-m", "sysutils", "netstat"]
    return {line: (_answer(theirs, line.split()), _answer(ours, line.split())) for line in lines}


def main() -> None:
    """Makes the network and asks both."""
    lines = sys.stdin.read().splitlines()
    namespaces.unshare(namespaces.CLONE_NEWNS | namespaces.CLONE_NEWNET | namespaces.CLONE_NEWPID)
    if pid := os.fork():
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    namespaces.die_with_parent()
    namespaces.make_mounts_private()
    namespaces.mount("proc", "/proc", "proc", 0)
    _set_up_loopback()
    kept = _sockets()
    answers = _answers(lines)
    sys.stdout.buffer.write(pickle.dumps(answers))
    sys.stdout.flush()
    os._exit(0 if kept else 1)


if __name__ == "__main__":
    main()
