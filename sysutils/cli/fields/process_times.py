"""When a process was started, how long it has run, how much CPU time it took."""

from collections.abc import Callable
from struct import pack, unpack
from time import ctime, localtime, strftime
from typing import Any

from sysutils.cli.fields.process import Field, Get, Moment, Row, again

_CPU = ("utime", "stime")
_WITH_CHILDREN = (*_CPU, "cutime", "cstime")
_DAY = 86400


# --- spans


def clock(seconds: int) -> str:
    """``[DD-]HH:MM:SS``."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours:02}:{minutes:02}:{seconds:02}"
    days, hours = divmod(hours, 24)
    return f"{days}-{hours:02}:{minutes:02}:{seconds:02}"


def minutes(seconds: int) -> str:
    """``MMM:SS``, with as many minutes as there are."""
    return f"{seconds // 60:3}:{seconds % 60:02}"


def elapsed(seconds: int) -> str:
    """``[[DD-]hh:]mm:ss``."""
    return clock(seconds) if seconds >= 3600 else f"{seconds // 60:02}:{seconds % 60:02}"


# --- CPU time


def _own(row: Row) -> int:
    ticks: int = row.utime + row.stime
    return ticks


def _family(row: Row) -> int:
    ticks: int = row.utime + row.stime + row.cutime + row.cstime
    return ticks


def _seconds(used: Callable[[Row], int]) -> Callable[[Moment], Get]:
    return lambda moment: lambda row: used(row) / moment.ticks


def _spent(used: Callable[[Row], int], show: Callable[[int], Any]) -> Any:
    def cell(moment: Moment, _: int) -> Callable[[Row], Any]:
        ticks = moment.ticks
        return lambda row: show(used(row) // ticks)

    return cell


def _cpu_time(name: str, width: int, show: Callable[[int], Any], help: str, **more: Any) -> Field:
    cell = _spent(_own, show)
    return Field(
        name,
        "TIME",
        width,
        _CPU,
        _seconds(_own),
        cell=cell,
        unit="seconds",
        help=help,
        rank=6,
        **more,
    )


TIME = _cpu_time("time", 8, clock, "CPU time.")
TIMES = _cpu_time("times", 8, int, "CPU time, in seconds.")
BSDTIME = _cpu_time("bsdtime", 6, minutes, "CPU time, in minutes and seconds.")
BSDTIME_ALL = BSDTIME._replace(
    needs=_WITH_CHILDREN, value=_seconds(_family), cell=_spent(_family, minutes)
)


# --- CPU time as a share of the time there was


def _per_mill(moment: Moment, used: Callable[[Row], int]) -> Callable[[Row], int]:
    """CPU time in thousandths of the time since the process was started, as 32 bits hold it.

    The time passes through seconds as a float, so that a tick may get lost, as in procps."""
    uptime, ticks = moment.uptime, moment.ticks

    def share(row: Row) -> int:
        ticks_used = used(row)
        if not ticks_used:
            return 0
        passed = int((uptime - row.starttime) / ticks * ticks)
        return (ticks_used * 1000 // passed) & 0xFFFFFFFF if passed > 0 else 0

    return share


def _single(value: float) -> float:
    """``value`` with the precision of C's float."""
    return float(unpack("f", pack("f", value))[0])


def _as_sorted(used: Callable[[Row], int]) -> Callable[[Moment], Get]:
    """%CPU with the precision that procps sorts by."""

    def value(moment: Moment) -> Get:
        uptime = moment.uptime

        def get(row: Row) -> float:
            passed = uptime - row.starttime
            return _single(_single(used(row)) * 100) / passed if passed > 0 else 0.0

        return get

    return value


def _exact(used: Callable[[Row], int]) -> Callable[[Moment], Get]:
    def value(moment: Moment) -> Get:
        uptime = moment.uptime

        def get(row: Row) -> float:
            passed = uptime - row.starttime
            return used(row) * 100 / passed if passed > 0 else 0.0

        return get

    return value


def _percent(used: Callable[[Row], int]) -> Callable[[Moment], Get]:
    def value(moment: Moment) -> Get:
        exact = _exact(used)(moment)
        return lambda row: round(exact(row), 3)

    return value


