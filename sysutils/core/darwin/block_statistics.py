"""Statistics of disks, by IOKit."""

from sysutils.core._block_devices import CountedDisks
from sysutils.core.darwin.disk import disk_io_counters
from sysutils.core.darwin.ntuples import sdiskio


class BlockStatistics(CountedDisks):
    """What the disks did since boot (IOKit). (Extension.)"""

    def counters(self) -> dict[str, sdiskio]:
        """The counters by the names of the disks."""
        return disk_io_counters()
