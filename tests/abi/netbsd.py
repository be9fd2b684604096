"""NetBSD: the structures, numbers and functions of ``sysutils/core/netbsd``."""

from __future__ import annotations

from sysutils.core.bsd import facts, if_details
from sysutils.core.netbsd import layout, protocols
from sysutils.core.posix import ifaddrs
from tests.abi import bsd_protocols, bsd_routes
from tools.abi import Abi

_NUMBERS = """
CTL_KERN CTL_VM CTL_HW KERN_CLOCKRATE KERN_PROC2 KERN_PROC_ARGS KERN_CP_TIME KERN_LWP KERN_FILE2 KERN_BOOTTIME
KERN_PROC_ALL KERN_PROC_PID KERN_FILE_BYPID KERN_PROC_ARGV KERN_PROC_ENV KERN_PROC_PATHNAME KERN_PROC_CWD
HW_NCPU HW_IOSTATS VM_UVMEXP2 PCB_ALL SWAP_NSWAP SWAP_STATS SWF_ENABLE SDYING SZOMB SDEAD LSIDL LSRUN LSSLEEP
LSSTOP LSZOMB LSONPROC LSSUSPENDED P_SYSTEM DTYPE_VNODE DTYPE_SOCKET VREG AF_UNIX AF_INET AF_LINK AF_INET6
IFM_FDX IFM_HDX MNT_NOWAIT SS_ISCONNECTED SS_ISCONNECTING PF_ROUTE RTF_LLDATA
VM_PROC VM_PROC_MAP KVME_TYPE_VNODE KVME_FLAG_COW KVME_FLAG_NEEDS_COPY KVME_FLAG_GROWS_DOWN DTYPE_PIPE
DTYPE_KQUEUE DTYPE_MISC DTYPE_CRYPTO DTYPE_MQUEUE DTYPE_SEM DTYPE_EVENTFD DTYPE_TIMERFD DTYPE_MEMFD
"""
_HARDWARE = "ETHER LOOP PPP SLIP IEEE1394 BRIDGE GIF STF"
_STATES = (
    "CLOSED LISTEN SYN_SENT SYN_RECEIVED ESTABLISHED CLOSE_WAIT FIN_WAIT_1 CLOSING LAST_ACK FIN_WAIT_2"
    " TIME_WAIT"
)
_COUNTERS = "TCP_STAT UDP_STAT UDP6_STAT IP_STAT IP6_STAT ICMP_STAT ICMP6_STAT"
_MODES = "CP_USER CP_NICE CP_SYS CP_INTR CP_IDLE CPUSTATES"

