"""The conftest of psutil's own tests: ``psutil`` means ``sysutils.core``; with ``SUBJECT=psutil`` itself.

psutil's private modules, which the tests import tools from (``memoize``, ``wait_pid``, …), are the real
package's; so are the few private methods that the tests' own set-up calls."""

import importlib.machinery
import importlib.util
import json
import os
import sys
from pathlib import Path

import pytest

from sysutils import core

_PLATFORM = "_pswindows" if sys.platform == "win32" else "_pslinux"
_EXTENSION = _PLATFORM.replace("_ps", "_psutil_")
_PRIVATE = (
    "_common",
    "_ntuples",
    *([] if sys.platform == "win32" else ["_psposix"]),
    _EXTENSION,
    _PLATFORM,
)
_CLASSES = (
    "Error",
    "NoSuchProcess",
    "ZombieProcess",
    "AccessDenied",
    "TimeoutExpired",
    "Process",
    "Popen",
)


def _real_package() -> Path:
    for entry in sys.path:
        if (Path(entry) / "psutil" / "_common.py").exists():
            return Path(entry) / "psutil"
    raise ImportError("psutil 7.2.2 is not installed")


def _load(package: Path, name: str) -> None:
    finder = importlib.machinery.FileFinder(
        str(package),
        (importlib.machinery.ExtensionFileLoader, importlib.machinery.EXTENSION_SUFFIXES),
        (importlib.machinery.SourceFileLoader, [".py"]),
    )
    spec = finder.find_spec(name)
    spec = importlib.util.spec_from_file_location(f"psutil.{name}", spec.origin)
    module = importlib.util.module_from_spec(spec)
    sys.modules[f"psutil.{name}"] = module
    spec.loader.exec_module(module)
    setattr(core, name, module)


def _init(self: core.Process, pid: int, _ignore_nsp: bool = False) -> None:
    """What psutil's tests call to forget a process's cache, of a process that may be gone."""
    try:
        core.Process.__init__(self, pid)
    except core.NoSuchProcess:
        if not _ignore_nsp:
            raise
        self._gone = True
        self._ident = (pid, None)
    self._create_time = self._known_exe = None


def _put_in_place() -> None:
    """The library under psutil's name."""
    sys.modules["psutil"] = core
    for name in _PRIVATE:
        _load(_real_package(), name)
    for name in _CLASSES:
        getattr(core, name).__module__ = "psutil"
    core._psplatform = getattr(core, _PLATFORM)
    core._set_debug = lambda value: None
    core.Process._init = _init
    core.Process._ppid = property(lambda self: self.ppid())


if os.environ.get("SUBJECT") != "psutil":
    _put_in_place()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leaves out what the list next to the tests names, with its reason."""
    listed = Path(__file__).with_name("left_out.json")
    left_out = json.loads(listed.read_text(encoding="utf-8"))
    for item in items:
        name = item.nodeid.partition("[")[0].removeprefix("tests/")
        reason = left_out.get(name) or left_out.get(name.partition("::")[0])
        if reason:
            item.add_marker(pytest.mark.skip(reason=f"left out: {reason}"))
