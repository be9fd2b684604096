"""Systems that tell less, or otherwise, than this one: old kernels, other kernels, containers. Beside psutil.

Each is a /proc of a few processes, made up file by file; both packages read it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

from sysutils import core
from tests.core.beside import outcome
from tests.core.nobody import ask_nobody
from tests.core.proc_dir import here, write
from tests.support.oracle import at, same

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux' kernels"),
    pytest.mark.oracle,
]

STATUS = (
    "Name:\t{name}\nState:\tS (sleeping)\nTgid:\t{pid}\nPid:\t{pid}\nPPid:\t{ppid}\n"
    "Uid:\t1000\t1001\t1002\t1003\nGid:\t7\t8\t9\t10\nVmPeak:\t 20 kB\nVmHWM:\t 10 kB\nThreads:\t3\n"
    "voluntary_ctxt_switches:\t5\nnonvoluntary_ctxt_switches:\t6\n"
)
SMAPS = (
    "00400000-00452000 r-xp 00000000 08:02 17      /usr/bin/x y (deleted)\n"
    "Size: 328 kB\nRss: 100 kB\nPss: 50 kB\nShared_Clean: 1 kB\nShared_Dirty: 2 kB\nPrivate_Clean: 30 kB\n"
    "Private_Dirty: 4 kB\nReferenced: 5 kB\nAnonymous: 6 kB\nSwap: 7 kB\n"
)
IO = "rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: 5\nwrite_bytes: 6\ncancelled_write_bytes: 0\n"
Files = dict[str, "str | bytes | None"]


def stat(
    pid: int, name: str, ppid: int, columns: int = 52, state: str = "S", flags: int = 0
) -> str:
    """``/proc/PID/stat`` with that many columns, told apart by their values."""
    rest = [str(number * 10) for number in range(5, 53)]
    rest[9 - 5] = str(flags)
    rest[20 - 5] = "3"  # threads
    rest[22 - 5] = str(100 + pid)  # start
    rest[39 - 5] = "1"  # CPU
    return f"{pid} ({name}) {state} {ppid} " + " ".join(rest[: columns - 4]) + "\n"


def of(pid: int, ppid: int, name: str = "x", **other: Any) -> Files:
    """The files of one process."""
    files: Files = {
        "stat": stat(pid, name, ppid), "status": STATUS.format(pid=pid, ppid=ppid, name=name),
        "statm": "100 20 10 5 0 30 0\n", "cmdline": f"/usr/bin/{name}\0-v\0", "smaps": SMAPS,
        "smaps_rollup": "0-f ---p 0 0:0 0 [rollup]\n" + SMAPS.split("\n", 1)[1], "io": IO,
        "environ": "A=1\0B=\0\0junk", f"task/{pid}/stat": stat(pid, name, ppid),
    }  # fmt: skip
    files.update(other)
    return {f"{pid}/{key}": value for key, value in files.items()}


SYSTEM: Files = {
    "stat": "cpu  10 20 30 40 50 60 70 80 90 100\ncpu0 10 20 30 40 50 60 70 80 90 100\nbtime 1000000\n"
    "intr 55 1 2\nctxt 66\nsoftirq 77 1\n",
    "meminfo": "MemTotal: 1000 kB\nMemFree: 300 kB\nMemAvailable: 500 kB\nBuffers: 10 kB\nCached: 20 kB\n"
    "Active: 1 kB\nInactive: 2 kB\nShmem: 3 kB\nSlab: 4 kB\nSReclaimable: 5 kB\nSwapTotal: 6 kB\n"
    "SwapFree: 5 kB\n",
    "vmstat": "pswpin 5\npswpout 6\n",
}
METHODS = [
    "name", "ppid", "status", "cpu_times", "cpu_num", "create_time", "num_threads", "uids", "gids",
    "username",
    "memory_info", "memory_full_info", "memory_maps", "io_counters", "num_ctx_switches", "cmdline", "environ",
    "threads", "exe", "cwd", "open_files", "num_fds", "terminal", "parent", "parents", "children", "__repr__",
]  # fmt: skip


def ask_all(pid: int) -> None:
    """Every method that reads a file, and the process in the list of all."""
    for name in METHODS:
        same(_worded(outcome(lambda api, name=name: _told(getattr(api.Process(pid), name)()))))
    same(outcome(lambda api: [one.pid for one in api.process_iter(["name", "ppid", "status"])]))


def _worded(call: Any) -> Any:
    """Python's own errors about odd files are told in other words."""

    def asked(api: Any) -> Any:
        answer = call(api)
        own = isinstance(answer, dict) and answer.get("class") in {
            "NotImplementedError",
            "RuntimeError",
            "ValueError",
        }
        return answer["bases"] if own else answer

    return asked


