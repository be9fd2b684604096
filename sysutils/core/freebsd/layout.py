"""Structures of FreeBSD's kernel (sys/user.h and others), and their numbers."""

import sys
from ctypes import (
    Structure,
    Union,
    alignment,
    c_char,
    c_int,
    c_int8,
    c_int16,
    c_int32,
    c_int64,
    c_long,
    c_short,
    c_uint,
    c_uint8,
    c_uint16,
    c_uint32,
    c_uint64,
    c_ulong,
    c_ushort,
    c_void_p,
    sizeof,
)

CTL_KERN, CTL_NET, KERN_PROC = 1, 4, 14
KERN_PROC_PID, KERN_PROC_ARGS, KERN_PROC_PROC, KERN_PROC_PATHNAME = 1, 7, 8, 12
KERN_PROC_INC_THREAD = 0x10
KERN_PROC_VMMAP, KERN_PROC_FILEDESC, KERN_PROC_ENV, KERN_PROC_RLIMIT = 32, 33, 35, 37
KERN_PROC_CWD, KERN_PROC_NFDS = 42, 43
SIDL, SRUN, SSLEEP, SSTOP, SZOMB, SWAIT, SLOCK = range(1, 8)
KF_TYPE_NONE, KF_TYPE_VNODE, KF_TYPE_SOCKET, KF_TYPE_PIPE, KF_TYPE_FIFO, KF_TYPE_KQUEUE = range(6)
KF_TYPE_MQUEUE, KF_TYPE_SHM, KF_TYPE_SEM, KF_TYPE_PTS, KF_TYPE_PROCDESC, KF_TYPE_DEV = range(7, 13)
KF_TYPE_EVENTFD, KF_TYPE_TIMERFD, KF_TYPE_INOTIFY, KF_TYPE_JAILDESC, KF_ATTR_VALID = (
    13,
    14,
    15,
    16,
    1,
)
KF_FD_TYPE_CWD, KF_FD_TYPE_ROOT, KF_FD_TYPE_TEXT = -1, -2, -5
KF_FLAG_READ, KF_FLAG_WRITE, KF_FLAG_APPEND, KF_FLAG_FSYNC, KF_FLAG_NONBLOCK, KF_FLAG_DIRECT = (
    0x1, 0x2, 0x4, 0x10, 0x20, 0x40,
)  # fmt: skip
KVME_FLAG_COW, KVME_FLAG_NEEDS_COPY, KVME_FLAG_GROWS_DOWN = 0x1, 0x2, 0x20
KVME_FLAG_SYSVSHM, KVME_FLAG_POSIXSHM = 0x80, 0x100
KVME_TYPE_NONE, KVME_TYPE_DEFAULT, KVME_TYPE_VNODE, KVME_TYPE_SWAP, KVME_TYPE_DEVICE = range(5)
KVME_TYPE_PHYS, KVME_TYPE_DEAD, KVME_TYPE_SG, KVME_TYPE_MGTDEVICE, KVME_TYPE_GUARD = range(5, 10)
AF_UNIX, AF_INET, AF_LINK, AF_INET6 = 1, 2, 18, 28
VREG = 1
UTMPX_TYPES = (
    "EMPTY", "BOOT_TIME", "OLD_TIME", "NEW_TIME", "USER_PROCESS", "INIT_PROCESS", "LOGIN_PROCESS",
    "DEAD_PROCESS", "SHUTDOWN_TIME",
)  # fmt: skip
TCPS = (
    "CLOSE", "LISTEN", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "CLOSE_WAIT", "FIN_WAIT1", "CLOSING",
    "LAST_ACK", "FIN_WAIT2", "TIME_WAIT",
)  # fmt: skip
INP_IPV4, INP_IPV6 = 1, 2
PF_ROUTE, RTF_LLINFO, ROUTE_UNIT = 17, 0x400, sizeof(c_long)
DEVSTAT_READ, DEVSTAT_WRITE = 1, 2


class timeval(Structure):
    """``struct timeval`` (sys/_timeval.h); i386 has a time_t of 32 bits."""

    _fields_ = (("tv_sec", c_long), ("tv_usec", c_long))


