"""The tests' own ground: archives, the stage, recorded answers."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import classic, clock, sidebyside, spelling, trees
from tests.support.golden import Golden, difference
from tests.support.sidebyside import NOBODY, Case, compare
from tests.support.stage import ROOT, Answer, Request, StageUnavailable, stage

ROOT_USER = os.geteuid() == 0
NAMES = st.binary(min_size=1, max_size=20).filter(
    lambda name: not {0, ord("/")} & set(name) and name not in {b".", b".."}
)
CONTENTS = st.one_of(st.binary(max_size=200), st.text(max_size=60).map(str.encode))
LEAVES = st.one_of(
    st.tuples(st.just("f"), st.sampled_from([0o400, 0o444, 0o644, 0o600]), CONTENTS),
    st.tuples(
        st.just("l"), st.just(0), st.binary(min_size=1, max_size=40).filter(lambda t: 0 not in t)
    ),
)
DIRECTORIES = st.recursive(
    LEAVES, lambda inner: st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
).filter(lambda found: isinstance(found, dict))


def build(top: bytes, found: dict[bytes, Any]) -> None:
    for name, what in found.items():
        path = top + b"/" + name
        if isinstance(what, dict):
            os.mkdir(path)
            build(path, what)
            os.chmod(path, 0o555)
            continue
        kind, mode, data = what
        if kind == "l":
            os.symlink(data, path)
        else:
            Path(os.fsdecode(path)).write_bytes(data)
            os.chmod(path, mode)


def contents(top: Path) -> list[trees.Entry]:
    return list(trees.scan(top))


@given(st.binary())
def test_a_line_is_spelled_printable_and_read_back(data: bytes) -> None:
    text = spelling.spell(data)
    assert spelling.unspell(text) == data
    assert text.isprintable()
    assert text == text.rstrip()
    assert len(spelling.spell_word(data).split()) == (1 if data else 0)
    assert spelling.unspell(spelling.spell_word(data)) == data


@given(st.binary())
def test_lines_are_read_back(data: bytes) -> None:
    lines = spelling.spell_lines(data)
    assert b"".join(map(spelling.unspell_line, lines)) == data
    assert not any("\n" in line for line in lines)


def test_readable_text_stays_readable() -> None:
    assert spelling.spell("größe 東京".encode()) == "größe 東京"
    assert spelling.spell(b"a\0b\x1b[0m\\\xff ") == r"a\0b\e[0m\\\xff\x20"
    assert spelling.spell("e\u0301\u200b".encode()) == r"e\xcc\x81\xe2\x80\x8b"
    with pytest.raises(ValueError, match="unknown escape"):
        spelling.unspell("\\q")


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(DIRECTORIES)
def test_an_archive_holds_a_directory_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, found: dict[bytes, Any]
) -> None:
    one, other = (tmp_path_factory.mktemp("tree") for _ in range(2))
    build(os.fsencode(one), found)
    text = trees.pack(one)
    assert trees.unpack(text, other)  # our own files: the owners can be kept by everybody
    assert contents(one) == contents(other)
    assert trees.pack(other) == text
    trees.remove(one)
    trees.remove(other)


def test_names_and_contents_that_tempt(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    tempting = {
        b"new\nline": b"no newline at the end",
        b"\xff\xfe": b"",
        b"a = b -> c": b"\n\n",
        b"|": b"|\n:\n# x\nf 444 0 0 y\n",
        b" ": b"trailing \t \n",
        b"twin": b"x" * 300,
        b"twin2": b"x" * 300,
    }
    for name, data in tempting.items():
        Path(source, os.fsdecode(name)).write_bytes(data)
    text = trees.pack(source)
    assert text.count("x" * 300) == 1
    trees.unpack(text, tmp_path / "copy")
    copied = {path: data for *_, path, data in contents(tmp_path / "copy") if path != b"."}
    assert copied == tempting


def test_an_archive_may_be_written_by_hand(tmp_path: Path) -> None:
    text = "# mine\n\nf 640 0 0 proc/7/comm\n|top\nl 0 0 proc/self -> 7\n"
    trees.unpack(text, tmp_path)
    assert (tmp_path / "proc/self/comm").read_bytes() == b"top\n"
    assert stat.S_IMODE((tmp_path / "proc/7/comm").stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("|lost\n", "line 1: content before"),
        ("d 755 0 0 a\n|x\n", "content after"),
        ("f 644 0 0 a\nwhat 1 2 3 4\n", "line 2: unknown kind"),
        ("f 644 0 a\n", "line 1"),
        ("f 644 0 0 b = a\n", "line 1"),
        ("f 644 0 0 b\n|a\\q\n", "line 2: unknown escape"),
    ],
)
def test_a_malformed_archive_is_told_with_its_line(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        trees.read(text)


@pytest.mark.parametrize("path", ["../x", "/x", "a/../../x"])
def test_an_archive_writes_nowhere_else(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="leads out"):
        trees.unpack(f"f 644 0 0 {path}\n", tmp_path / "inside")


def test_owners_are_given_by_root_alone(tmp_path: Path) -> None:
    kept = trees.unpack("f 600 1234 4321 a\n", tmp_path)
    owner = (tmp_path / "a").stat()
    assert kept is ROOT_USER
    assert ((owner.st_uid, owner.st_gid) == (1234, 4321)) is ROOT_USER


@pytest.mark.parametrize("name", trees.names())
def test_recorded_machines_are_kept_as_pack_writes_them(name: str) -> None:
    entries = trees.read(trees.source(name))
    assert trees.write(entries) == trees.source(name)
    assert [entry.path for entry in entries] == sorted(
        {entry.path for entry in entries}, key=trees.order
    )


def stat_of(entry: trees.Entry) -> tuple[int, list[int]]:
    """(pid, the fields after the state)."""
    return int(entry.data.split()[0]), [int(w) for w in entry.data.rpartition(b")")[2].split()[1:]]


@pytest.mark.parametrize("name", trees.names())
def test_recorded_machines_are_consistent(name: str) -> None:
    entries = {entry.path: entry for entry in trees.read(trees.source(name))}
    top = re.compile(rb"proc/(\d+)/stat")
    found = {path: top.fullmatch(path) for path in entries}
    stats = dict(stat_of(entries[path]) for path, match in found.items() if match)
    assert all(match is None or b"proc/%d/stat" % stat_of(entries[path])[0] == path
               for path, match in found.items())  # fmt: skip
    uptime = float(entries[b"proc/uptime"].data.split()[0])
    assert int(entries[b"proc/self"].data) in stats
    for pid, fields in stats.items():
        ppid, start = fields[0], fields[18]
        assert start <= uptime * 100, pid
        assert ppid == 0 or stats[ppid][18] <= start, f"{pid} is older than its parent"
        tasks = [path for path in entries if path.startswith(b"proc/%d/task/" % pid)]
        assert sum(path.endswith(b"/stat") for path in tasks) == fields[16], f"threads of {pid}"


def test_the_crowd_is_one() -> None:
    stats = [path.read_bytes() for path in trees.load("crowd").glob("[0-9]*/stat")]
    states = [data.rpartition(b") ")[2][:1] for data in stats]
    kernel = [data for data in stats if int(data.rpartition(b") ")[2].split()[6]) & 0x200000]
    assert len(kernel) >= 50
    assert len(stats) - len(kernel) >= 300
    assert states.count(b"Z") >= 10
    assert states.count(b"T") >= 5


def test_now_is_the_moment_of_the_recording() -> None:
    assert int(trees.now(trees.load("small"))) == 1773500966  # 2026-03-14 15:09:26 UTC


# --- the stage


def on_stage(*argv: str, **options: object) -> Answer:
    try:
        return sidebyside.run_classic(Case("small", argv, **options))  # type: ignore[arg-type]
    except (StageUnavailable, FileNotFoundError) as error:
        pytest.skip(str(error))


def test_the_tree_is_proc_there_and_nowhere_else() -> None:
    answer = on_stage("cat", "/proc/2001/comm", "/proc/self/comm", "/etc/passwd")
    assert answer.stdout.startswith(b"bash\nps\nroot:x:0:0:")
    assert b"Ada" in answer.stdout
    assert Path("/proc/self/comm").read_bytes() != b"ps\n"


def test_proc_is_listed_in_order_there() -> None:
    numbers = [int(word) for word in on_stage("ls", "-U", "/proc").stdout.split() if word.isdigit()]
    assert numbers == sorted(numbers)
    assert len(numbers) == 10


def test_a_command_is_the_recorded_self_there() -> None:
    assert on_stage("sh", "-c", "echo $$").stdout == b"2110\n"


def test_the_clock_stands_there() -> None:
    answer = on_stage("date", "+%s", env=(("TZ", "UTC0"),))
    assert answer.stdout == b"1773500966\n"


def test_input_arguments_environment_and_status_arrive() -> None:
    answer = on_stage(
        "sh", "-c", "cat; printf '%s' \"$1\" \"$X\" >&2; exit 3", "sh", "a\nb", stdin=b"typed",
        env=(("X", "value"),),
    )  # fmt: skip
    assert answer == Answer(3, b"typed", b"a\nbvalue")
    assert on_stage("sh", "-c", "kill -9 $$").returncode == -9


def test_a_terminal_has_its_size_and_is_the_controlling_one() -> None:
    answer = on_stage("sh", "-c", "stty size; test -t 2 && echo ok >/dev/tty", tty=(71, 13))
    assert answer == Answer(0, b"13 71\r\nok\r\n", b"")
    answer = on_stage(
        "sh", "-c", "stty size; test -t 1 || echo no", tty=(71, 13), tty_input_only=True
    )
    assert answer == Answer(0, b"13 71\nno\n", b"")


@pytest.mark.root
def test_another_user_is_one_there() -> None:
    assert on_stage("id", "-u", user=NOBODY).stdout == b"65534\n"
    refused = on_stage("cat", "/proc/1/environ", user=NOBODY)
    assert (refused.returncode, refused.stdout) == (1, b"")


@pytest.mark.root
def test_owners_are_the_recorded_ones_there() -> None:
    assert on_stage("stat", "-c", "%u %U", "/proc/2001").stdout == b"1000 ada\n"


def test_our_own_user_is_the_owner_there_who_cannot_give_files_away() -> None:
    assert on_stage("stat", "-c", "%u", "/proc/1").stdout == b"0\n"


def test_a_failing_request_leaves_the_stage_usable() -> None:
    with pytest.raises(RuntimeError, match="FileNotFoundError"):
        stage("small").run(Request("/nonexistent", "x", (), {})) if on_stage(
            "true"
        ).returncode == 0 else None
    assert on_stage("true").returncode == 0


# --- side by side


def ours_prints(text: bytes, status: int = 0, err: bytes = b"") -> object:
    return lambda case: Answer(status, text, err)


@pytest.fixture
def faked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Both sides faked, an empty store of recorded answers."""
    monkeypatch.setattr(classic, "GOLDEN", tmp_path)
    monkeypatch.setattr(classic, "UPDATE", False)
    monkeypatch.setattr(classic, "version", lambda command: "1.0")
    monkeypatch.setattr(sidebyside, "run_classic", ours_prints(b"one\ntwo\n", 1, b"x"))
    monkeypatch.setattr(sidebyside, "run_ours", ours_prints(b"one\ntwo\n", 1, b"x"))
    return monkeypatch