def _told(answer: Any) -> Any:
    if isinstance(answer, str):
        return answer.replace("sysutils.core.", "").replace("psutil.", "")
    if isinstance(answer, list):
        return [one.pid if hasattr(one, "pid") and hasattr(one, "ppid") else one for one in answer]
    return answer.pid if hasattr(answer, "ppid") else answer


#: system -> what its process 70 has otherwise; None for a file that it has not
KERNELS: dict[str, Files] = {
    "new": {},
    "of tomorrow": {"stat": stat(70, "x", 1)[:-1] + " 1 2 3\n", "io": IO + "new: 5\n",
                    "statm": "1 2 3 4 5 6 7 8\n",
                    "smaps": SMAPS + "New: 5 kB\nVmFlags: rd ex\n"},
    "4.4, without smaps_rollup": {"smaps_rollup": None},
    "2.6.18, without delays": {"stat": stat(70, "x", 1, columns=41)},
    "2.6.33, without exit code": {"stat": stat(70, "x", 1, columns=44)},
    "without accounting of I/O": {"io": None},
    "with an empty io": {"io": ""},
    "with a shorter io": {"io": "rchar: 1\nwchar: 2\n"},
    "with blank lines in io": {"io": "\n" + IO.replace("\n", "\n\n")},
    "without switches": {"status": STATUS.partition("voluntary")[0].format(pid=70, ppid=1, name="x")},
    "without maps": {"smaps": None, "smaps_rollup": None},
    "with empty maps": {"smaps": "", "smaps_rollup": ""},
    "with a thread that is gone": {"task/71/comm": "gone"},
    "a zombie": {"stat": stat(70, "x", 1, state="Z"), "cmdline": "", "smaps": "", "environ": ""},
    "dead": {"stat": stat(70, "x", 1, state="X")},
    "idle": {"stat": stat(70, "x", 1, state="I", flags=0x200000), "cmdline": ""},
    "parked": {"stat": stat(70, "x", 1, state="P")},
    "waking": {"stat": stat(70, "x", 1, state="W")},
    "in a state of tomorrow": {"stat": stat(70, "x", 1, state="?")},
    "with brackets in its name": {"stat": stat(70, "a) S 1 (b", 1)},
    "with a line in its name": {"stat": stat(70, "a\nb\tc", 1)},
    "with bytes in its name": {
        "stat": os.fsencode(stat(70, "n\udce9\udcff", 1)), "cmdline": b"/usr/bin/n\xe9\xff\0"},
    "with a name that was cut": {"stat": stat(70, "a" * 15, 1), "cmdline": f"/opt/{'a' * 20}\0x\0"},
    "with a name that was cut within a letter": {
        "stat": os.fsencode(stat(70, "a" * 14 + "\udcc3", 1)),
        "cmdline": b"/opt/" + b"a" * 14 + b"\xc3\xa9b\0"},
    "with a name of fifteen bytes and another program": {
        "stat": stat(70, "b" * 15, 1), "cmdline": "/opt/other\0"},
    "with a title": {"cmdline": "daemon: serving all of them"},
    "with a title that ends in NULs": {"cmdline": "daemon: serving\0\0\0"},
    "with empty arguments": {"cmdline": "x\0\0\0y\0"},
    "with an environment that was written over": {"environ": "a b c\0=\0=x\0C:=5\0A=1=2\0"},
    "with bytes in its environment": {"environ": b"A=\xff\0\xe9=b\0"},
}  # fmt: skip


@pytest.mark.parametrize("kernel", KERNELS)
def test_processes(kernel: str, tmp_path: Path) -> None:
    files = SYSTEM | of(1, 0, "init") | of(70, 1) | of(80, 70, "child") | of(90, 4711, "orphan")
    write(tmp_path, files)
    write(tmp_path, {f"70/{name}": text for name, text in KERNELS[kernel].items()})
    with at(tmp_path):
        ask_all(70)


@pytest.mark.parametrize("pid", [1, 80, 90])
def test_relatives(pid: int, tmp_path: Path) -> None:
    """A family without its first ancestor, as a process that came into a pid namespace has it."""
    write(
        tmp_path, SYSTEM | of(1, 0, "init") | of(70, 1) | of(80, 70, "child") | of(90, 0, "entered")
    )
    with at(tmp_path):
        ask_all(pid)
        same(outcome(lambda api: [one.pid for one in api.Process(pid).children(recursive=True)]))


