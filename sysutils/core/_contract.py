"""What a domain module of an operating system must offer: Protocols, for the type checker alone."""

import os
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sysutils.core._ntuples import sdiskpart, sdiskusage, sswap, suser

    # another system brings tuples of its own: choose by sys.platform here, and nowhere else
    from sysutils.core.linux.ntuples import svmem as svmem  # noqa: PLC0414


class Mem(Protocol):
    """``mem.py``: memory."""

    def virtual_memory(self) -> "svmem": ...
    def swap_memory(self) -> "sswap": ...


class Host(Protocol):
    """``host.py``: the system as a whole."""

    def boot_time(self) -> float: ...
    def uptime(self) -> float: ...
    def getloadavg(self) -> tuple[float, float, float]: ...
    def users(self) -> "list[suser]": ...
    def user_count(self) -> int: ...


class Disk(Protocol):
    """``disk.py``: file systems."""

    def disk_partitions(self, all: bool = False) -> "list[sdiskpart]": ...
    def disk_usage(
        self, path: str | bytes | os.PathLike[str], *, timeout: float | None = None
    ) -> "sdiskusage": ...
