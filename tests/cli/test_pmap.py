"""pmap: beside the classic on recorded and made-up mappings, and on live processes that the test made."""

from __future__ import annotations

import json
import mmap
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils import core
from sysutils.cli import pmap, pmap_rc
from sysutils.cli.grammar import CommandError
from tests.support import children, classic, trees
from tests.support.sidebyside import NOBODY, Case, compare, run_ours

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Run

#: what a process may have mapped, by the kernel's names
MAPS = rb"""00400000-00401000 r-xp 00000000 08:01 123                                /bin/prog
00601000-00602000 rw-p 00001000 103:02 123456789                          /bin/prog (deleted)
01000000-01021000 rw-p 00000000 00:00 0                                  [heap]
7f0000000000-7f0000021000 rw-p 00000000 00:00 0@
7f0000100000-7f0000121000 rw-p 00000000 00:00 0                          [anon:my name]
7f0000180000-7f0000181000 rw-p 00000000 00:00 0                          [anon:a/b]
7f0000200000-7f0000221000 rw-s 00000000 00:05 99                         /dev/zero (deleted)
7f0000300000-7f0000321000 rw-s 00000000 00:05 32769                      /SYSV00000000 (deleted)
7f0000400000-7f0000421000 rwxs 00000000 00:05 32769                      /SYSV0001e240
7f0000500000-7f0000521000 ---p 00000000 00:05 1                          /a b/c d.so
7f0000600000-7f0000621000 r--s 00000000 00:05 1                          /a/new\012line
7f0000700000-7f0000721000 r--s fffffffffffff000 00:05 1                  anon_inode:[perf_event]
7f0000900000-7f0000921000 r--s 00000000 00:05 1                          /dir/
7f0000a00000-7f0000a21000 r--s 00000000 00:05 1                          socket:[123]
7f0000b00000-7f0000b21000 rw-p 00000000 00:00 0                          [stack:123]
7f0000c00000-7f0000c21000 rw-p 00000000 00:05 1                          /a/@red@ @@@
7f0000d00000-7f0000d21000 rw-p 00000000 fffff:fffff 1                    /i915
7f0000e00000-7f0000e00800 r-xp 00000000 08:01 7                          /""".replace(
    b"@red@ @@@", b"\xff\x1b[31mred\x07 \xc3\xa9"
)
MAPS = MAPS.replace(b"@", b" ")
MAPS += b"""
7f0000f00000-7f0000f21000 rw-p 00000000 08:01 9                          /LONG
7ffd1b2a4000-7ffd1b2c5000 rw-p 00000000 00:00 0                          [stack]
7ffd1b2f0000-7ffd1b2f4000 r--p 00000000 00:00 0                          [vvar]
ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
""".replace(b"LONG", b"/".join([b"long" * 9] * 5))
FIGURES = b"""
Size:                132 kB
Rss:             1234567 kB
Pss:                   3 kB
Shared_Clean:          1 kB
Shared_Dirty:          2 kB
Private_Clean:         3 kB
Private_Dirty:         4 kB
Swap:                  5 kB
New_Thing:      12345678 kB
THPeligible:           1
VmFlags: rd wr mr mw me ac@
"""
SMAPS = b"".join(line + FIGURES.replace(b"@", b" ") for line in MAPS.splitlines())
MADE = {"2050/maps": MAPS, "2050/smaps": SMAPS}


def beginning(message: bytes) -> bytes:
    """The message and how the usage text below it begins; the text itself is our own."""
    return b"\n".join(message.split(b"\n")[:4])


def same(words: str | list[str], files: dict[str, bytes | None] | None = None, tree: str = "small",
         **settings: object) -> None:  # fmt: skip
    argv = ["pmap", *(words.split() if isinstance(words, str) else words)]
    compare(tree, argv, files=files, stderr=beginning, owners=False, **settings)  # type: ignore[arg-type]


FORMS = ["", "-x", "-d", "-q", "-p", "-X", "-XX", "-xp", "-dq", "-dp", "-Xq", "-XXp", "-XXqp", "-XXX",
         "-A 7f0000000000,7fffffffffff", "-x -A 7f0000000000,7fffffffffff"]  # fmt: skip


