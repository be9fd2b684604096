"""The exceptions beside psutil's: classes, signatures, attributes, texts, copies."""

from __future__ import annotations

import copy
import inspect
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils import core
from tests.support.oracle import oracle, portrait, same_error, unlike

NAMES = ["Error", "NoSuchProcess", "ZombieProcess", "AccessDenied", "TimeoutExpired"]
each = pytest.mark.parametrize("name", NAMES)
#: positional arguments after the first
_maybe_pid = st.none() | st.integers(-1, 1 << 40)
_maybe_text = st.none() | st.text(max_size=5)
_seconds = st.integers(0, 99) | st.floats(0, 99, allow_nan=False)


def _raiser(kind: str, *args: Any, **kwargs: Any) -> Any:
    def call(api: Any) -> None:
        raise getattr(api, kind)(*args, **kwargs)

    return call


@each
def test_classes_and_signatures(name: str) -> None:
    theirs, ours = getattr(oracle(), name), getattr(core, name)
    assert [kind.__name__ for kind in ours.__mro__] == [kind.__name__ for kind in theirs.__mro__]
    assert not issubclass(ours, OSError)
    assert ours.__module__ == "sysutils.core"
    shapes = [
        [
            (parameter.name, parameter.kind, parameter.default)
            for parameter in inspect.signature(kind.__init__).parameters.values()
        ]
        for kind in (theirs, ours)
    ]
    assert shapes[0] == shapes[1]


@given(_maybe_pid, _maybe_text, _maybe_text)
def test_processes_that_are_gone_or_forbidden(pid: Any, name: Any, msg: Any) -> None:
    same_error(_raiser("NoSuchProcess", pid, name, msg))
    same_error(_raiser("AccessDenied", pid, name=name, msg=msg))


@given(_maybe_pid, _maybe_text, _maybe_pid, _maybe_text)
def test_zombies(pid: Any, name: Any, ppid: Any, msg: Any) -> None:
    same_error(_raiser("ZombieProcess", pid, name, ppid, msg))


@given(st.none() | _seconds, _maybe_pid, _maybe_text)
def test_timeouts(seconds: Any, pid: Any, name: Any) -> None:
    same_error(_raiser("TimeoutExpired", seconds, pid, name))


@pytest.mark.parametrize("args", [(), ("text",), ("text", 5)])
def test_the_base_class(args: tuple[Any, ...]) -> None:
    same_error(_raiser("Error", *args))


def test_fewest_arguments() -> None:
    same_error(_raiser("NoSuchProcess", 5))
    same_error(_raiser("ZombieProcess", 5))
    same_error(_raiser("AccessDenied"))
    same_error(_raiser("TimeoutExpired", 3))
    assert str(core.AccessDenied()) == ""
    for name in NAMES[1:]:
        if name != "AccessDenied":
            error = same_error(_raiser(name))
            assert isinstance(error, TypeError)


def _errors() -> list[core.Error]:
    return [
        core.Error("text"),
        core.NoSuchProcess(5, "name"),
        core.ZombieProcess(5, "name", 1, "msg"),
        core.AccessDenied(0, None, "msg"),
        core.TimeoutExpired(1.5, 5, "name"),
    ]


@pytest.mark.parametrize("error", _errors(), ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_copies_are_alike(error: core.Error, protocol: int) -> None:
    copies = [
        copy.copy(error),
        copy.deepcopy(error),
        pickle.loads(pickle.dumps(error, protocol)),
    ]
    for made in copies:
        assert type(made) is type(error)
        assert vars(made) == vars(error)
        assert (str(made), repr(made), made.args) == (str(error), repr(error), error.args)


def test_what_a_program_changes_is_shown() -> None:
    def call(api: Any) -> None:
        error = api.NoSuchProcess(4, "old")
        error.name, error.msg, error.pid = "new", "other words", 0
        raise error

    assert str(same_error(call)) == "other words (pid=0, name='new')"


def test_a_subclass_looks_like_psutil_s() -> None:
    def call(api: Any) -> None:
        kind = type("Vanished", (api.NoSuchProcess,), {})
        raise kind(7)

    expected, found = (_raised(call, api) for api in (oracle(), core))
    assert repr(found) == repr(expected).replace("psutil", "sysutils.core")
    assert unlike(portrait(expected)["str"], portrait(found)["str"]) == ""


def _raised(call: Any, api: Any) -> BaseException:
    with pytest.raises(api.Error) as caught:
        call(api)
    return caught.value
