"""iostat beside sysstat's on one recorded machine: tables, names, groups, JSON, errors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.sidebyside import compare

if TYPE_CHECKING:
    from tests.support.stage import Answer

#: the kernel and the CPUs are those of the machine that the tests run on
_HERE = re.compile(
    rb"^(?:Linux \S+ |-)\(\S+\)|_\w+_\t\(\d+ CPU\)"
    rb'|"(?:release|machine|nodename)": "[^"]*"|"number-of-cpus": \d+',
    re.MULTILINE,
)


def steady(output: bytes) -> bytes:
    """``output`` without what the tests' own machine tells."""
    return _HERE.sub(b"-", output)


def same(words: str, *, record: bool = True, **settings: object) -> Answer:
    """Both answer ``words`` alike, mistakes as well."""
    return compare(
        "io", ["iostat", *words.split()], change=steady, stderr=True, owners=False,
        record=steady if record else False, **settings,  # type: ignore[arg-type]
    )  # fmt: skip


pytestmark = pytest.mark.classic


@pytest.mark.parametrize(
    "words",
    [
        "", "-c", "-d", "-x", "-cd", "-dc", "-cdx", "-dx", "-ds", "-dxs", "-sx", "-k", "-m", "-dm", "-dxm",
        "-dxk", "-dsm", "-dxsm", "-h", "-xh", "-dh", "-dsh", "-dxsh", "-dxh", "-hk", "-hm", "--human",
        "--pretty", "-d --human", "-x --human", "-x --pretty", "-d --pretty", "-ds --pretty",
        "-dxs --pretty", "-x --compact", "-xh --compact", "-dx --pretty --compact", "-d --compact",
        "--dec=0", "--dec=1", "--dec=2", "-x --dec=0", "-x --dec=1", "-xh --dec=0", "-h --dec=0",
        "-h --dec=1", "-c --dec=0", "-c --human", "-ch --dec=0", "--dec=1 --dec=0", "-t", "-ct", "-xt",
        "-z", "-dz", "-xz", "-y", "-dy", "-N", "-zxkt", "-xd -hm",
    ],
)  # fmt: skip
def test_tables(words: str) -> None:
    same(words)


@pytest.mark.parametrize(
    "words",
    [
        "-o JSON", "-o JSON -d", "-o JSON -c", "-o JSON -x", "-o JSON -dxs", "-o JSON -ds", "-o JSON -t",
        "-o JSON -m", "-o JSON -xm", "-o JSON -h", "-o JSON -xh --dec=0", "-o JSON -d nosuch",
        "-o JSON -y", "-o JSON -d -g all sda sdb", "-x -o JSON -o JSON sda", "-o JSON -p",
        "-o JSON -xp ALL -t", "-d -o JSON sda",
    ],
)  # fmt: skip
def test_json(words: str) -> None:
    same(words)


@pytest.mark.parametrize(
    "words",
    [
        "-d sda", "-d sdc sda", "-d sda sda", "-d sda nosuch", "-d nosuch", "nosuch", "-x nosuch",
        "-d cciss!c0d0", "-d ALL", "ALL", "sda ALL", "ALL sda", "-d all", "-p", "-p ALL", "-dx -p", "-px",
        "-xp", "-px sda", "-p -x", "-d -p sda", "-d -p sdc,sda", "-d -p sda -p sdb", "-d -p sda,,sdb",
        "-d -p ,", "-d -p nosuch,sda", "-d -p sda -p", "-d sdb sda -p", "-d -p sda sdb ALL",
        "-d -p ALL sda", "-d -p ALL,sda", "-d -p all", "-d -p nvme0n1 -p sda sdc", "-d -p cciss!c0d0",
        "-dz sda sdb", "-z sdb", "-xz sdb", "-pz ALL", "-d 1x", "-d 1.5", "-d +1", "+x",
        "-d averylongdevicename", "-dh averylongdevicename sdk", "-d -", "-d - sda",
    ],
)  # fmt: skip
def test_devices(words: str) -> None:
    same(words, record=len(words) < 14)


