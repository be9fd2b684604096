r"""Sockets of every kind and state in a network of their own, for a recording or to look at alive.

    python -m tests.support.socket_crowd COMMAND ARGUMENT...

runs COMMAND in that network, where a few processes own the sockets; all ends when it has ended.
Needs root or user namespaces; with ip(8) there is an interface with routes and long addresses
besides the loopback one. The recorded one was made by

    env -i PATH=/usr/bin:/bin HOME=/root LANG=C.UTF-8 TERM=linux python3 \
        -m tests.support.socket_crowd python3 tools/record_tree.py --self netstat --pids 1,\
        listener,caller,ping,'a) R (b' | python3 -m tests.support.dressing >tests/trees/sockets.tree
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support import namespaces
from tests.support.member import become, set_cmdline, set_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.member import Orders

STREAM, DGRAM, RAW = socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW
UDPLITE = 136
LONG4, LONG6 = "203.113.203.113", "2001:db8:1234:5678:9abc:def0:1234:5678"
#: an interface with long addresses, routes of several kinds; each line a call of ip(8)
NETWORK = f"""
link add veth0 type veth peer name veth1
link set veth0 up
link set veth1 up
addr add {LONG4}/29 dev veth0 broadcast +
addr add {LONG6}/64 dev veth0 nodad
route add default via 203.113.203.114
route add 198.51.100.0/24 via 203.113.203.115 metric 50
route add 192.0.2.77 dev veth0
route add unreachable 192.0.2.128/25
-6 route add default via 2001:db8:1234:5678::1 dev veth0
-6 route add 2001:db8:ffff::/48 dev veth0 metric 77
"""
UNIX_NAMES = [
    b"plain", b"with blank", b"new\nline", b"\x1b[31mred\x1b[0m", b"\xff\xfe", "größe".encode(),
    b"back\\slash", b"tab\there", b"@at",
]  # fmt: skip


def set_up_network() -> bool:
    """Brings up the loopback interface; says whether there is the other one as well."""
    with socket.socket(socket.AF_INET, DGRAM) as sock:
        flags = struct.pack("16sH14x", b"lo", 0x1 | 0x40)  # IFF_UP, IFF_RUNNING
        fcntl.ioctl(sock, 0x8914, flags)  # SIOCSIFFLAGS
    ip = shutil.which("ip", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if ip is None:
        return False
    commands = [line.split() for line in NETWORK.strip().splitlines()]
    return all(subprocess.run([ip, *words], check=False).returncode == 0 for words in commands)


class SocketCrowd:
    """Makes sockets; ``owned`` groups them by the name of the process they are for."""

    def __init__(self, directory: Path, *, interface: bool) -> None:
        self.directory = directory
        self.host4, self.host6 = (LONG4, LONG6) if interface else ("127.0.0.1", "::1")
        self.owned: dict[str, list[socket.socket]] = {}

    def give(self, owner: str, *socks: socket.socket) -> None:
        """Leaves sockets to a process."""
        self.owned.setdefault(owner, []).extend(socks)

    def listener(self, host: str, port: int = 0, *, receive: int = 0) -> socket.socket:
        """A listening TCP socket; ``receive`` limits what its connections take in."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        sock = socket.socket(family, STREAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6 and port:  # else it would be IPv4's port as well
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if receive:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        sock.bind((host, port))
        sock.listen(5)
        return sock

    def pair(self, host: str, *, receive: int = 0) -> tuple[socket.socket, socket.socket]:
        """(client, server) of an established connection."""
        with self.listener(host, receive=receive) as listener:
            client = socket.create_connection(listener.getsockname()[:2])
            return client, listener.accept()[0]

    def stuffed(self) -> tuple[socket.socket, socket.socket]:
        """A pair whose client has more to send than the server takes."""
        client, server = self.pair(self.host4, receive=2048)
        client.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                client.send(b"x" * 4096)
        return client, server

    def listening(self) -> None:
        """LISTEN: everywhere, on one address, with callers waiting."""
        for host, port in (("0.0.0.0", 22), ("::", 22), (self.host4, 80), (self.host6, 65535)):
            with contextlib.suppress(PermissionError):  # ports below 1024
                self.give("listener", self.listener(host, port))
        busy = self.listener("127.0.0.1", 8080)
        for _ in range(3):
            self.give("caller", socket.create_connection(busy.getsockname()))
        self.give("listener", busy)

    def established(self) -> None:
        """ESTABLISHED: both families, IPv4 inside IPv6, bytes in both queues, keepalive."""
        for number, host in enumerate(("127.0.0.1", "::1", self.host4, self.host6)):
            client, server = self.pair(host)
            client.send(b"x" * (77 * number))
            client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, number % 2)
            self.give("caller", client)
            self.give("listener", server)
        with self.listener("::") as listener:
            client = socket.create_connection(("127.0.0.1", listener.getsockname()[1]))
            self.give("a) R (b", client, listener.accept()[0])
        self.give("a) R (b", *self.stuffed())

    def opening(self) -> None:
        """SYN_SENT to a listener that is full, SYN_RECV at one that waits for data."""
        full = self.listener("127.0.0.1", 8081)
        full.listen(0)
        for _ in range(4):
            caller = socket.socket()
            caller.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                caller.connect(full.getsockname())
            self.give("caller", caller)
        patient = self.listener("127.0.0.1", 8082)
        patient.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 600)
        self.give("caller", socket.create_connection(patient.getsockname()))
        self.give("listener", full, patient)

    def closing(self) -> None:
        """The states of an ending connection; those closed on both sides belong to nobody."""
        client, server = self.pair(self.host6)
        client.shutdown(socket.SHUT_WR)  # FIN_WAIT2 and CLOSE_WAIT
        self.give("caller", client)
        self.give("listener", server)
        client, server = self.pair(self.host4)
        client.close()  # TIME_WAIT
        server.close()
        client, server = self.stuffed()
        client.shutdown(socket.SHUT_WR)  # FIN_WAIT1: the FIN waits behind the bytes
        self.give("a) R (b", client, server)
        client, server = self.stuffed()
        client.shutdown(socket.SHUT_WR)
        server.shutdown(socket.SHUT_WR)  # CLOSING
        self.give("a) R (b", client, server)
        client, server = self.stuffed()
        server.shutdown(socket.SHUT_WR)
        client.shutdown(socket.SHUT_WR)  # LAST_ACK
        self.give("a) R (b", client, server)
        client, server = self.stuffed()
        client.close()  # FIN_WAIT1 without an owner
        self.give("listener", server)

    def datagrams(self) -> None:
        """UDP and UDP-Lite: bound, connected, with bytes waiting, with bytes dropped."""
        for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, self.host6)):
            for protocol in (socket.IPPROTO_UDP, UDPLITE):
                with contextlib.suppress(OSError):  # kernels without UDP-Lite
                    bound = socket.socket(family, DGRAM, protocol)
                    bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2304)
                    bound.bind((host, 0))
                    sender = socket.socket(family, DGRAM, protocol)
                    sender.connect(bound.getsockname())
                    for _ in range(9):
                        sender.send(b"x" * 200)
                    self.give("listener", bound)
                    self.give("caller", sender)
        everywhere = socket.socket(socket.AF_INET, DGRAM)
        everywhere.bind(("0.0.0.0", 5353))
        group = socket.inet_aton("224.0.0.251") + socket.inet_aton(self.host4)
        everywhere.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)
        self.give("listener", everywhere)

    def raw(self) -> None:
        """Raw sockets of both families, a packet socket; where they are allowed."""
        kinds = [(socket.AF_INET, protocol) for protocol in (1, 47, 255)]
        for family, protocol in [*kinds, (socket.AF_INET6, 58)]:
            with contextlib.suppress(PermissionError):
                self.give("ping", socket.socket(family, RAW, protocol))
        with contextlib.suppress(PermissionError):
            self.give("ping", socket.socket(socket.AF_PACKET, RAW, 3))

    def unix(self) -> None:
        """Unix sockets: listening, connected, unnamed, abstract, with hostile and longest names."""
        for kind in (STREAM, DGRAM, socket.SOCK_SEQPACKET):
            self.give("caller", *socket.socketpair(socket.AF_UNIX, kind))
        room = 107 - len(os.fsencode(self.directory)) - 1
        for number, name in enumerate([*UNIX_NAMES, b"n" * room]):
            kind = (STREAM, DGRAM, socket.SOCK_SEQPACKET)[number % 3]
            for address in (os.path.join(os.fsencode(self.directory), name), b"\0" + name):
                sock = socket.socket(socket.AF_UNIX, kind)
                sock.bind(address)
                if kind != DGRAM:
                    sock.listen()
                self.give("listener" if number % 2 else "a) R (b", sock)
        server = socket.socket(socket.AF_UNIX, STREAM)
        server.bind(b"\0server")
        server.listen()
        client = socket.socket(socket.AF_UNIX, STREAM)
        client.connect(b"\0server")
        self.give("listener", server, server.accept()[0])
        self.give("caller", client)

    def everything(self) -> None:
        """All of them."""
        self.listening()
        self.established()
        self.opening()
        self.closing()
        self.datagrams()
        self.raw()
        self.unix()

    def fork_owners(self) -> Iterator[int]:
        """One process for each owner, with its own sockets alone, and one without any."""
        everyone: list[Orders] = [
            {"name": "listener", "argv": ["/usr/sbin/listener", "-p", "22"]},
            {"name": "caller", "argv": ["caller: talking to", "x"]},
            {"name": "a) R (b", "argv": ["/opt/a) R (b", "\x1b[31m"]},
            {"name": "ping", "argv": ["ping", "::1"]},
            {"name": "netstat", "argv": ["netstat", "-tanp"]},
        ]
        if namespaces.knows_all_users():
            everyone[1] |= {"uids": [1000] * 3, "gids": [1000] * 3, "groups": []}
        for orders in everyone:
            yield self._fork(orders, self.owned.get(orders["name"], []))

    def _fork(self, orders: Orders, mine: list[socket.socket]) -> int:
        reader, writer = os.pipe()
        pid = os.fork()
        if pid:
            os.close(writer)
            with open(reader, "rb") as file:
                if file.read() != b"ready":
                    raise RuntimeError(f"{orders} failed")
            return pid
        try:
            for number, sock in enumerate(mine):  # low descriptors first, then nothing else
                os.dup2(sock.fileno(), 500 + number)
            os.dup2(writer, 499)
            os.closerange(3, 499)
            for number in range(len(mine)):
                os.dup2(500 + number, 3 + number)
            os.closerange(500, 500 + len(mine))
            become(orders, lambda _: None)
            os.write(499, b"ready")
            os.close(499)
            signal.pause()
        finally:
            os._exit(1)


