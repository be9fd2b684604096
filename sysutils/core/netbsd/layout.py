"""Structures of NetBSD's kernel (sys/sysctl.h and others), and their numbers."""

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
    c_uint8,
    c_uint16,
    c_uint32,
    c_uint64,
    c_ulong,
    c_void_p,
)

CTL_KERN, CTL_VM, CTL_HW = 1, 2, 6
VM_PROC, VM_PROC_MAP, KVME_TYPE_VNODE = 16, 1, 2
KVME_FLAG_COW, KVME_FLAG_NEEDS_COPY, KVME_FLAG_GROWS_DOWN = 0x1, 0x2, 0x20
DTYPE_PIPE, DTYPE_KQUEUE, DTYPE_MISC, DTYPE_CRYPTO, DTYPE_MQUEUE, DTYPE_SEM = range(3, 9)
DTYPE_EVENTFD, DTYPE_TIMERFD, DTYPE_MEMFD = range(9, 12)
KERN_CLOCKRATE, KERN_PROC2, KERN_PROC_ARGS, KERN_CP_TIME = 12, 47, 48, 51
KERN_LWP, KERN_FILE2, KERN_BOOTTIME = 64, 77, 83
KERN_PROC_ALL, KERN_PROC_PID, KERN_FILE_BYPID = 0, 1, 2
KERN_PROC_ARGV, KERN_PROC_ENV, KERN_PROC_PATHNAME, KERN_PROC_CWD = 1, 3, 5, 6
HW_NCPU, HW_IOSTATS, VM_UVMEXP2, PCB_ALL = 3, 9, 5, 0
SWAP_NSWAP, SWAP_STATS, SWF_ENABLE = 3, 10, 2
#: of processes
SDYING, SZOMB, SDEAD = 3, 5, 6
#: of their threads, and so of processes that have not ended
LSIDL, LSRUN, LSSLEEP, LSSTOP, LSZOMB, LSONPROC, LSSUSPENDED = 1, 2, 3, 4, 5, 7, 8
P_SYSTEM = 0x200
DTYPE_VNODE, DTYPE_SOCKET, VREG = 1, 2, 1
AF_UNIX, AF_INET, AF_LINK, AF_INET6 = 1, 2, 18, 24
IFM_FDX, IFM_HDX = 0x00100000, 0x00200000
MNT_NOWAIT, USER_PROCESS = 2, 7
PF_ROUTE, RTF_LLDATA, ROUTE_UNIT = 34, 0x400, 8
UTMPX_TYPES = (
    "EMPTY", "RUN_LVL", "BOOT_TIME", "OLD_TIME", "NEW_TIME", "INIT_PROCESS", "LOGIN_PROCESS", "USER_PROCESS",
    "DEAD_PROCESS", "ACCOUNTING", "SIGNATURE", "DOWN_TIME",
)  # fmt: skip
SS_ISCONNECTED, SS_ISCONNECTING = 0x2, 0x4
TCPS = (
    "CLOSE", "LISTEN", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "CLOSE_WAIT", "FIN_WAIT1", "CLOSING",
    "LAST_ACK", "FIN_WAIT2", "TIME_WAIT",
)  # fmt: skip


class timeval(Structure):
    """``struct timeval``: time_t has 64 bits on every machine, the microseconds have 32."""

    _fields_ = (("tv_sec", c_int64), ("tv_usec", c_int))


class timespec(Structure):
    """``struct timespec``."""

    _fields_ = (("tv_sec", c_int64), ("tv_nsec", c_long))


class ki_sigset(Structure):
    """``ki_sigset_t`` (sys/sysctl.h): signal 1 is the lowest bit of the first word."""

    _fields_ = (("bits", c_uint32 * 4),)


