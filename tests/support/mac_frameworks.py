"""CoreFoundation and IOKit of a Mac that a test makes: no header of theirs is at hand, so this is from
documentation alone."""

from __future__ import annotations

import ctypes
from typing import Any

from sysutils.core.darwin.iokit import CORE_FOUNDATION, IOKIT

_TYPES = ("CFNumber", "CFString", "CFBoolean", "CFData", "CFDictionary", "CFArray")
_OF = {
    bool: "CFBoolean",
    int: "CFNumber",
    str: "CFString",
    bytes: "CFData",
    dict: "CFDictionary",
    list: "CFArray",
}


class Foundation:
    """Objects are numbers, counted: what was made must be given back, and only that."""

    def __init__(self) -> None:
        self._objects: dict[int, Any] = {}
        self._next = 0x500000
        self.owned: dict[int, int] = {}
        self._kept: list[Any] = []
        for number, name in enumerate(_TYPES, 1):
            setattr(self, f"{name}GetTypeID", lambda number=number: number)

    def hold(self, value: Any, *, owned: bool = False) -> int:
        """An object for a value of Python; ``owned`` where the caller is to give it back."""
        self._next += 16
        self._objects[self._next] = value
        if owned:
            self.owned[self._next] = 1
        return self._next

    def CFRelease(self, thing: int) -> None:
        del self.owned[thing]

    def CFGetTypeID(self, thing: int) -> int:
        return _TYPES.index(_OF[type(self._objects[thing])]) + 1

    def CFStringCreateWithCString(self, _allocator: int, text: bytes, encoding: int) -> int:
        assert encoding == 0x08000100
        return self.hold(text.decode(), owned=True)

    def CFStringGetLength(self, thing: int) -> int:
        return len(self._objects[thing])

    def CFStringGetCString(self, thing: int, room: int, size: int, _encoding: int) -> int:
        raw = self._objects[thing].encode() + b"\0"
        if len(raw) > size:
            return 0
        ctypes.memmove(room, raw, len(raw))
        return 1

    def CFNumberGetValue(self, thing: int, kind: int, room: int) -> int:
        assert kind == 4
        ctypes.c_int64.from_address(room).value = self._objects[thing]
        return 1

    def CFBooleanGetValue(self, thing: int) -> int:
        return int(self._objects[thing])

    def CFDataGetLength(self, thing: int) -> int:
        return len(self._objects[thing])

    def CFDataGetBytePtr(self, thing: int) -> int:
        self._kept.append(ctypes.create_string_buffer(self._objects[thing]))
        return ctypes.addressof(self._kept[-1])

    def CFDictionaryGetValue(self, thing: int, key: int) -> int | None:
        found = self._objects[thing].get(self._objects[key])
        return None if found is None else self.hold(found)

    def CFArrayGetCount(self, thing: int) -> int:
        return len(self._objects[thing])

    def CFArrayGetValueAtIndex(self, thing: int, place: int) -> int:
        return self.hold(self._objects[thing][place])


class Registry:
    """IOKit: ``media`` are (properties, driver's class, its properties), ``devices`` (name, properties)."""

    def __init__(self, foundation: Foundation) -> None:
        self._foundation = foundation
        self.media: list[tuple[dict[str, Any], str, dict[str, Any]]] = []
        self.devices: list[tuple[str, dict[str, Any]]] = []
        self.sources: list[dict[str, Any]] = []
        #: objects given out
        self.open: dict[int, Any] = {}
        self._next = 0x900

    def _give(self, thing: Any) -> int:
        self._next += 1
        self.open[self._next] = thing
        return self._next

    def IOServiceMatching(self, name: bytes) -> int:
        return self._foundation.hold({"class": name.decode()})

    def IOServiceGetMatchingServices(self, _port: int, matching: int, place: int) -> int:
        kind = self._foundation._objects[matching]["class"]
        known: dict[str, list[Any]] = {"IOMedia": self.media, "AppleARMIODevice": self.devices}
        rows = list(known[kind])
        ctypes.c_uint32.from_address(place).value = self._give(rows)
        return 0

    def IOIteratorNext(self, iterator: int) -> int:
        rows = self.open[iterator]
        return self._give(rows.pop(0)) if rows else 0

    def IOObjectRelease(self, thing: int) -> int:
        del self.open[thing]
        return 0

    def IORegistryEntryGetParentEntry(self, entry: int, plane: bytes, place: int) -> int:
        assert plane == b"IOService"
        _, kind, properties = self.open[entry]
        if not kind:
            return 5
        ctypes.c_uint32.from_address(place).value = self._give((kind, properties))
        return 0

    def IOObjectConformsTo(self, thing: int, name: bytes) -> int:
        return int(self.open[thing][0] == name.decode())

    def IORegistryEntryGetName(self, thing: int, room: int) -> int:
        name = self.open[thing][0].encode() + b"\0"
        ctypes.memmove(room, name, len(name))
        return 0

    def IORegistryEntryCreateCFProperties(self, entry: int, place: int, _a: int, _o: int) -> int:
        thing = self.open[entry]
        properties = thing[0] if isinstance(thing[0], dict) else thing[1]
        made = self._foundation.hold(properties, owned=True)
        ctypes.c_void_p.from_address(place).value = made
        return 0

    def IOPSCopyPowerSourcesInfo(self) -> int:
        return self._foundation.hold({}, owned=True)

    def IOPSCopyPowerSourcesList(self, _blob: int) -> int:
        return self._foundation.hold(self.sources, owned=True)

    def IOPSGetPowerSourceDescription(self, _blob: int, source: int) -> int:
        return source


def frameworks() -> tuple[Foundation, Registry]:
    """The two of a Mac without disks and batteries."""
    foundation = Foundation()
    return foundation, Registry(foundation)


def libraries() -> dict[str, object]:
    """The frameworks by the paths that they are loaded from."""
    return named(*frameworks())


def named(foundation: Foundation, registry: Registry) -> dict[str, object]:
    """The two by the paths that they are loaded from."""
    return {CORE_FOUNDATION: foundation, IOKIT: registry}
