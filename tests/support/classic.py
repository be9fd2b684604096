"""Recorded answers of the classics: ``tests/golden/classic/<command>/<case>.txt``.

    argv: ps aux
    env: COLUMNS=80
    version: 4.0.2
    status: 0
    stdout:
    |USER         PID %CPU ...
    stderr:

Content lines as in ``spelling``. ``version`` says whose answer it is: a classic of another version
on this machine is not asked.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import zlib
from typing import TYPE_CHECKING, NamedTuple

from tests.support.golden import GOLDEN, write_if_changed
from tests.support.spelling import spell, spell_lines, spell_word, unspell_line
from tests.support.stage import Answer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.sidebyside import Case

#: where the classics live; never the user's PATH, on which our own links may stand first
PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
#: set by ``pytest --update-golden``
UPDATE = False
_VERSION_WORD = {"ps": "-V", "iostat": "-V", "lsof": "-v", "ifconfig": "-V", "netstat": "-V"}


class Recorded(NamedTuple):
    """A recorded answer and the version of the program that gave it."""

    version: str
    answer: Answer


class OtherVersion(Exception):
    """The classic on this machine is not the one that was recorded; the text says which is which."""


def path(case: Case) -> Path:
    """Where a case is recorded: named after the tree and the command line."""
    words = " ".join(os.fsdecode(word) for word in case.argv[1:])
    slug = re.sub(r"[^A-Za-z0-9.,=+:@%-]+", "_", words)[:60] or "plain"
    # what the slug can't show is told apart by a checksum
    rest: tuple[object, ...] = (
        case.env, case.argv0, case.stdin, case.user, case.tty, case.tty_input_only,
    )  # fmt: skip
    if case.files:
        rest += (case.files,)
    if slug != words.replace(" ", "_") or any(rest):
        slug += f"-{zlib.crc32(repr((case.argv, rest)).encode()):08x}"
    return GOLDEN / "classic" / case.command / f"{case.tree}-{slug}.txt"


def record(case: Case, answer: Answer) -> None:
    """Writes a case's file, if that changes it."""
    lines = [
        "argv: " + " ".join(spell_word(os.fsencode(word)) for word in case.argv),
        "env: " + " ".join(f"{name}={spell_word(value.encode())}" for name, value in case.env),
        f"options: {spell(repr(case[3:]).encode())}",
        f"version: {version(case.command)}",
        f"status: {answer.returncode}",
        "stdout:",
        *spell_lines(answer.stdout),
        "stderr:",
        *spell_lines(answer.stderr),
    ]
    write_if_changed(path(case), "\n".join(lines).encode() + b"\n")


def parse(text: str) -> Recorded:
    """The answer in a case's file. ValueError for a malformed one."""
    heads: dict[str, str] = {}
    contents: dict[str, list[bytes]] = {}
    current: list[bytes] = []
    for line in text.split("\n"):
        if line[:1] in {"|", ":"}:
            current.append(unspell_line(line))
        elif line:
            name, colon, value = line.partition(":")
            if not colon:
                raise ValueError(f"neither a name nor content: {line!r}")
            heads[name] = value.strip()
            current = contents.setdefault(name, [])
    out, err = (b"".join(contents[name]) for name in ("stdout", "stderr"))
    return Recorded(heads["version"], Answer(int(heads["status"]), out, err))


def recorded(case: Case) -> Recorded | None:
    """The recorded answer of a case, if there is one. Only machines with a name have any."""
    if not isinstance(case.tree, str):
        return None
    try:
        return parse(path(case).read_bytes().decode())
    except FileNotFoundError:
        return None


def program(command: str) -> str | None:
    """The path of a classic, if it is installed."""
    return shutil.which(command, path=PATH)


@functools.cache
def version(command: str) -> str:
    """The version that the classic on this machine tells, or ``unknown``."""
    executable = program(command)
    if executable is None:
        return "none"
    asked = subprocess.run(
        [executable, _VERSION_WORD.get(command, "--version")], capture_output=True, check=False
    )
    found = re.search(rb"\d+\.\d+(\.\d+)*", asked.stdout + asked.stderr)
    return found[0].decode() if found else "unknown"


def check_version(command: str, known: Recorded | None) -> None:
    """Raises OtherVersion where the classic at hand is not the recorded one."""
    if known is None or UPDATE:
        return
    here = version(command)
    if here not in {known.version, "none"}:
        raise OtherVersion(f"{command} {known.version} was recorded, this is {here}")
