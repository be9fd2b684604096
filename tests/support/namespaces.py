"""Private Linux namespaces by the system calls themselves: no ``unshare`` program needed."""

from __future__ import annotations

import ctypes
import functools
import os
import socket
from pathlib import Path

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
PR_SET_PDEATHSIG = 1


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def unshare(flags: int) -> None:
    """As unshare(2); where that needs privileges, with a user namespace of our own besides.

    Raises OSError where the system allows neither.
    """
    uid, gid = os.geteuid(), os.getegid()
    try:
        _check(_libc().unshare(flags), "unshare")
    except PermissionError:
        _check(_libc().unshare(flags | CLONE_NEWUSER), "unshare with a user namespace")
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {uid} 1")
        Path("/proc/self/gid_map").write_text(f"0 {gid} 1")


def mount(source: str, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    """As mount(2)."""
    encoded = [None if text is None else os.fsencode(text) for text in (source, target, kind, data)]
    what = f"mount {source} on {target}"
    _check(_libc().mount(*encoded[:3], ctypes.c_ulong(flags), encoded[3]), what)


def make_mounts_private() -> None:
    """What is mounted from now on stays in this namespace."""
    mount("none", "/", None, MS_REC | MS_PRIVATE)


def bind(source: str, target: str) -> None:
    """Shows ``source`` at ``target`` as well."""
    mount(source, target, None, MS_BIND | MS_REC)


def knows_all_users() -> bool:
    """Whether we are a root who can become everybody: not so in a user namespace of our own."""
    ranges = [line.split() for line in Path("/proc/self/uid_map").read_text().splitlines()]
    return os.geteuid() == 0 and any(int(number) > 65535 for _, _, number in ranges)


def set_hostname(name: str) -> None:
    """The host name of this namespace."""
    socket.sethostname(name)


def die_with_parent() -> None:
    """SIGKILL when the parent process ends."""
    _check(_libc().prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0), "prctl")
