"""Structures of SunOS (procfs.h, kstat.h, sys/swap.h, net/if.h, utmpx.h), and their numbers.

Offsets and sizes are those of illumos for amd64; other machines follow by the C types."""

import ctypes
from ctypes import (
    Structure,
    Union,
    c_char,
    c_char_p,
    c_int,
    c_int8,
    c_int16,
    c_int32,
    c_int64,
    c_long,
    c_size_t,
    c_uint8,
    c_uint16,
    c_uint32,
    c_uint64,
    c_ulong,
    c_void_p,
)

SSLEEP, SRUN, SZOMB, SSTOP, SIDL, SONPROC, SWAIT = range(1, 8)
PR_MODEL_ILP32, PR_MODEL_LP64 = 1, 2
NZERO = 20
MA_EXEC, MA_WRITE, MA_READ, MA_SHARED, MA_BREAK, MA_STACK = 0x1, 0x2, 0x4, 0x8, 0x10, 0x20
MA_ANON, MA_ISM, MA_NORESERVE, MA_SHM = 0x40, 0x80, 0x100, 0x200
KSTAT_TYPE_RAW, KSTAT_TYPE_NAMED, KSTAT_TYPE_INTR, KSTAT_TYPE_IO, KSTAT_TYPE_TIMER = range(5)
KSTAT_DATA_CHAR, KSTAT_DATA_INT32, KSTAT_DATA_UINT32, KSTAT_DATA_INT64, KSTAT_DATA_UINT64 = range(5)
KSTAT_DATA_STRING = 9
SC_LIST, SC_GETNSWP = 2, 4
AF_INET, AF_LINK, AF_INET6 = 2, 25, 26
SIOCGLIFMTU = 0xC078697A
IFF_UP = 0x1


class timestruc(Structure):
    """``timestruc_t``."""

    _fields_ = (("tv_sec", c_long), ("tv_nsec", c_long))


class lwpsinfo(Structure):
    """``lwpsinfo_t``: ``/proc/PID/lwp/TID/lwpsinfo``, and the end of psinfo."""

    _fields_ = (
        ("pr_flag", c_int), ("pr_lwpid", c_int32), ("pr_addr", c_size_t), ("pr_wchan", c_size_t),
        ("pr_stype", c_int8), ("pr_state", c_int8), ("pr_sname", c_char), ("pr_nice", c_int8),
        ("pr_syscall", c_int16), ("pr_oldpri", c_int8), ("pr_cpu", c_int8), ("pr_pri", c_int),
        ("pr_pctcpu", c_uint16), ("pr_pad", c_uint16), ("pr_start", timestruc), ("pr_time", timestruc),
        ("pr_clname", c_char * 8), ("pr_name", c_char * 16), ("pr_onpro", c_int), ("pr_bindpro", c_int),
        ("pr_bindpset", c_int), ("pr_lgrp", c_int), ("pr_last_onproc", c_int64), ("pr_filler", c_int * 2),
    )  # fmt: skip


class psinfo(Structure):
    """``psinfo_t``: ``/proc/PID/psinfo``, which all may read."""

    _fields_ = (
        ("pr_flag", c_int), ("pr_nlwp", c_int), ("pr_pid", c_int32), ("pr_ppid", c_int32),
        ("pr_pgid", c_int32), ("pr_sid", c_int32), ("pr_uid", c_uint32), ("pr_euid", c_uint32),
        ("pr_gid", c_uint32), ("pr_egid", c_uint32), ("pr_addr", c_size_t), ("pr_size", c_size_t),
        ("pr_rssize", c_size_t), ("pr_pad1", c_size_t), ("pr_ttydev", c_ulong), ("pr_pctcpu", c_uint16),
        ("pr_pctmem", c_uint16), ("pr_start", timestruc), ("pr_time", timestruc), ("pr_ctime", timestruc),
        ("pr_fname", c_char * 16), ("pr_psargs", c_char * 80), ("pr_wstat", c_int), ("pr_argc", c_int),
        ("pr_argv", c_size_t), ("pr_envp", c_size_t), ("pr_dmodel", c_uint8), ("pr_pad2", c_char * 3),
        ("pr_taskid", c_int32), ("pr_projid", c_int32), ("pr_nzomb", c_int), ("pr_poolid", c_int32),
        ("pr_zoneid", c_int32), ("pr_contract", c_int32), ("pr_filler", c_int), ("pr_lwp", lwpsinfo),
    )  # fmt: skip


