"""Memory: ``virtual_memory``, ``swap_memory``."""

from typing import TYPE_CHECKING

from sysutils.core._platform import backend

if TYPE_CHECKING:
    from sysutils.core.linux import mem as _os
    from sysutils.core.linux.ntuples import svmem
else:
    _os = backend("mem")


def virtual_memory() -> "svmem":
    """``(total, available, percent, used, free, …)`` in bytes (``/proc/meminfo``)."""
    return _os.virtual_memory()


_total = 0


def known_total() -> int:
    """Physical memory in bytes, read once."""
    global _total  # noqa: PLW0603
    if not _total:
        _total = _os.virtual_memory().total
    return _total