class rusage(Structure):
    """``struct rusage`` (sys/resource.h)."""

    _fields_ = (
        ("ru_utime", timeval), ("ru_stime", timeval), ("ru_maxrss", c_long), ("ru_ixrss", c_long),
        ("ru_idrss", c_long), ("ru_isrss", c_long), ("ru_minflt", c_long), ("ru_majflt", c_long),
        ("ru_nswap", c_long), ("ru_inblock", c_long), ("ru_oublock", c_long), ("ru_msgsnd", c_long),
        ("ru_msgrcv", c_long), ("ru_nsignals", c_long), ("ru_nvcsw", c_long), ("ru_nivcsw", c_long),
    )  # fmt: skip


class priority(Structure):
    """``struct priority`` (sys/priority.h)."""

    _fields_ = (
        ("pri_class", c_uint8), ("pri_level", c_uint8), ("pri_native", c_uint8), ("pri_user", c_uint8),
    )  # fmt: skip


class kinfo_proc(Structure):
    """``struct kinfo_proc`` (sys/user.h): a process, or a thread."""

    _fields_ = (
        ("ki_structsize", c_int), ("ki_layout", c_int), ("ki_args", c_void_p), ("ki_paddr", c_void_p),
        ("ki_addr", c_void_p), ("ki_tracep", c_void_p), ("ki_textvp", c_void_p), ("ki_fd", c_void_p),
        ("ki_vmspace", c_void_p), ("ki_wchan", c_void_p), ("ki_pid", c_int32), ("ki_ppid", c_int32),
        ("ki_pgid", c_int32), ("ki_tpgid", c_int32), ("ki_sid", c_int32), ("ki_tsid", c_int32),
        ("ki_jobc", c_short), ("ki_spare_short1", c_short), ("ki_tdev_freebsd11", c_uint32),
        ("ki_siglist", c_uint32 * 4), ("ki_sigmask", c_uint32 * 4), ("ki_sigignore", c_uint32 * 4),
        ("ki_sigcatch", c_uint32 * 4), ("ki_uid", c_uint32), ("ki_ruid", c_uint32),
        ("ki_svuid", c_uint32), ("ki_rgid", c_uint32), ("ki_svgid", c_uint32), ("ki_ngroups", c_short),
        ("ki_spare_short2", c_short), ("ki_groups", c_uint32 * 16), ("ki_size", c_void_p),
        ("ki_rssize", c_long), ("ki_swrss", c_long), ("ki_tsize", c_long), ("ki_dsize", c_long),
        ("ki_ssize", c_long), ("ki_xstat", c_ushort), ("ki_acflag", c_ushort), ("ki_pctcpu", c_uint32),
        ("ki_estcpu", c_uint), ("ki_slptime", c_uint), ("ki_swtime", c_uint), ("ki_cow", c_uint),
        ("ki_runtime", c_uint64), ("ki_start", timeval), ("ki_childtime", timeval), ("ki_flag", c_long),
        ("ki_kiflag", c_long), ("ki_traceflag", c_int), ("ki_stat", c_char), ("ki_nice", c_int8),
        ("ki_lock", c_char), ("ki_rqindex", c_char), ("ki_oncpu_old", c_uint8), ("ki_lastcpu_old", c_uint8),
        ("ki_tdname", c_char * 17), ("ki_wmesg", c_char * 9), ("ki_login", c_char * 18),
        ("ki_lockname", c_char * 9), ("ki_comm", c_char * 20), ("ki_emul", c_char * 17),
        ("ki_loginclass", c_char * 18), ("ki_moretdname", c_char * 4), ("ki_sparestrings", c_char * 46),
        ("ki_spareints", c_int * 2), ("ki_tdev", c_uint64), ("ki_oncpu", c_int), ("ki_lastcpu", c_int),
        ("ki_tracer", c_int), ("ki_flag2", c_int), ("ki_fibnum", c_int), ("ki_cr_flags", c_uint),
        ("ki_jid", c_int), ("ki_numthreads", c_int), ("ki_tid", c_int32), ("ki_pri", priority),
        ("ki_rusage", rusage), ("ki_rusage_ch", rusage), ("ki_pcb", c_void_p), ("ki_kstack", c_void_p),
        ("ki_udata", c_void_p), ("ki_tdaddr", c_void_p), ("ki_pd", c_void_p), ("ki_uerrmsg", c_void_p),
        ("ki_spareptrs", c_void_p * 4), ("ki_sparelongs", c_long * 12), ("ki_sflag", c_long),
        ("ki_tdflags", c_long),
    )  # fmt: skip


