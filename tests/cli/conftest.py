"""Running ``sysutils`` as a user does: a process of its own, its words, its environment."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., subprocess.CompletedProcess[bytes]]

#: what decides about output, and must not come from the machine that the tests run on
_SWITCHES = (
    "COLUMNS", "FORCE_COLOR", "LINES", "NO_COLOR", "POSIXLY_CORRECT", "SYSUTILS_OUTPUT", "TERM",
)  # fmt: skip


def environment(**changes: str) -> dict[str, str]:
    """This environment in the C.UTF-8 locale, without switches other than those given."""
    env = {name: value for name, value in os.environ.items() if name not in _SWITCHES}
    return {**env, "LC_ALL": "C.UTF-8", **changes}


@pytest.fixture
def sysutils() -> Run:
    """``sysutils("uptime", "-p", env={…})``: ``python -m sysutils uptime -p``, with bytes for output."""

    def run(
        *words: str, env: dict[str, str] | None = None, **settings: Any
    ) -> subprocess.CompletedProcess[bytes]:
        given = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        command = [sys.executable, "-m", "sysutils", *words]
        return subprocess.run(
            command, env=environment(**(env or {})), check=False, **{**given, **settings}
        )

    return run
