"""ps: what programs get, tables on a terminal, which files are read, live processes, help."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from ctypes.util import find_library
from typing import TYPE_CHECKING, Any

import pytest

from sysutils.cli.fields.process_table import FIELDS
from tests.cli import beside
from tests.cli.test_completion import values
from tests.support import trees
from tests.support.sidebyside import Case, run_ours_without_stage
from tests.support.stage import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.cli.conftest import Run

UTF8 = (("LC_ALL", "C.UTF-8"),)


def ours(proc: str | Path, *words: str, **env: str) -> Any:
    return run_ours_without_stage(Case(proc, ("ps", *words), (*UTF8, *env.items())))


def records(proc: str | Path, *words: str) -> list[dict[str, Any]]:
    answer = ours(proc, *words, "--json")
    assert answer.stderr == b""
    found: list[dict[str, Any]] = json.loads(answer.stdout)
    return found


# --- programs


def test_json_has_raw_values_under_canonical_names() -> None:
    # a terminal has a name only while its device is there, as the classic has it
    tty = "pts/0" if os.path.exists("/dev/pts/0") else None
    row = records(
        "small", "-p", "2050", "-o", "pid,uname,%cpu,rsz,vsize,tt,cmd,cputimes,stime,s,lwp,sgi_p"
    )[0]
    assert row == {
        "pid": 2050, "user": row["user"], "pcpu": row["pcpu"], "rss": row["rss"], "vsz": row["vsz"],
        "tty": tty, "args": row["args"], "times": row["times"], "start_time": row["start_time"],
        "state": row["state"], "lwp": 2050, "sgi_p": row["sgi_p"],
    }  # fmt: skip
    assert row["rss"] % 1024 == row["vsz"] % 1024 == 0
    assert row["rss"] > 1 << 20
    assert 0 < row["times"] < row["start_time"]
    assert isinstance(row["pcpu"], float)
    assert row["args"].startswith("python3 server.py")


def test_what_is_not_there_is_null() -> None:
    rows = {
        row["pid"]: row for row in records("small", "-eo", "pid,tty,args,cgroup,rtprio,pss,luid")
    }
    assert rows[2]["tty"] is None
    assert rows[2]["args"] is None
    assert rows[2]["rtprio"] is None
    assert rows[2]["pss"] is None
    assert isinstance(rows[1]["cgroup"], list)


def test_every_field_can_be_written_by_every_writer() -> None:
    names = ",".join(sorted({field.name for field in FIELDS.values()}))
    rows = records("crowd", "-eo", names)
    assert len(rows) > 400
    lines = ours("crowd", "-eo", names, "--jsonl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == rows
    text = ours("crowd", "-eo", names, "--csv").stdout.decode("utf-8", "replace")
    table = list(csv.DictReader(io.StringIO(text)))
    assert [row["pid"] for row in table] == [str(row["pid"]) for row in rows]
    wide = ours("crowd", "-eo", names, "--rich", COLUMNS="6000", TERM="xterm")
    assert wide.stderr == b""
    assert len(wide.stdout.splitlines()) == len(rows) + 1


def test_bytes_that_are_no_text_come_back() -> None:
    commands = {row["comm"] for row in records("crowd", "-eo", "comm")}
    recorded = {
        (directory / "stat").read_bytes().partition(b"(")[2].rpartition(b")")[0]
        for directory in trees.load("crowd").iterdir()
        if directory.name.isdigit()
    }
    assert {os.fsencode(name) for name in commands} == recorded


def test_threads_have_no_values_of_their_process() -> None:
    rows = records("crowd", "-p", "21199", "-m", "-o", "pid,lwp,comm,stat,time")
    assert (rows[0]["pid"], rows[0]["lwp"], rows[0]["stat"]) == (21199, None, None)
    assert [(row["pid"], row["comm"]) for row in rows[1:]] == [(None, None)] * (len(rows) - 1)
    assert rows[1]["lwp"] == 21199
    assert len({row["lwp"] for row in rows[1:]}) == len(rows) - 1 == 2


def test_order_and_selection_hold_for_programs_too() -> None:
    rows = records("crowd", "--ppid", "21107", "--sort", "-pid", "-o", "pid,ppid")
    assert [row["pid"] for row in rows] == sorted((row["pid"] for row in rows), reverse=True)
    assert {row["ppid"] for row in rows} == {21107}


def test_nothing_found(sysutils: Run) -> None:
    for form, text in (
        ("json", b"[]\n"),
        ("jsonl", b""),
        ("csv", b"pid,tty,time,comm\n"),
        ("plain", None),
    ):
        done = sysutils("ps", "-C", "no such program", f"--{form}")
        assert done.returncode == 1
        assert (
            done.stdout == (b"    PID TTY          TIME CMD\n" if text is None else text)
            or text is None
        )


# --- tables


def visible_part(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.mark.parametrize(
    "words", [["aux"], ["auxf"], ["-eo", "pid,comm,exe,cgroup,label"], ["axm"], ["-eLf"]]
)
def test_hostile_text_never_reaches_a_terminal(words: list[str]) -> None:
    answer = ours("crowd", *words, "--rich", COLUMNS="150", TERM="xterm-256color")
    text = answer.stdout.decode()  # nothing that is no text
    assert "\x1b[" in text
    for line in visible_part(text).split("\n"):
        assert not re.search(r"[\x00-\x1f\x7f-\x9f]", line), line
        assert "\u202e" not in line


def test_a_tree_in_a_table() -> None:
    text = visible_part(ours("crowd", "axf", "--rich", COLUMNS="120", TERM="xterm").stdout.decode())
    assert re.search(r"^ *3 .*  \\_ \[pool_workqueue_release\]$", text, re.MULTILINE)


def test_sizes_and_states_in_a_table() -> None:
    text = ours("small", "u", "-p", "2050", "--rich", COLUMNS="150", TERM="xterm").stdout.decode()
    assert re.search(r"\d+(\.\d)?Mi", text)
    assert "\x1b[1mpython3" in text


def test_no_heading_is_for_programs() -> None:
    for words in (["-o", "pid="], ["-o", "pid,comm", "--no-headers"], ["h", "-o", "pid"]):
        answer = ours("small", "-p", "1", *words, "--rich", TERM="xterm")
        assert answer.stdout.split()[0] == b"1"
        assert b"\x1b" not in answer.stdout


# --- what is read

WATCH = """
import os, sys
import sysutils.core
from sysutils.cli import halves
halves._WORTHWHILE = 1 << 30
sysutils.core.PROCFS_PATH = sys.argv[1]
opened = []
sys.addaudithook(lambda event, args: opened.append(args[0]) if event in {"open", "os.listdir"} else None)
from sysutils.cli.main import main
out = os.dup(1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
main("ps", sys.argv[2:])
root = os.fsencode(sys.argv[1]) + b"/"
for path in opened:
    if isinstance(path, bytes) and path.startswith(root):
        os.write(out, path[len(root):] + b"\\n")
"""


def files_read(proc: Path, *words: str) -> dict[str, set[str]]:
    """pid -> names of its files that were opened; ``""`` for those of no process."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "SYSUTILS_OUTPUT": "plain"}
    command = [sys.executable, "-c", WATCH, str(proc), *words]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    found: dict[str, set[str]] = {}
    for line in done.stdout.split():
        first, _, rest = line.partition("/")
        if first.isdigit():
            found.setdefault(first, set()).add(rest)
        else:
            found.setdefault("", set()).add(line)
    return found


KERNEL_THREAD, ZOMBIE, ORDINARY = "2", "2080", "2050"


@pytest.mark.parametrize(
    ("words", "ordinary", "kernel_thread"),
    [
        ("-eo pid,comm", {"stat"}, {"stat"}),
        ("-eo pid", set(), set()),
        ("-eo pid,user", set(), set()),
        ("-eo pid,ruser", {"status"}, {"status"}),
        ("aux", {"stat", "status", "cmdline"}, {"stat"}),
        ("-ef", {"stat", "cmdline"}, {"stat"}),
        ("-eo pid,wchan", {"wchan"}, {"wchan"}),
        ("axe", {"stat", "status", "cmdline", "environ"}, {"stat", "environ"}),
        ("-eo pid --sort comm", {"stat"}, {"stat"}),
        ("-C nosuch -o args", {"stat"}, {"stat"}),
        ("-u 4242 -o args", set(), set()),
    ],
)
def test_only_what_is_shown_is_read(
    words: str, ordinary: set[str], kernel_thread: set[str]
) -> None:
    found = files_read(trees.load("small"), *words.split())
    assert found.get(ORDINARY, set()) == ordinary
    assert found.get(KERNEL_THREAD, set()) == kernel_thread
    assert "cmdline" not in found.get(ZOMBIE, set())


def test_a_list_of_processes_is_all_that_is_read() -> None:
    found = files_read(trees.load("small"), "-p", "2050", "-o", "args")
    assert set(found) - {""} == {"2050"}


def test_the_host_is_read_once_and_only_if_needed() -> None:
    assert files_read(trees.load("small"), "-eo", "comm,ppid").get("", set()) <= {
        "sys/kernel/pid_max"
    }
    assert {"meminfo", "stat", "uptime"} <= files_read(trees.load("small"), "aux")[""]


# --- processes that go, or hide


def test_a_process_that_vanished_costs_its_row(fresh_tree: Callable[[str], Path]) -> None:
    proc = fresh_tree("small")
    (proc / "2050").chmod(0o755)
    (proc / "2050" / "stat").unlink()
    answer = ours(proc, "aux")
    assert answer.returncode == 0
    assert answer.stderr == b""
    assert b" 2050 " not in answer.stdout
    assert b" 2001 " in answer.stdout


def test_forbidden_files(fresh_tree: Callable[[str], Path]) -> None:
    """A directory in place of the file: even root can't read that."""
    proc = fresh_tree("small")
    (proc / "2050").chmod(0o755)
    for name in ("status", "cmdline", "wchan", "cgroup", "io"):
        (proc / "2050" / name).unlink(missing_ok=True)
        (proc / "2050" / name).mkdir()
    answer = ours(proc, "-p", "2050", "-o", "pid,ruser,rss,stat,args,wchan,cgroup,rbytes,pending")
    assert answer.stderr == b""
    words = answer.stdout.split(b"\n")[1].split()
    assert words[:3] == [b"2050", b"-", b"0"]
    assert words[4:] == [b"[python3]", b"?", b"-", b"0", b"-"]


@pytest.mark.parametrize("text", [b"", b"garbage", b"1 (", b"1 (a) S"])
def test_a_stat_file_that_is_none(text: bytes, fresh_tree: Callable[[str], Path]) -> None:
    proc = fresh_tree("small")
    (proc / "2050" / "stat").chmod(0o644)
    (proc / "2050" / "stat").write_bytes(text)
    answer = ours(proc, "-ef")
    assert b"Traceback" not in answer.stderr


# --- live processes


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A program with two threads that waits for the end of its input."""
    code = (
        "import sys, threading; threading.Thread(target=threading.Event().wait, daemon=True).start();"
        "print(flush=True); sys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    child.stdout.readline()
    yield child
    child.communicate()


LIVE = """
pid,ppid,pgid,sid,tpgid,tty,user,ruser,group,uid,gid,supgid,comm,ucmd,fname,args
pid,stat,s,class,pri,ni,nlwp,psr,f,wchan:20,rss,vsz,sz,size,%mem,exe
pid,lstart,start,bsdstart,stime,cgroup,pending,blocked,ignored,caught,label,luid,oomadj
pid,pidns,netns,mntns,userns,utsns,ipcns,cgroupns,timens,ag_id,ag_nice,rops
pid,numa
"""


@pytest.mark.classic
@pytest.mark.parametrize("names", LIVE.split())
def test_beside_the_classic_on_a_live_process(names: str, sleeper: subprocess.Popen[bytes]) -> None:
    if names == "pid,numa" and not find_library("numa"):
        pytest.skip("the classic asks libnuma, which is not installed")
    words = ["-p", str(sleeper.pid), "-o", names]
    theirs = beside.ask([beside.program("ps"), *words], beside.environment())
    mine = beside.ask([*beside.OURS, "ps", *words], beside.environment())
    assert mine.stderr == b""
    assert mine.stdout == theirs.stdout


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    ["-L -o pid,lwp,nlwp,comm,stat,wchan:20", "-Lj", "-T", "m", "m -o pid,lwp", "H -o lwp,user"],
)
def test_threads_beside_the_classic(words: str, sleeper: subprocess.Popen[bytes]) -> None:
    line = [*words.split(), "-p", str(sleeper.pid)]
    theirs = beside.ask([beside.program("ps"), *line], beside.environment())
    mine = beside.ask([*beside.OURS, "ps", *line], beside.environment())
    assert mine.stdout == theirs.stdout


def test_itself_and_its_own_selection(sysutils: Run) -> None:
    rows = json.loads(sysutils("ps", "x", "--json", "-o", "pid,ppid,euid,args").stdout)
    assert {row["euid"] for row in rows} == {os.geteuid()}
    mine = [row for row in rows if row["ppid"] == os.getpid() and "-m sysutils ps x" in row["args"]]
    assert len(mine) == 1


# --- help, lists, completion


@pytest.mark.parametrize("section", ["simple", "l", "output", "t", "misc", "all"])
def test_help(section: str, sysutils: Run) -> None:
    done = sysutils("ps", "--help", section)
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode()
    assert text.startswith("Usage: ")
    assert len(text.splitlines()) > 9
    headings = [line for line in text.splitlines()[1:] if line.endswith(":") and line[0] != " "]
    assert len(headings) == 1 or section == "all"


def test_every_option_is_in_the_help(sysutils: Run) -> None:
    from sysutils.cli.ps import command

    text = sysutils("ps", "--help").stdout.decode()
    for parameter in command.params:
        for name in parameter.opts:
            assert f" {name.strip()}" in text, name
        assert not getattr(parameter, "help", "x") or parameter.help.split()[0] in text  # type: ignore[attr-defined]


def test_usage_below_errors(sysutils: Run) -> None:
    done = sysutils("ps", "-z")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr == b"error: unsupported SysV option\n" + sysutils("ps", "--help", "?").stdout


def test_version_and_fields(sysutils: Run) -> None:
    assert re.fullmatch(rb"ps from sysutils \d\S*\n", sysutils("ps", "-V").stdout)
    lines = sysutils("ps", "L").stdout.decode().splitlines()
    assert len(lines) > 150
    assert lines == sorted(lines)
    for line in lines:
        name, header = line.split()
        assert FIELDS[name].header == header
    assert b"personality" in sysutils("ps", "--info").stderr


def test_completion() -> None:
    assert values("sysutils ps -o pid,rs") == ["pid,rss", "pid,rssize", "pid,rsz"]
    assert values("sysutils ps -e --sort pid,-pcp") == ["pid,-pcpu"]
    assert values("sysutils ps --sort pid,+nlw") == ["pid,+nlwp"]
    assert "root" in values("sysutils ps -u ro")
    assert "acflag" not in values("sysutils ps -o acf")
    assert "--forest" in values("sysutils ps --for")
    assert values("sysutils ps --help th") == ["threads"]
