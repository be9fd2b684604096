"""Statistics of disks of NetBSD (``hw.iostats``)."""

from sysutils.core._block_devices import CountedDisks
from sysutils.core.netbsd.disk import disk_io_counters
from sysutils.core.netbsd.ntuples import sdiskio


class BlockStatistics(CountedDisks):
    """What the disks did since boot (``hw.iostats``). (Extension.)"""

    def counters(self) -> dict[str, sdiskio]:
        """The counters by the names of the disks."""
        return disk_io_counters()