ABI = Abi(
    targets=("x86_64-netbsd", "aarch64-netbsd", "x86-netbsd", "sparc64-netbsd"),
    headers=(
        "sys/param.h", "sys/types.h", "sys/sysctl.h", "sys/proc.h", "sys/lwp.h", "sys/vmmeter.h",
        "uvm/uvm_param.h", "uvm/uvm_extern.h", "sys/mount.h", "sys/statvfs.h", "sys/socket.h",
        "sys/socketvar.h", "sys/un.h", "netinet/in.h", "netinet/tcp.h", "netinet/tcp_fsm.h", "net/if.h",
        "net/if_dl.h", "net/if_types.h", "net/if_media.h", "net/route.h", "ifaddrs.h", "utmpx.h",
        "sys/iostat.h",
        "sys/swap.h", "sys/acct.h",
        "sys/fcntl.h", "sys/file.h", "sys/vnode.h", "sys/ioctl.h", "sys/sockio.h", "sys/sched.h",
        "sys/time.h", "netinet/in_systm.h", "netinet/ip.h", "netinet/ip_icmp.h", "netinet/icmp_var.h",
        "netinet/icmp6.h", "netinet/ip_var.h", "netinet/tcp_timer.h", "netinet/tcp_var.h", "netinet/udp.h",
        "netinet/udp_var.h",
        "netinet6/ip6_var.h", "netinet6/udp6_var.h", "malloc.h", "stdlib.h", "unistd.h",
    ),
    structures={
        f"struct {kind.__name__}": kind
        for kind in (
            layout.timeval, layout.timespec, layout.kinfo_proc2, layout.kinfo_lwp, layout.kinfo_file,
            layout.kinfo_pcb, layout.uvmexp_sysctl, layout.io_sysctl, layout.swapent, layout.statvfs,
            layout.if_data, layout.ifmediareq, layout.utmpx, layout.sockaddr_storage, layout.rt_msghdr,
            layout.kinfo_vmentry,
            layout.rt_metrics, ifaddrs.ifaddrs,
            ifaddrs.sockaddr_dl,
        )
    } | {"ki_sigset_t": layout.ki_sigset},
    constants={name: getattr(layout, name) for name in _NUMBERS.split()}
    | bsd_routes.ROUTES | bsd_routes.BSD
    | {
        f"{kind}_{name.upper()}": place
        for kind in _COUNTERS.split()
        for name, place in getattr(protocols, kind).items()
    }
    | {"ASU": facts.ASU}
    | {"ICMP_NTYPES": protocols.ICMP_NTYPES, "RT_ROUNDUP(1)": layout.ROUTE_UNIT}
    | {f"TCPS_{name}": number for number, name in enumerate(_STATES.split())}
    | {name: number for number, name in enumerate(_MODES.split())}
    | {"SIOCGIFMEDIA": {
        "x86_64-netbsd": 0xC0306938, "aarch64-netbsd": 0xC0306938, "x86-netbsd": 0xC0286938,
        "sparc64-netbsd": 0xC0306938,
    }}
    | {name: number for number, name in enumerate(layout.UTMPX_TYPES)}
    | {
        f"IFT_{name}": number
        for name, number in zip(_HARDWARE.split(), if_details.HARDWARE, strict=True)
    },
    renamed={"ki_sigset.bits": "__bits"},
    fixtures={
        "mapping": (
            "struct kinfo_vmentry",
            ("{ .kve_start = 0x10000, .kve_end = 0x15000, .kve_offset = 0x1000, .kve_type = KVME_TYPE_VNODE,"
            " .kve_flags = KVME_FLAG_COW, .kve_protection = KVME_PROT_READ | KVME_PROT_EXEC,"
            " .kve_vn_fileid = 4711, .kve_vn_size = 1234, .kve_vn_fsid = 0x405, .kve_vn_type = VREG,"
            ' .kve_vn_mode = 0755, .kve_path = "/bin/sh" }'),
        ),
        **bsd_protocols.arrays(),
        **bsd_routes.fixtures(
            ".rtm_use = 77", "RTF_LLDATA", "8"
        ),
        "kinfo_proc2": (
            "struct kinfo_proc2",
            (
                "{ .p_pid = 4242, .p_ppid = 17, .p__pgid = 4240, .p_sid = 4239, .p_tpgid = 4241,"
                " .p_uid = 1001, .p_ruid = 1002, .p_svuid = 1003, .p_gid = 2001, .p_rgid = 2002,"
                " .p_svgid = 2003, .p_ngroups = 2, .p_groups = { 2001, 2004 }, .p_tdev = 123,"
                " .p_vm_rssize = 321, .p_vm_tsize = 11, .p_vm_dsize = 12, .p_vm_ssize = 13,"
                " .p_vm_vsize = 5000, .p_vm_msize = 4000, .p_stat = LSSLEEP, .p_realstat = SACTIVE,"
                " .p_nice = 15, .p_comm = \"hello\", .p_wmesg = \"select\", .p_ustart_sec = 1700000000,"
                " .p_ustart_usec = 250000, .p_uutime_sec = 5, .p_uutime_usec = 500000, .p_ustime_sec = 2,"
                " .p_ustime_usec = 1, .p_uctime_sec = 7, .p_uru_nvcsw = 91, .p_uru_nivcsw = 92,"
                " .p_uru_minflt = 93, .p_uru_majflt = 94, .p_uru_inblock = 95, .p_uru_oublock = 96,"
                " .p_siglist = {{ 1, 2 }}, .p_sigcatch = {{ 8 }}, .p_priority = 43, .p_nlwps = 3,"
                " .p_cpuid = 1 }"
            ),
        ),
        "kinfo_lwp": (
            "struct kinfo_lwp",
            (
                "{ .l_lid = 7, .l_stat = LSONPROC, .l_priority = 42, .l_wmesg = \"parked\","
                " .l_rtime_sec = 3, .l_rtime_usec = 250000, .l_cpuid = 1, .l_pid = 4242,"
                " .l_name = \"worker\" }"
            ),
        ),
        "kinfo_file": (
            "struct kinfo_file",
            (
                "{ .ki_pid = 4242, .ki_fd = 5, .ki_ftype = DTYPE_SOCKET, .ki_fdata = 0xFFFF800012345678ULL,"
                " .ki_fuid = 1001, .ki_vtype = VREG, .ki_vsize = 77 }"
            ),
        ),
        "kinfo_pcb": (
            "struct kinfo_pcb",
            (
                "{ .ki_sockaddr = 0xFFFF800012345678ULL, .ki_family = AF_INET6, .ki_type = SOCK_STREAM,"
                " .ki_tstate = TCPS_ESTABLISHED, .ki_rcvq = 7, .ki_sndq = 9,"
                " .ki_spad = { 28, AF_INET6, 0, 22, 0, 0, 0, 0, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0,"
                " 0, 0, 0, 1 },"
                " .ki_dpad = { 28, AF_INET6, 0x15, 0xb3, 0, 0, 0, 0, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0,"
                " 0, 0, 0, 0, 2 } }"
            ),
        ),
        "io_sysctl": (
            "struct io_sysctl",
            (
                "{ .name = \"wd0\", .rxfer = 11, .wxfer = 12, .rbytes = 13, .wbytes = 14, .xfer = 23,"
                " .bytes = 27 }"
            ),
        ),
        "uvmexp_sysctl": (
            "struct uvmexp_sysctl",
            (
                "{ .pagesize = 8192, .npages = 1000, .free = 100, .active = 200, .inactive = 50, .wired = 30,"
                " .anonpages = 60, .filepages = 70, .execpages = 80, .swtch = 1, .intrs = 2, .softs = 3,"
                " .syscalls = 4, .pgswapin = 5, .pgswapout = 6 }"
            ),
        ),
    },
    symbols=("__je_mallctl",),  # malloc.h has it as mallctl, which is in libjemalloc alone
    functions={
        "sysctl": "sysctl", "sysctlbyname": "sysctlbyname", "sysctlnametomib": "sysctlnametomib",
        "devname": "__devname50", "ioctl": "ioctl", "getvfsstat": "__getvfsstat90", "swapctl": "swapctl",
        "setutxent": "setutxent", "getutxent": "__getutxent50", "endutxent": "endutxent",
        "getifaddrs": "getifaddrs", "freeifaddrs": "freeifaddrs",
    },
)  # fmt: skip