class kinfo_proc2(Structure):
    """``struct kinfo_proc2`` (sys/sysctl.h): a process."""

    _fields_ = (
        ("p_forw", c_uint64), ("p_back", c_uint64), ("p_paddr", c_uint64), ("p_addr", c_uint64),
        ("p_fd", c_uint64), ("p_cwdi", c_uint64), ("p_stats", c_uint64), ("p_limit", c_uint64),
        ("p_vmspace", c_uint64), ("p_sigacts", c_uint64), ("p_sess", c_uint64), ("p_tsess", c_uint64),
        ("p_ru", c_uint64), ("p_eflag", c_int32), ("p_exitsig", c_int32), ("p_flag", c_int32),
        ("p_pid", c_int32), ("p_ppid", c_int32), ("p_sid", c_int32), ("p__pgid", c_int32),
        ("p_tpgid", c_int32), ("p_uid", c_uint32), ("p_ruid", c_uint32), ("p_gid", c_uint32),
        ("p_rgid", c_uint32), ("p_groups", c_uint32 * 16), ("p_ngroups", c_int16), ("p_jobc", c_int16),
        ("p_tdev", c_uint32), ("p_estcpu", c_uint32), ("p_rtime_sec", c_uint32), ("p_rtime_usec", c_uint32),
        ("p_cpticks", c_int32), ("p_pctcpu", c_uint32), ("p_swtime", c_uint32), ("p_slptime", c_uint32),
        ("p_schedflags", c_int32), ("p_uticks", c_uint64), ("p_sticks", c_uint64), ("p_iticks", c_uint64),
        ("p_tracep", c_uint64), ("p_traceflag", c_int32), ("p_holdcnt", c_int32), ("p_siglist", ki_sigset),
        ("p_sigmask", ki_sigset), ("p_sigignore", ki_sigset), ("p_sigcatch", ki_sigset), ("p_stat", c_int8),
        ("p_priority", c_uint8), ("p_usrpri", c_uint8), ("p_nice", c_uint8), ("p_xstat", c_uint16),
        ("p_acflag", c_uint16), ("p_comm", c_char * 24), ("p_wmesg", c_char * 8), ("p_wchan", c_uint64),
        ("p_login", c_char * 24), ("p_vm_rssize", c_int32), ("p_vm_tsize", c_int32),
        ("p_vm_dsize", c_int32), ("p_vm_ssize", c_int32), ("p_uvalid", c_int64), ("p_ustart_sec", c_uint32),
        ("p_ustart_usec", c_uint32), ("p_uutime_sec", c_uint32), ("p_uutime_usec", c_uint32),
        ("p_ustime_sec", c_uint32), ("p_ustime_usec", c_uint32), ("p_uru_maxrss", c_uint64),
        ("p_uru_ixrss", c_uint64), ("p_uru_idrss", c_uint64), ("p_uru_isrss", c_uint64),
        ("p_uru_minflt", c_uint64), ("p_uru_majflt", c_uint64), ("p_uru_nswap", c_uint64),
        ("p_uru_inblock", c_uint64), ("p_uru_oublock", c_uint64), ("p_uru_msgsnd", c_uint64),
        ("p_uru_msgrcv", c_uint64), ("p_uru_nsignals", c_uint64), ("p_uru_nvcsw", c_uint64),
        ("p_uru_nivcsw", c_uint64), ("p_uctime_sec", c_uint32), ("p_uctime_usec", c_uint32),
        ("p_cpuid", c_uint64), ("p_realflag", c_uint64), ("p_nlwps", c_uint64), ("p_nrlwps", c_uint64),
        ("p_realstat", c_uint64), ("p_svuid", c_uint32), ("p_svgid", c_uint32), ("p_ename", c_char * 16),
        ("p_vm_vsize", c_int64), ("p_vm_msize", c_int64),
    )  # fmt: skip


class kinfo_lwp(Structure):
    """``struct kinfo_lwp`` (sys/sysctl.h): a thread."""

    _fields_ = (
        ("l_forw", c_uint64), ("l_back", c_uint64), ("l_laddr", c_uint64), ("l_addr", c_uint64),
        ("l_lid", c_int32), ("l_flag", c_int32), ("l_swtime", c_uint32), ("l_slptime", c_uint32),
        ("l_schedflags", c_int32), ("l_holdcnt", c_int32), ("l_priority", c_uint8), ("l_usrpri", c_uint8),
        ("l_stat", c_int8), ("l_pad1", c_int8), ("l_pad2", c_int32), ("l_wmesg", c_char * 8),
        ("l_wchan", c_uint64), ("l_cpuid", c_uint64), ("l_rtime_sec", c_uint32), ("l_rtime_usec", c_uint32),
        ("l_cpticks", c_uint32), ("l_pctcpu", c_uint32), ("l_pid", c_uint32), ("l_name", c_char * 20),
    )  # fmt: skip


class kinfo_file(Structure):
    """``struct kinfo_file`` (sys/sysctl.h): an open descriptor."""

    _fields_ = (
        ("ki_fileaddr", c_uint64), ("ki_flag", c_uint32), ("ki_iflags", c_uint32), ("ki_ftype", c_uint32),
        ("ki_count", c_uint32), ("ki_msgcount", c_uint32), ("ki_usecount", c_uint32),
        ("ki_fucred", c_uint64), ("ki_fuid", c_uint32), ("ki_fgid", c_uint32), ("ki_fops", c_uint64),
        ("ki_foffset", c_uint64), ("ki_fdata", c_uint64), ("ki_vun", c_uint64), ("ki_vsize", c_uint64),
        ("ki_vtype", c_uint32), ("ki_vtag", c_uint32), ("ki_vdata", c_uint64), ("ki_pid", c_uint32),
        ("ki_fd", c_int32), ("ki_ofileflags", c_uint32), ("_ki_padto64bits", c_uint32),
    )  # fmt: skip