class sockaddr_storage(Structure):
    """``struct sockaddr_storage``."""

    _fields_ = (
        ("ss_len", c_uint8), ("ss_family", c_uint8), ("_data", c_uint8 * 6), ("_align", c_int64),
        ("_rest", c_uint8 * 112),
    )  # fmt: skip


class kf_sock(Structure):
    """``kf_un.kf_sock`` of ``struct kinfo_file``."""

    _fields_ = (
        ("kf_sock_sendq", c_uint32), ("kf_sock_domain0", c_int), ("kf_sock_type0", c_int),
        ("kf_sock_protocol0", c_int), ("kf_sa_local", sockaddr_storage), ("kf_sa_peer", sockaddr_storage),
        ("kf_sock_pcb", c_uint64), ("kf_sock_inpcb", c_uint64), ("kf_sock_unpconn", c_uint64),
        ("kf_sock_snd_sb_state", c_uint16), ("kf_sock_rcv_sb_state", c_uint16),
        ("kf_sock_recvq", c_uint32),
    )  # fmt: skip


class kf_file(Structure):
    """``kf_un.kf_file`` of ``struct kinfo_file``."""

    _fields_ = (
        ("kf_file_type", c_int), ("_spareint", c_int * 3), ("_spareint64", c_uint64 * 29),
        ("kf_file_nlink", c_uint64), ("kf_file_fsid", c_uint64), ("kf_file_rdev", c_uint64),
        ("kf_file_fileid", c_uint64), ("kf_file_size", c_uint64), ("_old", c_uint64),
        ("kf_file_mode", c_uint16), ("_pad0", c_uint16), ("_pad1", c_uint32),
    )  # fmt: skip


class kf_pipe(Structure):
    """``kf_un.kf_pipe`` of ``struct kinfo_file``."""

    _fields_ = (
        ("_spareint", c_uint32 * 4), ("_spareint64", c_uint64 * 32), ("kf_pipe_addr", c_uint64),
        ("kf_pipe_peer", c_uint64), ("_buffer", c_uint32 * 4),
    )  # fmt: skip


class _kf_un(Union):
    _fields_ = (("kf_sock", kf_sock), ("kf_file", kf_file), ("kf_pipe", kf_pipe))


class kinfo_file(Structure):
    """``struct kinfo_file`` (sys/user.h), up to the path, which ends where the record does."""

    _prefix_ = True
    _fields_ = (
        ("kf_structsize", c_int), ("kf_type", c_int), ("kf_fd", c_int), ("kf_ref_count", c_int),
        ("kf_flags", c_int), ("kf_pad0", c_int), ("kf_offset", c_int64), ("kf_un", _kf_un),
        ("kf_status", c_uint16), ("kf_pad1", c_uint16), ("_kf_ispare0", c_int),
        ("kf_cap_rights", c_uint64 * 2), ("_kf_cap_spare", c_uint64),
    )  # fmt: skip


class kinfo_vmentry(Structure):
    """``struct kinfo_vmentry`` (sys/user.h), up to the path, which ends where the record does."""

    _prefix_ = True
    _fields_ = (
        ("kve_structsize", c_int), ("kve_type", c_int), ("kve_start", c_uint64), ("kve_end", c_uint64),
        ("kve_offset", c_uint64), ("kve_vn_fileid", c_uint64), ("kve_vn_fsid_freebsd11", c_uint32),
        ("kve_flags", c_int), ("kve_resident", c_int), ("kve_private_resident", c_int),
        ("kve_protection", c_int), ("kve_ref_count", c_int), ("kve_shadow_count", c_int),
        ("kve_vn_type", c_int), ("kve_vn_size", c_uint64), ("kve_vn_rdev_freebsd11", c_uint32),
        ("kve_vn_mode", c_uint16), ("kve_status", c_uint16), ("_kve_type_spec", c_uint64),
        ("kve_vn_rdev", c_uint64), ("_kve_ispare", c_int * 8),
    )  # fmt: skip