class prusage(Structure):
    """``prusage_t``: ``/proc/PID/usage`` and ``/proc/PID/lwp/TID/lwpusage``, which all may read."""

    _fields_ = (
        ("pr_lwpid", c_int32), ("pr_count", c_int), ("pr_tstamp", timestruc), ("pr_create", timestruc),
        ("pr_term", timestruc), ("pr_rtime", timestruc), ("pr_utime", timestruc), ("pr_stime", timestruc),
        ("pr_ttime", timestruc), ("pr_tftime", timestruc), ("pr_dftime", timestruc),
        ("pr_kftime", timestruc), ("pr_ltime", timestruc), ("pr_slptime", timestruc),
        ("pr_wtime", timestruc), ("pr_stoptime", timestruc), ("filltime", timestruc * 6),
        ("pr_minf", c_ulong), ("pr_majf", c_ulong), ("pr_nswap", c_ulong), ("pr_inblk", c_ulong),
        ("pr_oublk", c_ulong), ("pr_msnd", c_ulong), ("pr_mrcv", c_ulong), ("pr_sigs", c_ulong),
        ("pr_vctx", c_ulong), ("pr_ictx", c_ulong), ("pr_sysc", c_ulong), ("pr_ioch", c_ulong),
        ("filler", c_ulong * 10),
    )  # fmt: skip


class pstatus(Structure):
    """``pstatus_t``: ``/proc/PID/status``, up to the times."""

    _prefix_ = True
    _fields_ = (
        ("pr_flags", c_int), ("pr_nlwp", c_int), ("pr_pid", c_int32), ("pr_ppid", c_int32),
        ("pr_pgid", c_int32), ("pr_sid", c_int32), ("pr_aslwpid", c_int32), ("pr_agentid", c_int32),
        ("pr_sigpend", c_uint32 * 4), ("pr_brkbase", c_size_t), ("pr_brksize", c_size_t),
        ("pr_stkbase", c_size_t), ("pr_stksize", c_size_t), ("pr_utime", timestruc),
        ("pr_stime", timestruc), ("pr_cutime", timestruc), ("pr_cstime", timestruc),
    )  # fmt: skip


class prcred(Structure):
    """``prcred_t``: ``/proc/PID/cred``."""

    _fields_ = (
        ("pr_euid", c_uint32), ("pr_ruid", c_uint32), ("pr_suid", c_uint32), ("pr_egid", c_uint32),
        ("pr_rgid", c_uint32), ("pr_sgid", c_uint32), ("pr_ngroups", c_int), ("pr_groups", c_uint32 * 1),
    )  # fmt: skip


class prxmap(Structure):
    """``prxmap_t``: ``/proc/PID/xmap``; figures in pages of ``pr_pagesize``."""

    _fields_ = (
        ("pr_vaddr", c_size_t), ("pr_size", c_size_t), ("pr_mapname", c_char * 64),
        ("pr_offset", c_int64), ("pr_mflags", c_int), ("pr_pagesize", c_int), ("pr_shmid", c_int),
        ("pr_dev", c_ulong), ("pr_ino", c_uint64), ("pr_rss", c_size_t), ("pr_anon", c_size_t),
        ("pr_locked", c_size_t), ("pr_pad", c_size_t), ("pr_hatpagesize", c_uint64),
        ("pr_filler", c_ulong * 7),
    )  # fmt: skip


