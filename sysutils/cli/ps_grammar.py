"""The words of ps(1): UNIX clusters (``-ef``), BSD clusters (``aux``), GNU options, bare numbers.

BSD options are declared with a blank where the others have a dash (``" a"``). Words that are wrong as
UNIX options are read once more as BSD ones (``-aux`` is ``aux`` where no user is called ``x``); the first
mistake is the one told."""

from typing import Any, NoReturn

import click

from sysutils.cli.declared import takes
from sysutils.cli.grammar import Reader, UsageError
from sysutils.cli.ps_personality import personality
from sysutils.cli.ps_request import Request
from sysutils.cli.ps_screen import warn_of_size

#: option as it is written -> what is said if its value is missing
MISSING = {
    "--Group": "list of real groups must follow --Group",
    "--User": "list of real users must follow --User",
    "--format": "format specification must follow --format",
    "--group": "list of effective groups must follow --group",
    "--pid": "list of process IDs must follow --pid",
    "--ppid": "list of process IDs must follow --ppid",
    "--quick-pid": "List of process IDs must follow --quick-pid.",
    "--sid": "some sid thing(s) must follow --sid",
    "--sort": "long sort specification must follow --sort",
    "--tty": "list of ttys must follow --tty",
    "--user": "list of effective users must follow --user",
    **dict.fromkeys(
        ("--cols", "--columns", "--width"),
        "number of columns must follow --cols, --width, or --columns",
    ),
    **dict.fromkeys(("--rows", "--lines"), "number of rows must follow --rows or --lines"),
    "-C": "list of command names must follow -C",
    "-G": "list of real groups must follow -G",
    "-O": "format or sort specification must follow -O",
    "-U": "list of real users must follow -U",
    "-g": "list of session leaders OR effective group names must follow -g",
    "-o": "format specification must follow -o",
    "-p": "list of process IDs must follow -p",
    "-q": "List of process IDs must follow -q.",
    "-s": "list of session IDs must follow -s",
    "-t": "list of terminals (pty, tty...) must follow -t",
    "-u": "list of users must follow -u",
    " O": "format or sort specification must follow O",
    " U": "list of users must follow U",
    " k": "long sort specification must follow 'k'",
    " o": "format specification must follow o",
    " p": "list of process IDs must follow p",
    " q": "List of process IDs must follow q.",
}
#: long options that take no value, as messages call them
_WITHOUT_VALUE = {
    "cumulative": "cumulative",
    "deselect": "deselect",
    "forest": "forest",
    "no_headers": "no-heading",
    "headers": "heading",
}
#: alone on the line or not at all
EXCLUSIVE = {
    "version": {"-V": "-V", " V": "V", "--version": "--version"},
    "list_fields": {" L": "L"},
    "info": {"--info": "--info"},
}
_DIGITS = "0123456789"


#: key of the context's meta: what the words ask for
REQUEST = "sysutils.cli.ps.request"


