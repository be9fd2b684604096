"""File systems and disks of SunOS (mnttab(5), kstats of the class ``disk``)."""

import os

from sysutils.core._ntuples import sdiskpart
from sysutils.core.posix import statvfs
from sysutils.core.sunos import kstat, layout
from sysutils.core.sysv import disks, procfs
from sysutils.core.sysv.ntuples import sdiskio

disk_usage = statvfs.disk_usage
filesystem_usage = statvfs.filesystem_usage
file_status = statvfs.file_status
add_up = disks.add_up

#: tests have another one
MNTTAB = "/etc/mnttab"


def disk_partitions(all: bool = False) -> list[sdiskpart]:
    """Mounted file systems; without ``all`` those that have a size."""
    rows = []
    for line in procfs.read(MNTTAB).splitlines():
        words = os.fsdecode(line).split("\t")
        if len(words) < 4 or line.startswith(b"#"):
            continue
        device, place, kind, options = words[:4]
        if all or disks.has_size(place):
            rows.append(sdiskpart("" if device == "none" else device, place, kind, options))
    return rows


def _is_disk(row: kstat.Row) -> bool:
    return row.kind == layout.KSTAT_TYPE_IO and row.group == "disk"


def disk_io_counters() -> dict[str, sdiskio]:
    """``{name: (…)}`` of each disk."""
    counters = {}
    with kstat.rows(_is_disk) as rows:
        for row in rows:
            found = row.io()
            if found is not None:
                counters[row.name] = sdiskio(
                    found.reads, found.writes, found.nread, found.nwritten, found.rtime // 1_000_000,
                    found.wtime // 1_000_000,
                )  # fmt: skip
    return counters