@pytest.mark.parametrize(
    "words",
    [
        "-d -g all sda sdc", "-d -g all sdc sda", "-g all ALL -H", "-g all -H", "-dH -g all sda sdc",
        "-d -g one sda -g two sdb sdc sda", "-d -g one -g two sda", "-d -g none nosuch",
        "-d -g none nosuch -g B sda", "-d -g A -p sda", "-d -p -g A sda", "-d -g A -p sda,sdb sdc",
        "-d -g A sdc sda -p sda", "-d -g 1 sda", "-d -g -x sda", "-d -g ALL sda",
        "-H -g A sda -g B sdc -x", "-d sda sdb -g A sdc", "-d -p sdc -g A sda", "-d -g A sdb sda -p",
        "-d -g A nvme0n1 -p nvme0n1,sda", "-d sdc -p sda -g X sdb", "-d -g A sda -g A sdb",
        "-dx -g A sda sdb", "-dxs -g A sda sdb nosuch", "-dz -g A sdb", "-dz -g A sda sdb",
        "-dxH -g A sda sdc", "-dh -g A sda sdk", "-d -g A -p ALL", "-d -g A sda -p ALL",
    ],
)  # fmt: skip
def test_groups(words: str) -> None:
    same(words, record=len(words) < 18 and "ALL" not in words)


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("", ""), ("-c", ""), ("-d sda sdb", ""), ("-dx sda", ""), ("-dh sda dm-0", ""), ("-ch", ""),
        ("-dxh sda", ""), ("-d --pretty", ""), ("-t -p ALL", ""), ("-d -o JSON sda", ""), ("-dk", "N=33"),
        ("-dm", "Z=:N=1;2;33:I="), ("-dx", "H=1:M=2:Z=3:N=4:I=5:X=6:foo: N=7"), ("-d --dec=0", "N=33;:Z=;"),
        ("-dx --dec=1", ""), ("-H -g g sda dm-0 -d", ""), ("-xz", "I=1"),
    ],
)  # fmt: skip
def test_colours(words: str, codes: str) -> None:
    same(words, record=False, env={"S_COLORS": "always", "S_COLORS_SGR": codes})


@pytest.mark.parametrize("word", ["auto", "never", "Always", ""])
def test_no_colours(word: str) -> None:
    same("-d", record=False, env={"S_COLORS": word})


@pytest.mark.parametrize(
    "words",
    [
        "-d -f /proc/served", "-d +f /proc/served", "-d -f /proc/served sda",
        "-d +f /proc/served sda nbd9", "-d -f /proc/served -p", "-d +f /proc/served -p",
        "-d +f /proc/served ALL", "-d -f /proc/served nbd9", "-d -f /proc/served -p nbd9",
        "-df /proc/served", "-f /proc/served +f /proc/served", "-f", "+f", "-f /nosuch", "+f /nosuch -d",
        "-f /proc/uptime",
    ],
)  # fmt: skip
def test_other_directories(words: str) -> None:
    same(words, record=False)


@pytest.mark.parametrize(
    "words",
    [
        "--version", "-help", "--", "-d -- sda", "-o", "-o XML", "-o json", "-oJSON", "--dec", "--dec=",
        "--dec=3", "--dec=00", "--dec=12", "--dec=-1", "--dec 1", "--human=1", "--hum", "--pretty=",
        "--compact=x", "-x1", "-1", "1 2 3", "1 1 sda 0", "0 5", "0 0", "1 0", "0 1", "-dy 0 1", "1 00",
        "1 -1", "-j", "-dj", "-dj ID", "-j nosuch", "-j nosuch sda", "-g", "-dg A", "-xg A sda", "-H",
        "-H sda", "-dHx", "-Hg A sda", "-psda", "-km", "-mk", "-k -m", "-dT", "-n", "-D", "-q -V", "-zq",
        "-é", "--x", "-x --", "-d sda 1 2 3",
    ],
)  # fmt: skip
def test_mistakes(words: str) -> None:
    same(words, record=False)


