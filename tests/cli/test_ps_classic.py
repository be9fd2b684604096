"""ps beside procps' on recorded machines: a crowd of some four hundred odd processes, and a small one."""

from __future__ import annotations

import os
import re
import shlex

import pytest

from tests.support.sidebyside import compare

pytestmark = pytest.mark.classic
UTF8 = {"LC_ALL": "C.UTF-8"}


def split(line: str) -> tuple[dict[str, str], list[str]]:
    """``COLUMNS=80 aux`` as an environment and words."""
    words = shlex.split(line)
    env: dict[str, str] = {}
    while words and words[0].partition("=")[0].isupper() and "=" in words[0]:
        name, _, env[name] = words.pop(0).partition("=")
    return env, words


def _owners(needed: bool) -> None:
    if needed and os.geteuid() != 0:
        pytest.skip("it shows or asks who owns the recorded processes, which need root to make")


def crowd(line: str, *, record: bool = False, owners: bool = True) -> None:
    _owners(owners)
    env, words = split(line)
    compare("crowd", ["ps", *words], env={**UTF8, **env}, record=record, stderr=True)


def small(line: str, *, record: bool = False, owners: bool = True) -> None:
    _owners(owners)
    env, words = split(line)
    compare("small", ["ps", *words], env={**UTF8, **env}, record=record, stderr=True)


# --- lists


@pytest.mark.parametrize(
    "line",
    [
        "aux",
        "-ef",
        "-eF",
        "auxf",
        "axjf",
        "-ely",
        "-ejH",
        "axs --cols 80",
        "LC_ALL=C aux",
        "axv",
        "axX",
    ],
)
def test_lists_with_recorded_answers(line: str) -> None:
    crowd(line, record=True)


@pytest.mark.parametrize(
    "line",
    [
        "", "aux", "-ef", "axjf", "-eT", "-eo pid=,comm=", "-p 1", "-p 9999", "-ely", "-e --sort -pid",
        "-C bash", "aux --cols 60", "LC_ALL=C -ef", "-eo stat,user:3,wchan,args,pid", "-o foo", "-z", "-axu",
        "-N -u root -o pid,user", "-ef --forest", "axs",
    ],
)  # fmt: skip
def test_a_small_machine_with_recorded_answers(line: str) -> None:
    small(line, record=True)


LISTS = """
auxww; ax; -eLf; -eT; -ef --forest; -A; -el; -elf; -ej; -ec; -ecl; -eP; x; ; s; axs; axl; axj; axu; -eljf;
-elyF; -eljcP; -efL; -eLj; -eTf; -eTj; axe; axc; axuc; axuS; axn; axun; -efn; axh; -e --no-headers; axf;
-eH; v; e; axeww; axnl; axec; axef; axeuf --cols 100; -ef -O comm; -efO comm; -O comm; -O user,pcpu;
-e -O comm; ax O comm; -eM; -eMl; axZ; -e --context; axZl; -ef x; -el x; -eF x; -ej x; -elf x; -f f;
--context x; -ef c; axjc; axum; -ec x; -eP x; -eL x; -eT x; u -M; -ely x; -eMLPf; -ef H; axmu; -emf; axm;
-eLm; -eTm; axms; axH; -em; -TH
"""


@pytest.mark.parametrize("line", [line.strip() for line in LISTS.split(";")])
def test_lists(line: str) -> None:
    crowd(line)


# --- fields

