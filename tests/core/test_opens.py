"""No call opens a file that it does not need: what each public function and method opens, name by name.

A right, a fallback or a cache that is added changes a line here, knowingly."""

from __future__ import annotations

import inspect
import os
import re
import sys
from functools import cache
from pathlib import Path

import pytest

from sysutils import core
from sysutils.core.linux import credentials
from sysutils.core.linux.fds import is_counted
from tests.core.opens import ask
from tests.core.proc_dir import write

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux' files"),
    pytest.mark.skipif(
        sys.implementation.name != "cpython",
        reason="PyPy tells hooks of no directory that is listed",
    ),
]

#: a call -> what it opens when made again; directories that are listed end in a slash
FUNCTIONS = {
    "boot_time()": [],
    "bytes2human(1)": [],
    "cpu_count()": [],
    "cpu_freq()": ["/proc/cpuinfo"],
    "cpu_percent()": ["/proc/stat"],
    "cpu_percent(percpu=True)": ["/proc/stat"],
    "cpu_percent(0.001)": ["/proc/stat", "/proc/stat"],
    "cpu_stats()": ["/proc/stat"],
    "cpu_times()": ["/proc/stat"],
    "cpu_times(percpu=True)": ["/proc/stat"],
    "cpu_times_percent()": ["/proc/stat"],
    "cpu_times_percent(percpu=True)": ["/proc/stat"],
    "disk_partitions()": ["/proc/filesystems", "/proc/self/mounts"],
    "disk_partitions(all=True)": ["/proc/self/mounts"],
    "disk_usage('/')": [],
    "getloadavg()": [],
    "net_if_addrs()": [],
    "net_if_stats()": ["/proc/net/dev"],
    "net_io_counters()": ["/proc/net/dev"],
    "net_io_counters(pernic=True, nowrap=False)": ["/proc/net/dev"],
    "pid_exists(child)": ["/proc/PID/status"],
    "pid_exists(-1)": [],
    "pids()": ["/proc/"],
    "swap_memory()": ["/proc/meminfo", "/proc/vmstat"],
    "virtual_memory()": ["/proc/meminfo"],
    "wait_procs([process], 0)": [],
    "wait_procs([])": [],
}
#: with tests of their own below, because of what a machine has
ELSEWHERE = {
    "disk_io_counters", "heap_info", "heap_trim", "net_connections", "process_iter", "sensors_battery",
    "sensors_fans", "sensors_temperatures", "users",
}  # fmt: skip
FD = ["/proc/PID/fd"]
#: Linux 6.2 counts descriptors itself
COUNTED = sys.platform.startswith("linux") and is_counted(b"/proc")
STAT, STATUS = "/proc/PID/stat", "/proc/PID/status"
#: Linux 6.13 tells ids without a file
IDS = [] if credentials.of_process(os.getpid()) else [STATUS]
METHODS = {
    "as_dict(['pid'])": [],
    "as_dict(['pid', 'name', 'ppid', 'cpu_times', 'create_time'])": [STAT],
    "as_dict(['uids', 'gids', 'username'])": IDS,
    "as_dict(['num_ctx_switches', 'uids', 'gids', 'username'])": [STATUS],
    "as_dict(['memory_info', 'memory_percent'])": ["/proc/PID/statm"],
    "as_dict(['num_fds', 'open_files'])": FD,
    "children()": None,
    "cmdline()": ["/proc/PID/cmdline"],
    "connections()": FD,
    "cpu_affinity()": [],
    "cpu_affinity([])": [STAT],
    "cpu_num()": [STAT],
    "cpu_percent()": [STAT],
    "cpu_percent(0.001)": [STAT, STAT],
    "cpu_times()": [STAT],
    "create_time()": [],
    "cwd()": [],
    "environ()": ["/proc/PID/environ"],
    "exe()": [],
    "gids()": IDS,
    "io_counters()": ["/proc/PID/io"],
    "ionice()": [],
    "ionice(2, 4)": [STAT],
    "is_running()": [STAT],
    "memory_footprint()": ["/proc/PID/smaps_rollup"],
    "memory_full_info()": ["/proc/PID/statm", "/proc/PID/smaps_rollup"],
    "memory_info()": ["/proc/PID/statm"],
    "memory_info_ex()": [STATUS, "/proc/PID/statm"],
    "memory_maps()": ["/proc/PID/smaps"],
    "memory_maps(grouped=False)": ["/proc/PID/smaps"],
    "memory_percent()": ["/proc/PID/statm"],
    "memory_percent('uss')": ["/proc/PID/statm", "/proc/PID/smaps_rollup"],
    "name()": ["/proc/PID/comm"],
    "net_connections('all')": FD,
    "nice()": [],
    "nice(process.nice())": [STAT],
    "num_ctx_switches()": [STATUS],
    "num_fds()": [] if COUNTED else ["/proc/PID/fd/"],
    "num_threads()": [],
    "oneshot()": [],
    "open_files()": FD,
    "page_faults()": [STAT],
    "parent()": [STAT, "/proc/SELF/stat"],
    "parents()[:1]": None,
    "pid": [],
    "ppid()": [STAT],
    "resume()": [STAT],
    "rlimit(7)": [],
    "rlimit(7, process.rlimit(7))": [STAT],
    "send_signal(18)": [STAT],
    "status()": [STAT],
    "terminal()": [STAT],
    "threads()": ["/proc/PID/task/PID/stat"],
    "uids()": IDS,
    "username()": IDS,
    "__repr__()": [STAT],
    "__eq__(process)": [],
}
#: they end the process, or are told by another's line
ENDING = {"kill", "terminate", "suspend", "wait"}
SETTING = (
    "import os; from sysutils.core.linux import procfs; procfs.sys_root = b'/nonexistent';"
    "os.environ['TZ'] = 'UTC'"
)


