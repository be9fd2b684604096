"""Processes of macOS, above a C library that tests make."""

from __future__ import annotations

import errno
import os
import signal

import pytest

from sysutils.core.darwin import kinfo
from tests.support.mac import NODEV, OTHER, Proc, plain_file


def test_pids(made) -> None:
    assert made.core.pids() == sorted([0, 1, 300, 400, 401, 500, os.getpid()])
    assert made.core.pid_exists(400)
    assert made.core.pid_exists(401)  # a zombie
    assert made.core.pid_exists(0)
    assert not made.core.pid_exists(399)


def test_a_kernel_that_the_list_leaves_out(made, monkeypatch) -> None:
    every = made.mac._place

    def without(numbers):
        data = every(numbers)
        size = 648
        return data[:-size] if numbers[:3] == (1, 14, 0) else data

    monkeypatch.setattr(made.mac, "_place", without)
    assert 0 in made.core.pids()
    del made.mac.processes[0]
    monkeypatch.setattr(made.mac, "_place", every)
    assert 0 not in made.core.pids()


def test_what_everybody_may_know(made) -> None:
    found = made.core.Process(500)
    assert (found.name(), found.ppid(), found.status()) == ("mDNSResponder", 1, "running")
    assert found.uids() == (OTHER, OTHER, 502)
    assert found.gids() == (20, 80, 21)
    assert found.terminal() is None
    assert found.create_time() == 1_700_000_000.25
    assert found.state() == "R"
    assert found.groups() == [80, 12, 20]
    assert made.core.Process(400).terminal() == "/dev/ttys003"
    assert made.core.Process(400).session() == 400


def test_username(made) -> None:
    assert made.core.Process(1).username() == "root"
    made.mac.processes[500].kinfo.kp_eproc.e_pcred.p_ruid = 4_000_000_000
    assert made.core.Process(500).username() == "4000000000"


def test_what_the_owner_may_know(made) -> None:
    found = made.core.Process(400)
    assert found.cmdline() == ["python3", "server.py", "--port", "8080"]
    assert found.environ() == {"HOME": "/Users/me", "A": "b=c"}
    assert found.exe() == "/usr/bin/python3"
    assert found.cwd() == "/Users/me"
    assert found.cpu_times() == (2.5, 0.5, 0.0, 0.0)
    assert found.memory_info()._asdict() == {
        "rss": 52428800, "vms": 35000000000, "pfaults": 9000, "pageins": 40,
    }  # fmt: skip
    assert found.num_threads() == 2
    assert found.num_ctx_switches() == (777, 0)
    assert found.num_fds() == 6
    assert found.page_faults() == (8960, 40)
    assert found.threads() == [(1, 1.5, 0.25), (2, 1.5, 0.25)]
    assert found.memory_percent() == 52428800 / (8 << 30) * 100


def test_times_of_apples_own_processors(made) -> None:
    made.mac.timebase = (125, 3)
    assert made.core.Process(400).cpu_times()[:2] == (2.5 * 125 / 3, 0.5 * 125 / 3)
    assert made.core.Process(400).threads() == [
        (1, 1.5, 0.25),
        (2, 1.5, 0.25),
    ]  # which are nanoseconds everywhere


def test_memory_of_a_task(made) -> None:
    made.mac.processes[400].regions = [
        (10, 2, 2, 1),  # SM_PRIVATE: both
        (20, 3, 1, 2),  # SM_COW with others: the private ones
        (30, 4, 1, 1),  # SM_COW alone: both
        (40, 5, 5, 9),  # SM_TRUESHARED: none
        (50, 6, 8, 1),  # SM_LARGE_PAGE: both
    ]
    found = made.core.Process(400)
    assert found.memory_full_info() == (52428800, 35000000000, 9000, 40, (12 + 20 + 34 + 56) * 4096)
    assert found.memory_footprint() == ((12 + 20 + 34 + 56) * 4096,)
    more = found.memory_info_ex()._asdict()
    assert more["peak_rss"] == 60000000
    assert (more["rss_anon"], more["rss_file"], more["wired"]) == (41000000, 9000000, 16384)
    assert (more["compressed"], more["phys_footprint"]) == (5000000, 46000000)


def test_own_memory(made) -> None:
    assert made.core.Process().memory_full_info().uss == 12 * 4096


def test_open_files(made) -> None:
    assert made.core.Process(300).open_files() == [("/Users/me/notes.txt", 3)]
    made.mac.processes[300].files = {}
    assert made.core.Process(300).open_files() == []
    made.mac.processes[300].files = {
        4: (1, errno.EBADF),
        5: plain_file("/gone"),
        6: (1, errno.ENOENT),
    }
    assert made.core.Process(300).open_files() == [("/gone", 5)]


