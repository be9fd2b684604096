"""OpenBSD: the structures, numbers and functions of ``sysutils/core/openbsd``."""

from __future__ import annotations

from sysutils.core.bsd import if_details
from sysutils.core.openbsd import layout, protocols
from sysutils.core.posix import ifaddrs
from tests.abi import bsd_protocols, bsd_routes
from tools.abi import Abi

_NUMBERS = """
CTL_KERN CTL_VM CTL_HW CTL_VFS KERN_CLOCKRATE KERN_BOOTTIME KERN_CPTIME KERN_PROC_ARGS KERN_PROC KERN_CPTIME2
KERN_FILE KERN_PROC_CWD KERN_PROC_ALL KERN_PROC_PID KERN_PROC_SHOW_THREADS KERN_PROC_ARGV KERN_PROC_ENV
KERN_FILE_BYFILE KERN_FILE_BYPID HW_NCPU HW_DISKSTATS HW_CPUSPEED HW_PHYSMEM64 HW_NCPUONLINE VM_METER
VM_UVMEXP VFS_GENERIC VFS_BCACHESTAT SWAP_NSWAP SWAP_STATS SIDL SRUN SSLEEP SSTOP SZOMB SDEAD SONPROC
DTYPE_VNODE DTYPE_SOCKET VREG AF_UNIX AF_INET AF_LINK AF_INET6 IFM_FDX IFM_HDX MNT_NOWAIT CTL_NET
PF_ROUTE RTF_LLINFO RTF_CLONED KERN_PROC_VMMAP KERN_FILE_TEXT KERN_FILE_CDIR KERN_FILE_RDIR KVE_ET_OBJ
KVE_ET_COPYONWRITE KVE_ET_NEEDSCOPY KVE_ET_HOLE KVE_ET_STACK DTYPE_PIPE DTYPE_KQUEUE DTYPE_DMABUF DTYPE_SYNC
SO_ACCEPTCONN
"""
_PROTOCOLS = """
IPPROTO_IP IPPROTO_ICMP IPPROTO_TCP IPPROTO_UDP IPPROTO_IPV6 IPPROTO_ICMPV6 IPCTL_STATS ICMPCTL_STATS
TCPCTL_STATS UDPCTL_STATS IPV6CTL_STATS ICMPV6CTL_STATS IPCTL_FORWARDING
"""
_HARDWARE = "ETHER LOOP PPP SLIP IEEE1394 BRIDGE GIF STF"
_STATES = (
    "CLOSED LISTEN SYN_SENT SYN_RECEIVED ESTABLISHED CLOSE_WAIT FIN_WAIT_1 CLOSING LAST_ACK FIN_WAIT_2"
    " TIME_WAIT"
)

