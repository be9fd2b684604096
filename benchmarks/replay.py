"""What a call costs at least: its own system calls, recorded once and made again by straight-line code."""

import fcntl
import os
import resource
import select
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from sysutils.core.linux import credentials, scheduling

#: where functions that make system calls are looked up, and their names
_PLACES: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (os, ("access", "close", "fstat", "geteuid", "getpriority", "kill", "listdir", "lseek", "lstat", "open",
          "pidfd_open", "pread", "read", "readlink", "scandir", "sched_getaffinity", "sched_setaffinity",
          "setpriority", "stat", "statvfs", "sysconf", "waitid", "waitpid")),
    (fcntl, ("ioctl",)),
    (resource, ("prlimit",)),
    (select, ("select",)),
    (signal, ("pidfd_send_signal",)),
)  # fmt: skip
#: of a socket
_METHODS = ("recv", "send", "sendto", "close")
_MSG_DONTWAIT = 0x40


class _Recorder:
    """Stands in for functions and notes how they were called."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.lines: list[str] = []
        self.descriptors: dict[int, str] = {}

    def name(self, value: Any) -> str:
        """What a value is called in the code."""
        if type(value) is int and value in self.descriptors:
            return self.descriptors[value]
        name = f"v{len(self.values)}"
        self.values[name] = value
        return name

    def note(self, call: Callable[..., Any], text: str, args: Any, kwargs: Any) -> Any:
        """Makes the call, and a line of it that ignores errors if it brought one."""
        given = [self.name(arg) for arg in args]
        given += [f"{key}={self.name(arg)}" for key, arg in kwargs.items()]
        text = f"{text}({', '.join(given)})"
        try:
            result = call(*args, **kwargs)
        except OSError:
            self.lines.append(f"try: {text}\n    except OSError: pass")
            raise
        self.lines.append(text)
        return result

    def stand_in(self, real: Callable[..., Any], name: str) -> Callable[..., Any]:
        """In place of a function."""

        def call(*args: Any, **kwargs: Any) -> Any:
            result = self.note(real, self.name(real), args, kwargs)
            if name in {"open", "pidfd_open"}:
                self.lines[-1] = f"fd{len(self.lines)} = {self.lines[-1]}"
                self.descriptors[result] = self.lines[-1].partition(" ")[0]
            elif name == "close":
                self.descriptors.pop(args[0], None)
            elif name == "scandir":
                self.lines[-1] = f"list({self.lines[-1]})"
            return result

        return call

    def socket_class(self, real: Any) -> Any:
        """In place of a class of sockets; what is received again may be less, and is not waited for."""
        recorder = self

        class Seen(real):  # type: ignore[misc]
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                made = recorder.name(real)
                recorder.note(super().__init__, made, args, kwargs)
                self.known = f"s{len(recorder.lines)}"
                recorder.lines[-1] = f"{self.known} = {recorder.lines[-1]}"
                recorder.descriptors[self.fileno()] = f"{self.known}.fileno()"

            def __getattribute__(self, name: str) -> Any:
                found = super().__getattribute__(name)
                return recorder.method(self.known, name, found) if name in _METHODS else found

            def __exit__(self, *args: object) -> None:
                self.close()

        return Seen

    def method(self, owner: str, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        """In place of a method of a socket."""

        def call(*args: Any) -> Any:
            result = self.note(real, f"{owner}.{name}", args, {})
            if name == "recv":
                size = self.name(args[0])
                text = f"{owner}.recv({size}, {_MSG_DONTWAIT})"
                self.lines[-1] = f"try: {text}\n    except BlockingIOError: pass"
            return result

        return call


@contextmanager
def _watching(recorder: _Recorder) -> Iterator[None]:
    scheduling._prlimit.cache_clear()
    credentials._ask = None
    change, ask, failed = scheduling._calls()
    with ExitStack() as stack:
        for place, names in _PLACES:
            for name in names:
                if hasattr(place, name):
                    seen = recorder.stand_in(getattr(place, name), name)
                    stack.enter_context(mock.patch.object(place, name, seen))
        own = recorder.stand_in(change, "ioprio_set"), recorder.stand_in(ask, "ioprio_get"), failed
        stack.enter_context(mock.patch.object(scheduling, "_calls", return_value=own))
        for kind in ("socket", "SocketType"):
            seen = recorder.socket_class(getattr(socket, kind))
            stack.enter_context(mock.patch.object(socket, kind, seen))
        yield
    scheduling._prlimit.cache_clear()
    credentials._ask = None


def replay(action: Callable[[], object]) -> tuple[Callable[[], object] | None, int]:
    """A function that makes the same system calls, and their number; None where there are none to see."""
    action()
    recorder = _Recorder()
    with _watching(recorder):
        action()
    if not recorder.lines:
        return None, 0
    space = dict(recorder.values)
    exec("def again():\n" + "".join(f"    {line}\n" for line in recorder.lines), space)
    return space["again"], len(recorder.lines)
