"""Temperatures and battery of FreeBSD (``dev.cpu.N.temperature``, ``hw.acpi.battery``)."""

from sysutils.core._enums import BatteryTime
from sysutils.core._ntuples import sbattery
from sysutils.core.bsd import sysctl
from sysutils.core.freebsd.cpu import cpu_count_logical


def _celsius(name: str) -> float | None:
    """A temperature, which the kernel has in tenths of Kelvin; whole degrees, None for none."""
    found = sysctl.optional(name)
    return float((found - 2732) // 10) if found > 0 else None


def sensors_temperatures() -> dict[str, list[tuple[str, float, float | None, float | None]]]:
    """Label, degrees Celsius, where it is high and critical, of each core."""
    rows: list[tuple[str, float, float | None, float | None]] = []
    for cpu in range(cpu_count_logical() or 0):
        current = _celsius(f"dev.cpu.{cpu}.temperature")
        if current is not None:
            limit = _celsius(f"dev.cpu.{cpu}.coretemp.tjmax")
            rows.append((f"Core {cpu}", current, limit, limit))
    return {"coretemp": rows} if rows else {}


def sensors_battery() -> sbattery | None:
    """``(percent, secsleft, power_plugged)``, None without a battery."""
    try:
        percent = sysctl.number_of("hw.acpi.battery.life")
        minutes = sysctl.number_of("hw.acpi.battery.time")
        plugged = sysctl.number_of("hw.acpi.acline") == 1
    except FileNotFoundError:
        return None
    if plugged:
        left: int = BatteryTime.POWER_TIME_UNLIMITED
    else:
        left = BatteryTime.POWER_TIME_UNKNOWN if minutes < 0 else minutes * 60
    return sbattery(percent, left, plugged)