def _give_to_ada(crowd: SocketCrowd) -> None:
    """A socket's user is who made it: some are user 1000's, by root's leave."""
    if namespaces.knows_all_users():
        os.setegid(1000)
        os.seteuid(1000)
        crowd.give("caller", *crowd.pair("127.0.0.1"), crowd.listener("::1", 9000))
        os.seteuid(0)
        os.setegid(0)


def _run_among(command: list[str]) -> int:
    set_name(b"sockets")
    with contextlib.suppress(OSError):
        set_cmdline(b"/usr/sbin/sockets\0")
    here = Path.cwd()
    os.chdir("/")
    with tempfile.TemporaryDirectory(prefix="sockets-") as directory:
        crowd = SocketCrowd(Path(directory), interface=set_up_network())
        crowd.everything()
        _give_to_ada(crowd)
        pids = list(crowd.fork_owners())
        for socks in crowd.owned.values():
            for sock in socks:
                sock.close()
        try:
            return subprocess.run(command, cwd=here, check=False).returncode
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def main() -> int:
    """The command line."""
    flags = namespaces.CLONE_NEWNS | namespaces.CLONE_NEWNET | namespaces.CLONE_NEWPID
    namespaces.unshare(flags)
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    namespaces.die_with_parent()
    os.setsid()
    namespaces.make_mounts_private()
    namespaces.mount("proc", "/proc", "proc", 0)
    os._exit(_run_among(sys.argv[1:]))


if __name__ == "__main__":
    sys.exit(main())
