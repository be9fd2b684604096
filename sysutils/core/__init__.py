"""The psutil API in pure Python: ``import sysutils.core as psutil``.

Names are loaded at their first use; importing reads nothing. What the platform lacks is a missing name.
On Linux ``PROCFS_PATH`` may be set to read another host's /proc."""

import sys

from sysutils.core._platform import AIX as AIX
from sysutils.core._platform import BSD as BSD
from sysutils.core._platform import FREEBSD as FREEBSD
from sysutils.core._platform import LINUX as LINUX
from sysutils.core._platform import MACOS as MACOS
from sysutils.core._platform import NETBSD as NETBSD
from sysutils.core._platform import OPENBSD as OPENBSD
from sysutils.core._platform import OSX as OSX
from sysutils.core._platform import POSIX as POSIX
from sysutils.core._platform import SUNOS as SUNOS
from sysutils.core._platform import SYSTEM as _SYSTEM
from sysutils.core._platform import WINDOWS as WINDOWS
from sysutils.core._platform import has_glibc as _has_glibc
from sysutils.core._platform import package as _package

#: the level of the API; the version of this library is ``sysutils.__version__``
version_info = (7, 2, 2)
__version__ = "7.2.2"
if LINUX or SUNOS or AIX:
    PROCFS_PATH = "/proc"

#: module below this package -> the names of psutil 7.2.2 that it holds, and those that 8.0 added
_API = {
    "_errors": "Error NoSuchProcess ZombieProcess AccessDenied TimeoutExpired",
    "_enums": "ProcessStatus ConnectionStatus NicDuplex BatteryTime ProcessIOPriority AF_LINK"
    " STATUS_RUNNING STATUS_SLEEPING STATUS_DISK_SLEEP STATUS_STOPPED STATUS_TRACING_STOP STATUS_ZOMBIE"
    " STATUS_DEAD STATUS_WAKING STATUS_IDLE STATUS_LOCKED STATUS_WAITING STATUS_PARKED STATUS_SUSPENDED"
    " CONN_ESTABLISHED CONN_SYN_SENT CONN_SYN_RECV CONN_FIN_WAIT1 CONN_FIN_WAIT2 CONN_TIME_WAIT CONN_CLOSE"
    " CONN_CLOSE_WAIT CONN_LAST_ACK CONN_LISTEN CONN_CLOSING CONN_NONE"
    " NIC_DUPLEX_FULL NIC_DUPLEX_HALF NIC_DUPLEX_UNKNOWN POWER_TIME_UNKNOWN POWER_TIME_UNLIMITED"
    " IOPRIO_CLASS_NONE IOPRIO_CLASS_RT IOPRIO_CLASS_BE IOPRIO_CLASS_IDLE"
    " ProcessPriority ABOVE_NORMAL_PRIORITY_CLASS BELOW_NORMAL_PRIORITY_CLASS HIGH_PRIORITY_CLASS"
    " IDLE_PRIORITY_CLASS NORMAL_PRIORITY_CLASS REALTIME_PRIORITY_CLASS"
    " IOPRIO_VERYLOW IOPRIO_LOW IOPRIO_NORMAL IOPRIO_HIGH CONN_DELETE_TCB"
    " CONN_IDLE CONN_BOUND",
    "_convert": "bytes2human",
    "posix.limits": "ProcessRlimit RLIM_INFINITY RLIMIT_AS RLIMIT_CORE RLIMIT_CPU RLIMIT_DATA RLIMIT_FSIZE"
    " RLIMIT_LOCKS RLIMIT_MEMLOCK RLIMIT_MSGQUEUE RLIMIT_NICE RLIMIT_NOFILE RLIMIT_NPROC RLIMIT_NPTS"
    " RLIMIT_RSS RLIMIT_RTPRIO RLIMIT_RTTIME RLIMIT_SBSIZE RLIMIT_SIGPENDING RLIMIT_STACK RLIMIT_SWAP",
    "process": "Process",
    "processes": "process_iter pids pid_exists",
    "popen": "Popen",
    "waiting": "wait_procs",
    "cpu": "cpu_times cpu_percent cpu_times_percent cpu_count cpu_stats cpu_freq",
    "mem": "virtual_memory swap_memory",
    "host": "boot_time getloadavg users",
    "disk": "disk_partitions disk_usage disk_io_counters",
    "heap": "heap_info heap_trim",
    "sensors": "sensors_temperatures sensors_fans sensors_battery",
    "net": "net_connections net_io_counters net_if_addrs net_if_stats",
    "windows.services": "win_service_iter win_service_get WindowsService",
}

