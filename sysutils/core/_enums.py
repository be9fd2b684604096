"""Constants: str and int enums whose members equal, print and dump as psutil 7.2.2's plain values."""

import enum
import sys
from typing import Any


class _Text(str, enum.Enum):
    """A str that looks like one: ``str()``, ``repr()``, ``format()``, JSON, on every Python."""

    __str__ = str.__str__
    __repr__ = str.__repr__
    __format__ = str.__format__  # type: ignore[assignment]


class ProcessStatus(_Text):
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


class ConnectionStatus(_Text):
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
    if sys.platform == "win32":
        CONN_DELETE_TCB = "DELETE_TCB"
    if sys.platform.startswith(("sunos", "solaris")):
        CONN_IDLE = "IDLE"
        CONN_BOUND = "BOUND"


class NicDuplex(enum.IntEnum):
    """Duplex mode of a network interface."""

    NIC_DUPLEX_FULL = 2
    NIC_DUPLEX_HALF = 1
    NIC_DUPLEX_UNKNOWN = 0


class BatteryTime(enum.IntEnum):
    """Special values of ``sensors_battery().secsleft``."""

    POWER_TIME_UNKNOWN = -1
    POWER_TIME_UNLIMITED = -2


class IOPriority(enum.IntEnum):
    """I/O scheduling classes of Linux (ioprio_set(2)); I/O priorities of Windows."""

    if sys.platform == "win32":
        IOPRIO_VERYLOW = 0
        IOPRIO_LOW = 1
        IOPRIO_NORMAL = 2
        IOPRIO_HIGH = 3
    else:
        IOPRIO_CLASS_NONE = 0
        IOPRIO_CLASS_RT = 1
        IOPRIO_CLASS_BE = 2
        IOPRIO_CLASS_IDLE = 3


class Priority(enum.IntEnum):
    """Priority classes of Windows (SetPriorityClass), ``Process.nice()`` there."""

    ABOVE_NORMAL_PRIORITY_CLASS = 0x8000
    BELOW_NORMAL_PRIORITY_CLASS = 0x4000
    HIGH_PRIORITY_CLASS = 0x80
    IDLE_PRIORITY_CLASS = 0x40
    NORMAL_PRIORITY_CLASS = 0x20
    REALTIME_PRIORITY_CLASS = 0x100


#: psutil 8's names; the classes show themselves by those of 7
ProcessIOPriority = IOPriority
ProcessPriority = Priority

_KINDS: tuple[type[enum.Enum], ...] = (
    ProcessStatus, ConnectionStatus, NicDuplex, BatteryTime, ProcessIOPriority, ProcessPriority,
)  # fmt: skip
_CONSTANTS = {name: member for kind in _KINDS for name, member in kind.__members__.items()}


def __getattr__(name: str) -> Any:
    """Every member by its own name (``STATUS_RUNNING``, ``CONN_LISTEN``, …), and ``AF_LINK``."""
    if name == "AddressFamily":
        return address_family()
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
        import socket  # takes longer to load than all the rest

        value = getattr(socket, "AF_LINK", getattr(socket, "AF_PACKET", -1))
        if sys.platform == "win32":
            value = -1  # Windows has no such family
        _family = _int_enum("AddressFamily", {"AF_LINK": value})
    return _family


def _int_enum(name: str, members: dict[str, int]) -> Any:
    kind: Any = enum.IntEnum  # its call is special to type checkers, which want a literal
    return kind(name, members, module=__name__)