FIELDS = """
pid,lstart,start,bsdstart,stime,start_time,etime,etimes,time,cputime,atime,bsdtime,times,cputimes
pid,rss,rssize,rsz,sgi_rss,vsz,vsize,sz,size,trs,drs,tsiz,dsiz,trss,m_size,m_trs,m_drs,%mem,pmem,pss,uss,lim
pid,%cpu,pcpu,c,cp,cuu,cuc,util
stat,s,state,pid,nlwp,thcount,wchan,wname,psr,cpuid,lastcpu,sgi_p,class,cls,policy,pri,ni,nice,rtprio,sched
priority,opri,intpri,pri_api,pri_bar,pri_baz,pri_foo,numa
pid,ppid,pgid,pgrp,sid,sess,session,tpgid,tty,tname,tt,tty4,tty8,longtname,lwp,spid,tid,tgid
user,uname,uid_hack,ruser,euser,suser,svuser,fuser,fsuser,uid,euid,ruid,suid,svuid,fuid,fsuid
group,rgroup,egroup,sgroup,svgroup,fgroup,fsgroup,gid,egid,rgid,sgid,svgid,fgid,fsgid,supgid,supgrp,pid
pid,cgroup,cgname,unit,slice,lxc,lsession,ouid,uunit,seat,machine,zone
pid,label,context,ag_id,ag_nice,oom,oomadj,luid,cgroupns,ipcns,mntns,netns,pidns,timens,userns,utsns
pid,rbytes,wbytes,rchars,wchars,rops,wops,wcbytes,maj_flt,min_flt,majflt,minflt,pagein,flags,f,flag
pid,pending,blocked,ignored,caught,tsig,sig,sigmask,sig_block,sig_pend,sigignore,sig_ignore,sigcatch,sig_catch
pid,eip,esp,stackp,start_stack,exe,fname,ucmd,ucomm,comm,cmd,command
pid,acflag,addr,alarm,argc,bnd,cpu,cwd,emul,environ,jobc,login,m_dt,umask,utime,zoneid,xstat,upr,usertime
DefBSD
DefSysV,comm
Std_fl
OL_m
RUSAGE,THREAD,SCHED
HP_fl,FB_v
user:20,args
args:200,comm:40
args:5,comm:3,pid
pid,user:30,group:4,comm
pid=,comm=
pid=,user=
pid=PROCESSID,user=,comm=LONGLONGLONGNAMEFORACOMMAND,s
user=WHO,pid
pid,wchan:20,blocked:3,sig_pend:20,s
pid:3,ppid:9,rss:2,s
args:300,pid
euid,euid,euid,euid:3,pcpu,c,cp,pmem,bsdtime,times,s
"""


@pytest.mark.parametrize("columns", FIELDS.split())
def test_fields(columns: str) -> None:
    crowd(f"-eo {columns}", owners=_of_owners(columns))


def _of_owners(columns: str) -> bool:
    return bool(re.search(r"user|group|[ug]id|uname|DefBSD|Std|HP|FB|RUSAGE", columns))


@pytest.mark.parametrize(
    "name",
    [
        "args",
        "comm",
        "user",
        "group",
        "tty",
        "wchan",
        "label",
        "cgroup",
        "supgrp",
        "exe",
        "fname",
        "unit",
        "stat",
        "class",
        "time",
        "lstart",
        "blocked",
        "pid",
        "%cpu",
        "rss",
        "euid",
    ],
)
def test_the_last_column_is_not_filled_up(name: str) -> None:
    crowd(f"-eo pid,{name}", owners=_of_owners(name))


@pytest.mark.parametrize(
    "layout", ["%p %U %a", "%a %p", "x%p %c", "x  %p%U", " %p %z %y ", "%C %G %P %g %n %r %t %u %x"]
)
def test_aix_formats(layout: str) -> None:
    crowd(f"-eo {shlex.quote(layout)} -o comm,pid")


# --- order

KEYS = """
%cpu %mem ag_id ag_nice args c cgroup class cls cmd command cp cuu cuc egid egroup etime euid euser exe
fgid flags gid group label lstart lwp maj_flt min_flt ni nlwp nwchan oom oomadj pgid pid ppid pri pri_bar
psr rchars rgid rss rtprio ruser s sgi_p sid size slice start_time stat state stime supgid supgrp sz tname
tpgid trs tty4 tty uid uname unit user utime vsize vsz wchan pss acflag time bsdtime
"""


@pytest.mark.parametrize("key", KEYS.split())
def test_order(key: str) -> None:
    crowd(f"-eo pid,{key} --sort -{key}", owners=_of_owners(key))


@pytest.mark.parametrize(
    "line",
    ["-e --sort user,-pid", "-e --sort=-rss,pid", "axk-pid", "-eo pid k +ppid,-start_time", "ax Oup",
     "axO-pU", "ax OU-p+P", "axOr", "-e --sort pid,"],
)  # fmt: skip
def test_order_by_several(line: str) -> None:
    crowd(line)


