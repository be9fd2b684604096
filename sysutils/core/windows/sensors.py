"""The battery (GetSystemPowerStatus). Windows tells programs neither temperatures nor fans."""

import ctypes

from sysutils.core._enums import BatteryTime
from sysutils.core._ntuples import sbattery
from sysutils.core.windows import errors
from sysutils.core.windows.errors import declare
from sysutils.core.windows.layout import Layout

_CHARGING, _NO_BATTERY, _UNKNOWN = 8, 128, 0xFFFFFFFF

SYSTEM_POWER_STATUS = Layout(
    "SYSTEM_POWER_STATUS",
    "ACLineStatus:B BatteryFlag:B BatteryLifePercent:B SystemStatusFlag:B BatteryLifeTime:I"
    " BatteryFullLifeTime:I",
)

_power_status = declare("kernel32", "GetSystemPowerStatus", ctypes.c_int32, ctypes.c_void_p)


def sensors_battery() -> sbattery | None:
    """Charge in percent and what is left in seconds; None without a battery."""
    room = SYSTEM_POWER_STATUS.buffer()
    if not _power_status(room):
        raise errors.last("GetSystemPowerStatus")
    told = SYSTEM_POWER_STATUS.read(room)
    if told.BatteryFlag & _NO_BATTERY:
        return None
    plugged = told.ACLineStatus == 1
    left = told.BatteryLifeTime
    if plugged or told.BatteryFlag & _CHARGING:
        left = BatteryTime.POWER_TIME_UNLIMITED
    elif left == _UNKNOWN:
        left = BatteryTime.POWER_TIME_UNKNOWN
    return sbattery(told.BatteryLifePercent, left, plugged)
