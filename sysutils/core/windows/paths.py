"""Paths of the kernel's object names (``\\Device\\HarddiskVolume3\\…``) as programs know them (``C:\\…``)."""

import ctypes
from time import monotonic

from sysutils.core.windows.errors import declare

u32, text = ctypes.c_uint32, ctypes.c_wchar_p

_dos_device = declare("kernel32", "QueryDosDeviceW", u32, text, ctypes.c_void_p, u32)
_logical_drives = declare("kernel32", "GetLogicalDrives", u32)

_KEEP_SECONDS = 1.0
_known: dict[str, str] = {}
_since = -_KEEP_SECONDS


def drives() -> list[str]:
    """Drives that there are: ``["C:", "D:"]``."""
    mask = _logical_drives()
    return [f"{chr(65 + place)}:" for place in range(26) if mask >> place & 1]


def wide(room: object, length: int) -> str:
    """So many UTF-16 units of a buffer as text, which ends at a NUL among them."""
    data = bytes(memoryview(room).cast("B")[: 2 * length])  # type: ignore[arg-type]
    return data.decode("utf-16-le", "surrogatepass").partition("\0")[0]


def _device_of(drive: str) -> str:
    room = ctypes.create_string_buffer(2 * 1024)
    length = _dos_device(drive, room, 1024)
    return wide(room, length) if length else ""


def _devices() -> dict[str, str]:
    """Device -> drive, looked up again after a second."""
    global _known, _since
    now = monotonic()
    if now - _since > _KEEP_SECONDS:
        found: dict[str, str] = {}
        for drive in drives():
            device = _device_of(drive)
            if device:
                found.setdefault(device.lower(), drive)
        _known, _since = found, now
    return _known


def dos_path(path: str) -> str:
    """``path`` with its device replaced by its drive; one without a drive stays as it is."""
    if not path.startswith("\\"):
        return path  # "Registry": no file
    if path.lower().startswith(("\\??\\unc\\", "\\device\\mup\\")):
        return "\\\\" + path.split("\\", 3)[3]
    if path.startswith("\\??\\"):
        return path[4:]
    lowered = path.lower()
    best = ""
    for device in _devices():
        if len(device) > len(best) and (lowered == device or lowered.startswith(device + "\\")):
            best = device
    return _known[best] + path[len(best) :] if best else path


def basename(path: str) -> str:
    """What follows the last separator of a Windows path, on any system."""
    return path.replace("/", "\\").rpartition("\\")[2]
