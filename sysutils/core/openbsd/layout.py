"""Structures of OpenBSD's kernel (sys/sysctl.h and others), and their numbers."""

import ctypes
from ctypes import (
    Structure,
    c_char,
    c_int,
    c_int8,
    c_int16,
    c_int32,
    c_int64,
    c_long,
    c_uint,
    c_uint8,
    c_uint16,
    c_uint32,
    c_uint64,
    c_ulong,
    c_void_p,
)

KERN_PROC_VMMAP, KERN_FILE_TEXT, KERN_FILE_CDIR, KERN_FILE_RDIR = 80, -1, -2, -3
KVE_ET_OBJ, KVE_ET_COPYONWRITE, KVE_ET_NEEDSCOPY, KVE_ET_HOLE, KVE_ET_STACK = (
    0x1,
    0x4,
    0x8,
    0x10,
    0x40,
)
DTYPE_PIPE, DTYPE_KQUEUE, DTYPE_DMABUF, DTYPE_SYNC, SO_ACCEPTCONN = 3, 4, 5, 6, 2
CTL_KERN, CTL_VM, CTL_NET, CTL_HW, CTL_VFS = 1, 2, 4, 6, 10
KERN_MAXPROC, KERN_CLOCKRATE, KERN_BOOTTIME, KERN_CPTIME, KERN_PROC_ARGS = 6, 12, 21, 40, 55
KERN_PROC, KERN_CPTIME2, KERN_FILE, KERN_PROC_CWD = 66, 71, 73, 78
KERN_PROC_ALL, KERN_PROC_PID, KERN_PROC_SHOW_THREADS = 0, 1, 0x40000000
KERN_PROC_ARGV, KERN_PROC_ENV = 1, 3
KERN_FILE_BYFILE, KERN_FILE_BYPID = 1, 2
HW_NCPU, HW_DISKSTATS, HW_CPUSPEED, HW_PHYSMEM64, HW_NCPUONLINE = 3, 9, 12, 19, 25
VM_METER, VM_UVMEXP, VFS_GENERIC, VFS_BCACHESTAT = 1, 4, 0, 3
SWAP_NSWAP, SWAP_STATS = 3, 4
SIDL, SRUN, SSLEEP, SSTOP, SZOMB, SDEAD, SONPROC = range(1, 8)
DTYPE_VNODE, DTYPE_SOCKET, VREG = 1, 2, 1
AF_UNIX, AF_INET, AF_LINK, AF_INET6 = 1, 2, 18, 24
IFM_FDX, IFM_HDX = 0x0000010000000000, 0x0000020000000000
MNT_NOWAIT = 2
PF_ROUTE, RTF_LLINFO, RTF_CLONED, ROUTE_UNIT = 17, 0x400, 0x10000, ctypes.sizeof(ctypes.c_long)
TCPS = (
    "CLOSE", "LISTEN", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "CLOSE_WAIT", "FIN_WAIT1", "CLOSING",
    "LAST_ACK", "FIN_WAIT2", "TIME_WAIT",
)  # fmt: skip


class timeval(Structure):
    """``struct timeval``: time_t has 64 bits on every machine."""

    _fields_ = (("tv_sec", c_int64), ("tv_usec", c_long))


