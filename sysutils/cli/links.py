"""``--install-links``: one link a command, all to the ``sysutils`` script."""

import os
import sys

from sysutils.cli.grammar import CommandError


def script() -> str:
    """Path of the installed ``sysutils`` script. Raises CommandError where there is none."""
    import shutil
    import sysconfig

    beside = os.path.join(sysconfig.get_path("scripts"), "sysutils")
    for candidate in (os.path.abspath(sys.argv[0]), beside, beside + ".exe"):
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
            if not os.path.lexists(path):
                _link(target, path)
    except OSError as error:
        raise CommandError(f"{error.filename2 or error.filename}: {error.strerror}") from None
    return [f"{path} -> {target}" for path in paths]


def _ours(path: str, target: str) -> bool:
    if os.name == "nt":
        return os.path.isfile(path) and os.path.getsize(path) == os.path.getsize(target)
    return os.path.islink(path) and os.path.realpath(path) == os.path.realpath(target)


def _link(target: str, path: str) -> None:
    if os.name == "nt":  # links need a privilege there
        import shutil

        shutil.copyfile(target, path)
    else:
        os.symlink(target, path)
