"""libproc: what the kernel tells of a process to its owner and to root (``proc_pidinfo`` and its like)."""

import ctypes
import errno
import os
from collections.abc import Sequence
from typing import Any, TypeVar

from sysutils.core import _native

S = TypeVar("S", bound=ctypes.Structure)

PROC_PIDLISTFDS, PROC_PIDTASKINFO, PROC_PIDTHREADINFO, PROC_PIDLISTTHREADS = 1, 4, 5, 6
PROC_PIDREGIONPATHINFO, PROC_PIDVNODEPATHINFO, PROC_PIDPATHINFO_MAXSIZE = 8, 9, 4096
PROC_PIDFDVNODEPATHINFO, PROC_PIDFDSOCKETINFO = 2, 3
PROC_PIDFDPSHMINFO, PROC_PIDFDPIPEINFO = 5, 6
PROX_FDTYPE_VNODE, PROX_FDTYPE_SOCKET, PROX_FDTYPE_PSHM, PROX_FDTYPE_PSEM = 1, 2, 3, 4
PROX_FDTYPE_KQUEUE, PROX_FDTYPE_PIPE, PROX_FDTYPE_FSEVENTS = 5, 6, 7
PROX_FDTYPE_ATALK, PROX_FDTYPE_NETPOLICY, PROX_FDTYPE_CHANNEL, PROX_FDTYPE_NEXUS = 0, 9, 10, 11
RUSAGE_INFO_V4 = 4
MAXPATHLEN, SOCK_MAXADDRLEN = 1024, 255
TH_STATE_RUNNING, TH_STATE_STOPPED, TH_STATE_WAITING, TH_STATE_UNINTERRUPTIBLE = 1, 2, 3, 4
SOCKINFO_IN, SOCKINFO_TCP, SOCKINFO_UN = 1, 2, 3
INI_IPV4, INI_IPV6 = 1, 2

_i16, _i32, _i64 = ctypes.c_int16, ctypes.c_int32, ctypes.c_int64
_u8, _u16, _u32, _u64 = ctypes.c_uint8, ctypes.c_uint16, ctypes.c_uint32, ctypes.c_uint64


class proc_taskinfo(ctypes.Structure):
    """Memory, times (in units of mach's clock) and counters of a process."""

    _fields_ = (
        ("pti_virtual_size", _u64),
        ("pti_resident_size", _u64),
        ("pti_total_user", _u64),
        ("pti_total_system", _u64),
        ("pti_threads_user", _u64),
        ("pti_threads_system", _u64),
        ("pti_policy", _i32),
        ("pti_faults", _i32),
        ("pti_pageins", _i32),
        ("pti_cow_faults", _i32),
        ("pti_messages_sent", _i32),
        ("pti_messages_received", _i32),
        ("pti_syscalls_mach", _i32),
        ("pti_syscalls_unix", _i32),
        ("pti_csw", _i32),
        ("pti_threadnum", _i32),
        ("pti_numrunning", _i32),
        ("pti_priority", _i32),
    )


class proc_threadinfo(ctypes.Structure):
    """One thread; times in nanoseconds."""

    _fields_ = (
        ("pth_user_time", _u64),
        ("pth_system_time", _u64),
        ("pth_cpu_usage", _i32),
        ("pth_policy", _i32),
        ("pth_run_state", _i32),
        ("pth_flags", _i32),
        ("pth_sleep_time", _i32),
        ("pth_curpri", _i32),
        ("pth_priority", _i32),
        ("pth_maxpriority", _i32),
        ("pth_name", ctypes.c_char * 64),
    )


class rusage_info_v4(ctypes.Structure):
    """What a process used since its start; times in units of mach's clock."""

    _fields_ = (
        ("ri_uuid", _u8 * 16),
        ("ri_user_time", _u64),
        ("ri_system_time", _u64),
        ("ri_pkg_idle_wkups", _u64),
        ("ri_interrupt_wkups", _u64),
        ("ri_pageins", _u64),
        ("ri_wired_size", _u64),
        ("ri_resident_size", _u64),
        ("ri_phys_footprint", _u64),
        ("ri_proc_start_abstime", _u64),
        ("ri_proc_exit_abstime", _u64),
        ("ri_child_user_time", _u64),
        ("ri_child_system_time", _u64),
        ("ri_child_pkg_idle_wkups", _u64),
        ("ri_child_interrupt_wkups", _u64),
        ("ri_child_pageins", _u64),
        ("ri_child_elapsed_abstime", _u64),
        ("ri_diskio_bytesread", _u64),
        ("ri_diskio_byteswritten", _u64),
        ("ri_cpu_time_qos_default", _u64),
        ("ri_cpu_time_qos_maintenance", _u64),
        ("ri_cpu_time_qos_background", _u64),
        ("ri_cpu_time_qos_utility", _u64),
        ("ri_cpu_time_qos_legacy", _u64),
        ("ri_cpu_time_qos_user_initiated", _u64),
        ("ri_cpu_time_qos_user_interactive", _u64),
        ("ri_billed_system_time", _u64),
        ("ri_serviced_system_time", _u64),
        ("ri_logical_writes", _u64),
        ("ri_lifetime_max_phys_footprint", _u64),
        ("ri_instructions", _u64),
        ("ri_cycles", _u64),
        ("ri_billed_energy", _u64),
        ("ri_serviced_energy", _u64),
        ("ri_interval_max_phys_footprint", _u64),
        ("ri_runnable_time", _u64),
    )


