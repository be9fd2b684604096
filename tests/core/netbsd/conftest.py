"""A NetBSD kernel of the test's own, and the library above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.core.netbsd.kernel import Kernel
from tests.support import elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def kernel() -> Kernel:
    return Kernel()


@pytest.fixture
def core(kernel: Kernel) -> Iterator[Any]:
    with elsewhere.system("netbsd10", c=kernel) as found:
        yield found
