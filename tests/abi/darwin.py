"""macOS: the structures, numbers and functions of ``sysutils/core/darwin``, ``bsd`` and ``posix``."""

from __future__ import annotations

import ctypes

from sysutils.core.bsd import groups
from sysutils.core.bsd import routes as routing
from sysutils.core.darwin import (
    descriptors,
    disk,
    facts,
    heap,
    host,
    if_details,
    interfaces,
    kinfo,
    libproc,
    mach,
    maps,
    mem,
    open_sockets,
    pid_records,
    regions,
    routes,
    scheduling,
    sockets,
)
from sysutils.core.posix import ifaddrs
from tests.abi.darwin_fixtures import FIXTURES, PREAMBLE
from tools.abi import Abi

_OPTIONS = {
    "sync": "SYNCHRONOUS", "noexec": "NOEXEC", "nosuid": "NOSUID", "union": "UNION", "async": "ASYNC",
    "exported": "EXPORTED", "quarantine": "QUARANTINE", "local": "LOCAL", "quota": "QUOTA",
    "rootfs": "ROOTFS", "dovolfs": "DOVOLFS", "dontbrowse": "DONTBROWSE",
    "ignore-ownership": "IGNORE_OWNERSHIP", "automounted": "AUTOMOUNTED", "journaled": "JOURNALED",
    "nouserxattr": "NOUSERXATTR",
    "defwrite": "DEFWRITE", "multilabel": "MULTILABEL", "noatime": "NOATIME", "update": "UPDATE",
    "reload": "RELOAD", "force": "FORCE",
}  # fmt: skip
_FLAGS = (
    "UP BROADCAST DEBUG LOOPBACK POINTOPOINT NOTRAILERS RUNNING NOARP PROMISC ALLMULTI OACTIVE SIMPLEX LINK0"
    " LINK1 LINK2 MULTICAST"
)
_HARDWARE = ("ETHER", "LOOP", "PPP", "SLIP", "GIF", "STF", "IEEE1394", "BRIDGE")
_MEDIA = (
    "10_T 10_2 10_5 100_TX 100_FX 100_T4 100_VG 100_T2 1000_SX 10_STP 10_FL 1000_LX 1000_CX 1000_T 10G_SR"
    " 10G_LR 10G_CX4 10G_T 2500_T 5000_T 1000_CX_SGMII 1000_KX 10G_KX4 10G_KR 10G_CR1 10G_ER 20G_KR2 2500_SX"
    " 10G_TWINAX 10G_TWINAX_LONG 10G_LRM 2500_KX 40G_CR4 40G_SR4 50G_PCIE 25G_PCIE 40G_LR4 100G_CR4 25G_CR"
    " 56G_R4 200G_SR4 400G_AUI8"
)
_STATES = (
    "CLOSED LISTEN SYN_SENT SYN_RECEIVED ESTABLISHED _CLOSE_WAIT FIN_WAIT_1 CLOSING LAST_ACK FIN_WAIT_2"
    " TIME_WAIT"
)


def _named(module: object, names: str) -> dict[str, int]:
    return {name: getattr(module, name) for name in names.split()}


def _speed(name: str) -> int:
    """Mbit/s by the name of a medium: ``IFM_10G_T``, ``IFM_100_TX``."""
    digits = name.partition("_")[0]
    return int(digits[:-1]) * 1000 if digits.endswith("G") else int(digits)


def _media() -> dict[str, int]:
    """An expression that gives the speed back if the kind's number is the one that we know."""
    found = {}
    for name in _MEDIA.split():
        word = f"(IFM_{name} & 0x1F | (IFM_{name} & IFM_TMASK_EXT) >> IFM_TMASK_EXT_SHIFT)"
        kinds = [kind for kind, speed in interfaces.SPEEDS.items() if speed == _speed(name)]
        found[" || ".join(f"{word} == {kind}" for kind in kinds)] = 1
    return found


