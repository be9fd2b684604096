"""Who may load what, and when: the rules that import-linter and ruff can't hold."""

from __future__ import annotations

import ast
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sysutils.cli import COMMANDS
from tests.rules.sources import at_module_level, imports, modules, name_of, tree

if TYPE_CHECKING:
    from pathlib import Path

#: loaded where they are used, not at import: each costs a start of every command
LATE = {
    "csv",
    "ctypes.util",
    "json",
    "locale",
    "logging",
    "platform",
    "rich",
    "subprocess",
    "tempfile",
}
#: the writers that are themselves loaded late
WRITERS = {f"sysutils/cli/output/as_{name}.py" for name in ("csv", "json", "rich")}

every_module = pytest.mark.parametrize("path", modules(), ids=name_of)


@every_module
def test_costly_modules_are_loaded_where_they_are_used(path: Path) -> None:
    if name_of(path) in WRITERS:
        return
    early = at_module_level(path)
    found = {name for node, name in imports(path) if node in early}
    assert not {
        name for name in found if name in LATE or name.split(".")[0] in LATE - {"ctypes.util"}
    }


@pytest.mark.parametrize("path", modules("cli"), ids=name_of)
def test_commands_know_no_system_s_package_even_in_types(path: Path) -> None:
    """At run time they know the front door alone (import-linter holds that); in types its tuples as well."""
    below = {name.split(".")[2] for _, name in imports(path) if name.startswith("sysutils.core.")}
    assert not below & _CORE_MODULES - {"_ntuples", "_enums", "_errors"}


_CORE_MODULES = {
    (path.parent if path.parent.name != "core" else path).stem for path in modules("core")
} - {"__init__"}


@pytest.mark.parametrize("path", modules("cli"), ids=name_of)
def test_a_command_s_further_files_are_its_own(path: Path) -> None:
    """``netstat_routes`` serves ``netstat`` and its other files; what serves several is named for itself."""
    for _, name in imports(path):
        parts = name.split(".")
        owner = (
            parts[2].split("_")[0] if parts[:2] == ["sysutils", "cli"] and len(parts) > 2 else ""
        )
        if owner in COMMANDS:
            assert path.stem.split("_")[0] == owner, f"{name_of(path)} imports {name}"


@pytest.mark.parametrize("path", modules("core"), ids=name_of)
def test_the_library_never_prints(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in {
                "print",
                "input",
                "breakpoint",
                "sys.stdout.write",
                "sys.stderr.write",
            }


_OPENING = {"open", "os.open", "io.open", "Path"}
#: what else opens files, and why
_OPENS = {
    "sysutils/core/linux/procfs.py": "the one that opens /proc and /sys",
    "sysutils/core/linux/links.py": "a process's directory of descriptors, to read many links below it",
    "sysutils/core/linux/logind.py": "the files of login sessions, which are not in /proc",
    "sysutils/core/sysv/procfs.py": "the one that opens /proc of SunOS and AIX",
    "sysutils/core/posix/statvfs.py": "what df was named, so that an automounter mounts it",
    "sysutils/core/posix/utmp.py": "the file of login sessions, which is not in /proc",
}


@pytest.mark.parametrize("path", modules("core"), ids=name_of)
def test_one_file_opens_what_the_kernel_tells(path: Path) -> None:
    if name_of(path) in _OPENS:
        return
    found = {ast.unparse(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)}
    assert not found & _OPENING


@pytest.mark.parametrize(
    "path", [path for path in modules() if path.stem != "__main__"], ids=name_of
)
def test_every_module_can_be_imported_first(path: Path) -> None:
    """Whatever a program imports first, no module waits for another one that waits for it."""
    name = name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    done = subprocess.run(
        [sys.executable, "-c", f"import {name}"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


#: what every POSIX system has the calls for
_POSIX_COMMANDS = {"kill", "nice", "tty"}


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - _POSIX_COMMANDS))
def test_a_system_without_a_package_is_told_that_it_is_not_supported(command: str) -> None:
    """No traceback, no invented value: a line and status 1."""
    program = (
        "import click, sys; sys.platform = 'haiku1'\n"
        f"from sysutils.cli.main import main\nsys.exit(main({command!r}, []))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{command}: not supported on haiku\n"
