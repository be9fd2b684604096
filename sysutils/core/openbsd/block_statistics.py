"""Statistics of disks of OpenBSD (``hw.diskstats``)."""

from sysutils.core._block_devices import CountedDisks
from sysutils.core.openbsd.disk import disk_io_counters
from sysutils.core.openbsd.ntuples import sdiskio


class BlockStatistics(CountedDisks):
    """What the disks did since boot (``hw.diskstats``). (Extension.)"""

    def counters(self) -> dict[str, sdiskio]:
        """The counters by the names of the disks."""
        return disk_io_counters()
