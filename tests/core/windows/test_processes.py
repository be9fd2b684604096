"""Processes of Windows above stand-in libraries: ordinary, largest, cut off, growing, forbidden, gone."""

from __future__ import annotations

import ctypes
import struct
from typing import Any

import pytest

from tests.core.windows.machine import BOOTED, DENIED, MACHINE, Machine, Proc, running

pytestmark = pytest.mark.skipif(
    ctypes.sizeof(ctypes.c_void_p) != 8, reason="the stand-ins lay out 64-bit structures"
)


def test_every_process() -> None:
    with running(Machine()) as core:
        assert core.pids() == [0, 4, 100, 200, 300]
        names = {process.pid: process.name() for process in core.process_iter()}
    assert names == {
        0: "System Idle Process", 4: "System", 100: "services.exe", 200: "shell.exe", 300: "käse☃.exe",
    }  # fmt: skip


def test_a_table_is_one_look() -> None:
    machine = Machine()
    fields = [
        "pid",
        "ppid",
        "comm",
        "num_threads",
        "num_handles",
        "status",
        "cpu_seconds",
        "memory_rss",
    ]
    with running(machine) as core:
        rows = [tuple(row) for row in core.process_table(fields)]
    assert rows[3:] == [
        (200, 100, "shell.exe", 2, 42, "running", 2.0, 4096),
        (300, 200, "käse☃.exe", 2, 42, "stopped", 2.0, 4096),
    ]
    assert machine.calls == ["NtQuerySystemInformation"]


@pytest.mark.parametrize("times", [1, 2, 5])
def test_the_table_grows_between_two_tries(times: int) -> None:
    machine = Machine()
    machine.grows[5] = times
    with running(machine) as core:
        assert len(core.pids()) == len(MACHINE)
    assert machine.calls.count("NtQuerySystemInformation") == times + 1


def test_thousands() -> None:
    machine = Machine(*(Proc(4 * place, threads=((place, 5, 6),) * 9) for place in range(1, 4001)))
    with running(machine) as core:
        assert core.pids() == [4 * place for place in range(1, 4001)]


def test_names_of_any_letters() -> None:
    with running(Machine(Proc(8, name="\ud800x" + "y" * 300 + ".exe"))) as core:
        assert core.Process(8).name() == "\ud800x" + "y" * 300 + ".exe"


@pytest.mark.parametrize("cut", [0, 1, 255, 256, 300, 700])
def test_a_look_that_is_cut_off_ends_there(cut: int) -> None:
    room = ctypes.create_string_buffer(8192)
    with running(Machine()):
        from sysutils.core.windows import snapshot

        data = Machine().look(ctypes.addressof(room))
        entries = list(snapshot.parse_processes(data[:cut], ctypes.addressof(room)))
        whole = list(snapshot.parse_processes(data, ctypes.addressof(room)))
    assert [entry.pid for entry in entries] == [entry.pid for entry in whole][: len(entries)]
    assert all(len(entry.threads) <= entry.told.NumberOfThreads for entry in entries)
    assert len(entries) == (0 if cut < 256 else 1 if cut < 344 + 256 else 2)


OWN = {
    "ppid": 100, "name": "shell.exe", "exe": "C:\\bin\\shell.exe", "cmdline": ["app.exe", "a b"],
    "create_time": BOOTED + 60.0, "num_threads": 2, "num_handles": 42, "status": "running", "nice": 0x20,
}  # fmt: skip


@pytest.mark.parametrize("method", OWN)
def test_one_that_lets_us_look(method: str) -> None:
    with running(Machine()) as core:
        assert getattr(core.Process(200), method)() == OWN[method]


def test_tuples() -> None:
    with running(Machine()) as core:
        process = core.Process(200)
        memory = (4096, 6000, 70, 8192, 4096, 5, 4, 3, 2, 6000, 7000, 6001)
        assert process.memory_info() == memory
        with process.oneshot():
            assert process.memory_info() == memory
        assert process.cpu_times() == (1.5, 0.5, 0.0, 0.0)
        assert process.io_counters() == (1, 2, 11, 22, 3, 33)
        assert process.num_ctx_switches() == (20, 0)
        assert process.threads() == [(201, 1.0, 2.0), (202, 1.0, 2.0)]
        assert process.page_faults() == (50, 20)
        assert core.Process(300).status() == core.STATUS_STOPPED


#: what is told of a process that we may not open, by the look at all
FORBIDDEN = {
    "ppid": 4, "name": "services.exe", "create_time": BOOTED + 60.0, "num_threads": 1, "num_handles": 42,
    "cpu_times": (1.5, 0.5, 0.0, 0.0), "io_counters": (1, 2, 11, 22, 3, 33), "exe": "C:\\bin\\services.exe",
}  # fmt: skip


@pytest.mark.parametrize("method", FORBIDDEN)
def test_one_that_lets_nobody_look(method: str) -> None:
    with running(Machine()) as core:
        assert getattr(core.Process(100), method)() == FORBIDDEN[method]


@pytest.mark.parametrize(
    "method", ["cmdline", "environ", "cwd", "nice", "memory_maps", "kill", "suspend", "username"]
)
def test_what_is_forbidden(method: str) -> None:
    with running(Machine()) as core:
        process = core.Process(100)
        with pytest.raises(core.AccessDenied) as caught:
            getattr(process, method)()
        assert caught.value.pid == 100


@pytest.mark.parametrize("pid", [0, 4])
def test_the_kernel_s_own(pid: int) -> None:
    with running(Machine()) as core:
        process = core.Process(pid)
        assert process.cmdline() == []
        assert process.username() == "NT AUTHORITY\\SYSTEM"
        assert process.parent() is None
        for method in ("kill", "cwd"):
            with pytest.raises(core.AccessDenied):
                getattr(process, method)()


