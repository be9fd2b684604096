"""lsof(8) 4.95.0 on Linux: open files, and the processes that have them open.

Departs: -D, -e, -E, -k, -m, -M and file flags (+f with letters) are refused; -b, -O and -S change
nothing here. -r with a count shows what it found, where the classic shows nothing. Mapped files with a
tab in their name are found, and not cut. -h and -v show our own help and version."""

import gc
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any, TypeVar

import click

from sysutils import core
from sysutils.cli import halves, lsof_internet, lsof_selection, lsof_table, lsof_text
from sysutils.cli.fields.descriptors import COLUMNS, FileRow, ProcessRow, View
from sysutils.cli.interval import every
from sysutils.cli.lsof_grammar import PlusMinus
from sysutils.cli.lsof_rows import processes_there, read
from sysutils.cli.lsof_selection import Selection
from sysutils.cli.options import (
    CommandError,
    Grammar,
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

F = TypeVar("F", bound=Callable[..., Any])
R = TypeVar("R")

_USAGE = """\
lsof 4.95.0
 latest revision: https://github.com/lsof-org/lsof
 latest FAQ: https://github.com/lsof-org/lsof/blob/master/00FAQ
 latest (non-formatted) man page: https://github.com/lsof-org/lsof/blob/master/Lsof.8
 usage: [-?abhKlnNoOPRtUvVX] [+|-c c] [+|-d s] [+D D] [+|-E] [+|-e s] [+|-f[gG]]
 [-F [f]] [-g [s]] [-i [i]] [+|-L [l]] [+m [m]] [+|-M] [-o [o]] [-p s]
 [+|-r [t]] [-s [p:s]] [-S [t]] [-T [t]] [-u s] [+|-w] [-x [fl]] [--] [names]
Use the ``-h'' option to get more help information.
"""
_PAUSE = 15.0
#: what a process without descriptors costs, in descriptors
_OF_EACH = 20


def _flag(*names: str, **settings: Any) -> Callable[[F], F]:
    return option(*names, is_flag=True, **settings)


def _value(*names: str, metavar: str, **settings: Any) -> Callable[[F], F]:
    return option(*names, metavar=metavar, multiple=True, **settings)


def _may(*names: str, metavar: str, **settings: Any) -> Callable[[F], F]:
    return option(*names, metavar=metavar, multiple=True, optional_value="", **settings)


def _show_fields(word: str) -> str:
    if word == "?":
        return "?"
    try:
        return lsof_text.parse_fields(word)
    except ValueError as error:
        raise UsageError(f"unknown field: {error}") from None


def _width(word: str) -> int:
    if not word.isdecimal():
        raise UsageError("+c not followed by width number")
    if int(word) > 15:
        raise UsageError(f"+c {word} > what system provides (15)")
    return int(word)


def _links(word: str) -> int:
    return int(word) if word.isdecimal() else 0


def _no_links(word: str) -> int:
    if word:
        raise UsageError("no number may follow -L")
    return 0


def _tasks(word: str) -> str:
    if word not in {"", "i"}:
        raise UsageError(f"-K not followed by i (but by {word})")
    return word


def _tcp(word: str) -> str:
    for letter in word:
        if letter not in "fqs":
            raise UsageError(f"unsupported TCP/TPI info selection: {letter}")
    return word


def _size(word: str) -> Any:
    return lsof_selection.states(word) if word else None


def _internet(word: str) -> Any:
    return lsof_internet.parse(word) if word else None


def _unsupported(word: str) -> str:
    if word:
        raise UsageError(f"file flags are not supported: {word}")
    return word


def _refused(message: str) -> Callable[[str], str]:
    def refuse(_: str) -> str:
        raise UsageError(message)

    return refuse


def _seconds(word: str) -> str:
    if word and int(word) < 2:
        write_error(f"lsof: WARNING: -S time ({word}) changed to 2\n")
    return word


_OPTIONS: list[Callable[[Any], Any]] = [
    _value("-p", "pids", metavar="PIDS", parse=lambda word: lsof_selection.ids(word, "ID"),
           help="Select processes by id; ^ excludes."),
    _value("-u", "users", metavar="USERS", parse=lsof_selection.users,
           help="Select processes by user name or id; ^ excludes."),
    _value("-c", "commands", metavar="COMMAND", parse=lsof_selection.command,
           help="Select processes whose command begins so, or matches /EXPRESSION/[ix]; ^ excludes."),
    _may("-g", "groups", metavar="PGIDS", parse=lambda word: lsof_selection.ids(word, "group ID"),
         help="Show process groups, and select by them; ^ excludes."),
    _value("-d", "descriptors", metavar="FDS", parse=lsof_selection.descriptors,
           help="Select descriptors: numbers, ranges, cwd, txt, mem, …; ^ excludes."),
    _may("-i", "internet", metavar="ADDRESS", parse=_internet,
         help="Select Internet sockets: [46][protocol][@host][:ports]."),
    _flag("-U", "unix", help="Select UNIX sockets."),
    _value("+d", "directory", metavar="DIRECTORY", help="Select a directory and the files in it."),
    _value("+D", "tree", metavar="DIRECTORY", help="Select all files below a directory."),
    _may("+L", "links", metavar="N", parse=_links,
         help="Show numbers of links; select files with fewer than N."),
    _may("-L", "no_links", metavar="", parse=_no_links, help="Don't show numbers of links."),
    _may("-K", "tasks", metavar="i", parse=_tasks, help="Select threads as well; i ignores them."),
    _flag("-N", "nfs", help="Select files of NFS.", hidden=True),
    _flag("-a", "all_of", help="Select what all the options select, not any."),
    _may("-s", "size", metavar="PROTOCOL:STATES", parse=_size,
         help="Show sizes; with TCP:STATES only sockets in these states; ^ excludes."),
    _may("-o", "offset", metavar="DIGITS", help="Show offsets, up to DIGITS in decimal."),
    _flag("-t", "terse", help="Show process ids alone."),
    _may("-F", "fields", metavar="FIELDS", parse=_show_fields,
         help="Show a field a line, for programs; -F? lists them."),
    _flag("-n", "numeric_hosts", help="Don't resolve the names of hosts."),
    _flag("-P", "numeric_ports", help="Don't resolve the names of ports."),
    _flag("-l", "numeric_users", help="Don't resolve the names of users."),
    _flag("-R", "parents", help="Show the parents' process ids."),
    _value("+c", "width", metavar="WIDTH", parse=_width, help="Width of COMMAND; 0: all of it."),
    _may("-T", "tcp", metavar="[fqs]", parse=_tcp, help="Show queues (q) and states (s); none alone."),
    _may("-r", "repeat", metavar="SECONDS", help="Repeat every SECONDS (15).",
         note="With a count it shows what it found, where the classic shows nothing."),
    _may("+r", "while_found", metavar="SECONDS", help="The same until nothing is found."),
    _may("-f", "no_systems", metavar="", parse=_unsupported,
         help="Take the names of file systems as those of directories."),
    _may("+f", "systems", metavar="", parse=_unsupported, help="Take names as those of file systems."),
    _flag("-V", "verbose", help="Tell what was not found."),
    _flag("-w", "no_warnings", help="Leave out what can't be read; -t does so too."),
    _flag("+w", "warnings", help="Show what can't be read, the default."),
    _flag("-Q", "quiet", help="What is not found does not count as a failure."),
    _flag("-X", "no_internet", help="Don't read the tables of Internet sockets."),
    _may("-m", "supplement", metavar="", help="Refused.", hidden=True,
         note="Nothing is read from the kernel's memory.", parse=_refused("-m not supported")),
    _may("-D", "cache", metavar="", help="Refused.", hidden=True,
         note="There is no cache of devices.", parse=_refused("unsupported option: -D")),
    _may("-Z", "context", metavar="", only=("linux",), help="Refused.", hidden=True,
         parse=_refused("-Z limited to SELinux")),
    _may("-x", "cross", metavar="[fl]", help="Cross file systems, follow links.", hidden=True),
    *(_flag(name, word, help="Changes nothing here.", hidden=True)
      for name, word in (("-b", "no_blocks"), ("-O", "no_overhead"))),
    _may("-S", "timeout", metavar="SECONDS", parse=_seconds, help="Changes nothing here.", hidden=True),
]  # fmt: skip


def _all_options(function: F) -> F:
    for add in reversed(_OPTIONS):
        function = add(function)
    return function


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
    elif name == "descriptors" and value is not None:
        selection.descriptors.append(value)
    elif name == "internet":
        _merge_internet(selection, value)
    elif name in {"directory", "tree"}:
        lsof_selection.add_directory(selection, value, deep=name == "tree")


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
    selection.states = next((value for value in asked["size"] or () if value), None)
    selection.all = asked["all_of"]
    if asked["no_internet"] and selection.internet is not None:
        raise UsageError("-i is useless when -X is specified.")
    if asked["cross"] and not (asked["directory"] or asked["tree"]):
        raise UsageError("-x must accompany +d or +D")
    if asked["terse"] and asked["fields"]:
        raise UsageError("-F and -t are mutually exclusive")
    return selection


def _add_files(selection: Selection, asked: dict[str, Any], names: Iterable[str]) -> bool:
    """Adds the FILEs; says whether all of them are there."""
    fine = True
    for name in names:
        try:
            lsof_selection.add_file(selection, name, systems=not asked["no_systems"])
        except CommandError as error:
            error.show()
            fine = False
    return fine


def _explicit(asked: dict[str, Any]) -> str:
    """The fields that -F names."""
    last = asked["fields"][-1] if asked["fields"] else ""
    return "" if "p" in last and "m" in last else last


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
        links=bool(asked["links"]) and not asked["no_links"],
        tcp=tcp,
    )


