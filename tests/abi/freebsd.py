"""FreeBSD: the structures, numbers and functions of ``sysutils/core/freebsd``."""

from __future__ import annotations

from sysutils.core.bsd import facts, if_details
from sysutils.core.freebsd import layout, net, protocols
from sysutils.core.posix import ifaddrs
from tests.abi import bsd_protocols, bsd_routes
from tools.abi import Abi

_NUMBERS = (
    "CTL_KERN KERN_PROC KERN_PROC_PID KERN_PROC_ARGS KERN_PROC_PROC KERN_PROC_PATHNAME KERN_PROC_INC_THREAD"
    " KERN_PROC_VMMAP KERN_PROC_FILEDESC KERN_PROC_ENV KERN_PROC_RLIMIT KERN_PROC_CWD KERN_PROC_NFDS SIDL"
    " SRUN SSLEEP SSTOP SZOMB SWAIT SLOCK KF_TYPE_NONE KF_TYPE_VNODE KF_TYPE_SOCKET KVME_TYPE_NONE"
    " KVME_TYPE_DEFAULT"
    " KVME_TYPE_VNODE KVME_TYPE_SWAP KVME_TYPE_DEVICE KVME_TYPE_PHYS KVME_TYPE_DEAD KVME_TYPE_SG"
    " KVME_TYPE_MGTDEVICE KVME_TYPE_GUARD AF_UNIX AF_INET AF_LINK AF_INET6 INP_IPV4 INP_IPV6 DEVSTAT_READ"
    " DEVSTAT_WRITE KF_TYPE_PIPE KF_TYPE_FIFO KF_TYPE_KQUEUE KF_TYPE_MQUEUE KF_TYPE_SHM KF_TYPE_SEM"
    " KF_TYPE_PTS KF_TYPE_PROCDESC KF_TYPE_DEV KF_TYPE_EVENTFD KF_TYPE_TIMERFD KF_TYPE_INOTIFY"
    " KF_TYPE_JAILDESC KF_ATTR_VALID KF_FD_TYPE_CWD KF_FD_TYPE_ROOT KF_FD_TYPE_TEXT KF_FLAG_READ"
    " KF_FLAG_WRITE KF_FLAG_APPEND KF_FLAG_FSYNC KF_FLAG_NONBLOCK KF_FLAG_DIRECT KVME_FLAG_COW"
    " KVME_FLAG_NEEDS_COPY KVME_FLAG_GROWS_DOWN KVME_FLAG_SYSVSHM KVME_FLAG_POSIXSHM CTL_NET"
    " PF_ROUTE RTF_LLINFO"
)
_HARDWARE = "ETHER LOOP PPP SLIP IEEE1394 BRIDGE GIF STF"
_STATES = (
    "CLOSED LISTEN SYN_SENT SYN_RECEIVED ESTABLISHED CLOSE_WAIT FIN_WAIT_1 CLOSING LAST_ACK FIN_WAIT_2"
    " TIME_WAIT"
)

