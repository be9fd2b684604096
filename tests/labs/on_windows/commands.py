"""The commands on Windows, as somebody types them."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import psutil
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """``sysutils WORDS``; never a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "sysutils", *words], capture_output=True, text=True, encoding="utf-8",
        errors="surrogateescape", stdin=subprocess.DEVNULL, check=False, timeout=120,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done


def lines(*words: str) -> list[str]:
    done = run(*words)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def rows(*words: str) -> list[Any]:
    found: list[Any] = json.loads("\n".join(lines(*words, "--json")))
    return found


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "käse"])
    time.sleep(0.5)
    yield started
    started.kill()
    started.wait()


def test_ps(child: subprocess.Popen[bytes]) -> None:
    head, *body = lines("ps", "aux")
    assert head.split() == "USER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND".split()  # noqa: SIM905
    assert {int(line.split()[1]) for line in body} >= {child.pid, os.getpid()}
    (own,) = [line for line in body if int(line.split()[1]) == child.pid]
    assert own.rstrip().endswith("käse")
    assert lines("ps", "-ef")[0].split()[:3] == ["UID", "PID", "PPID"]
    told = {row["pid"]: row for row in rows("ps", "-eo", "pid,ppid,comm,nice,rss,state")}
    process = psutil.Process(child.pid)
    assert told[child.pid]["ppid"] == process.ppid() == os.getpid()
    assert told[child.pid]["comm"] == process.name()
    assert abs(told[child.pid]["rss"] - process.memory_info().rss) < 8 << 20
    assert (told[child.pid]["nice"], told[child.pid]["state"]) == (0, "R")


def test_df() -> None:
    head, *body = lines("df")
    assert head.split()[0] == "Filesystem"
    assert [line.split()[-1] for line in body] == [
        part.mountpoint for part in psutil.disk_partitions()
    ]
    told = {row["target"]: row for row in rows("df")}
    assert told["C:\\"]["size"] == psutil.disk_usage("C:\\").total


def test_free() -> None:
    told = rows("free")
    assert told[0]["total"] == psutil.virtual_memory().total
    assert re.match(r"Mem: +\d+ +\d+ +\d+", lines("free", "-m")[1])


def test_netstat() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        body = lines("netstat", "-n", "-kind", "tcp")
        assert any(f"127.0.0.1:{port} " in line and "LISTEN" in line for line in body)
        assert any(f":{port} " in line for line in lines("netstat", "-tlnp"))


@pytest.mark.parametrize(
    ("words", "shape"),
    [
        (["uptime"], r" \d\d:\d\d:\d\d up .*load average"),
        (["uptime", "-p"], r"up \d+"),
        (["kill", "-l"], r"INT KILL TERM BREAK"),
        (["kill", "-l", "9"], r"KILL"),
        (["nice"], r"0"),
        (["pidof", "services.exe"], r"\d+"),
        (["top", "-b", "-n1"], r"top - \d\d:\d\d"),
        (["--help"], r"Usage: sysutils"),
        (["ps", "--help"], r"Usage: sysutils ps"),
        (["--version"], r"sysutils"),
    ],
)
def test_what_is_written(words: list[str], shape: str) -> None:
    assert re.match(shape, "\n".join(lines(*words)))


def test_top_shows_processes(child: subprocess.Popen[bytes]) -> None:
    assert any(line.split()[:1] == [str(child.pid)] for line in lines("top", "-b", "-n1"))


def test_tty() -> None:
    done = run("tty")
    assert (done.returncode, done.stdout) == (1, "not a tty\n")


@pytest.mark.parametrize("words", [["-9"], ["-TERM"], ["-s", "KILL"], []])
def test_kill(words: list[str]) -> None:
    started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    assert lines("kill", "-0", str(started.pid)) == []
    assert lines("kill", *words, str(started.pid)) == []
    assert started.wait(20) == 15
    done = run("kill", str(started.pid))
    assert done.returncode == 1
    assert "No such process" in done.stderr


def test_nice_and_taskset_run_programs() -> None:
    program = "import psutil; p = psutil.Process(); print(int(p.nice()), p.cpu_affinity())"
    assert lines("nice", "-n", "19", sys.executable, "-c", program)[0].startswith("64 ")
    assert lines("taskset", "-c", "0", sys.executable, "-c", program)[0].endswith(" [0]")
    done = run("nice", sys.executable, "-c", "import sys; sys.exit(7)")
    assert done.returncode == 7
    done = run("nice", "no such program")
    assert done.returncode == 127


def test_taskset_of_a_process(child: subprocess.Popen[bytes]) -> None:
    lines("taskset", "-pc", "0", str(child.pid))
    assert psutil.Process(child.pid).cpu_affinity() == [0]
    (line,) = lines("taskset", "-p", str(child.pid))
    assert line == f"pid {child.pid}'s current affinity mask: 1"


def test_csv() -> None:
    told = list(csv.DictReader(io.StringIO("\n".join(lines("ps", "-e", "--csv")))))
    assert {int(row["pid"]) for row in told} >= {os.getpid()}


@pytest.mark.parametrize("command", ["ionice", "iotop", "lsof", "pmap", "iostat", "ifconfig"])
def test_what_windows_has_not(command: str) -> None:
    operands = {"pmap": [str(os.getpid())], "ionice": ["-p", "1"]}
    done = run(command, *operands.get(command, []))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{command}: not supported on Windows\n"
