"""uptime(1) of procps-ng 4.0.2: how long the system has been up, its users and load.

``-c`` and ``-r`` are those of later procps. Departs where the classic overflows: an uptime of more than
68 years is told rightly."""

import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sysutils import core
from sysutils.cli.grammar import Reader
from sysutils.cli.load import Report, brief, line, plural, report
from sysutils.cli.options import (
    Grammar,
    Help,
    classic,
    option,
    output_mode,
    output_options,
    usage,
    version_option,
)
from sysutils.cli.output.column import Column
from sysutils.cli.output.emit import emit
from sysutils.cli.output.stream import Stream

if TYPE_CHECKING:
    from sysutils.cli.output.as_rich import Screen

_SPANS = (
    ("decade", 315_360_000), ("year", 31_536_000), ("week", 604_800), ("day", 86_400), ("hour", 3_600),
    ("minute", 60),
)  # fmt: skip


COLUMNS = (
    Column("time", "TIME", lambda row: row.time, unit="epoch", help="Seconds since the epoch, now."),
    Column("uptime", "UP", lambda row: row.uptime, unit="seconds", help="Seconds since boot."),
    Column("boot_time", "SINCE", lambda row: row.boot_time, unit="epoch", help="When it was booted."),
    Column("users", "USERS", lambda row: row.users, right=True, help="Login sessions."),
    Column("loadavg", "LOAD", lambda row: row.loadavg, kind="[number]",
           help="Load over 1, 5 and 15 minutes."),
)  # fmt: skip


def spelled(seconds: float) -> str:
    """``1 hour, 54 minutes``. A span is used once more than one of it has passed, as in the classic:
    60 seconds are nothing yet, 3600 are ``60 minutes``."""
    left = max(0, int(seconds))
    parts = []
    for word, size in _SPANS:
        count = 0
        if left > size:
            count, left = divmod(left, size)
        if count:
            parts.append(plural(count, word))
        elif word == "minute" and left < size:
            parts.append("0 minutes")
    return ", ".join(parts)


def booted(report: Report) -> str:
    """``2026-11-22 17:24:26``."""
    when = time.localtime(int(report.time - report.uptime + 0.5))
    return time.strftime("%Y-%m-%d %H:%M:%S", when)


def numbers(report: Report) -> str:
    """Now, seconds up, users, the three loads."""
    load = " ".join(f"{value:.2f}" for value in report.loadavg or (0, 0, 0))
    return f"{int(report.time)} {report.uptime:.6f} {report.users or 0} {load}"


def _rich(_: Sequence[Column], rows: Iterable[Report], out: Stream) -> None:
    from sysutils.cli.output.as_rich import Screen

    screen = Screen(out)
    cpus = core.cpu_count() or 1
    for row in rows:
        now = time.strftime("%H:%M:%S", time.localtime(row.time))
        up = screen.paint(brief(row.uptime).strip(), "bold")
        users = "-" if row.users is None else plural(row.users, "user")
        head = f" {screen.paint(now, 'bold')}  up {up}   {users}"
        room = screen.width - len(f" {now}  up {brief(row.uptime).strip()}   {users}")
        tail = f"   since {booted(row)}"
        out.write(head + (screen.paint(tail, "dim") if len(tail) <= room else "") + "\n")
        for minutes, load in zip((1, 5, 15), row.loadavg or (), strict=False):
            out.write(_load_line(screen, minutes, load, cpus) + "\n")
    out.flush()


def _load_line(screen: "Screen", minutes: int, load: float, cpus: int) -> str:
    from sysutils.cli.output.bars import bar, level

    share = load / cpus
    style = level(share, 0.7, 1.0)
    left = f" {'load' if minutes == 1 else '':4} {minutes:2} min {load:6.2f} "
    right = f" {share:4.0%} of {plural(cpus, 'CPU')}"
    room = min(40, screen.width - len(left) - len(right))
    if room < 4:
        return f"{left.rstrip()[: screen.width]}"
    filled, empty = bar(share, room)
    return left + screen.paint(filled, style) + screen.paint(empty, "dim") + right


_ABOUT = Help(
    examples=(
        ("", "Time, uptime, users and load."),
        ("-p", "The uptime in words."),
        ("-s", "Since when the system runs."),
        ("--json", "For programs."),
    ),
    statuses=(
        ("0", "Done."),
        ("1", "A mistake in the words."),
    ),
)


class _Words(Reader):
    """After -s no word counts but for the format."""

    def _read(self, rest: list[str], interspersed: bool) -> list[str]:
        found = super()._read(rest, interspersed)
        if self.done:
            self.take_own(rest)
        return found


@classic(
    "uptime",
    about=_ABOUT,
    grammar=Grammar(hint=usage, extra_operand="", reader=_Words),
    help_names=("-h", "--help"),
)
@option("-p", "--pretty", group="What to show", is_flag=True, help="Show uptime in pretty format.")
@option("-s", "--since", is_flag=True, is_eager=True, help="Show since when the system is up.")
@option("-c", "--container", is_flag=True, ours=True, only=("linux",),
        note="As in later procps.", help="Show the uptime of the container.")  # fmt: skip
@option("-r", "--raw", is_flag=True, ours=True, note="As in later procps.",
        help="Show numbers alone: now, uptime in seconds, users, loads.")  # fmt: skip
@version_option("-V", "--version")
@output_options
def command(pretty: bool, since: bool, container: bool, raw: bool, output: str | None) -> None:
    """Tell how long the system has been running."""
    mode = output_mode(output)
    found = report(container)
    text = ""
    if since:
        text = booted(found)
    elif raw:
        text = numbers(found)
    elif pretty:
        text = f"up {spelled(found.uptime)}"

    def plain(_: Sequence[Column], rows: Iterable[Report], out: Stream) -> None:
        for row in rows:
            out.write((text or line(row)) + "\n")

    if text and mode == "rich":
        mode = "plain"
    emit(mode, COLUMNS, [found], plain, rich=_rich)
