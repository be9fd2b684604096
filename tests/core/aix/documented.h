/* The structures as /proc, libperfstat.h, mntctl, utmp.h and the calls of interfaces document them: laid out by a
   compiler that knows the ABI of AIX, to be held against ours. Padding is the compiler's. */
typedef unsigned char uchar, uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint, uint32_t;
typedef unsigned long ulong;
typedef unsigned long long u_longlong_t, uint64_t;
typedef short int16_t;
typedef int int32_t;
typedef long long int64_t;
#define IDENTIFIER_LENGTH 64

typedef struct timestruc { int64_t tv_sec; int32_t tv_nsec; uint32_t pad; } timestruc;
typedef struct lwpsinfo {
    uint64_t pr_lwpid; uint64_t pr_addr; uint64_t pr_wchan; uint32_t pr_flag; uchar pr_wtype; uchar pr_state;
    char pr_sname; uchar pr_nice; int pr_pri; uint32_t pr_policy; char pr_clname[8]; int32_t pr_onpro;
    int32_t pr_bindpro; uint32_t pr_ptid; uint32_t pr__pad1; uint64_t pr__pad[7];
} lwpsinfo;
typedef struct psinfo {
    uint32_t pr_flag; uint32_t pr_flag2; uint32_t pr_nlwp; uint32_t pr__pad1; uint64_t pr_uid; uint64_t pr_euid;
    uint64_t pr_gid; uint64_t pr_egid; uint64_t pr_pid; uint64_t pr_ppid; uint64_t pr_pgid; uint64_t pr_sid;
    uint64_t pr_ttydev; uint64_t pr_addr; uint64_t pr_size; uint64_t pr_rssize; timestruc pr_start;
    timestruc pr_time; int16_t pr_cid; int16_t pr__pad2; uint32_t pr_argc; uint64_t pr_argv; uint64_t pr_envp;
    char pr_fname[16]; char pr_psargs[80]; uint64_t pr__pad[8]; lwpsinfo pr_lwp;
} psinfo;
typedef struct { uint64_t set[4]; } pr_sigset_t, fltset_t;
typedef struct {
    int32_t signo, error, code, imm, status; uint32_t pad1; uint64_t uid, pid, addr; int64_t band;
    char value[8]; uint32_t pad[4];
} pr_siginfo64_t;
typedef struct { uint64_t sp, size; int32_t flags; int32_t pad[5]; } pr_stack64_t;
typedef struct { char handler[8]; pr_sigset_t mask; int32_t flags; int32_t pad[5]; } pr_sigaction64_t;
typedef struct { uint64_t special[8], gpr[32], pad[8]; } prgregset_t;
typedef struct { double fpr[32]; } prfpregset_t;
typedef struct { uint64_t extoff, extsize, pad[14]; } pfamily_t;
typedef struct {
    uint64_t pr_lwpid; uint32_t pr_flags; uint8_t pr__pad1[1]; char pr_state; uint16_t pr_cursig; uint16_t pr_why;
    uint16_t pr_what; uint32_t pr_policy; char pr_clname[8]; pr_sigset_t pr_lwppend; pr_sigset_t pr_lwphold;
    pr_siginfo64_t pr_info; pr_stack64_t pr_altstack; pr_sigaction64_t pr_action; uint32_t pr__pad2;
    uint16_t pr_syscall; uint16_t pr_nsysarg; uint64_t pr_sysarg[8]; int32_t pr_errno; uint32_t pr_ptid;
    uint64_t pr__pad[9]; prgregset_t pr_reg; prfpregset_t pr_fpreg; pfamily_t pr_family;
} lwpstatus;
typedef struct pstatus {
    uint32_t pr_flag; uint32_t pr_flag2; uint32_t pr_flags; uint32_t pr_nlwp; char pr_stat; char pr_dmodel;
    uchar pr__pad1[6]; pr_sigset_t pr_sigpend; uint64_t pr_brkbase; uint64_t pr_brksize; uint64_t pr_stkbase;
    uint64_t pr_stksize; uint64_t pr_pid; uint64_t pr_ppid; uint64_t pr_pgid; uint64_t pr_sid;
    timestruc pr_utime; timestruc pr_stime; timestruc pr_cutime; timestruc pr_cstime; pr_sigset_t pr_sigtrace;
    fltset_t pr_flttrace; uint32_t pr_sysentry_offset; uint32_t pr_sysexit_offset; uint64_t pr__pad[8];
    lwpstatus pr_lwp;
} pstatus;
typedef struct prcred {
    uint64_t pr_euid; uint64_t pr_ruid; uint64_t pr_suid; uint64_t pr_egid; uint64_t pr_rgid; uint64_t pr_sgid;
    uint64_t pr__pad[8]; uint32_t pr__pad1; uint32_t pr_ngroups; uint64_t pr_groups[1];
} prcred;
typedef struct utmp {
    char ut_user[256]; char ut_id[14]; char ut_line[64]; int ut_pid; short ut_type; int64_t ut_time;
    short e_termination; short e_exit; char ut_host[256]; int dbl_word_pad; int reservedA[2]; int reservedV[6];
} utmp;
typedef struct vmt_data { short vmt_off; short vmt_size; } vmt_data;
typedef struct vmount {
    uint vmt_revision; uint vmt_length; uint vmt_fsid[2]; int vmt_vfsnumber; uint vmt_time; uint vmt_timepad;
    int vmt_flags; int vmt_gfstype; vmt_data vmt_data[6];
} vmount;

