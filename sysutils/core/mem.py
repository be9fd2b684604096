"""Memory: ``virtual_memory``, ``swap_memory``."""

from typing import TYPE_CHECKING

from sysutils.core._platform import backend

if TYPE_CHECKING:
    from sysutils.core._contract import Mem, svmem
    from sysutils.core._ntuples import sswap

_os: "Mem" = backend("mem")


def virtual_memory() -> "svmem":
    """Physical memory in bytes: ``(total, available, percent, used, free, …)``.

    ``available`` is what programs can have without swapping, ``used`` is ``total - available`` and
    ``percent`` its share. Warns with RuntimeWarning of fields that the system does not tell (then 0)."""
    return _os.virtual_memory()


def swap_memory() -> "sswap":
    """Swap in bytes: ``(total, used, free, percent, sin, sout)``, the last two since boot.

    Warns with RuntimeWarning where the system does not count ``sin`` and ``sout`` (then 0)."""
    return _os.swap_memory()


_total = 0


def known_total() -> int:
    """Physical memory in bytes, read once."""
    global _total  # noqa: PLW0603
    if not _total:
        _total = _os.virtual_memory().total
    return _total
