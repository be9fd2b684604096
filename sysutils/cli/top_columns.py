"""Columns of top(1), and what its processes are sorted by."""

import os
import re
from collections.abc import Callable
from operator import attrgetter
from typing import Any, NamedTuple

from sysutils import core
from sysutils.cli.fields.names import account
from sysutils.cli.fields.process import RIGHT, Moment, Row, pid_width
from sysutils.cli.fields.process_command import command_pieces, command_text
from sysutils.cli.fields.process_table import FIELDS
from sysutils.cli.fields.process_text import safe
from sysutils.cli.output.column import Column
from sysutils.cli.output.text import cells, cut_cells, utf8_locale, visible
from sysutils.cli.top_words import single


class Task(NamedTuple):
    """One line: what was read of the process or thread, and what it did since the frame before."""

    row: Row
    ticks: int
    majflt: int
    minflt: int


class Key(NamedTuple):
    """What ``-o`` sorts by: the facts it needs, the moment -> task -> value."""

    needs: tuple[str, ...]
    of: Callable[[Moment], Callable[[Task], Any]]


class Settings(NamedTuple):
    """What the columns depend on, beside the moment."""

    cmdline: bool = False
    cumulative: bool = False
    threads: bool = False
    #: 0 for KiB, 1 for MiB, …
    scale: int = 0
    #: ticks of CPU time that are 100 percent; 0 where no time has passed
    whole: float = 0.0


# --- sort keys

#: top's name -> name of the field in the table shared with ps
SHARED = """
PPID ppid UID euid USER euser RUID ruid RUSER ruser SUID suid SUSER suser GID egid GROUP egroup PGRP pgid
TTY tty TPGID tpgid SID sid PR priority nTH nlwp P psr nMaj majflt nMin minflt WCHAN wchan Flags flags
SUPGIDS supgid SUPGRPS supgrp TGID tgid OOMa oomadj OOMs oom nsIPC ipcns nsMNT mntns
nsNET netns nsPID pidns nsUSER userns nsUTS utsns LXC lxc CGNAME cgname NU numa
EXE exe ioR rbytes ioRop rops ioW wbytes ioWop wops AGID ag_id AGNI ag_nice %CUU cuu %CUC cuc
nsCGROUP cgroupns nsTIME timens
"""
#: top's name -> fact of core
FACTS = """
PID pid NI nice VIRT memory_vms SWAP vmswap RES memory_rss %MEM memory_rss CODE memory_text DATA memory_data
SHR memory_shared nDRT memory_dirty S state RSan rssanon RSfd rssfile RSsh rssshmem
RSlk vmlck STARTED starttime
"""
#: top's name -> line of smaps_rollup
ROLLUP = {"RSS": "Rss", "PSS": "Pss", "PSan": "Pss_Anon", "PSfd": "Pss_File", "PSsh": "Pss_Shmem"}
#: all that ``-O`` lists, in its order
NAMES = (
    "PID", "PPID", "UID", "USER", "RUID", "RUSER", "SUID", "SUSER", "GID", "GROUP", "PGRP", "TTY",
    "TPGID", "SID", "PR", "NI", "nTH", "P", "%CPU", "TIME", "TIME+", "%MEM", "VIRT", "SWAP", "RES",
    "CODE", "DATA", "SHR", "nMaj", "nMin", "nDRT", "S", "COMMAND", "WCHAN", "Flags", "CGROUPS",
    "SUPGIDS", "SUPGRPS", "TGID", "OOMa", "OOMs", "ENVIRON", "vMj", "vMn", "USED", "nsIPC", "nsMNT",
    "nsNET", "nsPID", "nsUSER", "nsUTS", "LXC", "RSan", "RSfd", "RSlk", "RSsh", "CGNAME", "NU", "LOGID",
    "EXE", "RSS", "PSS", "PSan", "PSfd", "PSsh", "USS", "ioR", "ioRop", "ioW", "ioWop", "AGID", "AGNI",
    "STARTED", "ELAPSED", "%CUU", "%CUC", "nsCGROUP", "nsTIME",
)  # fmt: skip


def pairs(text: str) -> dict[str, str]:
    """One of the tables above."""
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


