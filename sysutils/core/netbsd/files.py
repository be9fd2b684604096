"""Open descriptors of NetBSD (``kern.file2``)."""

import ctypes
from collections.abc import Sequence

from sysutils.core.bsd import sysctl
from sysutils.core.netbsd import layout
from sysutils.core.netbsd.layout import kinfo_file

_SIZE = ctypes.sizeof(kinfo_file)


def _ask(which: int) -> Sequence[kinfo_file]:
    place = (layout.CTL_KERN, layout.KERN_FILE2, layout.KERN_FILE_BYPID, which, _SIZE)
    return sysctl.structures(sysctl.read_counted(place, _SIZE), kinfo_file)


def of_process(pid: int) -> list[kinfo_file]:
    """The descriptors of a process; none of one that is not there or not ours to see."""
    return [
        found for found in _ask(pid) if found.ki_pid == pid
    ]  # to the kernel, 0 is all processes


def every() -> Sequence[kinfo_file]:
    """The descriptors of all processes."""
    return _ask(-1)