def test_equal_answers_pass(faked: pytest.MonkeyPatch) -> None:
    assert compare("small", ["true"], stderr=True) == Answer(1, b"one\ntwo\n", b"x")


@pytest.mark.parametrize(
    ("fake", "message"),
    [
        (ours_prints(b"one\ntwO\n", 1, b"x"), r"line 2 differs.*b'two'.*b'twO'.*column 3"),
        (ours_prints(b"one\n", 1, b"x"), r"line 2 differs"),
        (ours_prints(b"one\ntwo\n", 0, b"x"), r"exit status: classic 1, ours 0"),
        (ours_prints(b"one\ntwo\n", 1, b"y"), r"standard error: line 1"),
    ],
)
def test_differing_answers_fail(faked: pytest.MonkeyPatch, fake: object, message: str) -> None:
    faked.setattr(sidebyside, "run_ours", fake)
    with pytest.raises(pytest.fail.Exception, match=f"(?s){message}"):
        compare("small", ["true"], stderr=True)


def test_recorded_answers_stand_in_for_a_missing_classic(faked: pytest.MonkeyPatch) -> None:
    def missing(case: Case) -> Answer:
        raise FileNotFoundError("true is not installed")

    faked.setattr(classic, "UPDATE", True)
    compare("small", ["true", "-x", "a b"], env={"COLUMNS": "70"}, owners=False)
    faked.setattr(classic, "UPDATE", False)
    faked.setattr(sidebyside, "run_classic", missing)
    compare("small", ["true", "-x", "a b"], env={"COLUMNS": "70"}, owners=False, stderr=True)
    faked.setattr(sidebyside, "run_ours", ours_prints(b"other"))
    with pytest.raises(pytest.fail.Exception, match="line 1 differs"):
        compare("small", ["true", "-x", "a b"], env={"COLUMNS": "70"}, owners=False)
    with pytest.raises((pytest.skip.Exception, pytest.fail.Exception), match="no recorded answer"):
        compare("small", ["true", "-x", "a b"], env={"COLUMNS": "71"}, owners=False)