#: names of our own, which stay out of ``__all__``; ``system`` is the package of this operating system, of
#: whose names one that it cannot offer is missing
_EXTENSIONS = {
    "table": "process_table has_fact",
    "_common": "_common _pslinux _psplatform _ppid_map",
    "host": "uptime user_count utmp_records login_records",
    "net": "net_sockets unix_sockets socket_owners net_routes net_routes6 net_protocol_stats"
    " net_multicast_groups net_interfaces net_if_details net_tables",
    "posix.signals": "SignalTarget",
    "windows.signals": "SignalTarget",
    "windows.tty": "is_console",
    "system.tty": "terminal_number",
    "posix.users": "user_name group_name user_id group_id user_names group_names",
    "windows.users": "user_name group_name user_id group_id user_names group_names",
    "system.meminfo": "meminfo",
    "system.maps": "process_mappings",
    "system.host": "loadavg CLOCK_TICKS PAGE_SIZE pid_max uname",
    "system.descriptors": "open_descriptors Descriptors",
    "system.open_sockets": "OpenSockets socket_protocol",
    "system.scheduling": "io_priority set_io_priority",
    "system.disk": "mounts filesystem_usage file_status block_devices",
    "system.block_statistics": "BlockStatistics",
    "system.block_names": "mapper_names mapped_device persistent_names persistent_device device_name",
    "system.cpu": "cpu_count_present",
    "system.interface_control": "InterfaceControl",
    "system.taskstats": "TaskStats task_delayacct",
    "system.vmstat": "vmstat",
}

#: systems -> the names that only they have; a module of one system's package need not be told here
_ONLY = {
    "netbsd": "STATUS_SUSPENDED",
    "sunos": "CONN_IDLE CONN_BOUND",
    "linux windows": "ProcessIOPriority",
    "windows": "ProcessPriority ABOVE_NORMAL_PRIORITY_CLASS BELOW_NORMAL_PRIORITY_CLASS HIGH_PRIORITY_CLASS"
    " IDLE_PRIORITY_CLASS NORMAL_PRIORITY_CLASS REALTIME_PRIORITY_CLASS IOPRIO_VERYLOW IOPRIO_LOW"
    " IOPRIO_NORMAL IOPRIO_HIGH CONN_DELETE_TCB",
    "linux": "IOPRIO_CLASS_NONE IOPRIO_CLASS_RT IOPRIO_CLASS_BE IOPRIO_CLASS_IDLE"
    " sensors_fans RLIMIT_LOCKS RLIMIT_MSGQUEUE RLIMIT_NICE RLIMIT_RTPRIO RLIMIT_RTTIME RLIMIT_SIGPENDING",
    "freebsd": "RLIMIT_NPTS RLIMIT_SBSIZE RLIMIT_SWAP",
    "linux windows darwin freebsd": "sensors_battery",
    "linux windows darwin freebsd openbsd": "cpu_freq",
    "glibc windows darwin freebsd netbsd": "heap_info heap_trim",
    "linux freebsd": "ProcessRlimit RLIM_INFINITY RLIMIT_AS RLIMIT_CORE RLIMIT_CPU RLIMIT_DATA RLIMIT_FSIZE"
    " RLIMIT_MEMLOCK RLIMIT_NOFILE RLIMIT_NPROC RLIMIT_RSS RLIMIT_STACK sensors_temperatures",
}

_FAMILIES = {"linux": LINUX, "posix": POSIX, "windows": WINDOWS}


def _names(homes: dict[str, str]) -> dict[str, str]:
    """Name -> module, of what this system has."""
    here = {_SYSTEM, "glibc"} if LINUX and _has_glibc() else {_SYSTEM}
    elsewhere = {
        name
        for systems, names in _ONLY.items()
        if here.isdisjoint(systems.split())
        for name in names.split()
    }
    return {
        name: home
        for home, names in homes.items()
        if home.startswith("_") or (_package() and _FAMILIES.get(home.partition(".")[0], True))
        for name in names.split()
        if name not in elsewhere
    }


_api = _names(_API)
_HOME = _api | _names(_EXTENSIONS)

