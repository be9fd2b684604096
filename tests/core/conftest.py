"""What the tests of the library share."""

from __future__ import annotations

import sys

import pytest

from sysutils import core


@pytest.fixture(autouse=True)
def _boot_time_of_now() -> None:
    """The kernel's boot time moves by a second when the clock is set right; psutil asks at every call, and
    the library keeps what it was told last."""
    if sys.platform.startswith("linux"):
        core.boot_time()
