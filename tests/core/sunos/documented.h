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