# --- which processes

SELECTIONS = """
-C sib-21,cron; -C "sib-21 cron"; -C "a b c"; -C nosuch; -u root; -u nobody -f; -U 1000; -U 0,1000;
-G 1000; -g 1000; -g ada; -g root,ada; -g 21107; -g 1000,ada; --group ada; -s 21107; --sid 1;
-s 21245 -t pts/1; -p 1,2,3; -p "1 21107"; 1 2; 21245 21107; -21107; +21107; --ppid 21107,1; -q 21107,1,2;
-q 99999; -q 21245 -f; q 21245; -q1 r; -t pts/0; -t pts/0,pts/1; t pts/0; t 0; t; T; -t -; -N -p 1; -e -N;
-a; -d; -a -d; -N -a; -N -d; a; r; axr; -er; ax T; -C sh r; -p 1 r; -N -p 1 r; axg; x T; a T; -a T; -d T;
-a -t pts/0; -d -p 1; a -p 1; x -p 1; T -p 1; r -p 1; -N r; -N x; -N ax; -a r; a r; x r; T r; -e r -N;
-u 0 -p 21245; LIBPROC_HIDE_KERNEL=1 -e; LIBPROC_HIDE_KERNEL=1 -p 2; -eL r; -L -C threads-1; -L -p 21199;
-L -q 21199; U root; Uroot; axU 1000
"""


@pytest.mark.parametrize("line", [line.strip() for line in SELECTIONS.split(";")])
def test_selection(line: str) -> None:
    crowd(line)


@pytest.mark.root
@pytest.mark.parametrize(
    "line", ["", "x", "a", "aux", "-ef", "-eo pid,exe,rbytes,pss,wchan,environ", "axe"]
)
def test_another_user(line: str) -> None:
    compare("crowd", ["ps", *line.split()], env=UTF8, user=(65534, 65534), record=False)


# --- the screen

SCREENS = """
aux --cols 80; aux --cols 79; auxf --cols 80; aux w --cols 80; aux ww --cols 80; aux -w --cols 200;
COLUMNS=80 aux; COLUMNS=80 auxww; COLUMNS=0 aux; COLUMNS=x aux; COLUMNS=80 aux --cols 100; -ef --cols 50;
axs --cols 100; axs --cols 130; -ely --cols 60; -eF --cols 20; -eo pid,user --cols 13;
-eo pid,args --cols 13; -eo euid,euid,euid:3,args --cols 23; -ef --forest --cols 60; -eH --cols 37;
LC_ALL=C -ef --forest --cols 70; -eo pid,args:10,pid --forest; -eo pid,args:3,pid --forest;
-eo pid,ppid,comm,args,fname --forest; -e --headers; -e --headers --rows 10; -ef --headers --rows 24;
-e --headers --lines 1; -e --rows 10; LINES=9 -e --headers; -eo pid,pending,comm --cols 30;
-p 21613 -o euid:3,euid:3,euid:3,user --cols 40; -p 21613 -o euid:3,euid:3,euid:3,wchan --cols 36;
axe --cols 60; -eo pid,wchan,pid n --cols 9; -eo args --cols 1; -eo s,args --cols 5;
COLUMNS=8 -p 1; COLUMNS=1 -o foo; LINES=1 -p 1; COLUMNS=1 LINES=1 --cols 90 aux; LINES=2 COLUMNS=9 -p 1
"""


@pytest.mark.parametrize("line", [line.strip() for line in SCREENS.split(";")])
def test_screen(line: str) -> None:
    crowd(line)


@pytest.mark.parametrize("columns", [40, 80, 132])
def test_terminal_width(columns: int) -> None:
    """The classic's own width, where only the classic's format is asked for."""
    _owners(needed=True)
    ours = compare(
        "small",
        ["ps", "aux"],
        env={**UTF8, "SYSUTILS_OUTPUT": "plain", "TERM": "xterm"},
        tty=(columns, 24),
    )
    assert ours.returncode == 0


# --- surroundings

