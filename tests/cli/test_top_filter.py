"""Expressions that choose processes in the live top."""

from __future__ import annotations

import contextlib
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils.cli.grammar import CommandError
from sysutils.cli.top_choices import ALL, Context, choose, container_of
from sysutils.cli.top_columns import Settings, Task
from sysutils.cli.top_filter import contains, parse
from tests.support.children import linux_only

pytestmark = linux_only

FACTS: dict[str, Any] = {
    "pid": 42,
    "ppid": 1,
    "euid": 0,
    "comm": "python3",
    "args": "python3 -m http.server",
    "state": "S",
    "memory_rss": 300 << 20,
    "memory_vms": 2 << 30,
    "utime": 9000,
    "stime": 1000,
    "num_threads": 4,
    "starttime": 0,
    "nice": -5,
    "tty_nr": 0,
    "majflt": 0,
    "minflt": 0,
}
TASK = Task(SimpleNamespace(**FACTS), 20, 0, 0)


def holds(text: str, exact_case: bool = False) -> bool:
    test = parse(text, exact_case)
    return test.of(Context(Settings(whole=100.0)))(TASK)


@pytest.mark.parametrize(
    "text",
    [
        "cpu > 5 and user == root",
        "cpu >= 20",
        "cpu < 20.1",
        "%cpu == 20",
        "pid == 42",
        "PID = 42",
        "rss > 200M",
        "rss <= 300M",
        "RES==307200K",
        "virt > 1.5G",
        "time > 1m",
        "time >= 100",
        "age > 0s",
        "name == python3",
        "command ~ http",
        "args ~ 'py.*HTTP' or pid == 42",
        "args =~ server$",
        "not cpu > 50",
        "!(cpu > 50 || ppid == 2)",
        "http",
        "HTTP.server and root",
        "nice < 0",
        "state == S",
        "user != nobody",
        "comm !~ bash",
        "threads > 3",
        "'http.server'",
        "cpu>5&&ppid==1",
        "%CPU>3.0",
        "!COMMAND=bash",
        "COMMAND=PYTHON",
        "USER=roo",
        "NI<0",
        "RES>1M",
    ],
)
def test_true(text: str) -> None:
    assert holds(text)


@pytest.mark.parametrize(
    "text",
    [
        "cpu > 50",
        "user == nobody",
        "rss > 1G",
        "not python",
        "cpu > 5 and pid == 1",
        "args ~ nosuch",
        "!USER=root",
        "%CPU<3.0",
        "nosuchword",
        "state == R",
    ],
)
def test_false(text: str) -> None:
    assert not holds(text)


def test_case() -> None:
    assert holds("COMMAND=PYTHON")
    assert not holds("COMMAND=PYTHON", True)
    assert holds("COMMAND=python", True)
    assert holds("args ~ Http") is False


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "an empty expression"),
        ("cpu >", "cpu >: what?"),
        ("cpu > x", "%CPU: x is no number"),
        ("nosuch > 1", "unknown field nosuch"),
        ("(cpu > 1", "a bracket is not closed"),
        ("cpu > 1)", "unexpected )"),
        ("and", None),
        ("cpu > 1 and", "something is missing at the end"),
        ("args ~ '('", "(: "),
        ("rss > 5h", "RES: 5h is no number"),
        ("& x", "unexpected & x"),
        ("(" * 80 + "x", "too many brackets"),
        ("'x' == 5", "unknown field x"),
    ],
)
def test_mistakes_are_told(text: str, message: str | None) -> None:
    if message is None:
        assert not holds(text)
        return
    with pytest.raises(CommandError) as told:
        parse(text)
    assert str(told.value.message).startswith(message)


@given(st.text(st.sampled_from("cpu pid>=<!~()&|'\"andornt5GM%.x")), st.booleans())
def test_an_expression_is_understood_or_refused(text: str, exact: bool) -> None:
    with contextlib.suppress(CommandError):
        test = parse(text, exact)
        assert isinstance(test.needs, tuple)


def test_a_missing_value_is_neither_more_nor_less() -> None:
    task = Task(SimpleNamespace(**{**FACTS, "memory_rss": None, "args": None}), 0, 0, 0)
    for text, answer in (
        ("rss > 0", False),
        ("rss < 5", False),
        ("rss != 5", True),
        ("args ~ x", False),
    ):
        assert parse(text).of(Context())(task) is answer
    assert contains("python").of(Context())(task)


@pytest.mark.parametrize(
    ("group", "name"),
    [
        (f"0::/system.slice/docker-{'ab' * 32}.scope", "abababababab"),
        (f"9:cpu:/docker/{'cd' * 32}", "cdcdcdcdcdcd"),
        (f"0::/machine.slice/libpod-{'0f' * 32}.scope/container", "0f0f0f0f0f0f"),
        (f"1:x:/kubepods/besteffort/pod1-2/{'12' * 32}", "121212121212"),
        (f"0::/kubepods.slice/cri-containerd-{'34' * 32}.scope", "343434343434"),
        ("0::/lxc.payload.web/init.scope", "web"),
        ("0::/machine.slice/machine-box.scope", "box"),
        ("0::/user.slice/user-0.slice", None),
        ("0::/", None),
    ],
)
def test_containers(group: str, name: str | None) -> None:
    assert container_of(["3:x:/", group]) == name


def test_every_column_can_be_chosen() -> None:
    found = choose(ALL, Context())
    assert [column.name for column in found] == list(ALL)
    assert all(column.width >= len(column.header) and column.help for column in found)
