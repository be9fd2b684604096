"""top -b beside procps' on recorded machines, on machines made for a case, and on one that changes."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.test_ps_classic import split
from tests.support import classic, trees
from tests.support.golden import difference
from tests.support.sidebyside import compare
from tests.support.stage import ROOT, Request, StageUnavailable, stage
from tests.support.strict import skip

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.classic
UTF8 = {"LC_ALL": "C.UTF-8"}


def same(tree: str | Path, line: str, *, record: bool = False) -> None:
    """Standard output, standard error and status are the classic's."""
    if os.geteuid() != 0:
        pytest.skip("top shows who owns the recorded processes, which need root to make")
    env, words = split(line)
    compare(tree, ["top", *words], env={**UTF8, **env}, record=record, stderr=True)


def cases(text: str) -> list[str]:
    return [line.strip() for line in text.split(";") if line.strip()]


# --- frames


@pytest.mark.parametrize("line", ["-b -n 1", "LC_ALL=C -bn1 -w 100 -c -o -USER"])
def test_a_crowd_with_recorded_answers(line: str) -> None:
    same("crowd", line, record=True)


@pytest.mark.parametrize(
    "line",
    ["-b -n 1", "-b -n 2 -d 0.1", "-bHn1", "-b -n 1 -u ada -c -w 120", "-b -o X", "-b -n 0", "-bZ"],
)
def test_a_small_machine_with_recorded_answers(line: str) -> None:
    same("small", line, record=True)


FRAMES = """
-bn1 -c -w 512; -b -n 1 -H; -b -n 1 -H -c -w 200;
-b -n 1 -i; -b -n 1 -S; -b -n 1 -1; -b -n 1 -1 -w 83; -b -n 1 -1 -w 170;
LC_ALL=C -b -n 1 -w 300 -c; -b -n 1 -w 77; -b -n 1 -w 78; -b -n 1 -w 79 -c; -b -n 1 -w 83 -c;
-b -n 1 -u root; -b -n 1 -u !root; -b -n 1 -u ada; -b -n 1 -U 1000; -b -n 1 -U !1000; -b -n 1 -U nobody;
-b -n 1 -e m; -b -n 1 -e g -E g; -b -n 2 -d 0.1 -p 21107,2,1; -b -n 1 -H -p 21208,21205;
LINES=20 -b -n 1 -w; COLUMNS=50 -b -n 1
"""


@pytest.mark.parametrize("line", cases(FRAMES))
def test_frames_of_a_crowd(line: str) -> None:
    same("crowd", line)


KEYS = """
PID PPID UID -USER RUID -RUSER SUSER GROUP PGRP TTY TPGID PR -NI nTH %MEM VIRT SWAP RES CODE DATA SHR nMaj
-nMin S COMMAND WCHAN Flags CGROUPS SUPGIDS OOMa OOMs ENVIRON USED nsIPC LXC RSan RSlk LOGID EXE PSS PSan USS
ioR ioRop AGID STARTED -ELAPSED %CUU %CUC TIME+ -COMMAND
"""


@pytest.mark.parametrize("key", KEYS.split())
def test_order(key: str) -> None:
    same("crowd", f"-b -n 1 -w 100 -o {key}")


ORDERS = "-H -o RES; -H -o -S; -H -o TGID; -H -o RSan; -H -o LOGID; -S -o TIME+; -c -o COMMAND"
ORDERS += "; -o -TIME+ -o PID"


@pytest.mark.parametrize("line", cases(ORDERS))
def test_order_with_other_options(line: str) -> None:
    same("crowd", f"-b -n 1 {line}")


# --- the words

