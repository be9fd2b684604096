"""pmap's rc file: which columns ``-c`` shows."""

import os
from collections.abc import Iterator

from sysutils.cli.options import CommandError
from sysutils.cli.output.stream import write_error

_FIELDS = (
    "Perm", "Offset", "Device", "Inode", "Size", "Rss", "Pss", "Shared_Clean", "Shared_Dirty",
    "Private_Clean", "Private_Dirty", "Referenced", "Anonymous", "AnonHugePages", "Swap", "KernelPageSize",
    "MMUPageSize", "Locked", "VmFlags", "Mapping",
)  # fmt: skip
_DISPLAY, _MAPPING = "Fields Display", "Mapping"


def _home() -> str:
    home = os.environ.get("HOME")
    if home is None:
        raise CommandError("HOME variable undefined")
    return home + "/.pmaprc"


def _words(lines: list[str]) -> Iterator[tuple[int, str | None, str, bool]]:
    """Number of the line, section (None before the first), word, and whether only a comment follows."""
    section: str | None = None
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if text.startswith("["):
            name, bracket, rest = text[1:].partition("]")
            clean = bool(bracket) and rest.strip()[:1] in {"", "#"}
            if bracket:
                section = name
            yield number, section, "", clean
        else:
            word, *more = text.split(None, 1)
            yield number, section, word, not more or more[0].startswith("#")


def parse(text: str) -> tuple[set[str], bool, list[tuple[int, str]]]:
    """The fields to show, whether paths are shown whole, and ``[(line, what is wrong), …]``."""
    fields: set[str] = set()
    paths = False
    wrong = []
    for number, section, word, clean in _words(text.split("\n")):
        if not clean or section is None:
            wrong.append((number, "syntax error"))
        elif not word and section not in {_DISPLAY, _MAPPING}:
            wrong.append((number, "unsupported section"))
        if word and section == _DISPLAY:
            fields.add(word)
        paths = paths or (section == _MAPPING and word == "ShowPath")
    return fields, paths, wrong


def read(path: str | None) -> tuple[set[str], bool]:
    """``parse`` of a file, None for ``~/.pmaprc``; what is wrong in it is told, and passed over."""
    try:
        with open(
            _home() if path is None else path, encoding="utf-8", errors="surrogateescape"
        ) as file:
            fields, paths, wrong = parse(file.read())
    except OSError:
        what = "~/.pmaprc" if path is None else "the rc file"
        raise CommandError(f"couldn't read {what}") from None
    for number, what in wrong:
        write_error(f"pmap: {what} found in the config - line {number}\n")
    return fields, paths


def create(path: str | None) -> None:
    """Writes a file with every field in a comment; never over one that is there."""
    shown = "~/.pmaprc" if path is None else "the rc file"
    text = "\n".join((
        "# Columns of pmap -c. Take away the # before those to be shown.", f"[{_DISPLAY}]",
        *(f"#{name}" for name in _FIELDS), "", f"[{_MAPPING}]", "# whole paths", "#ShowPath", "",
    ))  # fmt: skip
    try:
        with open(_home() if path is None else path, "x", encoding="ascii") as file:
            file.write(text)
    except FileExistsError:
        write_error("pmap: the file already exists - delete or rename it first\n")
        raise CommandError(f"couldn't create {shown}") from None
    except OSError:
        raise CommandError(f"couldn't create {shown}") from None
    done = "~/.pmaprc file" if path is None else "rc file"
    write_error(f"pmap: {done} successfully created, feel free to edit the content\n")
