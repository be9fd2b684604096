"""File systems and disks of AIX (mntctl(2), perfstat_disk)."""

import ctypes
import os

from sysutils.core import _native
from sysutils.core._ntuples import sdiskpart
from sysutils.core.aix import layout, mntctl, perfstat
from sysutils.core.posix import statvfs
from sysutils.core.sysv import disks
from sysutils.core.sysv.ntuples import sdiskio

disk_usage = statvfs.disk_usage
filesystem_usage = statvfs.filesystem_usage
file_status = statvfs.file_status
add_up = disks.add_up


def disk_partitions(all: bool = False) -> list[sdiskpart]:
    """Mounted file systems; without ``all`` those that have a size."""
    return [
        sdiskpart(row.device, row.where, row.kind, row.options)
        for row in mntctl.mounted()
        if all or disks.has_size(row.where)
    ]


def _milliseconds() -> float:
    """How many milliseconds a tick of the time base is (time_base_to_time). Raises OSError."""
    convert = _native.function(
        "c", "time_base_to_time", ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t
    )
    passed = layout.timebasestruct(layout.RTC_POWER_PC, 1, 0)  # 1 << 32 ticks
    if convert(ctypes.byref(passed), ctypes.sizeof(passed)) < 0:
        raise _native.os_error(_native.last_error())
    return (passed.tb_high * 1e3 + passed.tb_low / 1e6) / (1 << 32)


def disk_io_counters() -> dict[str, sdiskio]:
    """``{name: (…)}`` of each disk; zeros where AIX was not told to count (``chdev … iostat=true``)."""
    rows = perfstat.every("perfstat_disk", layout.perfstat_disk)
    tick = _milliseconds() if rows else 0.0
    return {
        os.fsdecode(row.name): sdiskio(
            row.rxfers, row.xfers - row.rxfers, row.rblks * row.bsize, row.wblks * row.bsize,
            int(row.rserv * tick), int(row.wserv * tick),
        )
        for row in rows
    }  # fmt: skip