class kinfo_proc(Structure):
    """``struct kinfo_proc`` (sys/sysctl.h): a process, or a thread."""

    _fields_ = (
        ("p_forw", c_uint64), ("p_back", c_uint64), ("p_paddr", c_uint64), ("p_addr", c_uint64),
        ("p_fd", c_uint64), ("p_stats", c_uint64), ("p_limit", c_uint64), ("p_vmspace", c_uint64),
        ("p_sigacts", c_uint64), ("p_sess", c_uint64), ("p_tsess", c_uint64), ("p_ru", c_uint64),
        ("p_eflag", c_int32), ("p_exitsig", c_int32), ("p_flag", c_int32), ("p_pid", c_int32),
        ("p_ppid", c_int32), ("p_sid", c_int32), ("p__pgid", c_int32), ("p_tpgid", c_int32),
        ("p_uid", c_uint32), ("p_ruid", c_uint32), ("p_gid", c_uint32), ("p_rgid", c_uint32),
        ("p_groups", c_uint32 * 16), ("p_ngroups", c_int16), ("p_jobc", c_int16), ("p_tdev", c_uint32),
        ("p_estcpu", c_uint32), ("p_rtime_sec", c_uint32), ("p_rtime_usec", c_uint32),
        ("p_cpticks", c_int32), ("p_pctcpu", c_uint32), ("p_swtime", c_uint32), ("p_slptime", c_uint32),
        ("p_schedflags", c_int32), ("p_uticks", c_uint64), ("p_sticks", c_uint64), ("p_iticks", c_uint64),
        ("p_tracep", c_uint64), ("p_traceflag", c_int32), ("p_holdcnt", c_int32), ("p_siglist", c_int32),
        ("p_sigmask", c_uint32), ("p_sigignore", c_uint32), ("p_sigcatch", c_uint32), ("p_stat", c_int8),
        ("p_priority", c_uint8), ("p_usrpri", c_uint8), ("p_nice", c_uint8), ("p_xstat", c_uint16),
        ("p_spare", c_uint16), ("p_comm", c_char * 24), ("p_wmesg", c_char * 8), ("p_wchan", c_uint64),
        ("p_login", c_char * 32), ("p_vm_rssize", c_int32), ("p_vm_tsize", c_int32),
        ("p_vm_dsize", c_int32), ("p_vm_ssize", c_int32), ("p_uvalid", c_int64), ("p_ustart_sec", c_uint64),
        ("p_ustart_usec", c_uint32), ("p_uutime_sec", c_uint32), ("p_uutime_usec", c_uint32),
        ("p_ustime_sec", c_uint32), ("p_ustime_usec", c_uint32), ("p_uru_maxrss", c_uint64),
        ("p_uru_ixrss", c_uint64), ("p_uru_idrss", c_uint64), ("p_uru_isrss", c_uint64),
        ("p_uru_minflt", c_uint64), ("p_uru_majflt", c_uint64), ("p_uru_nswap", c_uint64),
        ("p_uru_inblock", c_uint64), ("p_uru_oublock", c_uint64), ("p_uru_msgsnd", c_uint64),
        ("p_uru_msgrcv", c_uint64), ("p_uru_nsignals", c_uint64), ("p_uru_nvcsw", c_uint64),
        ("p_uru_nivcsw", c_uint64), ("p_uctime_sec", c_uint32), ("p_uctime_usec", c_uint32),
        ("p_psflags", c_uint32), ("p_acflag", c_uint32), ("p_svuid", c_uint32), ("p_svgid", c_uint32),
        ("p_emul", c_char * 8), ("p_rlim_rss_cur", c_uint64), ("p_cpuid", c_uint64),
        ("p_vm_map_size", c_uint64), ("p_tid", c_int32), ("p_rtableid", c_uint32), ("p_pledge", c_uint64),
        ("p_name", c_char * 24),
    )  # fmt: skip


class kinfo_file(Structure):
    """``struct kinfo_file`` (sys/sysctl.h): an open descriptor, with all of its socket."""

    _fields_ = (
        ("f_fileaddr", c_uint64), ("f_flag", c_uint32), ("f_iflags", c_uint32), ("f_type", c_uint32),
        ("f_count", c_uint32), ("f_msgcount", c_uint32), ("f_usecount", c_uint32), ("f_ucred", c_uint64),
        ("f_uid", c_uint32), ("f_gid", c_uint32), ("f_ops", c_uint64), ("f_offset", c_uint64),
        ("f_data", c_uint64), ("f_rxfer", c_uint64), ("f_rwfer", c_uint64), ("f_seek", c_uint64),
        ("f_rbytes", c_uint64), ("f_wbytes", c_uint64), ("v_un", c_uint64), ("v_type", c_uint32),
        ("v_tag", c_uint32), ("v_flag", c_uint32), ("va_rdev", c_uint32), ("v_data", c_uint64),
        ("v_mount", c_uint64), ("va_fileid", c_uint64), ("va_size", c_uint64), ("va_mode", c_uint32),
        ("va_fsid", c_uint32), ("f_mntonname", c_char * 96), ("so_type", c_uint32), ("so_state", c_uint32),
        ("so_pcb", c_uint64), ("so_protocol", c_uint32), ("so_family", c_uint32), ("inp_ppcb", c_uint64),
        ("inp_lport", c_uint32), ("inp_laddru", c_uint32 * 4), ("inp_fport", c_uint32),
        ("inp_faddru", c_uint32 * 4), ("unp_conn", c_uint64), ("pipe_peer", c_uint64),
        ("pipe_state", c_uint32), ("kq_count", c_uint32), ("kq_state", c_uint32), ("__unused1", c_uint32),
        ("p_pid", c_uint32), ("fd_fd", c_int32), ("fd_ofileflags", c_uint32), ("p_uid", c_uint32),
        ("p_gid", c_uint32), ("p_tid", c_uint32), ("p_comm", c_char * 24), ("inp_rtableid", c_uint32),
        ("so_splice", c_uint64), ("so_splicelen", c_int64), ("so_rcv_cc", c_uint64),
        ("so_snd_cc", c_uint64), ("unp_refs", c_uint64), ("unp_nextref", c_uint64), ("unp_addr", c_uint64),
        ("unp_path", c_char * 104), ("inp_proto", c_uint32), ("t_state", c_uint32), ("t_rcv_wnd", c_uint64),
        ("t_snd_wnd", c_uint64), ("t_snd_cwnd", c_uint64), ("va_nlink", c_uint32),
    )  # fmt: skip


