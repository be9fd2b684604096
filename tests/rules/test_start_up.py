"""What ``sysutils uptime`` may load beyond click: start-up is paid at every call in a loop."""

from __future__ import annotations

import subprocess
import sys

import pytest

#: modules beyond click's own; what a new one costs is to be weighed before this is raised
CEILING = 25
FORBIDDEN = {
    "json", "csv", "rich", "subprocess", "ctypes", "locale", "argparse", "logging", "socket", "tempfile",
    "shutil", "sysutils.cli.group", "sysutils.core.process", "sysutils.core.linux.ntuples",
}  # fmt: skip

SHOW = """
import os, sys
import click
known = set(sys.modules)
from sysutils.cli.main import run
leave = os._exit  # how a command ends

def tell(status):
    print(*set(sys.modules) - known, file=sys.stderr, flush=True)
    leave(status)

os._exit = tell
run()
"""


def loaded(*words: str) -> set[str]:
    """The modules a command line loads beyond what click loads by itself."""
    done = subprocess.run(
        [sys.executable, "-c", SHOW, *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    found = set(done.stderr.split())
    assert f"sysutils.cli.{words[0]}" in found
    return found


def click_alone() -> set[str]:
    """All modules of an interpreter that has imported click and nothing else."""
    code = "import click, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts Linux' modules")
@pytest.mark.parametrize("words", [["uptime"], ["uptime", "-p"], ["uptime", "-s"]])
def test_uptime_loads_little(words: list[str]) -> None:
    found = loaded(*words)
    assert not found & FORBIDDEN - click_alone()
    assert len(found) <= CEILING, sorted(found)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux' memory")
def test_text_needs_no_library_of_another_format() -> None:
    assert not loaded("free") & {"json", "csv", "rich", "subprocess", "ctypes"}
    assert not any(name.split(".")[0] == "rich" for name in loaded("free", "--json"))
