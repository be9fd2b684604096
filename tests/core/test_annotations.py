"""Every function and method answers with what its annotation says, down to the fields of the tuples."""

from __future__ import annotations

import inspect
import os
import socket
import sys
import types
import typing
import warnings
from typing import TYPE_CHECKING, Any, ForwardRef, Literal, TypeVar, Union, get_args, get_origin

import pytest

from sysutils import core
from tests.support import children

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux' answers")


def _names() -> dict[str, Any]:
    """What annotations may name, the modules' imports for type checkers alone among them."""
    from collections import abc

    from sysutils.core import _ntuples, attributes
    from sysutils.core.linux import ntuples, pid_files
    from sysutils.core.posix import utmp

    found: dict[str, Any] = {}
    for module in (abc, typing, utmp, attributes, pid_files, ntuples, _ntuples):
        found |= {name: value for name, value in vars(module).items() if name[0] != "_"}
    found |= {"AddressFamily": socket.AddressFamily, "SocketKind": socket.SocketKind}
    found |= {"Process": core.Process, "Popen": core.Popen, "os": os}
    # Any, for programs' sake: what is meant is
    return found | {"MaybeNone": types.NoneType, "OtherAddress": Union[tuple[()], str]}  # noqa: UP007


NAMES = _names() if sys.platform.startswith("linux") else {}


def kinds(thing: Any) -> dict[str, Any]:
    """The annotations of a class or function, names resolved."""
    written = thing.__annotations__
    return {name: _resolved(kind) for name, kind in written.items()}


def _resolved(kind: Any) -> Any:
    if isinstance(kind, ForwardRef):
        kind = kind.__forward_arg__
    while isinstance(kind, str):
        kind = eval(kind, dict(NAMES))
    return kind


def unlike(value: Any, kind: Any, where: str) -> str:
    """How a value is not of its annotation; empty if it is."""
    kind = _resolved(kind)
    origin, inside = get_origin(kind), get_args(kind)
    if kind is Any or isinstance(kind, TypeVar):
        return ""
    if kind is None or kind is types.NoneType:
        return "" if value is None else f"{where}: {value!r} is not None"
    if origin in {Union, types.UnionType}:
        found = [unlike(value, one, where) for one in inside]
        return "" if "" in found else f"{where}: {value!r} is none of {kind}"
    if origin is Literal:
        return "" if value in inside else f"{where}: {value!r} is not in {inside}"
    if origin is tuple:
        return _unlike_tuple(value, inside, where)
    if origin is dict:
        return _first(
            [unlike(key, inside[0], f"{where} key") for key in value]
            + [unlike(one, inside[1], f"{where}[{key!r}]") for key, one in value.items()]
        ) if type(value) is dict else f"{where}: {value!r} is no dict"  # fmt: skip
    if origin in {list, set, frozenset}:
        if type(value) is not origin:
            return f"{where}: {value!r} is no {origin.__name__}"
        return _first([unlike(one, inside[0], f"{where}[{n}]") for n, one in enumerate(value)])
    if origin is not None:  # Iterator, Callable, …
        return "" if isinstance(value, origin) else f"{where}: {value!r} is no {kind}"
    return _unlike_plain(value, kind, where)


def _unlike_plain(value: Any, kind: Any, where: str) -> str:
    if kind in {int, float, bool} and (isinstance(value, bool) != (kind is bool)):
        return f"{where}: {value!r} is no {kind.__name__}"
    if not isinstance(value, kind):
        return f"{where}: {value!r} is no {kind.__name__}"
    if hasattr(kind, "_fields"):
        hints = kinds(type(value)) if type(value).__annotations__ else kinds(kind)
        fields = type(value)._fields
        return _first(
            [unlike(getattr(value, name), hints[name], f"{where}.{name}") for name in fields]
        )
    return ""


def _unlike_tuple(value: Any, inside: tuple[Any, ...], where: str) -> str:
    if not isinstance(value, tuple):
        return f"{where}: {value!r} is no tuple"
    if inside[1:] == (...,):
        inside = inside[:1] * len(value)
    if len(inside) != len(value):
        return f"{where}: {value!r} has not {len(inside)} items"
    pairs = enumerate(zip(value, inside, strict=True))
    return _first([unlike(one, kind, f"{where}[{n}]") for n, (one, kind) in pairs])


def _first(found: list[str]) -> str:
    return next(filter(None, found), "")


def test_the_check_sees_what_is_wrong() -> None:
    good = core.addr if hasattr(core, "addr") else core._common.addr
    assert unlike(good("::1", 5), good, "") == ""
    assert unlike(good("::1", "5"), good, "") == ".port: '5' is no int"
    assert unlike([1, True], list[int], "") == "[1]: True is no int"
    assert unlike({"a": 1}, dict[str, float], "x") == "x['a']: 1 is no float"
    assert unlike((1, 2.0), tuple[int, int], "") == "[1]: 2.0 is no int"
    assert unlike(None, int | None, "") == unlike(3, "int | MaybeNone", "") == ""
    assert unlike("", int | None, "x").startswith("x: '' is none of")


