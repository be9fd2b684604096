"""``Popen``: a subprocess that is a ``Process`` too."""

from typing import TYPE_CHECKING, Any

from sysutils.core.process import Process

if TYPE_CHECKING:
    from typing_extensions import Self  # no dependency of ours: typing has it since 3.11

    from sysutils.core._ntuples import MaybeNone


class Popen(Process):
    """Starts a program as ``subprocess.Popen(...)`` does and is a ``Process`` of it.

    What Process lacks (``communicate``, ``stdin``, ``poll``, …) is subprocess.Popen's."""

    __module__ = "sysutils.core"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        import subprocess

        self._child = subprocess.Popen(*args, **kwargs)
        super().__init__(self._child.pid)

    def __getattr__(self, name: str) -> Any:
        child = self.__dict__.get("_child")
        if child is None or not hasattr(child, name):
            raise AttributeError(f"{type(self)!r} has no attribute {name!r}")
        return getattr(child, name)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *dir(self._child)})

    def __enter__(self) -> "Self":
        self._child.__enter__()
        return self

    def __exit__(self, *details: object) -> None:
        self._child.__exit__(*details)  # type: ignore[arg-type]

    def wait(self, timeout: float | None = None) -> "int | MaybeNone":
        """Exit code, or the negated signal. Raises TimeoutExpired (of this package)."""
        if self._child.returncode is not None:
            return self._child.returncode
        code = super().wait(timeout)
        if code is None:  # somebody's poll() has collected it
            return self._child.returncode
        self._child.returncode = code
        return code
