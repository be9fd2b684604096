"""Columns of ps(1): what ``-o`` may say, the ready-made lists, and how options change them."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sysutils.cli.fields.process import LEFT, Field, empty
from sysutils.cli.fields.process_table import FIELDS
from sysutils.cli.grammar import CommandError, UsageError

#: ready-made lists, by the names that PS_FORMAT and -o take too
MACROS = {
    "DFMT": "pid,tname,state,cputime,cmd",
    "DefBSD": "pid,tname,stat,bsdtime,args",
    "DefSysV": "pid,tname,time,cmd",
    "END_BSD": "state,tname,cputime,comm",
    "END_SYS5": "state,tname,time,command",
    "F5FMT": "uname,pid,ppid,c,start,tname,time,cmd",
    "FB_": "pid,tt,stat,time,command",
    "FB_j": "user,pid,ppid,pgid,sess,jobc,stat,tt,time,command",
    "FB_l": "uid,pid,ppid,cpu,pri,nice,vsz,rss,wchan,stat,tt,time,command",
    "FB_u": "user,pid,pcpu,pmem,vsz,rss,tt,stat,start,time,command",
    "FB_v": "pid,stat,time,sl,re,pagein,vsz,rss,lim,tsiz,pcpu,pmem,command",
    "FD_": "pid,tty,time,comm",
    "FD_f": "user,pid,ppid,start_time,tty,time,comm",
    "FD_fj": "user,pid,ppid,start_time,tty,time,pgid,sid,comm",
    "FD_j": "pid,tty,time,pgid,sid,comm",
    "FD_l": "flags,state,uid,pid,ppid,priority,nice,vsz,wchan,tty,time,comm",
    "FD_lj": "flags,state,uid,pid,ppid,priority,nice,vsz,wchan,tty,time,pgid,sid,comm",
    "FL5FMT": "f,state,uid,pid,ppid,pcpu,pri,nice,rss,wchan,start,time,command",
    "FLASK_context": "pid,context,command",
    "HP_": "pid,tty,time,comm",
    "HP_f": "user,pid,ppid,cpu,stime,tty,time,args",
    "HP_fl": "flags,state,user,pid,ppid,cpu,intpri,nice,addr,sz,wchan,stime,tty,time,args",
    "HP_l": "flags,state,uid,pid,ppid,cpu,intpri,nice,addr,sz,wchan,tty,time,comm",
    "J390": "pid,sid,pgrp,tname,atime,args",
    "JFMT": "user,pid,ppid,pgid,sess,jobc,state,tname,cputime,command",
    "L5FMT": "f,state,uid,pid,ppid,c,pri,nice,addr,sz,wchan,tt,time,ucmd",
    "LFMT": "uid,pid,ppid,cp,pri,nice,vsz,rss,wchan,state,tname,cputime,command",
    "OL_X": "pid,start_stack,esp,eip,timeout,alarm,stat,tname,bsdtime,args",
    "OL_j": "ppid,pid,pgid,sid,tname,tpgid,stat,uid,bsdtime,args",
    "OL_l": "flags,uid,pid,ppid,priority,nice,vsz,rss,wchan,stat,tname,bsdtime,args",
    "OL_m": "pid,tname,majflt,minflt,m_trs,m_drs,m_size,m_swap,rss,m_share,vm_lib,m_dt,args",
    "OL_s": "uid,pid,pending,sig_block,sig_ignore,caught,stat,tname,bsdtime,args",
    "OL_u": "user,pid,pcpu,pmem,vsz,rss,tname,stat,start_time,bsdtime,args",
    "OL_v": "pid,tname,stat,bsdtime,maj_flt,m_trs,m_drs,rss,pmem,args",
    "RD_": "pid,tname,state,bsdtime,comm",
    "RD_f": "uid,pid,ppid,start_time,tname,bsdtime,args",
    "RD_fj": "uid,pid,ppid,start_time,tname,bsdtime,pgid,sid,args",
    "RD_j": "pid,tname,state,bsdtime,pgid,sid,comm",
    "RD_l": "flags,state,uid,pid,ppid,priority,nice,wchan,tname,bsdtime,comm",
    "RD_lj": "flags,state,uid,pid,ppid,priority,nice,wchan,tname,bsdtime,pgid,sid,comm",
    "RUSAGE": "minflt,majflt,nswap,inblock,oublock,msgsnd,msgrcv,nsigs,nvcsw,nivcsw",
    "SCHED": "user,pcpu,pri,usrpri,nice,psxpri,psr,policy,pset",
    "SFMT": "uid,pid,cursig,sig,sigmask,sigignore,sigcatch,stat,tname,command",
    "Std_f": "uid_hack,pid,ppid,c,stime,tname,time,cmd",
    "Std_fl": "f,s,uid_hack,pid,ppid,c,opri,ni,addr,sz,wchan,stime,tname,time,cmd",
    "Std_l": "f,s,uid,pid,ppid,c,opri,ni,addr,sz,wchan,tname,time,ucmd",
    "THREAD": "user,pcpu,pri,scnt,wchan,usertime,systime",
    "UFMT": "uname,pid,pcpu,pmem,vsz,rss,tt,state,start,time,command",
    "VFMT": "pid,tt,state,time,sl,pagein,vsz,rss,pcpu,pmem,command",
}
_LETTERS = {
    "C": "pcpu", "G": "group", "P": "ppid", "U": "user", "a": "args", "c": "comm", "g": "rgroup",
    "n": "nice", "p": "pid", "r": "pgid", "t": "etime", "u": "ruser", "x": "time", "y": "tname", "z": "vsz",
}  # fmt: skip


class Shown(NamedTuple):
    """A column to show: the name it was asked by, its field, heading and width (0: the field's own, and
    room for the heading).

    ``joint``: literal text of an AIX format; it stands directly between its neighbours."""

    spelled: str
    field: Field
    header: str
    width: int
    joint: bool = False


def shown(spelled: str, header: str | None = None, width: int = 0) -> Shown:
    """The column of one name. Raises KeyError for an unknown one."""
    field = FIELDS[spelled]
    return Shown(spelled, field, field.header if header is None else header, width)


def of_names(names: str) -> list[Shown]:
    """The columns of a plain list of names; a colon stands for itself."""
    return [_literal(name) if name == ":" else shown(name) for name in names.split(",")]


def split_list(text: str, what: str) -> list[str]:
    """Entries of a list by commas or blanks; one separator may end it. Raises UsageError."""
    entries = re.split("[ ,\t]", text)
    if entries[-1] == "" and len(entries) > 1:
        entries.pop()
    if not any(entries):
        raise UsageError(f"empty {what} list" if len(entries) < 1 else f"improper {what} list")
    if "" in entries:
        raise UsageError(f"improper {what} list")
    return entries


def parse_format(text: str) -> list[Shown]:
    """``pid,user:20,comm=NAME`` or AIX's ``%p %U``. Raises UsageError."""
    try:
        return [column for entry in split_list(text, "format") for column in _entry(entry)]
    except UsageError:
        if "%" not in text:
            raise
    return _aix(text)


