"""Performance counters (pdh.dll), by their English names."""

import ctypes

from sysutils.core.windows.errors import declare
from sysutils.core.windows.layout import Layout

u32, pointer, wtext = ctypes.c_uint32, ctypes.c_void_p, ctypes.c_wchar_p
_DOUBLE = 0x200  # PDH_FMT_DOUBLE

PDH_FMT_COUNTERVALUE = Layout("PDH_FMT_COUNTERVALUE", "CStatus:I doubleValue:Q")

_open_query = declare("pdh", "PdhOpenQueryW", u32, wtext, pointer, pointer)
_close_query = declare("pdh", "PdhCloseQuery", u32, pointer)
_add_counter = declare("pdh", "PdhAddEnglishCounterW", u32, pointer, wtext, pointer, pointer)
_collect = declare("pdh", "PdhCollectQueryData", u32, pointer)
_formatted = declare("pdh", "PdhGetFormattedCounterValue", u32, pointer, u32, pointer, pointer)


class Counter:
    """One counter, asked again and again. Raises RuntimeError where Windows does not count that."""

    def __init__(self, path: str) -> None:
        query, counter = pointer(), pointer()
        _checked(_open_query(None, None, ctypes.addressof(query)), "PdhOpenQueryW")
        self._query = query.value
        try:
            added = _add_counter(self._query, path, None, ctypes.addressof(counter))
            _checked(added, "PdhAddEnglishCounterW")
        except RuntimeError:
            self.close()
            raise
        self._counter = counter.value

    def value(self) -> float:
        """What it is now."""
        _checked(_collect(self._query), "PdhCollectQueryData")
        room = ctypes.create_string_buffer(PDH_FMT_COUNTERVALUE.size)
        told = _formatted(self._counter, _DOUBLE, None, room)
        _checked(told, "PdhGetFormattedCounterValue")
        return ctypes.c_double.from_buffer(room, PDH_FMT_COUNTERVALUE.offset("doubleValue")).value

    def close(self) -> None:
        """Gives it back."""
        _close_query(self._query)


def _checked(status: int, what: str) -> None:
    if status:
        raise RuntimeError(
            f"{what} failed (0x{status & 0xFFFFFFFF:08x}): performance counters may be disabled"
        )


def read(path: str) -> float:
    """A counter's value, once."""
    counter = Counter(path)
    try:
        return counter.value()
    finally:
        counter.close()