class kinfo_pcb(Structure):
    """``struct kinfo_pcb`` (sys/socket.h): a socket, with its addresses as ``struct sockaddr``."""

    _fields_ = (
        ("ki_pcbaddr", c_uint64), ("ki_ppcbaddr", c_uint64), ("ki_sockaddr", c_uint64),
        ("ki_family", c_uint32), ("ki_type", c_uint32), ("ki_protocol", c_uint32), ("ki_pflags", c_uint32),
        ("ki_sostate", c_uint32), ("ki_prstate", c_uint32), ("ki_tstate", c_int32), ("ki_tflags", c_uint32),
        ("ki_rcvq", c_uint64), ("ki_sndq", c_uint64), ("ki_spad", c_uint8 * 264),
        ("ki_dpad", c_uint8 * 264), ("ki_inode", c_uint64), ("ki_vnode", c_uint64), ("ki_conn", c_uint64),
        ("ki_refs", c_uint64), ("ki_nextref", c_uint64),
    )  # fmt: skip


class uvmexp_sysctl(Structure):
    """``struct uvmexp_sysctl`` (uvm/uvm_extern.h), up to what is used of it."""

    _prefix_ = True
    _fields_ = tuple(
        (name, c_int64)
        for name in (
            "pagesize", "pagemask", "pageshift", "npages", "free", "active", "inactive", "paging",
            "wired", "zeropages", "reserve_pagedaemon", "reserve_kernel", "freemin", "freetarg",
            "inactarg", "wiredmax", "nswapdev", "swpages", "swpginuse", "swpgonly", "nswget", "unused1",
            "cpuhit", "cpumiss", "faults", "traps", "intrs", "swtch", "softs", "syscalls", "pageins",
            "swapins", "swapouts", "pgswapin", "pgswapout", "forks", "forks_ppwait", "forks_sharevm",
            "pga_zerohit", "pga_zeromiss", "zeroaborts", "fltnoram", "fltnoanon", "fltpgwait",
            "fltpgrele", "fltrelck", "fltrelckok", "fltanget", "fltanretry", "fltamcopy", "fltnamap",
            "fltnomap", "fltlget", "fltget", "flt_anon", "flt_acow", "flt_obj", "flt_prcopy",
            "flt_przero", "pdwoke", "pdrevs", "unused4", "pdfreed", "pdscans", "pdanscan", "pdobscan",
            "pdreact", "pdbusy", "pdpageouts", "pdpending", "pddeact", "anonpages", "filepages",
            "execpages",
        )
    )  # fmt: skip


class io_sysctl(Structure):
    """``struct io_sysctl`` (sys/iostat.h): what a disk did."""

    _fields_ = (
        ("name", c_char * 16), ("busy", c_int32), ("type", c_int32), ("xfer", c_uint64), ("seek", c_uint64),
        ("bytes", c_uint64), ("attachtime_sec", c_uint32), ("attachtime_usec", c_uint32),
        ("timestamp_sec", c_uint32), ("timestamp_usec", c_uint32), ("time_sec", c_uint32),
        ("time_usec", c_uint32), ("rxfer", c_uint64), ("rbytes", c_uint64), ("wxfer", c_uint64),
        ("wbytes", c_uint64), ("wait_sec", c_uint32), ("wait_usec", c_uint32), ("waitsum_sec", c_uint32),
        ("waitsum_usec", c_uint32), ("busysum_sec", c_uint32), ("busysum_usec", c_uint32),
    )  # fmt: skip


class swapent(Structure):
    """``struct swapent`` (sys/swap.h), in blocks of 512 bytes."""

    _fields_ = (
        ("se_dev", c_uint64), ("se_flags", c_int), ("se_nblks", c_int), ("se_inuse", c_int),
        ("se_priority", c_int), ("se_path", c_char * 1025),
    )  # fmt: skip


class statvfs(Structure):
    """``struct statvfs`` (sys/statvfs.h): a mounted file system."""

    _fields_ = (
        ("f_flag", c_ulong), ("f_bsize", c_ulong), ("f_frsize", c_ulong), ("f_iosize", c_ulong),
        ("f_blocks", c_uint64), ("f_bfree", c_uint64), ("f_bavail", c_uint64), ("f_bresvd", c_uint64),
        ("f_files", c_uint64), ("f_ffree", c_uint64), ("f_favail", c_uint64), ("f_fresvd", c_uint64),
        ("f_syncreads", c_uint64), ("f_syncwrites", c_uint64), ("f_asyncreads", c_uint64),
        ("f_asyncwrites", c_uint64), ("f_fsidx", c_int32 * 2), ("f_fsid", c_ulong),
        ("f_namemax", c_ulong), ("f_owner", c_uint32), ("f_spare", c_uint64 * 4),
        ("f_fstypename", c_char * 32), ("f_mntonname", c_char * 1024), ("f_mntfromname", c_char * 1024),
        ("f_mntfromlabel", c_char * 1024),
    )  # fmt: skip