def _ordered(get: Callable[[Row], Any]) -> Callable[[Task], Any]:
    """What is not there counts as nothing: 0 among numbers, else below all."""

    def key(task: Task) -> Any:
        value = get(task.row)
        return (True, value) if isinstance(value, str) else (value is not None, value or 0)

    return key


def _amount(get: Callable[[Row], Any]) -> Callable[[Task], Any]:
    return lambda task: get(task.row) or 0


def _fact(name: str) -> Key:
    get = attrgetter(name)
    return Key((name,), lambda _: (_ordered if name == "state" else _amount)(get))


def _plain(needs: tuple[str, ...], of: Callable[[Row], Any]) -> Key:
    return Key(needs, lambda _: _ordered(of))


def _rollup(name: str) -> Key:
    return _plain(("smaps_rollup",), lambda row: (row.smaps_rollup or {}).get(name, 0))


def _unique(row: Row) -> int:
    found = row.smaps_rollup or {}
    return sum(size for name, size in found.items() if name.startswith("Private_"))


def _special(settings: Settings) -> dict[str, Key]:
    times = _times(settings.cumulative)
    used = _plain(times, _summed(times))
    command = ("args", "comm", "state") if settings.cmdline else ("comm",)
    return {
        "%CPU": Key((), lambda _: attrgetter("ticks")),
        "TIME": used,
        "TIME+": used,
        "COMMAND": _plain(command, _command(settings.cmdline)),
        "vMj": Key(("majflt", "minflt"), lambda _: attrgetter("majflt")),
        "vMn": Key(("majflt", "minflt"), lambda _: attrgetter("minflt")),
        "USED": _plain(("vmrss", "vmswap"), lambda row: (row.vmrss or 0) + (row.vmswap or 0)),
        "USS": _plain(("smaps_rollup",), _unique),
        "ENVIRON": _plain(("env_args",), lambda row: row.env_args or "-"),
        "LOGID": _plain(("loginuid",), lambda row: -1 if row.loginuid is None else row.loginuid),
        "CGROUPS": _plain(("cgroup",), lambda row: FIELDS["cgroup"].show(row.cgroup or [])),
        "ELAPSED": Key(("starttime",), lambda _: lambda task: -task.row.starttime),
    }


def sort_key(name: str, settings: Settings) -> Key:
    """What ``-o NAME`` sorts by."""
    special = _special(settings)
    if name in special:
        return special[name]
    if name in ROLLUP:
        return _rollup(ROLLUP[name])
    facts = pairs(FACTS)
    if name in facts:
        return _fact(facts[name])
    field = FIELDS[pairs(SHARED)[name]]
    of = _amount if field.layout == RIGHT else _ordered
    return Key(field.needs, lambda moment: of(field.key(moment)))


# --- text of the columns

#: what the first byte says is one character, whatever follows
_LIKE_UTF8 = re.compile(rb"[\xc2-\xdf].|[\xe0-\xef]..|[\xf0-\xf4]...|.", re.DOTALL)


def _number(get: Callable[[Row], int], width: int) -> Callable[[Task], Any]:
    most, least = 10**width, -(10 ** (width - 1))

    def text(task: Task) -> Any:
        value = get(task.row)
        if value is None:  # on a system that does not tell
            return "-"
        return value if least < value < most else f"{value}"[: width - 1] + "+"

    return text


def memory_text(kib: int, width: int, scale: int) -> str:
    """``kib`` in KiB as it stands, in MiB and more with a decimal and a letter: the first unit from
    ``scale`` on that fits, ``?`` for none."""
    if not scale and len(text := str(kib)) <= width:
        return text
    number = single(kib)
    for place, letter in enumerate("mgtp", 1):
        number /= 1024
        if place >= scale and len(text := f"{number:.1f}{letter}") <= width:
            return text
    return "?"


def percent_text(share: float, width: int) -> str:
    """``12.4``, without a decimal where there is no room for it."""
    text = f"{share:.1f}"
    if len(text) > width:
        text = f"{share:.0f}"
    return text if len(text) <= width else "?"


