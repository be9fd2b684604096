"""All fields of processes by name: those of ps(1), and those of other systems, which are always ``-``."""

from sysutils import core
from sysutils.cli.fields.process import LEFT, RIGHT, Field, empty
from sysutils.cli.fields.process_command import COMMANDS
from sysutils.cli.fields.process_ids import IDS
from sysutils.cli.fields.process_memory import MEMORY
from sysutils.cli.fields.process_state import STATES
from sysutils.cli.fields.process_times import TIMES_FIELDS

#: name, heading, width; a width below zero: stands left
_FOREIGN = """
acflag ACFLG 5, acflg ACFLG 5, addr ADDR 4, addr_1 ADDR -1, alarm ALARM 5, argc ARGC 4, bnd BND -1,
cmaj_flt - -1, cmin_flt - -1, cnswap - -1, cpu CPU 3, ctid CTID 5, cursig CURSIG 6, cutime - -1,
cwd CWD -3, emul EMUL -13, end_code E_CODE 16, environ ENVIRONMENT -11, inblk INBLK 5, inblock INBLK 5,
jobc JOBC 4, ktrace KTRACE 8, ktracep KTRACEP 8, login LOGNAME -8, logname LOGNAME -8, luser LUSER -8,
m_dt DT 4, m_lrs LRS 5, m_resident RES 5, m_share SHRD 5, m_swap SWAP 5, msgrcv MSGRCV 6,
msgsnd MSGSND 6, mwchan MWCHAN -6, nivcsw IVCSW 5, nsignals NSIGS 5, nsigs NSIGS 5, nswap NSWAP 5,
nvcsw VCSW 5, nwchan WCHAN 6, osz SZ -2, oublk OUBLK 5, oublock OUBLK 5, p_ru P_RU 6, paddr PADDR 6,
poip - -1, prmgrp PRMGRP 12, prmid PRMID 12, project PROJECT -12, projid PROJID 5, pset PSET 4,
psxpri PPR 3, re RE 3, resident RES 5, rlink RLINK 8, scnt SCNT 4, scount SC 4, share - -1, sl SL 3,
start_code S_CODE 16, status STATUS 6, systime SYSTEM 6, taskid TASKID 6, tdev TDEV 4, timeout TMOUT 5,
tmout TMOUT 5, tsess TSESS 5, tsession TSESS 5, tsid TSID 5, u_procp UPROCP 6, umask UMASK 5, upr UPR 3,
uprocp UPROCP 8, usertime USER 4, usrpri UPR 3, utime UTIME 6, vm_data DATA 5, vm_exe EXE 5,
vm_lib LIB 5, vm_lock LCK 3, vm_stack STACK 5, xstat XSTAT 5, zoneid ZONEID 31
"""


def _foreign() -> dict[str, Field]:
    fields = {}
    for entry in _FOREIGN.replace("\n", " ").split(","):
        name, header, width = entry.split()
        size = int(width)
        fields[name] = empty(name, header, abs(size), LEFT if size < 0 else RIGHT)
    return fields


def here(field: Field) -> Field:
    """The field as this system can tell it."""
    if core.LINUX:
        return field
    from sysutils.cli.fields.process_elsewhere import guarded

    return guarded(field)


_ALL = {**_foreign(), **IDS, **COMMANDS, **STATES, **TIMES_FIELDS, **MEMORY}
#: name or alias -> field; ``known`` tells those with values
FIELDS: dict[str, Field] = (
    _ALL if core.LINUX else {name: here(field) for name, field in _ALL.items()}
)
