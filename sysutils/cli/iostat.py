"""iostat(1) of sysstat 12.6.1: the CPUs' time, and what block devices did.

Departs where the classic is wrong: a counter that fell is no huge number; a group's utilisation is its
devices' mean in every report, and its numbers are there in each of the tables of -xh; a file in the
working directory that is named like a device does not hide it; names in JSON are quoted. Partitions are
found without a /dev, and devices by names with a slash (cciss/c0d0). S_COLORS colours when it says
``always``; on a terminal it is a table with bars otherwise."""

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sysutils import core
from sysutils.cli import candidates
from sysutils.cli.interval import every, interruptible
from sysutils.cli.iostat_colors import palette
from sysutils.cli.iostat_figures import (
    COLUMNS,
    CPU_MODES,
    NOTHING,
    Activity,
    Counters,
    added,
    counters,
    modes,
    moved,
)
from sysutils.cli.iostat_text import Style, decimal_point, ending, heading, json_report, report
from sysutils.cli.iostat_words import USAGE, Devices, Entry, Words, wanted
from sysutils.cli.options import (
    CommandError,
    Grammar,
    Help,
    argument,
    classic,
    given,
    option,
    output_mode,
    output_options,
    version_option,
)
from sysutils.cli.output.emit import emit_reports
from sysutils.cli.output.stream import Stream

if TYPE_CHECKING:
    from sysutils.cli.output.column import Column


class Sampler:
    """Reads the counters again and again, and tells what happened since the last time."""

    def __init__(self, devices: Devices, options: dict[str, Any]) -> None:
        self._devices = devices
        self._options = options
        directory = options["directory"] or options["directory_too"]
        self._source = core.BlockStatistics(directory, system=not options["directory"])
        self._centis = 0
        self._ticks: list[int] = []
        self._before: dict[str, Counters] = {}

    def read(self) -> list[Activity]:
        """The rows of a report, the CPUs' first."""
        now, centis, ticks = time.time(), _uptime(), _cpu_ticks()
        span = max(1, centis - self._centis)
        base = Activity("", now, span, booted=not self._centis)
        rows = [base._replace(type="cpu", modes=modes(ticks, self._ticks))]
        found = self._found()
        after = {name: counters(row) for name, row in found.items()}
        names = _Names(self._options)
        members: list[Counters] = []
        for entry in self._devices.entries:
            if entry.group:
                row = base._replace(
                    type="group", label=entry.name, moved=added(members), size=len(members)
                )
                members = []
            elif entry.name in found:
                change = moved(after[entry.name], self._before.get(entry.name, NOTHING))
                label = names.label(entry, found[entry.name])
                row = base._replace(type="disk", device=entry.device, label=label, moved=change)
                if entry.member:
                    members.append(change)
            else:
                continue
            if self._shown(row):
                rows.append(row)
        self._centis, self._ticks, self._before = centis, ticks, after
        return rows

    def _shown(self, row: Activity) -> bool:
        if self._options["only_groups"] and row.type != "group":
            return False
        return not (self._options["active"] and row.moved.idle)

    def _found(self) -> dict[str, Any]:
        """The system's rows by the names of their lines; new devices get lines."""
        devices, source = self._devices, self._source
        found: dict[str, Any] = {}
        if devices.listing:
            parts = devices.listing == "all"
            for row in source.devices() if parts else source.disks():
                devices.add(Entry(row.name, row.name), last=parts)
                if devices.idle or not counters(row).idle:
                    found[row.name] = row
        for entry in [entry for entry in devices.entries if entry.asked]:
            one = found.get(entry.name) or source.device(entry.device)
            if one is not None:
                found[entry.name] = one
            for part in source.partitions(entry.device) if entry.parts else ():
                found[part.name] = part
                devices.add(Entry(part.name, part.name))
        return found


class _Names:
    """The names to be shown: the kernel's, the device mapper's (-N) or lasting ones (-j)."""

    def __init__(self, options: dict[str, Any]) -> None:
        kind = options["kind"]
        self._lasting = core.persistent_names(kind.lower()) if kind else {}
        self._mapped = core.mapper_names() if options["mapper"] and not kind else {}

    def label(self, entry: Entry, row: Any) -> str:
        """The name of a device's line."""
        name = self._mapped.get((row.major, row.minor), entry.name)
        label: str = self._lasting.get(name, name)
        return label


