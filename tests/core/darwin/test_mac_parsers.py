"""Parsers of macOS on bytes that a compiler made of the real headers, for both processors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils.core.darwin import disk, host, interfaces, kinfo, libproc, mach, mem, sockets
from sysutils.core.darwin.pid_records import parse_arguments
from tests.abi.pinned import fixture
from tests.support.mac import LIKE_A_MAC
from tests.support.mac_addresses import link

pytestmark = [
    pytest.mark.parametrize("target", ["x86_64-macos", "aarch64-macos"]),
    pytest.mark.skipif(not LIKE_A_MAC, reason="a Mac has 64 bits, the lowest first"),
]


def of(target: str, name: str, kind):
    return kind.from_buffer_copy(fixture(target, name))


def test_kinfo_proc(target: str) -> None:
    found = of(target, "kinfo_proc", kinfo.kinfo_proc)
    inner, outer = found.kp_proc, found.kp_eproc
    assert (inner.p_pid, inner.p_comm, inner.p_nice, inner.p_stat) == (4242, b"python3.12", -5, 2)
    assert (inner.p_starttime.tv_sec, inner.p_starttime.tv_usec) == (1700000000, 250000)
    assert (inner.p_sigignore, inner.p_sigcatch, inner.p_flag) == (0x1001, 0x4002, 6)
    assert (outer.e_ppid, outer.e_pgid, outer.e_tpgid, outer.e_tdev) == (77, 4200, 4242, 0x10000003)
    assert (outer.e_pcred.p_ruid, outer.e_pcred.p_svuid, outer.e_ucred.cr_uid) == (501, 502, 0)
    assert (outer.e_pcred.p_rgid, outer.e_pcred.p_svgid, outer.e_ucred.cr_groups[:3]) == (
        20, 21, [80, 12, 20],
    )  # fmt: skip


def test_tasks_and_threads(target: str) -> None:
    task = of(target, "proc_taskinfo", libproc.proc_taskinfo)
    assert (task.pti_virtual_size, task.pti_resident_size) == (35000000000, 52428800)
    assert (task.pti_csw, task.pti_threadnum, task.pti_numrunning) == (777, 2, 1)
    thread = of(target, "proc_threadinfo", libproc.proc_threadinfo)
    assert (thread.pth_name, thread.pth_run_state) == (b"worker", libproc.TH_STATE_WAITING)
    used = of(target, "rusage_info_v4", libproc.rusage_info_v4)
    assert (used.ri_diskio_bytesread, used.ri_lifetime_max_phys_footprint) == (1048576, 99)


def test_files(target: str) -> None:
    found = of(target, "file", libproc.vnode_fdinfowithpath)
    told = found.pvip.vip_vi.vi_stat
    assert (found.pvip.vip_path, told.vst_mode, told.vst_size) == (
        b"/Users/me/notes.txt",
        0o100644,
        123456,
    )
    where = of(target, "proc_vnodepathinfo", libproc.proc_vnodepathinfo)
    assert (where.pvi_cdir.vip_path, where.pvi_rdir.vip_path) == (b"/Users/me", b"")


def test_sockets(target: str) -> None:
    def told(name: str):
        found = of(target, name, libproc.socket_fdinfo).psi
        return sockets.protocol_of(found), *sockets.addresses(found)

    assert told("tcp_listen") == ("tcp", ("127.0.0.1", 8080), ("0.0.0.0", 0), "LISTEN", 10)
    assert told("tcp6_established") == (
        "tcp6", ("2001:db8::1", 443), ("2001:db8::2", 51234), "ESTABLISHED", 1,
    )  # fmt: skip
    assert told("udp") == ("udp", ("0.0.0.0", 5353), ("0.0.0.0", 0), "NONE", 7)
    unix = of(target, "unix_stream", libproc.socket_fdinfo).psi
    assert sockets.protocol_of(unix) == "unix"
    other = of(target, "route_socket", libproc.socket_fdinfo).psi
    assert sockets.protocol_of(other) == ""


def test_interfaces(target: str) -> None:
    loop, ethernet = interfaces.parse_list(fixture(target, "interfaces"))
    assert (loop.name, loop.flags, loop.address) == ("lo0", 0x8049, b"")
    assert (ethernet.name, ethernet.address.hex()) == ("en0", "02fc00000001")
    assert ethernet.head.ifm_data.ifi_ibytes == 7_000_000_000


def test_figures(target: str) -> None:
    pages = mach.vm_statistics64.from_buffer_copy(fixture(target, "vm_statistics64"))
    assert (pages.free_count, pages.external_page_count) == (10000, 120000)
    task = mach.task_vm_info.from_buffer_copy(fixture(target, "task_vm_info"))
    assert task.phys_footprint == 46000000
    load = of(target, "cpu_load", mach.host_cpu_load_info)
    assert load.cpu_ticks[mach.CPU_STATE_IDLE] == 8000
    swap = of(target, "swap", mem.xsw_usage)
    assert (swap.xsu_total, swap.xsu_avail, swap.xsu_used) == (2 << 30, 3 << 29, 1 << 29)
    average = of(target, "loadavg", host.loadavg_struct)
    assert (average.ldavg[0], average.fscale) == (3072, 2048)


def test_mounts_and_sessions(target: str) -> None:
    root, devices, _ = of(target, "statfs", disk.mounted * 3)
    assert (root.f_mntfromname, root.f_mntonname, root.f_fstypename) == (
        b"/dev/disk3s1s1",
        b"/",
        b"apfs",
    )
    assert disk.options(devices.f_flags) == "rw,nosuid,dontbrowse"
    _, console, _ = of(target, "utmpx", host.utmpx * 3)
    assert (console.ut_user, console.ut_line, console.ut_pid) == (b"me", b"console", 120)
    assert console.ut_type == host.USER_PROCESS


class TestAnything:
    @given(data=st.binary(max_size=400))
    def test_interfaces(self, target: str, data: bytes) -> None:
        for row in interfaces.parse_list(data):
            assert isinstance(row.name, str)

    @given(data=st.binary(max_size=200))
    def test_arguments(self, target: str, data: bytes) -> None:
        arguments, environment = parse_arguments(data)
        assert all(isinstance(word, bytes) for word in arguments + environment)

    @given(
        words=st.lists(st.binary(min_size=1).filter(lambda word: 0 not in word), min_size=1),
        environment=st.lists(st.binary(min_size=1).filter(lambda word: 0 not in word)),
    )
    def test_arguments_come_back(self, target: str, words, environment) -> None:
        data = len(words).to_bytes(4, "little") + b"/bin/x\0\0\0"
        data += b"".join(word + b"\0" for word in [*words, *environment]) + b"\0rest\0"
        assert parse_arguments(data) == (words, environment)


def test_hardware_addresses(target: str) -> None:
    message = fixture(target, "interfaces")[180:]
    data = message[:160] + link(b"bridge100", b"\x0a\x0b")
    data = len(data).to_bytes(2, "little") + data[2:]
    (row,) = interfaces.parse_list(data)
    assert (row.name, row.address) == ("bridge100", b"\x0a\x0b")
