"""Commands on a system that tells what psutil's API has everywhere, and nothing more."""

from __future__ import annotations

import json

import pytest

from tests.support import elsewhere


def run(*words: str) -> tuple[str, str, int]:
    done = elsewhere.run(
        "minimal", "tests.support.minimal:modules", words, TZ="UTC", LC_ALL="C.UTF-8", COLUMNS="200"
    )
    return done.stdout.decode(), done.stderr.decode(), done.returncode


def rows(*words: str) -> list[dict[str, object]]:
    text, error, status = run(*words, "--json")
    assert (error, status) == ("", 0)
    found: list[dict[str, object]] = json.loads(text)
    return found


def test_ps_shows_what_there_is_and_a_dash_for_the_rest() -> None:
    text, error, status = run(
        "ps", "-p", "1,20,30", "-o", "pid,ppid,user,stat,time,rss,tty,wchan,args"
    )
    assert (error, status) == ("", 0)
    assert text == (
        "  PID  PPID USER     STAT     TIME   RSS TT       WCHAN  COMMAND\n"
        "    1     0 root     S    00:00:01  1024 -        -      /sbin/init splash\n"
        "   20     1 me       R    00:00:20 20480 -        -      -sh\n"
        "   30    20 root     S           -     - -        -      [secret]\n"
    )


def test_ps_presets() -> None:
    assert run("ps", "-ef")[0].startswith(
        "UID        PID  PPID  C STIME TTY          TIME CMD\n"
        "root         1     0  0  2023 -        00:00:01 /sbin/init splash\n"
    )
    assert run("ps", "aux")[0].startswith(
        "USER       PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n"
        "root         1  0.0  0.0   4096  1024 -        S     2023   0:01 /sbin/init splash\n"
    )


def test_ps_without_options_shows_the_users_own() -> None:
    commands = [row["comm"] for row in rows("ps")]
    assert commands == ["shell", "python"]


def test_ps_sorts_what_is_known_before_what_is_not() -> None:
    found = rows("ps", "-e", "-o", "pid,rss,nice,wchan", "--sort=-rss")
    assert [row["pid"] for row in found][1:] == [20, 1, 30]  # the first is the program itself
    assert found[-1] == {"pid": 30, "rss": None, "nice": 0, "wchan": None}


def test_ps_draws_the_tree() -> None:
    text = run("ps", "-e", "-o", "args", "--forest", "--no-headers")[0]
    assert text == ("/sbin/init splash\n-sh\n \\_ [secret]\n \\_ python -m sysutils\n")


def test_top() -> None:
    text, error, status = run("top", "-b", "-n", "1", "-w", "80")
    assert (error, status) == ("", 0)
    lines = text.splitlines()
    assert (
        lines[3]
        == "MiB Mem :   8192.0 total,   5120.0 free,   2048.0 used,      0.0 buff/cache     "
    )
    by_pid = {line.split()[0]: line for line in lines[7:]}
    assert by_pid["20"].split() == [
        "20",
        "me",
        "-",
        "0",
        "81920",
        "20480",
        "0",
        "R",
        "0.0",
        "0.2",
        "0:20.50",
        "shell",
    ]
    assert by_pid["30"].split() == [
        "30",
        "root",
        "-",
        "0",
        "0",
        "0",
        "0",
        "S",
        "0.0",
        "0.0",
        "0:00.00",
        "secret",
    ]


def test_free_uptime_df_pidof_who() -> None:
    assert run("free", "-m")[0].splitlines()[1:] == [
        "Mem:            8192        2048        5120           0           0        6144",
        "Swap:           2048        1024        1024",
    ]
    assert run("uptime", "-p")[0] == "up 1 day, 3 hours, 46 minutes\n"
    assert " 1 user,  load average: 0.50, 0.25, 0.12\n" in run("uptime")[0]
    assert run("df", "-h")[0].splitlines()[1] == "disk0           100M   40M   60M  40% /"
    assert run("pidof", "shell") == ("20\n", "", 0)
    assert run("who")[0] == "me       pts/0        2023-11-14 23:36 (example)\n"


def test_netstat() -> None:
    text, error, status = run("netstat", "-tuanp")
    assert (error.replace(elsewhere.NOT_ALL, ""), status) == ("", 0)
    assert [line.split() for line in text.splitlines()[2:]] == [
        ["tcp", "-", "-", "0.0.0.0:22", "0.0.0.0:*", "LISTEN", "1/init"],
        ["tcp", "-", "-", "10.0.0.1:22", "10.0.0.2:5555", "ESTABLISHED", "20/shell"],
        ["udp6", "-", "-", "::1:53", ":::*", "-"],
    ]
    assert [row["pid"] for row in rows("netstat", "-kind", "tcp")] == [1, 20]
    assert run("netstat", "-tane")[0].splitlines()[2].split()[-2:] == [
        "-",
        "1",
    ]  # no owner, no user 0
    (first, *_) = rows("netstat", "-tane")
    assert (first["recv_q"], first["uid"], first["user"]) == (None, None, None)


@pytest.mark.parametrize(
    "words",
    ["netstat -r", "netstat -x", "netstat -s", "lsof", "pmap 1", "ifconfig", "iostat", "iotop -b -n 1",
     "taskset -p 1", "ionice -p 1"],
)  # fmt: skip
def test_what_the_system_does_not_tell_is_said_so(words: str) -> None:
    command = words.split(maxsplit=1)[0]
    assert run(*words.split()) == ("", f"{command}: not supported on minimal\n", 1)
