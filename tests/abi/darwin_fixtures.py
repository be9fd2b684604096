"""macOS: structures as its kernel would fill them, in C. ``tests/support/mac.py`` is made of them."""

from __future__ import annotations

from tools.abi import initialised

PREAMBLE = """
struct lab_interface { struct if_msghdr2 head; struct sockaddr_dl name; };
struct lab_interfaces { struct lab_interface one, two; };
struct lab_default { struct rt_msghdr2 head; struct sockaddr_in to, by; unsigned mask; };
struct lab_net { struct rt_msghdr2 head; struct sockaddr_in to; struct sockaddr_dl by; char mask[8]; };
struct lab_host { struct rt_msghdr2 head; struct sockaddr_in to; struct sockaddr_dl by; };
struct lab_net6 { struct rt_msghdr2 head; struct sockaddr_in6 to, by, mask; };
struct lab_group { struct sockaddr_dl name;
  union { struct sockaddr_in four; struct sockaddr_in6 six; struct sockaddr_dl link; }; };
#define LAB_IP(d) { 16, AF_INET, .sin_addr = { 10 | (unsigned)(d) << 24 } }
#define LAB_IP6(...) { 28, AF_INET6, .sin6_addr = { .__u6_addr.__u6_addr8 = { __VA_ARGS__ } } }
#define LAB_PORT(n) (((n) & 0xFF) << 8 | (n) >> 8)
#define LAB_SOCKET(family, kind, number, ...) { .pfi = { .fi_openflags = 3 }, .psi = { \\
  .soi_stat = { .vst_uid = 501 }, .soi_so = number, .soi_pcb = number + 1, .soi_family = family, \\
  .soi_type = kind, __VA_ARGS__ } }
"""

