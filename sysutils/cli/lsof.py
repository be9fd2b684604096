"""lsof(8) 4.95.0 on Linux: open files, and the processes that have them open.

Departs: -D, -e, -k, -m, +M and -Z are refused, as the classic refuses all of them but -e and +M here; -b,
-O, -S, -M and +m with a file change nothing. -r with a count shows what it found, where the classic shows
nothing. With -E what -p, -u, … exclude stays excluded; +E shows with -K the processes at the other ends,
not their threads. Mapped files with a tab in their name are found, and not cut. -h and -v show our own
help and version, on standard output."""

import gc
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any, TypeVar

import click

from sysutils import core
from sysutils.cli import halves, lsof_files, lsof_internet, lsof_selection, lsof_table, lsof_text
from sysutils.cli.declared import ABOUT
from sysutils.cli.fields.descriptors import COLUMNS, FileRow, ProcessRow, Rows, View
from sysutils.cli.interval import every
from sysutils.cli.lsof_grammar import PlusMinus
from sysutils.cli.lsof_options import USAGE, all_options
from sysutils.cli.lsof_rows import processes_there, read
from sysutils.cli.lsof_selection import Selection
from sysutils.cli.options import (
    CommandError,
    Grammar,
    Help,
    UsageError,
    argument,
    classic,
    given,
    on_terminal,
    option,
    output_mode,
    output_options,
)
from sysutils.cli.output.stream import Stream, put, write_error

R = TypeVar("R")

_PAUSE = 15.0
#: what a process without descriptors costs, in descriptors
_OF_EACH = 20


# --- what is asked for


def _merge(selection: Selection, name: str, value: Any) -> None:
    """Adds one option."""
    if name in {"pids", "groups", "users"}:
        kind = {"pids": "pids", "groups": "pgids", "users": "uids"}[name]
        what = {"pids": "PID", "groups": "PGID", "users": "UID"}[name]
        wanted, unwanted = getattr(selection, kind), getattr(selection, f"not_{kind}")
        wanted |= value[0]
        unwanted |= value[1]
        lsof_selection.both(wanted, unwanted, what)
    elif name == "commands":
        command, exclude = value
        (selection.not_commands if exclude else selection.commands).append(command)
        selection.named_commands.append((command, exclude))
    elif name == "descriptors" and value is not None:
        lsof_selection.add_descriptors(selection.descriptors, value)
    elif name == "internet":
        _merge_internet(selection, value)
    elif name in {"endpoints", "endpoint_files"}:
        selection.endpoints = "-E" if name == "endpoints" else "+E"
    elif name == "cross":
        selection.cross += value or "fl"
    elif name in {"directory", "tree"}:
        lsof_files.add_directory(selection, value, deep=name == "tree")


def _merge_internet(selection: Selection, value: "lsof_internet.Internet | None") -> None:
    selection.internet = selection.internet or []
    if value is None:
        return
    if value.version is not None and value[2:] == (None, None, ()):
        # -i4 and -i6 together are -i
        both = selection.version not in {None, value.version}
        selection.version = None if both else value.version
    else:
        selection.internet.append(value)


def _selection(asked: dict[str, Any]) -> Selection:
    selection = Selection()
    for name, value in given():
        _merge(selection, name, value)
    selection.unix = asked["unix"]
    selection.nfs = asked["nfs"]
    if selection.nfs:
        selection.find_nfs()
    selection.links = max(asked["links"] or [0]) or None
    selection.threads = "" in (asked["tasks"] or ()) and "i" not in asked["tasks"]
    for names, exclude in filter(None, asked["size"] or ()):
        before = selection.states[0] if selection.states else ()
        selection.states = (*before, *names), exclude
    selection.all = asked["all_of"]
    if asked["no_internet"] and selection.internet is not None:
        raise UsageError("-i is useless when -X is specified.")
    if asked["cross"] and not (asked["directory"] or asked["tree"]):
        raise UsageError("-x must accompany +d or +D")
    if None in (asked["size"] or ()) and ("" in (asked["offset"] or ()) or "o" in _explicit(asked)):
        raise UsageError("-o and -s are mutually exclusive")
    if asked["terse"] and asked["fields"]:
        raise UsageError("-F and -t are mutually exclusive")
    return selection


