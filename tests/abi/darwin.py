"""macOS: the structures, numbers and functions of ``sysutils/core/darwin``, ``bsd`` and ``posix``."""

from __future__ import annotations

from sysutils.core.posix import ifaddrs
from tools.abi import Abi

ABI = Abi(
    targets=("x86_64-macos", "aarch64-macos"),
    headers=(
        "sys/param.h", "sys/types.h", "sys/sysctl.h", "sys/socket.h", "net/if.h", "net/if_dl.h",
        "ifaddrs.h",
    ),
    structures={
        "struct ifaddrs": ifaddrs.ifaddrs,
        "struct sockaddr_dl": ifaddrs.sockaddr_dl,
    },
    constants={
        "AF_INET": ifaddrs.AF_INET,
        "IFF_BROADCAST": ifaddrs.IFF_BROADCAST,
        "IFF_POINTOPOINT": ifaddrs.IFF_POINTOPOINT,
    },
    functions={
        "sysctl": "sysctl",
        "sysctlbyname": "sysctlbyname",
        "getifaddrs": "getifaddrs",
        "freeifaddrs": "freeifaddrs",
    },
)  # fmt: skip
