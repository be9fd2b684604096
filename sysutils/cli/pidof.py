"""pidof(8) of sysvinit-utils 3.06: the pids of running programs, by name or path.

Departs in finding itself by no other name than ``pidof``, in telling usage errors on standard error (the
classic tells the system log) and in telling a failed write. Only the files that the names need are read."""

import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sysutils import core
from sysutils.cli import candidates
from sysutils.cli.grammar import Reader
from sysutils.cli.options import (
    Grammar,
    Help,
    UsageError,
    argument,
    classic,
    option,
    output_mode,
    output_options,
    version_option,
)
from sysutils.cli.output.column import Column
from sysutils.cli.output.emit import emit
from sysutils.cli.output.stream import Stream
from sysutils.cli.output.text import visible

_DELETED = " (deleted)"
#: the kernel keeps so many bytes of a name
_COMM = 15


def _arguments(row: Any) -> str | None:
    return " ".join(row.words) or None


COLUMNS = (
    Column("pid", "PID", lambda row: row.pid, right=True, help="Process id."),
    Column("comm", "COMMAND", lambda row: row.comm, visible, help="Name of the program."),
    Column("args", "ARGUMENTS", _arguments, visible, help="Its command line, null for none."),
)  # fmt: skip


#: what we are called: not by the interpreter that runs us
_OURSELVES = "pidof"


class Process:
    """What names are compared with."""

    def __init__(self, row: Any) -> None:
        self.row = row
        self.pid: int = row.pid
        self.comm: str = row.comm or ""
        #: the arguments, none for kernel threads and zombies
        self.words: list[str] = row.argv or []

    def is_ourselves(self) -> bool:
        """Whether it is the one that asks."""
        return self.pid == os.getpid()

    def program(self) -> str:
        """The path of the program, also where it is deleted."""
        path: str = self.row.exe_link or ""
        return path.removesuffix(_DELETED)

    def script(self) -> str:
        """What an interpreter was given to run: the first word that is no option."""
        return next((word for word in self.words[1:] if word[:1] != "-"), "")


def _is_called(process: Process, name: str) -> bool:
    """By its first word; where that says nothing, or was written over, by the kernel's name."""
    if process.is_ourselves():
        return name == _OURSELVES
    first = process.words[0] if process.words else ""
    base = os.path.basename(name)
    if not base:
        return False
    if name in {first, os.path.basename(first)} or base == first:
        return True
    untold = not first or " " in first or (first[0] == "-" and not process.script())
    return untold and process.comm == base


def _runs_script(process: Process, name: str) -> bool:
    if process.is_ourselves():
        return False
    script = process.script()
    base = os.path.basename(script)
    if not script or name not in {script, base}:
        return False
    return os.fsencode(process.comm) == os.fsencode(base)[:_COMM]


def find(processes: Sequence[Process], name: str, scripts: bool) -> list[Process]:
    """The processes of one name, in the order given."""
    if name[:1] == "/":
        path = os.path.realpath(name) if os.path.exists(name) else name
        found = [
            process
            for process in processes
            if process.program() == path and not process.is_ourselves()
        ]
        if found or not scripts:
            return found
    return [
        process
        for process in processes
        if _is_called(process, name) or (scripts and _runs_script(process, name))
    ]


class PidofReader(Reader):
    """One message for every mistake."""

    def _error(self, message: str) -> UsageError:  # noqa: ARG002
        return UsageError("invalid options on command line!", self.command)


def parse_omitted(word: str) -> set[int]:
    """The pids of ``-o``: numbers, and %PPID for who called us."""
    found = set()
    for part in re.split("[,;:]", word):
        if part == "%PPID":
            found.add(os.getppid())
        elif number := re.match(r"\s*\+?([0-9]{1,9})", part, re.ASCII):
            found.add(int(number[1]))
    return found


def _same_root() -> Callable[[Any], bool]:
    """Whether a process has our root directory; only root can tell, others don't ask."""
    if sys.platform == "win32" or os.geteuid():
        return lambda _: True
    status = os.stat("/")
    ours = (status.st_dev, status.st_ino)
    return lambda row: row.root_directory == ours


def _processes(names: Sequence[str], omitted: set[int], root: bool, zombies: bool) -> list[Process]:
    fields = ["pid", "comm", "state", "argv"]
    if any(name[:1] == "/" for name in names):
        fields.append("exe_link")
    if root:
        fields.append("root_directory")
    wanted = _same_root() if root else None
    found = [
        Process(row)
        for row in core.process_table(
            fields, where=(["state"], lambda row: zombies or row.state != "Z")
        )
        if row.pid not in omitted and (wanted is None or wanted(row))
    ]
    return sorted(found, key=lambda process: -process.pid)


_ABOUT = Help(
    examples=(
        ("sshd", "The process ids of a program."),
        ("-s nginx", "One alone."),
        ("-x backup.sh", "Shells that run a script as well."),
        ("/usr/bin/python3", "A program by its path."),
        ("-q sshd", "Only the status: does it run?"),
    ),
    statuses=(
        ("0", "A process was found."),
        ("1", "None was found."),
    ),
)


@classic(
    "pidof",
    about=_ABOUT,
    grammar=Grammar(reader=PidofReader, may_be_closed=True),
    help_names=("-h", "--help"),
)
@option(
    "-c",
    "root",
    group="Which processes",
    is_flag=True,
    help="Only processes with the same root directory; for root.",
)
@option(
    "-d", "separator", group="What to print", metavar="SEP", help="Put this character between pids."
)
@option("-n", "network", group="Which processes", is_flag=True, expose_value=False,
        help="Nothing: programs are known by their paths, so no network file system is asked.",
        note="The classic asks network file systems without it.")  # fmt: skip
@option("-o", "omitted",
        shell_complete=candidates.listed(candidates.pids), metavar="PID", multiple=True, parse=parse_omitted,
        help="Omit these processes; %PPID is the one that called pidof.")  # fmt: skip
@option(
    "-q",
    "quiet",
    group="What to print",
    is_flag=True,
    help="Print nothing, only return an exit status.",
)
@option("-s", "single", is_flag=True, help="One pid for each name.")
@option(
    "-x",
    "scripts",
    group="Which processes",
    is_flag=True,
    help="Also shells that run scripts of that name.",
)
@option("-z", "zombies", is_flag=True, help="Also zombies.")
@version_option("--version")
@argument("names", nargs=-1, metavar="PROGRAM...", shell_complete=candidates.commands)
@output_options
def command(
    root: bool, separator: str | None, omitted: tuple[set[int], ...], quiet: bool, single: bool,
    scripts: bool, zombies: bool, names: tuple[str, ...], output: str | None,
) -> int:  # fmt: skip
    """Find the process ids of running programs."""
    mode = output_mode(output)
    if not (callable(core.process_table) and names):  # a system without it is told so
        return 1
    processes = _processes(names, {pid for pids in omitted for pid in pids}, root, zombies)
    found: list[Process] = []
    for name in names:
        matching = find(processes, name, scripts)
        found += matching[:1] if single else matching
    if not quiet:
        emit(
            "plain" if mode == "rich" else mode,
            COLUMNS,
            found,
            _plain(" " if separator is None else separator[:1] or "\0"),
        )
    return 0 if found else 1


def _plain(separator: str) -> Callable[[Sequence[Column], Iterable[Any], Stream], None]:
    def write(_: Sequence[Column], rows: Iterable[Any], out: Stream) -> None:
        text = separator.join(str(row.pid) for row in rows)
        out.write(text + "\n" if text else "")

    return write
