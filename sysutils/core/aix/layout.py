"""Structures of AIX (sys/procfs.h, libperfstat.h, sys/vmount.h, utmp.h, net/if.h), and their numbers.

Files of /proc are those of a 64-bit kernel, whatever reads them. AIX is big-endian; padding is spelt out, so
that every machine lays these out alike. Of what libperfstat counts only the beginning is used: libperfstat.h
has grown at the end of its structures."""

import ctypes
from ctypes import (
    BigEndianStructure,
    Structure,
    c_char,
    c_int16,
    c_int32,
    c_int64,
    c_ubyte,
    c_uint8,
    c_uint32,
    c_uint64,
    c_void_p,
)

#: ``pr_dmodel`` of a process of 64 bits
PR_MODEL_LP64 = 1
#: a load average is that many times the number of processes: 1 << SBITS
LOAD_SCALE = 1 << 16
#: what libperfstat calls a page, whatever sizes the machine has
PERFSTAT_PAGE = 4096
MCTL_QUERY = 2
VMT_REVISION = 1
VMT_OBJECT, VMT_STUB, VMT_HOST, VMT_HOSTNAME, VMT_INFO, VMT_ARGS = range(6)
AF_INET, AF_LINK, AF_INET6 = 2, 18, 24
IFT_ETHER, IFT_LOOP = 0x6, 0x18
IFF_RUNNING, IFF_BROADCAST, IFF_POINTOPOINT, IFF_MULTICAST = 0x40, 0x2, 0x10, 0x80000
#: the bits that mean the same as on Linux
IFF_OF_LINUX = 0x3FF
#: names of the flags (IFF_* of net/if.h), by bit
IFF = (
    (0x1, "up"), (0x2, "broadcast"), (0x4, "debug"), (0x8, "loopback"), (0x10, "pointopoint"),
    (0x20, "notrailers"), (0x40, "running"), (0x80, "noarp"), (0x100, "promisc"), (0x200, "allmulti"),
    (0x400, "oactive"), (0x800, "simplex"), (0x80000, "multicast"),
)  # fmt: skip
SIOCGIFFLAGS, SIOCGIFNETMASK = 0xC0286911, 0xC0286925
SIOCGIFBRDADDR, SIOCGIFDSTADDR = 0xC0286923, 0xC0286922
SIOCGSIZIFCONF, SIOCGIFCONF = 0x4004696A, 0xC0106945
#: ``flag`` of timebasestruct: the registers have ticks, which are still to be converted
RTC_POWER_PC = 1


class timestruc(BigEndianStructure):
    """``pr_timestruc64_t``."""

    _fields_ = (("tv_sec", c_int64), ("tv_nsec", c_int32), ("pad", c_uint32))


class lwpsinfo(BigEndianStructure):
    """``lwpsinfo_t``: ``/proc/PID/lwp/TID/lwpsinfo``, and the end of psinfo."""

    _fields_ = (
        ("pr_lwpid", c_uint64), ("pr_addr", c_uint64), ("pr_wchan", c_uint64), ("pr_flag", c_uint32),
        ("pr_wtype", c_uint8), ("pr_state", c_uint8), ("pr_sname", c_char), ("pr_nice", c_uint8),
        ("pr_pri", c_int32), ("pr_policy", c_uint32), ("pr_clname", c_char * 8), ("pr_onpro", c_int32),
        ("pr_bindpro", c_int32), ("pr_ptid", c_uint32), ("pr_pad1", c_uint32), ("pr_pad", c_uint64 * 7),
    )  # fmt: skip


class psinfo(BigEndianStructure):
    """``psinfo_t``: ``/proc/PID/psinfo``, which all may read."""

    _fields_ = (
        ("pr_flag", c_uint32), ("pr_flag2", c_uint32), ("pr_nlwp", c_uint32), ("pr_pad1", c_uint32),
        ("pr_uid", c_uint64), ("pr_euid", c_uint64), ("pr_gid", c_uint64), ("pr_egid", c_uint64),
        ("pr_pid", c_uint64), ("pr_ppid", c_uint64), ("pr_pgid", c_uint64), ("pr_sid", c_uint64),
        ("pr_ttydev", c_uint64), ("pr_addr", c_uint64), ("pr_size", c_uint64), ("pr_rssize", c_uint64),
        ("pr_start", timestruc), ("pr_time", timestruc), ("pr_cid", c_int16), ("pr_pad2", c_int16),
        ("pr_argc", c_uint32), ("pr_argv", c_uint64), ("pr_envp", c_uint64), ("pr_fname", c_char * 16),
        ("pr_psargs", c_char * 80), ("pr_pad", c_uint64 * 8), ("pr_lwp", lwpsinfo),
    )  # fmt: skip


