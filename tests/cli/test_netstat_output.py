"""netstat: -kind, what programs get, what a terminal gets."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from typing import Any

import pytest

from sysutils.cli.netstat_choice import KINDS, Choice, View
from tests.cli.conftest import environment
from tests.cli.test_completion import values
from tests.support.sidebyside import Case, _ours_anyhow, compare, run_ours
from tests.support.stage import StageUnavailable

TABLES = ["tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "raw", "raw6", "unix"]


def ours(*words: str, tree: str = "sockets", **settings: Any) -> bytes:
    """Our standard output about a recorded machine; there must be no error."""
    answer = _ours_anyhow(Case(tree, ("netstat", *words), **settings))
    assert (answer.returncode, answer.stderr) == (0, b"")
    return answer.stdout


def told(*words: str, tree: str = "sockets") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(ours(*words, "--json", tree=tree))
    return found


# --- -kind


@pytest.mark.oracle
def test_the_kinds_are_psutil_s() -> None:
    psutil = pytest.importorskip("psutil")
    with pytest.raises(ValueError, match="invalid") as error:
        psutil.net_connections("no such kind")
    named = re.findall(r"'(\w+)'", str(error.value).partition(":")[2] or str(error.value))
    assert set(KINDS) == set(named) - {"no such kind"}


@pytest.mark.parametrize(
    ("kind", "tables"),
    [
        ("inet", ["tcp", "tcp6", "udp", "udp6"]), ("inet4", ["tcp", "udp"]), ("inet6", ["tcp6", "udp6"]),
        ("tcp", ["tcp", "tcp6"]), ("tcp4", ["tcp"]), ("tcp6", ["tcp6"]), ("udp", ["udp", "udp6"]),
        ("udp4", ["udp"]), ("udp6", ["udp6"]), ("unix", ["unix"]),
        ("all", ["tcp", "tcp6", "udp", "udp6", "unix"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "spelling", ["-kind {}", "-kind={}", "--kind {}", "--kind={}", "-n -kind {}"]
)
def test_a_kind_shows_its_sockets_in_all_states(
    spelling: str, kind: str, tables: list[str]
) -> None:
    rows = told(*spelling.format(kind).split())
    assert list(dict.fromkeys(row["protocol"] for row in rows)) == tables
    every = [row for row in told("-a") if row["protocol"] in tables]
    assert rows == every


@pytest.mark.parametrize(
    ("words", "classic"),
    [
        ("-kind tcp", "-ta"), ("-kind tcp -n", "-tan"), ("-kind tcp -l", "-tl"), ("-kind tcp -la", "-ta"),
        ("-kind tcp -nlp", "-tnlp"), ("-kind tcp4 -n", "-4tan"), ("-kind tcp6 -n", "-6tan"),
        ("-kind udp -neo", "-uaneo"), ("-kind unix", "-xa"), ("-kind unix -lp", "-xlp"),
        ("-kind inet -n", "-tuan"), ("-kind all -n", "-tuxan"), ("-kind tcp -nW", "-tanW"),
        ("-nkind tcp", ""), ("-kind tcp -4 -n", "-4tan"), ("-kind tcp -un", "-tuan"),
        ("-kind tcp -xn", "-txan"),
    ],
)  # fmt: skip
def test_a_kind_in_the_classic_s_layout(words: str, classic: str) -> None:
    """``-kind`` alone, as a word of its own: in a cluster it is -n -k -i -n -d, which the classic refuses."""
    if not classic:
        answer = _ours_anyhow(Case("sockets", ("netstat", *words.split())))
        assert (answer.returncode, answer.stdout) == (3, b"")
        assert answer.stderr.startswith(b"netstat: invalid option -- 'k'\n")
        return
    assert ours(*words.split()) == ours(*classic.split())


@pytest.mark.parametrize(
    "words", [["-kind", "tpc"], ["-kind="], ["--kind", "inet,unix"], ["-kind=TCP"]]
)
def test_a_kind_that_is_none(words: list[str]) -> None:
    answer = _ours_anyhow(Case("sockets", ("netstat", *words)))
    assert (answer.returncode, answer.stdout) == (3, b"")
    first = answer.stderr.split(b"\n")[0].decode()
    assert re.match(r"netstat: invalid kind '.*'; valid ones are: ", first)
    assert first.partition(": ")[2].partition(": ")[2].split(", ") == list(KINDS)


def test_a_kind_needs_a_value() -> None:
    answer = _ours_anyhow(Case("sockets", ("netstat", "-kind")))
    assert answer.returncode == 3
    assert answer.stderr.startswith(b"netstat: option '-kind' requires an argument\n")


@pytest.mark.parametrize("words", ["-r", "-i", "-s", "-g", "-M"])
def test_a_kind_is_of_sockets(words: str) -> None:
    answer = _ours_anyhow(Case("sockets", ("netstat", words, "-kind", "tcp")))
    assert (answer.returncode, answer.stdout) == (3, b"")
    assert answer.stderr.startswith(b"netstat: -kind selects sockets")


def test_completion() -> None:
    assert values("sysutils netstat -kind ") == list(KINDS)
    assert values("sysutils netstat -kind u") == ["udp", "udp4", "udp6", "unix"]
    assert values("sysutils netstat -A inet") == ["inet", "inet6"]
    assert "-kind" in values("sysutils netstat -k")


# --- for programs


def test_each_socket_is_a_row(tree: Any) -> None:
    rows = told("-a")
    for name in TABLES:
        lines = (tree("sockets") / "net" / name).read_bytes().split(b"\n")[1:]
        expected = len([line for line in lines if b": " in line])
        assert len([row for row in rows if row["protocol"] == name]) == expected


def test_rows_say_what_the_lines_say() -> None:
    lines = ours("-tuwUanpe").decode(errors="surrogateescape").split("\n")[2:-1]
    rows = [row for row in told("-a") if row["protocol"] != "unix"]
    for row, line in zip(rows, lines, strict=True):
        words = line.split()
        assert (row["recv_q"], row["send_q"]) == (int(words[1]), int(words[2]))
        assert words[3].endswith(f":{row['laddr_port'] or '*'}")
        state, uid, inode = line[-54:-43], line[-42:-32], line[-31:-21]
        assert (row["status"] or "") == state.strip()
        assert (row["uid"], row["inode"]) == (int(uid), int(inode))
        holder = line[-20:].strip()
        assert holder == (
            "-" if row["pid"] is None else f"{row['pid']}/{row['program']}"[:19].strip()
        )
        if row["raddr_ip"] is None:
            assert row["raddr_port"] is None
            assert re.match(r"(0\.0\.0\.0|::):", words[4])


def test_unix_rows_say_what_the_lines_say() -> None:
    lines = ours("-xap").decode(errors="surrogateescape").split("\n")[2:-1]
    for row, line in zip(told("-xa"), lines, strict=True):
        assert row["refcount"] == int(line[6:12])
        assert row["flags"].split() == line[13:24].strip("[] ").split()
        assert row["type"] == f"SOCK_{line[25:35].strip()}"
        assert (row["status"] or "") == line[36:49].strip()
        assert (row["path"] or "").split()[:1] == line[80:].split()[:1]


def test_timers_only_where_asked_for() -> None:
    assert "timer" not in told("-tan")[0]
    timers = {row["timer"] for row in told("-tano")}
    assert "off" in timers
    assert timers <= {"off", "on", "keepalive", "timewait", "probe"}
    assert all(row["timer_expires"] == 0 for row in told("-tano") if row["timer"] == "off")


@pytest.mark.parametrize("words", ["-a", "-r -A inet,inet6", "-s", "-i", "-g", "-tano"])
def test_every_format_has_the_same_rows(words: str) -> None:
    rows = told(*words.split())
    assert rows
    lines = ours(*words.split(), "--jsonl").split(b"\n")[:-1]
    assert [json.loads(line) for line in lines] == rows
    text = ours(*words.split(), "--csv").decode(errors="surrogateescape")
    table = list(csv.DictReader(io.StringIO(text)))
    assert [list(row) for row in table] == [list(row) for row in rows]
    for one, other in zip(table, rows, strict=True):
        for name, value in other.items():
            if isinstance(value, int):
                assert one[name] == str(value)


def test_routes_in_numbers() -> None:
    rows = told("-rn")
    assert {row["family"] for row in rows} == {"AF_INET"}
    default = rows[0]
    assert (default["destination"], default["prefixlen"], default["netmask"]) == (
        "0.0.0.0",
        0,
        "0.0.0.0",
    )
    assert default["gateway"]
    assert any(row["gateway"] is None and row["prefixlen"] == 29 for row in rows)
    six = told("-rn6")
    assert {row["family"] for row in six} == {"AF_INET6"}
    assert {row["netmask"] for row in six} == {None}


def test_counters_by_the_kernel_s_names(tree: Any) -> None:
    rows = told("-s")
    data = (tree("sockets") / "net/snmp").read_text().splitlines()
    tcp = dict(zip(*(line.split()[1:] for line in data if line.startswith("Tcp:")), strict=True))
    found = {row["name"]: row["value"] for row in rows if row["protocol"] == "Tcp"}
    assert found == {name: int(number) for name, number in tcp.items()}
    assert {row["protocol"] for row in told("-s6")} == {"Ip6", "Icmp6", "Udp6", "UdpLite6", "Tcp"}
    assert "Udp" not in {row["protocol"] for row in told("-st")}


def test_two_tables_are_not_one() -> None:
    answer = _ours_anyhow(Case("sockets", ("netstat", "-gt", "--json")))
    assert (answer.returncode, answer.stdout) == (3, b"")
    assert b"two tables" in answer.stderr


# --- on a terminal


def on_terminal(*words: str) -> bytes:
    env = (("TERM", "xterm-256color"), ("LC_ALL", "C.UTF-8"))
    try:
        answer = run_ours(Case("sockets", ("netstat", *words), env, tty=(120, 40)))
    except StageUnavailable as error:
        pytest.skip(str(error))
    assert answer.returncode == 0
    return answer.stdout


@pytest.mark.parametrize(
    "words", ["-a", "-xap", "-tanp", "-r", "-s", "-i", "-g", "-6r", "-kind all"]
)
@pytest.mark.parametrize("form", ["--rich", "--plain"])
def test_no_control_characters_of_others_reach_a_terminal(words: str, form: str) -> None:
    text = on_terminal(*words.split(), form).decode()
    left = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert not re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]", left.replace("\r\n", "\n"))
    if form == "--plain":
        assert "\x1b" not in text


def test_states_have_colours_and_processes_names() -> None:
    text = on_terminal("-tan").decode()
    assert re.search(r"\x1b\[[0-9;]*mESTABLISHED", text)
    assert re.search(r"\x1b\[[0-9;]*mLISTEN", text)
    assert "/listener" in text


def test_columns_of_options_in_tables() -> None:
    heads = [
        re.sub(
            r"\x1b\[[0-9;]*m",
            "",
            ours(*words.split(), "--rich", env=(("COLUMNS", "250"),)).decode(),
        )
        for words in ("-tan", "-taneo")
    ]
    assert ("User" in heads[0], "Timer" in heads[0]) == (False, False)
    assert ("User" in heads[1], "Timer" in heads[1]) == (True, True)


# --- what the options select


def choice(**changes: Any) -> Choice:
    plain = Choice("sockets", (), frozenset(), "", False, View(), False, 0, True, False)
    return plain._replace(**changes)


@pytest.mark.parametrize(
    ("changes", "tables", "unix"),
    [
        ({}, ["tcp", "tcp6", "sctp", "sctp6", "udp", "udp6", "udplite", "udplite6", "raw", "raw6"], True),
        ({"protocols": frozenset({"udp", "tcp"})}, ["tcp", "tcp6", "udp", "udp6"], False),
        ({"families": ("inet6",)}, ["tcp6", "sctp6", "udp6", "udplite6", "raw6"], False),
        ({"families": ("inet6",), "protocols": frozenset({"tcp"})}, ["tcp6"], False),
        ({"families": ("unix",)}, [], True),
        ({"families": ("unix", "inet"), "protocols": frozenset({"raw"})}, ["raw"], True),
        ({"groups": True}, [], False),
        ({"groups": True, "families": ("unix",)}, [], True),
        ({"kind": "udp4"}, ["udp"], False),
        ({"kind": "all", "families": ("inet",)}, ["tcp", "udp"], True),
        ({"kind": "tcp", "protocols": frozenset({"raw"})}, ["tcp", "tcp6", "raw", "raw6"], False),
        ({"families": ("ash",)}, ["tcp", "tcp6", "sctp", "sctp6", "udp", "udp6", "udplite", "udplite6",
                                  "raw", "raw6"], True),
        ({"families": ("ax25",)}, [], False),
    ],
)  # fmt: skip
def test_tables_of_a_choice(changes: dict[str, Any], tables: list[str], unix: bool) -> None:
    found = choice(**changes)
    assert (found.tables, found.unix) == (tables, unix)


# --- tables that can't be understood


@pytest.mark.parametrize(
    ("name", "words", "left"),
    [
        ("tcp", "-tuan", b"udp "), ("unix", "-an", b"tcp "), ("igmp", "-gn", b"IPv6/IPv4"),
        ("route", "-rn", b"Kernel IP"),
        ("ipv6_route", "-rn6", b"Kernel IPv6"), ("snmp", "-s", b""),
    ],
)  # fmt: skip
def test_a_table_of_nonsense_costs_only_itself(name: str, words: str, left: bytes) -> None:
    files = ((f"net/{name}", b"heading\nnonsense \x1b[31m\n"),)
    answer = _ours_anyhow(Case("sockets", ("netstat", *words.split()), files=files))
    assert answer.returncode == 0
    assert left in answer.stdout
    assert answer.stderr.startswith(b"netstat: warning: ")
    assert b"\x1b" not in answer.stderr
    assert answer.stderr.count(b"\n") == 1


# --- departures


def test_the_version_is_ours() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sysutils", "netstat", "-V"],
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"netstat from sysutils \S+\n", done.stdout)


def test_three_e_are_two() -> None:
    """The classic's table is then empty."""
    assert ours("-rneee") == ours("-rnee") == compare("sockets", ["netstat", "-rnee"]).stdout