SURROUNDINGS = """
PS_FORMAT=pid,comm -e; PS_FORMAT=pid,comm ax; PS_FORMAT=pid,comm -ef; PS_FORMAT=bogus -e;
PS_FORMAT=pid -P; PS_FORMAT=bogus -P; PS_FORMAT=pid -c; PS_FORMAT=pid -Z; PS_FORMAT=pid axM; PS_FORMAT=pid xZ;
PS_FORMAT=DefSysV -e; PS_FORMAT=DefBSD -e; PS_FORMAT=pid,args -L; PS_PERSONALITY=linux -ef;
PS_PERSONALITY=linux -el; PS_PERSONALITY=linux -elf; PS_PERSONALITY=linux -ely; PS_PERSONALITY=bsd aux;
PS_PERSONALITY=bsd -e; PS_PERSONALITY=bsd; PS_PERSONALITY=bsd axh; PS_PERSONALITY=bsd -aux;
PS_PERSONALITY=bsd -p 1; PS_PERSONALITY=old aux; PS_PERSONALITY=old -l; PS_PERSONALITY=posix -ef;
PS_PERSONALITY=sysv -el; PS_PERSONALITY=digital -ef; PS_PERSONALITY=digital -el;
PS_PERSONALITY=digital -ej; PS_PERSONALITY=aix axl; PS_PERSONALITY=390 -ej; PS_PERSONALITY=debian -ef;
I_WANT_A_BROKEN_PS=1; I_WANT_A_BROKEN_PS= -e; I_WANT_A_BROKEN_PS=1 -ef; I_WANT_A_BROKEN_PS=1 -aux;
I_WANT_A_BROKEN_PS=1 -p 1; I_WANT_A_BROKEN_PS=1 -z; I_WANT_A_BROKEN_PS=1 -m;
I_WANT_A_BROKEN_PS=1 PS_PERSONALITY=sunos4 -a; PS_PERSONALITY=old m; PS_PERSONALITY=gnu m; -xm; -axm; -H -m;
PS_PERSONALITY=old m u; PS_PERSONALITY=gnu xM;
PS_PERSONALITY=sunos4; PS_PERSONALITY=sunos4 -f; PS_PERSONALITY=sunos4 a;
PS_PERSONALITY=sunos4 aux; PS_PERSONALITY=sunos4 x; PS_PERSONALITY=sunos4 axg;
PS_PERSONALITY=digital axh; PS_PERSONALITY=s390 -ej; PS_PERSONALITY=nosuch -ef;
PS_PERSONALITY=irix -el; PS_PERSONALITY=sgi -efl; PS_PERSONALITY=irix -ely; PS_PERSONALITY=irix -eljc;
PS_PERSONALITY=hpux -ex; PS_PERSONALITY=hp -elx; PS_PERSONALITY=hpux -ax; PS_PERSONALITY=hpux -exj;
PS_PERSONALITY=svr4 -elx; PS_PERSONALITY=sysv -ax; PS_PERSONALITY=sco -x; PS_PERSONALITY=debian -ely;
PS_PERSONALITY=debian -elj; PS_PERSONALITY=debian -efj; PS_PERSONALITY=debian -eF; PS_PERSONALITY=gnu -elP;
PS_PERSONALITY=digital -elj; PS_PERSONALITY=digital -elc; PS_PERSONALITY=digital -efL;
PS_PERSONALITY=digital -ejP; PS_PERSONALITY=digital h -l; PS_PERSONALITY=digital -flj;
PS_PERSONALITY=390 -efj; PS_PERSONALITY=390 -eljc; PS_PERSONALITY=390 -flj;
PS_PERSONALITY=bsd axm; PS_PERSONALITY=bsd axm --sort pid; PS_PERSONALITY=sunos4 h -p 99999;
CMD_ENV=linux -ef; LC_ALL=POSIX -eo comm,args; LC_ALL=xx_YY aux;
TZ=Asia/Kolkata -eo lstart,start,bsdstart,stime
"""


@pytest.mark.parametrize("line", [line.strip() for line in SURROUNDINGS.split(";")])
def test_surroundings(line: str) -> None:
    crowd(line)