WORDS = r"""
-b -n = 1; -b -n= 1; -bn=1; --iterations = 1 -b; -b -n ' 1'; -b -n 0x1; -b -n 1 -d 0,5; -b -n 1 -d 1e-1;
-b -n 1 -d 0x10; -b -n 1 -p 1,2,; -b -n 1 -p 0x10; -b -n 1 -p 1x; -b -n 1 -p '1 ,2';
-b -n 1 -p 2110,1,1 -o -PID; -b -n 1 -p 99999999999;
-b -n 1 -p 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21; -b -n 1 -p 1 -p x; -b -n 1 -o = PID;
-b -n 1 -o PID -o USER; -b -n 1 -E K; -b -n 1 -E e; -b -n 1 -u 4242; -b -n 1 -u -1; -b -n 1 -u !;
-b -n 1 -u ' 0'; -b -n 1 -s; -b -n 1 -w 3; -b -n 1 -w 6; -b -n 1 -w = 70; -b -n 1 -w 0x46;
-b -n 1 --width; -b -n 1 --width =70; -b -n 1 --single; -b -n 1 -c -c -i -i -S -S -1 -1;
-b -n 3 -d 0 -p 1; -bn1cSH1i; COLUMNS=2 -b -n 1; COLUMNS=600 -b -n 1 -c; COLUMNS='100 ' -b -n 1;
COLUMNS=+50 -b -n 1; COLUMNS=60 -b -n 1 -w; COLUMNS=60 -b -n 1 -w 70; LINES=7 -b -n 1 -w;
LINES=6 -b -n 1 -w -1; LINES=3 -b -n 1 -w; LINES=0 -b -n 1 -w; LINES=9 -b -n 1
"""
REFUSED = r"""
-Z; -b -Z; -n 0; -b -n 0; -b -d x; -b --foo; -b -n; -b -o X; -b foo; -b -u nosuch; -b -p 1 -u root;
-b -n 1=; -b -n '1 '; -b -n 1x; -b -n 08; -b -n -1; -b -n 99999999999; -b -n 1 -d 1e; -b -n 1 -d -1;
-b -n 1 -d '1 '; -b -n 1 -d ''; -b -n 1 -d inf; -b -n 1 -d 1_0; -b -n 1 -d .; -b -n =; -b -n 1 -p ,1;
-b -n 1 -p 1,,2; -b -n 1 -p 1,a,3; -b -n 1 -p -1; -b -n 1 -p 1,2-3,4; -b -n 1 -p ''; -b -n 1 -o pid;
-b -n 1 -o ++PID; -b -n 1 -o +; -b -n 1 -E kk; -b -n 1 -e e; -b -n 1 -u 1000x; -b -n 1 -u !nosuch;
-b -n 1 -u root -u root; -b -n 1 -U root -u root; -b -n 1 -d 3 -s; -b -n 1 -w 2; -b -n 1 -w 513;
-b -n 1 -w x; -b -n 1 -w= -p 1; -b -n 1 -w70x; -b -n 1 -w -5; -b -n 1 -w ''; -b -n 1 -w -- -p 1;
-b -n 1 -; -b -n 1 --s; -b -n 1 --batch-mode=x; -O; -b -O x
"""


@pytest.mark.parametrize("line", cases(WORDS))
def test_words(line: str) -> None:
    same("small", line)


@pytest.mark.parametrize("line", cases(REFUSED))
def test_words_that_lead_to_no_frame(line: str) -> None:
    env, words = split(line)
    compare("small", ["top", *words], env={**UTF8, **env}, record=False, stderr=True, owners=False)


@pytest.mark.root
@pytest.mark.parametrize("words", ["-b -n 1", "-b -n 1 -w", "-b -n 1 -w 90"])
@pytest.mark.parametrize("columns", ["", "70"])
def test_a_batch_on_a_terminal(words: str, columns: str) -> None:
    env = {**UTF8, "TERM": "xterm", **({"COLUMNS": columns} if columns else {})}
    compare("small", ["top", *words.split()], env=env, tty=(100, 24), record=False)


# --- machines made for a case


