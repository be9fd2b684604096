"""The kernel's statistics (libkstat): a chain of named rows, each read when its figures are asked for."""

import ctypes
import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sysutils.core import _native
from sysutils.core._locks import Lock
from sysutils.core.sunos import layout

_MEMBERS = {
    layout.KSTAT_DATA_INT32: "i32", layout.KSTAT_DATA_UINT32: "ui32", layout.KSTAT_DATA_INT64: "i64",
    layout.KSTAT_DATA_UINT64: "ui64",
}  # fmt: skip
_lock = Lock()
_opened: int | None = None


class Row(NamedTuple):
    """One row of the chain; ``place`` is its address."""

    module: str
    instance: int
    name: str
    kind: int
    group: str
    place: int
    control: int

    def _read(self) -> layout.kstat | None:
        """With fresh figures; None for a row that is gone, or that has none now."""
        kstat_read = _native.function(
            "kstat", "kstat_read", ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p
        )
        if kstat_read(self.control, self.place, None) == -1:
            code = _native.last_error()
            if code in {errno.ENXIO, errno.EAGAIN, errno.EIO}:
                return None
            raise _native.os_error(code)
        found = layout.kstat.from_address(self.place)
        return found if found.ks_data else None

    def named(self) -> dict[str, Any]:
        """The figures of a row of named ones, ``{}`` where there are none. Raises OSError."""
        found = self._read()
        if found is None:
            return {}
        size = ctypes.sizeof(layout.kstat_named)
        count = min(found.ks_ndata, found.ks_data_size // size)
        rows = (layout.kstat_named * count).from_address(found.ks_data)
        return {row.name.decode(errors="replace"): _value(row) for row in rows}

    def io(self) -> layout.kstat_io | None:
        """The figures of a disk. Raises OSError."""
        found = self._read()
        if found is None or found.ks_data_size < ctypes.sizeof(layout.kstat_io):
            return None
        data = ctypes.string_at(found.ks_data, ctypes.sizeof(layout.kstat_io))
        return layout.kstat_io.from_buffer_copy(data)


def _value(row: layout.kstat_named) -> Any:
    member = _MEMBERS.get(row.data_type)
    if member is not None:
        return getattr(row.value, member)
    if row.data_type == layout.KSTAT_DATA_CHAR:
        return row.value.c.decode(errors="replace")
    if row.data_type == layout.KSTAT_DATA_STRING and row.value.str.addr:
        return ctypes.string_at(row.value.str.addr).decode(errors="replace")
    return None


def _open() -> int:
    """The chain, brought up to date."""
    global _opened  # noqa: PLW0603
    if _opened is None:
        found = _native.function("kstat", "kstat_open", ctypes.c_void_p)()
        if not found:
            raise _native.os_error(_native.last_error())
        _opened = found
        return found
    update = _native.function("kstat", "kstat_chain_update", ctypes.c_int, ctypes.c_void_p)
    if update(_opened) == -1:
        raise _native.os_error(_native.last_error())
    return _opened


@contextmanager
def rows(wanted: Callable[[Row], bool]) -> Iterator[Iterator[Row]]:
    """The rows of the chain that are wanted; meanwhile no other thread may change it. Raises OSError."""
    with _lock.held:
        control = _open()
        yield filter(wanted, _walk(control))


def _walk(control: int) -> Iterator[Row]:
    place = layout.kstat_ctl.from_address(control).kc_chain
    while place:
        found = layout.kstat.from_address(place)
        yield Row(
            _text(found.ks_module), found.ks_instance, _text(found.ks_name), found.ks_type,
            _text(found.ks_class), place, control,
        )  # fmt: skip
        place = found.ks_next


def _text(data: bytes) -> str:
    return data.decode(errors="replace")


def named(module: str, name: str | None = None) -> dict[tuple[int, str], dict[str, Any]]:
    """``{(instance, name): figures}`` of a module's rows, or of those of one name. Raises OSError."""

    def wanted(row: Row) -> bool:
        return (
            row.kind == layout.KSTAT_TYPE_NAMED
            and row.module == module
            and (name is None or row.name == name)
        )

    with rows(wanted) as found:
        return {(row.instance, row.name): row.named() for row in found}
