"""Statistics of disks of FreeBSD (``kern.devstat.all``)."""

from sysutils.core._block_devices import CountedDisks
from sysutils.core.bsd.ntuples import sdiskio
from sysutils.core.freebsd.disk import disk_io_counters


class BlockStatistics(CountedDisks):
    """What the disks did since boot (``kern.devstat.all``). (Extension.)"""

    def counters(self) -> dict[str, sdiskio]:
        """The counters by the names of the disks."""
        return disk_io_counters()
