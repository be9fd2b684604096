"""The commands, and every function beside psutil, on other kernels (see ``kernels.py``).

gVisor and Debian 12's kernel run by default, with ``SYSUTILS_LAB_WIDE=1`` an older and a newer one too.
What can't be had or can't run here is skipped and says why."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

import pytest

from sysutils.cli import COMMANDS
from tests.labs import kernels
from tests.labs.debian import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.lab

WIDE = bool(os.environ.get("SYSUTILS_LAB_WIDE"))
SUITES = {"bookworm": "6.1.", "bullseye": "5.10.", "trixie": "6.12."}
#: what a command is given that would not end, asks for something, or does nothing by itself
WORDS = {
    "ionice": "-p 1", "iotop": "-b -n 1", "kill": "-l", "lsof": "-p 1", "pidof": "sh", "pmap": "1",
    "ps": "aux", "taskset": "-p 1", "top": "-b -n 1",
}  # fmt: skip
_COMMANDS = "; ".join(
    f"echo == {name}; {sys.executable} -m sysutils {name} {WORDS.get(name, '')} {form}"
    for name in COMMANDS
    for form in ("", "--json")
)
_DIFFERENTIAL = f"{sys.executable} -m tests.labs.differential"


def _told(ask: Callable[[str], str], script: str) -> str:
    try:
        return ask(script)
    except Unavailable as reason:
        pytest.skip(f"can't be had: {reason}")


def _agrees(text: str) -> None:
    """Everything was compared, and nothing differs."""
    assert re.search(r"\d\d+ compared, 0 differ", text), text[-6000:]


def _commands_work(text: str) -> None:
    """Each command said something else than that it is broken."""
    for name in COMMANDS:
        assert f"== {name}" in text, text[-6000:]
    assert "internal error" not in text, text[-12000:]
    assert "Traceback" not in text, text[-12000:]
    for expected in (
        r"\bPID\b.*COMMAND",
        r"Mem:",
        r"load average",
        r"\d+:   \S+",
        r"Iface|Netid|Proto",
    ):
        assert re.search(expected, text), expected


def test_gvisor() -> None:
    text = _told(kernels.in_gvisor, f"uname -r; {_DIFFERENTIAL}; {_COMMANDS}")
    assert text.startswith("4.4.0")
    _agrees(text)
    _commands_work(text)


@pytest.mark.parametrize("suite", SUITES if WIDE else ["bookworm"])
def test_a_machine_with_sensors(suite: str) -> None:
    values = (
        f'{sys.executable} -c "from sysutils import core; '
        'print(core.sensors_temperatures(), core.sensors_fans(), core.net_if_stats().keys())"'
    )
    script = f"uname -r; {sys.executable} -m tests.labs.registers; {values}; {_DIFFERENTIAL} 1; {_COMMANDS}"
    text = _told(lambda job: kernels.in_machine(suite, job), script)
    assert SUITES[suite] in text, text[-3000:]
    assert re.search(r"lm75.*current=42\.5", text), text[-6000:]
    assert re.search(r"sfan\(label='', current=1500\)", text), text[-6000:]
    assert "'bond0'" in text
    _agrees(text)
    _commands_work(text)
