"""Sockets of a test's own, in given states, on the loopback interface or in no network at all.

with Sockets() as made:
    client, server = made.connected()
    made.half_closed()      one end FIN_WAIT2, the other CLOSE_WAIT
"""

from __future__ import annotations

import contextlib
import os
import socket
import tempfile

import pytest

from tests.support.children import wait_until

#: the kernel's numbers, as TCP_INFO and /proc/net/tcp give them
STATES = (
    "(none) ESTABLISHED SYN_SENT SYN_RECV FIN_WAIT1 FIN_WAIT2 TIME_WAIT CLOSE CLOSE_WAIT LAST_ACK "
    "LISTEN CLOSING"
)


def tcp_state(sock: socket.socket) -> str:
    """The state's name, from the kernel."""
    return STATES.split()[sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]]


def wait_tcp_state(sock: socket.socket, name: str) -> None:
    """Waits until a TCP socket is in a state."""
    wait_until(lambda: tcp_state(sock) == name, f"{sock} in state {name}")


class Sockets(contextlib.ExitStack):
    """Makes sockets and closes them all in the end."""

    def keep(self, sock: socket.socket) -> socket.socket:
        """Closes a socket with the others."""
        return self.enter_context(sock)

    def bound(
        self, family: int, kind: int, host: str | None = None, port: int = 0
    ) -> socket.socket:
        """A socket bound to a port of the loopback address, or of ``host``."""
        local = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}
        sock = self.keep(socket.socket(family, kind))
        try:
            sock.bind((local[socket.AddressFamily(family)] if host is None else host, port))
        except OSError as error:
            pytest.skip(f"no such address here: {error}")
        return sock

    def listener(
        self, family: int = socket.AF_INET, host: str | None = None, backlog: int = 16
    ) -> socket.socket:
        """A TCP socket that listens."""
        sock = self.bound(family, socket.SOCK_STREAM, host)
        sock.listen(backlog)
        return sock

    def connected(
        self, family: int = socket.AF_INET, queued: int = 0
    ) -> tuple[socket.socket, socket.socket]:
        """(client, server) of a TCP connection; ``queued`` bytes were sent that nobody has read."""
        listener = self.listener(family)
        client = self.keep(socket.create_connection(listener.getsockname()[:2]))
        server = self.keep(listener.accept()[0])
        listener.close()
        client.sendall(b"x" * queued)
        return client, server

    def half_closed(self, family: int = socket.AF_INET) -> tuple[socket.socket, socket.socket]:
        """(the end in FIN_WAIT2, the end in CLOSE_WAIT)."""
        first, second = self.connected(family)
        first.shutdown(socket.SHUT_WR)
        wait_tcp_state(second, "CLOSE_WAIT")
        wait_tcp_state(first, "FIN_WAIT2")
        return first, second

    def time_wait(self) -> tuple[tuple[str, int], tuple[str, int]]:
        """(local, remote) address of a connection that is left in TIME_WAIT, owned by nobody."""
        first, second = self.half_closed()
        addresses = first.getsockname(), first.getpeername()
        second.close()
        first.close()
        return addresses

    def syn_sent(self) -> socket.socket:
        """A TCP socket whose connection request nobody answers: the listener's queue is full."""
        listener = self.listener(backlog=0)
        for _ in range(8):
            caller = self.keep(socket.socket())
            caller.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                caller.connect(listener.getsockname())
            if tcp_state(caller) == "SYN_SENT":
                return caller
        pytest.fail("every connection request was answered")

    def udp(self, family: int = socket.AF_INET, *, connected: bool = False) -> socket.socket:
        """A UDP socket; ``connected`` to another of ours."""
        sock = self.bound(family, socket.SOCK_DGRAM)
        if connected:
            sock.connect(self.bound(family, socket.SOCK_DGRAM).getsockname())
        return sock

    def unix(self, kind: int = socket.SOCK_STREAM, name: bytes | None = None) -> socket.socket:
        """A Unix socket, bound to ``name`` (abstract with a leading NUL) or to a new path; stream
        and seqpacket ones listen."""
        sock = self.keep(socket.socket(socket.AF_UNIX, kind))
        if name is None:
            directory = self.enter_context(tempfile.TemporaryDirectory(prefix="socket-"))
            name = os.fsencode(os.path.join(directory, "socket"))
        sock.bind(name)
        if kind != socket.SOCK_DGRAM:
            sock.listen()
        return sock

    def unix_pair(self, kind: int = socket.SOCK_STREAM) -> tuple[socket.socket, socket.socket]:
        """Two connected Unix sockets without names."""
        first, second = socket.socketpair(socket.AF_UNIX, kind)
        return self.keep(first), self.keep(second)