@pytest.mark.classic
@pytest.mark.parametrize("words", FORMS)
@pytest.mark.parametrize(
    ("tree", "pid"), [("small", 2050), ("small", 2), ("crowd", 21167), ("crowd", 21448)]
)
def test_recorded_processes_beside_the_classic(words: str, tree: str, pid: int) -> None:
    same(f"{words} {pid}", tree=tree)


@pytest.mark.classic
@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
@pytest.mark.parametrize("words", FORMS)
def test_all_kinds_of_mappings_beside_the_classic(words: str, locale: str) -> None:
    same(f"{words} 2050", MADE, env={"LC_ALL": locale})


@pytest.mark.classic
@pytest.mark.parametrize("what", [None, b""], ids=["missing", "empty"])
@pytest.mark.parametrize("words", ["", "-x", "-d", "-q", "-X", "-XX"])
def test_without_mappings_beside_the_classic(words: str, what: bytes | None) -> None:
    same(f"{words} 2050", {"2050/maps": what, "2050/smaps": what})


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    ["0", "0,", ",0", ",", "", "400000", "400fff", "400000,601000", "401000,601000", "0x400000,0x600000",
     "+400000", "-5,10", "7f0000000000,ffffffffffffffffffff", "xyz", "5,xyz", "5,4,3", "400000:", "400000,,5",
     " 400000", "0x", "-"],
)  # fmt: skip
def test_ranges_beside_the_classic(words: str) -> None:
    same(["-A", words, "2050"], MADE)


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    ["2050 2050", "999 2050", "2050 999", "2 17 2050", "2050 2", "/proc/2050", "/proc/2050/", "/proc/self",
     "/proc/2050/maps", "/proc/abc", "/proc/self 2050", "/proc", "proc/2050", "//proc/2050", "/proc/04002",
     "abc 2050", "2050 abc", "0", "2050x", "+2050", "-- 2050", "04002", "0x802", "02050", "1e3",
     "99999999999999999999", "4294969346", "2147483648", "-x 2 2050", "-x 999 2", "-d 999", "-X 2050 2050",
     "-X 2 2050", "-Xq 2050 2050", "2050 -x"],
)  # fmt: skip
def test_operands_beside_the_classic(words: str) -> None:
    same(words, MADE)


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    ["", "-x", "-q", "-z", "-1", "--nosuch", "-A", "-x -d 2050", "-X -d 2050", "-c -X 2050", "-c 2050",
     "-C /nope 2050", "-N x 2050", "-N x -q", "-n -p", "-n -N x", "-c -n", "--e 2050", "--ran=400000 2050",
     "--quiet --show-path 2050", "-xd -A xyz 2050"],
)  # fmt: skip
def test_options_and_errors_beside_the_classic(words: str) -> None:
    same(words, MADE)


@pytest.mark.classic
@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
@pytest.mark.parametrize(
    "cmdline",
    [b"", b"a\0b\0", b"a\0b", b"x" * 3000 + b"\0", b"a b\0c\0", b"a\n\tb\0\x1b[m\0\0", b"\0\0a\0",
     b"\xff\xc3\xa9\0", b"\0", b" \0\0"],
)  # fmt: skip
def test_command_lines_beside_the_classic(cmdline: bytes, locale: str) -> None:
    same("-q 2050", {"2050/cmdline": cmdline}, env={"LC_ALL": locale})


@pytest.mark.classic
def test_a_zombie_beside_the_classic() -> None:
    stat = re.sub(rb"\) .", b") Z", (trees.load("small") / "2050/stat").read_bytes())
    same("2050", {"2050/stat": stat, "2050/cmdline": b"", "2050/maps": b""})


@pytest.mark.classic
def test_posixly_correct_beside_the_classic() -> None:
    same("2050 -x", MADE, env={"POSIXLY_CORRECT": "1"})


@pytest.mark.classic
@pytest.mark.parametrize("figure", [b"Rss: kB\n", b"Rss: -1 kB\n"])
def test_a_file_that_is_no_smaps_beside_the_classic(figure: bytes) -> None:
    header = MAPS.splitlines()[0] + b"\n"
    same("-X 2050", {"2050/smaps": header + b"Size: 4 kB\n" + figure})


