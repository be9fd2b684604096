"""Consoles, which are Windows' terminals."""

import ctypes

from sysutils.core.windows.errors import declare

_console_mode = declare(
    "kernel32", "GetConsoleMode", ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p
)


def is_console(descriptor: int) -> bool:
    """Whether a descriptor is a console's; os.isatty takes NUL for one. (Extension.)"""
    import msvcrt

    try:
        found: int = msvcrt.get_osfhandle(descriptor)  # type: ignore[attr-defined,unused-ignore]
    except OSError:
        return False
    mode = ctypes.c_uint32()
    return bool(_console_mode(found, ctypes.addressof(mode)))
