"""How lsof reads its words: options with ``-`` and with ``+``, values that may be left out."""

from typing import Any

import click

from sysutils.cli.declared import takes
from sysutils.cli.grammar import CommandError, Reader, UsageError

#: options whose value is left out unless it begins like this; else what follows is read as options
_NUMERIC = {"-L", "+L", "-o", "-r", "+r", "-S"}
#: letters that mean the same after + and after -
_EITHER = set("FKNOQRSUVXagilpstu")
#: those whose value is the next word whatever that begins with
_GREEDY = {"-p", "-u", "-d", "-e"}


class PlusMinus(Reader):
    """Reads lsof's words; every mistake of a line is told."""

    def __init__(self, *args: Any) -> None:
        self.signed: dict[str, click.Option] = {}
        self.mistakes: list[CommandError] = []
        super().__init__(*args)

    def _declare(self, name: str, option: click.Option) -> None:
        if name.startswith("--"):
            self.long[name] = option
        else:
            self.signed[name] = option

    def _read(self, rest: list[str], interspersed: bool) -> list[str]:  # noqa: ARG002
        while rest and not self.done:
            word = rest[0]
            if len(word) < 2 or word[0] not in "+-":
                break
            rest.pop(0)
            if word == "--":
                break
            if word.partition("=")[0] in self.long:
                self._long(word, rest)
            else:
                self._signed(word[0], word[1:], rest)
        if self.mistakes:
            raise self._all_mistakes()
        return [] if self.done else rest

    def _all_mistakes(self) -> CommandError:
        first, *others = self.mistakes
        lines = [first.message, *(f"{error.program}: {error.message}" for error in others)]
        return UsageError("\n".join(lines), self.command)

    def _signed(self, sign: str, letters: str, rest: list[str]) -> None:
        """A cluster: flags up to the first that takes a value."""
        while letters:
            name, letters = sign + letters[0], letters[1:]
            if name[1] in _EITHER:
                name = f"-{name[1]}"
            option = self.signed.get(name)
            if option is None:
                self.mistakes.append(self._error(f"illegal option character: {name[1]}"))
                return
            if takes(option) == "no":
                self._store(option, True)
                if self.done:
                    return
                continue
            value, letters = self._value(name, letters, rest)
            self._accept(name, option, value)

    def _value(self, name: str, letters: str, rest: list[str]) -> tuple[str | None, str]:
        """The value of an option, if it has one, and the letters left of the cluster."""
        if letters:
            if name in _NUMERIC and not letters[0].isdecimal():
                return None, letters
            return letters, ""
        if not rest or (rest[0][:1] in {"-", "+"} and rest[0][:1] and name not in _GREEDY):
            return None, ""
        if name in _NUMERIC and not rest[0][:1].isdecimal():
            return None, ""
        return rest.pop(0), ""

    def _accept(self, name: str, option: click.Option, value: str | None) -> None:
        parse = getattr(option, "parse", None)
        try:
            if value is None and takes(option) == "must":
                raise self._error(_MISSING.get(name, f"{name} not followed by a value"))
            given = "" if value is None else value
            self._store(option, given if parse is None else parse(given))
        except CommandError as error:
            self.mistakes.append(error)


_MISSING = {
    "-p": "no process ID specified",
    "-u": "no UIDs specified",
    "-c": "missing -c option value",
    "-d": "no file descriptor specified",
    "+d": "+d not followed by a directory path",
    "+D": "+d not followed by a directory path",
    "+c": "+c not followed by width number",
}
