"""Mappings of a process on OpenBSD (``KERN_PROC_VMMAP``): neither files nor what is resident are told."""

from collections.abc import Collection, Iterator

from sysutils.core._ntuples import smapping
from sysutils.core.bsd import sysctl
from sysutils.core.bsd.mappings import mapping
from sysutils.core.openbsd import kinfo, layout
from sysutils.core.openbsd.layout import kinfo_vmentry

#: how many are asked for at once: the kernel gives no more than 64 KiB
_PIECE = 512


def entries(pid: int) -> Iterator[kinfo_vmentry]:
    """The mappings as the kernel tells them, piece by piece: the first structure of the buffer says from
    which address on. Raises OSError."""
    place, start, end = (layout.CTL_KERN, layout.KERN_PROC_VMMAP, pid), 0, 0
    while True:
        room = (kinfo_vmentry * _PIECE)()
        room[0].kve_start = start
        told = sysctl.fill(place, room) // layout.size_of(kinfo_vmentry)
        fresh = [found for found in room[:told] if found.kve_end > end]
        if not fresh:
            return
        yield from fresh
        end = fresh[-1].kve_end
        start = fresh[-1].kve_start + 1


def _mapping(found: kinfo_vmentry, wanted: Collection[str] | None) -> smapping:
    shared = bool(found.kve_etype & layout.KVE_ET_OBJ) and not found.kve_etype & (
        layout.KVE_ET_COPYONWRITE | layout.KVE_ET_NEEDSCOPY
    )
    path = "[stack]" if found.kve_etype & layout.KVE_ET_STACK else ""
    return mapping(found, shared, path, ("00:00", 0), {}, wanted)


def process_mappings(pid: int, figures: Collection[str] | None = ()) -> list[smapping]:
    """Each mapping of a process in the order of addresses, ``[]`` for zombies and the kernel's (extension).

    ``figures``: of those that Linux has the kernel tells Size alone. Raises OSError where the process is
    gone; PermissionError for others than one's own, but to root."""
    try:
        return [
            _mapping(found, figures)
            for found in entries(pid)
            if not found.kve_etype & layout.KVE_ET_HOLE
        ]
    except ProcessLookupError:
        if kinfo.read(pid).vms:
            raise
        return []
