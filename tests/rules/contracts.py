"""For mypy, not to be run: each system's modules offer what the library expects, and users see types."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sys

    from typing_extensions import assert_type

    import sysutils.core as psutil
    from sysutils.core import _contract
    from sysutils.core._ntuples import sdiskpart, suser

    if sys.platform == "linux":
        from sysutils.core.linux import cpu, disk, facts, host, mem, net, process, records
        from sysutils.core.linux.ntuples import scputimes

        _cpu: _contract.Cpu = cpu
        _disk: _contract.Disk = disk
        _facts: _contract.Facts = facts
        _host: _contract.Host = host
        _mem: _contract.Mem = mem
        _net: _contract.NetTables = net
        _processes: _contract.Processes = process
        _records: _contract.Records = records

        assert_type(psutil.Process().name(), str)
        assert_type(psutil.Process().cpu_times().user, float)
        assert_type(psutil.cpu_times(), scputimes)
        assert_type(psutil.cpu_times(percpu=True), list[scputimes])
        assert_type(psutil.cpu_times_percent(0.1).iowait, float)
        assert_type(psutil.virtual_memory().slab, int)
        assert_type(psutil.meminfo(), dict[str, int])

    if sys.platform == "freebsd":
        from sysutils.core.freebsd import cpu as bsd_cpu
        from sysutils.core.freebsd import disk as bsd_disk
        from sysutils.core.freebsd import facts as bsd_facts
        from sysutils.core.freebsd import host as bsd_host
        from sysutils.core.freebsd import mem as bsd_mem
        from sysutils.core.freebsd import process as bsd_process
        from sysutils.core.freebsd import records as bsd_records

        _bsd_cpu: _contract.Cpu = bsd_cpu
        _bsd_disk: _contract.Disk = bsd_disk
        _bsd_facts: _contract.Facts = bsd_facts
        _bsd_host: _contract.Host = bsd_host
        _bsd_mem: _contract.Mem = bsd_mem
        _bsd_processes: _contract.Processes = bsd_process
        _bsd_records: _contract.Records = bsd_records

        assert_type(psutil.virtual_memory().wired, int)
        assert_type(psutil.cpu_times().irq, float)

    if sys.platform == "aix":
        from sysutils.core.aix import facts as aix_facts
        from sysutils.core.aix import host as aix_host
        from sysutils.core.aix import process as aix_process
        from sysutils.core.aix import records as aix_records

        _aix_facts: _contract.Facts = aix_facts
        _aix_host: _contract.Host = aix_host
        _aix_processes: _contract.Processes = aix_process
        _aix_records: _contract.Records = aix_records

    if sys.platform == "darwin":
        from sysutils.core.darwin import cpu as mac_cpu
        from sysutils.core.darwin import disk as mac_disk
        from sysutils.core.darwin import facts as mac_facts
        from sysutils.core.darwin import host as mac_host
        from sysutils.core.darwin import mem as mac_mem
        from sysutils.core.darwin import net as mac_net
        from sysutils.core.darwin import process as mac_process
        from sysutils.core.darwin import records as mac_records

        _mac_cpu: _contract.Cpu = mac_cpu
        _mac_disk: _contract.Disk = mac_disk
        _mac_facts: _contract.Facts = mac_facts
        _mac_host: _contract.Host = mac_host
        _mac_mem: _contract.Mem = mac_mem
        _mac_net: _contract.Net = mac_net
        _mac_process: _contract.Processes = mac_process
        _mac_records: _contract.Records = mac_records

        assert_type(psutil.Process().cpu_times().user, float)
        assert_type(psutil.Process().memory_info().pageins, int)
        assert_type(psutil.virtual_memory().wired, int)

    if sys.platform == "win32":
        from sysutils.core.windows import cpu, disk, facts, heap, host, mem, net, process, records
        from sysutils.core.windows.ntuples import pmem, scputimes

        _cpu: _contract.Cpu = cpu
        _disk: _contract.Disk = disk
        _facts: _contract.Facts = facts
        _heap: _contract.Heap = heap
        _host: _contract.Host = host
        _mem: _contract.Mem = mem
        _net: _contract.Net = net
        _processes: _contract.Processes = process
        _records: _contract.Records = records

        assert_type(psutil.Process().memory_info(), pmem)
        assert_type(psutil.Process().num_handles(), int)
        assert_type(psutil.cpu_times(), scputimes)
        assert_type(psutil.cpu_times_percent(0.1).dpc, float)
        assert_type(psutil.win_service_get("x").name(), str)

    assert_type(psutil.cpu_percent(), float)
    assert_type(psutil.cpu_percent(percpu=True), list[float])
    assert_type(psutil.cpu_percent(0.1, True), list[float])
    assert_type(psutil.cpu_count(), int | None)
    assert_type(psutil.virtual_memory().available, int)
    assert_type(psutil.swap_memory().percent, float)
    assert_type(psutil.disk_partitions(), list[sdiskpart])
    assert_type(psutil.disk_usage("/", timeout=1).free, int)
    assert_type(psutil.users(), list[suser])
    assert_type(psutil.boot_time(), float)
    assert_type(psutil.STATUS_RUNNING.upper(), str)
    assert_type(psutil.NoSuchProcess(1).pid, int)
    assert_type(psutil.AccessDenied().pid, int | None)
    assert_type(psutil.LINUX, bool)
    psutil.nonsense  # type: ignore[attr-defined]  # noqa: B018  # what is missing is an error here too