__all__ = [  # noqa: PLE0604  # all are strings
    "AIX", "BSD", "FREEBSD", "LINUX", "MACOS", "NETBSD", "OPENBSD", "OSX", "POSIX", "SUNOS", "WINDOWS",
    "__version__", "version_info", *_api,
]  # fmt: skip
if LINUX or SUNOS or AIX:
    __all__ += ["PROCFS_PATH"]


#: as type checkers know it: importing typing would take ten times what all the rest here does
TYPE_CHECKING = False
if TYPE_CHECKING:
    from enum import IntEnum

    from sysutils.core import _common as _common
    from sysutils.core import _pslinux as _pslinux
    from sysutils.core._common import _ppid_map as _ppid_map
    from sysutils.core._convert import bytes2human as bytes2human
    from sysutils.core._enums import BatteryTime as BatteryTime
    from sysutils.core._enums import ConnectionStatus as ConnectionStatus
    from sysutils.core._enums import NicDuplex as NicDuplex
    from sysutils.core._enums import ProcessStatus as ProcessStatus
    from sysutils.core._errors import AccessDenied as AccessDenied
    from sysutils.core._errors import Error as Error
    from sysutils.core._errors import NoSuchProcess as NoSuchProcess
    from sysutils.core._errors import TimeoutExpired as TimeoutExpired
    from sysutils.core._errors import ZombieProcess as ZombieProcess
    from sysutils.core.cpu import cpu_count as cpu_count
    from sysutils.core.cpu import cpu_freq as cpu_freq
    from sysutils.core.cpu import cpu_percent as cpu_percent
    from sysutils.core.cpu import cpu_stats as cpu_stats
    from sysutils.core.cpu import cpu_times as cpu_times
    from sysutils.core.cpu import cpu_times_percent as cpu_times_percent
    from sysutils.core.disk import disk_io_counters as disk_io_counters
    from sysutils.core.disk import disk_partitions as disk_partitions
    from sysutils.core.disk import disk_usage as disk_usage
    from sysutils.core.heap import heap_info as heap_info
    from sysutils.core.heap import heap_trim as heap_trim
    from sysutils.core.host import boot_time as boot_time
    from sysutils.core.host import getloadavg as getloadavg
    from sysutils.core.host import login_records as login_records
    from sysutils.core.host import uptime as uptime
    from sysutils.core.host import user_count as user_count
    from sysutils.core.host import users as users
    from sysutils.core.host import utmp_records as utmp_records
    from sysutils.core.mem import swap_memory as swap_memory
    from sysutils.core.mem import virtual_memory as virtual_memory
    from sysutils.core.net import net_connections as net_connections
    from sysutils.core.net import net_if_addrs as net_if_addrs
    from sysutils.core.net import net_if_details as net_if_details
    from sysutils.core.net import net_if_stats as net_if_stats
    from sysutils.core.net import net_interfaces as net_interfaces
    from sysutils.core.net import net_io_counters as net_io_counters
    from sysutils.core.net import net_multicast_groups as net_multicast_groups
    from sysutils.core.net import net_protocol_stats as net_protocol_stats
    from sysutils.core.net import net_routes as net_routes
    from sysutils.core.net import net_routes6 as net_routes6
    from sysutils.core.net import net_sockets as net_sockets
    from sysutils.core.net import net_tables as net_tables
    from sysutils.core.net import socket_owners as socket_owners
    from sysutils.core.net import unix_sockets as unix_sockets
    from sysutils.core.popen import Popen as Popen
    from sysutils.core.process import Process as Process
    from sysutils.core.processes import pid_exists as pid_exists
    from sysutils.core.processes import pids as pids
    from sysutils.core.processes import process_iter as process_iter
    from sysutils.core.sensors import sensors_battery as sensors_battery
    from sysutils.core.sensors import sensors_fans as sensors_fans
    from sysutils.core.sensors import sensors_temperatures as sensors_temperatures
    from sysutils.core.table import has_fact as has_fact
    from sysutils.core.table import process_table as process_table
    from sysutils.core.waiting import wait_procs as wait_procs

    _psplatform = _pslinux
    AF_LINK: int
    STATUS_RUNNING = ProcessStatus.STATUS_RUNNING
    STATUS_SLEEPING = ProcessStatus.STATUS_SLEEPING
    STATUS_DISK_SLEEP = ProcessStatus.STATUS_DISK_SLEEP
    STATUS_STOPPED = ProcessStatus.STATUS_STOPPED
    STATUS_TRACING_STOP = ProcessStatus.STATUS_TRACING_STOP
    STATUS_ZOMBIE = ProcessStatus.STATUS_ZOMBIE
    STATUS_DEAD = ProcessStatus.STATUS_DEAD
    STATUS_WAKING = ProcessStatus.STATUS_WAKING
    STATUS_IDLE = ProcessStatus.STATUS_IDLE
    STATUS_LOCKED = ProcessStatus.STATUS_LOCKED
    STATUS_WAITING = ProcessStatus.STATUS_WAITING
    STATUS_PARKED = ProcessStatus.STATUS_PARKED
    CONN_ESTABLISHED = ConnectionStatus.CONN_ESTABLISHED
    CONN_SYN_SENT = ConnectionStatus.CONN_SYN_SENT
    CONN_SYN_RECV = ConnectionStatus.CONN_SYN_RECV
    CONN_FIN_WAIT1 = ConnectionStatus.CONN_FIN_WAIT1
    CONN_FIN_WAIT2 = ConnectionStatus.CONN_FIN_WAIT2
    CONN_TIME_WAIT = ConnectionStatus.CONN_TIME_WAIT
    CONN_CLOSE = ConnectionStatus.CONN_CLOSE
    CONN_CLOSE_WAIT = ConnectionStatus.CONN_CLOSE_WAIT
    CONN_LAST_ACK = ConnectionStatus.CONN_LAST_ACK
    CONN_LISTEN = ConnectionStatus.CONN_LISTEN
    CONN_CLOSING = ConnectionStatus.CONN_CLOSING
    CONN_NONE = ConnectionStatus.CONN_NONE
    NIC_DUPLEX_FULL = NicDuplex.NIC_DUPLEX_FULL
    NIC_DUPLEX_HALF = NicDuplex.NIC_DUPLEX_HALF
    NIC_DUPLEX_UNKNOWN = NicDuplex.NIC_DUPLEX_UNKNOWN
    POWER_TIME_UNKNOWN = BatteryTime.POWER_TIME_UNKNOWN
    POWER_TIME_UNLIMITED = BatteryTime.POWER_TIME_UNLIMITED
    # Linux's; a second package makes this one of a chain by sys.platform
    from sysutils.core._enums import ProcessIOPriority as ProcessIOPriority
    from sysutils.core.linux.block_names import device_name as device_name
    from sysutils.core.linux.block_names import mapped_device as mapped_device
    from sysutils.core.linux.block_names import mapper_names as mapper_names
    from sysutils.core.linux.block_names import persistent_device as persistent_device
    from sysutils.core.linux.block_names import persistent_names as persistent_names
    from sysutils.core.linux.block_statistics import BlockStatistics as BlockStatistics
    from sysutils.core.linux.cpu import cpu_count_present as cpu_count_present
    from sysutils.core.linux.descriptors import Descriptors as Descriptors
    from sysutils.core.linux.descriptors import open_descriptors as open_descriptors
    from sysutils.core.linux.disk import block_devices as block_devices
    from sysutils.core.linux.disk import file_status as file_status
    from sysutils.core.linux.disk import filesystem_usage as filesystem_usage
    from sysutils.core.linux.disk import mounts as mounts
    from sysutils.core.linux.host import CLOCK_TICKS as CLOCK_TICKS
    from sysutils.core.linux.host import PAGE_SIZE as PAGE_SIZE
    from sysutils.core.linux.host import loadavg as loadavg
    from sysutils.core.linux.host import pid_max as pid_max
    from sysutils.core.linux.host import uname as uname
    from sysutils.core.linux.interface_control import InterfaceControl as InterfaceControl
    from sysutils.core.linux.maps import process_mappings as process_mappings
    from sysutils.core.linux.meminfo import meminfo as meminfo
    from sysutils.core.linux.open_sockets import OpenSockets as OpenSockets
    from sysutils.core.linux.open_sockets import socket_protocol as socket_protocol
    from sysutils.core.linux.scheduling import io_priority as io_priority
    from sysutils.core.linux.scheduling import set_io_priority as set_io_priority
    from sysutils.core.linux.taskstats import TaskStats as TaskStats
    from sysutils.core.linux.taskstats import task_delayacct as task_delayacct
    from sysutils.core.linux.tty import terminal_number as terminal_number
    from sysutils.core.linux.vmstat import vmstat as vmstat
    from sysutils.core.posix.signals import SignalTarget as SignalTarget
    from sysutils.core.posix.users import group_id as group_id
    from sysutils.core.posix.users import group_name as group_name
    from sysutils.core.posix.users import group_names as group_names
    from sysutils.core.posix.users import user_id as user_id
    from sysutils.core.posix.users import user_name as user_name
    from sysutils.core.posix.users import user_names as user_names

    IOPRIO_CLASS_NONE: ProcessIOPriority
    IOPRIO_CLASS_RT: ProcessIOPriority
    IOPRIO_CLASS_BE: ProcessIOPriority
    IOPRIO_CLASS_IDLE: ProcessIOPriority
    ProcessRlimit: type[IntEnum]
    RLIM_INFINITY: int
    RLIMIT_AS: int
    RLIMIT_CORE: int
    RLIMIT_CPU: int
    RLIMIT_DATA: int
    RLIMIT_FSIZE: int
    RLIMIT_LOCKS: int
    RLIMIT_MEMLOCK: int
    RLIMIT_MSGQUEUE: int
    RLIMIT_NICE: int
    RLIMIT_NOFILE: int
    RLIMIT_NPROC: int
    RLIMIT_RSS: int
    RLIMIT_RTPRIO: int
    RLIMIT_RTTIME: int
    RLIMIT_SIGPENDING: int
    RLIMIT_STACK: int

    if sys.platform == "win32":
        from sysutils.core._enums import ProcessPriority as ProcessPriority
        from sysutils.core.windows.services import WindowsService as WindowsService
        from sysutils.core.windows.services import win_service_get as win_service_get
        from sysutils.core.windows.services import win_service_iter as win_service_iter
        from sysutils.core.windows.tty import is_console as is_console

        CONN_DELETE_TCB = ConnectionStatus.CONN_DELETE_TCB
        IOPRIO_VERYLOW = ProcessIOPriority.IOPRIO_VERYLOW
        IOPRIO_LOW = ProcessIOPriority.IOPRIO_LOW
        IOPRIO_NORMAL = ProcessIOPriority.IOPRIO_NORMAL
        IOPRIO_HIGH = ProcessIOPriority.IOPRIO_HIGH
        ABOVE_NORMAL_PRIORITY_CLASS = ProcessPriority.ABOVE_NORMAL_PRIORITY_CLASS
        BELOW_NORMAL_PRIORITY_CLASS = ProcessPriority.BELOW_NORMAL_PRIORITY_CLASS
        HIGH_PRIORITY_CLASS = ProcessPriority.HIGH_PRIORITY_CLASS
        IDLE_PRIORITY_CLASS = ProcessPriority.IDLE_PRIORITY_CLASS
        NORMAL_PRIORITY_CLASS = ProcessPriority.NORMAL_PRIORITY_CLASS
        REALTIME_PRIORITY_CLASS = ProcessPriority.REALTIME_PRIORITY_CLASS
