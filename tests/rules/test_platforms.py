"""``docs/platforms.md`` tells what the packages offer."""

from __future__ import annotations

import sys

import pytest

from sysutils.core._platform import PACKAGES, has_glibc
from tools import platforms

pytestmark = pytest.mark.skipif(
    not (sys.platform == "linux" and sys.implementation.name == "cpython" and has_glibc()),
    reason="written by CPython on Linux with GNU's C library",
)


def test_the_page_is_fresh() -> None:
    assert platforms.PAGE.read_text(encoding="utf-8") == platforms.page(), (
        "python -m tools.platforms writes it anew"
    )


def test_every_package_has_its_column() -> None:
    assert set(PACKAGES) <= set(platforms.SYSTEMS)
    told = platforms.offered()
    assert set(told) == set(PACKAGES)
    functions, methods = told["linux"]
    assert {"cpu_times", "net_connections", "process_iter", "sensors_fans"} <= functions
    assert {"name", "memory_maps", "ionice", "terminate", "wait"} <= methods
