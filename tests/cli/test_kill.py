"""kill: beside the classic on the recorded machine (what is only text) and among processes that nobody
else sees; never a signal to the machine that the tests run on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils.cli import kill, signals
from tests.cli.beside import CAP_KILL, OURS, environment, ours, program
from tests.support import pid_space
from tests.support.children import linux_only, member, sleeper, wait_state
from tests.support.sidebyside import compare

if TYPE_CHECKING:
    from tests.support.golden import Golden

pytestmark = linux_only

USAGE = b"\nUsage:\n kill [options] <pid> [...]\n"


def beginning(message: bytes) -> bytes:
    """The message and how the usage text below it begins; the text itself is our own."""
    return message.partition(USAGE)[0] + (USAGE if USAGE in message else b"")


# --- what is only text


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        "-l", "--list", "-L", "--table", "-l 9", "-l TERM", "-l SIGTERM", "-l term", "-l sigterm",
        "-l 137", "-l 0", "-l 64", "-l 34", "-l RTMIN", "-l RTMIN+1", "-l foo", "-l 9 15", "-l -9",
        "-l9", "-lTERM", "--list=9", "--list=TERM", "--list 9", "--l 9", "-l -- 9", "-l IOT",
        "-l CLD", "-l POLL", "-l IO", "-l STKFLT", "-l 16 -x", "-lx", "-l 1x", "-l +9", "-l 009",
        "-l 0x9", "-l 1000", "-l -1", "-l EXIT", "-l SYS", "-l SIGsigint",
        "-l 99999999999999999999", "-l hup int", "--list=", "--list -L", "-l -L", "-lL", "-L 5",
        "-L -l", "-0 -L", "-9 -l", "abc -l", "abc -L", "9 -l", "-sCHLD -L", "-L --nosuch", "-list",
        "-LOST 1",
    ],
)  # fmt: skip
def test_lists_beside_the_classic(words: str) -> None:
    compare("small", ["kill", *words.split()], stderr=beginning, owners=False)


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        "", "--", "-0", "abc", "-0 abc", "-", "-0 -", "-FOO 1", "-x 1", "-p 1", "-a 1", "-s",
        "--signal", "-q", "--queue", "-s -l", "-s -1", "-q x 1", "-q 5x 1", "-q 0x7 1",
        "-q 99999999999999999999999 1", "-q 7 abc", "-0 1x", "-0 0x1", "-0 1.5",
        "-0 99999999999999999999", "--table=3", "-0 -CHLD 1", "-CHLD -CHLD 1", "-x -l", "-- -5",
        "--queue 2", "-q -5 -s CHLD", "-q -3 -CHLD 2",
    ],
)  # fmt: skip
def test_errors_beside_the_classic(words: str) -> None:
    compare("small", ["kill", *words.split()], stderr=beginning, owners=False)


@pytest.mark.classic
@pytest.mark.parametrize("words", [["-l", ""], ["-l", " 9"], [""], ["-0", ""], ["-q", "", "1"]])
def test_empty_words_beside_the_classic(words: list[str]) -> None:
    compare("small", ["kill", *words], stderr=beginning, owners=False)


# --- signals


def there(*words: str, **orders: Any) -> pid_space.Result:
    """Ours among the four."""
    return pid_space.run([*OURS, "kill", *words], env=environment(), **orders)


def same(words: list[str], **orders: Any) -> pid_space.Result:
    """Ours and the classic, each among four of its own: same words, same status, same signals."""
    path = program("kill")
    theirs = pid_space.run(["kill", *words], executable=path, env=environment(), **orders)
    mine = there(*words, **orders)
    assert beginning(mine.stderr.encode()) == beginning(theirs.stderr.encode())
    assert (mine.returncode, mine.stdout) == (theirs.returncode, theirs.stdout)
    assert mine.signals == theirs.signals
    return mine


@pytest.mark.classic
@pytest.mark.parametrize(
    ("words", "got"),
    [
        ("2", [15]), ("-9 2", "gone"), ("-KILL 2", "gone"), ("-SIGUSR1 2", [10]), ("-usr1 2", [10]),
        ("-sigusr1 2", [10]), ("-s USR1 2", [10]), ("-sUSR1 2", [10]), ("--signal=USR1 2", [10]),
        ("--sig 10 2", [10]), ("-10 2", [10]), ("2 -10", [10]), ("-10 -- 2", [10]), ("-- -10 2", [10]),
        ("-0 2", []), ("-s 0 2", []), ("-s EXIT 2", []), ("-STOP 2", ["stopped"]), ("-IOT 2", [6]),
        ("-IO 2", [29]),
        ("-CLD 2", [17]), ("-RTMIN 2", [34]), ("-s RTMIN+3 2", [37]), ("-SIGRTMIN+3 2", [37]),
        ("-64 2", [64]),
        ("-s SIG9 2", "gone"), ("-s USR1 -s USR2 2", [12]), ("-s USR1 -USR2 2", [10]),
        ("-q 5 -USR1 2", [10]),
        ("-q 5 2", [15]), ("-USR1 -q -3 2", [10]), ("-q 4294967301 -USR1 2", [10]), ("-65 2", []),
        ("-s 70 2", []),
        ("-s FOO 2", []), ("-s RTMIN-1 2", []), ("-s RTMIN+40 2", []), ("-q 5 -s FOO 2", []),
        ("-USR1 +2", [10]),
        ("-USR1 02", [10]), ("-stop 99999999", []), ("-USR1 2 99999999 abc", [10]),
        ("-USR1 99999999 2", [10]),
        ("-USR1 99999999 -- 4194000 2", [10]), ("-USR1 -- -2", [10]), ("-USR1 -- -3", []),
        ("-USR1 -- -99999", []),
        ("-USR1 -- -1", [10]), ("-q 7 -USR1 -- -2", []), ("-USR1 2147483648", []), ("-USR1 5", []),
        ("-TERM 2 2", [15]), ("-q 5 -USR1 99999999", []), ("-9 -- -3", []), ("-USR1 0", []),
    ],
)  # fmt: skip
def test_signals_beside_the_classic(words: str, got: object) -> None:
    assert same(words.split()).signals["A"] == got


@pytest.mark.classic
def test_words_before_a_signal_under_posixly_correct() -> None:
    settings = environment(POSIXLY_CORRECT="1")
    for words in (["99999999", "-s", "USR1"], ["2", "-10"]):
        theirs = pid_space.run(["kill", *words], executable=program("kill"), env=settings)
        assert pid_space.run([*OURS, "kill", *words], env=settings) == theirs


@pytest.mark.classic
def test_what_is_forbidden_is_told_and_the_others_are_tried() -> None:
    if os.geteuid():
        pytest.skip("needs processes of another user")
    answer = same(["-USR1", "2", "99999999", "1"], user=65534, drop=CAP_KILL)
    assert answer.stderr == (
        "kill: (2): Operation not permitted\nkill: (99999999): No such process\n"
    )


def test_a_group_after_a_signal_is_meant_whole() -> None:
    """The classic signals the group of the first digit."""
    answer = there("-USR1", "-3")
    assert answer.signals == {"A": [], "B": [10], "C": [10], "D": "gone"}
    assert "(-99999): No such process" in there("-s", "USR1", "-99999").stderr
    assert there("-USR1", "2", "-3").signals == {**answer.signals, "A": [10]}
    assert there("-USR1", "-99999").returncode == 1
    everybody = there("-9", "-1")
    assert everybody.signals == dict.fromkeys("ABCD", "gone")
    assert everybody.returncode == 0


@pytest.mark.parametrize(
    "words",
    [
        "-128 2",
        "-100",
        "-99999",
        "-9x 2",
        "-64x 2",
        "-1x 2",
        "--128 2",
        "4294967298",
        "-4294967298",
    ],
)
def test_what_is_neither_signal_nor_group_hits_nobody(words: str) -> None:
    """The classic takes these for -1, all processes, or for some other number."""
    answer = there(*words.split())
    assert answer.returncode == 1
    assert answer.signals == {"A": [], "B": [], "C": [], "D": "gone"}


def test_a_value_arrives() -> None:
    code = """
