"""Attributes by name, as ``as_dict`` and ``process_iter`` take them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sysutils.core._platform import backend
from sysutils.core._process import reader_of

if TYPE_CHECKING:
    from sysutils.core._contract import facts as _facts
else:
    _facts = backend("facts")

#: each attribute with the function that reads it, None where only the method can tell
Plan = list[tuple[str, Callable[[Any], Any] | None]]
#: what may name attributes; a str, which is a collection too, is refused
Names = list[str] | tuple[str, ...] | set[str] | frozenset[str]

_NAMES = (
    "cmdline", "cpu_affinity", "cpu_num", "cpu_percent", "cpu_times", "create_time", "cwd", "environ", "exe",
    "gids", "io_counters", "ionice", "memory_full_info", "memory_info", "memory_maps", "memory_percent",
    "name", "net_connections", "nice", "num_ctx_switches", "num_fds", "num_handles", "num_threads",
    "open_files", "pid", "ppid", "status", "terminal", "threads", "uids", "username",
)  # fmt: skip
#: of psutil 8.0; taken where they are named, left out of as_dict()
_ADDITIONS = ("memory_footprint", "memory_info_ex", "page_faults")
_KNOWN = frozenset(_NAMES + _ADDITIONS)


def attribute_names(kind: type, additions: bool = False) -> frozenset[str]:
    """The names that this platform has."""
    names = (*_NAMES, *_ADDITIONS) if additions else _NAMES
    return frozenset(name for name in names if hasattr(kind, name))


def plan_of(kind: type, attrs: Names | None) -> Plan:
    """How to read the attributes named, or all. Raises TypeError or ValueError for bad names."""
    if attrs is not None and not isinstance(attrs, (list, tuple, set, frozenset)):
        raise TypeError(f"invalid attrs type {type(attrs)}")
    names = attrs or sorted(attribute_names(kind))
    unknown = [name for name in names if name not in _KNOWN or not hasattr(kind, name)]
    if unknown:
        plural = "s" if len(unknown) > 1 else ""
        raise ValueError(f"invalid attr name{plural} {', '.join(map(repr, unknown))}")
    return [(name, _facts.pid if name == "pid" else reader_of(kind, name)) for name in names]
