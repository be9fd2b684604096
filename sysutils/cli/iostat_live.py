"""iostat with an interval on a terminal: its own screen."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from sysutils.cli import iostat_rich
from sysutils.cli.live.reports import Key, Reports

if TYPE_CHECKING:
    from sysutils.cli.iostat_figures import Activity
    from sysutils.cli.output.as_rich import Shown
    from sysutils.cli.output.stream import Kept


def _busy(row: "Activity") -> bool:
    return any(row.moved)


class Devices:
    """Reads what CPUs and devices did; the keys change what is shown of it."""

    def __init__(
        self, read: "Callable[[], list[Activity]]", title: Sequence[str], *, cpu: bool, disk: bool,
        extended: bool, short: bool, skip: bool,
    ) -> None:  # fmt: skip
        self._read = read
        self._title = title
        self._cpu, self._disk = cpu, disk
        self._extended, self._short = extended, short
        self._idle, self._skip = True, skip

    @property
    def keys(self) -> Mapping[str, Key]:
        """For more and for fewer figures."""
        return {
            "x": Key("all figures or the usual", self._toggle_extended),
            "s": Key("few figures or the usual", self._toggle_short),
            "c": Key("with or without the CPUs", self._toggle_cpu),
            "z": Key("with or without devices that do nothing", self._toggle_idle),
        }

    def read(self) -> "list[Activity]":
        """A report."""
        return self._read()

    def draw(self, report: "list[Activity]", out: "Kept", shown: "Shown") -> Sequence[str]:
        """The CPUs, and a table of the devices."""
        if self._skip and any(row.booted for row in report):
            out.write("the first interval has not passed yet\n")
            return ()
        rows = [row for row in report if row.modes is not None or self._idle or _busy(row)]
        return iostat_rich.write(
            rows, out, cpu=self._cpu, disk=self._disk, extended=self._extended, short=self._short,
            title=self._title, shown=shown,
        )  # fmt: skip

    def _toggle_extended(self) -> None:
        self._extended, self._short = not self._extended, False

    def _toggle_short(self) -> None:
        self._short = not self._short

    def _toggle_cpu(self) -> None:
        self._cpu = not self._cpu

    def _toggle_idle(self) -> None:
        self._idle = not self._idle


def show(
    read: "Callable[[], list[Activity]]", seconds: int, title: Sequence[str], *, cpu: bool, disk: bool,
    extended: bool, short: bool, skip: bool,
) -> int:  # fmt: skip
    """The screen until the user ends it; the exit status."""
    source = Devices(read, title, cpu=cpu, disk=disk, extended=extended, short=short, skip=skip)
    return Reports("iostat", seconds, source).run()