# --- the words

WORDS = """
--; -- 1; -; - 1; 1; 1,2; '1 2'; -p; p; -p 1,; -p ,1; -p 1,,2; -p ''; -p a; -p 0; -p -1; -p 2147483648;
-p 99999999999999999999; -p +1; -p 0x1; -p1; p1; -q; -q 1 -q 1; -q 1 -p 1; -q 1 -e; -q 1 --sort pid;
-q 1 -N; -q 1 --forest; -z; z; --foo; --cum; --sort; --sort=; --sort foo; --sort ,pid; --sort ++pid;
--sort -; --sort PID; --sort pid,,ppid; --sort=DefBSD; --sort pid --sort ppid; k pid k ppid;
--sort pid Op; -o foo; -o pid,; -o ''; -o ,pid; -o pid,,comm; -o 'pid comm'; -o; -o pid:0; -o pid:x;
-o pid:; -o pid:5:6; -o '%p %Q'; -o '%'; -o '%%'; -o 'pid,%p'; -o '%p=FOO'; -o 'foo%pbar'; -o pid%;
-o 'pid, comm'; -o ' pid'; -o 'pid=A B,comm'; -o 'pid=X:5,comm'; -o '=X'; -o PID; -o DefBSD:5;
-o DefBSD=foo; -o pid=X,comm=Y; -u; -u nosuchuser; -u root,nosuch; -u 99999999999; -u ''; -u,; -u root,;
-G nosuch; -g nosuch; -g 0,; -C; -C ''; -C ','; -t nosuch; -t; -t ''; -t pts/77; -t /tmp; -t /nope; t '';
-s a; -s; -s 1,; --ppid 0; --ppid; --sid 0; --tty; --quick-pid; --format; --pid; --User; --Group; --group;
--user; -ef aux; aux -ef; -y; -ey; u j; u -f; -o pid -f; u o pid; -o pid -O comm; -O; O; O z; O-pid; Ou,p;
-O +pid; Otty,pid; -H -L; mH; -m m; -LT; -eL H; -T m; -Lf --forest; -o pid -P; -o pid Z; -o pid -y;
-o pid -j; -o pid -l; -o pid -L -m; -O comm -j; --context -o pid; --context u; --context -l; -l u; -x;
-aux; -axu; -auxw; -auxfoo; -u x; -ax; -ax f; -axo pid,tty; -axopid,tty; -ax --sort -pid; -ax 1;
-auxf --no-headers; -efx; -efx --foo; -aux -L; -aux -C foo; -u x -e; -u root -x; -xu root; -ux; -ua;
-au root; -t x; -gx; -sx; -g; -hx; -k; -kpid; -V -e; V x; L x; --version -e; --info -e; -VL; --cols;
--cols x; --cols 0; --cols -5; --cols=; --rows x; --no-headers --headers; h --headers;
--headers --headers; --headers=5; --no-headers=1; --forest=3; --cumulative=4; --deselect=1; --context=5;
-o foo -z; -o foo -p x; --sort foo -p x; --sort foo f H; -o foo f H; -o foo -L -T; -o foo --headers h;
-o foo --version; -o --format drs; -O foo -o pid; -o pid -O foo; -o pid O user; -o pid O u; -O pid O u;
--sort pid O zz; O zz; O user O zz; O user O pid; O u O zz; O u O user; O user O u O r; O user --sort pid O r;
O uu; O oo; O u-u; O ur; O u+r; O u-r-p; O ''; O ,; -O user o pid; O user -o pid; OC --sort foo; -o pid:03;
f -H; -H f; f --forest -H; x -O user; -o foo --format bar --sort pid --sort ppid;
-e=5; e=5; W; -W; A; C; -Z; M; -e-f; e-f; a,x; -e,f; -1 -f; -1 f; -1,2; 1 2a; 1 0; +1; -a x; x ''; '' x;
U; k; -c u -l; -b; -R; -I; -o '%cpu=a b'; -o %cpu,foo; h --context -y
"""


@pytest.mark.parametrize("line", [line.strip() for line in WORDS.split(";")])
def test_words(line: str) -> None:
    small(line)
