"""How long the system has been up, its users and load: the line of uptime and top."""

import time
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from sysutils import core
from sysutils.cli.grammar import CommandError

T = TypeVar("T")


class Report(NamedTuple):
    """What uptime tells; what can't be read is None."""

    time: float
    uptime: float
    users: int | None
    loadavg: tuple[float, ...] | None

    @property
    def boot_time(self) -> float:
        """By the clock now, as ``uptime -s`` shows it: another than the kernel's once the clock was set."""
        return round(self.time - self.uptime, 2)


def plural(count: int, word: str) -> str:
    """``2 users``."""
    return f"{count} {word}{'s' if count > 1 else ''}"


def brief(seconds: float) -> str:
    """``416 days, 15:59``, `` 1:54``, ``5 min``."""
    minutes, _ = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    rest = f"{hours:2}:{minutes:02}" if hours else f"{minutes} min"
    return f"{plural(days, 'day')}, {rest}" if days else rest


def line(report: Report) -> str:
    """uptime's line, without its newline."""
    now = time.strftime("%H:%M:%S", time.localtime(report.time))
    users = report.users or 0
    load = ", ".join(f"{value:.2f}" for value in report.loadavg or (0, 0, 0))
    word = "users" if users > 1 else "user"
    return f" {now} up {brief(report.uptime)}, {users:2} {word},  load average: {load}"


def _seconds_up(container: bool, now: float) -> float:
    try:
        up: float = core.uptime() if not container else now - core.Process(1).create_time()
    except OSError as error:
        raise CommandError(f"Cannot get system uptime: {error.strerror}") from None
    except (ValueError, core.Error):
        raise CommandError("Cannot get system uptime") from None
    return max(0.0, up)


def _optional(read: Callable[[], T]) -> T | None:
    try:
        return read()
    except (OSError, ValueError, RuntimeError):  # the last: Windows does not count that
        return None


def report(container: bool = False) -> Report:
    """Asks the system. Raises CommandError where there is no uptime to be had."""
    now = time.time()
    load = getattr(core, "loadavg", None) or core.getloadavg
    up = _seconds_up(container, now)
    loads = _optional(load)
    return Report(now, up, _optional(core.user_count), loads and tuple(loads[:3]))
