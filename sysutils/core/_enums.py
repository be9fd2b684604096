"""Constants: str and int enums whose members equal, print and dump as psutil 7.2.2's plain values."""

import enum
import socket
from typing import Any


class _StrEnum(str, enum.Enum):
    """A str whose ``str()``, ``format()`` and JSON are the plain value on every Python."""

    def __str__(self) -> str:
        return str(self.value)

    def __format__(self, spec: str) -> str:
        return format(str(self.value), spec)


class ProcessStatus(_StrEnum):
    """What a process is doing (``Process.status()``)."""

    STATUS_RUNNING = "running"
    STATUS_SLEEPING = "sleeping"
    STATUS_DISK_SLEEP = "disk-sleep"
    STATUS_STOPPED = "stopped"
    STATUS_TRACING_STOP = "tracing-stop"
    STATUS_ZOMBIE = "zombie"
    STATUS_DEAD = "dead"
    STATUS_WAKE_KILL = "wake-kill"
    STATUS_WAKING = "waking"
    STATUS_IDLE = "idle"
    STATUS_LOCKED = "locked"
    STATUS_WAITING = "waiting"
    STATUS_SUSPENDED = "suspended"
    STATUS_PARKED = "parked"


class ConnectionStatus(_StrEnum):
    """State of a TCP connection; ``CONN_NONE`` for every other kind of socket."""

    CONN_ESTABLISHED = "ESTABLISHED"
    CONN_SYN_SENT = "SYN_SENT"
    CONN_SYN_RECV = "SYN_RECV"
    CONN_FIN_WAIT1 = "FIN_WAIT1"
    CONN_FIN_WAIT2 = "FIN_WAIT2"
    CONN_TIME_WAIT = "TIME_WAIT"
    CONN_CLOSE = "CLOSE"
    CONN_CLOSE_WAIT = "CLOSE_WAIT"
    CONN_LAST_ACK = "LAST_ACK"
    CONN_LISTEN = "LISTEN"
    CONN_CLOSING = "CLOSING"
    CONN_NONE = "NONE"


class NicDuplex(enum.IntEnum):
    """Duplex mode of a network interface."""

    NIC_DUPLEX_FULL = 2
    NIC_DUPLEX_HALF = 1
    NIC_DUPLEX_UNKNOWN = 0


class BatteryTime(enum.IntEnum):
    """Special values of ``sensors_battery().secsleft``."""

    POWER_TIME_UNKNOWN = -1
    POWER_TIME_UNLIMITED = -2


class ProcessIOPriority(enum.IntEnum):
    """I/O scheduling classes of Linux (ioprio_set(2))."""

    IOPRIO_CLASS_NONE = 0
    IOPRIO_CLASS_RT = 1
    IOPRIO_CLASS_BE = 2
    IOPRIO_CLASS_IDLE = 3


def _members(*enums: type[enum.Enum]) -> dict[str, enum.Enum]:
    return {name: member for kind in enums for name, member in kind.__members__.items()}


_CONSTANTS = _members(ProcessStatus, ConnectionStatus, NicDuplex, BatteryTime, ProcessIOPriority)


def __getattr__(name: str) -> Any:
    """Every member by its own name (``STATUS_RUNNING``, ``CONN_LISTEN``, …), and ``AF_LINK``."""
    if name == "AF_LINK":
        return address_family().AF_LINK
    try:
        return _CONSTANTS[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None


_family: Any = None


def address_family() -> Any:
    """IntEnum ``AddressFamily`` with the one member AF_LINK: hardware addresses of an interface."""
    global _family  # noqa: PLW0603
    if _family is None:
        value = getattr(socket, "AF_LINK", getattr(socket, "AF_PACKET", -1))
        _family = enum.IntEnum("AddressFamily", {"AF_LINK": value})
    return _family
