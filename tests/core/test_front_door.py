"""The front door: names at their first use, what a platform lacks, copies and reloads."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import pickle
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sysutils import core
from sysutils.core._platform import has_glibc
from tests.core.proc_dir import write
from tests.support.oracle import oracle

if TYPE_CHECKING:
    from collections.abc import Iterator

_SOURCE = Path(inspect.getfile(core))


def _run(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def test_importing_loads_next_to_nothing() -> None:
    loaded = _run(
        "import sys; before = set(sys.modules); import sysutils.core;"
        "print(*sorted(set(sys.modules) - before))"
    )
    assert loaded.split() == ["sysutils", "sysutils.core", "sysutils.core._platform"]


def test_a_name_loads_its_home_alone() -> None:
    loaded = _run(
        "import sys; from sysutils.core import getloadavg;"
        "print(*[n for n in ('process', 'net', 'mem', 'cpu', 'disk', '_enums', 'host')"
        " if 'sysutils.core.' + n in sys.modules], 'enum' in sys.modules and 'loaded')"
    )
    assert loaded.split() in (["host", "loaded"], ["host", "False"])


def test_every_name_is_there() -> None:
    for name in core.__all__:
        assert hasattr(core, name), name
        assert name in dir(core), name
    assert len(set(core.__all__)) == len(core.__all__)


def test_extensions_are_there_but_not_in_all() -> None:
    for name in ("meminfo", "mounts", "uptime", "user_count", "loadavg", "filesystem_usage"):
        assert hasattr(core, name)
        assert name in dir(core)
        assert name not in core.__all__


def test_everything_at_once() -> None:
    told = _run(
        "from sysutils.core import *\nprint(Process.__module__, LINUX, version_info, __version__)\n"
        "import sysutils.core as core; print(all(name in globals() for name in core.__all__))"
    )
    assert told == "sysutils.core True (7, 2, 2) 7.2.2\nTrue\n"


MISSING = ["nonsense", "win_service_iter", "STATUS_SUSPENDED", "REALTIME_PRIORITY_CLASS"]


@pytest.mark.parametrize("name", MISSING)
def test_what_is_missing(name: str) -> None:
    assert not hasattr(core, name)
    with pytest.raises(AttributeError) as theirs:
        getattr(oracle(), name)
    with pytest.raises(AttributeError) as ours:
        getattr(core, name)
    assert str(ours.value) == str(theirs.value).replace("'psutil'", "'sysutils.core'")
    assert ours.value.name == name
    with pytest.raises(ImportError, match=f"cannot import name '{name}' from 'sysutils.core'"):
        exec(f"from sysutils.core import {name}")


SYSTEMS = [
    "POSIX",
    "WINDOWS",
    "LINUX",
    "MACOS",
    "OSX",
    "FREEBSD",
    "OPENBSD",
    "NETBSD",
    "BSD",
    "SUNOS",
    "AIX",
]


def test_constants_of_the_package_are_psutil_s() -> None:
    psutil = oracle()
    for name in SYSTEMS:
        assert getattr(core, name) is getattr(psutil, name)
    assert core.version_info == psutil.version_info
    assert core.__version__ == psutil.__version__
    assert core.PROCFS_PATH == psutil.PROCFS_PATH == "/proc"


# --- what type checkers see


def _seen_by_type_checkers() -> set[str]:
    tree = ast.parse(_SOURCE.read_text(encoding="utf-8"))
    seen = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    for node in tree.body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            for inner in node.body:
                if isinstance(inner, ast.ImportFrom):
                    seen |= {alias.asname for alias in inner.names if alias.asname}
                elif isinstance(inner, (ast.Assign, ast.AnnAssign)):
                    target = inner.target if isinstance(inner, ast.AnnAssign) else inner.targets[0]
                    seen.add(ast.unparse(target))
    return seen


def test_type_checkers_see_what_is_there() -> None:
    there = {name for name in dir(core) if name in core.__all__ or name in core._HOME}
    seen = _seen_by_type_checkers()
    assert there - seen <= {"PROCFS_PATH", "__version__", "version_info"}
    glibc = set() if has_glibc() else {"heap_info", "heap_trim"}
    assert {name for name in seen if not name.startswith("_")} <= there | glibc


# --- PROCFS_PATH


@pytest.fixture
def other_proc(tmp_path: Path) -> Iterator[Path]:
    before = core.PROCFS_PATH
    yield write(tmp_path, {"uptime": "5.25 1.0\n"})
    core.PROCFS_PATH = before


def test_the_path_is_read_at_every_call(other_proc: Path) -> None:
    here = core.uptime()
    core.PROCFS_PATH = str(other_proc)
    assert core.uptime() == 5.25
    core.PROCFS_PATH = f"{other_proc}/"
    assert core.uptime() == 5.25
    core.PROCFS_PATH = str(other_proc / "nowhere")
    with pytest.raises(FileNotFoundError) as caught:
        core.uptime()
    assert type(caught.value) is FileNotFoundError
    assert caught.value.filename == str(other_proc / "nowhere" / "uptime")
    core.PROCFS_PATH = "/proc"
    assert core.uptime() >= here


def test_a_copied_path_moves_nothing(other_proc: Path) -> None:
    space: dict[str, Any] = {}
    exec("from sysutils.core import PROCFS_PATH", space)
    space["PROCFS_PATH"] = str(other_proc)
    assert core.uptime() != 5.25


# --- reload and copies


def test_reload() -> None:
    before = core.Process
    core.PROCFS_PATH = "/nowhere"
    again = importlib.reload(core)
    assert again is core
    assert core.PROCFS_PATH == "/proc"
    assert core.Process is before
    assert isinstance(core.Process(), before)
    assert core.cpu_count() == oracle().cpu_count()


def _private_copy() -> Any:
    spec = importlib.util.find_spec("sysutils.core")
    assert spec is not None
    assert spec.loader is not None
    copy = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(copy)
    return copy


def test_a_private_copy_shares_neither_the_path_nor_the_baselines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"stat": "cpu  0 0 0 0 0 0 0 0 0 0\n"})
    monkeypatch.setattr(core, "PROCFS_PATH", str(tmp_path))
    copy = _private_copy()
    assert copy is not core
    assert sys.modules["sysutils.core"] is core
    assert copy.PROCFS_PATH == "/proc"
    core.cpu_percent()
    write(tmp_path, {"stat": "cpu  100 0 0 0 0 0 0 0 0 0\n"})
    assert copy.cpu_percent() == 0.0  # its first call
    assert core.cpu_percent() == 100.0
    write(tmp_path, {"stat": "cpu  100 0 0 100 0 0 0 0 0 0\n"})
    assert core.cpu_percent() == copy.cpu_percent() == 0.0
    assert copy.Process is core.Process
    assert copy.cpu_times() == core.cpu_times()


def test_the_first_call_has_nothing_to_compare_with() -> None:
    told = _run(
        "import sysutils.core as c; print(c.cpu_percent(), set(c.cpu_percent(percpu=True)),"
        " set(c.cpu_times_percent()))"
    )
    assert told == "0.0 {0.0} {0.0}\n"


def test_classes_are_told_as_the_package_s() -> None:
    for name in ("Process", "Popen", "NoSuchProcess", "Error"):
        assert getattr(core, name).__module__ == "sysutils.core"
        assert pickle.loads(pickle.dumps(getattr(core, name))) is getattr(core, name)