# --- rc files


RCS = {
    "fields": "# c\n[Fields Display]\nPerm\nRss\t# x\nVmFlags\nMapping\nBogus\n[Mapping]\nShowPath\n",
    "paths alone": "[Mapping]\nShowPath\n",
    "order": "[Fields Display]\nMapping\nRss\nAddress\n",
    "flags alone": "[Fields Display]\nVmFlags\n",
    "before a section": "Rss\n[Foo]\n[Fields Display] x\nSize y\n",
    "blanks": "[ Fields Display ]\n  Perm  \n[Mapping] \n#x\n ShowPath\nRss\n",
    "no end": "[Fields Display\nPerm#\n[Fields Display]#\nPerm#x",
    "no names": "[Fields Display]\nNosuch\n[Mapping]\nNope\n[]\nPss\n",
    "empty": "",
}


@pytest.mark.classic
@pytest.mark.parametrize("quiet", ["", "-q"])
@pytest.mark.parametrize("name", RCS)
def test_rc_files_beside_the_classic(name: str, quiet: str, tmp_path: Path) -> None:
    path = tmp_path / "rc"
    path.write_text(RCS[name])
    for directory in (tmp_path, *tmp_path.parents[:3]):
        if os.access(directory, os.W_OK) and directory.stat().st_uid == os.getuid():
            directory.chmod(0o755)
    same(f"{quiet} -C {path} 2050", MADE)


def test_a_made_rc_file_is_read_back_and_kept(sysutils: Run, tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path)}
    made = sysutils("pmap", "-n", env=env)
    assert (made.returncode, made.stdout) == (0, b"")
    path = tmp_path / ".pmaprc"
    text = path.read_text()
    fields, paths, wrong = pmap_rc.parse(text)
    assert (fields, paths, wrong) == (set(), False, [])
    fields, paths, wrong = pmap_rc.parse(text.replace("#", "").replace("whole paths", ""))
    assert len(fields) == 20
    assert paths
    again = sysutils("pmap", "-n", env=env)
    assert again.returncode == 1
    assert again.stderr.splitlines()[-1] == b"pmap: couldn't create ~/.pmaprc"
    assert path.read_text() == text


@given(st.text("[]# \tFieldsDpayMnghowP\n", max_size=60))
def test_any_rc_file_can_be_parsed(text: str) -> None:
    fields, _, wrong = pmap_rc.parse(text)
    assert len(fields) + len(wrong) <= 2 * text.count("\n") + 2


# --- live processes


def _answers(*words: str) -> tuple[tuple[int, bytes], tuple[int, bytes]]:
    """The classic's and our exit status and output about a live process."""
    program = classic.program("pmap")
    if program is None or classic.version("pmap") != "4.0.2":
        pytest.skip("pmap 4.0.2 is not installed")
    lines = [[program, *words], [sys.executable, "-m", "sysutils", "pmap", *words]]
    env = {**os.environ, "LC_ALL": "C"}
    both = [subprocess.run(line, capture_output=True, check=False, env=env) for line in lines]
    return (both[0].returncode, both[0].stdout), (both[1].returncode, both[1].stdout)


@pytest.mark.parametrize("words", ["", "-x", "-d", "-p", "-q"])
def test_a_live_process_beside_the_classic(words: str) -> None:
    with children.sleeper() as child:
        theirs, ours = _answers(*words.split(), str(child.pid))
    assert theirs == ours
    assert theirs[0] == 0


@pytest.mark.parametrize("words", ["", "-x", "-d", "-X"])
def test_a_live_zombie_beside_the_classic(words: str) -> None:
    with children.zombie() as pid:
        theirs, ours = _answers(*words.split(), str(pid))
    assert theirs == ours


def test_an_ended_process_is_status_42() -> None:
    theirs, ours = _answers(str(children.ended_pid()))
    assert theirs == ours == (42, b"")


