"""The heap of the C library in this process: ``heap_info``, ``heap_trim``."""

from typing import TYPE_CHECKING

from sysutils.core._platform import backend

if TYPE_CHECKING:
    from sysutils.core._contract import Heap

_os: "Heap" = backend("heap")

#: what the C library's allocator gave out: ``(heap_used, mmap_used)`` in bytes
heap_info = _os.heap_info

#: makes the allocator give free memory back to the system
heap_trim = _os.heap_trim
