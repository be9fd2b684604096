"""A Mac for each test, and the library on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from sysutils.core.darwin.iokit import CORE_FOUNDATION, IOKIT
from tests.support import elsewhere
from tests.support.mac import LIKE_A_MAC, Mac, crowd
from tests.support.mac_frameworks import Foundation, Registry, frameworks

if TYPE_CHECKING:
    from collections.abc import Iterator


class Made(NamedTuple):
    """The Mac, its frameworks, and the library."""

    mac: Mac
    foundation: Foundation
    registry: Registry
    core: Any


@pytest.fixture
def made() -> Iterator[Made]:
    """A Mac with ``crowd``'s processes."""
    if not LIKE_A_MAC:
        pytest.skip("a Mac has 64 bits, the lowest first")
    mac = crowd()
    foundation, registry = frameworks()
    libraries = {"c": mac, CORE_FOUNDATION: foundation, IOKIT: registry}
    with elsewhere.system("darwin", **libraries) as core:
        yield Made(mac, foundation, registry, core)
    assert mac.ports == [], "every port was given back"
    assert foundation.owned == {}, "every object was given back"
    assert registry.open == {}
