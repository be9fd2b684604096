"""The tests' own ground: live children, sockets, terminals, the oracle's comparisons."""

from __future__ import annotations

import os
import pickle
import socket
import subprocess
import sys
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import children, oracle, strict, terminal
from tests.support.children import linux_only
from tests.support.sockets import Sockets, tcp_state
from tests.support.stage import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = linux_only
NAMES = [b"new\nline", b"a) R (b", b"\xff\xfe", "größe".encode(), b"", b"sixteen_bytes_xx"]
CMDLINES = [b"", b"\0", b"no end", b"a\0\0b\0", b"\xff\n\x1b\0", b"x" * 100_000 + b"\0"]


def proc(pid: int, name: str) -> bytes:
    return Path(f"/proc/{pid}/{name}").read_bytes()


def gone(pid: int) -> bool:
    return children.state(pid) == ""


def test_what_the_tests_start_heeds_signals_that_the_run_ignores() -> None:
    program = """
import signal, subprocess
for number in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
    signal.signal(number, signal.SIG_IGN)
from tests import conftest
conftest.heed_signals()
print(subprocess.check_output(["cat", "/proc/self/status"], text=True))
"""
    told = subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True)
    (ignored,) = (line.split()[1] for line in told.splitlines() if line.startswith("SigIgn:"))
    assert not int(ignored, 16) & 0b111


# --- children


def test_a_sleeper_sleeps_and_is_reaped() -> None:
    with children.sleeper() as child:
        children.wait_state(child.pid, "S")
    assert gone(child.pid)


def test_a_zombie_is_one_and_is_reaped_with_its_parent() -> None:
    with children.zombie(b"a) Z (b") as pid:
        assert proc(pid, "stat").startswith(b"%d (a) Z (b) Z " % pid)
        parent = int(proc(pid, "stat").split()[5])
    assert gone(parent)
    assert gone(pid)


def test_a_stopped_child_is_one_and_is_reaped() -> None:
    with children.stopped() as child:
        assert children.state(child.pid) == "T"
    assert gone(child.pid)


@pytest.mark.parametrize("name", NAMES)
def test_a_child_is_named(name: bytes) -> None:
    with children.named(name) as child:
        assert proc(child.pid, "comm") == name[:15] + b"\n"


@pytest.mark.parametrize("cmdline", CMDLINES, ids=range(len(CMDLINES)))
def test_a_child_is_called(cmdline: bytes) -> None:
    with children.called(cmdline) as child:
        assert proc(child.pid, "cmdline") == cmdline


def test_threads_are_counted_and_named() -> None:
    with children.threads(4, [b"a\nb", b"\xff"]) as child:
        tasks = sorted(map(int, os.listdir(f"/proc/{child.pid}/task")))
        names = [proc(child.pid, f"task/{tid}/comm") for tid in tasks[1:]]
    assert names == [b"a\nb\n", b"\xff\n", b"thread-2\n"]


def test_an_executed_program_has_its_name_and_arguments() -> None:
    with children.executed([b"other \xff", b"1000"], b"a) R (b") as child:
        assert proc(child.pid, "comm") == b"a) R (b\n"
        assert proc(child.pid, "cmdline") == b"other \xff\x001000\0"


def test_a_deleted_executable_is_deleted() -> None:
    with children.deleted_executable() as child:
        assert os.readlink(f"/proc/{child.pid}/exe").endswith("/gone (deleted)")
    assert gone(child.pid)


def test_a_session_on_a_terminal() -> None:
    with children.on_terminal(70, 20) as (child, path):
        fields = proc(child.pid, "stat").rpartition(b") ")[2].split()
        group, session, device, foreground = map(int, fields[2:6])
        assert (group, session, foreground) == (child.pid,) * 3
        assert device & 0xFF == os.stat(path).st_rdev & 0xFF
        with open(
            path, "rb", buffering=0, opener=lambda name, flags: os.open(name, flags | os.O_NOCTTY)
        ) as file:
            assert os.get_terminal_size(file.fileno()) == (70, 20)


