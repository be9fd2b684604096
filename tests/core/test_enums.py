"""Constants beside psutil's: equal, printed, formatted and dumped alike."""

from __future__ import annotations

import copy
import enum
import json
import pickle
import resource
import socket
from typing import Any

import pytest

from sysutils import core
from sysutils.core import _enums
from tests.support.oracle import oracle

PREFIXES = ("STATUS_", "CONN_", "NIC_DUPLEX_", "POWER_TIME_", "IOPRIO_", "RLIM", "AF_LINK")
CONSTANTS = sorted(name for name in core.__all__ if name.startswith(PREFIXES))
TEXTS = [name for name in CONSTANTS if name.startswith(("STATUS_", "CONN_"))]
each = pytest.mark.parametrize("name", CONSTANTS)


def test_there_are_exactly_psutil_s() -> None:
    theirs = {name for name in oracle().__all__ if name.startswith(PREFIXES)}
    assert theirs == set(CONSTANTS)


@each
def test_constants_are_psutil_s(name: str) -> None:
    if name == "RLIM_INFINITY" and oracle().RLIM_INFINITY != resource.RLIM_INFINITY:
        pytest.skip("since Python 3.15 psutil's isn't the number that limits come with")
    theirs, ours = getattr(oracle(), name), getattr(core, name)
    assert ours == theirs
    assert theirs == ours
    assert hash(ours) == hash(theirs)
    assert isinstance(ours, (str, int))
    for show in (str, repr, format, "{}".format, "%s".__mod__, json.dumps, "{0!r}".format):
        assert show(ours) == show(theirs), show
    assert {theirs: 1}[ours] == 1
    assert json.dumps({"value": [ours]}) == json.dumps({"value": [theirs]})


@pytest.mark.parametrize("name", TEXTS)
def test_texts_are_texts(name: str) -> None:
    value: Any = getattr(core, name)
    plain = value.value
    assert type(plain) is str
    for layout in ("%-9s|", "%r"):
        assert layout % value == layout % plain
    assert (f"{value:>12}", f"{value:.3}") == (f"{plain:>12}", f"{plain:.3}")
    assert type(str(value)) is str
    assert f"{value!s}/{value!r}" == f"{plain}/{plain!r}"
    assert value + "x" == plain + "x"
    assert value.upper() == plain.upper()
    assert "-".join([value, value]) == "-".join([plain, plain])
    assert sorted([value, "a", "z"]) == sorted([plain, "a", "z"])
    assert repr([value, (value,)]) == repr([plain, (plain,)])
    with pytest.raises(ValueError, match="d"):
        format(value, "d")


@each
def test_copies_are_the_same(name: str) -> None:
    value = getattr(core, name)
    assert copy.copy(value) == copy.deepcopy(value) == value
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        made = pickle.loads(pickle.dumps(value, protocol))
        assert made == value
        assert type(made) is type(value)
    if isinstance(value, enum.Enum):
        assert copy.deepcopy(value) is value


def test_classes_of_psutil_8() -> None:
    kinds = [core.ProcessStatus, core.ConnectionStatus, core.ProcessIOPriority, core.ProcessRlimit]
    for kind in (*kinds, core.NicDuplex, core.BatteryTime):
        assert issubclass(kind, enum.Enum)
        for name, member in kind.__members__.items():
            if hasattr(core, name):
                assert getattr(core, name) is member
    assert core.ProcessStatus("running") is core.STATUS_RUNNING
    assert core.ConnectionStatus["CONN_LISTEN"] is core.CONN_LISTEN
    assert core.ProcessIOPriority(2) is core.IOPRIO_CLASS_BE
    assert core.ProcessRlimit(core.RLIMIT_NOFILE) is core.RLIMIT_NOFILE
    assert {"STATUS_WAKE_KILL", "STATUS_SUSPENDED"} <= core.ProcessStatus.__members__.keys()


def test_limits_are_the_system_s() -> None:
    import resource

    for name in core.ProcessRlimit.__members__:
        if hasattr(resource, name):
            assert getattr(core, name) == getattr(resource, name)
    assert core.RLIM_INFINITY == resource.RLIM_INFINITY


def test_the_address_family_of_hardware() -> None:
    assert core.AF_LINK == socket.AF_PACKET
    assert type(core.AF_LINK).__name__ == "AddressFamily"
    assert _enums.address_family().AF_LINK is core.AF_LINK


def test_no_other_names() -> None:
    for module in (_enums, __import__("sysutils.core.posix.limits", fromlist=["x"])):
        with pytest.raises(AttributeError, match="has no attribute 'RLIMIT_NONSENSE'"):
            _ = module.RLIMIT_NONSENSE