@pytest.mark.parametrize("words", ["0", "-d 0", "-dy 0", "00", "-d sda 0", "0 sda", "1 1", "-d sda 5 1",
                                   "-d 5 sda 1", "-x 3 1 sda", "-p 1 1 -d", "-p sda 1 1"])  # fmt: skip
def test_one_report(words: str) -> None:
    same(words, record=False)


def test_an_empty_word_is_no_interval() -> None:
    compare("io", ["iostat", "-d", ""], change=steady, stderr=True, owners=False, record=False)


@pytest.mark.parametrize(
    "words", ["-d", "-x", "-dxs", "-ds", "-dk", "-dm", "-dh", "-xh", "-o JSON", "-o JSON -x"]
)
def test_blocks_where_posix_wants_them(words: str) -> None:
    same(words, env={"POSIXLY_CORRECT": "1"}, record=False)


@pytest.mark.parametrize(
    "env",
    [
        {"S_TIME_FORMAT": "ISO"}, {"S_TIME_FORMAT": "ISO", "TZ": "XYZ-5:30"}, {"S_TIME_FORMAT": "iso"},
        {"LC_ALL": "nonsense"}, {"LC_ALL": "C.UTF-8"}, {"S_COLORS": "never"}, {"S_COLORS": "auto"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("words", ["-tx sda", "-t -o JSON -c"])
def test_environment(env: dict[str, str], words: str) -> None:
    same(words, env=env, record=False)


#: the largest numbers that the kernel writes: times are of 32 bits
_FULL = b"99999999999999 99999999 99999999999999 4294967295 "
_MUCH = b" 8 0 sda " + 2 * _FULL + b"0 4294967295 4294967295 " + _FULL + b"9 9\n"
#: what /proc may hold, too
FILES = {
    "no stat": {"stat": None},
    "no uptime": {"uptime": None},
    "no diskstats": {"diskstats": None},
    "empty stat": {"stat": b""},
    "empty uptime": {"uptime": b""},
    "empty diskstats": {"diskstats": b""},
    "just booted": {"uptime": b"0.00 0.00\n"},
    "up for years": {"uptime": b"1234567890.99 1.00\n"},
    "no time spent": {"stat": b"cpu  0 0 0 0 0 0 0 0 0 0\n"},
    "old columns": {"stat": b"cpu  10 20 30 40\n"},
    "older columns": {"stat": b"cpu  11 22 33 44 5 6 7\n"},
    "half a percent": {"stat": b"cpu  1 2 199 598 0 0 0 0 0 0\n"},
    "old counters": {"diskstats": b"   3  0 hda 5 6 7 8 9 10 11 12 0 14 15\n"},
    "much": {"diskstats": _MUCH},
    "more counters": {"diskstats": b" 8 0 sda " + b" ".join(b"%d" % n for n in range(100, 122)) + b"\n"},
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("words", ["-p", "-xp ALL", "-p -h"])
def test_files_of_other_machines(name: str, words: str) -> None:
    same(words, files=FILES[name], record=False)


def test_a_partition_of_linux_2_6_24_has_four_counters() -> None:
    same("-p", files={"diskstats": b"   3  1 hda1 1 2 3 4\n"}, record=False)


#: sizes in sectors at the edges between units
_SIZES = (
    1,
    100,
    101,
    102,
    1023,
    2046,
    2047,
    2048,
    2097000,
    2097151,
    2097152,
    4294967296,
    99999999999,
    10**16 - 1,
)


@pytest.mark.parametrize(
    "words", ["-hp", "-xhp", "-xshp", "-hp --dec=0", "-p", "-xp --dec=1", "-mp"]
)
def test_sizes(words: str) -> None:
    rows = (
        f" 8 {n} sd{n} 3 1 {size} 7 9 2 {size} 11 0 13 17 1 0 {size} 5 2 3\n"
        for n, size in enumerate(_SIZES)
    )
    same(words, files={"diskstats": "".join(rows).encode()}, record=False)


def test_the_version_is_told_before_what_is_wrong_after_it() -> None:
    done = compare(
        "io", ["iostat", "-zV", "--nosuch"], change=lambda _: b"", owners=False, record=False
    )
    assert done.stdout.startswith(b"iostat from sysutils ")
