"""What labs take from Debian's archive: packages and sources, unpacked into a directory of the cache.

No right is needed and nothing is installed. The archive, keys and proxies are those that this machine's apt
is set up with, and its own lists are left alone. Everything is kept in ``SYSUTILS_LAB_CACHE`` (otherwise
``~/.cache/sysutils-labs``); to have it anew, remove that directory."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATIENCE = 300  # seconds for what comes over the network
_DEBIAN = re.compile(r"(?m)^VERSION_CODENAME=\"?([a-z]+)")
_KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"


class Unavailable(Exception):
    """Why something can't be had here."""


def cache() -> Path:
    """Where what was taken from the network is kept."""
    told = os.environ.get("SYSUTILS_LAB_CACHE")
    return (Path(told) if told else Path.home() / ".cache" / "sysutils-labs").absolute()


def run(*command: str | Path, env: dict[str, str] | None = None, cwd: Path | None = None) -> str:
    """Its output; what fails makes the wanted thing unavailable."""
    name = " ".join(map(str, command[:3]))
    try:
        done = subprocess.run(
            list(map(str, command)), capture_output=True, text=True, errors="replace", check=False,
            stdin=subprocess.DEVNULL, timeout=_PATIENCE, cwd=cwd,
            env={**os.environ, "LC_ALL": "C", **(env or {})},
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{name}: {error}") from None
    if done.returncode != 0:
        raise Unavailable(f"{name}: {(done.stderr or done.stdout).strip()[-400:]}")
    return done.stdout


def refuse(reason: str) -> NoReturn:
    """Raises Unavailable."""
    raise Unavailable(reason)


@contextlib.contextmanager
def made_once(place: Path) -> Iterator[bool]:
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


def _address() -> str:
    """Address of the machine's own Debian archive."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        refuse("this is no Debian: no apt-get, no dpkg-deb")
    release = _DEBIAN.search(Path("/etc/os-release").read_text(encoding="utf-8"))
    fields = "$(RELEASE)\t$(COMPONENT)\t$(REPO_URI)"
    for line in run("apt-get", "indextargets", "--format", fields).splitlines():
        suite, component, address = line.split("\t")
        if release and (suite, component) == (release[1], "main"):
            return address
    return refuse("apt has no source with this machine's own Debian")


class Suite:
    """Packages (``deb``), sources (``deb-src``) of one Debian suite; the machine's apt is left alone."""

    def __init__(self, name: str, place: Path, kind: str = "deb") -> None:
        self.place = place
        self.place.mkdir()
        signed = f"[signed-by={_KEYS}] " if Path(_KEYS).exists() else ""
        lines = (f"{word} {signed}{_address()} {name} main\n" for word in kind.split())
        (self.place / "sources.list").write_text("".join(lines))
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
            "Debug::NoLocking": "true",  # ours is made_once
        }
        self.options = [
            part for key, value in settings.items() for part in ("-o", f"{key}={value}")
        ]

    def update(self) -> None:
        """Takes the suite's lists."""
        run("apt-get", *self.options, "update", "-q", "--error-on=any")

    def unpack(self, root: Path, packages: list[str]) -> None:
        """These packages and all they depend on, in a directory."""
        run("apt-get", *self.options, "install", "-q", "-y", "--download-only", *packages)
        for package in sorted((self.place / "archives").glob("*.deb")):
            run("dpkg-deb", "-x", package, root)
        shutil.rmtree(self.place)

    def take(self, packages: list[str], root: Path) -> None:
        """These packages alone, in a directory."""
        run("apt-get", *self.options, "download", "-q", *packages, cwd=self.place)
        for package in sorted(self.place.glob("*.deb")):
            run("dpkg-deb", "-x", package, root)

    def sources(self, name: str, root: Path) -> None:
        """Unpacks what a source package took from its authors, without Debian's changes."""
        run(
            "apt-get",
            *self.options,
            "source",
            "-q",
            "--download-only",
            "--tar-only",
            name,
            cwd=self.place,
        )
        (archive,) = self.place.glob(f"{name}_*.orig.tar.*")
        run("tar", "-xf", archive, "-C", root)
