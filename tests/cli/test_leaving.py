"""The end of a run: at once, with everything written and the status right."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = """
import atexit, sys
from sysutils.cli import main as frame
from sysutils.cli.options import Grammar, classic
sys.modules["sysutils.cli.uptime"] = type(sys)("uptime")
@classic("uptime", grammar=Grammar())
def command():
    BODY
sys.modules["sysutils.cli.uptime"].command = command
sys.argv = ["uptime"]
frame.run()
"""


def run(body: str, stdout: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    program = PROGRAM.replace("BODY", body)
    return subprocess.run(
        [sys.executable, "-c", program], stdout=stdout, stderr=subprocess.PIPE, text=True, check=False
    )  # fmt: skip


@pytest.mark.parametrize("status", [0, 3])
def test_what_stands_in_python_s_own_streams_goes_out(status: int) -> None:
    done = run(f"print('out', end=''); print('err', end='', file=sys.stderr); return {status}")
    assert (done.returncode, done.stdout, done.stderr) == (status, "out", "err")


def test_nothing_is_cleaned_up() -> None:
    done = run("atexit.register(print, 'cleaned up')")
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no /dev/full")
def test_a_text_that_can_t_be_written_is_a_failure() -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        done = run("print('out', end='')", full)
    finally:
        os.close(full)
    assert done.returncode == 1