def _add_files(selection: Selection, names: Iterable[str], quiet: bool) -> int:
    """Adds the FILEs; says how many of them are there."""
    there = 0
    kinds = {"no_systems": "files", "systems": "systems"}
    kind = next((kinds[name] for name, word in [*given()][::-1] if name in kinds and not word), "")
    for name in names:
        try:
            lsof_files.add_file(selection, name, systems=kind != "files", files=kind != "systems")
        except CommandError as error:
            if not quiet:
                error.show()
        else:
            there += 1
    return there


def _explicit(asked: dict[str, Any]) -> str:
    """The fields that -F names."""
    last = asked["fields"][-1] if asked["fields"] else ""
    return "" if "p" in last and "m" in last else last


def _file_flags() -> str:
    """G: flags are shown in hexadecimal, g: as letters."""
    letters = ""
    for name, value in given():
        if name == "systems":
            letters += value
        elif name == "no_systems" and value:
            letters = ""
    return "G" if "G" in letters else letters[:1]


def _layout(asked: dict[str, Any]) -> lsof_text.Layout:
    size = ""
    if asked["offset"]:
        size = "offset"
    if "o" in _explicit(asked):
        size = "offset"
    if None in (asked["size"] or ()):
        size = "size"
    digits = next((int(word) for word in asked["offset"] or () if word.isdecimal()), 8)
    if asked["offset"] and any(word for word in asked["offset"]):
        size = size if any(not word for word in asked["offset"]) or size == "size" else ""
    tcp = "".join(asked["tcp"]) if asked["tcp"] else ("qs" if asked["fields"] else "s")
    return lsof_text.Layout(
        command=(asked["width"] or [9])[-1],
        parents=asked["parents"],
        groups=bool(asked["groups"]),
        numeric_users=asked["numeric_users"],
        size=size,
        digits=digits,
        flags=_file_flags(),
        links=bool(asked["links"]) and not asked["no_links"],
        tcp=tcp,
    )


# --- the rows, written


def _parts(
    selection: Selection,
    processes: list[ProcessRow],
    sockets: core.OpenSockets,
    make: Callable[[Sequence[ProcessRow]], R],
) -> list[R]:
    """What is made of the processes, by two of our own where there are many files."""
    if selection.endpoints:
        return [make(processes)]  # those of one process are in others
    counted = core.Descriptors().count
    weights = [_OF_EACH + counted(row.pid) for row in processes]
    parts = halves.split(
        processes, lambda some: (make(some), selection.found), weights, sockets.load
    )
    selection.found.update(*(found for _, found in parts))
    return [made for made, _ in parts]


def _text(
    selection: Selection, processes: list[ProcessRow], asked: dict[str, Any], sockets: core.OpenSockets,
    rows: Callable[[Iterable[ProcessRow]], list[FileRow]],
) -> str:  # fmt: skip
    layout = _layout(asked)
    if asked["fields"]:
        return "".join(lsof_text.fields(rows(processes), "".join(asked["fields"]), layout))
    if asked["terse"]:
        pids = _parts(
            selection, processes, sockets, lambda some: [row.process.pid for row in rows(some)]
        )
        return "".join(f"{pid}\n" for pid in dict.fromkeys(chain.from_iterable(pids)))
    parts = _parts(selection, processes, sockets, lambda some: lsof_table.texts(rows(some), layout))
    return lsof_table.table(parts, layout)


def _write(text: str, out: Stream) -> None:
    if on_terminal():
        from sysutils.cli.output.text import visible

        text = "\n".join(map(visible, text.split("\n")))
    out.write(text)
    out.flush()


def _quiet() -> bool:
    """Whether what can't be read is left out: the last of -w, -t and +w tells."""
    told = [name for name, _ in given() if name in {"no_warnings", "terse", "warnings"}]
    return bool(told) and told[-1] != "warnings"