def test_a_namespace_without_process_1(tmp_path: Path) -> None:
    write(tmp_path, SYSTEM | of(7, 0, "first") | of(8, 7, "second") | of(9, 1, "third"))
    with at(tmp_path):
        for pid in (7, 8, 9):
            ask_all(pid)
        assert same(lambda api: api.pids()) == [7, 8, 9]
        for pid in (0, 1, 7, 8):
            same(
                lambda api, pid=pid: (
                    api.pid_exists(pid) if pid in {0, 7} else api.pids() == [7, 8, 9]
                )
            )


def test_a_name_is_known_by_its_bytes(tmp_path: Path) -> None:
    write(tmp_path, SYSTEM | of(70, 1, **KERNELS["with bytes in its name"]))
    with at(tmp_path):
        assert core.Process(70).name() == "n\udce9\udcff"
        assert core.Process(70).cmdline() == ["/usr/bin/n\udce9\udcff"]


LINKS = [
    "/bin/sh",
    "/gone",
    "/gone (deleted)",
    "{here}/odd (deleted)",
    "{here}/x\udcff (deleted)",
    "/a\0b",
    "",
]


@pytest.mark.parametrize("target", LINKS[:5])
def test_where_links_lead(target: str, tmp_path: Path) -> None:
    (tmp_path / "odd (deleted)").write_text("")  # a file that is really called so
    write(tmp_path, SYSTEM | of(1, 0) | of(70, 1))
    for name in ("exe", "cwd"):
        os.symlink(os.fsencode(target.format(here=tmp_path)), tmp_path / "70" / name)
    with at(tmp_path):
        same(outcome(lambda api: (api.Process(70).exe(), api.Process(70).cwd())))
    if target == "/gone (deleted)":
        with at(tmp_path):
            assert core.Process(70).exe() == "/gone"


def test_open_files_of_a_recording(tmp_path: Path) -> None:
    """Modes, a file without a name any more, a descriptor without its fdinfo, bytes that are no text."""
    names = [b"plain", b"n\xe9\xff", b"not there"]
    write(tmp_path, SYSTEM | of(1, 0) | of(70, 1))
    (tmp_path / "70/fd").mkdir()
    for name in names[:2]:
        with open(os.fsencode(tmp_path) + b"/" + name, "wb"):
            pass
    for fd in range(12):
        os.symlink(os.fsencode(tmp_path) + b"/" + names[fd % 3], tmp_path / f"70/fd/{fd}")
        flags = (0o100000, 0o100001, 0o100002, 0o102001, 0o102002, 0o2000)[fd % 6]
        if fd != 9:
            write(
                tmp_path, {f"70/fdinfo/{fd}": f"pos:\t{fd * 7}\nflags:\t{flags:07o}\nmnt_id:\t5\n"}
            )
    os.symlink("socket:[5]", tmp_path / "70/fd/20")
    with at(tmp_path):
        rows = same(lambda api: sorted(api.Process(70).open_files()))
        assert len(rows) == 7
        assert same(lambda api: api.Process(70).num_fds()) == 13


# --- the system