def _tenths(share: int) -> str:
    return f"{share // 10}.{share % 10}" if share < 1000 else str(share // 10)


def _share(used: Callable[[Row], int], show: Callable[[int], Any]) -> Any:
    def cell(moment: Moment, _: int) -> Callable[[Row], Any]:
        share = _per_mill(moment, used)
        return lambda row: show(share(row))

    return cell


def _cpu_share(
    name: str,
    header: str,
    width: int,
    show: Callable[[int], Any],
    help: str,
    used: Callable[[Row], int] = _own,
) -> Field:
    needs = (*(_CPU if used is _own else _WITH_CHILDREN), "starttime")
    cell = _share(used, show)
    return Field(
        name,
        header,
        width,
        needs,
        _percent(used),
        cell=cell,
        order=_as_sorted(used),
        unit="percent",
        help=help,
        style=_heat,
        rank=1,
    )


def _heat(percent: float) -> str:
    if percent >= 10:
        return "bold red" if percent >= 50 else "yellow"
    return "" if percent >= 0.1 else "dim"


def _fields_of_share(used: Callable[[Row], int]) -> dict[str, Field]:
    return {
        "pcpu": _cpu_share("pcpu", "%CPU", 4, _tenths, "CPU time per time since the start.", used),
        "c": _cpu_share(
            "c", "C", 2, lambda share: f"{min(share // 10, 99):2}", "%CPU, at most 99.", used
        ),
        "cp": _cpu_share(
            "cp", "CP", 3, lambda share: f"{min(share, 999):3}", "%CPU, in tenths.", used
        ),
    }


def _fine(name: str, header: str, width: int, used: Callable[[Row], int], help: str) -> Field:
    """%CPU with three decimals, at most 99.999."""

    def cell(moment: Moment, _: int) -> Callable[[Row], str]:
        uptime = moment.uptime

        def text(row: Row) -> str:
            passed = uptime - row.starttime
            share = used(row) * 100 / passed if passed > 0 else 0.0
            return f"{share if share < 99 else 99.999:.3f}"

        return text

    needs = (*(_CPU if used is _own else _WITH_CHILDREN), "starttime")
    return Field(
        name, header, width, needs, _percent(used), cell=cell, order=_as_sorted(used), unit="percent",
        help=help,
    )  # fmt: skip


CUU = _fine("cuu", "%CUU", 6, _own, "%CPU with three decimals.")
CUC = _fine("cuc", "%CUC", 7, _family, "%CPU with three decimals, dead children included.")


# --- since when


def _elapsed_seconds(moment: Moment) -> Callable[[Row], int]:
    uptime, ticks = moment.uptime, moment.ticks

    def seconds(row: Row) -> int:
        passed = uptime - row.starttime
        if passed < 0:  # the clocks disagree, in a container: as C's unsigned numbers have it
            return int(float(passed % (1 << 64)) / ticks) & 0xFFFFFFFF
        return int(passed // ticks)

    return seconds


def _elapsed_value(moment: Moment) -> Get:
    return lambda row: max(0, moment.uptime - row.starttime) / moment.ticks


def _since(name: str, width: int, show: Callable[[int], Any], help: str) -> Field:
    def cell(moment: Moment, _: int) -> Callable[[Row], Any]:
        seconds = _elapsed_seconds(moment)
        return lambda row: show(seconds(row))

    return Field(
        name, "ELAPSED", width, ("starttime",), _elapsed_value, cell=cell, unit="seconds", help=help
    )


ETIME = _since("etime", 11, elapsed, "Time since the start.")
ETIMES = _since("etimes", 7, int, "Time since the start, in seconds.")


def _start_value(moment: Moment) -> Get:
    return lambda row: moment.boot_time + row.starttime / moment.ticks


def _start(
    name: str, header: str, width: int, show: Callable[[int, int], str], help: str, **more: Any
) -> Field:
    """``show`` makes the text of the start and of now, both in seconds since the epoch."""

    def cell(moment: Moment, _: int) -> Callable[[Row], str]:
        boot, ticks, now = moment.boot_time, moment.ticks, int(moment.now)
        known: dict[int, str] = {}

        def text(row: Row) -> str:
            since = boot + row.starttime // ticks
            if since not in known:
                known[since] = show(since, now)
            return known[since]

        return text

    return Field(
        name,
        header,
        width,
        ("starttime",),
        _start_value,
        cell=cell,
        unit="epoch",
        help=help,
        style="dim",
        rank=7,
        **more,
    )


def _start_time_text(since: int, now: int) -> str:
    then, today = localtime(since), localtime(now)
    if then.tm_year != today.tm_year:
        return strftime("%Y", then)
    return strftime("%H:%M" if then.tm_yday == today.tm_yday else "%b%d", then)


def _bsdstart_text(since: int, now: int) -> str:
    return strftime(" %H:%M", localtime(since)) if now - since < _DAY else ctime(since)[4:10]


def _start_text(since: int, now: int) -> str:
    form = "%H:%M:%S" if now - since < _DAY else "  %b %d"
    return strftime(form, localtime(since))


START_TIME = _start("start_time", "START", 5, _start_time_text, "When it was started.")
BSDSTART = _start("bsdstart", "START", 6, _bsdstart_text, "When it was started.")
START = _start("start", "STARTED", 8, _start_text, "When it was started.")
LSTART = _start("lstart", "STARTED", 24, lambda since, _: ctime(since), "When it was started.")

TIMES_FIELDS: dict[str, Field] = {
    "time": TIME,
    "cputime": TIME,
    "atime": TIME,
    "times": TIMES,
    "cputimes": TIMES,
    "bsdtime": BSDTIME,
    **_fields_of_share(_own),
    "cuu": CUU,
    "cuc": CUC,
    "etime": ETIME,
    "etimes": ETIMES,
    "start_time": START_TIME,
    "stime": again(START_TIME, "STIME"),
    "start": START,
    "bsdstart": BSDSTART,
    "lstart": LSTART,
}
TIMES_FIELDS["%cpu"] = TIMES_FIELDS["pcpu"]
TIMES_FIELDS["util"] = TIMES_FIELDS["c"]

#: name -> the field with the dead children's times added, as ps' option S has it
CUMULATIVE: dict[str, Field] = {**_fields_of_share(_family), "bsdtime": BSDTIME_ALL}
