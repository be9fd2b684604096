"""A SunOS for each test, and the library on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.core.sunos import machine
from tests.core.sunos.machine import Kernel, Kstat, Tree, counted
from tests.support import elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return machine.made(tmp_path / "proc")


@pytest.fixture
def kernel() -> Kernel:
    return Kernel()


@pytest.fixture
def kstat() -> Kstat:
    return counted()


@pytest.fixture
def core(tree: Tree, kernel: Kernel, kstat: Kstat) -> Iterator[Any]:
    with elsewhere.system("sunos5", c=kernel, socket=kernel, kstat=kstat) as found:
        found.PROCFS_PATH = str(tree.root)  # type: ignore[attr-defined]
        yield found
