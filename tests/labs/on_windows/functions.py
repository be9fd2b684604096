"""Names and functions: psutil's own Windows wheel and the library, asked the same in one process."""

from __future__ import annotations

import contextlib
import os
import socket
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from sysutils import core
from tests.labs.on_windows.asked import BYTES, SECONDS, alike, compare, outcome

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_names_of_the_module() -> None:
    added = {
        "BatteryTime", "ConnectionStatus", "NicDuplex", "ProcessIOPriority", "ProcessPriority",
        "ProcessStatus", "WindowsService", "bytes2human",
    }  # fmt: skip
    assert set(core.__all__) - set(psutil.__all__) == added
    assert set(psutil.__all__) <= set(core.__all__)
    names = {name for name in dir(psutil) if name[0] != "_" and name.isupper()}
    assert {name for name in names if not hasattr(core, name)} <= {"PY3"}


def test_constants() -> None:
    for name in psutil.__all__:
        value = getattr(psutil, name)
        if isinstance(value, (int, str, tuple)):
            found = getattr(core, name)
            assert found == value, name
            assert not isinstance(value, str) or str(found) == value, name
            assert type(found).__name__ == type(value).__name__ or isinstance(found, type(value))
    assert core.AF_LINK == -1


def test_methods() -> None:
    theirs = {name for name in dir(psutil.Process) if name[0] != "_"}
    ours = {name for name in dir(core.Process) if name[0] != "_"}
    ours_alone = {"args", "comm", "attrs", "memory_info_ex", "memory_footprint", "page_faults"}
    assert ours - theirs == ours_alone
    assert not theirs - ours
    service = {name for name in dir(psutil._pswindows.WindowsService) if name[0] != "_"}
    assert service == {name for name in dir(core.WindowsService) if name[0] != "_"}


EXACT = [
    ("boot_time", (), SECONDS), ("cpu_count", (), 0), ("cpu_count", (False,), 0), ("cpu_freq", (), 0),
    ("cpu_freq", (True,), 0), ("cpu_stats", (), 1e6), ("cpu_times", (), SECONDS),
    ("cpu_times", (True,), SECONDS), ("disk_io_counters", (), 1e9), ("disk_io_counters", (True,), 1e9),
    ("disk_partitions", (), 0), ("disk_partitions", (True,), 0), ("disk_usage", ("C:\\",), BYTES),
    ("disk_usage", ("Z:\\lab",), BYTES), ("disk_usage", ("Q:\\",), 0), ("getloadavg", (), 1),
    ("net_if_addrs", (), 0), ("net_if_stats", (), 0), ("net_io_counters", (), 1e9),
    ("net_io_counters", (True,), 1e9), ("pids", (), 0), ("sensors_battery", (), 0),
    ("swap_memory", (), BYTES), ("users", (), 0), ("virtual_memory", (), BYTES),
    ("pid_exists", (0,), 0), ("pid_exists", (-1,), 0), ("pid_exists", (os.getpid(),), 0),
    ("pid_exists", (999996,), 0), ("win_service_get", ("no such service",), 0),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "slack"), EXACT)
def test_function(name: str, arguments: tuple[Any, ...], slack: float) -> None:
    compare(
        name,
        lambda: getattr(psutil, name)(*arguments),
        lambda: getattr(core, name)(*arguments),
        slack,
    )


def test_heap_info() -> None:
    before, ours, after = psutil.heap_info(), core.heap_info(), psutil.heap_info()
    assert ours._fields == before._fields
    for least, value, most in zip(before, ours, after, strict=True):
        assert least * 0.9 <= value <= most * 1.1


@pytest.mark.parametrize("percpu", [False, True])
def test_percentages(percpu: bool) -> None:
    ours, theirs = core.cpu_percent(0.2, percpu), psutil.cpu_percent(0.2, percpu)
    assert alike(theirs, ours, 100)
    assert alike(psutil.cpu_times_percent(0.2, percpu), core.cpu_times_percent(0.2, percpu), 100)


@pytest.fixture
def sockets() -> Iterator[None]:
    """Sockets of this process: listening, connected, bound."""
    with contextlib.ExitStack() as stack:
        for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            try:
                server = stack.enter_context(socket.create_server((host, 0), family=family))
            except OSError:
                continue
            client = stack.enter_context(socket.socket(family))
            client.connect(server.getsockname()[:2])
            stack.enter_context(server.accept()[0])
            datagrams = stack.enter_context(socket.socket(family, socket.SOCK_DGRAM))
            datagrams.bind((host, 0))
        yield


KINDS = [
    "all",
    "tcp",
    "tcp4",
    "udp",
    "udp4",
    "inet",
    "inet4",
    "inet6",
    "tcp6",
    "udp6",
    "unix",
    "no",
]


@pytest.mark.usefixtures("sockets")
@pytest.mark.parametrize("kind", KINDS)
def test_net_connections(kind: str) -> None:
    first, second = (outcome(lambda m=m: m.net_connections(kind)) for m in (psutil, core))
    assert first[0] == second[0]
    if first[0] == "value":
        assert sorted(map(tuple, first[1])) == sorted(map(tuple, second[1]))
        assert kind == "unix" or first[1], "the test's own"
        assert {row._fields for row in second[1]} == {row._fields for row in first[1]}
    else:
        assert first == second
    first, second = (outcome(lambda m=m: m.Process().net_connections(kind)) for m in (psutil, core))
    assert first[0] == second[0]
    if first[0] == "value":
        assert sorted(map(tuple, first[1])) == sorted(map(tuple, second[1]))


def test_services() -> None:
    theirs = {service.name(): service for service in psutil.win_service_iter()}
    ours = {service.name(): service for service in core.win_service_iter()}
    assert list(theirs) == list(ours)
    for name, service in theirs.items():
        assert outcome(service.as_dict) == outcome(ours[name].as_dict)
        assert outcome(service.display_name) == outcome(ours[name].display_name)
        assert str(service) == str(ours[name])
        again = core.win_service_get(name)
        assert again == ours[name]
        for method in [
            "name",
            "display_name",
            "binpath",
            "username",
            "start_type",
            "pid",
            "status",
            "description",
        ]:
            told = getattr(again, method)()
            assert told == getattr(psutil.win_service_get(name), method)(), (name, method)