def _uptime() -> int:
    """Hundredths of a second since boot."""
    try:
        return round(core.uptime() * 100)
    except (OSError, ValueError):
        raise _failed("Cannot read /proc/uptime", 2) from None


def _cpu_ticks() -> list[int]:
    try:
        times = core.cpu_times()
        return [round(getattr(times, name, 0.0) * core.CLOCK_TICKS) for name in CPU_MODES]
    except OSError as error:
        raise _failed(f"Cannot open /proc/stat: {error.strerror}", 2) from None
    except ValueError:
        return []


def _failed(message: str, status: int) -> CommandError:
    """The classic tells these without its name."""
    error = CommandError("", status)
    error.hint = message + "\n"
    return error


def _usage(_: Any) -> str:
    return USAGE


_DEVICES = candidates.either(candidates.devices, candidates.words(["ALL"]))
_ABOUT = Help(
    examples=(
        ("", "CPUs and devices since the system began."),
        ("-xz 1", "Devices that are active, in detail, each second."),
        ("-dm 5 3", "Devices in megabytes, three times, five seconds apart."),
        ("-c 1", "The CPUs alone."),
        ("-p sda -y 1 1", "A device and its partitions, over one second."),
        ("-x --jsonl 1", "For programs, an object a line."),
    ),
    statuses=(
        ("0", "Done."),
        ("1", "A mistake in the words."),
    ),
)


@classic("iostat", about=_ABOUT, grammar=Grammar(hint=_usage, reader=Words, write_status=6))
@argument("words", nargs=-1, metavar="[DEVICE|ALL]... [INTERVAL [COUNT]]",
          shell_complete=_DEVICES)  # fmt: skip
@option("-c", "cpu", group="Reports", is_flag=True, help="Display the CPU utilization report.")
@option("-d", "disk", is_flag=True, help="Display the device utilization report.")
@option("-x", "extended", is_flag=True, help="Display extended statistics.")
@option("-s", "short", is_flag=True, help="Display a narrow version of the report.")
@option(
    "-k",
    "kilobytes",
    group="Units and layout",
    is_flag=True,
    help="Display statistics in kilobytes per second.",
)
@option("-m", "megabytes", is_flag=True, help="Display statistics in megabytes per second.")
@option("-h", "people", is_flag=True, help="Same as --human --pretty.")
@option("--human", "human", is_flag=True, help="Print sizes in human readable format.")
@option("--pretty", "pretty", is_flag=True, help="Print the device's name last, in narrow tables.")
@option("--compact", "compact", is_flag=True, help="All metrics on one line.")
@option(
    "--dec",
    "decimals",
    shell_complete=candidates.words("012"),
    metavar="0|1|2",
    help="Number of decimal places.",
)
@option(
    "-p",
    "partitions",
    group="Devices",
    optional_value="",
    shell_complete=candidates.listed(_DEVICES),
    metavar="DEVICE[,...]|ALL",
    help="Display devices and their partitions.",
)
@option("-g", "group", metavar="GROUP", help="Display the devices that follow as a group too.")
@option("-H", "only_groups", is_flag=True, help="Display the groups alone.")
@option("-N", "mapper", is_flag=True, help="Display device mapper names.")
@option(
    "-j",
    "kind",
    shell_complete=candidates.words(["ID", "LABEL", "PATH", "UUID"]),
    metavar="ID|LABEL|PATH|UUID",
    help="Display persistent device names.",
)
@option("-t", "stamped", is_flag=True, help="Print the time for each report.")
@option("-y", "skip", is_flag=True, help="Omit the first report, since boot, at an interval.")
@option("-z", "active", is_flag=True, help="Omit devices without activity.")
@option(
    "-f",
    "directory",
    shell_complete=candidates.directories,
    metavar="DIR",
    help="Read a directory's statistics of devices instead.",
)
@option(
    "+f",
    "directory_too",
    shell_complete=candidates.directories,
    metavar="DIR",
    help="Read a directory's statistics of devices too.",
)
@option(
    "-o",
    "form",
    shell_complete=candidates.words(["JSON"]),
    metavar="JSON",
    help="Display the statistics in sysstat's JSON format.",
)
@version_option("-V")
@output_options
def command(words: tuple[str, ...], output: str | None, **options: Any) -> int:  # noqa: ARG001
    """Show the CPUs' time and what block devices do."""
    for name in ("directory", "directory_too"):
        if options[name] is not None and not os.path.isdir(options[name]):
            raise _failed(USAGE.rstrip("\n"), 1)
    devices = wanted()
    numbers = dict(pair for pair in given() if pair[0] in {"interval", "count"})
    seconds, count = numbers.get("interval", 0), numbers.get("count")
    style = _style(options)
    mode = "plain" if style.json else output_mode(output)
    skip = options["skip"] and seconds > 0
    sampler = Sampler(devices, options)
    reports = _reports(sampler, seconds, count, skip)
    if mode == "rich" and seconds and count is None:
        from sysutils.cli.live import reports as live

        if live.wanted(mode):
            from sysutils.cli import iostat_live

            return iostat_live.show(
                sampler.read, seconds, _title(), cpu=style.cpu, disk=style.disk,
                extended=style.extended, short=style.short, skip=skip,
            )  # fmt: skip
    if mode == "plain":
        _plain(reports, style)
    else:
        _others(mode, reports, style)
    return 0


