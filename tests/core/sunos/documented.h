/* The structures as proc(5), kstat(3KSTAT), swapctl(2), if(4P) and getutxent(3C) document them: laid out by a
   compiler that knows the ABI of SunOS, to be held against ours. */
typedef int pid_t, id_t, taskid_t, projid_t, poolid_t, zoneid_t, ctid_t, processorid_t, psetid_t, lgrp_id_t, kid_t;
typedef unsigned int uid_t, gid_t, uint_t;
typedef unsigned short ushort_t;
typedef unsigned char uchar_t;
typedef unsigned long ulong_t, size_t, uintptr_t, dev_t;
typedef long off_t, time_t;
typedef long long offset_t, hrtime_t, longlong_t;
typedef unsigned long long u_longlong_t, uint64_t;
typedef struct { time_t tv_sec; long tv_nsec; } timestruc_t;
struct timeval { time_t tv_sec; long tv_usec; };
typedef struct { unsigned int sigbits[4]; } sigset_t;

typedef struct lwpsinfo {
    int pr_flag; id_t pr_lwpid; uintptr_t pr_addr; uintptr_t pr_wchan; char pr_stype; char pr_state;
    char pr_sname; char pr_nice; short pr_syscall; char pr_oldpri; char pr_cpu; int pr_pri;
    ushort_t pr_pctcpu; ushort_t pr_pad; timestruc_t pr_start; timestruc_t pr_time; char pr_clname[8];
    char pr_name[16]; processorid_t pr_onpro; processorid_t pr_bindpro; psetid_t pr_bindpset;
    lgrp_id_t pr_lgrp; hrtime_t pr_last_onproc; int pr_filler[2];
} lwpsinfo;
typedef struct psinfo {
    int pr_flag; int pr_nlwp; pid_t pr_pid; pid_t pr_ppid; pid_t pr_pgid; pid_t pr_sid; uid_t pr_uid;
    uid_t pr_euid; gid_t pr_gid; gid_t pr_egid; uintptr_t pr_addr; size_t pr_size; size_t pr_rssize;
    size_t pr_pad1; dev_t pr_ttydev; ushort_t pr_pctcpu; ushort_t pr_pctmem; timestruc_t pr_start;
    timestruc_t pr_time; timestruc_t pr_ctime; char pr_fname[16]; char pr_psargs[80]; int pr_wstat;
    int pr_argc; uintptr_t pr_argv; uintptr_t pr_envp; char pr_dmodel; char pr_pad2[3];
    taskid_t pr_taskid; projid_t pr_projid; int pr_nzomb; poolid_t pr_poolid; zoneid_t pr_zoneid;
    id_t pr_contract; int pr_filler[1]; lwpsinfo pr_lwp;
} psinfo;
typedef struct prusage {
    id_t pr_lwpid; int pr_count; timestruc_t pr_tstamp; timestruc_t pr_create; timestruc_t pr_term;
    timestruc_t pr_rtime; timestruc_t pr_utime; timestruc_t pr_stime; timestruc_t pr_ttime;
    timestruc_t pr_tftime; timestruc_t pr_dftime; timestruc_t pr_kftime; timestruc_t pr_ltime;
    timestruc_t pr_slptime; timestruc_t pr_wtime; timestruc_t pr_stoptime; timestruc_t filltime[6];
    ulong_t pr_minf; ulong_t pr_majf; ulong_t pr_nswap; ulong_t pr_inblk; ulong_t pr_oublk;
    ulong_t pr_msnd; ulong_t pr_mrcv; ulong_t pr_sigs; ulong_t pr_vctx; ulong_t pr_ictx; ulong_t pr_sysc;
    ulong_t pr_ioch; ulong_t filler[10];
} prusage;
typedef struct pstatus {
    int pr_flags; int pr_nlwp; pid_t pr_pid; pid_t pr_ppid; pid_t pr_pgid; pid_t pr_sid; id_t pr_aslwpid;
    id_t pr_agentid; sigset_t pr_sigpend; uintptr_t pr_brkbase; size_t pr_brksize; uintptr_t pr_stkbase;
    size_t pr_stksize; timestruc_t pr_utime; timestruc_t pr_stime; timestruc_t pr_cutime;
    timestruc_t pr_cstime;
} pstatus;
typedef struct prcred {
    uid_t pr_euid; uid_t pr_ruid; uid_t pr_suid; gid_t pr_egid; gid_t pr_rgid; gid_t pr_sgid;
    int pr_ngroups; gid_t pr_groups[1];
} prcred;
typedef struct prxmap {
    uintptr_t pr_vaddr; size_t pr_size; char pr_mapname[64]; offset_t pr_offset; int pr_mflags;
    int pr_pagesize; int pr_shmid; dev_t pr_dev; uint64_t pr_ino; size_t pr_rss; size_t pr_anon;
    size_t pr_locked; size_t pr_pad; uint64_t pr_hatpagesize; ulong_t pr_filler[7];
} prxmap;
typedef struct kstat {
    hrtime_t ks_crtime; struct kstat *ks_next; kid_t ks_kid; char ks_module[31]; uchar_t ks_resv;
    int ks_instance; char ks_name[31]; uchar_t ks_type; char ks_class[31]; uchar_t ks_flags;
    void *ks_data; uint_t ks_ndata; size_t ks_data_size; hrtime_t ks_snaptime;
    int (*ks_update)(struct kstat *, int); void *ks_private;
    int (*ks_snapshot)(struct kstat *, void *, int); void *ks_lock;
} kstat;
typedef struct kstat_ctl { kid_t kc_chain_id; kstat *kc_chain; int kc_kd; } kstat_ctl;
typedef struct kstat_named {
    char name[31]; uchar_t data_type;
    union {
        char c[16]; int i32; unsigned int ui32; long long i64; uint64_t ui64;
        struct { union { char *ptr; char pad[8]; } addr; unsigned int len; } str;
    } value;
} kstat_named;
typedef struct kstat_io {
    u_longlong_t nread; u_longlong_t nwritten; uint_t reads; uint_t writes; hrtime_t wtime;
    hrtime_t wlentime; hrtime_t wlastupdate; hrtime_t rtime; hrtime_t rlentime; hrtime_t rlastupdate;
    uint_t wcnt; uint_t rcnt;
} kstat_io;
typedef struct swapent {
    char *ste_path; off_t ste_start; off_t ste_length; long ste_pages; long ste_free; long ste_flags;
} swapent;
typedef struct swaptbl { int swt_n; swapent swt_ent[1]; } swaptbl;
typedef struct lifreq {
    char lifr_name[32]; union { int lifru_addrlen; uint_t lifru_ppa; } lifr_addrlen; uint_t lifr_type;
    union { double align; char storage[336]; uint64_t flags; uint_t mtu; } lifr_lifru;
} lifreq;
typedef struct ifaddrs {
    struct ifaddrs *ifa_next; char *ifa_name; uint64_t ifa_flags; void *ifa_addr; void *ifa_netmask;
    void *ifa_dstaddr; void *ifa_data;
} ifaddrs;
typedef struct utmpx {
    char ut_user[32]; char ut_id[4]; char ut_line[32]; pid_t ut_pid; short ut_type; short e_termination;
    short e_exit; struct timeval ut_tv; int ut_session; int pad[5]; short ut_syslen; char ut_host[257];
} utmpx;
/* inet/mib2.h, sys/tihdr.h, sys/tpicommon.h, sys/stropts.h, and proc(5) of systems with fdinfo */
typedef int t_scalar_t;
typedef unsigned int t_uscalar_t, Counter, Gauge, DeviceIndex, mode_t, major_t, minor_t;
typedef uint64_t Counter64;
typedef struct { unsigned char s_addr[4]; } IpAddress;
typedef struct { unsigned char s6_addr[16]; } Ip6Address;
typedef struct strbuf { int maxlen; int len; char *buf; } strbuf;
typedef struct T_optmgmt_req {
    t_scalar_t PRIM_type; t_scalar_t OPT_length; t_scalar_t OPT_offset; t_scalar_t MGMT_flags;
} T_optmgmt_req;
typedef struct T_error_ack {
    t_scalar_t PRIM_type; t_scalar_t ERROR_prim; t_scalar_t TLI_error; t_scalar_t UNIX_error;
} T_error_ack;
typedef struct opthdr { t_uscalar_t level; t_uscalar_t name; t_uscalar_t len; } opthdr;
typedef struct Octet { int o_length; char o_bytes[32]; } Octet;
typedef struct mib2_ip {
    Counter ipForwarding; Counter ipDefaultTTL; Counter ipInReceives; Counter ipInHdrErrors; Counter
    ipInAddrErrors; Counter ipForwDatagrams; Counter ipInUnknownProtos; Counter ipInDiscards; Counter
    ipInDelivers; Counter ipOutRequests; Counter ipOutDiscards; Counter ipOutNoRoutes; Counter
    ipReasmTimeout; Counter ipReasmReqds; Counter ipReasmOKs; Counter ipReasmFails; Counter ipFragOKs;
    Counter ipFragFails; Counter ipFragCreates; Counter ipAddrEntrySize; Counter ipRouteEntrySize; Counter
    ipNetToMediaEntrySize; Counter ipRoutingDiscards; Counter tcpInErrs; Counter udpNoPorts; Counter
    ipInCksumErrs; Counter ipReasmDuplicates; Counter ipReasmPartDups; Counter ipForwProhibits; Counter
    udpInCksumErrs; Counter udpInOverflows; Counter rawipInOverflows; Counter ipsecInSucceeded; Counter
    ipsecInFailed; Counter ipMemberEntrySize;
} mib2_ip;
typedef struct mib2_ipv6IfStatsEntry {
    Counter ipv6IfIndex; Counter ipv6Forwarding; Counter ipv6DefaultHopLimit; Counter
    ipv6IfStatsEntrySize; Counter ipv6AddrEntrySize; Counter ipv6RouteEntrySize; Counter
    ipv6NetToMediaEntrySize; Counter ipv6MemberEntrySize; Counter ipv6GroupSourceEntrySize; Counter
    ipv6InReceives; Counter ipv6InHdrErrors; Counter ipv6InTooBigErrors; Counter ipv6InNoRoutes; Counter
    ipv6InAddrErrors; Counter ipv6InUnknownProtos; Counter ipv6InTruncatedPkts; Counter ipv6InDiscards;
    Counter ipv6InDelivers; Counter ipv6OutForwDatagrams; Counter ipv6OutRequests; Counter
    ipv6OutDiscards; Counter ipv6OutFragOKs; Counter ipv6OutFragFails; Counter ipv6OutFragCreates; Counter
    ipv6ReasmReqds; Counter ipv6ReasmOKs; Counter ipv6ReasmFails; Counter ipv6InMcastPkts; Counter
    ipv6OutMcastPkts; Counter ipv6OutNoRoutes; Counter ipv6ReasmDuplicates; Counter ipv6ReasmPartDups;
    Counter ipv6ForwProhibits; Counter udpInCksumErrs; Counter udpInOverflows; Counter rawipInOverflows;
} mib2_ipv6IfStatsEntry;
typedef struct mib2_icmp {
    Counter icmpInMsgs; Counter icmpInErrors; Counter icmpInDestUnreachs; Counter icmpInTimeExcds; Counter
    icmpInParmProbs; Counter icmpInSrcQuenchs; Counter icmpInRedirects; Counter icmpInEchos; Counter
    icmpInEchoReps; Counter icmpInTimestamps; Counter icmpInTimestampReps; Counter icmpInAddrMasks;
    Counter icmpInAddrMaskReps; Counter icmpOutMsgs; Counter icmpOutErrors; Counter icmpOutDestUnreachs;
    Counter icmpOutTimeExcds; Counter icmpOutParmProbs; Counter icmpOutSrcQuenchs; Counter
    icmpOutRedirects; Counter icmpOutEchos; Counter icmpOutEchoReps; Counter icmpOutTimestamps; Counter
    icmpOutTimestampReps; Counter icmpOutAddrMasks; Counter icmpOutAddrMaskReps; Counter icmpInCksumErrs;
    Counter icmpInUnknowns; Counter icmpInFragNeeded; Counter icmpOutFragNeeded; Counter icmpOutDrops;
    Counter icmpInOverflows; Counter icmpInBadRedirects;
} mib2_icmp;
typedef struct mib2_ipv6IfIcmpEntry {
    Counter ipv6IfIcmpIfIndex; Counter ipv6IfIcmpEntrySize; Counter ipv6IfIcmpInMsgs; Counter
    ipv6IfIcmpInErrors; Counter ipv6IfIcmpInDestUnreachs; Counter ipv6IfIcmpInAdminProhibs; Counter
    ipv6IfIcmpInTimeExcds; Counter ipv6IfIcmpInParmProblems; Counter ipv6IfIcmpInPktTooBigs; Counter
    ipv6IfIcmpInEchos; Counter ipv6IfIcmpInEchoReplies; Counter ipv6IfIcmpInRouterSolicits; Counter
    ipv6IfIcmpInRouterAdvertisements; Counter ipv6IfIcmpInNeighborSolicits; Counter
    ipv6IfIcmpInNeighborAdvertisements; Counter ipv6IfIcmpInRedirects; Counter
    ipv6IfIcmpInGroupMembQueries; Counter ipv6IfIcmpInGroupMembResponses; Counter
    ipv6IfIcmpInGroupMembReductions; Counter ipv6IfIcmpOutMsgs; Counter ipv6IfIcmpOutErrors; Counter
    ipv6IfIcmpOutDestUnreachs; Counter ipv6IfIcmpOutAdminProhibs; Counter ipv6IfIcmpOutTimeExcds; Counter
    ipv6IfIcmpOutParmProblems; Counter ipv6IfIcmpOutPktTooBigs; Counter ipv6IfIcmpOutEchos; Counter
    ipv6IfIcmpOutEchoReplies; Counter ipv6IfIcmpOutRouterSolicits; Counter
    ipv6IfIcmpOutRouterAdvertisements; Counter ipv6IfIcmpOutNeighborSolicits; Counter
    ipv6IfIcmpOutNeighborAdvertisements; Counter ipv6IfIcmpOutRedirects; Counter
    ipv6IfIcmpOutGroupMembQueries; Counter ipv6IfIcmpOutGroupMembResponses; Counter
    ipv6IfIcmpOutGroupMembReductions;
} mib2_ipv6IfIcmpEntry;
typedef struct mib2_tcp {
    Counter tcpRtoAlgorithm; Counter tcpRtoMin; Counter tcpRtoMax; Counter tcpMaxConn; Counter
    tcpActiveOpens; Counter tcpPassiveOpens; Counter tcpAttemptFails; Counter tcpEstabResets; Counter
    tcpCurrEstab; Counter tcpInSegs; Counter tcpOutSegs; Counter tcpRetransSegs; Counter tcpConnTableSize;
    Counter tcpOutRsts; Counter tcpOutDataSegs; Counter tcpOutDataBytes; Counter tcpRetransBytes; Counter
    tcpOutAck; Counter tcpOutAckDelayed; Counter tcpOutUrg; Counter tcpOutWinUpdate; Counter
    tcpOutWinProbe; Counter tcpOutControl; Counter tcpOutFastRetrans; Counter tcpInAckSegs; Counter
    tcpInAckBytes; Counter tcpInDupAck; Counter tcpInAckUnsent; Counter tcpInDataInorderSegs; Counter
    tcpInDataInorderBytes; Counter tcpInDataUnorderSegs; Counter tcpInDataUnorderBytes; Counter
    tcpInDataDupSegs; Counter tcpInDataDupBytes; Counter tcpInDataPartDupSegs; Counter
    tcpInDataPartDupBytes; Counter tcpInDataPastWinSegs; Counter tcpInDataPastWinBytes; Counter
    tcpInWinProbe; Counter tcpInWinUpdate; Counter tcpInClosed; Counter tcpRttNoUpdate; Counter
    tcpRttUpdate; Counter tcpTimRetrans; Counter tcpTimRetransDrop; Counter tcpTimKeepalive; Counter
    tcpTimKeepaliveProbe; Counter tcpTimKeepaliveDrop; Counter tcpListenDrop; Counter tcpListenDropQ0;
    Counter tcpHalfOpenDrop; Counter tcpOutSackRetransSegs; Counter tcp6ConnTableSize;
} mib2_tcp;
typedef struct mib2_udp {
    Counter udpInDatagrams; Counter udpInErrors; Counter udpOutDatagrams; Counter udpEntrySize; Counter
    udp6EntrySize; Counter udpOutErrors;
} mib2_udp;
#if defined(__x86_64__)
#pragma pack(4)
#endif
typedef struct mib2_tcpConnEntry {
    int tcpConnState; IpAddress tcpConnLocalAddress; int tcpConnLocalPort; IpAddress tcpConnRemAddress;
    int tcpConnRemPort;
    struct { Gauge snxt, suna, swnd, rnxt, rack, rwnd, rto, mss; int state; } info;
    unsigned int pid; uint64_t time;
} mib2_tcpConnEntry;
typedef struct mib2_tcp6ConnEntry {
    Ip6Address tcp6ConnLocalAddress; int tcp6ConnLocalPort; Ip6Address tcp6ConnRemAddress;
    int tcp6ConnRemPort; DeviceIndex tcp6ConnIfIndex; int tcp6ConnState;
    struct { Gauge snxt, suna, swnd, rnxt, rack, rwnd, rto, mss; int state; } info;
    unsigned int pid; uint64_t time;
} mib2_tcp6ConnEntry;
typedef struct connstat_tcpConnEntry {
    int ends[5];
    struct {
        Counter64 counted[11]; Gauge snxt, suna, swnd, cwnd, rnxt, rack, unsent, rwnd, rtt_sa, rto, rtt_cnt, mss;
        int state;
    } info;
    unsigned int pid; uint64_t time;
} connstat_tcpConnEntry;
typedef struct mib2_udpEntry {
    IpAddress udpLocalAddress; int udpLocalPort; int ue_state; IpAddress ue_RemoteAddress;
    int ue_RemotePort; unsigned int udpInstance; unsigned int udpCreationProcess; uint64_t time;
} mib2_udpEntry;
typedef struct mib2_udp6Entry {
    Ip6Address udp6LocalAddress; int udp6LocalPort; DeviceIndex udp6IfIndex; int ue_state;
    Ip6Address ue_RemoteAddress; int ue_RemotePort; unsigned int udp6Instance;
    unsigned int udp6CreationProcess; uint64_t time;
} mib2_udp6Entry;
#if defined(__x86_64__)
#pragma pack()
#endif
typedef struct mib2_ipRouteEntry {
    IpAddress ipRouteDest; Octet ipRouteIfIndex; int ipRouteMetric1; int ipRouteMetric2; int ipRouteMetric3;
    int ipRouteMetric4; IpAddress ipRouteNextHop; int ipRouteType; int ipRouteProto; int ipRouteAge;
    IpAddress ipRouteMask; int ipRouteMetric5; Gauge re_max_frag; Gauge re_rtt; Counter re_ref;
    int re_frag_flag; IpAddress re_src_addr; int re_ire_type; Counter re_obpkt; Counter re_ibpkt;
    int re_flags; Octet re_in_ill; IpAddress re_in_src_addr;
} mib2_ipRouteEntry;
typedef struct mib2_ipv6RouteEntry {
    Ip6Address ipv6RouteDest; int ipv6RoutePfxLength; unsigned int ipv6RouteIndex; Octet ipv6RouteIfIndex;
    Ip6Address ipv6RouteNextHop; int ipv6RouteType; int ipv6RouteProtocol; unsigned int ipv6RoutePolicy;
    int ipv6RouteAge; unsigned int ipv6RouteNextHopRDI; unsigned int ipv6RouteMetric;
    unsigned int ipv6RouteWeight; Gauge re_max_frag; Gauge re_rtt; Counter re_ref; int re_frag_flag;
    Ip6Address re_src_addr; int re_ire_type; Counter re_obpkt; Counter re_ibpkt; int re_flags;
} mib2_ipv6RouteEntry;
typedef struct ip_member {
    Octet ipGroupMemberIfIndex; IpAddress ipGroupMemberAddress; Counter ipGroupMemberRefCnt;
    int ipGroupMemberFilterMode;
} ip_member;
typedef struct ipv6_member {
    DeviceIndex ipv6GroupMemberIfIndex; Ip6Address ipv6GroupMemberAddress; Counter ipv6GroupMemberRefCnt;
    int ipv6GroupMemberFilterMode;
} ipv6_member;
typedef struct prfdinfo {
    int pr_fd; mode_t pr_mode; uint64_t pr_ino; uint64_t pr_size; long long pr_offset; uid_t pr_uid;
    gid_t pr_gid; major_t pr_major; minor_t pr_minor; major_t pr_rmajor; minor_t pr_rminor;
    int pr_fileflags; int pr_fdflags; short pr_locktype; pid_t pr_lockpid; int pr_locksysid;
    pid_t pr_peerpid; int pr_filler[25]; char pr_peername[16]; unsigned char pr_misc[0];
} prfdinfo;
typedef struct pr_misc_header { uint_t pr_misc_size; uint_t pr_misc_type; } pr_misc_header;
typedef struct sockaddr_head { ushort_t sa_family; ushort_t sin_port; char rest[12]; } sockaddr_head;
