"""IOKit: disks, battery, frequencies. What it tells are objects of CoreFoundation."""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sysutils.core import _native

CORE_FOUNDATION = "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation"
IOKIT = "/System/Library/Frameworks/IOKit.framework/IOKit"
UTF8 = 0x08000100
NUMBER_SINT64 = 4

_Object, _Index, _Port = ctypes.c_void_p, ctypes.c_long, ctypes.c_uint32


def _cf(name: str, result: Any, *arguments: Any) -> Any:
    return _native.function(CORE_FOUNDATION, name, result, *arguments)


def _io(name: str, result: Any, *arguments: Any) -> Any:
    return _native.function(IOKIT, name, result, *arguments)


def _release(thing: int | None) -> None:
    if thing:
        _cf("CFRelease", None, _Object)(thing)


@contextmanager
def _text(text: str) -> Iterator[int]:
    make = _cf("CFStringCreateWithCString", _Object, _Object, ctypes.c_char_p, ctypes.c_uint32)
    made = make(None, text.encode(), UTF8)
    try:
        yield made
    finally:
        _release(made)


def _kind(thing: int) -> int:
    kind: int = _cf("CFGetTypeID", ctypes.c_ulong, _Object)(thing)
    return kind


def value(thing: int | None) -> Any:
    """What a number, a text, a truth or bytes of CoreFoundation is in Python; None for other things."""
    if not thing:
        return None
    kind = _kind(thing)
    for name, read in _READERS.items():
        if kind == _cf(f"{name}GetTypeID", ctypes.c_ulong)():
            return read(thing)
    return None


def _number(thing: int) -> int:
    room = ctypes.c_int64()
    read = _cf("CFNumberGetValue", ctypes.c_uint8, _Object, _Index, ctypes.c_void_p)
    read(thing, NUMBER_SINT64, ctypes.byref(room))
    return room.value


def _string(thing: int) -> str:
    length = _cf("CFStringGetLength", _Index, _Object)(thing)
    room = ctypes.create_string_buffer(length * 4 + 1)
    read = _cf(
        "CFStringGetCString", ctypes.c_uint8, _Object, ctypes.c_void_p, _Index, ctypes.c_uint32
    )
    return room.value.decode() if read(thing, room, len(room), UTF8) else ""


def _truth(thing: int) -> bool:
    return bool(_cf("CFBooleanGetValue", ctypes.c_uint8, _Object)(thing))


def _bytes(thing: int) -> bytes:
    length = _cf("CFDataGetLength", _Index, _Object)(thing)
    return ctypes.string_at(_cf("CFDataGetBytePtr", _Object, _Object)(thing), length)


_READERS = {"CFNumber": _number, "CFString": _string, "CFBoolean": _truth, "CFData": _bytes}


def _entry(dictionary: int | None, key: str) -> int | None:
    """An entry of a dictionary, which stays the dictionary's."""
    if not dictionary:
        return None
    with _text(key) as name:
        found: int | None = _cf("CFDictionaryGetValue", _Object, _Object, _Object)(dictionary, name)
    return found


# ---- the registry


@contextmanager
def _objects(kind: str) -> Iterator[Iterator[int]]:
    """The objects of a class, each given back after its turn."""
    matching = _io("IOServiceMatching", _Object, ctypes.c_char_p)(kind.encode())
    found = _Port()
    match = _io("IOServiceGetMatchingServices", ctypes.c_int, _Port, _Object, ctypes.c_void_p)
    failed = match(0, matching, ctypes.byref(found))  # which also gives ``matching`` back
    give_back = _io("IOObjectRelease", ctypes.c_int, _Port)

    def each() -> Iterator[int]:
        if failed:
            return
        while one := _io("IOIteratorNext", _Port, _Port)(found):
            try:
                yield one
            finally:
                give_back(one)

    try:
        yield each()
    finally:
        if not failed:
            give_back(found)


