"""AIX above what the tests make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.core.aix import machine
from tests.core.aix.machine import (
    Kernel,
    Perfstat,
    Tree,
    counted,
)
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
def perfstat() -> Perfstat:
    return counted()


@pytest.fixture
def core(tree: Tree, kernel: Kernel, perfstat: Perfstat) -> Iterator[Any]:
    with elsewhere.system("aix", c=kernel, perfstat=perfstat) as found:
        found.PROCFS_PATH = str(tree.root)  # type: ignore[attr-defined]
        yield found