@pytest.mark.parametrize("gone", ["no process", "ended, with a handle of it open"])
@pytest.mark.parametrize("method", [*OWN, "memory_info", "cpu_times", "kill", "suspend", "threads"])
def test_one_that_is_gone(method: str, gone: str) -> None:
    machine = Machine()
    with running(machine) as core:
        process = core.Process(200)
        process.name()
        if gone == "no process":
            del machine.processes[200]
        else:
            machine.processes[200] = machine.processes[200]._replace(exit_code=3)
            if method in {"num_threads", "status", "threads"}:
                return  # the look at all has no entry for it then
        if method == "create_time":
            assert process.create_time() == BOOTED + 60.0
            return
        with pytest.raises(core.NoSuchProcess):
            getattr(process, method)()
        assert not process.is_running()


def test_a_reused_pid_is_not_hit() -> None:
    machine = Machine()
    with running(machine) as core:
        process = core.Process(200)
        machine.processes[200] = machine.processes[200]._replace(created=7)
        for method in ("kill", "terminate", "suspend", "resume"):
            with pytest.raises(core.NoSuchProcess, match="reused"):
                getattr(process, method)()
        assert "TerminateProcess" not in machine.calls


def test_kill_and_wait() -> None:
    machine = Machine()
    with running(machine) as core:
        process = core.Process(200)
        with pytest.raises(core.TimeoutExpired):
            process.wait(0.01)
        process.kill()
        assert process.wait(1) == 15
        assert not core.pid_exists(200)
        with pytest.raises(ValueError, match="SIGTERM, CTRL_C_EVENT and CTRL_BREAK_EVENT"):
            core.Process(300).send_signal(9)


def test_relatives() -> None:
    with running(Machine()) as core:
        assert [child.pid for child in core.Process(100).children(recursive=True)] == [200, 300]
        assert [parent.pid for parent in core.Process(300).parents()] == [200, 100, 4]


def _block(wide: bool, directory: str, command: str, environment: bytes) -> dict[int, bytes]:
    """Memory of a process: PEB at 0x5000, parameters at 0x6000, texts at 0x8000."""
    parameters = bytearray(0x400)
    cwd, line = directory.encode("utf-16-le"), command.encode("utf-16-le")
    places = (0x38, 0x70, 0x80, "<HH4xQ", "<Q") if wide else (0x24, 0x40, 0x48, "<HHI", "<I")
    struct.pack_into(places[3], parameters, places[0], len(cwd), len(cwd), 0x8000)
    struct.pack_into(places[3], parameters, places[1], len(line), len(line), 0x8400)
    struct.pack_into(places[4], parameters, places[2], 0x8800)
    peb = bytearray(0x40)
    struct.pack_into(places[4], peb, 0x20 if wide else 0x10, 0x6000)
    texts = cwd.ljust(0x400, b"\0") + line.ljust(0x400, b"\0") + environment
    return {0x5000: bytes(peb), 0x6000: bytes(parameters), 0x8000: texts}


ENVIRONMENT = "=C:=C:\\dir\0Path=C:\\x\0lower=käse=☃\0empty=\0\0".encode("utf-16-le")


@pytest.mark.parametrize("wide", [True, False], ids=["64 bits", "32 bits"])
def test_what_a_process_keeps_in_its_memory(wide: bool) -> None:
    machine = Machine()
    machine.memory = _block(wide, "C:\\dir\\", 'x.exe "1 2" ☃', ENVIRONMENT.ljust(0x800, b"\0"))
    machine.information[26] = struct.pack("<Q", 0 if wide else 0x5000)
    with running(machine) as core:
        process = core.Process(200)
        assert process.cwd() == "C:\\dir"
        assert process.environ() == {"PATH": "C:\\x", "LOWER": "käse=☃", "EMPTY": ""}


def test_a_root_keeps_its_separator() -> None:
    machine = Machine()
    machine.memory = _block(True, "C:\\", "", b"\0" * 0x800)
    machine.information[26] = bytes(8)
    with running(machine) as core:
        assert core.Process(200).cwd() == "C:\\"
        assert core.Process(200).environ() == {}


def test_old_systems_tell_the_command_line_in_memory_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine()
    machine.memory = _block(True, "", 'old.exe "a b"', b"\0" * 0x800)
    machine.information[26] = bytes(8)
    libraries: Any = machine.libraries()
    whole = type(libraries["ntdll"]).NtQueryInformationProcess

    def without(self: Any, handle: int, kind: int, *rest: Any) -> int:
        return 0xC0000003 if kind == 60 else whole(self, handle, kind, *rest)

    monkeypatch.setattr(type(libraries["ntdll"]), "NtQueryInformationProcess", without)
    with running(machine) as core:
        assert core.Process(200).cmdline() == ["old.exe", "a b"]


def test_memory_that_ends_is_no_error() -> None:
    machine = Machine()
    machine.memory = _block(True, "", "", ENVIRONMENT[:-4].ljust(0x800, b"x"))
    machine.information[26] = bytes(8)
    with running(machine) as core:
        assert core.Process(200).environ()["PATH"] == "C:\\x"
        machine.memory.pop(0x6000)
        with pytest.raises(core.AccessDenied):
            core.Process(200).environ()


def test_a_status_is_told_as_an_error_of_windows() -> None:
    machine = Machine()
    machine.fails["NtQuerySystemInformation"] = DENIED
    with running(machine) as core, pytest.raises(PermissionError):
        core.pids()
