"""Mappings of a process as the kernels of the BSDs tell them, in the shape that all systems share."""

from collections.abc import Collection
from typing import Any

from sysutils.core._ntuples import smapping

_RIGHTS = ((1, "r"), (2, "w"), (4, "x"))  # KVME_PROT_READ, _WRITE, _EXEC


def mapping(
    entry: Any, shared: bool, path: str, file: tuple[str, int], figures: dict[str, int],
    wanted: Collection[str] | None,
) -> smapping:  # fmt: skip
    """A mapping of a ``struct kinfo_vmentry``; ``file`` is its device as text and its inode.

    ``figures`` are in bytes, and those ``wanted`` are told in KiB."""
    perms = "".join(letter if entry.kve_protection & bit else "-" for bit, letter in _RIGHTS)
    known = {"Size": entry.kve_end - entry.kve_start, **figures}
    told: dict[str, int | str] = {
        name: value // 1024 for name, value in known.items() if wanted is None or name in wanted
    }
    return smapping(
        entry.kve_start,
        entry.kve_end,
        perms + ("s" if shared else "p"),
        entry.kve_offset,
        *file,
        path,
        told,
    )