def test_a_classic_of_another_version_is_not_asked(faked: pytest.MonkeyPatch) -> None:
    faked.setattr(classic, "UPDATE", True)
    compare("small", ["true"], owners=False)
    faked.setattr(classic, "UPDATE", False)
    faked.setattr(classic, "version", lambda command: "2.0")
    faked.setattr(sidebyside, "run_classic", ours_prints(b"another version's"))
    compare("small", ["true"], owners=False)


def test_recorded_answers_are_read_back(faked: pytest.MonkeyPatch) -> None:
    case = Case("small", ("true", b"\xff\n"), (("A", "b c"),))
    answer = Answer(-9, b"stdout:\n|x\n\x1b", b"no newline")
    classic.record(case, answer)
    assert classic.recorded(case) == classic.Recorded("1.0", answer)
    assert classic.recorded(case._replace(argv0="-x")) is None


def test_ours_runs_without_a_stage() -> None:
    """The fallback: PROCFS_PATH and a clock fixed in Python give what the stage gives."""
    case = Case("small", ("uptime",))
    alone = sidebyside.run_ours_without_stage(case)
    assert alone.stdout.startswith(b" 15:09:26 up 14 days,  6:56,")
    try:
        assert sidebyside.run_ours(case) == alone
    except StageUnavailable as error:
        pytest.skip(str(error))