class uvmexp(Structure):
    """``struct uvmexp`` (uvm/uvmexp.h), up to what is used of it."""

    _prefix_ = True
    _fields_ = tuple(
        (name, c_int)
        for name in (
            "pagesize", "pagemask", "pageshift", "npages", "free", "active", "inactive", "paging", "wired",
            "zeropages", "reserve_pagedaemon", "reserve_kernel", "percpucaches", "vnodepages", "vtextpages",
            "freemin", "freetarg", "inactarg", "wiredmax", "anonmin", "vtextmin", "vnodemin", "anonminpct",
            "vtextminpct", "vnodeminpct", "nswapdev", "swpages", "swpginuse", "swpgonly", "nswget", "nanon",
            "unused05", "unused06", "faults", "traps", "intrs", "swtch", "softs", "syscalls", "pageins",
            "pcphit", "pcpmiss", "pgswapin", "pgswapout",
        )
    )  # fmt: skip


class bcachestats(Structure):
    """``struct bcachestats`` (sys/mount.h), up to the pages of the buffer cache."""

    _prefix_ = True
    _fields_ = (("numbufs", c_int64), ("numbufpages", c_int64))


class vmtotal(Structure):
    """``struct vmtotal`` (sys/vmmeter.h), in pages."""

    _fields_ = (
        ("t_rq", c_uint16), ("t_dw", c_uint16), ("t_pw", c_uint16), ("t_sl", c_uint16), ("t_sw", c_uint16),
        ("t_vm", c_uint32), ("t_avm", c_uint32), ("t_rm", c_uint32), ("t_arm", c_uint32),
        ("t_vmshr", c_uint32), ("t_avmshr", c_uint32), ("t_rmshr", c_uint32), ("t_armshr", c_uint32),
        ("t_free", c_uint32),
    )  # fmt: skip


class diskstats(Structure):
    """``struct diskstats`` (sys/disk.h)."""

    _fields_ = (
        ("ds_name", c_char * 16), ("ds_busy", c_int), ("ds_rxfer", c_uint64), ("ds_wxfer", c_uint64),
        ("ds_seek", c_uint64), ("ds_rbytes", c_uint64), ("ds_wbytes", c_uint64), ("ds_attachtime", timeval),
        ("ds_timestamp", timeval), ("ds_time", timeval),
    )  # fmt: skip


class swapent(Structure):
    """``struct swapent`` (sys/swap.h), in blocks of 512 bytes."""

    _fields_ = (
        ("se_dev", c_int32), ("se_flags", c_int), ("se_nblks", c_int), ("se_inuse", c_int),
        ("se_priority", c_int), ("se_path", c_char * 1024),
    )  # fmt: skip


class statfs(Structure):
    """``struct statfs`` (sys/mount.h): a mounted file system."""

    _fields_ = (
        ("f_flags", c_uint32), ("f_bsize", c_uint32), ("f_iosize", c_uint32), ("f_blocks", c_uint64),
        ("f_bfree", c_uint64), ("f_bavail", c_int64), ("f_files", c_uint64), ("f_ffree", c_uint64),
        ("f_favail", c_int64), ("f_syncwrites", c_uint64), ("f_syncreads", c_uint64),
        ("f_asyncwrites", c_uint64), ("f_asyncreads", c_uint64), ("_fsid", c_int32 * 2),
        ("f_namemax", c_uint32), ("f_owner", c_uint32), ("f_ctime", c_uint64), ("f_fstypename", c_char * 16),
        ("f_mntonname", c_char * 90), ("f_mntfromname", c_char * 90), ("f_mntfromspec", c_char * 90),
        ("_mount_info", c_uint64 * 20),
    )  # fmt: skip


