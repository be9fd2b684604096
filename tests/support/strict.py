"""What to do where something that a comparison needs is missing.

With ``SYSUTILS_TEST_STRICT=1`` in the environment (CI) it is a failure, else a skip with the reason.
"""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

STRICT = os.environ.get("SYSUTILS_TEST_STRICT", "") not in {"", "0"}


def skip(reason: str) -> NoReturn:
    """Skips the test, or fails it in strict mode."""
    if STRICT:
        pytest.fail(f"strict: {reason}", pytrace=False)
    pytest.skip(reason)
