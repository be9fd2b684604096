"""What a process is doing: state, flags, scheduling, wait channel, signals, processor."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from sysutils.cli.fields.process import (
    LEFT,
    MASK,
    PROCESS,
    THREAD,
    Field,
    Get,
    Moment,
    Row,
    again,
    fact,
    number,
    plain,
)
from sysutils.cli.fields.process_text import safe
from sysutils.cli.output.text import cut_cells

# --- state

_COLOURS = {"R": "green", "D": "bold red", "Z": "bold red", "T": "yellow", "t": "yellow"}


def _colour(state: str) -> str:
    return _COLOURS.get(state[:1], "dim")


STATE = number("state", "S", 1, "state", "State.", layout=LEFT, whose=THREAD, style=_colour, rank=3)


def state_text(row: Row) -> str:
    """The state and what ps adds to it: ``<`` or ``N`` for the nice value, ``L`` locked memory, ``s``
    leads the session, ``l`` has threads, ``+`` in the foreground."""
    text: str = row.state
    if row.nice:
        text += "<" if row.nice < 0 else "N"
    if row.vmlck:
        text += "L"
    if row.session == row.tgid:
        text += "s"
    if row.num_threads and row.num_threads > 1:
        text += "l"
    if row.tpgid == row.pgrp and row.tpgid is not None:
        text += "+"
    return text


STAT = Field(
    "stat", "STAT", 4, ("state", "nice", "vmlck", "session", "tgid", "num_threads", "tpgid", "pgrp"),
    lambda _: state_text, LEFT, cell=lambda _moment, _room: state_text, order=plain("state"),
    whose=THREAD, style=_colour, rank=3, help="State with more letters.",
    optional=("nice", "vmlck", "session", "num_threads", "tpgid", "pgrp"),
)  # fmt: skip

# --- flags and threads


def _flag_digit(flags: int) -> str:
    """PF_FORKNOEXEC is 1, PF_SUPERPRIV is 4."""
    return str(flags >> 6 & 7)


FLAGS = fact("flags", "F", 1, "flags", "Flags of the process.", show=_flag_digit)
NLWP = number("nlwp", "NLWP", 4, "num_threads", "Number of threads.", whose=PROCESS)

# --- scheduling

_CLASSES = {0: "TS", 1: "FF", 2: "RR", 3: "B", 4: "ISO", 5: "IDL", 6: "DLN"}
#: the policies to which the nice value matters; None where a system has no others
_NICE_MATTERS = {0, 3, None}


def _class_name(policy: int) -> str:
    return _CLASSES.get(policy, f"#{policy}")


def _nice_value(_: Moment) -> Get:
    return lambda row: row.nice if row.policy in _NICE_MATTERS else None


def _nice_text(_: Moment, __: int) -> Callable[[Row], Any]:
    return lambda row: row.nice if row.policy in _NICE_MATTERS else "-"


CLASS = Field(
    "class", "CLS", 3, ("policy",), lambda _: lambda row: _class_name(row.policy), LEFT,
    order=plain("policy"), whose=THREAD, help="Scheduling class.",
)  # fmt: skip
CLS = CLASS._replace(layout="right", kind="string")
SCHED = number("sched", "SCH", 3, "policy", "Scheduling policy.", whose=THREAD)
NICE = Field(
    "nice", "NI", 3, ("nice", "policy"), _nice_value, cell=_nice_text, order=plain("nice"),
    whose=THREAD, help="Nice value.", optional=("policy",),
)  # fmt: skip


def _rtprio_value(_: Moment) -> Get:
    return lambda row: row.rt_priority if row.policy else None


RTPRIO = Field(
    "rtprio", "RTPRIO", 6, ("rt_priority", "policy"), _rtprio_value, order=plain("rt_priority"),
    whose=THREAD, help="Real-time priority.",
)  # fmt: skip


def _priority(name: str, header: str, turn: Callable[[int], int], help: str) -> Field:
    def value(_: Moment) -> Get:
        return lambda row: turn(row.priority)

    return Field(
        name, header, 3, ("priority",), value, cell=lambda moment, _: value(moment),
        order=plain("priority"), whose=THREAD, help=help,
    )  # fmt: skip


PRI = _priority("pri", "PRI", lambda level: 39 - level, "Priority, higher is more urgent.")
OPRI = _priority("opri", "PRI", lambda level: 60 + level, "Priority, lower is more urgent.")
PRIORITY = _priority("priority", "PRI", lambda level: level, "The kernel's priority.")
PRI_API = _priority("pri_api", "API", lambda level: -1 - level, "Priority as of POSIX.")
PRI_BAR = _priority("pri_bar", "BAR", lambda level: level + 1, "Priority, from 1 on.")
PRI_BAZ = _priority("pri_baz", "BAZ", lambda level: level + 100, "Priority, from 0 on.")
PRI_FOO = _priority("pri_foo", "FOO", lambda level: level - 20, "Priority as a nice value.")

PSR = number("psr", "PSR", 3, "processor", "Processor it ran on last.", whose=THREAD)


def _running_on(_: Moment) -> Get:
    return lambda row: row.processor if row.state == "R" else None


SGI_P = Field(
    "sgi_p", "P", 1, ("state", "processor"), _running_on, missing="*",
    order=plain("state"), whose=THREAD, help="Processor it runs on.",
)  # fmt: skip

# --- waiting


def _wchan_text(_: Moment, room: int) -> Callable[[Row], str]:
    def text(row: Row) -> str:
        name: str | None = row.wchan
        if not name:
            return "?" if name is None else "-"
        return cut_cells(safe(name.lstrip("._")), room)

    return text


WCHAN = Field(
    "wchan", "WCHAN", 6, ("wchan",), lambda _: lambda row: row.wchan or None, LEFT,
    cell=_wchan_text, order="text", whose=THREAD, help="Kernel function it waits in.",
)  # fmt: skip

#: ps' option n
WCHAN_RIGHT = WCHAN._replace(layout="right", kind="string")

# --- signals


def _mask_text(source: str) -> Callable[[Moment, int], Callable[[Row], str]]:
    get = attrgetter(source)

    def cell(_: Moment, room: int) -> Callable[[Row], str]:
        def text(row: Row) -> str:
            mask = get(row)
            if mask is None:
                return "-"
            if room >= 16:
                return f"{mask:016x}"
            return f"{'<' if mask >> 32 else ''}{mask & 0xFFFFFFFF:08x}"

        return text

    return cell


def _mask(name: str, header: str, source: str, help: str, whose: str = THREAD) -> Field:
    return Field(
        name,
        header,
        9,
        (source,),
        plain(source),
        MASK,
        cell=_mask_text(source),
        whose=whose,
        help=help,
    )


PENDING = _mask("pending", "PENDING", "shdpnd", "Signals pending.", "both")
TSIG = _mask("tsig", "PENDING", "sigpnd", "Signals pending for the thread.", "both")
BLOCKED = _mask("blocked", "BLOCKED", "sigblk", "Signals blocked.")
IGNORED = _mask("ignored", "IGNORED", "sigign", "Signals ignored.")
CAUGHT = _mask("caught", "CAUGHT", "sigcgt", "Signals caught.")


def _address(name: str, header: str, source: str, help: str, whose: str) -> Field:
    return fact(name, header, 16, source, help, show=lambda value: f"{value:016x}", whose=whose)


EIP = _address("eip", "EIP", "kstkeip", "Instruction pointer.", THREAD)
ESP = _address("esp", "ESP", "kstkesp", "Stack pointer.", THREAD)
STACKP = _address("stackp", "STACKP", "startstack", "Bottom of the stack.", PROCESS)

# --- out of memory, groups, nodes

OOM = fact("oom", "OOM", 4, "oom_score", "Badness when memory is out.", missing="0", whose=THREAD)
OOMADJ = fact(
    "oomadj", "OOMADJ", 5, "oom_score_adj", "Added to the badness.", missing="0", whose=THREAD
)


def _autogroup(name: str, header: str, width: int, place: int, missing: str, help: str) -> Field:
    def value(_: Moment) -> Get:
        return lambda row: None if row.autogroup is None else row.autogroup[place]

    def order(moment: Moment) -> Get:
        get = value(moment)

        def key(row: Row) -> int:
            found = get(row)
            return int(missing) if found is None else int(found)

        return key

    return Field(
        name, header, width, ("autogroup",), value, missing=missing, order=order, help=help
    )


AG_ID = _autogroup("ag_id", "AGID", 5, 0, "-1", "Number of the autogroup.")
AG_NICE = _autogroup("ag_nice", "AGNI", 4, 1, "0", "Nice value of the autogroup.")
NUMA = fact("numa", "NUMA", 4, "numa_node", "Node of the processor it ran on last.", missing="-1")

STATES: dict[str, Field] = {
    field.name: field
    for field in (
        STATE, STAT, FLAGS, NLWP, CLASS, SCHED, NICE, RTPRIO, PRI, OPRI, PRIORITY, PRI_API, PRI_BAR,
        PRI_BAZ, PRI_FOO, PSR, SGI_P, WCHAN, PENDING, TSIG, BLOCKED, IGNORED, CAUGHT, EIP, ESP, STACKP,
        OOM, OOMADJ, AG_ID, AG_NICE, NUMA,
    )
}  # fmt: skip
STATES |= {
    "s": STATE,
    "f": FLAGS,
    "flag": FLAGS,
    "thcount": again(NLWP, "THCNT", 5),
    "cls": CLS,
    "policy": again(CLASS, "POL"),
    "ni": NICE,
    "intpri": OPRI,
    "cpuid": again(PSR, "CPUID", 5),
    "lastcpu": again(PSR, "C", 3),
    "wname": WCHAN,
    "sig": PENDING,
    "sig_pend": again(PENDING, "SIGNAL"),
    "sig_block": BLOCKED,
    "sigmask": BLOCKED,
    "sig_ignore": IGNORED,
    "sigignore": IGNORED,
    "sig_catch": again(CAUGHT, "CATCHED"),
    "sigcatch": CAUGHT,
    "start_stack": STACKP,
}