def _report(selection: Selection, view: View, asked: dict[str, Any], mode: str) -> bool:
    """Shows what is selected; says whether all that was asked for was found."""
    selection.found.clear()
    flags = bool(asked["fields"] and "G" in asked["fields"][-1]) or bool(asked["offset"])
    flags = flags or "o" in _explicit(asked) or bool(_file_flags())
    flags = flags or mode in {"json", "jsonl", "csv"}

    quiet, made = _quiet(), Rows(view)

    def rows(some: Iterable[ProcessRow]) -> list[FileRow]:
        found = read(selection, made, flags, some)
        return [row for row in found if not quiet or row.type not in {"", "unknown"}]

    # -K i ignores threads; those of Windows have nothing open of their own
    ignored = core.WINDOWS or "i" in (asked["tasks"] or ())
    processes = list(processes_there(selection.threads or not (selection.wanted or ignored)))
    if mode == "rich":
        from sysutils.cli import lsof_rich

        lsof_rich.write(rows(processes), _layout(asked), Stream())
    elif mode == "plain":
        _write(_text(selection, processes, asked, made.sockets, rows), Stream())
    else:
        from sysutils.cli.output.emit import emit

        emit(mode, COLUMNS, rows(processes), lambda *_: None)
    missing = selection.unlocated()
    if asked["verbose"] and mode == "plain":
        put("".join(f"lsof: {text}\n" for text, _ in missing))
    return not any(counts for _, counts in missing)


def _pause(word: str) -> tuple[float, int | None, str]:
    """``-r 5c3m%T`` as ``(5.0, 3, "%T")``."""
    word, _, marker = word.partition("m")
    seconds, _, count = word.partition("c")
    return (
        float(seconds) if seconds.isdecimal() and int(seconds) else _PAUSE,
        int(count) if count.isdecimal() else None,
        marker,
    )


def _repeat(asked: dict[str, Any], show: Callable[[], bool], any_found: Callable[[], bool]) -> bool:
    word = [*(asked["repeat"] or ()), *(asked["while_found"] or ())][-1]
    seconds, count, marker = _pause(word)
    fine = True
    for shown in every(seconds, count, show):
        fine = shown
        line = "======="
        if marker:
            import time

            line = time.strftime(marker)
        put(f"m{line}\n" if asked["fields"] else f"{line}\n")
        if asked["while_found"] and not any_found():
            break
    return fine


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from sysutils import __version__

        write_error(f"lsof from sysutils {__version__}\n")
        ctx.exit(0)


_ABOUT = Help(
    examples=(
        ("-nP -i", "All Internet sockets, without looking names up."),
        ("-i :8080", "Who has port 8080 open."),
        ("-p 1234", "What a process has open."),
        ("+D /var/log", "Who has files open below a directory."),
        ("-nP -iTCP -sTCP:LISTEN", "What listens."),
        ("+L1", "Files that are deleted and still take room."),
        ("-t /var/log/syslog", "Process ids alone, for kill."),
    ),
    statuses=(
        ("0", "All that was asked for was found."),
        ("1", "Something was not found, or an error."),
    ),
    notes="Selections add up: a file is listed where one of them means it; with -a, where all do.",
)


@classic(
    "lsof",
    about=_ABOUT,
    grammar=Grammar(
        status=1, hint=lambda _: USAGE, reader=PlusMinus, interspersed=False, may_be_closed=True
    ),
    help_names=("--help", "-h", "-?"),
)
@all_options
@option("-v", "version", is_flag=True, is_eager=True, expose_value=False, callback=_version,
        group=ABOUT,
        help="Show the version.")  # fmt: skip
@argument("names", nargs=-1)
@output_options
def command(output: str | None, names: tuple[str, ...], **asked: Any) -> int:
    """List open files, and the processes that have them open."""
    mode = output_mode(output)
    if asked["fields"] and "?" in asked["fields"]:
        write_error(lsof_text.fields_help())
        return 0
    if mode == "rich" and not output and (asked["terse"] or asked["fields"]):
        mode = "plain"
    if "" in (asked["mounts"] or ()):
        devices = {mount.mountpoint: mount.dev for mount in core.mounts()}
        put("".join(f"{name} {device:#x}\n" for name, device in devices.items()))
        return 0
    selection = _selection(asked)
    there = _add_files(selection, names, asked["quiet"])
    if names and not there and not (asked["quiet"] and selection.wanted and not selection.all):
        return 0 if asked["quiet"] else 1
    if selection.all and not selection.wanted:
        raise UsageError("no select options to AND via -a")
    view = View(asked["numeric_hosts"], asked["numeric_ports"], asked["no_internet"])
    repeats = asked["repeat"] or asked["while_found"]
    if not repeats:
        gc.disable()  # thousands of rows, all alive to the end
    if repeats:
        shown = _repeat(
            asked, lambda: _report(selection, view, asked, mode), lambda: bool(selection.found)
        )
    else:
        shown = _report(selection, view, asked, mode)
    return 0 if (shown and there == len(names)) or asked["quiet"] else 1