else:

    def __getattr__(name):
        home = _HOME.get(name)
        if home is None:
            text = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(text, name=name, obj=sys.modules.get(__name__))
        module = _load(home)
        if module is None or not hasattr(module, name):
            text = f"module {__name__!r} has no attribute {name!r} on {sys.platform}"
            raise AttributeError(text, name=name, obj=sys.modules.get(__name__))
        value = globals()[name] = getattr(module, name)
        return value

    def __dir__():
        return sorted({*globals(), *_HOME})

    def _load(home):
        family, _, rest = home.partition(".")
        path = f"{__name__}.{_SYSTEM}.{rest}" if family == "system" else f"{__name__}.{home}"
        if home == "cpu" and getattr(sys.modules.get(__name__), "__dict__", None) is not globals():
            return _own(path)
        try:
            __import__(path)
        except ModuleNotFoundError as error:
            if error.name != path or family != "system":
                raise
            return None  # no module for that on this system
        return sys.modules[path]

    def _own(path):
        """A module loaded for this copy of the package alone: its CPU percentages start afresh."""
        from importlib.util import find_spec, module_from_spec

        if path not in _own_modules:
            spec = find_spec(path)
            _own_modules[path] = module_from_spec(spec)
            spec.loader.exec_module(_own_modules[path])
        return _own_modules[path]

    _own_modules = {}