@pytest.mark.classic
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become nobody")
@pytest.mark.parametrize("words", ["2050", "-x 2050", "-X 2050", "2 2050", "-d 2050 999"])
def test_without_rights_beside_the_classic(words: str, forbidden: Path) -> None:
    answer = compare(forbidden, ["pmap", *words.split()], user=NOBODY, stderr=True)
    assert answer.returncode & 1


@pytest.fixture(scope="module")
def forbidden() -> Path:
    """A machine on which only its owner may read a process's mappings."""
    proc = trees.fresh("small")
    for name in ("maps", "smaps"):
        (proc / "2050" / name).chmod(0o400)
    return proc


@pytest.fixture
def mapped(tmp_path: Path) -> Iterator[tuple[Path, mmap.mmap]]:
    """Three pages of a file with a name that is no text, mapped by this process; the first is dirty."""
    path = tmp_path / os.fsdecode(b"odd \xff name")
    path.write_bytes(bytes(3 * mmap.PAGESIZE))
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY) as memory:
        memory[0] = 1
        path.unlink()
        yield path, memory


def test_a_mapping_that_is_known(mapped: tuple[Path, mmap.mmap], sysutils: Run) -> None:
    done = sysutils("pmap", "-x", "--json", str(os.getpid()))
    rows = [row for row in json.loads(done.stdout) if str(row["path"]).startswith(str(mapped[0]))]
    assert len(rows) == 1
    assert rows[0]["path"].endswith(" (deleted)")
    assert rows[0]["size"] == 3 * mmap.PAGESIZE
    assert rows[0]["dirty"] >= mmap.PAGESIZE
    assert rows[0]["perms"] == "rw-p"
    assert (rows[0]["pid"], rows[0]["offset"]) == (os.getpid(), 0)
    plain = sysutils("pmap", str(os.getpid())).stdout
    assert b"odd ? name (deleted)\n" in plain


def test_core_reads_what_is_asked_for(mapped: tuple[Path, mmap.mmap]) -> None:
    process = core.Process()
    (bare,) = [row for row in process.mappings() if row.path.startswith(str(mapped[0]))]
    assert bare.figures == {}
    assert (bare.end - bare.start, bare.perms) == (3 * mmap.PAGESIZE, "rw-p")
    (full,) = [row for row in process.mappings(None) if row.start == bare.start]
    assert full.figures["Size"] == 3 * mmap.PAGESIZE // 1024
    assert "rd wr" in full.figures["VmFlags"]
    (some,) = [row for row in process.mappings({"Rss"}) if row.start == bare.start]
    assert some.figures == {"Rss": full.figures["Rss"]}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become nobody")
@pytest.mark.parametrize("form", ["--json", "--rich"])
def test_what_is_forbidden_is_told(form: str, forbidden: Path) -> None:
    answer = run_ours(Case(forbidden, ("pmap", form, "2050"), user=NOBODY))
    assert answer.returncode == 1
    assert answer.stdout == (b"[]\n" if form == "--json" else b"")
    assert answer.stderr == b"pmap: 2050: Permission denied\n"


# --- parts


@given(st.integers(0, (1 << 64) - 1), st.integers(0, (1 << 64) - 1))
def test_ranges_are_read_back(low: int, high: int) -> None:
    assert pmap._range(f"{low:x},{high:x}") == (low, high)
    assert pmap._range(f"0x{low:X}") == (low, low)


@given(st.text("0123456789abcdefx,+- g", max_size=8))
def test_any_range_is_a_range_or_told_as_wrong(text: str) -> None:
    try:
        low, high = pmap._range(text)
    except CommandError as error:
        assert error.message == f"failed to parse argument: '{text}'"  # noqa: PT017
    else:
        assert 0 <= low < 1 << 64
        assert 0 <= high < 1 << 64


def test_no_control_character_reaches_a_terminal() -> None:
    for words in ("--rich", "-X --rich"):
        answer = run_ours(Case("small", ("pmap", *words.split(), "2050"), (("NO_COLOR", "1"),),
                               files=tuple(MADE.items())))  # fmt: skip
        assert answer.returncode == 0
        assert b"\x1b" not in answer.stdout
        assert b"\x07" not in answer.stdout
        assert b"red" in answer.stdout
