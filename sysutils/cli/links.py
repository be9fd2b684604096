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
        if os.path.basename(candidate) in {"sysutils", "sysutils.exe"} and os.path.exists(
            candidate
        ):
            return candidate
    found = shutil.which("sysutils")
    if found is None:
        raise CommandError("the sysutils script is not installed")
    return os.path.abspath(found)


def install(directory: str, commands: list[str]) -> list[str]:
    """Makes the directory and the links; returns a line about each. Existing files that are no link to
    the script are left alone. Raises CommandError where that can't be done."""
    target = script()
    lines = []
    try:
        os.makedirs(directory, exist_ok=True)
        for name in commands:
            lines.append(_link(target, os.path.join(directory, name)))
    except OSError as error:
        raise CommandError(f"{error.filename or directory}: {error.strerror}") from None
    return lines


def _link(target: str, path: str) -> str:
    if os.name == "nt":
        import shutil

        shutil.copyfile(target, path + ".exe")
        return f"{path}.exe"
    if os.path.islink(path):
        if os.path.realpath(path) != os.path.realpath(target):
            raise CommandError(f"{path}: exists and is a link to something else")
        return f"{path} -> {target}"
    os.symlink(target, path)
    return f"{path} -> {target}"