def test_memory_is_held() -> None:
    with children.sleeper() as light, children.holding(30 << 20) as heavy:
        pages = [int(proc(child.pid, "statm").split()[1]) for child in (light, heavy)]
    assert (pages[1] - pages[0]) * os.sysconf("SC_PAGESIZE") > 29 << 20


def test_descriptors_can_be_given_to_a_child() -> None:
    with Sockets() as made:
        listener = made.listener()
        with children.member(pass_fds=[listener.fileno()]) as child:
            ours = os.readlink(f"/proc/self/fd/{listener.fileno()}")
            assert os.readlink(f"/proc/{child.pid}/fd/{listener.fileno()}") == ours


def test_an_ended_pid_is_nobody() -> None:
    assert gone(children.ended_pid())


def test_orders_that_fail_fail_the_test() -> None:
    with pytest.raises(pytest.fail.Exception, match="FileNotFoundError"):
        children.member(cwd="/nonexistent").__enter__()


@pytest.mark.root
def test_users_can_be_taken_by_root() -> None:
    with children.member(gids=[7, 8, 9], uids=[1, 2, 3]) as child:
        assert b"\nUid:\t1\t2\t3\t2\n" in proc(child.pid, "status")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may")
def test_what_is_not_allowed_is_skipped() -> None:
    with pytest.raises(pytest.skip.Exception, match="not allowed"):
        children.member(nice=-5).__enter__()


# --- sockets


def test_tcp_sockets_are_in_their_states() -> None:
    with Sockets() as made:
        assert tcp_state(made.listener()) == "LISTEN"
        client, server = made.connected(queued=77)
        assert [tcp_state(client), tcp_state(server)] == ["ESTABLISHED"] * 2
        assert len(server.recv(1000, socket.MSG_PEEK)) == 77
        assert tcp_state(made.half_closed()[1]) == "CLOSE_WAIT"
        assert tcp_state(made.syn_sent()) == "SYN_SENT"
    assert client.fileno() == -1


def test_a_socket_in_time_wait_is_in_the_kernels_table() -> None:
    with Sockets() as made:
        (_, port), (_, other) = made.time_wait()
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ends = [(int(row[1][-4:], 16), int(row[2][-4:], 16), row[3]) for row in rows]
    assert (port, other, "06") in ends


def test_other_sockets() -> None:
    with Sockets() as made:
        assert made.udp(connected=True).getpeername()[0] == "127.0.0.1"
        assert made.unix(name=b"\0" + b"x" * 40).getsockname() == b"\0" + b"x" * 40
        path = made.unix(socket.SOCK_DGRAM).getsockname()
        assert Path(path).is_socket()
        first, second = made.unix_pair(socket.SOCK_SEQPACKET)
        first.send(b"x")
        assert second.recv(2) == b"x"
    assert not Path(path).exists()


# --- terminals

PROGRAM = """
import os, sys
size = os.get_terminal_size()
print(size.columns, size.lines, os.environ["TERM"], os.environ.get("NO_COLOR"))
print("\\x1b[1;31mred\\x1b[0m plain")
print(sys.stdin.readline().strip().upper(), os.tcgetpgrp(0) == os.getpgrp())
sys.exit(7)
"""


def test_a_command_on_a_terminal() -> None:
    screen = terminal.show(
        ["-c", PROGRAM], columns=50, lines=9, env={"NO_COLOR": "1"}, keys="abc\n",
        program=sys.executable,
    )  # fmt: skip
    assert len(screen.lines) == 9
    assert "50 9 xterm-256color 1" in screen.lines
    row = screen.lines.index("red plain")
    assert (screen.cell(row, 0).fg, screen.cell(row, 0).bold) == ("red", True)
    assert (screen.cell(row, 4).fg, screen.cell(row, 4).bold) == ("default", False)
    assert "ABC True" in screen.lines
    assert screen.returncode == 7
    assert screen.coloured()