def _style(options: dict[str, Any]) -> Style:
    both = options["cpu"] == options["disk"]
    unit = "MB" if options["megabytes"] else "kB"
    if "POSIXLY_CORRECT" in os.environ and not (options["megabytes"] or options["kilobytes"]):
        unit = "Blk"
    return Style(
        cpu=both or options["cpu"],
        disk=both or options["disk"],
        extended=options["extended"],
        short=options["short"],
        human=options["human"] or options["people"],
        pretty=options["pretty"] or options["people"] or options["kind"] is not None,
        compact=options["compact"],
        stamped=options["stamped"],
        unit=unit,
        decimals=int(options["decimals"] or "2"),
        point=decimal_point(),
        json=options["form"] is not None,
        palette=palette(),
    )


def _reports(
    sampler: Sampler, seconds: int, count: int | None, skip: bool
) -> Iterator[list[Activity]]:
    """The reports, until there were ``count`` or somebody presses Ctrl-C; one that is skipped is empty."""
    if not seconds:
        yield sampler.read()
        return
    total = None if count is None else count + skip
    rounds = every(seconds, total, sampler.read)
    for number, rows in enumerate(interruptible(rounds)):
        yield rows if number or not skip else []


def _plain(reports: Iterable[list[Activity]], style: Style) -> None:
    """The classic's own formats, each report written at once."""
    out = Stream()
    out.write(heading(core.uname(), core.cpu_count_present(), style))
    out.flush()
    written = 0
    for rows in reports:
        if not rows:
            out.write("\n")
        elif style.json:
            out.write((",\n" if written else "") + json_report(rows, rows[0].time, style))
        else:
            out.write(report(rows, rows[0].time, style))
        written += bool(rows)
        out.flush()
    if style.json:
        out.write(ending(written))
        out.flush()


def _others(mode: str, reports: Iterable[list[Activity]], style: Style) -> None:
    titles = iter([_title()])

    def rich(_: Sequence["Column"], rows: Iterable[Activity], out: Stream) -> None:
        from sysutils.cli import iostat_rich

        iostat_rich.write(
            rows, out, cpu=style.cpu, disk=style.disk, extended=style.extended, short=style.short,
            title=next(titles, ()),
        )  # fmt: skip

    def chosen() -> Iterator[list[Activity]]:
        for rows in filter(None, reports):
            yield [row for row in rows if (style.disk if row.modes is None else style.cpu)]

    emit_reports(mode, COLUMNS, chosen(), rich, rich=rich)


def _title() -> tuple[str, ...]:
    system, cpus = core.uname(), core.cpu_count_present()
    name = f"{system.sysname} {system.release}"
    return (system.nodename, name, system.machine, f"{cpus} CPUs" if cpus != 1 else "1 CPU")