class PsReader(Reader):
    """Reads the words of ps; the request made of them is in the context's meta."""

    def __init__(self, command: Any, ctx: click.Context) -> None:
        self.bsd_letters: dict[str, click.Option] = {}
        super().__init__(command, ctx)
        self.count = 0
        self.bsd = False
        self.again = False

    def _declare(self, name: str, option: click.Option) -> None:
        if name[0] == " ":
            self.bsd_letters[name[1]] = option
        else:
            super()._declare(name, option)

    def _read(self, rest: list[str], interspersed: bool) -> list[str]:  # noqa: ARG002
        words = list(rest)
        self.count = len(words)
        try:
            self._attempt(rest)
        except UsageError as error:
            self._read_again(words, error)
        return []

    def _attempt(self, words: list[str]) -> None:
        if not self.ctx.resilient_parsing:
            warn_of_size()
        self._words(words)
        if not self.done:
            self.ctx.meta[REQUEST] = Request.of(self.given, self.bsd, self.again)

    def _read_again(self, words: list[str], first: UsageError) -> None:
        self.values.clear()
        self.order.clear()
        self.given.clear()
        self.again, self.done, self.bsd = True, False, False
        try:
            self._attempt(words)
        except UsageError:
            raise first from None

    def _words(self, rest: list[str]) -> None:
        while rest and not self.done:
            word = rest.pop(0)
            if word.startswith("--") and len(word) > 2:
                self._long(word, rest)
            elif word[:1] in set(_DIGITS) or (word[:1] in {"-", "+"} and word[1:2] in set(_DIGITS)):
                self._numbers([word, *rest])
                return
            elif word[:1] == "-" and len(word) > 1 and word != "--":
                if self.again or personality().bsd_words:
                    self._bsd_cluster(word[1:], rest)
                else:
                    self._unix_cluster(word[1:], rest)
            elif word[:1].isalpha() and word.isascii() and not self.again:
                self._bsd_cluster(word, rest)
            elif word[:1].isalpha() and self.again:
                raise self._error("must set personality to get -x option")
            else:
                raise self._error("garbage option")

    def _numbers(self, words: list[str]) -> None:
        """Bare numbers, up to the end: processes; groups with a minus, sessions with a plus."""
        self.bsd = True
        for word in words:
            option = self._by_name({"-": "process_groups", "+": "sessions"}.get(word[:1], "pids"))
            self._store(option, [pid_number(word.lstrip("+-") or "0")])

    def _by_name(self, name: str) -> click.Option:
        for option in (*self.long.values(), *self.short.values(), *self.bsd_letters.values()):
            if option.name == name:
                return option
        raise KeyError(name)

    def _exclusive(self, option: click.Option, spelled: str, letters: str) -> None:
        alone = EXCLUSIVE.get(str(option.name), {}).get(spelled)
        if alone is not None and (self.count != 1 or len(letters) > 1):
            raise self._error(f"the option is exclusive: {alone}")

    def _unix_cluster(self, letters: str, rest: list[str]) -> None:
        for place, letter in enumerate(letters, 1):
            option = self.short.get(letter)
            if option is None or (letter == "x" and not personality().unix_x):
                self._refuse_unix(letter)
            spelled = f"-{letter}"
            self._exclusive(option, spelled, letters)
            if takes(option) == "no":
                self._store(option, True)
                continue
            self._value(option, spelled, letters[place:], rest)
            return

    def _refuse_unix(self, letter: str) -> NoReturn:
        if letter == "-":
            raise self._error("embedded '-' among SysV options makes no sense")
        if letter == "x":
            raise self._error("must set personality to get -x option")
        raise self._error("unsupported SysV option")

    def _bsd_cluster(self, letters: str, rest: list[str]) -> None:
        self.bsd = True
        for place, letter in enumerate(letters, 1):
            option = self.bsd_letters.get(letter)
            if option is None:
                self._refuse_bsd(letter)
            spelled = f" {letter}"
            self._exclusive(option, spelled, letters)
            kind = takes(option)
            if kind == "no":
                self._store(option, True)
                continue
            attached = letters[place:]
            if kind == "may" and not attached and not (rest and rest[0]):
                self._store(option, option.optional_value)  # type: ignore[attr-defined]
                return
            self._value(option, spelled, attached, rest)
            return

    def _refuse_bsd(self, letter: str) -> NoReturn:
        if letter == "-":
            raise self._error("embedded '-' among BSD options makes no sense")
        if letter == "W":
            raise self._error("obsolete W option not supported (you have a /dev/drum?)")
        raise self._error("unsupported option (BSD syntax)")

    def _value(self, option: click.Option, spelled: str, attached: str, rest: list[str]) -> None:
        word = attached or (rest.pop(0) if rest else "")
        if not word:
            raise self._error(MISSING[spelled])
        parse = getattr(option, "parse", None)
        self._store(option, word if parse is None else parse(word))

    def _long(self, word: str, rest: list[str]) -> None:
        name, equals, value = word.partition("=")
        option = self.long.get(name)
        if option is None:
            raise self._error("unknown gnu long option")
        if str(option.name) in EXCLUSIVE and (equals or self.count != 1):
            raise self._error(f"the option is exclusive: {name}")
        if getattr(option, "ours", False):
            super()._long(word, rest)
        elif option.name == "help_section":
            self._store(option, value or (rest[0] if rest else ""))
        elif takes(option) == "no":
            plain_name = _WITHOUT_VALUE.get(str(option.name))
            if equals and plain_name is not None:
                raise self._error(f"option --{plain_name} does not take an argument")
            self._store(option, True)
        elif equals:
            self._value(option, name, value, [])
        else:
            self._value(option, name, "", rest)


def pid_number(word: str) -> int:
    """A process id as strtol(3) reads it, with base 0. Raises UsageError."""
    try:
        value = (
            int(word, 0) if word[:2].lower() == "0x" else int(word, 8 if word[:1] == "0" else 10)
        )
    except ValueError:
        raise UsageError("process ID list syntax error") from None
    if not 0 < value < 1 << 31:
        raise UsageError("process ID out of range")
    return value
