"""The one place that knows which operating system this is. It imports next to nothing: all load it."""

import sys

TYPE_CHECKING = False  # as type checkers know it, without the cost of typing
if TYPE_CHECKING:
    from typing import Any

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

#: the name of this system; its package, where there is one, has the same
SYSTEM = (
    "linux" if LINUX
    else "windows" if WINDOWS
    else "darwin" if MACOS
    else "freebsd" if FREEBSD
    else "openbsd" if OPENBSD
    else "netbsd" if NETBSD
    else "sunos" if SUNOS
    else "aix" if AIX
    else ""
)  # fmt: skip


def has_glibc() -> bool:
    """Whether the C library is GNU's: musl and Bionic lack what is only there."""
    import os

    confstr = getattr(os, "confstr", None)
    try:
        return bool(confstr and confstr("CS_GNU_LIBC_VERSION"))
    except (OSError, ValueError):
        return False


#: systems with a package below ``sysutils.core``
PACKAGES = ("linux", "windows", "darwin", "freebsd", "openbsd", "netbsd", "sunos", "aix")


def package() -> str | None:
    """Name of the package that reads this operating system, None where there is none."""
    return SYSTEM if SYSTEM in PACKAGES else None


def withdraw(names: "dict[str, Any]", module: "Any") -> None:
    """Takes the functions out of a façade's ``names`` that its system's ``module`` lacks."""
    for name, value in list(names.items()):
        own = getattr(value, "__module__", None) == names["__name__"] and hasattr(value, "__code__")
        if own and not name.startswith("_") and not hasattr(module, name):
            del names[name]


def backend(domain: str) -> "Any":
    """The module that answers for ``domain`` ("process", "cpu", "net", …) on this operating system.

    Raises NotImplementedError where the operating system has no package."""
    name = package()
    if name is None:
        raise NotImplementedError(f"sysutils.core does not read {sys.platform}")
    path = f"sysutils.core.{name}.{domain}"
    __import__(path)
    return sys.modules[path]
