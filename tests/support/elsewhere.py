"""The library as it is on another operating system, here: its package, above libraries that a test makes.

``system("freebsd14", c=Kernel())`` gives a ``sysutils.core`` of its own whose C library is ``Kernel``: an
object with a method for each function, called through the C types that the library declares. ``run``
runs a command likewise, in an interpreter of its own."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
#: what netstat -p tells who is not root, as it may have seen less than there is
NOT_ALL = (
    "(Not all processes could be identified, non-owned process info\n"
    " will not be shown, you would have to be root to see it all.)\n"
)

#: what the standard library decides by the system, it has decided before a system is pretended
_DECIDED = (
    "ctypes", "enum", "functools", "os", "platform", "select", "selectors", "shutil", "signal", "socket",
    "struct", "subprocess", "tempfile", "threading", "time", "typing", "uuid", "zoneinfo",
)  # fmt: skip


@contextmanager
def system(
    platform: str,
    package: Callable[[], Mapping[str, ModuleType]] | None = None,
    **libraries: object,
) -> Iterator[ModuleType]:
    """``sysutils.core`` where ``sys.platform`` is ``platform``, with ``libraries`` by their names.

    A library whose name is no Python name: ``**{"libproc.dylib": …}``. ``package`` makes the modules of the
    system's package, which has the system's name, where the test brings one."""
    for name in _DECIDED:
        importlib.import_module(name)
    ours = importlib.import_module("sysutils")
    before = {name: sys.modules.pop(name) for name in [*sys.modules] if _of_core(name)}
    outer = vars(ours).pop("core", None)
    try:
        with patch.object(sys, "platform", platform):
            if package is not None:
                _bring(platform, package)
            core = importlib.import_module("sysutils.core")
            native = importlib.import_module("sysutils.core._native")
            for name, stand_in in libraries.items():
                native.replace(name, stand_in)
            yield core
    finally:
        for name in [name for name in sys.modules if _of_core(name)]:
            del sys.modules[name]
        sys.modules.update(before)
        if outer is not None:
            ours.core = outer  # type: ignore[attr-defined]


def _bring(name: str, made: Callable[[], Mapping[str, ModuleType]]) -> None:
    """Makes the library one of the system ``name``."""
    spec = importlib.util.find_spec("sysutils.core._platform")
    assert spec is not None
    assert spec.loader is not None
    for loaded in [loaded for loaded in sys.modules if _of_core(loaded)]:
        del sys.modules[loaded]  # finding it has loaded the package as it is here
    known = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(known)
    vars(known).update(SYSTEM=name, PACKAGES=(name,))
    sys.modules[known.__name__] = known
    for module, value in made().items():
        sys.modules[f"sysutils.core.{name}.{module}".rstrip(".")] = value


def _of_core(name: str) -> bool:
    return name == "sysutils.core" or name.startswith("sysutils.core.")


def run(
    platform: str, machine: str, words: Sequence[str], **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """``sysutils WORDS`` on ``platform``; ``machine`` names a function ``module:function`` that gives the
    libraries by name, or, where it is called ``modules``, the package.

    In the environment ``PLACES`` is a JSON object of names (``package.module.NAME``) and their values."""
    return subprocess.run(
        [sys.executable, "-m", "tests.support.elsewhere", platform, machine, *words],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, stdin=subprocess.DEVNULL,
        timeout=120, check=False,
    )  # fmt: skip


def _main(platform: str, machine: str, *words: str) -> None:
    module, _, name = machine.partition(":")
    machine_of = getattr(importlib.import_module(module), name)
    made = machine_of if name == "modules" else None
    sys.argv = ["sysutils", *words]
    with system(platform, made, **({} if made else machine_of())) as core:
        if root := os.environ.get("PROCFS_PATH"):
            core.PROCFS_PATH = root  # type: ignore[attr-defined]
        for place, value in json.loads(os.environ.get("PLACES", "{}")).items():
            home, _, constant = place.rpartition(".")
            setattr(importlib.import_module(home), constant, value)
        from sysutils.cli import main

        main.run()


if __name__ == "__main__":
    _main(*sys.argv[1:])