class xsockbuf(Structure):
    """``struct xsockbuf`` (sys/socketvar.h)."""

    _fields_ = (
        ("sb_cc", c_uint32), ("sb_hiwat", c_uint32), ("sb_mbcnt", c_uint32), ("_spare0", c_uint32),
        ("_spare1", c_uint32), ("sb_mbmax", c_uint32), ("sb_lowat", c_int32), ("sb_timeo", c_int32),
        ("sb_flags", c_int16),
    )  # fmt: skip


class xsocket(Structure):
    """``struct xsocket`` (sys/socketvar.h): what all kinds of sockets have."""

    _fields_ = (
        ("xso_len", c_uint64), ("xso_so", c_uint64), ("so_pcb", c_uint64), ("so_oobmark", c_uint64),
        ("_spare64", c_int64 * 8), ("xso_protocol", c_int32), ("xso_family", c_int32),
        ("so_qlen", c_uint32), ("so_incqlen", c_uint32), ("so_qlimit", c_uint32), ("so_pgid", c_int32),
        ("so_uid", c_uint32), ("_spare32", c_int32 * 8), ("so_type", c_int16), ("so_options", c_int16),
        ("so_linger", c_int16), ("so_state", c_int16), ("so_timeo", c_int16), ("so_error", c_uint16),
        ("so_rcv", xsockbuf), ("so_snd", xsockbuf),
    )  # fmt: skip


class in_endpoints(Structure):
    """``struct in_endpoints`` (netinet/in_pcb.h): ports in network order, addresses of 16 bytes."""

    _fields_ = (
        ("ie_fport", c_uint16), ("ie_lport", c_uint16), ("ie6_faddr", c_uint8 * 16),
        ("ie6_laddr", c_uint8 * 16), ("ie6_zoneid", c_uint32),
    )  # fmt: skip


class in_conninfo(Structure):
    """``struct in_conninfo`` (netinet/in_pcb.h)."""

    _fields_ = (
        ("inc_flags", c_uint8), ("inc_len", c_uint8), ("inc_fibnum", c_uint16), ("inc_ie", in_endpoints),
    )  # fmt: skip


class xinpcb(Structure):
    """``struct xinpcb`` (netinet/in_pcb.h): an Internet socket, up to what is used of it."""

    _fields_ = (
        ("xi_len", c_uint64), ("xi_socket", xsocket), ("inp_inc", in_conninfo), ("inp_gencnt", c_uint64),
        ("_spare64", c_int64 * 5), ("inp_flow", c_uint32), ("inp_flowid", c_uint32),
        ("inp_flowtype", c_uint32), ("inp_flags", c_int32), ("inp_flags2", c_int32), ("_unused", c_uint32),
        ("in6p_cksum", c_int32), ("_spare32", c_int32 * 4), ("in6p_hops", c_uint16), ("inp_ip_tos", c_uint8),
        ("_pad8", c_int8), ("inp_vflag", c_uint8), ("inp_ip_ttl", c_uint8), ("inp_ip_p", c_uint8),
        ("inp_ip_minttl", c_uint8), ("_spare8", c_int8 * 4),
        ("_end", c_int8 * (8 - alignment(c_uint64))),  # __aligned(8), which i386 would not do by itself
    )  # fmt: skip


class xtcpcb(Structure):
    """``struct xtcpcb`` (netinet/tcp_var.h): a TCP socket, up to its state."""

    _prefix_ = True
    _fields_ = (
        ("xt_len", c_uint64), ("xt_inp", xinpcb), ("_names", c_char * 112), ("_spare64", c_int64 * 6),
        ("t_state", c_int32),
    )  # fmt: skip


