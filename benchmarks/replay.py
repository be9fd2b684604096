"""What a call costs at least: its own system calls, recorded once and made again by straight-line code."""

import os
import socket
from collections.abc import Callable
from typing import Any

_NAMES = (
    "access", "close", "fstat", "getloadavg", "getpriority", "listdir", "lstat", "open", "pread", "read",
    "readlink", "scandir", "sched_getaffinity", "stat", "statvfs",
)  # fmt: skip


class _Recorder:
    """Stands in for functions of ``os`` and notes how they were called."""

    def __init__(self) -> None:
        self.real: dict[str, Any] = {name: getattr(os, name) for name in _NAMES}
        self.values: dict[str, Any] = {}
        self.lines: list[str] = []
        self.descriptors: dict[int, str] = {}

    def _name(self, value: Any) -> str:
        if type(value) is int and value in self.descriptors:
            return self.descriptors[value]
        name = f"v{len(self.values)}"
        self.values[name] = value
        return name

    def stand_in(self, name: str) -> Callable[..., Any]:
        real = self.real[name]

        def call(*args: Any, **kwargs: Any) -> Any:
            given = [self._name(arg) for arg in args]
            given += [f"{key}={self._name(arg)}" for key, arg in kwargs.items()]
            text = f"{name}({', '.join(given)})"
            try:
                result = real(*args, **kwargs)
            except OSError:
                self.lines.append(f"try: {text}\n    except OSError: pass")
                raise
            if name == "open":
                fresh = f"fd{len(self.lines)}"
                self.descriptors[result] = fresh
                text = f"{fresh} = {text}"
            elif name == "close":
                self.descriptors.pop(args[0], None)
            elif name == "scandir":
                text = f"list({text})"
            self.lines.append(text)
            return result

        return call


def replay(action: Callable[[], object]) -> tuple[Callable[[], object] | None, int]:
    """A function that makes the same system calls, and their number; None where there are none to see, or
    where some go by a socket, which can't be made again."""
    action()
    recorder = _Recorder()
    opened: list[object] = []

    class Seen(socket.socket):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            opened.append(args)
            super().__init__(*args, **kwargs)

    real_socket = socket.socket
    for name in _NAMES:
        setattr(os, name, recorder.stand_in(name))
    socket.socket = Seen  # type: ignore[misc]
    try:
        action()
    finally:
        socket.socket = real_socket  # type: ignore[misc]
        for name, real in recorder.real.items():
            setattr(os, name, real)
    if opened or not recorder.lines:
        return None, 0
    space: dict[str, Any] = {**recorder.real, **recorder.values}
    exec("def again():\n" + "".join(f"    {line}\n" for line in recorder.lines), space)
    return space["again"], len(recorder.lines)
