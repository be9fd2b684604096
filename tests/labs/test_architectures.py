"""The suite's core part where C is laid out otherwise: 32 bits, the other byte order, musl.

i386 runs by default and on s390x, in an emulator, a part; with ``SYSUTILS_LAB_WIDE=1`` more of s390x, and a
Python compiled against musl. The suite's own tests beside psutil are left out: nobody offers psutil 7.2.2 for
i386 and s390x, so ``differential.py`` asks another one. What can't be had is skipped and says why (see
``architectures.py``)."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.labs import architectures

pytestmark = pytest.mark.lab

ROOT = Path(__file__).parents[2]
_LONGEST = 2400  # seconds, on the busiest machine
WIDE = bool(os.environ.get("SYSUTILS_LAB_WIDE"))
REQUIREMENTS = ["click", "rich", "hypothesis", "pytest", "pytest-xdist", "pyte"]
TESTS = ["tests/core", "tests/abi", "tests/rules/test_imports_anywhere.py"]
#: in the emulator, where a process starts slowly, what parses the kernel's and other systems' bytes
PARSERS = [
    "tests/abi", "tests/core/linux", "tests/core/darwin", "tests/core/freebsd", "tests/core/openbsd",
    "tests/core/test_sysctl.py", "tests/core/test_net_sockets.py", "tests/core/test_taskstats.py",
    "tests/rules/test_imports_anywhere.py",
    # qemu-user shows a process made-up files of itself in /proc/self: no threads, its own mappings
    "--deselect=tests/core/linux/test_alone.py::test_names_and_threads_as_stat_tells_them",
    "--deselect=tests/core/linux/test_descriptors.py::test_mapped_files_once_and_without_the_program",
    # it has no sock_diag, and addresses in /proc/net are in the byte order of the machine's kernel
    "--deselect=tests/core/test_net_sockets.py::test_our_own_connection",
]  # fmt: skip
#: of these what takes little time: answers of the kernel in the machine's byte order
FEW_PARSERS = [
    "tests/core/test_taskstats.py",
    *(
        f"tests/core/linux/test_{name}.py"
        for name in ("proc_net", "protocols", "routes", "sock_diag")
    ),
]
DEFAULT = ["i386", "s390x"]
FACTS = {
    "i386": "4 little",
    "s390x": "8 big",
    "musl": "8 little",
}


def _run(
    python: Path, *arguments: str, more: Path | None = None
) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    kept.pop("SYSUTILS_TEST_STRICT", None)  # psutil is missing on purpose
    places = ":".join(map(str, filter(None, (ROOT, architectures.site(REQUIREMENTS), more))))
    return subprocess.run(
        [python, *arguments], cwd=ROOT, capture_output=True, text=True, errors="replace",
        stdin=subprocess.DEVNULL, check=False, timeout=_LONGEST,
        env={**kept, "PYTHONPATH": places, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip


def _tests(wanted: str) -> list[str]:
    if wanted != "s390x":
        return TESTS
    return PARSERS if WIDE else FEW_PARSERS


def _python(wanted: str) -> Path:
    try:
        architectures.site(REQUIREMENTS)
        return architectures.interpreter(wanted)
    except architectures.Unavailable as reason:
        pytest.skip(f"{wanted} can't be had: {reason}")


every = pytest.mark.parametrize("wanted", architectures.ARCHITECTURES if WIDE else DEFAULT)


@every
def test_the_core(wanted: str, tmp_path: Path) -> None:
    python = _python(wanted)
    told = _run(
        python, "-c", "import ctypes, sys; print(ctypes.sizeof(ctypes.c_void_p), sys.byteorder)"
    )
    assert told.stdout.strip() == FACTS[wanted], told.stderr
    done = _run(
        python, "-m", "pytest", "-q", "-rfE", "--tb=short", "-n", "2", "-o", f"cache_dir={tmp_path}",
        "-m", "not oracle and not lab", *_tests(wanted),
    )  # fmt: skip
    assert re.search(r"\d+ passed", done.stdout), done.stdout[-8000:] + done.stderr[-2000:]
    assert done.returncode == 0, done.stdout[-12000:] + done.stderr[-2000:]


@every
def test_beside_psutil(wanted: str) -> None:
    """Every function and method that both have, on this machine's kernel (see ``differential.py``)."""
    python = _python(wanted)
    try:
        psutil = architectures.psutil(wanted)
    except architectures.Unavailable as reason:
        pytest.skip(f"psutil for {wanted} can't be had: {reason}")
    done = _run(python, "-m", "tests.labs.differential", "1", more=psutil)
    assert re.search(r"\d\d+ compared, 0 differ", done.stdout), done.stdout + done.stderr[-2000:]
    print(done.stdout)  # noqa: T201
