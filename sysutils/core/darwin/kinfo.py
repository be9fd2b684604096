"""``struct kinfo_proc``: what the kernel tells of every process to everybody (sysctl ``kern.proc``)."""

import ctypes
from collections.abc import Sequence

from sysutils.core.bsd import sysctl

CTL_KERN, KERN_PROC, KERN_PROC_ALL, KERN_PROC_PID = 1, 14, 0, 1
SIDL, SRUN, SSLEEP, SSTOP, SZOMB = 1, 2, 3, 4, 5
P_TRACED, P_SYSTEM, P_SUGID = 0x800, 0x200, 0x100
EPROC_SLEADER = 2

_Address = ctypes.c_void_p
_int, _unsigned = ctypes.c_int32, ctypes.c_uint32


class timeval(ctypes.Structure):
    """``struct timeval``."""

    _fields_ = (("tv_sec", ctypes.c_int64), ("tv_usec", _int))


class _itimerval(ctypes.Structure):
    _fields_ = (("it_interval", timeval), ("it_value", timeval))


class extern_proc(ctypes.Structure):
    """``struct extern_proc``; the addresses in it are the kernel's."""

    _fields_ = (
        ("p_starttime", timeval),
        ("p_vmspace", _Address),
        ("p_sigacts", _Address),
        ("p_flag", _int),
        ("p_stat", ctypes.c_int8),
        ("p_pid", _int),
        ("p_oppid", _int),
        ("p_dupfd", _int),
        ("user_stack", _Address),
        ("exit_thread", _Address),
        ("p_debugger", _int),
        ("_sigwait", _int),
        ("p_estcpu", _unsigned),
        ("p_cpticks", _int),
        ("p_pctcpu", _unsigned),
        ("p_wchan", _Address),
        ("p_wmesg", _Address),
        ("p_swtime", _unsigned),
        ("p_slptime", _unsigned),
        ("p_realtimer", _itimerval),
        ("p_rtime", timeval),
        ("p_uticks", ctypes.c_uint64),
        ("p_sticks", ctypes.c_uint64),
        ("p_iticks", ctypes.c_uint64),
        ("p_traceflag", _int),
        ("p_tracep", _Address),
        ("p_siglist", _int),
        ("p_textvp", _Address),
        ("p_holdcnt", _int),
        ("p_sigmask", _unsigned),
        ("p_sigignore", _unsigned),
        ("p_sigcatch", _unsigned),
        ("p_priority", ctypes.c_uint8),
        ("p_usrpri", ctypes.c_uint8),
        ("p_nice", ctypes.c_int8),
        ("p_comm", ctypes.c_char * 17),
        ("p_pgrp", _Address),
        ("p_addr", _Address),
        ("p_xstat", ctypes.c_uint16),
        ("p_acflag", ctypes.c_uint16),
        ("p_ru", _Address),
    )


class _pcred(ctypes.Structure):
    _fields_ = (
        ("pc_lock", ctypes.c_char * 72),
        ("pc_ucred", _Address),
        ("p_ruid", _unsigned),
        ("p_svuid", _unsigned),
        ("p_rgid", _unsigned),
        ("p_svgid", _unsigned),
        ("p_refcnt", _int),
    )


class _ucred(ctypes.Structure):
    _fields_ = (
        ("cr_ref", _int),
        ("cr_uid", _unsigned),
        ("cr_ngroups", ctypes.c_int16),
        ("cr_groups", _unsigned * 16),
    )


class _vmspace(ctypes.Structure):
    _fields_ = (
        ("dummy", _int),
        ("dummy2", _Address),
        ("dummy3", _int * 5),
        ("dummy4", _Address * 3),
    )


class eproc(ctypes.Structure):
    """``struct eproc``."""

    _fields_ = (
        ("e_paddr", _Address),
        ("e_sess", _Address),
        ("e_pcred", _pcred),
        ("e_ucred", _ucred),
        ("e_vm", _vmspace),
        ("e_ppid", _int),
        ("e_pgid", _int),
        ("e_jobc", ctypes.c_int16),
        ("e_tdev", _int),
        ("e_tpgid", _int),
        ("e_tsess", _Address),
        ("e_wmesg", ctypes.c_char * 8),
        ("e_xsize", _int),
        ("e_xrssize", ctypes.c_int16),
        ("e_xccount", ctypes.c_int16),
        ("e_xswrss", ctypes.c_int16),
        ("e_flag", _int),
        ("e_login", ctypes.c_char * 12),
        ("e_spare", _int * 4),
    )


class kinfo_proc(ctypes.Structure):
    """One process."""

    _fields_ = (("kp_proc", extern_proc), ("kp_eproc", eproc))


def every() -> Sequence[kinfo_proc]:
    """All processes, zombies too, the newest first. Raises OSError."""
    found = sysctl.read((CTL_KERN, KERN_PROC, KERN_PROC_ALL, 0))
    return sysctl.structures(found, kinfo_proc)


def of(pid: int) -> kinfo_proc:
    """One process. Raises ProcessLookupError."""
    return sysctl.structure((CTL_KERN, KERN_PROC, KERN_PROC_PID, pid), kinfo_proc)
