"""The crowd to measure with: sleeping processes, loopback connections; gone when the run ends, however.

As root all of it lives in PID and network namespaces of its own, whose end ends every process in them.
"""

import ctypes
import errno
import fcntl
import os
import resource
import shutil
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_CLONE_NEWNS, _CLONE_NEWPID, _CLONE_NEWNET = 0x20000, 0x20000000, 0x40000000
_MS_REC, _MS_PRIVATE = 0x4000, 0x40000
_PR_SET_PDEATHSIG = 1
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1

_SLEEP = shutil.which("sleep") or "/bin/sleep"

#: connections that one process holds both ends of, within the usual limit of 1,024 descriptors
_SHARE = 400


def isolated(work: Callable[[], int]) -> int:
    """Runs ``work`` as the first process of new namespaces where we may make them, else here."""
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() or libc.unshare(_CLONE_NEWNS | _CLONE_NEWPID | _CLONE_NEWNET):
        return work()
    sys.stdout.flush()
    pid = os.fork()
    if not pid:
        status = 1
        try:
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            _furnish(libc)
            status = work()
        except KeyboardInterrupt:
            status = 130
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(status)
    try:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    except KeyboardInterrupt:
        os.kill(pid, signal.SIGKILL)  # and with it all that is in its namespaces
        os.waitpid(pid, 0)
        return 130


def _furnish(libc: ctypes.CDLL) -> None:
    """A /proc of our own, and a loopback interface that is up."""
    libc.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None)
    if libc.mount(b"proc", b"/proc", b"proc", 0, None):
        raise OSError(ctypes.get_errno(), "can't mount /proc")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP))


def _end(pids: list[int]) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    for pid in pids:
        os.waitpid(pid, 0)


@contextmanager
def _children(starts: Iterator[Callable[[], object]]) -> Iterator[list[int]]:
    """A child for each function; it never returns. Fewer where the system allows no more."""
    pids: list[int] = []
    libc = ctypes.CDLL(None)
    sys.stdout.flush()
    try:
        for start in starts:
            try:
                pid = os.fork()
            except OSError as error:
                if error.errno != errno.EAGAIN:
                    raise
                break
            if not pid:
                try:
                    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
                    signal.signal(signal.SIGINT, signal.SIG_IGN)
                    start()
                finally:
                    os._exit(1)
            pids.append(pid)
        yield pids
    finally:
        _end(pids)


def _sleeper(number: int) -> Callable[[], object]:
    """``sleep`` under several names, with arguments of several lengths, of several users."""
    user = (0, 0, 1, 2, 33, 65534, 1000 + number % 50)[number % 7]
    name = ("sleep", "/usr/sbin/worker", "python3", "a-rather-long-program-name")[number % 4]
    words = [name, "36000", *["0"] * (number % 12)]

    def start() -> None:
        if not os.geteuid():
            os.setgid(user)
            os.setuid(user)
        os.execv(_SLEEP, words)

    return start


@contextmanager
def sleepers(count: int) -> Iterator[list[int]]:
    """``count`` processes that sleep, each with a program of its own."""
    with _children(_sleeper(number) for number in range(count)) as pids:
        deadline = time.monotonic() + 30
        for pid in pids:  # until each has become what it shall be
            while not os.readlink(f"/proc/{pid}/exe").endswith("sleep"):
                if time.monotonic() > deadline:
                    raise TimeoutError("the sleepers did not start")
                time.sleep(0.01)
        yield pids


def _holder(report: int, number: int, connections: int) -> Callable[[], object]:
    def start() -> None:
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
        kept = []
        with socket.socket() as listener:
            listener.bind((f"127.0.{number // 250}.{number % 250 + 1}", 0))
            listener.listen(connections)
            for _ in range(connections):
                client = socket.create_connection(listener.getsockname())
                kept += [client, listener.accept()[0]]
            os.write(report, b".")
            while True:
                signal.pause()

    return start


@contextmanager
def connections(count: int) -> Iterator[list[int]]:
    """``count`` loopback connections (twice as many sockets), spread over processes."""
    shares = [min(_SHARE, count - done) for done in range(0, count, _SHARE)]
    reading, report = os.pipe()
    starts = (_holder(report, number, share) for number, share in enumerate(shares))
    with _children(starts) as pids:
        os.close(report)
        ready = 0
        while ready < len(pids):
            came = len(os.read(reading, len(pids)))
            if not came:
                raise RuntimeError("a holder of connections ended early")
            ready += came
        os.close(reading)
        yield pids