import ctypes, signal
signal.pthread_sigmask(signal.SIG_BLOCK, [10])
print('ready', flush=True)
info = (ctypes.c_int * 32)(); mask = ctypes.create_string_buffer(128)
libc = ctypes.CDLL(None); libc.sigemptyset(mask); libc.sigaddset(mask, 10)
value = 6 if ctypes.sizeof(ctypes.c_void_p) == 8 else 5
print(libc.sigwaitinfo(mask, info), info[2], info[value])
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        assert ours("kill", "-USR1", "-q", "-77", str(child.pid)).returncode == 0
        assert child.stdout.read() == b"10 -1 -77\n"  # -1: SI_QUEUE


def test_it_really_ends() -> None:
    with sleeper() as child:
        assert ours("kill", "-KILL", str(child.pid)).returncode == 0
        child.process.wait()
        assert not psutil.pid_exists(child.pid)


# --- --timeout


def test_a_second_signal_follows_where_the_first_did_nothing() -> None:
    with member() as child:
        answer = ours(
            "kill", "-0", "--timeout", "20", "STOP", "--timeout", "1", "KILL", str(child.pid)
        )
        assert answer == (0, b"", b"")
        assert child.process.wait() == -9


def test_no_second_signal_where_the_first_was_enough() -> None:
    with member() as child:
        answer = ours("kill", "--timeout", "60000", "KILL", "-s", "TERM", str(child.pid))
        assert answer == (0, b"", b"")
        assert child.process.wait() == -15