@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 1000])
def test_descriptors_that_come_while_they_are_listed(made, count: int) -> None:
    def grow() -> None:
        made.mac.processes[300].files[10**6] = plain_file("/last")

    made.mac.processes[300].files = {fd: plain_file() for fd in range(count)}
    found = made.core.Process(300)
    assert found.num_fds() == count
    assert len(found.open_files()) == count
    made.mac.meanwhile = grow
    assert found.num_fds() in {count, count + 1}
    assert len(found.open_files()) == count + 1


def test_processes_that_come_while_they_are_listed(made) -> None:
    def grow() -> None:
        for pid in range(1000, 1300):
            made.mac.processes[pid] = Proc(pid)

    made.mac.meanwhile = grow
    assert len(made.core.pids()) == 307


@pytest.mark.parametrize(
    "name",
    ["cmdline", "environ", "cwd", "cpu_times", "memory_info", "memory_full_info", "memory_info_ex", "threads",
     "open_files", "num_fds", "num_threads", "num_ctx_switches", "net_connections", "page_faults"],
)  # fmt: skip
class TestOthers:
    def test_forbidden(self, made, name: str) -> None:
        with pytest.raises(made.core.AccessDenied) as caught:
            getattr(made.core.Process(500), name)()
        assert caught.value.pid == 500

    def test_zombie(self, made, name: str) -> None:
        with pytest.raises(made.core.ZombieProcess) as caught:
            getattr(made.core.Process(401), name)()
        assert (caught.value.pid, caught.value.ppid) == (401, 300)

    def test_vanished(self, made, name: str) -> None:
        found = made.core.Process(400)
        del made.mac.processes[400]
        with pytest.raises(made.core.NoSuchProcess) as caught:
            getattr(found, name)()
        assert not isinstance(caught.value, made.core.ZombieProcess)


def test_zombie(made) -> None:
    found = made.core.Process(401)
    assert found.status() == "zombie"
    assert found.name() == "ended"
    assert found.is_running()
    assert found.state() == "Z"
    with pytest.raises(made.core.ZombieProcess):
        found.exe()


def test_the_kernel(made) -> None:
    found = made.core.Process(0)
    assert found.name() == "kernel_task"
    assert found.cmdline() == []
    assert found.environ() == {}
    assert found.parent() is None
    with pytest.raises(made.core.AccessDenied):
        found.cpu_times()


def test_program_that_is_deleted(made) -> None:
    made.mac.processes[300].path = errno.ENOENT
    assert made.core.Process(300).exe() == ""


def test_arguments(made) -> None:
    made.mac.processes[300].arguments = [b"x", b"", b"a b", b"\xff\xfe", b""]
    assert made.core.Process(300).cmdline() == ["x", "", "a b", "\udcff\udcfe", ""]
    made.mac.processes[300].arguments = []
    made.mac.processes[300].environment = []
    assert made.core.Process(300).cmdline() == []
    assert made.core.Process(300).environ() == {}


def test_the_longest_arguments(made) -> None:
    made.mac.processes[300].arguments = [b"x" * 60000]
    assert made.core.Process(300).cmdline() == ["x" * 60000]


def test_a_long_name_is_completed(made) -> None:
    longest = "a-name-of-more-than-sixteen"
    made.mac.processes[600] = Proc(600, 300, longest[:16], arguments=[f"/bin/{longest}".encode()])
    assert made.core.Process(600).name() == longest


def test_reused_pid(made) -> None:
    found = made.core.Process(400)
    made.mac.processes[400].kinfo.kp_proc.p_starttime.tv_usec += 1
    assert not found.is_running()
    with pytest.raises(made.core.NoSuchProcess, match="reused"):
        found.ppid()
    with pytest.raises(made.core.NoSuchProcess, match="reused"):
        found.terminate()


def test_no_such_process(made) -> None:
    with pytest.raises(made.core.NoSuchProcess):
        made.core.Process(399)


def test_signals(made, monkeypatch) -> None:
    sent = []
    monkeypatch.setattr("os.kill", lambda pid, number: sent.append((pid, number)))
    found = made.core.Process(400)
    found.suspend()
    found.resume()
    found.terminate()
    found.kill()
    found.send_signal(signal.SIGUSR1)
    assert sent == [
        (400, number)
        for number in (
            signal.SIGSTOP,
            signal.SIGCONT,
            signal.SIGTERM,
            signal.SIGKILL,
            signal.SIGUSR1,
        )
    ]

    def refuse(pid, number):
        raise PermissionError(errno.EPERM, "no")

    monkeypatch.setattr("os.kill", refuse)
    with pytest.raises(made.core.AccessDenied):
        found.kill()


