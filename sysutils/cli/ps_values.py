"""Values of ps(1)'s options: lists of ids, names and terminals, widths."""

import re
from collections.abc import Callable
from typing import Any

from sysutils import core
from sysutils.cli.grammar import UsageError
from sysutils.cli.ps_grammar import pid_number


def _entries(text: str) -> list[str]:
    entries = re.split("[ ,\t\n]", text)
    if "" in entries:
        raise UsageError("improper list")
    return entries


def pids(text: str) -> list[int]:
    """``1,2`` or ``1 2``."""
    return [pid_number(entry) for entry in _entries(text)]


def commands(text: str) -> list[str]:
    """Command names."""
    return _entries(text)


def _ident(entry: str, what: str, by_name: Callable[[str], int | None]) -> int:
    if re.fullmatch(r"[+-]?(0[xX][0-9a-fA-F]+|[0-9]+)", entry):
        digits = entry.lstrip("+")
        base = 16 if "x" in entry.lower() else 8 if digits[:1] == "0" else 10
        value = int(digits, base) if base != 8 or digits.strip("01234567") == "" else -1
        if not 0 <= value < (1 << 32) - 1:
            raise UsageError(f"{what} ID out of range")
        return value
    value_of = by_name(entry)
    if value_of is None:
        raise UsageError(f"{what} name does not exist")
    return value_of


def users(text: str) -> list[int]:
    """User names or ids."""
    return [_ident(entry, "user", core.user_id) for entry in _entries(text)]


def groups(text: str) -> list[int]:
    """Group names or ids."""
    return [_ident(entry, "group", core.group_id) for entry in _entries(text)]


def sessions_or_groups(text: str) -> tuple[str, list[int]]:
    """-g: sessions where all are numbers, else effective groups; the fact and its values."""
    try:
        return "session", pids(text)
    except UsageError:
        pass
    try:
        return "egid", groups(text)
    except UsageError:
        raise UsageError("list of session leaders OR effective group IDs was invalid") from None


def _terminal(entry: str) -> int:
    if entry in {"-", "?"}:
        return 0
    if entry.startswith("/"):
        candidates = [entry]
    else:
        forms = ("/dev/pts/{}", "/dev/{}", "/dev/tty{}", "/dev/pty{}", "/dev/{}nsole")
        candidates = [form.format(entry) for form in forms]
    for path in candidates:
        try:
            number: int | None = core.terminal_number(path)
        except OSError:
            continue
        if number is None:
            raise UsageError("list member was not a TTY")
        return number
    raise UsageError("TTY could not be found")


def terminals(text: str) -> list[int]:
    """Terminals by path or short name, as device numbers; ``-`` and ``?`` for none."""
    return [_terminal(entry) for entry in _entries(text)]


def size(text: str) -> int:
    """A positive number; 0 for anything else, which the option refuses."""
    return int(text) if re.fullmatch(r"[0-9]+", text) and 0 < int(text) < 1 << 31 else 0


def number_of(message: str) -> Callable[[str], Any]:
    """The value of --cols and --rows."""

    def parse(text: str) -> int:
        value = size(text)
        if not value:
            raise UsageError(message)
        return value

    return parse