def test_ours_and_the_classic_agree_on_uptime() -> None:
    compare("small", ["uptime", "-s"], env={"TZ": "Europe/Berlin"}, stderr=True, owners=False)


def test_another_name_reaches_the_command() -> None:
    case = Case("small", ("uptime", "-s"), argv0="uptime")
    try:
        assert sidebyside.run_ours(case).stdout == b"2026-02-28 08:13:19\n"
    except StageUnavailable as error:
        pytest.skip(str(error))


def test_a_changed_copy_can_be_staged() -> None:
    proc = trees.fresh("small")
    (proc / "loadavg").chmod(0o644)
    (proc / "loadavg").write_text("9.99 8.88 7.77 1/1 1\n")
    try:
        answer = sidebyside.run_classic(Case(proc, ("cat", "/proc/loadavg")))
    except StageUnavailable as error:
        pytest.skip(str(error))
    assert answer.stdout == b"9.99 8.88 7.77 1/1 1\n"


def test_files_of_a_case_are_there_for_that_case_alone() -> None:
    files = (("loadavg", b"7 7 7 1/1 1\n"), ("uptime", None))
    assert on_stage("ls", "/proc/loadavg").returncode == 0
    answer = on_stage("sh", "-c", "cat /proc/loadavg; ls /proc/uptime", files=files)
    assert (answer.returncode, answer.stdout) == (2, b"7 7 7 1/1 1\n")
    assert on_stage("cat", "/proc/loadavg", "/proc/uptime").stdout.startswith(b"0.52 1.05 12.34")
    alone = sidebyside.run_ours_without_stage(Case("small", ("uptime",), files=files[:1]))
    assert alone.stdout.endswith(b"load average: 7.00, 7.00, 7.00\n")


def test_the_fixed_clock_is_built_where_there_is_a_compiler() -> None:
    library = clock.library()
    if library is None:
        pytest.skip("no C compiler")
    code = "import time; print(time.time(), time.clock_gettime(time.CLOCK_BOOTTIME))"
    env = {"LD_PRELOAD": str(library), **clock.Clock(1234.5, 99.25).variables()}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=True)
    assert done.stdout == b"1234.5 99.25\n"


def test_golden_files_are_written_only_when_asked(tmp_path: Path) -> None:
    ask, write = Golden(update=False, directory=tmp_path), Golden(update=True, directory=tmp_path)
    with pytest.raises(pytest.fail.Exception, match="missing"):
        ask.check("ps", "all", "json", b"[]")
    write.check("ps", "all", "json", b"[]")
    ask.check("ps", "all", "json", b"[]")
    assert (tmp_path / "ps" / "all.json.txt").read_bytes() == b"[]"
    with pytest.raises(pytest.fail.Exception, match="line 1"):
        ask.check("ps", "all", "json", b"[1]")


@given(st.binary(), st.binary())
def test_a_difference_is_found_exactly_when_there_is_one(one: bytes, other: bytes) -> None:
    assert (difference(one, other) == "") is (one == other)


def test_support_names_no_machine_of_its_own() -> None:
    for path in sorted((ROOT / "tests/support").glob("*.py")):
        assert len(path.read_text().splitlines()) <= 450, path
