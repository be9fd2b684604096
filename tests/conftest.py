"""Fixtures and flags of the whole suite."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.support import classic, trees
from tests.support.golden import Golden

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# no files in the checkout, which another user may not write; no dependence on the machine's speed; the same
# examples in every run, others with HYPOTHESIS_PROFILE=search
settings.register_profile("suite", database=None, deadline=None, derandomize=True)
settings.register_profile("search", database=None, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the golden files, and what the classics on this machine answer",
    )


def heed_signals() -> None:
    """Runs under nohup or in the background ignore these; what the tests start would inherit that."""
    for name in ("SIGINT", "SIGHUP", "SIGQUIT"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_IGN:
            to = signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL
            signal.signal(number, to)


def pytest_configure(config: pytest.Config) -> None:
    heed_signals()
    classic.UPDATE = config.getoption("--update-golden")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.name != "posix" or os.geteuid() != 0:
        for item in items:
            if item.get_closest_marker("root"):
                item.add_marker(pytest.mark.skip(reason="needs root"))


@pytest.fixture(scope="session")
def tree() -> Callable[[str], Path]:
    """``tree("small")``: the shared, read-only ``proc`` directory of a recorded machine."""
    return trees.load


@pytest.fixture
def fresh_tree() -> Callable[[str], Path]:
    """``fresh_tree("small")``: a copy to be changed."""
    return trees.fresh


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """``golden.check(command, case, form, actual)``."""
    return Golden(update=request.config.getoption("--update-golden"))