class kstat(Structure):
    """``kstat_t``: one link of the chain of statistics."""

    _fields_ = (
        ("ks_crtime", c_int64), ("ks_next", c_void_p), ("ks_kid", c_int), ("ks_module", c_char * 31),
        ("ks_resv", c_uint8), ("ks_instance", c_int), ("ks_name", c_char * 31), ("ks_type", c_uint8),
        ("ks_class", c_char * 31), ("ks_flags", c_uint8), ("ks_data", c_void_p), ("ks_ndata", ctypes.c_uint),
        ("ks_data_size", c_size_t), ("ks_snaptime", c_int64), ("ks_update", c_void_p),
        ("ks_private", c_void_p), ("ks_snapshot", c_void_p), ("ks_lock", c_void_p),
    )  # fmt: skip


class kstat_ctl(Structure):
    """``kstat_ctl_t``: what kstat_open(3KSTAT) gives."""

    _fields_ = (("kc_chain_id", c_int), ("kc_chain", c_void_p), ("kc_kd", c_int))


class _string(Structure):
    _fields_ = (("addr", c_void_p), ("len", c_uint32))


class _value(Union):
    _fields_ = (
        ("c", c_char * 16), ("i32", c_int32), ("ui32", c_uint32), ("i64", c_int64), ("ui64", c_uint64),
        ("str", _string),
    )  # fmt: skip


class kstat_named(Structure):
    """``kstat_named_t``: a figure with its name."""

    _fields_ = (("name", c_char * 31), ("data_type", c_uint8), ("value", _value))


class kstat_io(Structure):
    """``kstat_io_t``: what a disk did; times in nanoseconds."""

    _fields_ = (
        ("nread", c_uint64), ("nwritten", c_uint64), ("reads", ctypes.c_uint), ("writes", ctypes.c_uint),
        ("wtime", c_int64), ("wlentime", c_int64), ("wlastupdate", c_int64), ("rtime", c_int64),
        ("rlentime", c_int64), ("rlastupdate", c_int64), ("wcnt", ctypes.c_uint), ("rcnt", ctypes.c_uint),
    )  # fmt: skip


class swapent(Structure):
    """``swapent_t``: a swap area, in pages."""

    _fields_ = (
        ("ste_path", c_void_p), ("ste_start", c_long), ("ste_length", c_long), ("ste_pages", c_long),
        ("ste_free", c_long), ("ste_flags", c_long),
    )  # fmt: skip


class swaptbl(Structure):
    """``swaptbl_t``: how many areas there is room for, and the first."""

    _fields_ = (("swt_n", c_int), ("swt_ent", swapent * 1))


class lifreq(Structure):
    """``struct lifreq``: what is asked of an interface."""

    class _answer(Union):
        _fields_ = (("lifr_flags", c_uint64), ("lifr_mtu", ctypes.c_uint), ("ss", c_uint64 * 42))

    _fields_ = (
        ("lifr_name", c_char * 32), ("lifr_addrlen", c_int), ("lifr_type", ctypes.c_uint),
        ("lifr_lifru", _answer),
    )  # fmt: skip


class ifaddrs(Structure):
    """``struct ifaddrs``."""

    _fields_ = (
        ("ifa_next", c_void_p), ("ifa_name", c_char_p), ("ifa_flags", c_uint64), ("ifa_addr", c_void_p),
        ("ifa_netmask", c_void_p), ("ifa_dstaddr", c_void_p), ("ifa_data", c_void_p),
    )  # fmt: skip


class timeval(Structure):
    """``struct timeval``."""

    _fields_ = (("tv_sec", c_long), ("tv_usec", c_long))


class utmpx(Structure):
    """``struct utmpx``: a login session."""

    _fields_ = (
        ("ut_user", c_char * 32), ("ut_id", c_char * 4), ("ut_line", c_char * 32), ("ut_pid", c_int32),
        ("ut_type", c_int16), ("e_termination", c_int16), ("e_exit", c_int16), ("ut_tv", timeval),
        ("ut_session", c_int), ("pad", c_int * 5), ("ut_syslen", c_int16), ("ut_host", c_char * 257),
    )  # fmt: skip
