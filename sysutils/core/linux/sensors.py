"""Temperatures, fans and batteries of Linux: hwmon, thermal and power_supply below /sys/class."""

import os
from collections.abc import Callable, Iterable
from typing import TypeVar

from sysutils.core._enums import BatteryTime
from sysutils.core._ntuples import sbattery, sfan
from sysutils.core.linux import procfs

T = TypeVar("T")
#: label, degrees Celsius now, where it is high, where it is critical
Temperature = tuple[str, float, float | None, float | None]


def _read(path: bytes) -> bytes | None:
    try:
        return procfs.read_record(path, 256)
    except OSError:
        return None


def _text(path: bytes) -> str | None:
    data = _read(path)
    return None if data is None else os.fsdecode(data).strip()


def _degrees(path: bytes) -> float | None:
    """A file that tells thousandths of a degree Celsius; None if it can't be read."""
    data = _read(path)
    try:
        return None if data is None else float(data) / 1000.0
    except ValueError:
        return None


def _names(path: bytes) -> list[bytes]:
    try:
        return procfs.names(path)
    except OSError:
        return []


def _devices(kind: bytes, prefix: bytes) -> list[bytes]:
    """Directories below ``/sys/class/<kind>`` whose names begin with ``prefix``, by name."""
    base = procfs.sys_root + b"/class/" + kind
    return [base + b"/" + name for name in sorted(_names(base)) if name.startswith(prefix)]


# --- hwmon: temp1_input, temp1_max, temp1_crit, temp1_label, fan1_input, fan1_label, name

#: a sensor (``…/hwmon0/temp1``) -> what stands in its directory
_Sensors = dict[bytes, set[bytes]]


def _sensors(kind: bytes, directories: Iterable[bytes]) -> _Sensors:
    found = {}
    for directory in directories:
        names = set(_names(directory))
        for name in names:
            if name.startswith(kind) and b"_" in name:
                found[directory + b"/" + name.partition(b"_")[0]] = names
    return found


def _by_chip(
    sensors: _Sensors, read: Callable[[bytes, set[bytes]], T | None]
) -> dict[str, list[T]]:
    """What ``read`` tells of each sensor, by the chip's name; what cannot be read is left out."""
    found: dict[str, list[T]] = {}
    chips: dict[bytes, str | None] = {}
    for base in sorted(sensors):
        directory = base.rpartition(b"/")[0]
        if directory not in chips:
            chips[directory] = _text(directory + b"/name")
        chip, told = chips[directory], read(base, sensors[base])
        if chip is not None and told is not None:
            found.setdefault(chip, []).append(told)
    return found


def _label(base: bytes, names: set[bytes]) -> str:
    known = base.rpartition(b"/")[2] + b"_label" in names
    return (_text(base + b"_label") or "") if known else ""


def _temperature(base: bytes, names: set[bytes]) -> Temperature | None:
    sensor = base.rpartition(b"/")[2]
    current, high, critical = (
        _degrees(base + suffix) if sensor + suffix in names else None
        for suffix in (b"_input", b"_max", b"_crit")
    )
    return None if current is None else (_label(base, names), current, high, critical)


def sensors_temperatures() -> dict[str, list[Temperature]]:
    """Temperatures in degrees Celsius by the name of the chip (``hwmon``, else ``thermal``)."""
    devices = _devices(b"hwmon", b"hwmon")
    # old kernels have the files in the device itself
    sensors = _sensors(b"temp", devices) | _sensors(
        b"temp", [path + b"/device" for path in devices]
    )
    if not sensors:
        sensors = _sensors(b"temp", _core_devices())
    return _by_chip(sensors, _temperature) if sensors else _thermal_zones()


def _core_devices() -> list[bytes]:
    """The hwmon devices of Intel's CPUs, where ``/sys/class/hwmon`` does not lead there."""
    base = procfs.sys_root + b"/devices/platform"
    found = []
    for name in _names(base):
        if name.startswith(b"coretemp."):
            path = base + b"/" + name + b"/hwmon"
            found += [path + b"/" + device for device in _names(path)]
    return found


def _fan(base: bytes, names: set[bytes]) -> sfan | None:
    speed = _number(base + b"_input")
    return None if speed is None else sfan(_label(base, names), speed)


def sensors_fans() -> dict[str, list[sfan]]:
    """Speeds of fans in turns a minute by the name of the chip (``hwmon``)."""
    devices = _devices(b"hwmon", b"hwmon")
    if not devices:
        return {}
    sensors = _sensors(b"fan", devices)
    if not sensors:
        sensors = _sensors(b"fan", [path + b"/device" for path in devices])
    return _by_chip(sensors, _fan)


def _thermal_zones() -> dict[str, list[Temperature]]:
    found: dict[str, list[Temperature]] = {}
    for zone in _devices(b"thermal", b"thermal_zone"):
        kind, current = _text(zone + b"/type"), _degrees(zone + b"/temp")
        if kind is not None and current is not None:
            limits = _trip_points(zone)
            found.setdefault(kind, []).append(("", current, limits["high"], limits["critical"]))
    return found


def _trip_points(zone: bytes) -> dict[str, float | None]:
    """Where a zone is high and critical: the lowest, should it have several."""
    found: dict[str, float | None] = {"high": None, "critical": None}
    for name in _names(zone):
        if name.startswith(b"trip_point_") and name.endswith(b"_type"):
            kind = _text(zone + b"/" + name)
            if kind in found:
                told, before = _degrees(zone + b"/" + name[:-4] + b"temp"), found[kind]
                if told is not None and (before is None or told < before):
                    found[kind] = told
    return found


# --- batteries


def _number(*paths: bytes) -> int | None:
    """The number in the first of these files that can be read; None if it is none."""
    for path in paths:
        data = _read(path)
        if data is not None:
            try:
                return int(data)
            except ValueError:
                return None
    return None


def sensors_battery() -> sbattery | None:
    """Charge of the first battery; None if there is none (``/sys/class/power_supply``)."""
    base = procfs.sys_root + b"/class/power_supply/"
    names = _names(base)
    batteries = [name for name in names if name.startswith(b"BAT") or b"battery" in name.lower()]
    if not batteries:
        return None
    root = base + min(batteries) + b"/"
    # micro watt hours and watts, or micro ampere hours and amperes
    charge = _number(root + b"energy_now", root + b"charge_now")
    full = _number(root + b"energy_full", root + b"charge_full")
    percent: float | None
    if charge is not None and full is not None:
        percent = 100.0 * charge / full if full else 0.0
    else:
        percent = _number(root + b"capacity")
        if percent is None or percent == -1:
            return None
    plugged = _plugged(base, root)
    return sbattery(percent, _seconds_left(root, charge, plugged), plugged)


def _plugged(base: bytes, root: bytes) -> bool | None:
    online = _number(base + b"AC0/online", base + b"AC/online")
    if online is not None:
        return online == 1
    status = (_text(root + b"status") or "").lower()
    return {"discharging": False, "charging": True, "full": True}.get(status)


def _seconds_left(root: bytes, charge: int | None, plugged: bool | None) -> int:
    if plugged:
        return BatteryTime.POWER_TIME_UNLIMITED
    drain = _number(root + b"power_now", root + b"current_now")
    if charge is not None and drain is not None:
        # discharging is negative with some drivers
        return int(charge / abs(drain) * 3600) if drain else BatteryTime.POWER_TIME_UNKNOWN
    minutes = _number(root + b"time_to_empty_now")
    if minutes is None or minutes < 0:
        return BatteryTime.POWER_TIME_UNKNOWN
    return minutes * 60
