"""A fixed "now" for programs under test, by a preloaded library that ``cc`` builds at first use."""

from __future__ import annotations

import atexit
import functools
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

NOW = "SYSUTILS_TEST_NOW"
UPTIME = "SYSUTILS_TEST_UPTIME"


class Clock(NamedTuple):
    """Seconds since the epoch, seconds since boot."""

    now: float
    uptime: float

    def variables(self) -> dict[str, str]:
        """What ``clock.c`` and ``shim.py`` read."""
        return {NOW: f"{self.now:.6f}", UPTIME: f"{self.uptime:.6f}"}


@functools.cache
def library() -> Path | None:
    """The library to preload, with made-up file systems besides; None where no compiler can build it."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not sys.platform.startswith("linux"):
        return None
    directory = Path(tempfile.mkdtemp(prefix="test-clock-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    directory.chmod(0o755)  # programs run as other users load it
    built = directory / "clock.so"
    codes = [Path(__file__).with_name(name) for name in ("clock.c", "statvfs.c")]
    made = subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", built, *codes], capture_output=True, check=False
    )
    if made.returncode:
        return None
    built.chmod(0o755)
    return built
