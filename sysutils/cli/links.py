"""``--install-links``: one link a command, all to the ``sysutils`` script.

On Windows, where links need a privilege, they are copies of ``sysutils.exe``."""

import os
import sys

from sysutils.cli.grammar import CommandError


def script() -> str:
    """Path of the installed ``sysutils`` script. Raises CommandError where there is none."""
    import shutil
    import sysconfig

    beside = os.path.join(sysconfig.get_path("scripts"), "sysutils")
    started = os.path.abspath(sys.argv[0])  # without .exe, which the script takes off
    for candidate in (started, started + ".exe", beside, beside + ".exe"):
        name = os.path.basename(candidate)
        if name in {"sysutils", "sysutils.exe"} and os.path.isfile(candidate):
            return candidate
    found = shutil.which("sysutils")
    if found is None:
        raise CommandError("the sysutils script is not installed")
    return os.path.abspath(found)


def install(directory: str, commands: list[str]) -> list[str]:
    """Makes the directory and the links; returns a line about each.

    All or none: raises CommandError, and has made no link, where a name is taken by something else."""
    target = script()
    suffix = ".exe" if os.name == "nt" else ""
    paths = [os.path.join(directory, name + suffix) for name in commands]
    taken = [path for path in paths if os.path.lexists(path) and not _ours(path, target)]
    if taken:
        raise CommandError(f"{', '.join(taken)}: there already, and no link to {target}")
    try:
        os.makedirs(directory, exist_ok=True)
        for path in paths:
            _link(target, path)
    except OSError as error:
        raise CommandError(f"{error.filename2 or error.filename}: {error.strerror}") from None
    return [f"{path} -> {target}" for path in paths]


def _ours(path: str, target: str) -> bool:
    if os.name == "nt":
        return _starts_sysutils(path)
    return os.path.islink(path) and os.path.realpath(path) == os.path.realpath(target)


def _starts_sysutils(path: str) -> bool:
    """Whether that is a copy of the script, maybe an older one: a program with a zip file at its end."""
    import zipfile

    try:
        with zipfile.ZipFile(path) as packed:
            return b"sysutils.cli.main" in packed.read("__main__.py")
    except (OSError, KeyError, zipfile.BadZipFile):
        return False


def _link(target: str, path: str) -> None:
    if os.name == "nt":
        import shutil

        shutil.copyfile(target, path)
    elif not os.path.lexists(path):
        os.symlink(target, path)