FIXTURES = initialised("""
struct kinfo_proc kinfo_proc = {
  .kp_proc = { .p_un.__p_starttime = { 1700000000, 250000 }, .p_flag = P_LP64 | P_CONTROLT, .p_stat = SRUN,
    .p_pid = 4242, .p_nice = -5, .p_comm = "python3.12", .p_sigignore = 0x1001, .p_sigcatch = 0x4002 },
  .kp_eproc = { .e_pcred = { .p_ruid = 501, .p_svuid = 502, .p_rgid = 20, .p_svgid = 21 },
    .e_ucred = { .cr_uid = 0, .cr_ngroups = 3, .cr_groups = { 80, 12, 20 } }, .e_ppid = 77, .e_pgid = 4200,
    .e_tdev = 0x10000003, .e_tpgid = 4242, .e_flag = EPROC_SLEADER }
};
struct proc_taskinfo proc_taskinfo = {
  .pti_virtual_size = 35000000000ULL, .pti_resident_size = 52428800, .pti_total_user = 2500000000ULL,
  .pti_total_system = 500000000, .pti_policy = POLICY_TIMESHARE, .pti_faults = 9000, .pti_pageins = 40,
  .pti_csw = 777, .pti_threadnum = 2, .pti_numrunning = 1, .pti_priority = 31
};
struct proc_threadinfo proc_threadinfo = {
  .pth_user_time = 1500000000, .pth_system_time = 250000000, .pth_policy = POLICY_RR,
  .pth_run_state = TH_STATE_WAITING, .pth_name = "worker"
};
struct rusage_info_v4 rusage_info_v4 = {
  .ri_user_time = 7, .ri_wired_size = 16384, .ri_diskio_bytesread = 1048576, .ri_diskio_byteswritten = 4096,
  .ri_lifetime_max_phys_footprint = 99
};
struct proc_vnodepathinfo proc_vnodepathinfo = { .pvi_cdir = {
  .vip_vi = { .vi_stat = { .vst_dev = 16777220, .vst_mode = 0040755, .vst_nlink = 40, .vst_ino = 500,
    .vst_size = 1280 } }, .vip_path = "/Users/me" } };
struct vnode_fdinfowithpath file = {
  .pfi = { .fi_openflags = 3, .fi_offset = 4096, .fi_type = 1 },
  .pvip = { .vip_vi = { .vi_stat = { .vst_dev = 16777220, .vst_mode = 0100644, .vst_nlink = 1,
    .vst_ino = 9007,
    .vst_size = 123456 } }, .vip_path = "/Users/me/notes.txt" }
};
struct pipe_fdinfo pipe = {
  .pfi = { .fi_openflags = 1 }, .pipeinfo = { .pipe_stat = { .vst_mode = 010600 }, .pipe_handle = 0x7001,
    .pipe_peerhandle = 0x7002 }
};
struct pshm_fdinfo shared_memory = {
  .pfi = { .fi_openflags = 3 }, .pshminfo = { .pshm_stat = { .vst_mode = 0100600, .vst_size = 8192 },
    .pshm_name = "/cache" }
};
struct proc_regionwithpathinfo region = {
  .prp_prinfo = { .pri_address = 0x100000000, .pri_size = 0x4000,
    .pri_protection = VM_PROT_READ | VM_PROT_EXECUTE, .pri_offset = 0x8000, .pri_share_mode = SM_COW,
    .pri_pages_resident = 3, .pri_pages_dirtied = 1, .pri_pages_swapped_out = 2 },
  .prp_vip = { .vip_vi = { .vi_stat = { .vst_dev = 16777220, .vst_mode = 0100755, .vst_nlink = 1,
    .vst_ino = 77, .vst_size = 5000 } }, .vip_path = "/usr/bin/python3" }
};
struct socket_fdinfo tcp_listen = LAB_SOCKET(AF_INET, SOCK_STREAM, 0x1000, .soi_kind = SOCKINFO_TCP,
  .soi_options = SO_ACCEPTCONN, .soi_qlen = 1, .soi_qlimit = 128, .soi_proto.pri_tcp = {
    .tcpsi_ini = { .insi_lport = LAB_PORT(8080), .insi_vflag = INI_IPV4,
      .insi_laddr.ina_46.i46a_addr4 = { 0x0100007f } },
    .tcpsi_state = TSI_S_LISTEN });
struct socket_fdinfo tcp6_established = LAB_SOCKET(AF_INET6, SOCK_STREAM, 0x2000, .soi_kind = SOCKINFO_TCP,
  .soi_rcv = { .sbi_cc = 11 }, .soi_snd = { .sbi_cc = 22 }, .soi_proto.pri_tcp = {
    .tcpsi_ini = { .insi_lport = LAB_PORT(443), .insi_fport = LAB_PORT(51234), .insi_vflag = INI_IPV6,
      .insi_laddr.ina_6 = { .__u6_addr.__u6_addr8 = { 0x20, 1, 0xd, 0xb8, [15] = 1 } },
      .insi_faddr.ina_6 = { .__u6_addr.__u6_addr8 = { 0x20, 1, 0xd, 0xb8, [15] = 2 } } },
    .tcpsi_state = TSI_S_ESTABLISHED });
struct socket_fdinfo udp = LAB_SOCKET(AF_INET, SOCK_DGRAM, 0x3000, .soi_kind = SOCKINFO_IN,
  .soi_proto.pri_in = { .insi_lport = LAB_PORT(5353), .insi_vflag = INI_IPV4 });
struct socket_fdinfo unix_stream = LAB_SOCKET(AF_UNIX, SOCK_STREAM, 0x4000, .soi_kind = SOCKINFO_UN,
  .soi_state = 2, .soi_proto.pri_un = { .unsi_conn_so = 0x4100,
    .unsi_addr.ua_sun = { 20, AF_UNIX, "/var/run/syslog" } });
struct lab_group[3] groups = {
  { { 20, AF_LINK, 4, IFT_ETHER, 3, 6, 0, "en0\\x02\\xfc\\0\\0\\0\\x01" },
    .four = { 16, AF_INET, .sin_addr = { 0xfb0000e0 } } },
  { { 20, AF_LINK, 1 }, .six = LAB_IP6(0xff, 2, 0, 1, [15] = 1) },
  { { 20, AF_LINK, 4, IFT_ETHER }, .link = { 20, AF_LINK, 4, IFT_ETHER, 0, 6, 0, "\\x01\\0\\x5e" } }
};
struct socket_fdinfo route_socket = LAB_SOCKET(PF_ROUTE, SOCK_RAW, 0x5000, .soi_kind = SOCKINFO_GENERIC);
struct lab_interfaces interfaces = {
  { { sizeof(struct lab_interface), 5, RTM_IFINFO2,
      .ifm_flags = IFF_UP | IFF_LOOPBACK | IFF_RUNNING | IFF_MULTICAST, .ifm_index = 1,
      .ifm_data = { .ifi_type = IFT_LOOP, .ifi_mtu = 16384, .ifi_ipackets = 10, .ifi_opackets = 10,
        .ifi_ibytes = 1000, .ifi_obytes = 1000 } },
    { sizeof(struct sockaddr_dl), AF_LINK, 1, IFT_LOOP, 3, 0, 0, "lo0" } },
  { { sizeof(struct lab_interface), 5, RTM_IFINFO2, .ifm_flags = IFF_UP | IFF_BROADCAST | IFF_NOTRAILERS |
      IFF_RUNNING | IFF_SIMPLEX | IFF_MULTICAST, .ifm_index = 4, .ifm_snd_maxlen = 128, .ifm_snd_drops = 3,
      .ifm_data = { .ifi_type = IFT_ETHER, .ifi_mtu = 1500, .ifi_ipackets = 5000000000ULL, .ifi_ierrors = 1,
        .ifi_opackets = 40, .ifi_oerrors = 2, .ifi_collisions = 6, .ifi_ibytes = 7000000000ULL,
        .ifi_obytes = 80, .ifi_imcasts = 9, .ifi_iqdrops = 5 } },
    { sizeof(struct sockaddr_dl), AF_LINK, 4, IFT_ETHER, 3, 6, 0, "en0\\x02\\xfc\\0\\0\\0\\x01" } }
};
struct { struct lab_default a; struct lab_net b; struct lab_host c, d; } routes = {
  { { sizeof(struct lab_default), 5, RTM_GET2, 4, RTF_UP | RTF_GATEWAY | RTF_STATIC | RTF_PRCLONING,
      RTA_DST | RTA_GATEWAY | RTA_NETMASK, 9, .rtm_use = 12 }, { 16, AF_INET }, LAB_IP(1), 0 },
  { { sizeof(struct lab_net), 5, RTM_GET2, 4, RTF_UP | RTF_CLONING, RTA_DST | RTA_GATEWAY | RTA_NETMASK, 2 },
    LAB_IP(0), { 20, AF_LINK, 4 }, { 7, 0, 0, 0, 255, 255, 255 } },
  { { sizeof(struct lab_host), 5, RTM_GET2, 1, RTF_UP | RTF_HOST | RTF_REJECT, RTA_DST | RTA_GATEWAY },
    LAB_IP(7), { 20, AF_LINK, 1 } },
  { { sizeof(struct lab_host), 5, RTM_GET2, 4, RTF_UP | RTF_HOST | RTF_LLINFO | RTF_WASCLONED,
      RTA_DST | RTA_GATEWAY }, LAB_IP(9), { 20, AF_LINK, 4 } }
};
struct lab_net6[2] routes6 = {
  { { sizeof(struct lab_net6), 5, RTM_GET2, 4, RTF_UP | RTF_GATEWAY, RTA_DST | RTA_GATEWAY | RTA_NETMASK, 1 },
    LAB_IP6(0), LAB_IP6(0xfe, 0x80, 0, 4, [15] = 1), LAB_IP6(0) },
  { { sizeof(struct lab_net6), 5, RTM_GET2, 1, RTF_UP, RTA_DST | RTA_GATEWAY | RTA_NETMASK },
    LAB_IP6(0xfe, 0x80, 0, 1), LAB_IP6(0xfe, 0x80, 0, 1, [15] = 1),
    LAB_IP6(255, 255, 255, 255, 255, 255, 255, 255) }
};
struct statfs[3] statfs = {
  { .f_bsize = 4096, .f_blocks = 1000, .f_fsid = { { 0x1000004, 26 } },
    .f_flags = MNT_RDONLY | MNT_LOCAL | MNT_ROOTFS | MNT_JOURNALED, .f_fstypename = "apfs",
    .f_mntonname = "/", .f_mntfromname = "/dev/disk3s1s1" },
  { .f_fsid = { { 0x2000005, 19 } }, .f_flags = MNT_NOSUID | MNT_DONTBROWSE, .f_fstypename = "devfs",
    .f_mntonname = "/dev", .f_mntfromname = "devfs" },
  { .f_fsid = { { 0x2000009, 2 } }, .f_fstypename = "smbfs", .f_mntonname = "/Volumes/a b",
    .f_mntfromname = "none" }
};
struct utmpx[3] utmpx = {
  { .ut_line = "~", .ut_type = BOOT_TIME, .ut_tv = { 1699990000, 0 } },
  { .ut_user = "me", .ut_line = "console", .ut_pid = 120, .ut_type = USER_PROCESS,
    .ut_tv = { 1699990100, 5 } },
  { .ut_user = "me", .ut_line = "ttys003", .ut_pid = 4000, .ut_type = USER_PROCESS,
    .ut_tv = { 1699995000, 0 }, .ut_host = "10.0.0.9" }
};
struct vm_statistics64 vm_statistics64 = {
  .free_count = 10000, .active_count = 200000, .inactive_count = 150000, .wire_count = 90000, .pageins = 300,
  .pageouts = 20, .speculative_count = 4000, .compressor_page_count = 50000, .external_page_count = 120000,
  .internal_page_count = 180000
};
struct task_vm_info task_vm_info = {
  .resident_size_peak = 60000000, .internal = 41000000, .external = 9000000, .compressed = 5000000,
  .phys_footprint = 46000000
};
host_cpu_load_info_data_t cpu_load = { .cpu_ticks = { 1000, 500, 8000, 25 } };
struct xsw_usage swap = { 2147483648ULL, 1610612736ULL, 536870912ULL, 4096, 1 };
struct timeval boottime = { 1699990000, 500000 };
struct loadavg loadavg = { { 3072, 2048, 1024 }, 2048 };
""")
