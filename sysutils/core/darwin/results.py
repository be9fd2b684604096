"""Facts about a process on macOS in psutil's tuples and constants: pure functions of its records."""

from sysutils.core._enums import ProcessStatus
from sysutils.core._ntuples import pctxsw, pgids, puids
from sysutils.core.darwin import facts, kinfo
from sysutils.core.darwin.ntuples import pcputimes, pmem, ppagefaults
from sysutils.core.darwin.pid_records import PidRecords

STATES = {
    kinfo.SIDL: ProcessStatus.STATUS_IDLE,
    kinfo.SRUN: ProcessStatus.STATUS_RUNNING,
    kinfo.SSLEEP: ProcessStatus.STATUS_SLEEPING,
    kinfo.SSTOP: ProcessStatus.STATUS_STOPPED,
    kinfo.SZOMB: ProcessStatus.STATUS_ZOMBIE,
}


def status(records: PidRecords) -> str:
    """One of the ``STATUS_*`` constants (sysctl); ``"?"`` for a number nobody knows."""
    return STATES.get(records.kinfo.kp_proc.p_stat, "?")


def uids(records: PidRecords) -> puids:
    """``(real, effective, saved)`` user ids (sysctl)."""
    known = records.kinfo.kp_eproc
    return puids(known.e_pcred.p_ruid, known.e_ucred.cr_uid, known.e_pcred.p_svuid)


def gids(records: PidRecords) -> pgids:
    """``(real, effective, saved)`` group ids (sysctl)."""
    known = records.kinfo.kp_eproc
    return pgids(known.e_pcred.p_rgid, known.e_ucred.cr_groups[0], known.e_pcred.p_svgid)


def cpu_times(records: PidRecords) -> pcputimes:
    """``(user, system, children_user, children_system)`` in seconds; the last two are 0 (``proc_pidinfo``).

    Needs the owner's rights."""
    return pcputimes(facts.user_seconds(records), facts.system_seconds(records), 0.0, 0.0)


def memory_info(records: PidRecords) -> pmem:
    """``(rss, vms, pfaults, pageins)``: bytes, numbers of page faults (``proc_pidinfo``).

    Needs the owner's rights."""
    found = records.taskinfo
    return pmem(
        found.pti_resident_size, found.pti_virtual_size, found.pti_faults, found.pti_pageins
    )


def page_faults(records: PidRecords) -> ppagefaults:
    """``(minor, major)`` since the process was started (``proc_pidinfo``). Needs the owner's rights."""
    return ppagefaults(facts.minflt(records), facts.majflt(records))


def num_ctx_switches(records: PidRecords) -> pctxsw:
    """``(voluntary, involuntary)``: the first is all of them, the second 0 (``proc_pidinfo``).

    Needs the owner's rights."""
    return pctxsw(records.taskinfo.pti_csw, 0)