class vinfo_stat(ctypes.Structure):
    """stat(2) of an open file."""

    _fields_ = (
        ("vst_dev", _u32),
        ("vst_mode", _u16),
        ("vst_nlink", _u16),
        ("vst_ino", _u64),
        ("vst_uid", _u32),
        ("vst_gid", _u32),
        ("vst_atime", _i64),
        ("vst_atimensec", _i64),
        ("vst_mtime", _i64),
        ("vst_mtimensec", _i64),
        ("vst_ctime", _i64),
        ("vst_ctimensec", _i64),
        ("vst_birthtime", _i64),
        ("vst_birthtimensec", _i64),
        ("vst_size", _i64),
        ("vst_blocks", _i64),
        ("vst_blksize", _i32),
        ("vst_flags", _u32),
        ("vst_gen", _u32),
        ("vst_rdev", _u32),
        ("vst_qspare", _i64 * 2),
    )


class _vnode_info(ctypes.Structure):
    _fields_ = (("vi_stat", vinfo_stat), ("vi_type", _i32), ("vi_pad", _i32), ("vi_fsid", _i32 * 2))


class vnode_info_path(ctypes.Structure):
    """A file and its path."""

    _fields_ = (("vip_vi", _vnode_info), ("vip_path", ctypes.c_char * MAXPATHLEN))


class proc_vnodepathinfo(ctypes.Structure):
    """Working directory and root of a process."""

    _fields_ = (("pvi_cdir", vnode_info_path), ("pvi_rdir", vnode_info_path))


class proc_fdinfo(ctypes.Structure):
    """One descriptor: its number and kind."""

    _fields_ = (("proc_fd", _i32), ("proc_fdtype", _u32))


class proc_fileinfo(ctypes.Structure):
    """How a file is open."""

    _fields_ = (
        ("fi_openflags", _u32),
        ("fi_status", _u32),
        ("fi_offset", _i64),
        ("fi_type", _i32),
        ("fi_guardflags", _u32),
    )


class vnode_fdinfowithpath(ctypes.Structure):
    """An open file."""

    _fields_ = (("pfi", proc_fileinfo), ("pvip", vnode_info_path))


class _pipe_info(ctypes.Structure):
    _fields_ = (
        ("pipe_stat", vinfo_stat),
        ("pipe_handle", _u64),
        ("pipe_peerhandle", _u64),
        ("pipe_status", _i32),
        ("_rfu_1", _i32),
    )


class pipe_fdinfo(ctypes.Structure):
    """An open end of a pipe."""

    _fields_ = (("pfi", proc_fileinfo), ("pipeinfo", _pipe_info))


class _pshm_info(ctypes.Structure):
    _fields_ = (
        ("pshm_stat", vinfo_stat),
        ("pshm_mappaddr", _u64),
        ("pshm_name", ctypes.c_char * MAXPATHLEN),
    )


class pshm_fdinfo(ctypes.Structure):
    """Open shared memory of POSIX."""

    _fields_ = (("pfi", proc_fileinfo), ("pshminfo", _pshm_info))


class in_sockinfo(ctypes.Structure):
    """Addresses of an Internet socket: IPv4 in the last four bytes, ports in network order."""

    _fields_ = (
        ("insi_fport", _i32),
        ("insi_lport", _i32),
        ("insi_gencnt", _u64),
        ("insi_flags", _u32),
        ("insi_flow", _u32),
        ("insi_vflag", _u8),
        ("insi_ip_ttl", _u8),
        ("_rfu_1", _u32),
        ("insi_faddr", _u8 * 16),
        ("insi_laddr", _u8 * 16),
        ("_insi_v4", _u8),
        ("_insi_v6", _i32 * 3),
    )


class tcp_sockinfo(ctypes.Structure):
    """A TCP socket."""

    _fields_ = (
        ("tcpsi_ini", in_sockinfo),
        ("tcpsi_state", _i32),
        ("tcpsi_timer", _i32 * 4),
        ("tcpsi_mss", _i32),
        ("tcpsi_flags", _u32),
        ("_rfu_1", _u32),
        ("tcpsi_tp", _u64),
    )


class _un_address(ctypes.Union):
    _fields_ = (("_path", ctypes.c_char * 106), ("ua_dummy", ctypes.c_char * SOCK_MAXADDRLEN))


class un_sockinfo(ctypes.Structure):
    """A UNIX socket: its own address and that of the other end, each a ``struct sockaddr_un``."""

    _fields_ = (
        ("unsi_conn_so", _u64),
        ("unsi_conn_pcb", _u64),
        ("unsi_addr", _un_address),
        ("unsi_caddr", _un_address),
    )