class xunpcb(Structure):
    """``struct xunpcb`` (sys/unpcb.h): a UNIX socket."""

    _fields_ = (
        ("xu_len", c_uint64), ("xu_unpp", c_uint64), ("unp_vnode", c_uint64), ("unp_conn", c_uint64),
        ("xu_firstref", c_uint64), ("xu_nextref", c_uint64), ("unp_gencnt", c_uint64),
        ("_spare64", c_int64 * 8), ("_spare32", c_int32 * 8), ("xu_addr", c_uint8 * 106),
        ("_rest", c_uint8 * 150), ("xu_caddr", c_uint8 * 106), ("_more", c_uint8 * 150),
        ("xu_socket", xsocket),
    )  # fmt: skip


class xfile(Structure):
    """``struct xfile`` (sys/file.h): an open descriptor."""

    _fields_ = (
        ("xf_size", c_uint64), ("xf_pid", c_int32), ("xf_uid", c_uint32), ("xf_fd", c_int),
        ("_pad1", c_int), ("xf_file", c_uint64), ("xf_type", c_short), ("_pad2", c_short),
        ("xf_count", c_int), ("xf_msgcount", c_int), ("_pad3", c_int), ("xf_offset", c_int64),
        ("xf_data", c_uint64), ("xf_vnode", c_uint64), ("xf_flag", c_uint), ("_pad4", c_int),
        ("_pad5", c_int64 * 6),
    )  # fmt: skip


class bintime(Structure):
    """``struct bintime`` (sys/time.h): seconds, and 2**-64 parts of one."""

    _fields_ = (("sec", c_long), ("frac", c_uint64))


class devstat(Structure):
    """``struct devstat`` (sys/devicestat.h)."""

    _fields_ = (
        ("sequence0", c_uint), ("allocated", c_int), ("start_count", c_uint), ("end_count", c_uint),
        ("busy_from", bintime), ("_dev_links", c_void_p), ("device_number", c_uint32),
        ("device_name", c_char * 16), ("unit_number", c_int), ("bytes", c_uint64 * 4),
        ("operations", c_uint64 * 4), ("duration", bintime * 4), ("busy_time", bintime),
        ("creation_time", bintime), ("block_size", c_uint32), ("_tag_types", c_uint64 * 3),
        ("flags", c_uint), ("device_type", c_uint), ("priority", c_uint), ("id", c_void_p),
        ("sequence1", c_uint),
    )  # fmt: skip


class if_data(Structure):
    """``struct if_data`` (net/if.h): the figures of an interface."""

    _fields_ = (
        ("ifi_type", c_uint8), ("ifi_physical", c_uint8), ("ifi_addrlen", c_uint8), ("ifi_hdrlen", c_uint8),
        ("ifi_link_state", c_uint8), ("ifi_vhid", c_uint8), ("ifi_datalen", c_uint16), ("ifi_mtu", c_uint32),
        ("ifi_metric", c_uint32), ("ifi_baudrate", c_uint64), ("ifi_ipackets", c_uint64),
        ("ifi_ierrors", c_uint64), ("ifi_opackets", c_uint64), ("ifi_oerrors", c_uint64),
        ("ifi_collisions", c_uint64), ("ifi_ibytes", c_uint64), ("ifi_obytes", c_uint64),
        ("ifi_imcasts", c_uint64), ("ifi_omcasts", c_uint64), ("ifi_iqdrops", c_uint64),
        ("ifi_oqdrops", c_uint64), ("ifi_noproto", c_uint64), ("ifi_hwassist", c_uint64),
        ("_epoch", c_uint64), ("_lastchange", c_uint64 * 2),
    )  # fmt: skip


class statfs(Structure):
    """``struct statfs`` (sys/mount.h): a mounted file system."""

    _fields_ = (
        ("f_version", c_uint32), ("f_type", c_uint32), ("f_flags", c_uint64), ("f_bsize", c_uint64),
        ("f_iosize", c_uint64), ("f_blocks", c_uint64), ("f_bfree", c_uint64), ("f_bavail", c_int64),
        ("f_files", c_uint64), ("f_ffree", c_int64), ("f_syncwrites", c_uint64), ("f_asyncwrites", c_uint64),
        ("f_syncreads", c_uint64), ("f_asyncreads", c_uint64), ("f_nvnodelistsize", c_uint32),
        ("f_spare0", c_uint32), ("_spare", c_uint64 * 9), ("f_namemax", c_uint32), ("f_owner", c_uint32),
        ("_fsid", c_int32 * 2), ("f_charspare", c_char * 80), ("f_fstypename", c_char * 16),
        ("f_mntfromname", c_char * 1024), ("f_mntonname", c_char * 1024),
    )  # fmt: skip