def made(
    processes: dict[int, dict[str, Any]], files: dict[str, str] | None = None, threads: bool = False
) -> Path:
    """The small machine with other processes: pid -> fields of stat, and what statm holds."""
    proc = trees.fresh("small")
    proc.chmod(0o755)
    _, _, rest = (proc / "2001/stat").read_text().rpartition(") ")
    places = {
        "state": 0,
        "majflt": 9,
        "utime": 11,
        "stime": 12,
        "cutime": 13,
        "priority": 15,
        "nice": 16,
    }
    for old in ("17", "612", "2001", "2050", "2077", "2080"):
        trees.remove(proc / old)
    for pid, fields in processes.items():
        values = rest.split()
        for name, value in fields.items():
            if name in places:
                values[places[name]] = str(value)
        where = proc / f"{pid}"
        where.mkdir()
        (where / "stat").write_text(f"{pid} (p{pid}) {' '.join(values)}\n")
        (where / "statm").write_text(fields.get("statm", "100 50 20 5 0 30 0") + "\n")
        shutil.copy(proc / "1/status", where / "status")
        (where / "cmdline").write_text(f"p{pid}\0")
        (where / "task").mkdir()
        if threads:
            shutil.copytree(where, where / f"task/{pid}", ignore=shutil.ignore_patterns("task"))
    for name, text in (files or {}).items():
        (proc / name).chmod(0o644)
        (proc / name).write_text(text)
    return proc


def test_cpu_time_in_the_unit_that_fits() -> None:
    minutes = [0, 1, 99, 300, 360, 361, 400, 1440, 5759, 5819, 5820, 6000, 7200, 20000, 21599, 21600, 21601,
               100800, 1008000, 9999 * 10080, 10000 * 10080, 99999 * 10080]  # fmt: skip
    times = {3000 + i: {"utime": count * 6000 + 5999} for i, count in enumerate(minutes)}
    same(made(times), "-b -n 1 -o -PID")


def test_sizes_in_the_unit_that_fits() -> None:
    kib = [9996, 99996, 999996, 9999996, 10000000, 101375 * 1024, 9999 << 10, 999 << 20, 1000 << 20,
           9999 << 20, 99 << 30, 999 << 30, 1048628432, 1048628480, 9999 << 30, 10000 << 30]  # fmt: skip
    sizes = {
        3000 + i: {"statm": f"{size // 4} {size // 4} {size // 8} 5 0 30 0"}
        for i, size in enumerate(kib)
    }
    proc = made(sizes)
    for scale in "kmgtp":
        same(proc, f"-b -n 1 -o -PID -e {scale}")


def test_numbers_too_wide_for_their_column() -> None:
    levels = [(-99, -119), (-100, 0), (99, 79), (999, 979), (1000, 980), (-98, -9)]
    states = {
        3000 + i: {"priority": level, "nice": nice, "state": state}
        for i, ((level, nice), state) in enumerate(zip(levels, "DIXPtW", strict=True))
    }
    same(made({**states, 123456: {}, 1234567: {}}), "-b -n 1")


def test_as_wide_as_process_ids_may_be() -> None:
    same(made({123456: {}, 4194303: {}}, {"sys/kernel/pid_max": "4194304\n"}), "-b -n 1")


@pytest.mark.parametrize(
    "meminfo",
    [
        "MemTotal: 99999999 kB\nMemFree: 50000000 kB\nMemAvailable: 66666666 kB\nSwapFree: 5 kB\n",
        "MemTotal: 1999999999 kB\nMemFree: 999999999 kB\nMemAvailable: 1333333332 kB\nBuffers: 7 kB\n",
        "MemTotal: 1000 kB\nMemFree: 300 kB\nBuffers: 10 kB\nCached: 20 kB\nSwapTotal: 70000000 kB\n",
        "MemTotal: 1000 kB\nMemFree: 300 kB\nMemAvailable: 2000 kB\nSReclaimable: 20 kB\n",
    ],
)
def test_memory_of_the_system(meminfo: str) -> None:
    proc = made({}, {"meminfo": meminfo})
    for scale in "kmg":
        same(proc, f"-b -n 1 -E {scale}")


@pytest.mark.parametrize("cpus", [1, 3, 4])
def test_some_number_of_cpus(cpus: int) -> None:
    lines = "".join(f"cpu{i} 10 0 10 100 0 0 0 0 0 0\n" for i in range(cpus))
    same(
        made({}, {"stat": f"cpu  10 0 10 100 0 0 0 0 0 0\n{lines}btime 1772265399\n"}),
        "-bn1 -1w 180",
    )


# --- a machine that changes between two frames