class if_data(Structure):
    """``struct if_data`` (net/if.h): the figures of an interface."""

    _fields_ = (
        ("ifi_type", c_uint8), ("ifi_addrlen", c_uint8), ("ifi_hdrlen", c_uint8), ("ifi_link_state", c_int),
        ("ifi_mtu", c_uint64), ("ifi_metric", c_uint64), ("ifi_baudrate", c_uint64),
        ("ifi_ipackets", c_uint64), ("ifi_ierrors", c_uint64), ("ifi_opackets", c_uint64),
        ("ifi_oerrors", c_uint64), ("ifi_collisions", c_uint64), ("ifi_ibytes", c_uint64),
        ("ifi_obytes", c_uint64), ("ifi_imcasts", c_uint64), ("ifi_omcasts", c_uint64),
        ("ifi_iqdrops", c_uint64), ("ifi_noproto", c_uint64), ("ifi_lastchange", timespec),
    )  # fmt: skip


class ifmediareq(Structure):
    """``struct ifmediareq`` (net/if.h)."""

    _fields_ = (
        ("ifm_name", c_char * 16), ("ifm_current", c_int), ("ifm_mask", c_int), ("ifm_status", c_int),
        ("ifm_active", c_int), ("ifm_count", c_int), ("ifm_ulist", c_void_p),
    )  # fmt: skip


class kinfo_vmentry(Structure):
    """``struct kinfo_vmentry`` (sys/sysctl.h): a mapping."""

    _fields_ = (
        ("kve_start", c_uint64), ("kve_end", c_uint64), ("kve_offset", c_uint64), ("kve_type", c_uint32),
        ("kve_flags", c_uint32), ("kve_count", c_uint32), ("kve_wired_count", c_uint32),
        ("kve_advice", c_uint32), ("kve_attributes", c_uint32), ("kve_protection", c_uint32),
        ("kve_max_protection", c_uint32), ("kve_ref_count", c_uint32), ("kve_inheritance", c_uint32),
        ("kve_vn_fileid", c_uint64), ("kve_vn_size", c_uint64), ("kve_vn_fsid", c_uint64),
        ("kve_vn_rdev", c_uint64), ("kve_vn_type", c_uint32), ("kve_vn_mode", c_uint32),
        ("kve_path", c_char * 1024),
    )  # fmt: skip


class rt_metrics(Structure):
    """``struct rt_metrics`` (net/route.h)."""

    _fields_ = (
        ("rmx_locks", c_uint64), ("rmx_mtu", c_uint64), ("rmx_hopcount", c_uint64),
        ("rmx_recvpipe", c_uint64), ("rmx_sendpipe", c_uint64), ("rmx_ssthresh", c_uint64),
        ("rmx_rtt", c_uint64), ("rmx_rttvar", c_uint64), ("rmx_expire", c_int64), ("rmx_pksent", c_int64),
    )  # fmt: skip


class rt_msghdr(Structure):
    """``struct rt_msghdr`` (net/route.h): a route; its addresses follow."""

    _fields_ = (
        ("rtm_msglen", c_uint16), ("rtm_version", c_uint8), ("rtm_type", c_uint8), ("rtm_index", c_uint16),
        ("rtm_flags", c_int), ("rtm_addrs", c_int), ("rtm_pid", c_int32), ("rtm_seq", c_int),
        ("rtm_errno", c_int), ("rtm_use", c_int), ("rtm_inits", c_int), ("_fill", c_int),
        ("rtm_rmx", rt_metrics),
    )  # fmt: skip


class ut_exit(Structure):
    """How a session's process ended."""

    _fields_ = (("e_termination", c_uint16), ("e_exit", c_uint16))


class sockaddr_storage(Structure):
    """``struct sockaddr_storage``."""

    _fields_ = (
        ("ss_len", c_uint8), ("ss_family", c_uint8), ("__ss_pad1", c_uint8 * 6), ("__ss_align", c_int64),
        ("__ss_pad2", c_uint8 * 112),
    )  # fmt: skip


class utmpx(Structure):
    """``struct utmpx`` (utmpx.h), up to its time."""

    _prefix_ = True
    _fields_ = (
        ("ut_user", c_char * 32), ("ut_id", c_char * 4), ("ut_line", c_char * 32),
        ("ut_host", c_char * 256), ("ut_session", c_uint16), ("ut_type", c_uint16), ("ut_pid", c_int32),
        ("ut_exit", ut_exit), ("ut_ss", sockaddr_storage), ("ut_tv", timeval),
    )  # fmt: skip


#: _IOWR('i', 56, struct ifmediareq)
SIOCGIFMEDIA = 0xC0006938 | ctypes.sizeof(ifmediareq) << 16
