"""One process that becomes what its orders say: name, arguments, threads, users, terminal, state.

A library for ``crowd``, and a program for ``children``: JSON orders on the first line of standard
input (bytes as latin-1 text), one line ``ready`` or ``failed: ...`` back, then it waits for the end
of its input. It imports next to nothing, for tests start it often.
"""

from __future__ import annotations

import os
import signal
import sys
import time

TYPE_CHECKING = False  # typing itself would cost more than all the rest
if TYPE_CHECKING:
    import ctypes
    from collections.abc import Callable, Sequence
    from typing import Any, TypedDict

    class Orders(TypedDict, total=False):
        """What a member becomes, in the order in which it does it."""

        session: bool  # leads a session of its own
        tty: str  # path of the terminal that controls that session
        group: bool  # leads a process group of its own
        foreground: bool  # and that group is the foreground one of its terminal
        children: list[Orders]  # forked before anything below is done
        orphan: bool  # its parent leaves it to process 1
        cwd: str
        nice: int
        policy: str  # other, fifo, rr, batch or idle
        priority: int  # of fifo and rr
        affinity: list[int]
        oom_score_adj: int
        lock: int  # bytes of locked memory
        resident: int  # bytes of touched memory
        burn: float  # seconds of CPU time
        groups: list[int]  # supplementary groups
        gids: list[int]  # real, effective, saved
        uids: list[int]  # real, effective, saved
        threads: list[str]  # their names
        name: str
        argv: list[str]  # what /proc/self/cmdline says, each word ended by a NUL
        cmdline: str  # the same, byte for byte
        program: str  # to execute in the end, under that path, with "argv"
        env: dict[str, str]  # and with this environment; an empty one if not told
        end: str  # wait (the default), stop, exit


_kept: list[object] = []  # memory and threads that must last as long as the process
_PR_SET_PDEATHSIG, _PR_SET_NAME, _PR_SET_MM, _PR_SET_MM_MAP = 1, 15, 35, 14


def _libc() -> ctypes.CDLL:
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


def _check(result: int) -> None:
    if result != 0:
        import ctypes

        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def set_name(name: bytes) -> None:
    """The calling thread's comm; the kernel keeps 15 bytes."""
    _check(_libc().prctl(_PR_SET_NAME, name, 0, 0, 0))


def set_cmdline(cmdline: bytes) -> None:
    """Makes /proc/self/cmdline exactly these bytes. OSError where the kernel can't."""
    import ctypes

    with open("/proc/self/stat", "rb") as file:
        fields = file.read().rpartition(b")")[2].split()
    at = {number: int(fields[number - 3]) for number in range(26, 52)}  # numbered as in proc(5)
    libc = _libc()
    libc.sbrk.restype = ctypes.c_void_p
    buffer = ctypes.create_string_buffer(cmdline, len(cmdline) + 1)
    _kept.append(buffer)
    start = ctypes.addressof(buffer)
    values = [at[26], at[27], at[45], at[46], at[47], libc.sbrk(0), at[28]]
    values += [start, start + len(cmdline), at[50], at[51], 0]
    no_executable = 0xFFFFFFFF << 32  # and an auxiliary vector of length 0: keep both
    layout = (ctypes.c_uint64 * 13)(*values, no_executable)
    size = ctypes.c_ulong(ctypes.sizeof(layout))
    _check(libc.prctl(_PR_SET_MM, ctypes.c_ulong(_PR_SET_MM_MAP), ctypes.byref(layout), size, 0))


def _take_terminal(orders: Orders) -> None:
    if orders.get("session"):
        os.setsid()
    if "tty" in orders:
        import fcntl
        import termios

        terminal = os.open(orders["tty"], os.O_RDWR)
        fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
        for fd in (0, 1, 2):
            os.dup2(terminal, fd)
    if orders.get("group"):
        os.setpgid(0, 0)
    if orders.get("foreground"):
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # changing it from behind would stop us
        os.tcsetpgrp(0, os.getpgrp())