_BEFORE: dict[int, dict[str, Any]] = {
    3000: {"utime": 100}, 3001: {"utime": 100}, 3002: {"utime": 100}, 3003: {"utime": 5}, 3004: {},
    3005: {"utime": 5, "cutime": 4}, 3006: {"majflt": 5}, 3007: {"utime": 7},
}  # fmt: skip
_AFTER: dict[int, dict[str, Any]] = {
    3000: {"utime": 133}, 3001: {"utime": 101}, 3002: {"utime": 5000}, 3003: {"utime": 105},
    3005: {"utime": 6, "cutime": 50}, 3006: {"majflt": 50}, 3007: {"utime": 11, "state": "R"},
    3050: {"utime": 55, "majflt": 500},
}  # fmt: skip
_CPUS = "cpu{} {} 100 {} {} 50 20 {} 10 0 0\n"


def _system(change: int) -> dict[str, str]:
    cpus = [_CPUS.format(" ", 1000 + change, 500, 10000 + 2 * change, 30)]
    cpus += [_CPUS.format(i, 500 + change * i, 250, 5000 + change, 15 + i) for i in (0, 1)]
    return {
        "stat": "".join(cpus) + "btime 1772265399\n",
        "uptime": f"{1000 + change / 31:.2f} 500.00\n",
    }


#: runs a command and changes files once a frame is there; told when it was too late
_CHANGE = """
import json, os, shutil, subprocess, sys
end, files, gone, words = json.loads(sys.argv[1])
with subprocess.Popen(words, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as process:
    output = process.stdout.fileno()
    seen = b""
    while not seen.rstrip().endswith(end.encode()) and (data := os.read(output, 65536)):
        seen += data
    for name, text in files.items():
        os.makedirs(os.path.dirname(name), exist_ok=True)
        with open(name, "w") as file:
            file.write(text)
    shutil.rmtree(gone)
    os.set_blocking(output, False)
    late = b"top -" in (process.stdout.read() or b"")
    os.set_blocking(output, True)
    seen += process.stdout.read()
sys.stdout.buffer.write(seen)
sys.exit(75 if late else 0)
"""


def _two_frames(words: list[str], end: str, program: tuple[str, ...]) -> bytes:
    """The second frame, from its line of tasks on."""
    threads = "-H" in words
    after = made(_AFTER, _system(33), threads)
    names = [f"{pid}/{name}" for pid in _AFTER for name in ("stat", "statm", "status")]
    if threads:
        names += [
            f"{pid}/task/{pid}/{name}" for pid in _AFTER for name in ("stat", "statm", "status")
        ]
    files = {f"/proc/{name}": (after / name).read_text() for name in [*names, "stat", "uptime"]}
    env = {"PATH": classic.PATH, "LC_ALL": "C", "TZ": "UTC0", "PYTHONPATH": str(ROOT)}
    options = ["-b", "-n", "2", "-d", "1", "-w", "120", *words]
    orders = json.dumps([end, files, "/proc/3004", [*program, *options]])
    for _ in range(5):
        here = stage(made(_BEFORE, _system(0), threads))
        answer = here.run(Request(sys.executable, sys.executable, ("-c", _CHANGE, orders), env))
        here.close()
        if answer.returncode != 75:
            break
    assert (answer.returncode, answer.stderr) == (0, b"")
    return answer.stdout.split(b"\ntop -", 1)[1].partition(b"\n")[2]


@pytest.mark.parametrize(
    ("words", "end"),
    [("", "p3007"), ("-1 -S", "p3007"), ("-i", "COMMAND"), ("-o vMj", "p3007"), ("-H", "p3007")],
)
def test_the_second_frame_is_about_what_changed(words: str, end: str) -> None:
    path = classic.program("top")
    if path is None:
        skip("top is not installed")
    if classic.version("top") != "4.0.2":
        skip(f"top is {classic.version('top')}, not 4.0.2")
    try:
        theirs = _two_frames(words.split(), end, (path,))
        mine = _two_frames(words.split(), end, (sys.executable, "-m", "sysutils", "top"))
    except StageUnavailable as error:
        pytest.skip(str(error))
    wrong = difference(theirs, mine)
    assert not wrong, wrong
    if words == "":
        assert re.search(rb"^ 3002 .* 100\.0 .*p3002$", mine, re.MULTILINE)
