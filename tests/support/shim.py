"""Runs ``sysutils`` where no namespace or no library can be had: ``python shim.py COMMAND ARGUMENT...``.

The environment says the rest: SYSUTILS_TEST_PROCFS (the tree), SYSUTILS_TEST_NOW and
SYSUTILS_TEST_UPTIME (a fixed clock), SYSUTILS_TEST_STATVFS (made-up file systems), SYSUTILS_TEST_ARGV0
(the name to be called by).
"""

from __future__ import annotations

import os
import re
import sys
import time
from typing import Any


def _fix_clock(now: float, uptime: float) -> None:
    real = {
        name: getattr(time, name) for name in ("clock_gettime", "localtime", "gmtime", "strftime")
    }

    def clock_gettime(clock: int) -> float:
        fixed = {time.CLOCK_REALTIME: now, time.CLOCK_BOOTTIME: uptime}
        return fixed[clock] if clock in fixed else real["clock_gettime"](clock)

    def localtime(seconds: float | None = None) -> Any:
        return real["localtime"](now if seconds is None else seconds)

    def gmtime(seconds: float | None = None) -> Any:
        return real["gmtime"](now if seconds is None else seconds)

    def strftime(form: str, when: Any = None) -> Any:
        return real["strftime"](form, localtime() if when is None else when)

    for replacement in (clock_gettime, localtime, gmtime, strftime):
        setattr(time, replacement.__name__, replacement)
    nanoseconds = round(now * 1e6) * 1000
    time.time = lambda: float(nanoseconds) / 1e9  # as Python makes it of the kernel's clock
    time.time_ns = lambda: nanoseconds


def _list_as_proc_does() -> None:
    """Numbers ascending, as /proc lists them; an ordinary file system has its own order."""
    listdir: Any = os.listdir

    def ordered(path: Any = ".") -> list[Any]:
        return sorted(
            listdir(path),
            key=lambda name: (0, int(name), "") if name.isdigit() else (1, 0, str(name)),
        )

    os.listdir = ordered


def _show_block_devices(directory: str) -> None:
    """The recorded machine's /sys, where it has one with block devices."""
    if os.path.isdir(os.path.join(directory, "block")):
        from sysutils.core.linux import procfs

        procfs.sys_root = os.fsencode(directory)


def _make_up_filesystems(table: str) -> None:
    """``statvfs.c`` in Python: what os.statvfs and os.stat answer for the paths in ``table``."""
    real_statvfs: Any = os.statvfs
    real_stat: Any = os.stat
    with open(table, encoding="utf-8", errors="surrogateescape") as file:
        lines = [line.split() for line in file.read().split("\n")]
    rows = {_decoded(words[0]): words[1:] for words in lines if len(words) > 1}

    def statvfs(path: Any) -> Any:
        row = rows.get(path)
        if row is None:
            return real_statvfs(path)
        if row[1] == "hang":
            _hang()
        if row[1][0] == "-":
            raise OSError(int(row[1][1:]), os.strerror(int(row[1][1:])), path)
        unit, blocks, free, avail, files, ffree = map(int, row[1:])
        return os.statvfs_result((unit, unit, blocks, free, avail, files, ffree, ffree, 0, 255))

    def stat(path: Any, **options: Any) -> Any:
        row = rows.get(path) if isinstance(path, str) else None
        if row is None or row[0] == "-":
            return real_stat(path, **options)
        if row[0] == "hang":
            _hang()
        major, minor = map(int, row[0].split(":"))
        return os.stat_result((0o40755, 2, os.makedev(major, minor), *[0] * 7))

    os.statvfs, os.stat = statvfs, stat


def _hang() -> None:
    while True:
        time.sleep(1000)


def _decoded(word: str) -> str:
    return re.sub(r"\\(\d{3})", lambda found: chr(int(found[1], 8)), word)


def run() -> None:
    """Sets the stage and runs the command line."""
    del sys.path[0]  # this directory: its modules are not top-level ones
    procfs = os.environ.pop("SYSUTILS_TEST_PROCFS", None)
    now = os.environ.pop("SYSUTILS_TEST_NOW", None)
    uptime = os.environ.pop("SYSUTILS_TEST_UPTIME", None)
    sys.argv[0] = os.environ.pop("SYSUTILS_TEST_ARGV0", "sysutils")
    if now is not None and uptime is not None:
        _fix_clock(float(now), float(uptime))
    table = ""
    if procfs is not None:
        import sysutils.core

        sysutils.core.PROCFS_PATH = procfs
        _show_block_devices(os.path.join(os.path.dirname(procfs), "sys"))
        _list_as_proc_does()
        table = os.path.join(procfs, "statvfs")
    elif "LD_PRELOAD" not in os.environ:  # else the library does it
        table = os.environ.get("SYSUTILS_TEST_STATVFS", "")
    if os.path.exists(table):
        _make_up_filesystems(table)
    from sysutils.cli.main import run as run_command

    run_command()


if __name__ == "__main__":
    run()
