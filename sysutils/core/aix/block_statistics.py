"""Statistics of disks of AIX (perfstat_disk)."""

from sysutils.core._block_devices import CountedDisks
from sysutils.core.aix.disk import disk_io_counters
from sysutils.core.sysv.ntuples import sdiskio


class BlockStatistics(CountedDisks):
    """What the disks did since boot (perfstat_disk). (Extension.)"""

    def counters(self) -> dict[str, sdiskio]:
        """The counters by the names of the disks."""
        return disk_io_counters()