ABI = Abi(
    targets=("x86_64-macos", "aarch64-macos"),
    headers=(
        "sys/param.h", "sys/types.h", "sys/sysctl.h", "sys/proc.h", "sys/proc_info.h", "sys/mount.h",
        "sys/socket.h", "sys/un.h", "sys/sockio.h", "sys/ioctl.h", "sys/time.h", "sys/stat.h",
        "sys/resource.h", "sys/fcntl.h", "stdlib.h",
        "unistd.h", "libproc.h", "mach/mach.h", "mach/mach_host.h",
        "mach/host_info.h", "mach/processor_info.h", "mach/vm_statistics.h", "mach/vm_region.h",
        "mach/task_info.h", "mach/thread_info.h", "mach/policy.h", "mach/mach_time.h", "mach/mach_error.h",
        "malloc/malloc.h", "net/if.h", "net/if_dl.h", "net/if_media.h", "net/if_types.h", "net/route.h",
        "netinet/in.h", "ifaddrs.h", "utmpx.h",
    ),
    structures={
        "struct ifaddrs": ifaddrs.ifaddrs,
        "struct ifmaddrs": groups.ifmaddrs,
        "struct sockaddr_dl": ifaddrs.sockaddr_dl,
        "struct kinfo_proc": kinfo.kinfo_proc,
        "struct timeval": kinfo.timeval,
        "struct proc_taskinfo": libproc.proc_taskinfo,
        "struct proc_threadinfo": libproc.proc_threadinfo,
        "struct rusage_info_v4": libproc.rusage_info_v4,
        "struct proc_vnodepathinfo": libproc.proc_vnodepathinfo,
        "struct proc_fdinfo": libproc.proc_fdinfo,
        "struct vnode_fdinfowithpath": libproc.vnode_fdinfowithpath,
        "struct socket_fdinfo": libproc.socket_fdinfo,
        "struct pipe_fdinfo": libproc.pipe_fdinfo,
        "struct pshm_fdinfo": libproc.pshm_fdinfo,
        "struct proc_regionwithpathinfo": regions.proc_regionwithpathinfo,
        "host_cpu_load_info_data_t": mach.host_cpu_load_info,
        "struct vm_statistics64": mach.vm_statistics64,
        "struct task_vm_info": mach.task_vm_info,
        "struct vm_region_top_info": mach.vm_region_top_info,
        "struct mach_timebase_info": mach.mach_timebase_info,
        "struct xsw_usage": mem.xsw_usage,
        "struct utmpx": host.utmpx,
        "struct loadavg": host.loadavg_struct,
        "struct statfs": disk.mounted,
        "struct if_msghdr2": interfaces.if_msghdr2,
        "struct rt_msghdr2": routes.rt_msghdr2,
        "malloc_statistics_t": heap.malloc_statistics_t,
    },
    renamed={
        "extern_proc.p_starttime": "p_un.__p_starttime",
    },
    constants={
        **_named(kinfo, "CTL_KERN KERN_PROC KERN_PROC_ALL KERN_PROC_PID SIDL SRUN SSLEEP SSTOP SZOMB"),
        **_named(kinfo, "P_TRACED P_SYSTEM P_SUGID EPROC_SLEADER"),
        **_named(pid_records, "KERN_ARGMAX KERN_PROCARGS2"),
        **_named(
            libproc,
            "PROC_PIDLISTFDS PROC_PIDTASKINFO PROC_PIDTHREADINFO PROC_PIDLISTTHREADS PROC_PIDVNODEPATHINFO"
            " PROC_PIDREGIONPATHINFO PROC_PIDFDPSHMINFO PROC_PIDPATHINFO_MAXSIZE"
            " PROC_PIDFDVNODEPATHINFO PROC_PIDFDSOCKETINFO PROC_PIDFDPIPEINFO"
            " PROX_FDTYPE_VNODE PROX_FDTYPE_SOCKET PROX_FDTYPE_PSHM PROX_FDTYPE_PSEM PROX_FDTYPE_KQUEUE"
            " PROX_FDTYPE_PIPE PROX_FDTYPE_FSEVENTS PROX_FDTYPE_ATALK PROX_FDTYPE_NETPOLICY"
            " PROX_FDTYPE_CHANNEL PROX_FDTYPE_NEXUS RUSAGE_INFO_V4 MAXPATHLEN SOCK_MAXADDRLEN"
            " TH_STATE_RUNNING TH_STATE_STOPPED TH_STATE_WAITING TH_STATE_UNINTERRUPTIBLE"
            " SOCKINFO_IN SOCKINFO_TCP SOCKINFO_UN INI_IPV4 INI_IPV6",
        ),
        **_named(
            mach,
            "HOST_CPU_LOAD_INFO HOST_VM_INFO64 PROCESSOR_CPU_LOAD_INFO CPU_STATE_USER CPU_STATE_SYSTEM"
            " CPU_STATE_IDLE CPU_STATE_NICE CPU_STATE_MAX TASK_VM_INFO VM_REGION_TOP_INFO SM_COW SM_PRIVATE"
            " SM_LARGE_PAGE KERN_SUCCESS KERN_INVALID_ADDRESS KERN_INVALID_ARGUMENT",
        ),
        **{
            f"POLICY_{name}": number
            for name, number in zip(("TIMESHARE", "RR", "FIFO"), facts.POLICIES, strict=True)
        },
        **_named(
            maps,
            "VM_PROT_READ VM_PROT_WRITE VM_PROT_EXECUTE SM_SHARED SM_TRUESHARED SM_SHARED_ALIASED"
            " VM_MEMORY_STACK",
        ),
        **{f"VM_MEMORY_{name}": number for name, number in maps.HEAP.items()},
        **_named(
            scheduling,
            "IOPOL_TYPE_DISK IOPOL_SCOPE_PROCESS IOPOL_DEFAULT IOPOL_IMPORTANT IOPOL_PASSIVE IOPOL_THROTTLE"
            " IOPOL_UTILITY IOPOL_STANDARD",
        ),
        **_named(routes, "NET_RT_DUMP2 RTM_GET2 RTF_LLINFO RTF_WASCLONED"),
        **_named(
            routing,
            "RTAX_DST RTAX_GATEWAY RTAX_NETMASK RTF_UP RTF_GATEWAY RTF_HOST RTF_REJECT RTF_DYNAMIC"
            " RTF_MODIFIED",
        ),
        **_named(mem, "CTL_VM VM_SWAPUSAGE"),
        **_named(host, "KERN_BOOTTIME USER_PROCESS"),
        "CLK_TCK": host.CLOCK_TICKS,
        **_named(disk, "MNT_NOWAIT MNT_RDONLY"),
        **{f"MNT_{_OPTIONS[name]}": flag for flag, name in disk.OPTIONS.items()},
        **_named(
            interfaces,
            "CTL_NET PF_ROUTE NET_RT_IFLIST2 RTM_IFINFO2 AF_INET6 AF_LINK SIOCGIFMEDIA IFM_FDX IFM_HDX"
            " IFM_NMASK IFM_ETHER IFM_TMASK_EXT IFM_TMASK_EXT_SHIFT",
        ),
        "HOST_VM_INFO64_REV1_COUNT": ctypes.sizeof(mach.vm_statistics64) // 4,
        "TASK_VM_INFO_REV1_COUNT": ctypes.sizeof(mach.task_vm_info) // 4,
        "VM_REGION_TOP_INFO_COUNT": ctypes.sizeof(mach.vm_region_top_info) // 4,
        "IFM_TMASK_COMPAT": interfaces.IFM_TMASK,
        "sizeof(struct ifmediareq)": interfaces.MEDIA.size,
        "offsetof(struct ifmediareq, ifm_active)": 28,
        **_media(),
        **{f"IFF_{name}": 1 << bit for bit, name in enumerate(_FLAGS.split())},
        **{
            f"IFT_{name}": number
            for name, number in zip(_HARDWARE, if_details.HARDWARE, strict=True)
        },
        **dict(zip(("PF_ROUTE", "AF_NDRV", "AF_SYSTEM", "AF_VSOCK"), open_sockets.FAMILIES, strict=True)),
        **_named(sockets, "AF_UNIX AF_INET SO_ACCEPTCONN SOCK_STREAM SOCK_DGRAM"),
        "offsetof(struct sockaddr_un, sun_path)": sockets.SUN_PATH,
        **{
            f"TSI_S_{name}": number
            for name, number in zip(_STATES.split(), sockets.STATES, strict=True)
        },
        "_UTX_USERSIZE": 256,
        **{name: number for number, name in enumerate(host.TYPES)},
        "AF_INET": ifaddrs.AF_INET,
        "NODEV": -1,
        "FREAD": descriptors.FREAD,
        "FWRITE": descriptors.FWRITE,
    },
    functions={
        **{name: name for name in (
            "sysctl", "sysctlbyname", "getifaddrs", "freeifaddrs", "proc_pidinfo", "proc_pidfdinfo",
            "proc_pidpath", "proc_pid_rusage", "mach_host_self", "host_statistics", "host_statistics64",
            "host_processor_info", "mach_port_deallocate", "vm_deallocate", "mach_timebase_info",
            "task_for_pid", "task_info", "mach_error_string", "malloc_get_all_zones",
            "malloc_zone_statistics", "malloc_zone_pressure_relief", "setutxent", "getutxent", "endutxent",
            "getsid", "devname", "getiopolicy_np", "setiopolicy_np", "getifmaddrs", "freeifmaddrs",
        )},
        "getfsstat": {"x86_64-macos": "getfsstat$INODE64", "aarch64-macos": "getfsstat"},
    },
    symbols=("mach_vm_region", "task_self_trap"),
    fixtures=FIXTURES,
    preamble=PREAMBLE,
)  # fmt: skip