@cache
def opened() -> dict[str, list[str]]:
    """What all calls opened, asked once."""
    calls = [f"core.{call}" for call in FUNCTIONS] + [f"process.{call}" for call in METHODS]
    return ask(dict(zip(calls, calls, strict=True)), SETTING)


@pytest.mark.parametrize("call", FUNCTIONS)
def test_functions(call: str) -> None:
    more = {"/proc/partitions"} if "/dev/root" in Path("/proc/self/mounts").read_text() else set()
    assert [path for path in opened()[f"core.{call}"] if path not in more] == FUNCTIONS[call]


@pytest.mark.parametrize("call", [call for call, files in METHODS.items() if files is not None])
def test_methods(call: str) -> None:
    assert opened()[f"process.{call}"] == METHODS[call]


def test_every_function_has_its_line() -> None:
    told = {call.partition("(")[0] for call in FUNCTIONS} | ELSEWHERE
    assert told >= {name for name in core.__all__ if inspect.isroutine(getattr(core, name))}


def test_every_method_has_its_line() -> None:
    psutil = pytest.importorskip("psutil")
    names = {name for name in dir(psutil.Process) if name[0] != "_"} | core.Process.attrs
    told = {re.split(r"\W", call)[0] for call in METHODS} | ENDING
    assert told >= names - {"info"}


def test_children_look_once_at_every_process() -> None:
    seen = opened()["process.children()"]
    assert seen[:2] == [STAT, "/proc/"]
    assert all(re.fullmatch(r"/proc/\w+/stat", path) for path in seen[2:])
    assert len(seen) == len(set(seen))


def test_each_of_the_parents_is_looked_at_twice() -> None:
    """For its start, and for its own parent."""
    seen = opened()["process.parents()[:1]"]
    assert seen[:2] == [STAT, "/proc/SELF/stat"]
    assert set(seen.count(path) for path in seen[1:]) == {2}  # noqa: C401


def test_as_dict_reads_every_file_once() -> None:
    seen = ask({"all": "process.as_dict()"}, SETTING)["all"]
    assert sorted(seen) == sorted(
        FD + [f"/proc/PID/{name}"
        for name in ("cmdline", "environ", "io", "smaps", "smaps_rollup", "stat", "statm", "status",
                     "task/PID/stat")]
    )  # fmt: skip


def test_oneshot_reads_every_file_once() -> None:
    names = ("name", "ppid", "uids", "cpu_times", "status", "memory_info", "num_threads", "username", "gids",
             "terminal", "num_ctx_switches", "cpu_num")  # fmt: skip
    program = "def several():\n with process.oneshot():\n" + "".join(
        f"  process.{name}()\n" for name in names
    )
    seen = ask({"several": "several()"}, f"{SETTING}\n{program}")["several"]
    assert sorted(seen) == [STAT, "/proc/PID/statm", STATUS]


# --- a made-up machine: names, fields and what they cost


@pytest.fixture
def machine(tmp_path: Path) -> str:
    """The setting of a machine with three processes, the last a kernel thread with a long name."""
    zeros = " 0" * 45
    files: dict[str, str | bytes | None] = {"proc/stat": "cpu 1 2 3 4 5 6 7 8 9 10\nbtime 1000\n"}
    for pid, name, state, flags in ((1, "init", "S", 0), (70, "a" * 15, "S", 0),
                                    (80, "kworker/u8:1-ev", "I", 0x200000)):  # fmt: skip
        stat = f"{pid} ({name}) {state} 0 0 0 0 -1 {flags}{zeros}\n"
        files[f"proc/{pid}/stat"] = stat
        files[f"proc/{pid}/cmdline"] = f"{name}bc\0" if not flags else ""
        files[f"proc/{pid}/statm"] = "1 2 3 4 5 6 7\n"
    write(tmp_path, files)
    return (
        "from sysutils.core.linux import procfs\n"
        f"procfs.sys_root = {os.fsencode(tmp_path / 'sys')!r}\n"
        f"core.PROCFS_PATH = {str(tmp_path / 'proc')!r}\n"
    )


