"""Parsers of /proc/PID/*: recorded text with known answers, and properties."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils.core.linux import facts, procfs, results
from sysutils.core.linux import pid_files as pf

STAT = (
    b"812 (a) R (b\n) S 1 812 811 34816 900 4194560 1210 7 3 0 150 75 10 5 30 10 4 0 5521"
    b" 8261632 1402 18446744073709551615 1 2 3 0 0 0 65536 4096 134217728 1 0 0 17 3 50 2 9 0 0\n"
)


def test_stat_ends_the_name_at_the_last_bracket() -> None:
    fields = pf.parse_stat(STAT)
    assert fields[pf.COMM] == b"a) R (b\n"
    assert fields[pf.STATE] == b"S"
    assert fields[pf.PPID] == b"1"
    assert fields[pf.TTY_NR] == b"34816"
    assert fields[pf.NICE] == b"10"
    assert fields[pf.NUM_THREADS] == b"4"
    assert fields[pf.STARTTIME] == b"5521"
    assert fields[pf.RSS] == b"1402"
    assert fields[pf.PROCESSOR] == b"3"
    assert fields[pf.RT_PRIORITY] == b"50"
    assert fields[pf.POLICY] == b"2"
    assert fields[pf.DELAYACCT_BLKIO_TICKS] == b"9"


def test_the_places_are_those_of_proc5() -> None:
    """proc(5) numbers the fields from 1: pid is 1, state 3, starttime 22, policy 41, exit_code 52."""
    assert (pf.STATE, pf.STARTTIME, pf.POLICY, pf.EXIT_CODE) == (0, 19, 38, 49)
    assert pf.STAT_FIELDS[pf.STARTTIME] == "starttime"
    assert len(pf.STAT_FIELDS) == 50


@pytest.mark.parametrize("text", [b"", b"12 cat S 1", b"12 )cat( S 1"])
def test_what_is_no_stat_line_is_refused_with_its_text(text: bytes) -> None:
    with pytest.raises(ValueError, match="not a /proc/PID/stat line") as caught:
        pf.parse_stat(text)
    assert repr(text) in str(caught.value)


@given(st.binary(max_size=15).filter(lambda name: b"\0" not in name))
def test_any_name_survives(name: bytes) -> None:
    fields = pf.parse_stat(b"7 (%s) Z 3 4 5" % name)
    assert fields == [b"Z", b"3", b"4", b"5", name]


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("", []),
        ("ls\0-l\0", ["ls", "-l"]),
        ("ls\0-l\0\0", ["ls", "-l", ""]),
        ("\0", [""]),
        (
            "nginx: master process /usr/sbin/nginx",
            ["nginx:", "master", "process", "/usr/sbin/nginx"],
        ),
        ("postgres: writer \0", ["postgres:", "writer", ""]),
        ("two words\0", ["two", "words"]),
        ("a b\0c d\0", ["a b", "c d"]),
    ],
)
def test_arguments(text: str, arguments: list[str]) -> None:
    assert pf.split_cmdline(text) == arguments


@given(st.lists(st.text(st.characters(exclude_characters="\0 ")), min_size=2, max_size=6))
def test_arguments_round_trip(arguments: list[str]) -> None:
    assert pf.split_cmdline("".join(word + "\0" for word in arguments)) == arguments


STATUS = (
    b"Name:\tx\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t812\nUid:\t1000\t1001\t1002\t1003\n"
    b"Gid:\t10\t11\t12\t13\nGroups:\t4 24 27 \nVmLck:\t     128 kB\nSigBlk:\t0000000000010000\n"
    b"voluntary_ctxt_switches:\t10\nnonvoluntary_ctxt_switches:\t3"
)


def test_status_lines() -> None:
    assert pf.status_value(STATUS, b"\nUid:") == b"1000\t1001\t1002\t1003"
    assert pf.status_value(STATUS, b"\nTgid:") == b"812"
    assert pf.status_value(STATUS, b"\nnonvoluntary_ctxt_switches:") == b"3"
    assert pf.status_value(STATUS, b"\nVmSwap:") is None


@pytest.fixture
def process(tmp_path):
    """Files of a made-up process: stat and status as above."""

    def make(**files: bytes) -> pf.PidFiles:
        for name, data in {"stat": STAT, "status": STATUS, **files}.items():
            (tmp_path / name).write_bytes(data)
        return pf.PidFiles(812, os.fsencode(tmp_path) + b"/", 812)

    return make


def test_facts_of_status(process) -> None:
    files = process()
    assert results.uids(files) == (1000, 1001, 1002)
    assert results.gids(files) == (10, 11, 12)
    assert facts.fsuid(files) == 1003
    assert facts.fsgid(files) == 13
    assert facts.groups(files) == [4, 24, 27]
    assert facts.vmlck(files) == 128 * 1024
    assert facts.vmswap(files) == 0
    assert facts.sigblk(files) == 0x10000
    assert results.num_ctx_switches(files) == (10, 3)


def test_facts_of_stat(process) -> None:
    files = process()
    ticks = os.sysconf("SC_CLK_TCK")
    assert facts.comm(files) == "a) R (b\n"
    assert results.status(files) == "sleeping"
    assert results.cpu_times(files) == tuple(n / ticks for n in (150, 75, 10, 5, 9))
    assert facts.cpu_seconds(files) == 225 / ticks
    assert facts.resident(files) == 1402 * os.sysconf("SC_PAGE_SIZE")
    assert (facts.ppid(files), facts.pgrp(files), facts.session(files)) == (1, 812, 811)


def test_a_kernel_without_block_delays(process) -> None:
    """Linux before 2.6.18 ends the line at ``policy``."""
    line = b"812 (x) " + b" ".join(STAT[STAT.rindex(b")") + 2 :].split()[:39])
    assert results.cpu_times(process(stat=line)).iowait == 0.0


def test_memory_info(process) -> None:
    page = os.sysconf("SC_PAGE_SIZE")
    files = process(statm=b"2017 1402 900 3 0 200 0\n")
    assert results.memory_info(files) == tuple(n * page for n in (1402, 2017, 900, 3, 0, 200, 0))
    assert facts.memory_rss(files) == 1402 * page


def test_bytes_that_are_no_utf8_come_back(process) -> None:
    files = process(cmdline=b"caf\xe9\0\xff\0")
    assert [os.fsencode(word) for word in facts.cmdline(files)] == [b"caf\xe9", b"\xff"]
    assert os.fsencode(facts.args(files)) == b"caf\xe9 \xff"


def test_each_file_is_read_once(process, monkeypatch) -> None:
    opened = []
    read = procfs.read_record
    monkeypatch.setattr(
        procfs,
        "read_record",
        lambda path, size=8192: opened.append(os.path.basename(path)) or read(path, size),
    )
    files = process()
    several = (facts.ppid, facts.nice, facts.groups, results.cpu_times, results.num_ctx_switches)
    for fact in (*several, results.uids, results.gids):
        fact(files)
    assert opened == [b"stat", b"status"]


def test_a_file_longer_than_one_read(tmp_path) -> None:
    path = os.fsencode(tmp_path / "environ")
    for length in (0, 1, 7, 8, 9, 1000, 4096):
        data = os.urandom(length)
        with open(path, "wb") as out:
            out.write(data)
        assert procfs.read(path, 8) == procfs.read_record(path, 8) == data
