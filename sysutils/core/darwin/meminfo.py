"""Memory by the names that Linux has for it."""

from sysutils.core.bsd import sysctl
from sysutils.core.darwin import mach
from sysutils.core.darwin.host import page_size
from sysutils.core.darwin.mem import swap


def meminfo() -> dict[str, int]:
    """Memory in bytes by Linux' names, those that this system can tell (``host_statistics64``). (Extension.)

    ``Cached`` is memory with a file behind it, ``AnonPages`` the rest; ``MemAvailable`` is what is free or
    inactive, as ``virtual_memory()`` has it."""
    pages, size, paging = mach.vm_statistics(), page_size(), swap()
    free, inactive = pages.free_count, pages.inactive_count
    return {
        "MemTotal": sysctl.number_of("hw.memsize"),
        "MemFree": (free - pages.speculative_count) * size,
        "MemAvailable": (free + inactive) * size,
        "Cached": pages.external_page_count * size,
        "SwapCached": 0,
        "Active": pages.active_count * size,
        "Inactive": inactive * size,
        "Unevictable": pages.wire_count * size,
        "SwapTotal": paging.xsu_total,
        "SwapFree": paging.xsu_avail,
        "AnonPages": pages.internal_page_count * size,
    }
