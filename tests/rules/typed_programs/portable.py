"""A program of many systems: it asks what there is."""

from __future__ import annotations

import sys

import psutil

if psutil.LINUX:
    psutil.PROCFS_PATH = "/proc"
if psutil.version_info[:2] >= (5, 6) and psutil.version_info < (8, 0, 0):
    modern = psutil.__version__.split(".")[0] != "4"

SYSTEM = next(
    name
    for name, here in (
        ("Linux", psutil.LINUX),
        ("Windows", psutil.WINDOWS),
        ("macOS", psutil.MACOS or psutil.OSX),
        ("BSD", psutil.BSD or psutil.FREEBSD or psutil.OPENBSD or psutil.NETBSD),
        ("SunOS", psutil.SUNOS),
        ("AIX", psutil.AIX),
        ("POSIX", psutil.POSIX),
    )
    if here
)


def temperatures() -> dict[str, float]:
    if not hasattr(psutil, "sensors_temperatures"):
        return {}
    return {chip: rows[0].current for chip, rows in psutil.sensors_temperatures().items() if rows}


def priority(process: psutil.Process) -> str:
    if sys.platform == "linux":
        return process.ionice().ioclass.__str__()
    return ""


def heap() -> int:
    psutil.heap_trim()
    info = psutil.heap_info()
    return info.heap_used + info.mmap_used


ERRORS: tuple[type[Exception], ...] = (psutil.Error, psutil.NoSuchProcess, psutil.TimeoutExpired)
STATES: dict[str, str] = {
    psutil.STATUS_RUNNING: "R",
    psutil.STATUS_SLEEPING: "S",
    psutil.STATUS_IDLE: "I",
}


def failed(error: psutil.Error) -> Exception:
    if isinstance(error, psutil.ZombieProcess):
        return psutil.NoSuchProcess(error.pid, name=error.name, msg="gone")
    if isinstance(error, psutil.AccessDenied):
        return psutil.AccessDenied(pid=error.pid)
    return psutil.TimeoutExpired(1.5, pid=1, name="init")
