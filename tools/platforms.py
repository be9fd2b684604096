"""What each operating system offers of the API, and how that was checked: ``docs/platforms.md``.

    python -m tools.platforms

Names come from the packages themselves, each loaded as on its own system. How a package was checked is
told here, once, for all of it; what differs by name is told beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sysutils.core._platform import PACKAGES
from tests.support import elsewhere

if TYPE_CHECKING:
    from types import ModuleType

PAGE = Path(__file__).resolve().parents[1] / "docs" / "platforms.md"


class System(NamedTuple):
    """One operating system: its name, ``sys.platform`` there, and how its package was checked."""

    name: str
    platform: str
    mark: str
    #: name -> another mark
    others: dict[str, str] = {}


RUN, EMULATED, BYTES, PAPER, LACKING = "R", "E", "H", "D", "-"
MARKS = {
    RUN: "run on the system itself, beside psutil 7.2.2 wherever that has it",
    EMULATED: "run by the system's own Python under wine, beside psutil's wheel for it",
    BYTES: "its structures, numbers and symbols held against the system's own headers; run end to end above a"
    " library of the test's own that answers with bytes in their layout",
    PAPER: "written from documentation, and run above a library of the test's own; no header was at hand",
    LACKING: "not offered: the system does not tell, or psutil does not ask it",
}
#: what wine answers with nothing or not at all: run above recorded and made buffers
_NOT_IN_WINE = dict.fromkeys(
    (
        "getloadavg", "swap_memory", "cpu_stats", "disk_io_counters", "users", "sensors_battery", "heap_trim",
        "ionice", "io_counters", "num_ctx_switches", "num_handles", "memory_full_info",
    ),
    BYTES,
)  # fmt: skip
#: what no headers at hand declare
_IOKIT = dict.fromkeys(("disk_io_counters", "sensors_battery", "cpu_freq"), PAPER)
SYSTEMS = {
    "linux": System("Linux", "linux", RUN),
    "windows": System("Windows", "win32", EMULATED, _NOT_IN_WINE),
    "darwin": System("macOS", "darwin", BYTES, _IOKIT),
    "freebsd": System("FreeBSD", "freebsd14", BYTES),
    "openbsd": System("OpenBSD", "openbsd7", BYTES),
    "netbsd": System("NetBSD", "netbsd10", BYTES),
    "sunos": System("SunOS", "sunos5", PAPER),
    "aix": System("AIX", "aix", PAPER),
}
_TYPES = {"Process", "Popen"}
_ON_WINDOWS = """\
## What commands mean on Windows

* Users and groups have the numbers that Cygwin documents: of a well-known account the last part of
  its identifier (18 for SYSTEM, 544 for Administrators), 0x30000 and the relative id for an account
  of the machine, 0x100000 and that for one of a domain. `-u` takes a number, `NAME` or
  `DOMAIN\\NAME`; columns of text leave the domain out.
* `ionice`: idle is Windows' very low I/O priority, best-effort 5 to 7 low, best-effort 0 to 4
  normal, realtime high, which takes a privilege. There are no process groups.
* `iotop` shows processes: what they read and write anywhere, files, devices and the network alike.
* `lsof` shows handles of files, pipes, consoles and sockets by their values; `sock` are sockets
  whose handle is not known. DEVICE is the volume's serial number. Of UNIX sockets Windows tells
  nothing.
* `pmap` leaves out what is only reserved; RSS is known where Windows tells the working set, Dirty
  never.
* `ifconfig` and `netstat -i`, `-r`, `-s`, `-g` show adapters, routes, counters and groups with
  Linux' names; changing an adapter is not supported. Queues and owners of sockets are not told: `-`.
* `ps`: SID is the login session; priorities are those of the nice value that stands for the
  priority class.
""".splitlines()


def _functions(core: ModuleType) -> set[str]:
    names = {name for name in core.__all__ if name.islower() and not name.startswith("_")}
    return {name for name in names if callable(getattr(core, name, None))}


def _methods(core: ModuleType) -> set[str]:
    kind = core.Process
    return {name for name in dir(kind) if not name.startswith("_") and _is_public(kind, name)}


def _is_public(kind: type, name: str) -> bool:
    """Whether a method is psutil's, and no fact that only tables and commands ask for."""
    return name in kind.attrs or name in _ACTIONS  # type: ignore[attr-defined]


_ACTIONS = {
    "as_dict", "children", "is_running", "kill", "oneshot", "parent", "parents", "resume", "rlimit",
    "send_signal", "suspend", "terminate", "wait",
}  # fmt: skip


def offered() -> dict[str, tuple[set[str], set[str]]]:
    """Package -> functions and methods of Process that it offers."""
    found = {}
    for package, system in SYSTEMS.items():
        if package in PACKAGES:
            with elsewhere.system(system.platform) as core:
                found[package] = _functions(core), _methods(core)
    return found


def page() -> str:
    """The page, in Markdown."""
    told = offered()
    head = "".join(f" {SYSTEMS[package].name} |" for package in told)
    rule = f"| --- |{' --- |' * len(told)}"
    lines = [
        "# Platforms", "",
        "What of psutil's API each operating system offers, and how that was checked. Written by",
        "`python -m tools.platforms` from the packages themselves.", "",
        *(f"* **{mark}**: {text}" for mark, text in MARKS.items()), "",
        "What comes from two sources has the mark of the weaker one.", "",
    ]  # fmt: skip
    lines += [*_ON_WINDOWS, ""]
    for place, title in enumerate(("Functions", "Methods of `Process`")):
        names = sorted(set().union(*(both[place] for both in told.values())))
        lines += [f"## {title}", "", f"| name |{head}", rule]
        for name in names:
            cells = "".join(f" {_mark(told, package, place, name)} |" for package in told)
            lines.append(f"| `{name}` |{cells}")
        lines.append("")
    return "\n".join(lines)


def _mark(told: dict[str, tuple[set[str], set[str]]], package: str, place: int, name: str) -> str:
    if name not in told[package][place]:
        return LACKING
    system = SYSTEMS[package]
    return system.others.get(name, system.mark)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