def time_text(ticks: int, width: int, second: int = core.CLOCK_TICKS) -> str:
    """``3:05.12`` up to six hours, then hours and minutes ``6,01``, from four days on ``4d+1h``, from
    two weeks on ``2w+1d``."""
    hundredths = ticks * 100 // second
    seconds, hundredths = divmod(hundredths, 100)
    minutes, seconds = divmod(seconds, 60)
    hours, rest = divmod(minutes, 60)
    days, day_hours = divmod(hours, 24)
    if minutes <= 360:
        text = f"{minutes}:{seconds:02}.{hundredths:02}"
    elif hours <= 96:
        text = f"{hours},{rest:02}"
    elif days <= 14:
        text = f"{days}d+{day_hours}h"
    else:
        text = f"{days // 7}w+{days % 7}d"
        if len(text) > width:
            text = f"{days // 7}w"
    return text if len(text) <= width else "?"


def _piece(data: bytes) -> str:
    """A character of UTF-8, or bytes that begin like one: harmless ones stay."""
    try:
        return visible(data.decode())
    except UnicodeDecodeError:
        harmless = len(data) > 1 and all(byte >= 32 and byte != 127 for byte in data)
        return os.fsdecode(data) if harmless else safe(os.fsdecode(data))


def shown(text: str) -> str:
    """``text`` as top writes it: as ps does, but what only begins like UTF-8 is left as it is."""
    if text.isascii() and text.isprintable():
        return text
    data = os.fsencode(text)
    try:
        data.decode()
    except UnicodeDecodeError:
        if utf8_locale():
            return "".join([_piece(match[0]) for match in _LIKE_UTF8.finditer(data)])
    return safe(text)


def fitted_text(text: str, room: int) -> str:
    """``text``, its end a ``+`` where it is too long."""
    if (len(text) if text.isascii() else cells(text)) <= room:
        return text
    return cut_cells(text, room - 1) + "+"


def _memory(fact: str, width: int, scale: int) -> Callable[[Task], str]:
    get = attrgetter(fact)
    known: dict[int | None, str] = {}

    def text(task: Task) -> str:
        size = get(task.row)
        if size not in known:
            known[size] = memory_text((size or 0) >> 10, width, scale)
        return known[size]

    return text


def _owner(width: int) -> Callable[[Task], str]:
    known: dict[int | None, str] = {}

    def text(task: Task) -> str:
        uid = task.row.euid
        if uid not in known:
            name = "?" if uid is None else core.user_name(uid) or str(uid)
            known[uid] = fitted_text(visible(account(name)), width)
        return known[uid]

    return text


def _owner_name(task: Task) -> str | None:
    uid = task.row.euid
    return None if uid is None else core.user_name(uid) or str(uid)


def _user_column(moment: Moment) -> Column:
    column = Column(
        "user", "USER", _owner_name, needs=("euid",), width=8, text=_owner(8), rank=4,
        help="Effective user name.",
    )  # fmt: skip
    if core.LINUX:
        return column
    field = FIELDS["user"]  # users may have no numbers
    name_of, cell = field.value(moment), field.text(moment, 8)
    return column._replace(
        needs=field.needs, get=lambda task: name_of(task.row), text=lambda task: cell(task.row)
    )


def _priority(width: int) -> Callable[[Task], Any]:
    def text(task: Task) -> Any:
        level = task.row.priority
        if level is None:
            return "-"
        return level if -100 < level < 10**width else "rt"

    return text


def _share(get: Callable[[Task], float], by: Callable[[Task], Any]) -> Callable[[Task], str]:
    known: dict[Any, str] = {}

    def text(task: Task) -> str:
        what = by(task)
        if what not in known:
            known[what] = percent_text(get(task), 5)
        return known[what]

    return text


def cpu_share(settings: Settings) -> Callable[[Task], float]:
    """Percent of a CPU since the frame before: at most that of its threads, and of all CPUs."""
    scale = single(100 / settings.whole) if settings.whole > 0 else 0.0
    most: list[float] = []

    def share(task: Task) -> float:
        value = single(task.ticks * scale)
        if value <= 99.9:
            return value
        if not most:
            cpus = 1 if settings.threads else core.cpu_count() or 1
            most.append(99.9 if cpus == 1 else min(100.0 * cpus, 99999.0 if cpus > 10 else 999.9))
        return min(value, most[0], 100.0 * (task.row.num_threads or 1))

    return share


def _memory_share(moment: Moment) -> Callable[[Task], float]:
    total = single(max(moment.memory >> 10, 1))

    def share(task: Task) -> float:
        kib = (task.row.memory_rss or 0) >> 10
        return single(single(single(kib) * 100) / total)

    return share


