"""Every method of a process asked of psutil 7.2.2 too, of processes of each kind; what changes them as well.

A method without a line here fails the last test."""

from __future__ import annotations

import contextlib
import resource
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from sysutils import core
from tests.core.beside import (  # noqa: F401  # four are fixtures
    busy_process,
    gone_process,
    outcome,
    plain,
    seen_of,
    steady,
    thread_process,
    zombie_process,
)
from tests.support import children
from tests.support.oracle import error_of, oracle, portrait, same, unlike

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux' answers"),
    pytest.mark.oracle,
]


FIELDS = ["rss", "vms", "shared", "text", "lib", "data", "dirty", "swap"]
#: on PyPy psutil gives back the error that it should raise
UNKNOWN_LIMITS = [(16,), (99,)] if sys.implementation.name == "cpython" else []
#: method -> arguments, asked of each kind of process
METHODS: dict[str, list[tuple[Any, ...]]] = {
    "as_dict": [
        (["pid", "name", "status"],),
        (["nope"],),
        ("pid",),
        (["cmdline", "exe", "cwd"], "-"),
    ],
    "children": [(), (True,)],
    "cmdline": [()],
    "connections": [],
    "cpu_affinity": [(), ([99999],), (["x"],)],
    "cpu_num": [()],
    "cpu_percent": [(), (-1,)],
    "cpu_times": [()],
    "create_time": [()],
    "cwd": [()],
    "environ": [()],
    "exe": [()],
    "gids": [()],
    "io_counters": [()],
    "ionice": [(), (None, 3), (2, 9), (3, 2), (9,)],
    "is_running": [()],
    "kill": [],
    "memory_full_info": [()],
    "memory_info": [()],
    "memory_maps": [(), (False,)],
    "memory_percent": [*((name,) for name in FIELDS), ("nope",)],
    "name": [()],
    "net_connections": [(), ("all",), ("nope",)],
    "nice": [()],
    "num_ctx_switches": [()],
    "num_fds": [()],
    "num_threads": [()],
    "oneshot": [],
    "open_files": [()],
    "parent": [()],
    "parents": [()],
    "pid": [],
    "ppid": [()],
    "resume": [],
    "rlimit": [*((number,) for number in range(16)), (7, (1,)), *UNKNOWN_LIMITS],
    "send_signal": [(0,), (999,)],
    "status": [()],
    "suspend": [],
    "terminal": [()],
    "terminate": [],
    "threads": [()],
    "uids": [()],
    "username": [()],
    "wait": [(-1,), ("x",), (0,)],
    "memory_info_ex": [],
    "__repr__": [()],
    "__str__": [()],
    "__hash__": [],
    "__eq__": [(5,), (None,)],
}
CASES = [(name, one) for name, every in METHODS.items() for one in every]


def ask(name: str, arguments: tuple[Any, ...], pid: int) -> None:
    def change(answer: Any) -> Any:  # psutil's sockets come in the order of a set
        sockets = name == "net_connections" and isinstance(answer, list)
        return sorted(answer, key=repr) if sockets else answer

    same(outcome(lambda api: steady(getattr(api.Process(pid), name)(*arguments))), change)


@pytest.mark.parametrize(("name", "arguments"), CASES)
def test_methods_of_a_process(name: str, arguments: tuple[Any, ...], busy: int) -> None:
    ask(name, arguments, busy)


@pytest.mark.parametrize(("name", "arguments"), CASES)
def test_methods_of_a_zombie(name: str, arguments: tuple[Any, ...], zombie: int) -> None:
    ask(name, arguments, zombie)


@pytest.mark.parametrize(("name", "arguments"), CASES)
def test_methods_of_a_thread(name: str, arguments: tuple[Any, ...], thread: int) -> None:
    if name == "wait":
        return  # new kernels have no such descriptor of a thread: psutil raises what they say
    ask(name, arguments, thread)


@pytest.mark.parametrize(("name", "arguments"), CASES)
def test_methods_of_a_process_that_is_gone(
    name: str, arguments: tuple[Any, ...], gone: tuple[Any, Any]
) -> None:
    seen = []
    for process in gone:
        try:
            seen.append(steady(plain(getattr(process, name)(*arguments))))
        except Exception as error:
            seen.append(seen_of(error))
    assert not unlike(*seen)


#: of new kernels, which answer "no such process" for kernel threads: psutil takes that for the truth
BETTER = {"environ", "memory_maps", "memory_full_info"}


@pytest.mark.parametrize(("name", "arguments"), CASES)
def test_methods_of_a_kernel_thread(name: str, arguments: tuple[Any, ...]) -> None:
    found = [
        one for one in core.process_iter(["ppid"]) if one.info["ppid"] == 2 and one.nice() == 0
    ]
    if not found:
        pytest.skip("no kernel threads in this pid namespace")
    if name in BETTER or name == "wait":
        return
    ask(name, arguments, found[0].pid)


