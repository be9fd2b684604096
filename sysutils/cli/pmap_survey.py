"""What pmap reads: processes, their mappings, and how those are named."""

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sysutils import core
from sysutils.cli.fields.process_command import command_text
from sysutils.cli.output.stream import write_error
from sysutils.cli.pmap_columns import Row

#: the highest address
LAST = (1 << 64) - 1
_NOT_FOUND = 42
#: in the paths of files
_SEPARATOR = "\\" if core.WINDOWS else "/"


class Process(NamedTuple):
    """A process that was asked for; ``mappings`` is None where they can't be had, and then ``why`` tells."""

    pid: int
    command: str
    stack: int
    mappings: Sequence[Any] | None
    #: with those below the range asked for
    everything: Sequence[Any] = ()
    why: str = ""


class Survey:
    """Reads the processes one by one. ``status`` is the exit status so far."""

    def __init__(self, pids: Sequence[int], figures: Collection[str] | None, only: tuple[int, int]):
        self.pids = pids
        self.figures = figures
        self.only = only
        self.status = 0

    def __iter__(self) -> Iterator[Process]:
        missing = len(self.pids)
        for row in core.process_table(("pid", "args", "comm", "state", "startstack"), self.pids):
            missing -= 1
            yield self._process(row)
        if missing:
            self.status |= _NOT_FOUND

    def _process(self, row: Any) -> Process:
        found, why = None, ""
        try:
            found = core.process_mappings(row.pid, self.figures)
        except PermissionError:
            why = "Permission denied"
        except (FileNotFoundError, ProcessLookupError):
            why = "No such process"
        except OSError as error:
            why = error.strerror or ""
        except ValueError:
            why = "Unknown format in smaps file!"
        if found is None:
            self.status |= 1
        everything = found or ()
        if found and self.only != (0, LAST):
            low, high = self.only
            everything = [mapping for mapping in found if mapping.start <= high]
            found = [mapping for mapping in everything if mapping.end > low]
        return Process(row.pid, command_text(row), row.startstack or 0, found, everything, why)

    def rows(self) -> Iterator[Row]:
        """The mappings of all processes. What can't be read is told on standard error."""
        for process in self:
            tell(process)
            for mapping in process.mappings or ():
                yield Row(process.pid, mapping)


def tell(process: Process) -> None:
    """Says on standard error why a process has no mappings."""
    if process.mappings is None:
        write_error(f"pmap: {process.pid}: {process.why}\n")


def kib(mapping: Any) -> int:
    """Size of the addresses of a mapping."""
    return int((mapping.end - mapping.start & LAST) >> 10)


@lru_cache
def mode_of(perms: str) -> str:
    """``r-xp`` as SunOS had it: ``r-x--``, ``rw-s-``."""
    return (perms[:3] + "-" if perms[3:4] == "p" else perms) + "-"


def name_of(mapping: Any, stack: int, show_path: bool) -> str:
    """The file's name, or its path; other memory is ``[ anon ]`` or ``[ stack ]``. Bytes that are not
    ASCII are ``?``, whatever the locale."""
    path: str = mapping.path
    if not path or _SEPARATOR not in path:
        known = path == "[stack]" or mapping.start <= stack <= mapping.end
        return "  [ stack ]" if known else "  [ anon ]"
    return _file_name(path, show_path)


@lru_cache(maxsize=1024)
def _file_name(path: str, show_path: bool) -> str:
    if core.WINDOWS:
        name = path if show_path else path.rpartition(_SEPARATOR)[2]
    else:
        name = path[path.index("/") :] if show_path else path.rpartition("/")[2] or "/"
    if name.isascii() and name.isprintable():
        return name
    data = name.encode("utf-8", "surrogateescape")
    return "".join(chr(byte) if 32 <= byte < 127 else "?" for byte in data)
