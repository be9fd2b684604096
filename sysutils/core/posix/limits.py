"""Resource limits by name: ``RLIMIT_*`` (getrlimit(2)), with this machine's numbers."""

import enum
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for POSIX systems alone


#: the names of psutil; resource (3) knows those that the system has
NAMES = (
    "RLIMIT_AS", "RLIMIT_CORE", "RLIMIT_CPU", "RLIMIT_DATA", "RLIMIT_FSIZE", "RLIMIT_LOCKS",
    "RLIMIT_MEMLOCK", "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_NOFILE", "RLIMIT_NPROC", "RLIMIT_NPTS",
    "RLIMIT_RSS", "RLIMIT_RTPRIO", "RLIMIT_RTTIME", "RLIMIT_SBSIZE", "RLIMIT_SIGPENDING", "RLIMIT_STACK",
    "RLIMIT_SWAP",
)  # fmt: skip
#: of every architecture; CPython's resource module leaves out LOCKS, PyPy's all of these
_LINUX = {
    "RLIMIT_LOCKS": 10, "RLIMIT_SIGPENDING": 11, "RLIMIT_MSGQUEUE": 12, "RLIMIT_NICE": 13,
    "RLIMIT_RTPRIO": 14, "RLIMIT_RTTIME": 15,
}  # fmt: skip


class _Limit(enum.IntEnum):
    """An int that says so."""

    __str__ = int.__repr__
    __repr__ = int.__repr__


_kind: Any = None


def process_rlimit() -> Any:
    """IntEnum ``ProcessRlimit``: the limits that this system has, by name."""
    global _kind  # noqa: PLW0603
    if _kind is None:
        import resource

        spare = _LINUX if sys.platform.startswith(("linux", "android")) else {}
        found = {name: getattr(resource, name, spare.get(name)) for name in NAMES}
        numbers = {name: number for name, number in found.items() if number is not None}
        new_kind: Any = _Limit
        _kind = new_kind("ProcessRlimit", numbers, module=__name__)
    return _kind


def __getattr__(name: str) -> Any:
    """``ProcessRlimit``, its members by their own names, and ``RLIM_INFINITY``."""
    if name == "ProcessRlimit":
        return process_rlimit()
    if name == "RLIM_INFINITY":
        import resource

        return resource.RLIM_INFINITY
    if name in NAMES and name in process_rlimit().__members__:
        return process_rlimit()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
