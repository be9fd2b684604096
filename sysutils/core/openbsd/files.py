"""Open descriptors of OpenBSD (``kern.file``), those of sockets with all about them."""

import ctypes
from collections.abc import Sequence

from sysutils.core.bsd import sysctl
from sysutils.core.openbsd import layout
from sysutils.core.openbsd.layout import kinfo_file

_SIZE = ctypes.sizeof(kinfo_file)


def _ask(kind: int, which: int) -> Sequence[kinfo_file]:
    place = (layout.CTL_KERN, layout.KERN_FILE, kind, which, _SIZE)
    return sysctl.structures(sysctl.read_counted(place, _SIZE), kinfo_file)


def of_process(pid: int) -> Sequence[kinfo_file]:
    """The descriptors of a process; those below zero are its directories and program."""
    return _ask(layout.KERN_FILE_BYPID, pid)


def every() -> Sequence[kinfo_file]:
    """The descriptors of all processes."""
    return _ask(layout.KERN_FILE_BYPID, -1)