class xswdev(Structure):
    """``struct xswdev`` (vm/vm_param.h): a swap device, in pages."""

    _fields_ = (
        ("xsw_version", c_uint), ("xsw_dev", c_uint64), ("xsw_flags", c_int), ("xsw_nblks", c_int),
        ("xsw_used", c_int),
    )  # fmt: skip


class vmtotal(Structure):
    """``struct vmtotal`` (sys/vmmeter.h), in pages."""

    _fields_ = (
        ("t_vm", c_uint64), ("t_avm", c_uint64), ("t_rm", c_uint64), ("t_arm", c_uint64),
        ("t_vmshr", c_uint64), ("t_avmshr", c_uint64), ("t_rmshr", c_uint64), ("t_armshr", c_uint64),
        ("t_free", c_uint64), ("t_rq", c_int16), ("t_dw", c_int16), ("t_pw", c_int16), ("t_sl", c_int16),
        ("t_sw", c_int16), ("t_pad", c_uint16 * 3),
    )  # fmt: skip


class utmpx(Structure):
    """``struct utmpx`` (utmpx.h)."""

    _fields_ = (
        ("ut_type", c_short), ("ut_tv", timeval), ("ut_id", c_char * 8), ("ut_pid", c_int32),
        ("ut_user", c_char * 32), ("ut_line", c_char * 16), ("ut_host", c_char * 128),
        ("_spare", c_char * 64),
    )  # fmt: skip


class ifmediareq(Structure):
    """``struct ifmediareq`` (net/if.h)."""

    _fields_ = (
        ("ifm_name", c_char * 16), ("ifm_current", c_int), ("ifm_mask", c_int), ("ifm_status", c_int),
        ("ifm_active", c_int), ("ifm_count", c_int), ("ifm_ulist", c_void_p),
    )  # fmt: skip


class rt_metrics(Structure):
    """``struct rt_metrics`` (net/route.h)."""

    _fields_ = (
        ("rmx_locks", c_ulong), ("rmx_mtu", c_ulong), ("rmx_hopcount", c_ulong), ("rmx_expire", c_ulong),
        ("rmx_recvpipe", c_ulong), ("rmx_sendpipe", c_ulong), ("rmx_ssthresh", c_ulong),
        ("rmx_rtt", c_ulong), ("rmx_rttvar", c_ulong), ("rmx_pksent", c_ulong), ("rmx_weight", c_ulong),
        ("rmx_nhidx", c_ulong), ("_rmx_filler", c_ulong * 2),
    )  # fmt: skip


class rt_msghdr(Structure):
    """``struct rt_msghdr`` (net/route.h): a route; its addresses follow."""

    _fields_ = (
        ("rtm_msglen", c_ushort), ("rtm_version", c_uint8), ("rtm_type", c_uint8), ("rtm_index", c_ushort),
        ("_rtm_spare1", c_ushort), ("rtm_flags", c_int), ("rtm_addrs", c_int), ("rtm_pid", c_int32),
        ("rtm_seq", c_int), ("rtm_errno", c_int), ("rtm_fmask", c_int), ("rtm_inits", c_ulong),
        ("rtm_rmx", rt_metrics),
    )  # fmt: skip


class rlimit(Structure):
    """``struct rlimit`` (sys/resource.h)."""

    _fields_ = (("rlim_cur", c_int64), ("rlim_max", c_int64))


ORDER = sys.byteorder
#: where the path stands in a structure that ends with one
KF_SIZE = KF_PATH = sizeof(kinfo_file)
KVE_PATH = sizeof(kinfo_vmentry)


def size_of(kind: type[Structure]) -> int:
    """Size of a structure in bytes."""
    return sizeof(kind)
