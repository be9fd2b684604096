"""The one place that knows which operating system this is."""

import sys
from importlib import import_module
from types import ModuleType

POSIX = sys.platform != "win32"
WINDOWS = sys.platform == "win32"
LINUX = sys.platform.startswith(("linux", "android"))
MACOS = sys.platform == "darwin"
OSX = MACOS
FREEBSD = sys.platform.startswith(("freebsd", "midnightbsd"))
OPENBSD = sys.platform.startswith("openbsd")
NETBSD = sys.platform.startswith("netbsd")
BSD = FREEBSD or OPENBSD or NETBSD
SUNOS = sys.platform.startswith(("sunos", "solaris"))
AIX = sys.platform.startswith("aix")

#: ``sys.platform`` prefix -> package below ``sysutils.core``
_PACKAGES = {"linux": "linux", "android": "linux"}


def package() -> str | None:
    """Name of the package that reads this operating system, None where there is none."""
    for prefix, name in _PACKAGES.items():
        if sys.platform.startswith(prefix):
            return name
    return None


def backend(domain: str) -> ModuleType:
    """The module that answers for ``domain`` ("process", "cpu", "net", …) on this operating system.

    Raises NotImplementedError where the operating system has no package."""
    name = package()
    if name is None:
        raise NotImplementedError(f"sysutils.core does not read {sys.platform}")
    return import_module(f"sysutils.core.{name}.{domain}")