def _take_scheduling(orders: Orders) -> None:
    if "cwd" in orders:
        os.chdir(orders["cwd"])
    if "affinity" in orders:
        os.sched_setaffinity(0, orders["affinity"])
    if "policy" in orders:
        policy = getattr(os, "SCHED_" + orders["policy"].upper())
        os.sched_setscheduler(0, policy, os.sched_param(orders.get("priority", 0)))
    if "nice" in orders:
        os.setpriority(os.PRIO_PROCESS, 0, orders["nice"])
    if "oom_score_adj" in orders:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write(str(orders["oom_score_adj"]))


def _take_memory(orders: Orders) -> None:
    if "resident" in orders:
        _kept.append(bytearray(b"x") * orders["resident"])
    if "lock" in orders:
        import ctypes
        import mmap

        area = mmap.mmap(-1, orders["lock"])
        _kept.append(area)
        address = ctypes.addressof(ctypes.c_char.from_buffer(area))
        _check(_libc().mlock(ctypes.c_void_p(address), ctypes.c_size_t(orders["lock"])))


def burn(seconds: float) -> None:
    """Uses that much CPU time, in user mode and in the kernel."""
    while time.process_time() < seconds:
        for _ in range(200):
            os.stat("/")
        sum(range(20000))


def _take_users(orders: Orders) -> None:
    if "groups" in orders:
        os.setgroups(orders["groups"])
    if "gids" in orders:
        os.setresgid(*orders["gids"])
    if "uids" in orders:
        os.setresuid(*orders["uids"])


def _take_threads(names: Sequence[str]) -> None:
    import threading

    started = threading.Barrier(len(names) + 1)
    forever = threading.Lock()
    forever.acquire()

    def live(name: bytes) -> None:
        set_name(name)
        started.wait()
        forever.acquire()

    for name in names:
        thread = threading.Thread(target=live, args=(name.encode("latin-1"),), daemon=True)
        thread.start()
        _kept.append(thread)
    started.wait()


def become(orders: Orders, fork: Callable[[Orders], None]) -> None:
    """Does all but the last order, ``end``. ``fork`` makes a child of given orders."""
    _take_terminal(orders)
    for child in orders.get("children", ()):
        fork(child)
    _take_scheduling(orders)
    _take_memory(orders)
    burn(orders.get("burn", 0.0))
    _take_users(orders)
    if "threads" in orders:
        _take_threads(orders["threads"])
    if "name" in orders:
        set_name(orders["name"].encode("latin-1"))
    if "program" in orders:
        return
    if "argv" in orders:
        set_cmdline(b"".join(word.encode("latin-1") + b"\0" for word in orders["argv"]))
    if "cmdline" in orders:
        set_cmdline(orders["cmdline"].encode("latin-1"))


def finish(orders: Orders, wait: Callable[[], Any]) -> None:
    """The last order; returns only after ``wait`` did."""
    if "program" in orders:
        argv = [word.encode("latin-1") for word in orders["argv"]]
        os.execve(orders["program"].encode("latin-1"), argv, orders.get("env", {}))
    end = orders.get("end", "wait")
    if end == "exit":
        os._exit(0)
    if end == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)
    wait()


def main() -> None:
    """One member, ordered by standard input."""
    import json

    told, back = os.dup(0), os.dup(1)  # a terminal may take the places of 0, 1 and 2
    orders: Orders = json.loads(_line(told))
    pids: list[int] = []

    def fork(child: Orders) -> None:
        pid = os.fork()
        if pid:
            pids.append(pid)
            return
        if sys.platform.startswith("linux"):
            _check(_libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0))
        become(child, fork)
        finish(child, signal.pause)

    try:
        become(orders, fork)
    except BaseException as error:
        os.write(back, f"failed: {error!r}\n".encode())
        return
    os.write(back, b"ready " + " ".join(map(str, pids)).encode() + b"\n")
    finish(orders, lambda: os.read(told, 1))
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _line(fd: int) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        some = os.read(fd, 65536)
        if not some:
            sys.exit("no orders")
        line += some
    return line


if __name__ == "__main__":
    main()