class pstatus(BigEndianStructure):
    """``pstatus_t``: ``/proc/PID/status``, up to the times."""

    _prefix_ = True
    _fields_ = (
        ("pr_flag", c_uint32), ("pr_flag2", c_uint32), ("pr_flags", c_uint32), ("pr_nlwp", c_uint32),
        ("pr_stat", c_uint8), ("pr_dmodel", c_uint8), ("pr_pad1", c_uint8 * 6),
        ("pr_sigpend", c_uint64 * 4), ("pr_brkbase", c_uint64), ("pr_brksize", c_uint64),
        ("pr_stkbase", c_uint64), ("pr_stksize", c_uint64), ("pr_pid", c_uint64), ("pr_ppid", c_uint64),
        ("pr_pgid", c_uint64), ("pr_sid", c_uint64), ("pr_utime", timestruc), ("pr_stime", timestruc),
        ("pr_cutime", timestruc), ("pr_cstime", timestruc),
    )  # fmt: skip


class prcred(BigEndianStructure):
    """``prcred_t``: ``/proc/PID/cred``."""

    _fields_ = (
        ("pr_euid", c_uint64), ("pr_ruid", c_uint64), ("pr_suid", c_uint64), ("pr_egid", c_uint64),
        ("pr_rgid", c_uint64), ("pr_sgid", c_uint64), ("pr_pad", c_uint64 * 8), ("pr_pad1", c_uint32),
        ("pr_ngroups", c_uint32), ("pr_groups", c_uint64 * 1),
    )  # fmt: skip


class utmp(BigEndianStructure):
    """``struct utmp``: a record of ``/etc/utmp``, the same for programs of 32 and 64 bits."""

    _fields_ = (
        ("ut_user", c_char * 256), ("ut_id", c_char * 14), ("ut_line", c_char * 64), ("pad1", c_int16),
        ("ut_pid", c_int32), ("ut_type", c_int16), ("pad2", c_int16), ("ut_time", c_int64),
        ("e_termination", c_int16), ("e_exit", c_int16), ("ut_host", c_char * 256), ("pad3", c_int32),
        ("reservedA", c_int32 * 2), ("reservedV", c_int32 * 6),
    )  # fmt: skip


class vmt_data(BigEndianStructure):
    """Where a text of a vmount is: bytes from its beginning, and how many."""

    _fields_ = (("vmt_off", c_int16), ("vmt_size", c_int16))


class vmount(BigEndianStructure):
    """``struct vmount``: a mounted file system; its texts follow."""

    _fields_ = (
        ("vmt_revision", c_uint32), ("vmt_length", c_uint32), ("vmt_fsid", c_uint32 * 2),
        ("vmt_vfsnumber", c_int32), ("vmt_time", c_uint32), ("vmt_timepad", c_uint32),
        ("vmt_flags", c_int32), ("vmt_gfstype", c_int32), ("vmt_data", vmt_data * 6),
    )  # fmt: skip


class perfstat_cpu_total(BigEndianStructure):
    """``perfstat_cpu_total_t``, up to the load averages."""

    _prefix_ = True
    _fields_ = (
        ("ncpus", c_int32), ("ncpus_cfg", c_int32), ("description", c_char * 64), ("processorHZ", c_uint64),
        ("user", c_uint64), ("sys", c_uint64), ("idle", c_uint64), ("wait", c_uint64),
        ("pswitch", c_uint64), ("syscall", c_uint64), ("sysread", c_uint64), ("syswrite", c_uint64),
        ("sysfork", c_uint64), ("sysexec", c_uint64), ("readch", c_uint64), ("writech", c_uint64),
        ("devintrs", c_uint64), ("softintrs", c_uint64), ("lbolt", c_ubyte * 8), ("loadavg", c_uint64 * 3),
    )  # fmt: skip


