"""What takes more than a look at a process: its memory by kind, its threads, its files."""

import os
import stat

from sysutils.core._ntuples import pthread
from sysutils.core.darwin import libproc, mach, results
from sysutils.core.darwin.host import page_size
from sysutils.core.darwin.ntuples import pfootprint, pfullmem, pio, pmem_ex, popenfile
from sysutils.core.darwin.pid_records import PidRecords, of_thread, thread_handles


def memory_footprint(records: PidRecords) -> pfootprint:
    """``(uss,)``: bytes that the process alone uses (``mach_vm_region``). Needs the rights of a debugger."""
    records.raise_if_zombie()
    with mach.Task(records.tgid) as task:
        return pfootprint(task.private_pages() * page_size())


def memory_full_info(records: PidRecords) -> pfullmem:
    """``memory_info`` and ``uss``, the bytes that the process alone uses. Needs the rights of a debugger."""
    return pfullmem(*results.memory_info(records), *memory_footprint(records))


def memory_info_ex(records: PidRecords) -> pmem_ex:
    """``memory_info``, the highest ``rss``, and memory by kind in bytes (``task_info``, ``proc_pid_rusage``).

    Needs the rights of a debugger."""
    basic = results.memory_info(records)
    with mach.Task(records.tgid) as task:
        found = task.memory()
    return pmem_ex(
        *basic, found.resident_size_peak, found.internal, found.external, records.rusage.ri_wired_size,
        found.compressed, found.phys_footprint,
    )  # fmt: skip


def io_counters(records: PidRecords) -> pio:
    """``(read_bytes, write_bytes)`` of disks, of a process as a whole (``proc_pid_rusage``).

    Needs the owner's rights."""
    found = records.rusage
    return pio(found.ri_diskio_bytesread, found.ri_diskio_byteswritten)


def threads(records: PidRecords) -> list[pthread]:
    """``[(id, user_time, system_time), …]`` in seconds; ``id`` counts from 1 (``proc_pidinfo``).

    Needs the owner's rights."""
    records.raise_if_zombie()
    rows = []
    for number, handle in enumerate(thread_handles(records.tgid), 1):
        try:
            found = of_thread(records.tgid, handle).threadinfo
        except ProcessLookupError:
            continue  # it ended meanwhile
        rows.append(pthread(number, found.pth_user_time / 1e9, found.pth_system_time / 1e9))
    return rows


def open_files(records: PidRecords) -> list[popenfile]:
    """Regular files that are open: ``[(path, fd), …]`` (``proc_pidinfo``). Needs the owner's rights."""
    records.raise_if_zombie()
    rows = []
    for one in libproc.descriptors(records.tgid):
        if one.proc_fdtype != libproc.PROX_FDTYPE_VNODE:
            continue
        try:
            found = libproc.of_descriptor(
                records.tgid, one.proc_fd, libproc.PROC_PIDFDVNODEPATHINFO,
                libproc.vnode_fdinfowithpath,
            )  # fmt: skip
        except OSError:
            continue  # closed meanwhile, or of a file that is gone
        if found.pvip.vip_path and stat.S_ISREG(found.pvip.vip_vi.vi_stat.vst_mode):
            rows.append(popenfile(os.fsdecode(found.pvip.vip_path), one.proc_fd))
    return rows
