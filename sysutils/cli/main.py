"""``sysutils COMMAND``: finds the command, imports it alone, ends with its exit status."""

import gc
import os
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

from sysutils.cli import COMMANDS
from sysutils.cli.output.stream import (
    Unread,
    WriteError,
    leave,
    prepare,
    show_on_screen,
    write_error,
)

if TYPE_CHECKING:
    import click

#: set in the environment, errors that no command expected show their traceback
_DEBUG = "SYSUTILS_DEBUG"
#: set in the environment, a shell asks for completion
_COMPLETION = "_SYSUTILS_COMPLETE"


def _called_as(program: str) -> str:
    name = os.path.basename(program)
    if sys.platform == "win32":
        name = name.lower()  # as whoever typed it
    return name.removesuffix(".exe")


def _meant(called_as: str, arguments: list[str]) -> tuple[str, list[str]]:
    """The name of the command that is meant, ``sysutils`` for none, and its arguments."""
    if called_as in COMMANDS:  # a link named like the command
        return called_as, arguments
    if arguments and arguments[0] in COMMANDS:
        return arguments[0], arguments[1:]
    return "sysutils", arguments


def _load(name: str) -> "click.Command":
    """A command comes without the group, which takes time to make."""
    if name == "sysutils":
        from sysutils.cli.group import group

        return group
    command: click.Command = import_module(f"sysutils.cli.{name}").command
    return command


def _watch(
    called: str, words: list[str],
    ctx: "click.Context", seconds: float, report: Callable[["click.Context"], Any],
) -> int:  # fmt: skip
    """--watch, of whatever command, which was ``called`` with ``words``."""
    from sysutils.cli.live import rerun, watch

    name = ctx.command.name or ""
    once = partial(_status, name, partial(report, ctx))
    watched = os.environ.pop(rerun.WATCHED, "")
    if watched:
        if watched == "screen":
            show_on_screen()
        return _status(name, partial(report, ctx), rerun.UNREAD)
    return watch.run(" ".join([called, *words]), seconds, once, [name, *words])


def _status(name: str, action: Callable[[], Any], unread: int | None = None) -> int:
    """The exit status that a command's function answers, or its errors, which are told here; ``unread``
    where nobody reads, if not what the command's grammar says."""
    import click  # under the eyes of run(), which has stopped the collector

    try:
        result = action()
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return getattr(error, "status", error.exit_code)
    except WriteError as error:
        write_error(f"{name}: write error: {error.strerror}\n")
        grammar = getattr(_load(name), "grammar", None)
        return getattr(grammar, "write_status", 1)
    except Unread:
        unread = _unread_status(_load(name)) if unread is None else unread
        return 1 if unread is None else unread
    except click.Abort:
        return 130
    except Exception as error:
        if _DEBUG in os.environ:
            raise
        write_error(f"{name}: {_told(error)}\n")
        return 1
    return result if isinstance(result, int) else 0


def main(program: str, arguments: list[str]) -> int:
    """Runs the command line; returns the exit status."""
    if _COMPLETION in os.environ:
        from sysutils.cli.completion import answer

        return answer(os.environ)
    called_as = _called_as(program)
    name, words = _meant(called_as, arguments)
    called = name if name in {"sysutils", called_as} else f"sysutils {name}"

    def action() -> Any:
        command = _load(name)
        _collect_again()
        _outlive_readers(command)
        watch = partial(_watch, called, words)
        return command.main(args=words, prog_name=called, standalone_mode=False, obj=watch)

    return _status(name, action)


def _told(error: Exception) -> str:
    """What a user is told of an error that no command expected: never a traceback."""
    if isinstance(error, OSError) and error.strerror:
        what = f"{os.fsdecode(error.filename)}: " if error.filename is not None else ""
        return f"{what}{error.strerror}"
    if isinstance(error, NotImplementedError):
        return str(error) or f"not supported on {_system()}"
    if isinstance(error, AttributeError) and _is_of_core(error.obj):
        return f"not supported on {_system()}"  # what a system lacks is a missing name
    return f"internal error: {type(error).__name__}: {error} (with {_DEBUG}=1 set it shows where)"


def _is_of_core(where: object) -> bool:
    """Whether that is the library's front door, or a process."""
    core = sys.modules.get("sysutils.core")
    return where is core or isinstance(where, vars(core).get("Process", ()) if core else ())


_SYSTEMS = {
    "linux": "Linux", "win": "Windows", "darwin": "macOS", "freebsd": "FreeBSD", "openbsd": "OpenBSD",
    "netbsd": "NetBSD", "sunos": "SunOS", "aix": "AIX",
}  # fmt: skip


def _system() -> str:
    name = sys.platform.rstrip("0123456789")
    return _SYSTEMS.get(name, name)


def _end_as_c_programs() -> None:
    """Silently by SIGPIPE when the reader is gone; by SIGINT at Ctrl-C, unless told to ignore it."""
    if sys.platform != "win32":
        import signal

        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, signal.SIG_DFL)


def _unread_status(command: "click.Command") -> int | None:
    grammar = getattr(command, "grammar", None)
    return getattr(grammar, "unread_status", None)


def _collect_again() -> None:
    """What there is by now stays: a collector that is only turned on would look through all of it at once."""
    if not gc.isenabled():
        getattr(gc, "freeze", int)()  # PyPy has none
        gc.enable()


def _outlive_readers(command: "click.Command") -> None:
    """Where nobody reads standard output: as the command's grammar says."""
    if sys.stdout is None and getattr(getattr(command, "grammar", None), "may_be_closed", False):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1, inheritable=False)
        os.close(nowhere)
    if _unread_status(command) is not None and sys.platform != "win32":
        import signal

        signal.signal(signal.SIGPIPE, signal.SIG_IGN)


def _hold_standard_descriptors() -> None:
    """Where one is closed, a file opened later would take its place: output would go into that."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        while (descriptor := os.open(os.devnull, os.O_RDONLY)) < 3:
            pass
        os.close(descriptor)


def _leave(status: int) -> NoReturn:
    """Ends the process at once. Giving back thousands of rows one by one, and the interpreter after them,
    would take as long as half a report; what stands in Python's own streams goes out first."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            status = status or 1
    leave()
    os._exit(status)


def run() -> None:
    """Entry point of the console script."""
    gc.disable()  # what modules are made of is no garbage: to look for it takes as long as to load one in ten
    _end_as_c_programs()
    _hold_standard_descriptors()
    prepare()
    _leave(main(sys.argv[0], sys.argv[1:]))
