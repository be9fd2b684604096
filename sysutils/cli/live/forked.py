"""A watched command's report made by a child of this process, which has all loaded that it needs."""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sysutils.cli.live.unix_terminal import as_by_default
from sysutils.cli.output.stream import show_on_screen

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: fork(2) is not there

Report = Callable[[], int]


def once(report: Report, __: Sequence[str], /) -> int:
    """A report to standard output; its exit status."""
    child = os.fork()
    if child == 0:
        _end_with(report)
    _, status = os.waitpid(child, 0)
    if _unread():
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGPIPE)
    return os.waitstatus_to_exitcode(status)


def _unread() -> bool:
    """Whether nobody reads standard output any more."""
    import select

    ask = select.poll()
    ask.register(1, 0)
    return any(event & select.POLLERR for _, event in ask.poll(0))


def _end_with(report: Report) -> None:
    """A child's part: the report, and its status as the exit status."""
    code = 1
    try:
        code = report()
    finally:
        os._exit(code)


def shown(report: Report, __: Sequence[str], size: os.terminal_size, /) -> bytes:
    """A report for a screen of that size."""
    child, pipe = _start(report, size)
    data = b""
    try:
        while part := os.read(pipe, 1 << 16):
            data += part
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        os.close(pipe)
        os.waitpid(child, 0)
    return data


def _start(report: Report, size: os.terminal_size) -> tuple[int, int]:
    """A child that reports into a pipe, for a screen of that size: its pid and the pipe."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        as_by_default()
        show_on_screen()
        os.dup2(writing, 1)
        os.dup2(writing, 2)
        os.environ["COLUMNS"], os.environ["LINES"] = str(size.columns), str(size.lines)
        _end_with(report)
    os.close(writing)
    return child, reading
