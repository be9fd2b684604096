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
    from pathlib import Path


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


def _sentences(words: str) -> str:
    done = run(*words.split())
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("ionice -P 1", "process groups: not supported on Windows"),
        ("ifconfig lo mtu 1400", "not supported on Windows"),
        ("lsof -N", "not supported on Windows"),
    ],
)
def test_what_windows_has_not(words: str, what: str) -> None:
    assert _sentences(words) == f"{words.split(maxsplit=1)[0]}: {what}\n"


def test_ionice() -> None:
    """What wine lacks is an error with the reason; nothing is made up."""
    assert _sentences("ionice").startswith("ionice: ioprio_get failed: Invalid parameter")
    assert _sentences(f"ionice -c idle -p {os.getpid()}").startswith("ionice: ioprio_set failed:")
    done = run("ionice", "-t", "-c", "idle", sys.executable, "-c", "import sys; sys.exit(9)")
    assert (done.returncode, done.stderr) == (9, "")


def test_users(child: subprocess.Popen[bytes]) -> None:
    name = os.environ["USERNAME"]
    whole = psutil.Process().username()
    assert whole.endswith(f"\\{name}")
    for word in (name, whole):
        told = rows("ps", "-u", word, "-o", "pid,user,uid")
        by_pid = {row["pid"]: row for row in told}
        assert by_pid[child.pid]["user"] == whole
        assert (
            by_pid[child.pid]["euid"] == 0x30000 + 1000
        )  # as Cygwin numbers accounts of the machine
    assert lines("ps", "-p", str(child.pid), "-o", "user=,uid=") == [f"{name.ljust(8)} 197608"]
    assert str(child.pid) in lines("lsof", "-t", "-u", name)
    assert "user name does not exist" in run("ps", "-u", "no such user").stderr


def test_who() -> None:
    (line,) = lines("who")
    assert re.match(rf"{os.environ['USERNAME']} +\? +\d{{4}}-\d\d-\d\d \d\d:\d\d$", line)


def test_iotop(child: subprocess.Popen[bytes]) -> None:
    first, second, head, *body = lines("iotop", "-b", "-n", "1", "-p", str(child.pid))
    assert "Total DISK READ" in first
    assert "Current DISK READ:       - B/s" in second  # wine's disks do not count
    assert head.split()[:3] == ["PID", "PRIO", "USER"]
    (line,) = body
    assert line.split()[0] == str(child.pid)
    (row,) = [row for row in rows("iotop", "-n", "1") if row["pid"] == child.pid]
    counters = psutil.Process(child.pid).io_counters()
    assert (row["type"], row["read_bytes"]) == ("process", 0)
    assert counters.read_bytes == 0


def test_iostat() -> None:
    told = lines("iostat", "-c")
    assert told[0].startswith("Windows 10 (")
    assert told[2].split() == "avg-cpu: %user %nice %system %iowait %steal %idle".split()  # noqa: SIM905
    shares = [float(word) for word in told[3].split()]
    assert abs(sum(shares) - 100) < 0.1
    assert lines("iostat", "-d")[2].startswith("Device ")


def test_pmap(child: subprocess.Popen[bytes]) -> None:
    first, *body, total = lines("pmap", str(child.pid))
    assert first.startswith(f"{child.pid}:   ")
    assert any(line.endswith("r-x-- python.exe") for line in body)
    assert any(line.endswith("[ stack ]") for line in body)
    assert re.fullmatch(r" total +\d+K", total)
    told = rows("pmap", str(child.pid))
    theirs = psutil.Process(child.pid).memory_maps(grouped=False)
    ours = {row["addr"].partition("-")[0]: row for row in told}
    for one in theirs:
        row = ours[one.addr.removeprefix("0x")]
        assert row["size"] == one.rss
        assert row["path"].rpartition("\\")[2] == one.path.rpartition("\\")[2]
    head, *_ = lines("pmap", "-x", str(child.pid))[1:]
    assert head.split() == ["Address", "Kbytes", "RSS", "Dirty", "Mode", "Mapping"]
    assert run("pmap", "999999").returncode == 42


def test_lsof(tmp_path: Path) -> None:
    import socket

    held, link = tmp_path / "held by lsof.txt", str(os.getpid())
    with held.open("w") as file, socket.create_server(("127.0.0.1", 0)) as server:
        file.write("x")
        port = server.getsockname()[1]
        told = rows("lsof", "-p", link)
        paths = {row["name"].lower() for row in told if row["type"] == "REG"}
        assert {one.path.lower() for one in psutil.Process().open_files()} <= paths
        assert {row["fd"]: row["name"] for row in told}["txt"] == psutil.Process().exe()
        assert {row["fd"]: row["name"] for row in told}["cwd"] == os.getcwd()
        (row,) = [row for row in told if row["name"] == str(held)]
        assert (row["type"], row["mode"], row["size"]) == ("REG", "w", 0)
        (line,) = lines("lsof", "-nP", f"-iTCP:{port}")[1:]
        assert line.split()[1] == link
        assert line.endswith(f"TCP 127.0.0.1:{port} (LISTEN)")
        assert lines("lsof", "-t", "-i", f":{port}") == lines("lsof", "-t", str(held)) == [link]
        assert lines("lsof", "-Fpn", str(held)) == [f"p{link}", f"n{held}"]
        below = run("lsof", "-F", "n", "+D", str(tmp_path)).stdout.splitlines()
        assert f"n{held}" in below
    assert run("lsof", "-i", f"TCP:{port}", "-s", "TCP:LISTEN").returncode == 1


def test_ifconfig_and_netstat_i() -> None:
    told = {row["name"]: row for row in rows("ifconfig", "-a")}
    stats, addresses = psutil.net_if_stats(), psutil.net_if_addrs()
    assert set(told) == set(psutil.net_io_counters(pernic=True))
    for name, row in told.items():
        assert row["mtu"] == stats[name].mtu
        assert ("running" in row["flags"]) == stats[name].isup
        theirs = [one for one in addresses[name] if one.family == 2]
        assert [one.partition("/")[0] for one in row["inet"]] == [one.address for one in theirs]
    assert lines("ifconfig", "lo")[0].startswith("lo: flags=")
    body = lines("netstat", "-i")
    assert body[0] == "Kernel Interface table"
    assert {line.split()[0] for line in body[2:]} <= set(told)
    assert "Device not found" in run("ifconfig", "none such").stderr


def test_netstat_r_and_s() -> None:
    assert lines("netstat", "-rn")[:2] == [
        "Kernel IP routing table",
        "Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface",
    ]
    names = set(psutil.net_if_stats())
    assert {row["iface"] for row in rows("netstat", "-r", "-n")} <= names
    assert all(row["prefixlen"] <= 128 for row in rows("netstat", "-rn6"))
    body = lines("netstat", "-s")
    for title in ("Ip:", "Icmp:", "Tcp:", "Udp:"):
        assert title in body
    counts = {(row["protocol"], row["name"]): row["value"] for row in rows("netstat", "-s")}
    assert counts["Ip", "InReceives"] >= 0
    assert counts["Tcp", "InSegs"] >= counts["Tcp", "CurrEstab"]
    assert lines("netstat", "-g", "-n")[0] == "IPv6/IPv4 Group Memberships"