def test_a_live_command_is_waited_for_typed_at_and_resized() -> None:
    loop = (
        "import os, signal\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGWINCH])\n"
        "print('started', flush=True)\n"
        "signal.sigwait([signal.SIGWINCH])\n"
        "print('now', os.get_terminal_size().columns, flush=True)\n"
        "print('got', input(), flush=True)\n"
    )
    with terminal.Terminal(["-c", loop], columns=60, program=sys.executable) as live:
        assert "started" in live.wait_for("started").text
        live.resize(44, 10)
        live.wait_for("now 44")
        live.type("x\n")
        live.wait_for("got x")
        assert live.finish() == 0


def test_half_a_frame_is_not_judged() -> None:
    slowly = (
        "import sys\n"
        "print('\\x1b[?2026hfirst', flush=True)\n"
        "sys.stdin.readline()\n"
        "print('second\\x1b[?2026l', flush=True)\n"
    )
    with terminal.Terminal(["-c", slowly], program=sys.executable) as live:
        live.type("\n")
        assert "second" in live.wait_for("first").text


def test_text_that_never_comes_fails() -> None:
    with (
        pytest.raises(pytest.fail.Exception, match="never came on the screen:\nhello"),
        terminal.Terminal(["-c", "print('hello')"], program=sys.executable) as live,
    ):
        live.wait_for("bye")


def test_our_own_command_is_run() -> None:
    screen = terminal.show(["--version"])
    assert screen.text.startswith("sysutils")
    assert screen.returncode == 0


# --- the oracle's comparisons, with an oracle made up

Pair = namedtuple("Pair", "one two")  # noqa: PYI024
Twisted = namedtuple("Twisted", "two one")  # noqa: PYI024


class Gone(Exception):
    def __init__(self, pid: int, msg: str = "") -> None:
        super().__init__()
        self.pid, self.msg = pid, msg

    def __str__(self) -> str:
        return f"{self.pid} {self.msg}"


def asked(monkeypatch: pytest.MonkeyPatch, theirs: Any, ours: Any) -> Callable[[Any], Any]:
    """A call that answers each in turn: a list is a row of successive answers."""
    apis = []
    for name, answers in (("psutil", theirs), ("ours", ours)):
        row = iter(answers if isinstance(answers, list) else [answers] * 100)
        apis.append(SimpleNamespace(__name__=name, ask=lambda row=row: next(row)))
    monkeypatch.setattr(oracle, "oracle", lambda: apis[0])
    monkeypatch.setattr(oracle, "ours", lambda: apis[1])
    return lambda api: api.ask()


@pytest.mark.parametrize(
    ("theirs", "ours", "message"),
    [
        (1, 2, "answer: 1, ours 2"),
        (1, 1.0, "type int, ours float"),
        (Pair(1, 2), Pair(1, 3), r"answer\.two: 2, ours 3"),
        (Pair(1, 2), (1, 2), "type Pair, ours tuple"),
        ({"a": 1}, {"b": 1}, "keys"),
        ({"a": (1,)}, {"a": (2,)}, r"answer\['a'\]\[0\]"),
        ((1, 2), (1,), "2 items"),
    ],
)
def test_unequal_answers_fail(
    monkeypatch: pytest.MonkeyPatch, theirs: Any, ours: Any, message: str
) -> None:
    with pytest.raises(pytest.fail.Exception, match=message):
        oracle.same(asked(monkeypatch, theirs, ours))


def test_types_of_one_name_need_the_same_fields() -> None:
    twisted = type("Pair", (Twisted,), {})
    assert "fields" in oracle.unlike(Pair(1, 2), twisted(1, 2))


def test_equal_answers_are_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    assert oracle.same(asked(monkeypatch, Pair(1, {"x"}), Pair(1, {"x"}))) == Pair(1, {"x"})
    assert oracle.same(asked(monkeypatch, (2, 1), (1, 2)), sorted) == (1, 2)


def test_a_moving_answer_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert oracle.same(asked(monkeypatch, [1, 2, 3, 3], [2, 3])) == 3
    with pytest.raises(pytest.fail.Exception):
        oracle.same(asked(monkeypatch, [1, 2, 3, 3], [2, 9]))