ABI = Abi(
    targets=("x86_64-freebsd", "aarch64-freebsd", "x86-freebsd"),
    headers=(
        "sys/param.h", "sys/types.h", "sys/sysctl.h", "sys/user.h", "sys/proc.h", "sys/vmmeter.h",
        "sys/mount.h", "sys/socket.h", "sys/socketvar.h", "sys/un.h", "sys/unpcb.h", "netinet/in.h",
        "netinet/in_systm.h", "netinet/ip.h", "netinet/in_pcb.h", "netinet/tcp.h", "netinet/tcp_fsm.h",
        "netinet/tcp_var.h", "net/if.h", "net/if_dl.h", "net/if_types.h", "net/if_media.h", "net/route.h",
        "ifaddrs.h",
        "utmpx.h", "sys/devicestat.h", "sys/cpuset.h", "libutil.h", "sys/acct.h",
        "sys/fcntl.h", "sys/file.h", "sys/statvfs.h",
        "sys/rtprio.h", "sys/resource.h", "vm/vm_param.h", "sys/time.h", "sys/ioctl.h", "sys/sockio.h",
        "netinet/ip_icmp.h", "netinet/icmp_var.h",
        "netinet/icmp6.h", "netinet/ip_var.h", "netinet/udp.h",
        "netinet/udp_var.h", "netinet6/ip6_var.h", "malloc_np.h", "stdlib.h",
    ),
    structures={
        f"struct {kind.__name__}": kind
        for kind in (
            layout.kinfo_proc, layout.xinpcb, layout.xsocket, layout.xunpcb, layout.xfile, layout.devstat,
            layout.if_data, layout.statfs, layout.xswdev, layout.vmtotal, layout.utmpx, layout.ifmediareq,
            layout.rlimit, layout.rusage, layout.kinfo_file, layout.kinfo_vmentry, layout.xtcpcb,
            layout.sockaddr_storage, layout.rt_msghdr, layout.rt_metrics, protocols.tcpstat,
            protocols.udpstat, protocols.ipstat, protocols.icmpstat, protocols.ip6stat,
            protocols.icmp6stat, ifaddrs.ifaddrs, ifaddrs.sockaddr_dl,
        )
    },
    constants={name: getattr(layout, name) for name in _NUMBERS.split()}
    | {
        "offsetof(struct kinfo_file, kf_path)": layout.KF_PATH,
        "offsetof(struct kinfo_vmentry, kve_path)": layout.KVE_PATH,
        "SIOCGIFMEDIA": {
            "x86_64-freebsd": 0xC0306938, "aarch64-freebsd": 0xC0306938, "x86-freebsd": 0xC0286938,
        },
        "IFM_FDX": net.IFM_FDX,
        "IFM_HDX": net.IFM_HDX,
        "CPU_LEVEL_WHICH": 3,
        "CPU_WHICH_PID": 2,
        "CPU_SETSIZE": 1024,
        "MNT_NOWAIT": 2,
        "SO_ACCEPTCONN": 2,
        "ASU": facts.ASU,
        "DTYPE_SOCKET": 2,
        **bsd_routes.ROUTES,
        **{name: value for name, value in bsd_routes.BSD.items() if not name.startswith("V")},
    }
    | {f"TCPS_{name}": number for number, name in enumerate(_STATES.split())}
    | {name: number for number, name in enumerate(layout.UTMPX_TYPES)}
    | {
        f"IFT_{name}": number
        for name, number in zip(_HARDWARE.split(), if_details.HARDWARE, strict=True)
    },
    fixtures={
        "file": (
            "struct kinfo_file",
            ("{ .kf_structsize = sizeof(struct kinfo_file), .kf_type = KF_TYPE_VNODE, .kf_fd = 3,"
            " .kf_flags = KF_FLAG_READ | KF_FLAG_WRITE | KF_FLAG_APPEND, .kf_offset = 77,"
            " .kf_status = KF_ATTR_VALID, .kf_un = { .kf_file = { .kf_file_type = KF_VTYPE_VREG,"
            " .kf_file_nlink = 2, .kf_file_fsid = 0x405, .kf_file_fileid = 4711, .kf_file_size = 1234,"
            ' .kf_file_mode = 0644 } }, .kf_path = "/home/me/notes" }'),
        ),
        "pipe": (
            "struct kinfo_file",
            ("{ .kf_structsize = sizeof(struct kinfo_file), .kf_type = KF_TYPE_PIPE, .kf_fd = 4,"
            " .kf_flags = KF_FLAG_READ, .kf_un = { .kf_pipe = { .kf_pipe_addr = 0x2000,"
            " .kf_pipe_peer = 0x1000 } } }"),
        ),
        "mapping": (
            "struct kinfo_vmentry",
            ("{ .kve_structsize = sizeof(struct kinfo_vmentry), .kve_type = KVME_TYPE_VNODE,"
            " .kve_start = 0x10000, .kve_end = 0x15000, .kve_offset = 0x1000, .kve_flags = KVME_FLAG_COW,"
            " .kve_resident = 3, .kve_protection = KVME_PROT_READ | KVME_PROT_EXEC,"
            " .kve_vn_fileid = 4711, .kve_vn_size = 1234, .kve_vn_type = KF_VTYPE_VREG,"
            " .kve_vn_mode = 0755, .kve_type_spec = { ._kve_vn_fsid = 0x405 },"
            ' .kve_path = "/bin/sh" }'),
        ),
        **bsd_protocols.structures(),
        **bsd_routes.fixtures(
            ".rtm_rmx = { .rmx_pksent = 77 }", "RTF_LLINFO"
        ),
        "kinfo_proc": (
            "struct kinfo_proc",
            ("{ .ki_structsize = sizeof(struct kinfo_proc), .ki_pid = 4242, .ki_ppid = 17, .ki_pgid = 4240,"
            " .ki_sid = 4239, .ki_tpgid = 4241, .ki_tdev = 123, .ki_uid = 1001, .ki_ruid = 1002,"
            " .ki_svuid = 1003, .ki_rgid = 2002, .ki_svgid = 2003, .ki_ngroups = 2,"
            " .ki_groups = { 2001, 2004 }, .ki_size = 123456789, .ki_rssize = 321, .ki_tsize = 11,"
            " .ki_dsize = 12, .ki_ssize = 13, .ki_stat = SSLEEP, .ki_nice = -5, .ki_comm = \"hello\","
            " .ki_wmesg = \"select\", .ki_start = { 1700000000, 250000 }, .ki_numthreads = 3,"
            " .ki_tid = 100077, .ki_oncpu = -1, .ki_lastcpu = 1, .ki_flag = 0x10000000,"
            " .ki_pri = { .pri_level = 120 }, .ki_siglist = {{ 1, 2 }}, .ki_sigcatch = {{ 8 }},"
            " .ki_rusage = { .ru_utime = { 5, 500000 }, .ru_stime = { 2, 1 }, .ru_nvcsw = 91,"
            " .ru_nivcsw = 92, .ru_minflt = 93, .ru_majflt = 94, .ru_inblock = 95, .ru_oublock = 96 },"
            " .ki_rusage_ch = { .ru_utime = { 7, 0 }, .ru_stime = { 8, 0 } } }"),
        ),
        "devstat": (
            "struct devstat",
            ("{ .device_name = \"ada\", .unit_number = 3, .bytes = { 0, 1000, 2000, 0 },"
            " .operations = { 0, 10, 20, 0 }, .duration = { {0}, { 1, 1ULL << 63 }, { 2, 0 }, {0} },"
            " .busy_time = { 3, 1ULL << 62 } }"),
        ),
    },
    functions={
        "sysctlnametomib": "sysctlnametomib",
        "sysctl": "sysctl", "sysctlbyname": "sysctlbyname", "devname": "devname", "ioctl": "ioctl",
        "getfsstat": "getfsstat", "setutxent": "setutxent", "getutxent": "getutxent",
        "endutxent": "endutxent", "cpuset_getaffinity": "cpuset_getaffinity",
        "cpuset_setaffinity": "cpuset_setaffinity", "mallctl": "mallctl",
    },
)  # fmt: skip