@pytest.mark.parametrize(
    "words", ["--timeout", "--timeout 5", "--timeout x KILL 1", "--timeout 5 FOO 1"]
)
def test_bad_timeouts(words: str) -> None:
    answer = ours("kill", *words.split())
    assert answer.returncode == 1
    assert answer.stderr.startswith(b"kill: invalid ")
    assert USAGE in answer.stderr


# --- signals' names


@given(st.sampled_from(sorted(signals.signal_names().items())), st.booleans(), st.booleans())
def test_a_name_is_its_number(pair: tuple[int, str], prefix: bool, lower: bool) -> None:
    number, name = pair
    word = ("SIG" if prefix else "") + name
    assert signals.signal_number(word.lower() if lower else word) == number
    assert signals.signal_number(str(number)) == number


@pytest.mark.parametrize(
    "word", ["", "SIG", "FOO", "SIGSIGHUP", "9 ", "0x9", "-1", "95", "RTMIN-1", "RTMIN+", "RTMIN+x",
             "RTMAX+1", "RTMIN+200", " HUP", "HUP ", "٣", "ſys"],
)  # fmt: skip
def test_no_signal(word: str) -> None:
    assert signals.signal_number(word) is None


def test_real_time_signals_from_both_ends() -> None:
    assert signals.signal_number("rtmin+2") == 36
    assert signals.signal_number("SIGRTMAX-1") == 63
    assert signals.signal_number("RTMAX") == 64


def test_names_agree_with_python_s() -> None:
    import signal

    for number, name in signals.signal_names().items():
        found = getattr(signal, f"SIG{name}", number)
        assert found == number


@given(st.lists(st.text("ABC", min_size=1, max_size=12)))
def test_lines_hold_all_names_in_at_most_80_columns(names: list[str]) -> None:
    text = kill._filled(names)
    assert text.split() == names
    assert all(len(line) < 80 for line in text.splitlines())


# --- formats


def test_json_of_one_signal() -> None:
    for words in (["--json", "-l", "KILL"], ["-l", "9", "--json"]):
        assert json.loads(ours("kill", *words).stdout) == [{"number": 9, "name": "KILL"}]
    assert json.loads(ours("kill", "--json", "-l", "nosuch").stdout) == []


@pytest.mark.parametrize("form", ["plain", "rich", "json", "jsonl", "csv"])
def test_what_is_written(form: str, golden: Golden) -> None:
    answer = ours("kill", "-L", f"--{form}")
    assert (answer.returncode, answer.stderr) == (0, b"")
    golden.check("kill", "table", form, answer.stdout)


def test_a_full_output_is_told() -> None:
    with open("/dev/full", "wb") as full:
        answer = ours("kill", "-l", stdout=full)
    assert (answer.returncode, answer.stderr) == (
        1,
        b"kill: write error: No space left on device\n",
    )


def test_hostile_words_reach_no_terminal() -> None:
    for words in (["\x1b[31m"], ["-l", "\x1b[31m"], ["--\x1b[31m"], ["-\x1b"], ["-q", "\x1b", "1"]):
        assert b"\x1b" not in ours("kill", *words).stderr


def test_a_stopped_process_can_go_on() -> None:
    with member(end="stop") as child:
        wait_state(child.pid, "T")
        assert ours("kill", "-CONT", str(child.pid)).returncode == 0
        wait_state(child.pid, "S")