def test_process_iter_reads_what_its_attributes_need(machine: str, tmp_path: Path) -> None:
    calls = {
        "none": "list(core.process_iter())",
        "pid": "list(core.process_iter(['pid']))",
        "name": "list(core.process_iter(['name']))",
        "memory": "list(core.process_iter(['pid', 'memory_info']))",
        "both": "list(core.process_iter(['status', 'ppid', 'memory_info']))",
        "table": "list(core.process_table(['pid', 'comm', 'ppid']))",
    }
    seen = ask(calls, machine)
    here = {
        call: [path.removeprefix(f"{tmp_path}/proc/") for path in files]
        for call, files in seen.items()
    }
    stats = ["1/stat", "70/stat", "80/stat"]
    assert here["none"] == here["pid"] == [""]
    # the name that was cut is completed; a kernel thread has no arguments to look for
    assert here["name"] == ["", "1/stat", "70/stat", "70/cmdline", "80/stat"]
    assert here["memory"] == ["", "1/statm", "70/statm", "80/statm"]
    assert here["both"] == ["", *sorted([*stats, "1/statm", "70/statm", "80/statm"])]
    assert sorted(here["table"]) == ["", *stats]


def test_counters_of_disks(machine: str, tmp_path: Path) -> None:
    write(
        tmp_path,
        {"proc/diskstats": "   8 0 sda 1 2 3 4 5 6 7 8 9 10 11\n", "sys/block/sda/stat": ""},
    )
    seen = ask(
        {"total": "core.disk_io_counters()", "each": "core.disk_io_counters(perdisk=True)"}, machine
    )
    # which of them are disks was asked before
    assert list(seen.values()) == [[f"{tmp_path}/proc/diskstats"]] * 2


def test_sensors_look_where_the_kernel_has_them(machine: str, tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {
        "sys/class/hwmon/hwmon0/name": "chip\n",
        "sys/class/hwmon/hwmon0/temp1_input": "30000\n",
        "sys/class/hwmon/hwmon0/temp1_max": "90000\n",
        "sys/class/hwmon/hwmon0/fan1_input": "1200\n",
        "sys/class/power_supply/BAT0/capacity": "50\n",
        "sys/class/power_supply/BAT0/status": "Full\n",
    }
    write(tmp_path, files)
    calls = {name: f"core.sensors_{name}()" for name in ("temperatures", "fans", "battery")}
    seen = ask(calls, machine)
    base = f"{tmp_path}/sys/class/"
    here = {call: [path.removeprefix(base) for path in files] for call, files in seen.items()}
    chip = "hwmon/hwmon0"
    listed = ["hwmon/", f"{chip}/", f"{chip}/device/"]
    assert here["temperatures"] == [
        *listed,
        f"{chip}/name",
        f"{chip}/temp1_input",
        f"{chip}/temp1_max",
    ]
    assert here["fans"] == ["hwmon/", f"{chip}/", f"{chip}/name", f"{chip}/fan1_input"]
    assert sorted(here["battery"]) == sorted(
        ["power_supply/", "power_supply/BAT0/capacity", "power_supply/BAT0/status", "power_supply/AC0/online",
         "power_supply/AC/online"]
        + [f"power_supply/BAT0/{name}" for name in ("energy_now", "charge_now", "energy_full", "charge_full")]
    )  # fmt: skip


def test_sockets_of_the_system() -> None:
    """Tables come from netlink where that may be asked; what each process has open is needed for the pid."""
    seen = ask({"all": "core.net_connections('all')", "tcp": "core.net_connections('tcp')"})
    for paths in seen.values():
        assert paths[0] == "/proc/"
        rest = [path for path in paths[1:] if not re.fullmatch(r"/proc/\w+/fd/?", path)]
        assert all(re.fullmatch(r"/proc/net/(tcp|udp)6?|/proc/net/unix", path) for path in rest)
        assert len(rest) == len(set(rest)) <= 5


@pytest.mark.skipif(not hasattr(core, "heap_info"), reason="another C library than GNU's")
def test_the_heap_is_no_file() -> None:
    seen = ask({"info": "core.heap_info()", "trim": "core.heap_trim()"})
    assert seen == {"info": [], "trim": []}


def test_users_are_in_one_file() -> None:
    (seen,) = ask({"users": "core.users()"}).values()
    assert seen in (["/var/run/utmp"], []) or all(path.startswith("/run/systemd/") for path in seen)
