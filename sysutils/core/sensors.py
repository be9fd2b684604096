"""Sensors of the hardware: temperatures, fans, battery."""

from typing import TYPE_CHECKING

from sysutils.core._ntuples import shwtemp
from sysutils.core._platform import backend

if TYPE_CHECKING:
    from sysutils.core._contract import Sensors
    from sysutils.core._ntuples import sbattery, sfan

_os: "Sensors" = backend("sensors")


def sensors_temperatures(fahrenheit: bool = False) -> "dict[str, list[shwtemp]]":
    """Temperatures in degrees Celsius: ``{chip: [(label, current, high, critical), …]}``.

    ``{}`` where nothing can be told; ``high`` and ``critical`` are None where not known, and the same
    where one of them is."""
    return {
        chip: [_temperature(fahrenheit, *row) for row in rows]
        for chip, rows in _os.sensors_temperatures().items()
    }


def _temperature(
    fahrenheit: bool, label: str, current: float, high: float | None, critical: float | None
) -> shwtemp:
    if fahrenheit:
        current = _fahrenheit(current)
        high = None if high is None else _fahrenheit(high)
        critical = None if critical is None else _fahrenheit(critical)
    if high and not critical:
        critical = high
    elif critical and not high:
        high = critical
    return shwtemp(label, current, high, critical)


def _fahrenheit(degrees: float) -> float:
    return degrees * 9 / 5 + 32


def sensors_fans() -> "dict[str, list[sfan]]":
    """Speeds of fans in turns a minute: ``{chip: [(label, current), …]}``; ``{}`` without fans."""
    return _os.sensors_fans()


def sensors_battery() -> "sbattery | None":
    """``(percent, secsleft, power_plugged)`` of the battery; None if there is none.

    ``secsleft`` is POWER_TIME_UNLIMITED with ``power_plugged`` and POWER_TIME_UNKNOWN where it can't be
    told; ``power_plugged`` is None where that can't be told."""
    return _os.sensors_battery()
