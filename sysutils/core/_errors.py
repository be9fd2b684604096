"""The exceptions of the API. They are no OSErrors; they pickle and copy."""

from typing import Any


class Error(Exception):
    """Base class of every exception here. In the others ``msg`` says what happened in words."""

    __module__ = "sysutils.core"
    msg: str

    def _details(self, names: tuple[str, ...]) -> str:
        shown = []
        for name in names:
            value = getattr(self, name, None)
            if value or (name == "pid" and value == 0):
                shown.append(f"{name}={value!r}")
        return ", ".join(shown)

    def __str__(self) -> str:
        details = self._details(("pid", "ppid", "name"))
        parts = (getattr(self, "msg", ""), details and f"({details})")
        return " ".join(part for part in parts if part)

    def __repr__(self) -> str:
        details = self._details(("pid", "ppid", "name", "seconds", "msg"))
        return f"{Error.__module__}.{type(self).__name__}({details})"


class NoSuchProcess(Error):
    """The process does not exist (any more), or its pid now belongs to another one."""

    __module__ = "sysutils.core"
    pid: int
    name: str | None

    def __init__(self, pid: int, name: str | None = None, msg: str | None = None) -> None:
        super().__init__()
        self.pid = pid
        self.name = name
        self.msg = msg or "process no longer exists"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.pid, self.name, self.msg)


class ZombieProcess(NoSuchProcess):
    """The process has ended but its parent has not collected it: what was asked for is gone."""

    __module__ = "sysutils.core"

    def __init__(
        self,
        pid: int,
        name: str | None = None,
        ppid: int | None = None,
        msg: str | None = None,
    ) -> None:
        super().__init__(pid, name, msg or "PID still exists but it's a zombie")
        self.ppid = ppid

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.pid, self.name, self.ppid, self.msg)


class AccessDenied(Error):
    """The operating system refused for lack of rights."""

    __module__ = "sysutils.core"

    def __init__(
        self, pid: int | None = None, name: str | None = None, msg: str | None = None
    ) -> None:
        super().__init__()
        self.pid = pid
        self.name = name
        self.msg = msg or ""

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.pid, self.name, self.msg)


class TimeoutExpired(Error):
    """``Process.wait(timeout)`` ended before the process did."""

    __module__ = "sysutils.core"

    def __init__(self, seconds: float, pid: int | None = None, name: str | None = None) -> None:
        super().__init__()
        self.seconds = seconds
        self.pid = pid
        self.name = name
        self.msg = f"timeout after {seconds} seconds"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.seconds, self.pid, self.name)
