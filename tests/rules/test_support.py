"""The tests' own ground: the stage, the classic beside ours, recorded answers, golden files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import classic, clock, sidebyside, trees
from tests.support.golden import Golden, difference
from tests.support.sidebyside import NOBODY, Case, compare
from tests.support.stage import ROOT, Answer, Request, StageUnavailable, stage


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


def test_the_hosts_network_is_not_there() -> None:
    assert on_stage("sh", "-c", "cat /proc/net/dev | wc -l").stdout == b"4\n"
    code = "import socket; print([name for _, name in socket.if_nameindex() if name == 'eth0'])"
    try:
        seen = stage("small").run(Request(sys.executable, sys.executable, ("-c", code), {}))
    except StageUnavailable as error:
        pytest.skip(str(error))
    assert seen.stdout == b"[]\n"


def test_files_outside_proc_are_there_beside_the_hosts_own(tmp_path: Path) -> None:
    text = "f 644 0 0 etc/no-such-file\n|new\nf 644 0 0 run/no/such/file\n|deep\n"
    trees.unpack(trees.source("small") + text, tmp_path)
    case = Case(
        tmp_path / "proc", ("sh", "-c", "cat /etc/no-such-file /run/no/such/file; ls -A /etc")
    )
    try:
        answer = sidebyside.run_classic(case)
    except StageUnavailable as error:
        pytest.skip(str(error))
    trees.remove(tmp_path)
    assert answer.stdout.startswith(b"new\ndeep\n")
    assert set(os.listdir(b"/etc")) <= set(answer.stdout.split(b"\n"))
    assert not Path("/etc/no-such-file").exists()


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
