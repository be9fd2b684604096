"""The battery, by IOKit."""

from sysutils.core._enums import BatteryTime
from sysutils.core._ntuples import sbattery
from sysutils.core.darwin import iokit


def sensors_battery() -> sbattery | None:
    """``(percent, secsleft, power_plugged)`` of the first battery; None if there is none (IOKit)."""
    for source in iokit.power_sources():
        charge, whole = source["Current Capacity"], source["Max Capacity"] or 100
        if charge is None:
            continue
        plugged = source["Power Source State"] == "AC Power"
        minutes = source["Time to Empty"]
        left: int = (
            BatteryTime.POWER_TIME_UNLIMITED if plugged
            else BatteryTime.POWER_TIME_UNKNOWN if minutes is None or minutes < 0
            else minutes * 60
        )  # fmt: skip
        return sbattery(round(charge * 100 / whole), left, plugged)
    return None
