"""Statistics of disks, by kstats of the class ``disk``."""

from sysutils.core._block_devices import CountedDisks
from sysutils.core.sunos.disk import disk_io_counters
from sysutils.core.sysv.ntuples import sdiskio


class BlockStatistics(CountedDisks):
    """What the disks did since boot (kstat). (Extension.)"""

    def counters(self) -> dict[str, sdiskio]:
        """The counters by the names of the disks."""
        return disk_io_counters()
