"""psutil and ours asked the same on a made-up /sys, which psutil knows by that name alone.

    compare({"label": Case({"/sys/class/hwmon/hwmon0/name": "x\\n"}, "sensors_fans")})

A process of its own mounts empty file systems over /sys/class and /sys/devices, in a mount namespace
of its own, writes each case's files in turn and asks both. ``files`` are /sys/… and /proc/…; a value
of None makes a directory.
"""

from __future__ import annotations

import importlib
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from tests.support import namespaces, oracle
from tests.support.strict import skip

ROOT = Path(__file__).resolve().parent.parent.parent
_COVERED = ("/sys/class", "/sys/devices")
_UNAVAILABLE = 77


class Case(NamedTuple):
    """A machine's files, the function to be asked and its arguments by name."""

    files: dict[str, str | None]
    function: str
    options: dict[str, Any] = {}


def write(files: dict[str, str | None], top: Path) -> None:
    """Makes the files below ``top``."""
    for name, text in files.items():
        path = top / name.lstrip("/")
        if text is None:
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(os.fsencode(text))


def compare(cases: dict[str, Case]) -> dict[str, str]:
    """By label how ours differs from psutil's answer, empty where it does not. Skips without the means."""
    oracle.oracle()
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.made_sys"],
        input=pickle.dumps(cases),
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    if done.returncode == _UNAVAILABLE:
        skip(f"no mount namespace: {done.stderr.decode().strip()}")
    assert done.returncode == 0, done.stderr.decode()
    answers: dict[str, str] = pickle.loads(done.stdout)
    return answers


def _ask(api: Any, case: Case) -> Any:
    try:
        return getattr(api, case.function)(**case.options)
    except Exception as error:
        return f"{type(error).__name__} raised"


def _clear(directory: str) -> None:
    for entry in os.scandir(directory):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
        else:
            os.unlink(entry.path)


def _differences(cases: dict[str, Case]) -> dict[str, str]:
    psutil, core = oracle.oracle(), oracle.ours()
    proc = tempfile.mkdtemp(prefix="proc-")
    try:
        psutil.PROCFS_PATH = core.PROCFS_PATH = proc
        found = {}
        for label, case in cases.items():
            for directory in (*_COVERED, proc):
                _clear(directory)
            named = {
                proc + name[5:] if name.startswith("/proc/") else name: text
                for name, text in case.files.items()
            }
            write(named, Path("/"))
            importlib.reload(psutil._pslinux)  # it looks at import whether there is cpufreq
            found[label] = oracle.unlike(_ask(psutil, case), _ask(core, case))
        return found
    finally:
        shutil.rmtree(proc)


def _main() -> None:
    cases = pickle.load(sys.stdin.buffer)
    try:
        namespaces.unshare(namespaces.CLONE_NEWNS)
        namespaces.make_mounts_private()
        for directory in _COVERED:
            namespaces.mount("made-up", directory, "tmpfs", 0, "mode=755")
    except OSError as error:
        sys.stderr.write(str(error))
        sys.exit(_UNAVAILABLE)
    sys.stdout.buffer.write(pickle.dumps(_differences(cases)))


if __name__ == "__main__":
    _main()