def _entry(entry: str) -> list[Shown]:
    name, equals, header = entry.partition("=")
    name, colon, digits = name.partition(":")
    if name not in FIELDS and name not in MACROS:
        raise UsageError(f'unknown user-defined format specifier "{name}"')
    if colon and not re.fullmatch("[1-9][0-9]*", digits, re.ASCII):
        raise UsageError("column widths must be unsigned decimal numbers")
    heading = header if equals else None
    if name in MACROS:
        if colon:
            raise UsageError("can not set width for a macro (multi-column) format specifier")
        return [shown(each, heading) for each in MACROS[name].split(",")]
    return [shown(name, heading, min(int(digits or 0), 1 << 17))]


def _aix(text: str) -> list[Shown]:
    if not re.fullmatch(r"[^%]? *(%(.| *$)? *)*", text, re.DOTALL):
        raise UsageError("improper AIX field descriptor")
    columns: list[Shown] = []
    for piece in re.split(r"(%.?)", text, flags=re.DOTALL):
        letter = piece[1:]
        if not piece.startswith("%"):
            columns += [_literal(piece)] if piece else []
        elif letter in {"", "%", " "}:
            raise UsageError("missing AIX field descriptor")
        elif letter not in _LETTERS:
            raise UsageError("unknown AIX field descriptor")
        else:
            columns.append(shown(_LETTERS[letter]))
    return columns if columns[-1].joint else [*columns, _literal("")]