def _times(cumulative: bool) -> tuple[str, ...]:
    return ("utime", "stime", "cutime", "cstime") if cumulative else ("utime", "stime")


def _summed(names: tuple[str, ...]) -> Callable[[Row], int]:
    if len(names) == 2:
        return lambda row: int(row.utime + row.stime)
    return lambda row: int(row.utime + row.stime + row.cutime + row.cstime)


def _spent(used: Callable[[Row], int], width: int, second: int) -> Callable[[Task], str]:
    known: dict[int, str] = {}

    def text(task: Task) -> str:
        ticks = used(task.row)
        if ticks not in known:
            known[ticks] = time_text(ticks, width, second)
        return known[ticks]

    return text


def _command(cmdline: bool) -> Callable[[Row], str]:
    return _command_line if cmdline else lambda row: shown(row.comm)


def _command_line(row: Row) -> str:
    """As ps has it, other bytes than UTF-8 apart."""
    if (row.args or row.comm).isascii():
        return command_text(row)
    text = shown(row.args.replace("\n", " ")) if row.args else f"[{shown(row.comm)}]"
    return f"{text} <defunct>" if row.state == "Z" else text


def _heat(percent: float) -> str:
    return "bold red" if percent >= 50 else "yellow" if percent >= 10 else ""


def _of_row(name: str) -> Callable[[Task], Any]:
    return attrgetter(f"row.{name}")


def columns(settings: Settings, moment: Moment) -> list[Column]:
    """What top shows of a task, from left to right; ``text`` is the cell, not filled up."""
    state, scale, ticks = FIELDS["state"], settings.scale, moment.ticks
    times = _times(settings.cumulative)
    used, cpu, memory = _summed(times), cpu_share(settings), _memory_share(moment)
    command = FIELDS["args" if settings.cmdline else "comm"]
    command_of = _command(settings.cmdline)
    pid_room = pid_width()

    def size(name: str, header: str, width: int, fact: str, help: str) -> Column:
        return Column(
            name, header, _of_row(fact), needs=(fact,), width=width, right=True, unit="bytes", help=help,
            text=_memory(fact, width, scale),
        )  # fmt: skip

    return [
        Column("pid", "PID", _of_row("pid"), needs=("pid",), width=pid_room, right=True, rank=0,
               text=_number(attrgetter("pid"), pid_room), help="Process id, of threads theirs."),
        _user_column(moment),
        Column("priority", "PR", _of_row("priority"), needs=("priority",), width=3, right=True,
               text=_priority(3), help="The kernel's priority; rt: real-time."),
        Column("nice", "NI", _of_row("nice"), needs=("nice",), width=3, right=True,
               text=_number(attrgetter("nice"), 3), help="Nice value."),
        size("vsz", "VIRT", 7, "memory_vms", "Virtual memory."),
        size("rss", "RES", 6, "memory_rss", "Resident memory.")._replace(rank=4),
        size("shared", "SHR", 6, "memory_shared", "Resident memory with a file or shared."),
        Column("state", "S", _of_row("state"), needs=("state",), width=1, text=_of_row("state"),
               style=state.style, rank=4, help="State."),
        Column("pcpu", "%CPU", lambda task: round(cpu(task), 2), needs=("utime", "stime", "num_threads"),
               width=5, right=True, text=_share(cpu, attrgetter("ticks", "row.num_threads")), style=_heat,
               unit="percent", rank=3, help="Share of a CPU since the frame before."),
        Column("pmem", "%MEM", lambda task: round(memory(task), 3), needs=("memory_rss",), width=5,
               right=True, text=_share(memory, _of_row("memory_rss")), unit="percent", rank=3,
               help="Resident memory as a share of physical memory."),
        Column("time", "TIME+", lambda task: used(task.row) / ticks, needs=times, width=9, right=True,
               text=_spent(used, 9, ticks), unit="seconds", rank=4,
               help="CPU time."),
        Column("command", "COMMAND", _of_row(command.name), needs=command.needs, width=7,
               text=lambda task: command_of(task.row), pieces=command_pieces, rank=1,
               help="Command name; with -c the command line."),
    ]  # fmt: skip