class perfstat_cpu(BigEndianStructure):
    """``perfstat_cpu_t``: one logical CPU, up to the interrupts."""

    _prefix_ = True
    _fields_ = (
        ("name", c_char * 64), ("user", c_uint64), ("sys", c_uint64), ("idle", c_uint64),
        ("wait", c_uint64), ("pswitch", c_uint64), ("syscall", c_uint64), ("sysread", c_uint64),
        ("syswrite", c_uint64), ("sysfork", c_uint64), ("sysexec", c_uint64), ("readch", c_uint64),
        ("writech", c_uint64), ("bread", c_uint64), ("bwrite", c_uint64), ("lread", c_uint64),
        ("lwrite", c_uint64), ("phread", c_uint64), ("phwrite", c_uint64), ("iget", c_uint64),
        ("namei", c_uint64), ("dirblk", c_uint64), ("msg", c_uint64), ("sema", c_uint64),
        ("minfaults", c_uint64), ("majfaults", c_uint64), ("puser", c_uint64), ("psys", c_uint64),
        ("pidle", c_uint64), ("pwait", c_uint64), ("redisp_sd", c_uint64 * 6),
        ("migration_push", c_uint64), ("migration_S3grq", c_uint64), ("migration_S3pul", c_uint64),
        ("invol_cswitch", c_uint64), ("vol_cswitch", c_uint64), ("runque", c_uint64),
        ("bound", c_uint64), ("decrintrs", c_uint64), ("mpcrintrs", c_uint64), ("mpcsintrs", c_uint64),
        ("devintrs", c_uint64), ("softintrs", c_uint64),
    )  # fmt: skip


class perfstat_memory_total(BigEndianStructure):
    """``perfstat_memory_total_t``, up to what is available."""

    _prefix_ = True
    _fields_ = (
        ("virt_total", c_uint64), ("real_total", c_uint64), ("real_free", c_uint64),
        ("real_pinned", c_uint64), ("real_inuse", c_uint64), ("pgbad", c_uint64), ("pgexct", c_uint64),
        ("pgins", c_uint64), ("pgouts", c_uint64), ("pgspins", c_uint64), ("pgspouts", c_uint64),
        ("scans", c_uint64), ("cycles", c_uint64), ("pgsteals", c_uint64), ("numperm", c_uint64),
        ("pgsp_total", c_uint64), ("pgsp_free", c_uint64), ("pgsp_rsvd", c_uint64),
        ("real_system", c_uint64), ("real_user", c_uint64), ("real_process", c_uint64),
        ("virt_active", c_uint64), ("iome", c_uint64), ("iomu", c_uint64), ("iohwm", c_uint64),
        ("pmem", c_uint64), ("comprsd_total", c_uint64), ("comprsd_wseg_pgs", c_uint64),
        ("cpgins", c_uint64), ("cpgouts", c_uint64), ("true_size", c_uint64),
        ("expanded_memory", c_uint64), ("comprsd_wseg_size", c_uint64), ("target_cpool_size", c_uint64),
        ("max_cpool_size", c_uint64), ("min_ucpool_size", c_uint64), ("cpool_size", c_uint64),
        ("ucpool_size", c_uint64), ("cpool_inuse", c_uint64), ("ucpool_inuse", c_uint64),
        ("version", c_uint64), ("real_avail", c_uint64),
    )  # fmt: skip


class perfstat_disk(BigEndianStructure):
    """``perfstat_disk_t``, up to the service times, which are in ticks of the time base."""

    _prefix_ = True
    _fields_ = (
        ("name", c_char * 64), ("description", c_char * 64), ("vgname", c_char * 64), ("size", c_uint64),
        ("free", c_uint64), ("bsize", c_uint64), ("rxfers", c_uint64), ("xfers", c_uint64),
        ("wblks", c_uint64), ("rblks", c_uint64), ("qdepth", c_uint64), ("time", c_uint64),
        ("adapter", c_char * 64), ("paths_count", c_uint32), ("pad1", c_uint32), ("q_full", c_uint64),
        ("rserv", c_uint64), ("rtimeout", c_uint64), ("rfailed", c_uint64), ("min_rserv", c_uint64),
        ("max_rserv", c_uint64), ("wserv", c_uint64),
    )  # fmt: skip