# --- what changes a process, and objects themselves


def _changed(change: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
    """A call that makes a child, lets ``change(api, child)`` change it, and ends it."""

    def call(api: Any) -> Any:
        with api.Popen([sys.executable, "-S", "-c", "input()"], stdin=-1, stdout=-1) as child:
            try:
                return change(api, child)
            finally:
                with contextlib.suppress(api.Error):
                    child.kill()
                child.stdin.close()

    return call


def _state_after(name: str, letters: str) -> Callable[[Any, Any], Any]:
    def change(api: Any, child: Any) -> Any:
        answer = getattr(child, name)()
        children.wait_state(child.pid, letters)
        return answer, str(child.status())

    return change


def _suspended(api: Any, child: Any) -> Any:
    first = _state_after("suspend", "T")(api, child)
    return first, _state_after("resume", "SR")(api, child)[0]


def _code_after(name: str, *arguments: int) -> Callable[[Any, Any], Any]:
    def change(api: Any, child: Any) -> Any:
        answer = getattr(child, name)(*arguments)
        code = child.wait(timeout=60)
        return answer, code, repr(code), child.wait(), child.returncode, child.is_running()

    return change


def _set(name: str, *arguments: Any, ask: tuple[Any, ...] = ()) -> Callable[[Any, Any], Any]:
    def change(api: Any, child: Any) -> Any:
        answer = getattr(child, name)(*arguments)
        told = getattr(child, name)(*ask)
        return answer, told, repr(told)

    return change


def _oneshot(api: Any, child: Any) -> Any:
    with child.oneshot():
        before = child.nice(), child.ppid(), child.num_fds()
        with child.oneshot():
            return before == (child.nice(), child.ppid(), child.num_fds()), str(
                child.status()
            ) in "sleeping running"


def _timed_out(api: Any, child: Any) -> Any:
    error = error_of(lambda _: child.wait(timeout=0.001), api)
    return {
        name: value
        for name, value in portrait(error).items()
        if name in {"class", "bases", "args", "seconds", "name"}
    }


def _popen(api: Any, child: Any) -> Any:
    missing = error_of(lambda _: child.nonsense, api)
    out, err = child.communicate(b"x\n")
    return (
        steady(str(missing)),
        out,
        err,
        child.poll(),
        child.wait(),
        sorted({"communicate", "name", "poll"} & set(dir(child))),
    )


def _identity(api: Any, child: Any) -> Any:
    twin = api.Process(child.pid)
    return (
        twin == child, child == twin, twin != child, hash(twin) == hash(child), twin == 1,
        twin == api.Process(),
        isinstance(child, api.Process), isinstance(child, subprocess.Popen), twin.pid == child.pid,
        len({twin, child}),
    )  # fmt: skip


def _deprecated(api: Any, child: Any) -> Any:
    with pytest.warns(DeprecationWarning, match="connections") as caught:
        answer = child.connections("all")
    return answer, str(caught[0].message)


def _whole(api: Any, child: Any) -> Any:
    return {key: type(plain(value)).__name__ for key, value in sorted(child.as_dict().items())}


ACTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "suspend resume": _suspended,
    "kill wait": _code_after("kill"),
    "terminate": _code_after("terminate"),
    "send_signal": _code_after("send_signal", signal.SIGUSR1),
    "send_signal number": _code_after("send_signal", 40),
    "nice": _set("nice", 19),
    "ionice": _set("ionice", 2, 7),
    "ionice class": _set("ionice", 3),
    "cpu_affinity": _set("cpu_affinity", [0]),
    "cpu_affinity all": _set("cpu_affinity", []),
    "rlimit": _set("rlimit", resource.RLIMIT_NOFILE, (64, 64), ask=(resource.RLIMIT_NOFILE,)),
    "oneshot": _oneshot,
    "TimeoutExpired": _timed_out,
    "Popen": _popen,
    "pid Process __hash__": _identity,
    "connections": _deprecated,
    "as_dict": _whole,
}


@pytest.mark.parametrize("name", ACTIONS)
def test_changes(name: str) -> None:
    same(outcome(_changed(ACTIONS[name])), change=steady)


#: attributes of 8.0 and 2.x, which psutil 7.2.2 has not
NOT_THEIRS = {"memory_info_ex"}


def test_every_method_is_compared() -> None:
    words = {word for name in ACTIONS for word in name.split()}
    compared = {name for name, every in METHODS.items() if every} | words
    theirs = {name for name in dir(oracle().Process) if name[0] != "_"}
    assert theirs - NOT_THEIRS <= compared | {"info"}
    assert set(oracle().Process().as_dict()) <= compared