def test_nice(made, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr("os.getpriority", lambda which, pid: 7)
    monkeypatch.setattr("os.setpriority", lambda *words: asked.append(words))
    assert made.core.Process(400).nice() == 7
    made.core.Process(400).nice(3)
    assert asked == [(os.PRIO_PROCESS, 400, 3)]


def test_relatives(made) -> None:
    shell = made.core.Process(300)
    assert {one.pid for one in shell.children()} == {400, 401, os.getpid()}
    assert made.core.Process(400).parents()[0] == shell
    assert [one.pid for one in made.core.Process(400).parents()] == [300, 1]
    assert {one.pid for one in made.core.Process(1).children(recursive=True)} >= {300, 400, 500}


def test_process_iter_takes_one_look(made) -> None:
    made.mac.calls.clear()
    rows = {
        one.pid: one.info for one in made.core.process_iter(["pid", "name", "username", "ppid"])
    }
    assert rows[400] == {
        "pid": 400,
        "name": "Python",
        "username": rows[400]["username"],
        "ppid": 300,
    }
    assert len(made.mac.calls) == 2  # the size, the table
    assert all(call.startswith("sysctl(1, 14, 0") for call in made.mac.calls)


def test_as_dict_of_everything(made) -> None:
    told = made.core.Process(400).as_dict()
    assert set(told) == set(made.core.Process.attrs) - {
        "memory_footprint", "memory_info_ex", "page_faults",
    }  # fmt: skip
    assert told["memory_info"].rss == 52428800
    refused = made.core.Process(500).as_dict(ad_value="no")
    assert refused["cmdline"] == "no"
    assert refused["name"] == "mDNSResponder"


def test_oneshot_reads_once(made) -> None:
    found = made.core.Process(400)
    made.mac.calls.clear()
    with found.oneshot():
        found.cpu_times()
        found.memory_info()
        found.num_threads()
        found.uids()
        found.status()
    assert made.mac.calls == ["proc_pidinfo(400, 4)", "sysctl(1, 14, 1, 400)"]


def test_table(made) -> None:
    fields = (
        "pid",
        "comm",
        "state",
        "utime",
        "starttime",
        "tty_name",
        "args",
        "nice",
        "policy",
        "vmlck",
    )
    rows = {row.pid: row for row in made.core.process_table(fields)}
    assert rows[400] == (
        400, "Python", "R", 250, 999975, "ttys003", "python3 server.py --port 8080", 5, 0, None,
    )  # fmt: skip
    assert rows[300].state == "S"
    assert rows[500].utime is None
    assert rows[401].args is None
    assert made.core.has_fact("session")
    assert not made.core.has_fact("cgroup")


def test_threads_in_tables(made) -> None:
    rows = list(
        made.core.process_table(("pid", "tgid", "comm", "state", "utime"), [400], threads=True)
    )
    assert rows == [(400, 400, "Python", "S", 150), (0x700000 + 400, 400, "worker", "S", 150)]
    rows = list(made.core.process_table(("pid", "comm", "utime"), [400], threads="other"))
    assert rows == [(400, "Python", 250), (0x700000 + 400, "worker", 150)]


def test_a_terminal_without_a_name(made) -> None:
    made.mac.terminals = {}
    assert made.core.Process(400).terminal() is None
    made.mac.processes[400].kinfo.kp_eproc.e_tdev = NODEV
    assert made.core.Process(400).tty_nr() == 0


def test_numbers_of_terminals(made, monkeypatch, tmp_path) -> None:
    assert made.core.terminal_number("/dev/null") == os.stat("/dev/null").st_rdev
    assert made.core.terminal_number("null") == os.stat("/dev/null").st_rdev
    assert made.core.terminal_number(str(tmp_path)) is None
    assert made.core.terminal_number("no such\0thing") is None


def test_every_status(made) -> None:
    for number, word in {
        kinfo.SIDL: "idle", kinfo.SRUN: "running", kinfo.SSLEEP: "sleeping", kinfo.SSTOP: "stopped", 9: "?",
    }.items():  # fmt: skip
        made.mac.processes[400].kinfo.kp_proc.p_stat = number
        assert made.core.Process(400).status() == word