class sockbuf_info(ctypes.Structure):
    """A queue of a socket."""

    _fields_ = (
        ("sbi_cc", _u32),
        ("sbi_hiwat", _u32),
        ("sbi_mbcnt", _u32),
        ("sbi_mbmax", _u32),
        ("sbi_lowat", _u32),
        ("sbi_flags", _i16),
        ("sbi_timeo", _i16),
    )


class _soi_proto(ctypes.Union):
    _fields_ = (("pri_in", in_sockinfo), ("pri_tcp", tcp_sockinfo), ("pri_un", un_sockinfo))


class socket_info(ctypes.Structure):
    """A socket."""

    _fields_ = (
        ("soi_stat", vinfo_stat),
        ("soi_so", _u64),
        ("soi_pcb", _u64),
        ("soi_type", _i32),
        ("soi_protocol", _i32),
        ("soi_family", _i32),
        ("soi_options", _i16),
        ("soi_linger", _i16),
        ("soi_state", _i16),
        ("soi_qlen", _i16),
        ("soi_incqlen", _i16),
        ("soi_qlimit", _i16),
        ("soi_timeo", _i16),
        ("soi_error", _u16),
        ("soi_oobmark", _u32),
        ("soi_rcv", sockbuf_info),
        ("soi_snd", sockbuf_info),
        ("soi_kind", _i32),
        ("_rfu_1", _u32),
        ("soi_proto", _soi_proto),
    )


class socket_fdinfo(ctypes.Structure):
    """An open socket."""

    _fields_ = (("pfi", proc_fileinfo), ("psi", socket_info))


# ---- calls


def _raise(pid: int) -> None:
    """What libproc's functions leave when they answer 0."""
    code = _native.last_error()
    raise _native.os_error(code or errno.ESRCH, str(pid) if code == 0 else None)


def _pidinfo(pid: int, flavor: int, argument: int, buffer: Any, size: int) -> int:
    call = _native.function(
        "c", "proc_pidinfo", ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_uint64,
        ctypes.c_void_p, ctypes.c_int,
    )  # fmt: skip
    ctypes.set_errno(0)
    result: int = call(pid, flavor, argument, buffer, size)
    return result


def info(pid: int, flavor: int, kind: type[S], argument: int = 0) -> S:
    """A structure of a process. Raises PermissionError for what is another user's, ProcessLookupError."""
    found = kind()
    size = ctypes.sizeof(found)
    if _pidinfo(pid, flavor, argument, ctypes.byref(found), size) < size:
        _raise(pid)
    return found


#: rows that most tables have room in
_ROOM = 64


def listed(pid: int, flavor: int, kind: Any) -> Sequence[Any]:
    """A table of a process, however long. Raises OSError as ``info``.

    The size is not asked for: of some tables the kernel does not tell it."""
    one, room = ctypes.sizeof(kind), _ROOM
    while True:
        table = (kind * room)()
        size = _pidinfo(pid, flavor, 0, table, ctypes.sizeof(table))
        if size <= 0:
            if _native.last_error():
                _raise(pid)
            return ()
        if size < ctypes.sizeof(table):
            rows: Sequence[Any] = table[: size // one]
            return rows
        room *= 2  # it may go on


def of_descriptor(pid: int, fd: int, flavor: int, kind: type[S]) -> S:
    """A structure of an open descriptor. Raises OSError: it may be closed by now."""
    call = _native.function(
        "c", "proc_pidfdinfo", ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_int,
        ctypes.c_void_p, ctypes.c_int,
    )  # fmt: skip
    found = kind()
    size = ctypes.sizeof(found)
    ctypes.set_errno(0)
    if call(pid, fd, flavor, ctypes.byref(found), size) < size:
        _raise(pid)
    return found


def descriptors(pid: int) -> Sequence[proc_fdinfo]:
    """Every open descriptor of a process. Raises OSError as ``info``."""
    return listed(pid, PROC_PIDLISTFDS, proc_fdinfo)


def path(pid: int) -> bytes:
    """The program that a process runs. Raises OSError."""
    call = _native.function(
        "c", "proc_pidpath", ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.c_uint32
    )
    buffer = ctypes.create_string_buffer(PROC_PIDPATHINFO_MAXSIZE)
    ctypes.set_errno(0)
    if call(pid, buffer, len(buffer)) <= 0:
        _raise(pid)
    return buffer.value


def rusage(pid: int) -> rusage_info_v4:
    """What a process used. Raises OSError."""
    call = _native.function(
        "c", "proc_pid_rusage", ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_void_p
    )
    found = rusage_info_v4()
    ctypes.set_errno(0)
    if call(pid, RUSAGE_INFO_V4, ctypes.byref(found)) != 0:
        _raise(pid)
    return found


def text(raw: bytes) -> str:
    """A path or a name."""
    return os.fsdecode(raw)
