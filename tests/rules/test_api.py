"""The library's names are psutil 7.2.2's: which there are, their signatures, the fields of results."""

from __future__ import annotations

import inspect
import sys
from typing import Any

import pytest

from sysutils import core
from tests.support.oracle import oracle

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="compares Linux' names"),
    pytest.mark.oracle,
]

#: what psutil 8.0 added
OF_PSUTIL_8 = {
    "BatteryTime", "ConnectionStatus", "NicDuplex", "ProcessIOPriority", "ProcessRlimit", "ProcessStatus",
    "bytes2human",
}  # fmt: skip
#: of 8.0 and 2.x, and ours: documented as extensions
METHODS_TOO = {"attrs", "memory_footprint", "memory_info_ex", "page_faults"}


def _functions(api: Any) -> set[str]:
    return {name for name in api.__all__ if inspect.isroutine(getattr(api, name))}


def test_the_names_are_psutil_s_and_those_of_8() -> None:
    theirs, ours = set(oracle().__all__), set(core.__all__)
    assert theirs - ours == set()
    assert ours - theirs == OF_PSUTIL_8


def test_no_name_of_the_package_is_psutil_s_for_something_else() -> None:
    """``hasattr`` answers as psutil's would: nothing public is there beyond the list and our extensions."""
    theirs = {name for name in dir(oracle()) if not name.startswith("_")}
    for name in theirs - set(oracle().__all__):
        assert name not in core._HOME, name


@pytest.mark.parametrize("name", sorted(_functions(core) - OF_PSUTIL_8))
def test_functions_take_what_psutil_s_take(name: str) -> None:
    theirs, ours = getattr(oracle(), name), getattr(core, name)
    assert _parameters(ours) == _parameters(theirs)
    attributes = (
        {key for key in vars(theirs) if not key.startswith("_")} if _has_dict(theirs) else set()
    )
    for attribute in attributes:
        assert callable(getattr(ours, attribute))


def _has_dict(value: object) -> bool:
    return hasattr(value, "__dict__")


def _parameters(function: Any) -> list[tuple[str, Any, Any]]:
    """Name, kind and default of each parameter; further ones of our own come by name alone."""
    try:
        signature = inspect.signature(function)
    except ValueError:  # a function in C
        return []
    return [
        (parameter.name, parameter.kind, parameter.default)
        for parameter in signature.parameters.values()
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY
    ]


_THEIRS = pytest.importorskip("psutil").Process
METHODS = [
    name for name in dir(_THEIRS) if not name.startswith("_") and callable(getattr(_THEIRS, name))
]


@pytest.mark.parametrize("name", METHODS)
def test_methods_take_what_psutil_s_take(name: str) -> None:
    theirs, ours = getattr(oracle().Process, name), getattr(core.Process, name)
    assert _parameters(ours) == _parameters(theirs)


def test_a_process_has_all_of_psutil_s_attributes() -> None:
    theirs = {name for name in dir(oracle().Process) if not name.startswith("_")}
    assert theirs <= set(dir(core.Process))
    assert theirs <= set(dir(core.Process()))


def test_as_dict_tells_what_psutil_s_tells() -> None:
    theirs, ours = oracle().Process().as_dict(), core.Process().as_dict()
    assert set(ours) == set(theirs)
    assert not set(ours) & METHODS_TOO


RESULTS = {
    "cpu_stats": (),
    "cpu_times": (),
    "cpu_times_percent": (),
    "disk_io_counters": (),
    "disk_usage": ("/",),
    "net_io_counters": (),
    "swap_memory": (),
    "virtual_memory": (),
}


@pytest.mark.parametrize("name", RESULTS)
def test_results_are_psutil_s_tuples(name: str) -> None:
    theirs = getattr(oracle(), name)(*RESULTS[name])
    ours = getattr(core, name)(*RESULTS[name])
    assert type(ours).__name__ == type(theirs).__name__
    if theirs is None:
        return
    assert ours._fields == theirs._fields
    assert [type(value) for value in ours] == [type(value) for value in theirs]
    assert list(ours._asdict()) == list(theirs._asdict())
    assert isinstance(ours, tuple)


LISTS = {"disk_partitions": (True,), "users": (), "net_connections": ("all",), "pids": ()}


@pytest.mark.parametrize("name", LISTS)
def test_lists_hold_psutil_s_tuples(name: str) -> None:
    theirs = getattr(oracle(), name)(*LISTS[name])
    ours = getattr(core, name)(*LISTS[name])
    assert type(ours) is type(theirs) is list
    for their, our in zip(theirs[:1], ours[:1], strict=True):
        assert type(our).__name__ == type(their).__name__
        assert getattr(our, "_fields", None) == getattr(their, "_fields", None)


def test_sizes_for_people() -> None:
    """psutil 8's public ``bytes2human`` is 7.2.2's private one."""
    from psutil._common import bytes2human

    for size in (
        0,
        1,
        -5,
        1023,
        1024,
        10_000,
        1 << 20,
        (1 << 40) - 1,
        1 << 40,
        5 << 60,
        3 << 80,
        1.5,
    ):
        assert core.bytes2human(size) == bytes2human(size)
    assert core.bytes2human(10_240, format="{value:.3f} {symbol}iB") == "10.000 KiB"
