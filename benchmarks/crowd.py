"""The crowd to measure with: processes that sleep or hold connections, descriptors, mappings; mounts.

As root all of it lives in PID, mount and network namespaces of its own, whose end ends every process in
them; it is gone when the run ends, however that does.
"""

import ctypes
import errno
import fcntl
import mmap
import os
import resource
import select
import shutil
import signal
import socket
import struct
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_CLONE_NEWNS, _CLONE_NEWPID, _CLONE_NEWNET = 0x20000, 0x20000000, 0x40000000
_MS_REC, _MS_PRIVATE = 0x4000, 0x40000
_PR_SET_PDEATHSIG = 1
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1
_MNT_DETACH = 2

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


def _many_descriptors() -> None:
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))


def _rest(report: int) -> None:
    """Tells that all is there, and waits for the end."""
    os.write(report, b".")
    while True:
        signal.pause()


@contextmanager
def _holders(make: Callable[[int], Iterator[Callable[[], object]]]) -> Iterator[list[int]]:
    """Children that report on the descriptor which ``make`` is given once they have what they shall have."""
    reading, report = os.pipe()
    with _children(make(report)) as pids:
        os.close(report)
        ready = 0
        while ready < len(pids):
            came = len(os.read(reading, len(pids)))
            if not came:
                raise RuntimeError("a child ended early")
            ready += came
        os.close(reading)
        yield pids


def _shares(count: int) -> list[int]:
    return [min(_SHARE, count - done) for done in range(0, count, _SHARE)]


def _connector(report: int, number: int, connections: int) -> Callable[[], object]:
    def start() -> None:
        _many_descriptors()
        kept = []
        with socket.socket() as listener:
            listener.bind((f"127.0.{number // 250}.{number % 250 + 1}", 0))
            listener.listen(connections)
            for _ in range(connections):
                client = socket.create_connection(listener.getsockname())
                kept += [client, listener.accept()[0]]
            _rest(report)

    return start


@contextmanager
def connections(count: int) -> Iterator[list[int]]:
    """``count`` loopback connections (twice as many sockets), spread over processes."""

    def make(report: int) -> Iterator[Callable[[], object]]:
        return (_connector(report, number, share) for number, share in enumerate(_shares(count)))

    with _holders(make) as pids:
        yield pids


def _opener(report: int, descriptors: int) -> Callable[[], object]:
    """Regular files, directories, devices, pipes, UNIX sockets, eventfds and epolls in turn."""

    def start() -> None:
        _many_descriptors()
        kept: list[object] = []
        pair: Callable[[], object]
        for number in range(descriptors // 2):
            pair = (
                lambda: [os.open(__file__, os.O_RDONLY), os.open("/etc/passwd", os.O_RDONLY)],
                os.pipe,
                lambda: [os.open("/dev/null", os.O_RDWR), os.open("/", os.O_RDONLY)],
                socket.socketpair,
                lambda: [select.epoll(), socket.socket(type=socket.SOCK_DGRAM)],
            )[number % 5]
            kept.append(pair())
        _rest(report)

    return start


@contextmanager
def descriptors(count: int) -> Iterator[list[int]]:
    """``count`` descriptors of many kinds, spread over processes."""
    with _holders(lambda report: (_opener(report, 2 * n) for n in _shares(count // 2))) as pids:
        yield pids


def _mapper(report: int, count: int) -> Callable[[], object]:
    def start() -> None:
        page = mmap.PAGESIZE
        libc = ctypes.CDLL(None, use_errno=True)
        kept = mmap.mmap(-1, count * page)
        address = ctypes.addressof(ctypes.c_char.from_buffer(kept))
        for number in range(1, count, 2):  # no neighbour has the same rights: none are joined
            place = ctypes.c_void_p(address + number * page)
            if libc.mprotect(place, ctypes.c_size_t(page), mmap.PROT_READ):
                raise OSError(ctypes.get_errno(), "can't split a mapping")
        _rest(report)

    return start


@contextmanager
def mappings(count: int) -> Iterator[list[int]]:
    """One process with ``count`` mappings."""
    with _holders(lambda report: iter([_mapper(report, count)])) as pids:
        yield pids


@contextmanager
def mounts(count: int) -> Iterator[list[str]]:
    """``count`` small file systems, in this mount namespace; none where we may not mount."""
    libc = ctypes.CDLL(None, use_errno=True)
    made: list[str] = []
    with tempfile.TemporaryDirectory() as directory:
        try:
            for number in range(count):
                place = f"{directory}/{number}"
                os.mkdir(place)
                if libc.mount(b"tmpfs", place.encode(), b"tmpfs", 0, b"size=64k"):
                    break
                made.append(place)
            yield made
        finally:
            for place in made:
                libc.umount2(place.encode(), _MNT_DETACH)