SYSTEMS: dict[str, Files] = {
    "new": {},
    "2.6": {"stat": "cpu  10 20 30 40 50 60 70\ncpu0 1 2 3 4 5 6 7\nbtime 5\nctxt 6\nintr 7\n"},
    "4.x": {"meminfo": "MemTotal: 1000 kB\nMemFree: 300 kB\nBuffers: 10 kB\nCached: 20 kB\nActive: 1 kB\n"
            "Inactive: 2 kB\nShmem: 3 kB\nSlab: 4 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n"},
    "with CPUs that are offline": {"stat": "cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 1 2 3 4 5 6 7 8 9 10\n"
                                   "cpu3 1 2 3 4 5 6 7 8 9 10\nbtime 5\nctxt 6\nintr 7\nsoftirq 8\n"},
    "without swap": {"meminfo": "MemTotal: 9 kB\nMemFree: 3 kB\nMemAvailable: 4 kB\nBuffers: 0 kB\n"
                     "Cached: 0 kB\nActive: 0 kB\nInactive: 0 kB\nShmem: 0 kB\nSlab: 0 kB\n"
                     "SwapTotal: 0 kB\nSwapFree: 0 kB\n",
                     "vmstat": "nr_free_pages 5\n"},
}  # fmt: skip
CALLS: dict[str, Any] = {
    "cpu_times": lambda api: [api.cpu_times(), api.cpu_times(percpu=True)],
    "cpu_stats": lambda api: api.cpu_stats(),
    "boot_time": lambda api: api.boot_time(),
    "memory": lambda api: api.virtual_memory(),
    "pids": lambda api: [api.pids(), api.pid_exists(1), api.pid_exists(99)],
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_the_system(system: str, call: str, tmp_path: Path) -> None:
    if system == "2.6" and call == "cpu_times":
        return  # psutil takes the number of columns from the kernel it was started on
    write(tmp_path, SYSTEM | of(1, 0, "init") | SYSTEMS[system])
    with at(tmp_path):
        same(outcome(CALLS[call]))


#: functions that read below PROCFS_PATH
READING = {
    "boot_time": (), "cpu_stats": (), "cpu_times": (), "disk_partitions": (), "net_connections": (),
    "net_io_counters": (), "pids": (), "swap_memory": (), "virtual_memory": (),
}  # fmt: skip


@pytest.mark.parametrize("name", READING)
def test_a_procfs_that_is_not_there(name: str, tmp_path: Path) -> None:
    """A plain FileNotFoundError that names the file."""
    from tests.support.oracle import error_of

    with at(tmp_path / "nowhere"):
        errors = [error_of(lambda api: getattr(api, name)(), api) for api in _both()]
    assert {type(error) for error in errors} == {FileNotFoundError}
    name_of_file = errors[1].filename  # type: ignore[attr-defined]
    assert os.fsdecode(name_of_file).startswith(str(tmp_path / "nowhere"))


def _both() -> tuple[Any, Any]:
    from tests.support.oracle import oracle

    return oracle(), core


# --- files that are hidden


def _answers_of_nobody(top: str) -> dict[str, Any]:
    core.PROCFS_PATH = top
    found: dict[str, Any] = {}
    process = core.Process(80)
    found["parent"] = process.parent()
    found["children"] = [one.pid for one in process.children(recursive=True)]
    found["iter"] = [
        (one.pid, one.info["name"]) for one in core.process_iter(["name"], ad_value="-")
    ]
    found["table"] = sorted(map(tuple, core.process_table(["pid", "comm"])))
    for name in ("environ", "exe", "io_counters", "memory_maps", "num_fds"):
        try:
            found[name] = getattr(process, name)()
        except core.AccessDenied as error:
            found[name] = f"denied {error.pid}"
    found["hidden"] = [core.pid_exists(1), repr(core.Process(1)), core.Process(1).is_running()]
    return {name: repr(value) if name == "parent" else value for name, value in found.items()}


@pytest.mark.root
@pytest.mark.parametrize("hidden", [0o000, 0o111])
def test_hidepid(hidden: int, tmp_path: Path) -> None:
    """Processes of others that can't be looked into: neither a family nor a list dies of them."""
    for parent in [tmp_path, *tmp_path.parents]:
        if not os.stat(parent).st_mode & 0o001 and os.stat(parent).st_uid == 0:
            os.chmod(parent, os.stat(parent).st_mode | 0o011)
    write(tmp_path, SYSTEM | of(1, 0, "init") | of(80, 1, "mine") | of(81, 80, "child"))
    os.chmod(tmp_path, 0o755)
    for name in ("80/environ", "80/io", "80/smaps", "1/stat", "1/status"):
        os.chmod(tmp_path / name, 0)
    (tmp_path / "80/fd").mkdir(mode=0o700)
    os.chmod(tmp_path / "1", hidden)
    with here(tmp_path):
        _answers_of_nobody(str(tmp_path))  # loads what nobody may not be able to read
    told = ask_nobody(lambda: _answers_of_nobody(str(tmp_path)))
    assert told["children"] == [81]
    assert told["parent"] == "sysutils.core.Process(pid=1)"
    assert (80, "mine") in told["iter"]
    assert (81, "child") in told["iter"]
    assert (1, "-") in told["iter"]
    assert [row for row in told["table"] if row[0] != 1] == [(80, "mine"), (81, "child")]
    assert {told[name] for name in ("environ", "io_counters", "memory_maps", "num_fds")} == {
        "denied 80"
    }
    assert told["hidden"][1:] == ["sysutils.core.Process(pid=1)", True]