@pytest.mark.parametrize(("value", "fine"), [(9, False), (10, True), (12, True), (21, False)])
def test_a_bracket_holds_what_lies_between(
    monkeypatch: pytest.MonkeyPatch, value: int, fine: bool
) -> None:
    call = asked(monkeypatch, [Pair(0, 10), Pair(0, 20)], [Pair(0, value)])
    if fine:
        assert oracle.bracket(call) == Pair(0, value)
    else:
        with pytest.raises(pytest.fail.Exception, match=r"answer\.two: ours .* is outside"):
            oracle.bracket(call)


def test_a_bracket_can_be_widened(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"a": [(100, "x")]}, {"a": [(200, "x")]}]
    oracle.bracket(asked(monkeypatch, list(rows), [{"a": [(95, "x")]}]), floor=5)
    oracle.bracket(asked(monkeypatch, list(rows), [{"a": [(220, "x")]}]), rel=0.1)
    oracle.bracket(asked(monkeypatch, [Pair(1, 2)] * 2, [Pair(9, 2)]), ignore=("one",))
    with pytest.raises(pytest.fail.Exception, match="outside"):
        oracle.bracket(asked(monkeypatch, list(rows), [{"a": [(94, "x")]}]), floor=5)
    with pytest.raises(pytest.fail.Exception, match="'x', then 'x', ours 'y'"):
        oracle.bracket(asked(monkeypatch, list(rows), [{"a": [(150, "y")]}]))


def raising(error: BaseException) -> SimpleNamespace:
    def ask() -> None:
        raise error

    return SimpleNamespace(__name__="api", ask=ask)


def errors(monkeypatch: pytest.MonkeyPatch, theirs: BaseException, ours: BaseException) -> Any:
    monkeypatch.setattr(oracle, "oracle", lambda: raising(theirs))
    monkeypatch.setattr(oracle, "ours", lambda: raising(ours))
    return oracle.same_error(lambda api: api.ask())


def test_errors_are_compared_in_every_respect(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(errors(monkeypatch, KeyError(1), KeyError(1)), KeyError)
    for other in (Gone(8, "m"), Gone(7, "n"), ValueError()):
        with pytest.raises(pytest.fail.Exception):
            errors(monkeypatch, Gone(7, "m"), other)
    seen = oracle.portrait(Gone(7, "m"))
    assert (seen["pid"], seen["str"], seen["pickle"]) == (7, "7 m", "TypeError")
    assert pickle.dumps(seen)
    with pytest.raises(pytest.fail.Exception, match="raised nothing"):
        oracle.error_of(lambda api: 5, SimpleNamespace(__name__="api"))


@pytest.mark.oracle
def test_the_oracle_itself_is_asked() -> None:
    with children.sleeper() as child:
        assert oracle.same(lambda api: api.Process(child.pid).ppid()) == os.getpid()
    error = oracle.same_error(lambda api: api.Process(child.pid))
    assert type(error).__name__ == "NoSuchProcess"
    oracle.bracket(lambda api: api.Process().cpu_times(), floor=0.05)


@pytest.mark.oracle
def test_both_can_be_pointed_at_a_recorded_machine(tree: Callable[[str], Path]) -> None:
    core = oracle.ours()
    before = core.PROCFS_PATH
    with oracle.at(tree("small")):
        assert oracle.same(lambda api: api.pids())[:3] == [1, 2, 17]
        assert oracle.same(lambda api: api.Process(2001).name()) == "bash"
    assert before == core.PROCFS_PATH
    assert os.getpid() in oracle.same(lambda api: api.pids())


def test_a_missing_oracle_is_a_skip_and_in_strict_mode_a_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(oracle, "_import_psutil", lambda: SimpleNamespace(__version__="5.0"))
    monkeypatch.setattr(strict, "STRICT", False)
    with pytest.raises(pytest.skip.Exception, match=r"psutil 5\.0 is installed"):
        oracle.oracle()
    monkeypatch.setattr(strict, "STRICT", True)
    with pytest.raises(pytest.fail.Exception, match=r"strict: psutil 5\.0"):
        oracle.oracle()