@contextmanager
def _properties(entry: int) -> Iterator[int | None]:
    """The dictionary of an object of the registry."""
    room = _Object()
    ask = _io(
        "IORegistryEntryCreateCFProperties", ctypes.c_int, _Port, ctypes.c_void_p, _Object,
        ctypes.c_uint32,
    )  # fmt: skip
    ask(entry, ctypes.byref(room), None, 0)
    try:
        yield room.value
    finally:
        _release(room.value)


def _parent(entry: int) -> int:
    """What an object hangs from, 0 for nothing; to be given back."""
    found = _Port()
    ask = _io(
        "IORegistryEntryGetParentEntry", ctypes.c_int, _Port, ctypes.c_char_p, ctypes.c_void_p
    )
    return 0 if ask(entry, b"IOService", ctypes.byref(found)) else found.value


_STATISTICS = (
    "Operations (Read)", "Operations (Write)", "Bytes (Read)", "Bytes (Write)",
    "Total Time (Read)", "Total Time (Write)",
)  # fmt: skip


def disks() -> dict[str, list[int]]:
    """Of each disk by its name: reads and writes, bytes read and written, nanoseconds reading and writing."""
    found: dict[str, list[int]] = {}
    conforms = _io("IOObjectConformsTo", ctypes.c_uint8, _Port, ctypes.c_char_p)
    with _objects("IOMedia") as media:
        for medium in media:
            driver = _parent(medium)
            try:
                if driver and conforms(driver, b"IOBlockStorageDriver"):
                    row = _disk(medium, driver)
                    found.update([row] if row else [])
            finally:
                if driver:
                    _io("IOObjectRelease", ctypes.c_int, _Port)(driver)
    return found


def _disk(medium: int, driver: int) -> tuple[str, list[int]] | None:
    with _properties(medium) as of_medium, _properties(driver) as of_driver:
        name = value(_entry(of_medium, "BSD Name"))
        counters = _entry(of_driver, "Statistics")
        if not name or not counters:
            return None
        return name, [value(_entry(counters, key)) or 0 for key in _STATISTICS]


def cpu_states() -> tuple[list[float], list[float]]:
    """MHz of the steps of the efficient cores and of the fast ones, of Apple's processors; else ``[]``."""
    states: tuple[list[float], list[float]] = ([], [])
    named = _io("IORegistryEntryGetName", ctypes.c_int, _Port, ctypes.c_void_p)
    with _objects("AppleARMIODevice") as devices:
        for device in devices:
            room = ctypes.create_string_buffer(128)
            if named(device, room) == 0 and room.value == b"pmgr":
                with _properties(device) as known:
                    keys = ("voltage-states1-sram", "voltage-states5-sram")
                    efficient, fast = (
                        parse_states(value(_entry(known, key)) or b"") for key in keys
                    )
                states = efficient, fast  # and on: each object that comes is to be given back
    return states


def parse_states(data: bytes) -> list[float]:
    """MHz of each step of ``voltage-states``: pairs of a frequency and a voltage, 0 for none.

    Frequencies are in Hz, of the newest processors in kHz."""
    numbers = [
        int.from_bytes(data[at : at + 4], sys.byteorder) for at in range(0, len(data) - 7, 8)
    ]
    return [number / (1e6 if number > 100_000_000 else 1e3) for number in numbers if number]


def power_sources() -> list[dict[str, Any]]:
    """The descriptions of batteries and their like."""
    keys = ("Current Capacity", "Max Capacity", "Time to Empty", "Power Source State", "Is Present")
    found = []
    blob = _io("IOPSCopyPowerSourcesInfo", _Object)()
    sources = _io("IOPSCopyPowerSourcesList", _Object, _Object)(blob) if blob else None
    try:
        count = _cf("CFArrayGetCount", _Index, _Object)(sources) if sources else 0
        for place in range(count):
            one = _cf("CFArrayGetValueAtIndex", _Object, _Object, _Index)(sources, place)
            told = _io("IOPSGetPowerSourceDescription", _Object, _Object, _Object)(blob, one)
            found.append({key: value(_entry(told, key)) for key in keys})
    finally:
        _release(sources)
        _release(blob)
    return found