ABI = Abi(
    targets=("x86_64-openbsd", "aarch64-openbsd", "x86-openbsd", "sparc64-openbsd"),
    headers=(
        "sys/param.h", "sys/types.h", "sys/sysctl.h", "sys/proc.h", "sys/vmmeter.h", "uvm/uvmexp.h",
        "sys/mount.h", "sys/socket.h", "sys/socketvar.h", "netinet/in.h", "netinet/tcp.h",
        "netinet/tcp_fsm.h", "net/if.h", "net/if_dl.h", "net/if_types.h", "net/if_media.h", "net/route.h",
        "ifaddrs.h",
        "utmp.h", "sys/disk.h", "sys/swap.h", "sys/acct.h",
        "sys/fcntl.h", "sys/file.h", "sys/vnode.h", "sys/ioctl.h", "sys/sockio.h",
        "sys/sched.h", "sys/time.h", "netinet/in_systm.h", "netinet/ip.h", "netinet/ip_icmp.h",
        "netinet/icmp_var.h",
        "netinet/icmp6.h",
        "netinet/ip_var.h", "netinet/tcp_timer.h", "netinet/tcp_var.h", "netinet/udp.h",
        "netinet/udp_var.h",
        "netinet6/ip6_var.h", "stdlib.h", "unistd.h",
    ),
    structures={
        f"struct {kind.__name__}": kind
        for kind in (
            layout.timeval, layout.kinfo_proc, layout.kinfo_file, layout.uvmexp, layout.bcachestats,
            layout.vmtotal, layout.diskstats, layout.swapent, layout.statfs, layout.if_data,
            layout.ifmediareq, layout.utmp, layout.rt_msghdr, layout.kinfo_vmentry,
            layout.rt_metrics, protocols.tcpstat,
            protocols.udpstat, protocols.ipstat, protocols.icmpstat, protocols.ip6stat,
            protocols.icmp6stat, ifaddrs.ifaddrs, ifaddrs.sockaddr_dl,
        )
    },
    constants={name: getattr(layout, name) for name in _NUMBERS.split()}
    | {name: getattr(protocols, name) for name in _PROTOCOLS.split()}
    | bsd_routes.ROUTES | bsd_routes.BSD
    | {f"TCPS_{name}": number for number, name in enumerate(_STATES.split())}
    | {"SIOCGIFMEDIA": {
        "x86_64-openbsd": 0xC0406938, "aarch64-openbsd": 0xC0406938, "x86-openbsd": 0xC0386938,
        "sparc64-openbsd": 0xC0406938,
    }}
    | {
        f"IFT_{name}": number
        for name, number in zip(_HARDWARE.split(), if_details.HARDWARE, strict=True)
        if name != "STF"
    },
    fixtures={
        "file": (
            "struct kinfo_file",
            ("{ .f_type = DTYPE_VNODE, .f_flag = FREAD | FWRITE | O_APPEND, .f_offset = 77, .v_type = VREG,"
            " .va_mode = 0644, .va_fsid = 0x405, .va_fileid = 4711, .va_size = 1234, .va_nlink = 2,"
            ' .f_mntonname = "/home", .p_pid = 50, .fd_fd = 3, .p_comm = "sh" }'),
        ),
        "mapping": (
            "struct kinfo_vmentry",
            ("{ .kve_start = 0x10000, .kve_end = 0x15000, .kve_offset = 0x1000, .kve_etype = KVE_ET_OBJ,"
            " .kve_protection = KVE_PROT_READ | KVE_PROT_EXEC }"),
        ),
        **bsd_protocols.structures(),
        **bsd_routes.fixtures(
            ".rtm_hdrlen = sizeof(struct rt_msghdr), .rtm_rmx = { .rmx_pksent = 77, .rmx_refcnt = 3 }",
            "RTF_LLINFO",
        ),
        "kinfo_proc": (
            "struct kinfo_proc",
            (
                "{ .p_pid = 4242, .p_ppid = 17, .p__pgid = 4240, .p_sid = 4239, .p_tpgid = 4241,"
                " .p_uid = 1001,"
                " .p_ruid = 1002, .p_svuid = 1003, .p_gid = 2001, .p_rgid = 2002, .p_svgid = 2003,"
                " .p_ngroups = 2, .p_groups = { 2001, 2004 }, .p_tdev = 123, .p_vm_rssize = 321,"
                " .p_vm_tsize = 11, .p_vm_dsize = 12, .p_vm_ssize = 13, .p_stat = SSLEEP, .p_nice = 15,"
                " .p_comm = \"hello\", .p_wmesg = \"select\", .p_ustart_sec = 1700000000,"
                " .p_ustart_usec = 250000, .p_uutime_sec = 5, .p_uutime_usec = 500000, .p_ustime_sec = 2,"
                " .p_ustime_usec = 1, .p_uctime_sec = 7, .p_uru_nvcsw = 91, .p_uru_nivcsw = 92,"
                " .p_uru_minflt = 93, .p_uru_majflt = 94, .p_uru_inblock = 95, .p_uru_oublock = 96,"
                " .p_siglist = 1, .p_sigcatch = 8, .p_priority = 50, .p_tid = -1 }"
            ),
        ),
    },
    functions={
        "sysctl": "sysctl", "devname": "devname", "ioctl": "ioctl", "getfsstat": "getfsstat",
        "swapctl": "swapctl",
    },
)  # fmt: skip