# --- the rows, written


def _parts(
    selection: Selection, processes: list[ProcessRow], make: Callable[[Sequence[ProcessRow]], R]
) -> list[R]:
    """What is made of the processes, by two of our own where there are many files."""
    counted = core.Descriptors().count
    weights = [_OF_EACH + counted(row.pid) for row in processes]
    parts = halves.split(processes, lambda some: (make(some), selection.found), weights)
    selection.found.update(*(found for _, found in parts))
    return [made for made, _ in parts]


def _text(
    selection: Selection, processes: list[ProcessRow], asked: dict[str, Any],
    rows: Callable[[Iterable[ProcessRow]], list[FileRow]],
) -> str:  # fmt: skip
    layout = _layout(asked)
    if asked["fields"]:
        return "".join(lsof_text.fields(rows(processes), "".join(asked["fields"]), layout))
    if asked["terse"]:
        pids = _parts(selection, processes, lambda some: [row.process.pid for row in rows(some)])
        return "".join(f"{pid}\n" for pid in dict.fromkeys(chain.from_iterable(pids)))
    parts = _parts(selection, processes, lambda some: lsof_table.texts(rows(some), layout))
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
    flags = flags or "o" in _explicit(asked)
    flags = flags or mode in {"json", "jsonl", "csv"}

    quiet = _quiet()

    def rows(some: Iterable[ProcessRow]) -> list[FileRow]:
        found = read(selection, view, flags, some)
        return [row for row in found if not quiet or row.type not in {"", "unknown"}]

    processes = list(processes_there(selection.threads or not selection.wanted))
    if mode == "plain":
        _write(_text(selection, processes, asked, rows), Stream())
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


@classic(
    "lsof",
    grammar=Grammar(
        status=1, hint=lambda _: _USAGE, reader=PlusMinus, interspersed=False, may_be_closed=True
    ),
    help_names=("--help", "-h", "-?"),
)
@_all_options
@option("-v", "version", is_flag=True, is_eager=True, expose_value=False, callback=_version,
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
    selection = _selection(asked)
    fine = _add_files(selection, asked, names)
    if not fine and not selection.wanted:
        return 1
    if selection.all and not (selection.wanted or _excludes(selection)):
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
    return 0 if (shown and fine) or asked["quiet"] else 1


def _excludes(selection: Selection) -> bool:
    return bool(
        selection.not_pids or selection.not_pgids or selection.not_uids or selection.not_commands
    )