def _literal(text: str) -> Shown:
    field = empty("", text, len(text), LEFT)._replace(missing=text)
    return Shown("", field, text, len(text), joint=True)


class Modifiers(NamedTuple):
    """Options that change a ready-made list; ``own``: one that a personality has in place of System V's,
    of which -F, -P and BSD's times know nothing."""

    full: bool = False
    extra_full: bool = False
    jobs: bool = False
    scheduling: bool = False
    no_flags: bool = False
    processor: bool = False
    label: bool = False
    threads: str = ""
    bsd: bool = False
    own: bool = False


def system_v(names: Sequence[str], options: Modifiers) -> list[str]:
    """A System V list with -F, -y, -j, -L, -T, -P, -c and -M applied."""
    found = list(names)
    if options.bsd and not options.own and "time" in found:
        place = found.index("time")
        found[place : place + 1] = ["bsdtime"] if "s" in found else ["stat", "bsdtime"]
        found = ["cmd" if name == "ucmd" else name for name in found]
    if options.no_flags:
        found = [
            "rss" if name in {"addr", "addr_1", "sgi_p"} else name
            for name in found
            if name not in {"f", "flags", ":", "sgi_rss"}
        ]
    if options.extra_full and not options.own:
        found = _extra_full(found)
    return modified(found, options, scheduling=True)


def _extra_full(names: list[str]) -> list[str]:
    """-F: SZ, RSS and PSR before STIME, unless there."""
    added = [name for name in ("sz", "rss", "psr") if name not in names]
    place = names.index("stime") if "stime" in names else len(names) - 1
    return [*names[:place], *added, *names[place:]]


def modified(names: list[str], options: Modifiers, scheduling: bool = False) -> list[str]:
    """-j, -L, -T, -P, -c and -M applied to a list."""
    found = list(names)
    if options.jobs:
        _after(found, ("ppid", "pid"), ["pgid", "sid"])
    if options.threads == "T":
        _after(found, ("pid",), ["spid"])
    if options.processor and scheduling and not options.own:
        if "psr" in found:
            found.remove("psr")
        _after(found, ("sess", "sid", "pgid", "ppid", "spid", "pid"), ["psr"])
    if options.threads == "L":
        _after(found, ("sess", "sid", "pgid", "ppid", "pid"), ["lwp"])
        if not options.own:
            _with_thread_count(found, options)
    if options.scheduling:
        found = _scheduling(found, options.own)
    return ["label", *found] if options.label else found


def _with_thread_count(names: list[str], options: Modifiers) -> None:
    """NLWP, where the list tells of the CPU and is a full one."""
    for name in ("c", "pcpu"):
        if name in names and (options.full or name == "pcpu"):
            names.insert(names.index(name) + 1, "nlwp")
            return


def _after(names: list[str], anchors: Iterable[str], added: list[str]) -> None:
    """Puts ``added`` after the first of ``anchors`` that is there."""
    for anchor in anchors:
        if anchor in names:
            place = names.index(anchor) + 1
            names[place:place] = added
            return


def _scheduling(names: list[str], own: bool) -> list[str]:
    """-c: CLS and PRI in place of C, PRI and NI. Raises CommandError where there is no place for them."""
    if "nlwp" in names and "c" in names:  # the thread count changes places with C
        names = [name for name in names if name != "nlwp"]
        names.insert(names.index("c"), "nlwp")
    for anchor in ("c", "opri", "priority") if own else ("c", "opri", "priority", "tname"):
        if anchor in names:
            place = names.index(anchor)
            kept = [
                name
                for name in names[place:]
                if name not in {"c", "opri", "pri", "priority", "ni", "nice"}
            ]
            return [*names[:place], "class", "pri", *kept]
    raise CommandError("internal error: no PRI for -c option", program="ps")