typedef struct perfstat_id { char name[IDENTIFIER_LENGTH]; } perfstat_id;
typedef struct perfstat_cpu_total {
    int ncpus; int ncpus_cfg; char description[IDENTIFIER_LENGTH]; u_longlong_t processorHZ; u_longlong_t user;
    u_longlong_t sys; u_longlong_t idle; u_longlong_t wait; u_longlong_t pswitch; u_longlong_t syscall;
    u_longlong_t sysread; u_longlong_t syswrite; u_longlong_t sysfork; u_longlong_t sysexec;
    u_longlong_t readch; u_longlong_t writech; u_longlong_t devintrs; u_longlong_t softintrs; long lbolt;
    u_longlong_t loadavg[3]; u_longlong_t runque; u_longlong_t swpque; u_longlong_t bread; u_longlong_t bwrite;
    u_longlong_t lread; u_longlong_t lwrite; u_longlong_t phread; u_longlong_t phwrite; u_longlong_t runocc;
    u_longlong_t swpocc; u_longlong_t iget; u_longlong_t namei; u_longlong_t dirblk; u_longlong_t msg;
    u_longlong_t sema; u_longlong_t rcvint; u_longlong_t xmtint; u_longlong_t mdmint; u_longlong_t tty_rawinch;
    u_longlong_t tty_caninch; u_longlong_t tty_rawoutch; u_longlong_t ksched; u_longlong_t koverf;
    u_longlong_t kexit; u_longlong_t rbread; u_longlong_t rcread; u_longlong_t rbwrt; u_longlong_t rcwrt;
    u_longlong_t traps; int ncpus_high; u_longlong_t puser; u_longlong_t psys; u_longlong_t pidle;
    u_longlong_t pwait; u_longlong_t decrintrs; u_longlong_t mpcrintrs; u_longlong_t mpcsintrs;
    u_longlong_t phantintrs; u_longlong_t idle_donated[2]; u_longlong_t busy_donated[2];
    u_longlong_t idle_stolen[2]; u_longlong_t busy_stolen[2]; short iowait; short physio; u_longlong_t twait;
    u_longlong_t hpi; u_longlong_t hpit; u_longlong_t spurr[4]; int spurrflag; u_longlong_t version;
    u_longlong_t tb_last; u_longlong_t purr_coalescing; u_longlong_t spurr_coalescing;
} perfstat_cpu_total;
typedef struct perfstat_cpu {
    char name[IDENTIFIER_LENGTH]; u_longlong_t user; u_longlong_t sys; u_longlong_t idle; u_longlong_t wait;
    u_longlong_t pswitch; u_longlong_t syscall; u_longlong_t sysread; u_longlong_t syswrite;
    u_longlong_t sysfork; u_longlong_t sysexec; u_longlong_t readch; u_longlong_t writech; u_longlong_t bread;
    u_longlong_t bwrite; u_longlong_t lread; u_longlong_t lwrite; u_longlong_t phread; u_longlong_t phwrite;
    u_longlong_t iget; u_longlong_t namei; u_longlong_t dirblk; u_longlong_t msg; u_longlong_t sema;
    u_longlong_t minfaults; u_longlong_t majfaults; u_longlong_t puser; u_longlong_t psys; u_longlong_t pidle;
    u_longlong_t pwait; u_longlong_t redisp_sd[6]; u_longlong_t migration_push; u_longlong_t migration_S3grq;
    u_longlong_t migration_S3pul; u_longlong_t invol_cswitch; u_longlong_t vol_cswitch; u_longlong_t runque;
    u_longlong_t bound; u_longlong_t decrintrs; u_longlong_t mpcrintrs; u_longlong_t mpcsintrs;
    u_longlong_t devintrs; u_longlong_t softintrs; u_longlong_t phantintrs; u_longlong_t idle_donated[2];
    u_longlong_t busy_donated[2]; u_longlong_t idle_stolen[2]; u_longlong_t busy_stolen[2]; u_longlong_t hpi;
    u_longlong_t hpit; u_longlong_t spurr[4]; int spurrflag; u_longlong_t localdispatch;
    u_longlong_t neardispatch; u_longlong_t fardispatch; u_longlong_t cswitches; u_longlong_t version;
    u_longlong_t tb_last;
} perfstat_cpu;
typedef struct perfstat_memory_total {
    u_longlong_t virt_total; u_longlong_t real_total; u_longlong_t real_free; u_longlong_t real_pinned;
    u_longlong_t real_inuse; u_longlong_t pgbad; u_longlong_t pgexct; u_longlong_t pgins; u_longlong_t pgouts;
    u_longlong_t pgspins; u_longlong_t pgspouts; u_longlong_t scans; u_longlong_t cycles;
    u_longlong_t pgsteals; u_longlong_t numperm; u_longlong_t pgsp_total; u_longlong_t pgsp_free;
    u_longlong_t pgsp_rsvd; u_longlong_t real_system; u_longlong_t real_user; u_longlong_t real_process;
    u_longlong_t virt_active; u_longlong_t iome; u_longlong_t iomu; u_longlong_t iohwm; u_longlong_t pmem;
    u_longlong_t comprsd_total; u_longlong_t comprsd_wseg_pgs; u_longlong_t cpgins; u_longlong_t cpgouts;
    u_longlong_t true_size; u_longlong_t expanded_memory; u_longlong_t comprsd_wseg_size;
    u_longlong_t target_cpool_size; u_longlong_t max_cpool_size; u_longlong_t min_ucpool_size;
    u_longlong_t cpool_size; u_longlong_t ucpool_size; u_longlong_t cpool_inuse; u_longlong_t ucpool_inuse;
    u_longlong_t version; u_longlong_t real_avail; u_longlong_t bytes_coalesced;
    u_longlong_t bytes_coalesced_mempool;
} perfstat_memory_total;
typedef struct perfstat_disk {
    char name[IDENTIFIER_LENGTH]; char description[IDENTIFIER_LENGTH]; char vgname[IDENTIFIER_LENGTH];
    u_longlong_t size; u_longlong_t free; u_longlong_t bsize; u_longlong_t rxfers; u_longlong_t xfers;
    u_longlong_t wblks; u_longlong_t rblks; u_longlong_t qdepth; u_longlong_t time;
    char adapter[IDENTIFIER_LENGTH]; uint paths_count; u_longlong_t q_full; u_longlong_t rserv;
    u_longlong_t rtimeout; u_longlong_t rfailed; u_longlong_t min_rserv; u_longlong_t max_rserv;
    u_longlong_t wserv; u_longlong_t wtimeout; u_longlong_t wfailed; u_longlong_t min_wserv;
    u_longlong_t max_wserv; u_longlong_t wq_depth; u_longlong_t wq_sampled; u_longlong_t wq_time;
    u_longlong_t wq_min_time; u_longlong_t wq_max_time; u_longlong_t q_sampled; unsigned short wpar_id;
    short pad[3]; u_longlong_t version; uint dk_type;
} perfstat_disk;
typedef struct perfstat_netinterface {
    char name[IDENTIFIER_LENGTH]; char description[IDENTIFIER_LENGTH]; uchar type; u_longlong_t mtu;
    u_longlong_t ipackets; u_longlong_t ibytes; u_longlong_t ierrors; u_longlong_t opackets;
    u_longlong_t obytes; u_longlong_t oerrors; u_longlong_t collisions; u_longlong_t bitrate;
    u_longlong_t xmitdrops; u_longlong_t version; u_longlong_t if_iqdrops; u_longlong_t if_arpdrops;
} perfstat_netinterface;
typedef struct perfstat_process {
    u_longlong_t version; u_longlong_t pid; char proc_name[64]; int proc_priority; u_longlong_t num_threads;
    u_longlong_t proc_uid; u_longlong_t proc_classid; u_longlong_t proc_size; u_longlong_t proc_real_mem_data;
    u_longlong_t proc_real_mem_text; u_longlong_t proc_virt_mem_data; u_longlong_t proc_virt_mem_text;
    u_longlong_t shared_lib_data_size; u_longlong_t heap_size; u_longlong_t real_inuse;
    u_longlong_t virt_inuse; u_longlong_t pinned; u_longlong_t pgsp_inuse; u_longlong_t filepages;
    u_longlong_t real_inuse_map; u_longlong_t virt_inuse_map; u_longlong_t pinned_inuse_map; double ucpu_time;
    double scpu_time; u_longlong_t last_timebase; u_longlong_t inBytes; u_longlong_t outBytes;
    u_longlong_t inOps; u_longlong_t outOps;
} perfstat_process;
typedef struct { u_longlong_t online; u_longlong_t max; u_longlong_t min; u_longlong_t desired; } perfstat_value_t;
typedef struct perfstat_partition_config {
    u_longlong_t version; char partitionname[64]; char nodename[64]; uint conf; int partitionnum; int groupid;
    char processorFamily[64]; char processorModel[64]; char machineID[64]; double processorMHz;
    perfstat_value_t numProcessors; char OSName[64]; char OSVersion[64]; char OSBuild[64]; int lcpus;
    int smtthreads; int drives; int nw_adapters; perfstat_value_t cpucap; int cpucap_weightage;
    int entitled_proc_capacity; perfstat_value_t vcpus;
} perfstat_partition_config;

typedef struct ifreq { char ifr_name[16]; union { char address[24]; int flags; long data; } ifr_ifru; } ifreq;
typedef struct ifconf { int ifc_len; void *ifc_req; } ifconf;
typedef struct timebasestruct { int flag; uint tb_high; uint tb_low; } timebasestruct;
typedef struct thread_cputime { uint64_t utime; uint64_t stime; } thread_cputime;