class perfstat_netinterface(BigEndianStructure):
    """``perfstat_netinterface_t``, up to the packets dropped."""

    _prefix_ = True
    _fields_ = (
        ("name", c_char * 64), ("description", c_char * 64), ("type", c_uint8), ("pad1", c_uint8 * 7),
        ("mtu", c_uint64), ("ipackets", c_uint64), ("ibytes", c_uint64), ("ierrors", c_uint64),
        ("opackets", c_uint64), ("obytes", c_uint64), ("oerrors", c_uint64), ("collisions", c_uint64),
        ("bitrate", c_uint64), ("xmitdrops", c_uint64), ("version", c_uint64), ("if_iqdrops", c_uint64),
    )  # fmt: skip


class perfstat_process(BigEndianStructure):
    """``perfstat_process_t``: a process."""

    _prefix_ = True
    _fields_ = (
        ("version", c_uint64), ("pid", c_uint64), ("proc_name", c_char * 64), ("proc_priority", c_int32),
        ("pad1", c_uint32), ("num_threads", c_uint64), ("proc_uid", c_uint64), ("proc_classid", c_uint64),
        ("proc_size", c_uint64), ("proc_real_mem_data", c_uint64), ("proc_real_mem_text", c_uint64),
        ("proc_virt_mem_data", c_uint64), ("proc_virt_mem_text", c_uint64),
        ("shared_lib_data_size", c_uint64), ("heap_size", c_uint64), ("real_inuse", c_uint64),
        ("virt_inuse", c_uint64), ("pinned", c_uint64), ("pgsp_inuse", c_uint64), ("filepages", c_uint64),
        ("real_inuse_map", c_uint64), ("virt_inuse_map", c_uint64), ("pinned_inuse_map", c_uint64),
        ("ucpu_time", c_ubyte * 8), ("scpu_time", c_ubyte * 8), ("last_timebase", c_uint64),
        ("inBytes", c_uint64), ("outBytes", c_uint64), ("inOps", c_uint64), ("outOps", c_uint64),
    )  # fmt: skip


class perfstat_partition_config(BigEndianStructure):
    """``perfstat_partition_config_t``, up to how many virtual processors are online."""

    _prefix_ = True
    _fields_ = (
        ("version", c_uint64), ("partitionname", c_char * 64), ("nodename", c_char * 64), ("conf", c_uint32),
        ("partitionnum", c_int32), ("groupid", c_int32), ("processorFamily", c_char * 64),
        ("processorModel", c_char * 64), ("machineID", c_char * 64), ("processorMHz", c_ubyte * 8),
        ("pad1", c_uint32), ("numProcessors", c_uint64 * 4), ("OSName", c_char * 64),
        ("OSVersion", c_char * 64), ("OSBuild", c_char * 64), ("lcpus", c_int32), ("smtthreads", c_int32),
        ("drives", c_int32), ("nw_adapters", c_int32), ("cpucap", c_uint64 * 4),
        ("cpucap_weightage", c_int32), ("entitled_proc_capacity", c_int32), ("vcpus", c_uint64 * 4),
    )  # fmt: skip


#: function -> bytes of a structure that it fills, those of AIX 7.1; a later library takes them too. One that
#: is not here tells its size
SIZES = {
    "perfstat_cpu_total": 696, "perfstat_cpu": 616, "perfstat_memory_total": 352, "perfstat_disk": 496,
    "perfstat_netinterface": 240, "perfstat_process": 288,
}  # fmt: skip


class perfstat_id(Structure):
    """``perfstat_id_t``: the name of the first one asked for."""

    _fields_ = (("name", c_char * 64),)


class ifreq(Structure):
    """``struct ifreq``: what is asked of an interface."""

    _fields_ = (("ifr_name", c_char * 16), ("ifr_ifru", c_ubyte * 24))


class ifconf(Structure):
    """``struct ifconf``: room for the addresses of all interfaces."""

    _fields_ = (("ifc_len", c_int32), ("ifc_req", c_void_p))


class timebasestruct(Structure):
    """``timebasestruct_t``: what the time base has counted; converted, seconds and nanoseconds."""

    _fields_ = (("flag", c_int32), ("tb_high", c_uint32), ("tb_low", c_uint32))


class thread_cputime(Structure):
    """``thread_cputime_t``: nanoseconds."""

    _fields_ = (("utime", c_uint64), ("stime", c_uint64))


#: a kernel thread's id, as calls take it
tid_t = ctypes.c_long
