"""Names and numbers of signals, as commands write and read them: without ``SIG``."""

import functools
import re
import signal
import sys
from typing import TYPE_CHECKING

from sysutils.cli import candidates

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

#: in the order of their numbers where these are Linux' usual ones; Python 3.10 does not know them all
_LINUX = [
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
    "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
    "WINCH", "POLL", "PWR", "SYS",
]  # fmt: skip
#: further names -> the first one
_ALIASES = {"IOT": "ABRT", "CLD": "CHLD", "IO": "POLL"}
#: what passes as a number; those that are no signals are for the kernel to refuse
_HIGHEST = 94
_ZERO = {"EXIT", "NULL"}


@functools.cache
def signal_names() -> dict[int, str]:
    """Number -> name of the signals that have one, ascending."""
    usual = (getattr(signal, "SIGUSR1", 0), getattr(signal, "SIGCHLD", 0)) == (10, 17)
    if sys.platform.startswith("linux") and usual:
        return dict(enumerate(_LINUX, 1))
    if sys.platform == "win32":  # what means something there, by the usual numbers
        return {2: "INT", 9: "KILL", 15: "TERM", 21: "BREAK"}
    names = {}
    for item in signal.Signals:
        name = item.name.removeprefix("SIG")
        if not name.startswith(("RT", "_")):
            names[int(item)] = _ALIASES.get(name, name)
    return dict(sorted(names.items()))


@functools.cache
def _numbers() -> dict[str, int]:
    numbers = {name: number for number, name in signal_names().items()}
    further = {alias: numbers[name] for alias, name in _ALIASES.items() if name in numbers}
    return {**further, **numbers, **dict.fromkeys(_ZERO, 0)}


def _real_time(name: str) -> int | None:
    """``RTMIN+3``, ``RTMAX-1``."""
    found = re.fullmatch(r"RT(MIN|MAX)(?:([-+])([0-9]{1,3}))?", name, re.ASCII)
    lowest, highest = getattr(signal, "SIGRTMIN", 0), getattr(signal, "SIGRTMAX", 0)
    if found is None or not lowest:
        return None
    low, sign, digits = found[1] == "MIN", found[2], int(found[3] or "0")
    if sign and sign != ("+" if low else "-"):
        return None
    number = int(lowest) + digits if low else int(highest) - digits
    return number if 0 < number < 128 else None


def signal_number(word: str) -> int | None:
    """The number that a word means: a number, a name with or without ``SIG``; None for none."""
    name = word.upper() if word.isascii() else word
    name = name.removeprefix("SIG")
    if re.fullmatch(r"[ \t-\r]*[-+]?[0-9]+", name, re.ASCII):
        number = int(name[:32])
        return number if 0 <= number <= _HIGHEST else None
    found = _numbers().get(name)
    return _real_time(name) if found is None else found


def complete_signals(_: object, __: object, incomplete: str) -> "list[CompletionItem]":
    """Names and numbers, for the shell."""
    start = incomplete.upper()
    prefix = "SIG" if start.startswith("SIG") else ""
    names = ((prefix + name, str(number)) for number, name in signal_names().items())
    return candidates.items(names, start)