#: arguments with which each function is called; those not named are called without
ARGUMENTS: dict[str, list[tuple[Any, ...]]] = {
    "cpu_count": [(True,), (False,)],
    "cpu_freq": [(False,), (True,)],
    "cpu_percent": [(None, False), (None, True), (0.001, True)],
    "cpu_times": [(False,), (True,)],
    "cpu_times_percent": [(None, False), (None, True)],
    "disk_io_counters": [(False, True), (True, True), (True, False)],
    "disk_partitions": [(False,), (True,)],
    "disk_usage": [("/",), (b"/",)],
    "filesystem_usage": [("/",)],
    "file_status": [("/",)],
    "net_connections": [("all",), ("inet",)],
    "net_io_counters": [(False, True), (True, True), (True, False)],
    "open_descriptors": [(os.getpid(),)],
    "pid_exists": [(os.getpid(),), (0,), (-1,)],
    "process_iter": [(), (["pid", "name"],)],
    "process_table": [(["pid", "comm"],)],
    "sensors_temperatures": [(False,), (True,)],
    "wait_procs": [([], 0)],
    "bytes2human": [(10000,)],
    "io_priority": [(1, 0)],
    "user_name": [(0,), (2**31 - 2,)],
    "group_name": [(0,), (2**31 - 2,)],
    "user_id": [("root",)],
    "group_id": [("root",)],
}
#: those whose answer is none of a function's, or that change the machine
LEFT_OUT = {
    "set_io_priority": "changes a priority; tests of its own",
    "utmp_records": "OSError where there is no utmp; tests of its own",
}


def _functions() -> list[str]:
    names = {*core.__all__, *core._HOME} - set(LEFT_OUT)
    return sorted(name for name in names if inspect.isfunction(getattr(core, name)))


@pytest.mark.parametrize("name", _functions() if sys.platform.startswith("linux") else [])
def test_functions(name: str) -> None:
    function = getattr(core, name)
    needed = [
        one
        for one in inspect.signature(function).parameters.values()
        if one.default is one.empty and one.kind is not one.VAR_KEYWORD
    ]
    if needed and name not in ARGUMENTS:
        assert name not in core.__all__, "arguments for it?"
        pytest.skip("an extension with tests of its own")
    for arguments in ARGUMENTS.get(name, [()]):
        try:
            value = function(*arguments)
        except OSError as error:
            pytest.skip(f"not here: {error}")
        assert unlike(value, kinds(function)["return"], name) == ""


# --- processes

#: methods that change a process, or answer for other objects
CHANGING = {"kill", "resume", "send_signal", "suspend", "terminate", "wait", "as_dict", "oneshot"}
MORE: dict[str, list[tuple[Any, ...]]] = {
    "children": [(False,), (True,)],
    "connections": [("all",)],
    "mappings": [(), (None,)],
    "memory_maps": [(True,), (False,)],
    "memory_percent": [("rss",), ("uss",)],
    "net_connections": [("all",)],
    "rlimit": [(7,)],
}


def _methods() -> list[str]:
    kind = core.Process
    names = (name for name in dir(kind) if name[0] != "_" and name not in CHANGING)
    return [name for name in names if inspect.isfunction(getattr(kind, name))]


@pytest.fixture(scope="module")
def processes() -> Iterator[list[int]]:
    """One with sockets, one of threads, a zombie, init and, where there are any, a kernel thread."""
    with children.zombie() as zombie, children.threads(2) as child, socket.socket() as listener:
        listener.listen()
        yield [os.getpid(), child.pid, zombie, 1, 2]


@pytest.mark.filterwarnings("ignore:connections")
@pytest.mark.parametrize("name", _methods() if sys.platform.startswith("linux") else [])
def test_methods(name: str, processes: list[int]) -> None:
    answered = sum(_ask(name, pid) for pid in processes)
    assert answered or name not in core.Process.attrs


def _ask(name: str, pid: int) -> int:
    """How many calls of a method were answered, each as annotated."""
    method, answered = getattr(core.Process, name), 0
    for arguments in MORE.get(name, [()]):
        try:
            value = method(core.Process(pid), *arguments)
        except (core.Error, OSError, NotImplementedError):
            continue
        kind = kinds(method).get("return")
        assert kind is not None or name == "_", name
        assert unlike(value, kind, f"{name} of {pid}") == ""
        answered += 1
    return answered


def test_changing_methods() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        child = core.Popen(["sleep", "1000"])
        with child.oneshot():
            assert unlike(child.as_dict(), kinds(core.Process.as_dict)["return"], "") == ""
        for name, arguments in [("suspend", ()), ("resume", ()), ("send_signal", (0,)),
                                ("nice", (19,)), ("ionice", (2, 7)), ("cpu_affinity", ([],)),
                                ("rlimit", (4, (0, 0))), ("terminate", ()), ("kill", ())]:  # fmt: skip
            assert getattr(child, name)(*arguments) is None
        assert unlike(child.wait(), kinds(core.Process.wait)["return"], "") == ""
        assert unlike(child.returncode, kinds(core.Process)["returncode"], "") == ""