class if_data(Structure):
    """``struct if_data`` (net/if.h): the figures of an interface."""

    _fields_ = (
        ("ifi_type", c_uint8), ("ifi_addrlen", c_uint8), ("ifi_hdrlen", c_uint8), ("ifi_link_state", c_uint8),
        ("ifi_mtu", c_uint32), ("ifi_metric", c_uint32), ("ifi_rdomain", c_uint32),
        ("ifi_baudrate", c_uint64), ("ifi_ipackets", c_uint64), ("ifi_ierrors", c_uint64),
        ("ifi_opackets", c_uint64), ("ifi_oerrors", c_uint64), ("ifi_collisions", c_uint64),
        ("ifi_ibytes", c_uint64), ("ifi_obytes", c_uint64), ("ifi_imcasts", c_uint64),
        ("ifi_omcasts", c_uint64), ("ifi_iqdrops", c_uint64), ("ifi_oqdrops", c_uint64),
        ("ifi_noproto", c_uint64), ("ifi_capabilities", c_uint32), ("ifi_lastchange", timeval),
    )  # fmt: skip


class ifmediareq(Structure):
    """``struct ifmediareq`` (net/if.h)."""

    _fields_ = (
        ("ifm_name", c_char * 16), ("ifm_current", c_uint64), ("ifm_mask", c_uint64),
        ("ifm_status", c_uint64), ("ifm_active", c_uint64), ("ifm_count", c_int), ("ifm_ulist", c_void_p),
    )  # fmt: skip


class kinfo_vmentry(Structure):
    """``struct kinfo_vmentry`` (sys/sysctl.h): a mapping."""

    _fields_ = (
        ("kve_start", c_ulong), ("kve_end", c_ulong), ("kve_guard", c_ulong), ("kve_fspace", c_ulong),
        ("kve_fspace_augment", c_ulong), ("kve_offset", c_uint64), ("kve_wired_count", c_int),
        ("kve_etype", c_int), ("kve_protection", c_int), ("kve_max_protection", c_int),
        ("kve_advice", c_int), ("kve_inheritance", c_int), ("kve_flags", c_uint8),
    )  # fmt: skip


class rt_metrics(Structure):
    """``struct rt_metrics`` (net/route.h)."""

    _fields_ = (
        ("rmx_pksent", c_uint64), ("rmx_expire", c_int64), ("rmx_locks", c_uint), ("rmx_mtu", c_uint),
        ("rmx_refcnt", c_uint), ("_unused", c_uint * 7),
    )  # fmt: skip


class rt_msghdr(Structure):
    """``struct rt_msghdr`` (net/route.h): a route; its addresses follow after ``rtm_hdrlen`` bytes."""

    _fields_ = (
        ("rtm_msglen", c_uint16), ("rtm_version", c_uint8), ("rtm_type", c_uint8), ("rtm_hdrlen", c_uint16),
        ("rtm_index", c_uint16), ("rtm_tableid", c_uint16), ("rtm_priority", c_uint8),
        ("rtm_mpls", c_uint8), ("rtm_addrs", c_int), ("rtm_flags", c_int), ("rtm_fmask", c_int),
        ("rtm_pid", c_int32), ("rtm_seq", c_int), ("rtm_errno", c_int), ("rtm_inits", c_uint),
        ("rtm_rmx", rt_metrics),
    )  # fmt: skip


class utmp(Structure):
    """``struct utmp`` (utmp.h)."""

    _fields_ = (
        ("ut_line", c_char * 8), ("ut_name", c_char * 32), ("ut_host", c_char * 256), ("ut_time", c_int64),
    )  # fmt: skip


#: _IOWR('i', 56, struct ifmediareq)
SIOCGIFMEDIA = 0xC0006938 | ctypes.sizeof(ifmediareq) << 16


def size_of(kind: type[Structure]) -> int:
    """Size of a structure in bytes."""
    return ctypes.sizeof(kind)
