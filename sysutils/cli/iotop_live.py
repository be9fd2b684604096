"""iotop on a terminal: its own screen, and the keys of the classic's."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sysutils import core
from sysutils.cli.iotop_rich import writer
from sysutils.cli.live.reports import Key, Reports

if TYPE_CHECKING:
    from sysutils.cli.iotop_rows import Row, Sampler
    from sysutils.cli.iotop_text import Style
    from sysutils.cli.output.as_rich import Shown
    from sysutils.cli.output.stream import Kept

#: what may be typed for a class of I/O priority
_CLASSES = {"none": 0, "rt": 1, "realtime": 1, "be": 2, "best-effort": 2, "idle": 3, "id": 3}


class Activity:
    """Reads what threads or processes do; the keys change what is shown of it."""

    def __init__(self, sampler: "Sampler", style: "Style") -> None:
        self._sampler = sampler
        self._style = style
        self._only = sampler.wanted.only
        sampler.wanted = sampler.wanted._replace(only=False)  # it is chosen when it is drawn

    @property
    def keys(self) -> Mapping[str, Key]:
        """Those of the classic, other than arrows, r, f and q."""
        return {
            "o": Key("only those that read or write", self._toggle_only),
            "p": Key("processes or threads", self._toggle_processes),
            "a": Key("sums since the start or bandwidth", self._toggle_sums),
            "c": Key("command lines or names", self._toggle_commands),
            "i": Key(
                "set an I/O priority", question="Thread, class (rt be idle none) and level:",
                answer=_prioritised,
            ),
        }  # fmt: skip

    def read(self) -> "list[Row]":
        """The rows of the system, and of all threads or processes."""
        return self._sampler.read()

    def draw(self, report: "list[Row]", out: "Kept", shown: "Shown") -> Sequence[str]:
        """What the system did, and a table of those that are chosen."""
        wanted, processes = self._sampler.wanted, self._style.processes
        rows = [
            row
            for row in report
            if row.tid is None
            or ((not self._only or wanted.active(row)) and (not processes or row.kind == "process"))
        ]
        return writer(self._style)((), rows, out, shown)

    def _toggle_only(self) -> None:
        self._only = not self._only

    def _toggle_processes(self) -> None:
        processes = not self._style.processes
        self._style = self._style._replace(processes=processes)
        self._sampler.wanted = self._sampler.wanted._replace(processes=processes)

    def _toggle_sums(self) -> None:
        sums = not self._style.accumulated
        self._style = self._style._replace(accumulated=sums)
        self._sampler.wanted = self._sampler.wanted._replace(accumulated=sums)

    def _toggle_commands(self) -> None:
        self._style = self._style._replace(full=not self._style.full)


def _prioritised(text: str) -> str:
    """``4711 be 4``: sets a priority, and tells that or why not."""
    words = text.replace("/", " ").split()
    if not words:
        return ""
    tid, kind, *level = words if len(words) > 1 else [*words, ""]
    if not tid.isdecimal() or kind not in _CLASSES or len(level) > 1:
        return f"not understood: {text}"
    number = _CLASSES[kind]
    value = level[0] if level else "4"
    if not value.isdecimal() or int(value) > 7:
        return f"no level of 0 to 7: {value}"
    try:
        process: Any = core.Process(int(tid))  # not every system has I/O priorities
        process.ionice(number, int(value) if number in {1, 2} else None)
    except (core.Error, OSError, ValueError) as error:
        return str(getattr(error, "msg", "") or error)
    return f"I/O priority of {tid}: {kind}" + (f"/{value}" if number in {1, 2} else "")


def show(sampler: "Sampler", style: "Style", delay: float, frames: int | None) -> int:
    """The screen until the user ends it; the exit status."""
    return Reports("iotop", delay, Activity(sampler, style)).run(frames)
