"""How iostat reads its words, and what they ask for: devices, groups, an interval and a count.

The options are no getopt ones: ``-p``, ``-g``, ``-j``, ``-o`` and ``-f`` take the next word only when they
stand alone, and names of devices mean what the options before them say."""

from typing import Any, NamedTuple

import click

from sysutils import core
from sysutils.cli.grammar import Reader
from sysutils.cli.options import CommandError, given

USAGE = """\
Usage: iostat [ options ] [ <interval> [ <count> ] ]
Options are:
[ -c ] [ -d ] [ -h ] [ -k | -m ] [ -N ] [ -s ] [ -t ] [ -V ] [ -x ] [ -y ] [ -z ]
[ { -f | +f } <directory> ] [ -j { ID | LABEL | PATH | UUID | ... } ]
[ --compact ] [ --dec={ 0 | 1 | 2 } ] [ --human ] [ --pretty ] [ -o JSON ]
[ [ -H ] -g <group_name> ] [ -p [ <device> [,...] | ALL ] ]
[ <device> [...] | ALL ]
"""
#: options that take a word, and only where they stand alone
_VALUED = frozenset({"-g", "-j", "-o", "-f", "+f"})
#: no interval or count is longer
_LONGEST = (1 << 31) - 1


class Words(Reader):
    """Reads iostat's words; every mistake is answered by the usage text alone."""

    def __init__(self, *args: Any) -> None:
        self.alone: dict[str, click.Option] = {}
        self.numbers: list[int] = []
        super().__init__(*args)

    def _declare(self, name: str, option: click.Option) -> None:
        if name in _VALUED:
            self.alone[name] = option
        else:
            super()._declare(name, option)

    def _read(self, rest: list[str], interspersed: bool) -> list[str]:  # noqa: ARG002
        operands = []
        while rest and not self.done:
            word = rest.pop(0)
            if word in self.alone:
                self._valued(word, rest)
            elif word == "-p":
                self._partitions(rest)
            elif word[:2] == "--":
                self._exact(word, rest)
            elif word[:1] == "-":
                self._letters(word[1:])
            elif not word.strip("0123456789"):
                self._number(int(word or "0"))
            else:
                operands.append(word)
                self.given.append(("device", word))
        if not self.done:
            self._check()
        return operands

    def _refuse(self) -> CommandError:
        return self._error("")

    def _valued(self, word: str, rest: list[str]) -> None:
        if not rest:
            raise self._refuse()
        option, value = self.alone[word], rest.pop(0)
        known = {name for name, _ in self.given}
        if word == "-o" and value != "JSON":
            raise self._refuse()
        if word[1] == "f" and known & {"directory", "directory_too"}:
            raise self._refuse()
        self._store(option, value)

    def _partitions(self, rest: list[str]) -> None:
        """``-p``: devices follow unless the next word is an option or a number."""
        value = ""
        if rest and rest[0][:1] != "-" and rest[0].strip("0123456789"):
            value = rest.pop(0)
        self._store(self.short["p"], value)

    def _exact(self, word: str, rest: list[str]) -> None:
        """A long option; none of the classic's can be shortened, and ``--dec=N`` has its value attached."""
        name, equals, value = word.partition("=")
        wrong = name == "--dec" and value not in {"0", "1", "2"}
        plain = name in {"--human", "--pretty", "--compact"} and equals
        if name not in self.long or wrong or plain:
            raise self._refuse()
        self._long(word, rest)

    def _letters(self, letters: str) -> None:
        for letter in letters:
            option = self.short.get(letter)
            if option is None:
                raise self._refuse()
            self._store(option, "" if letter == "p" else True)
            if self.done:
                return
            if {"kilobytes", "megabytes"} <= {name for name, _ in self.given}:
                raise self._refuse()

    def _number(self, number: int) -> None:
        """The interval, then the count of reports; no reports, or reports at no interval, are none."""
        self.numbers.append(min(number, _LONGEST))
        if len(self.numbers) > 2 or (len(self.numbers) == 2 and 0 in self.numbers):
            raise self._refuse()
        self.given.append((("interval", "count")[len(self.numbers) - 1], self.numbers[-1]))

    def _check(self) -> None:
        known = {name for name, _ in self.given}
        if "only_groups" in known and "group" not in known:
            raise self._refuse()


class Entry(NamedTuple):
    """One line of the table: a device, or a group of those before it.

    ``device`` is the kernel's name where ``name`` is another. ``member``: the next group counts it.
    ``asked``: it was asked for by name. ``parts``: its partitions have lines too."""

    name: str
    device: str
    group: bool = False
    member: bool = False
    asked: bool = False
    parts: bool = False

    @property
    def key(self) -> str:
        """Its place among others: the names of directories are compared, with ``!`` for a slash."""
        return self.name.replace("/", "!")


class Devices:
    """The lines of the table, to which devices that are found are added.

    ``listing``: "disks", "all" (partitions as well) or nothing but the entries. ``idle``: devices that
    were never used are shown too."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.listing = ""
        self.idle = False

    @property
    def grouped(self) -> bool:
        """Whether there is a group: devices found from then on belong to it."""
        return bool(self.entries) and self.entries[-1].group

    def add(self, entry: Entry, *, last: bool = False) -> None:
        """Adds a device at its place, by name or (``last``) at the end; once."""
        for place, known in enumerate(self.entries):
            if known.name == entry.name and known.group == entry.group:
                self.entries[place] = known._replace(parts=known.parts or entry.parts)
                return
        if entry.group:
            self.entries.append(entry)
        elif self.grouped:
            self.entries.insert(len(self.entries) - 1, entry._replace(member=True))
        elif last:
            self.entries.append(entry)
        else:
            keys = (place for place, known in enumerate(self.entries) if known.key > entry.key)
            self.entries.insert(next(keys, len(self.entries)), entry)


class _Naming:
    """What names of devices mean after the options read so far."""

    mapper = False
    kind = ""

    def entry(self, word: str, parts: bool) -> Entry:
        """The line for a word of the command line."""
        name = core.device_name(word)
        if self.kind:
            name = core.persistent_device(self.kind, name) or name
        name = name.replace("!", "/")
        device = (core.mapped_device(name) if self.mapper else None) or name
        return Entry(name, device, asked=True, parts=parts)


def wanted() -> Devices:
    """The devices that the words ask for, in their order. Raises CommandError for a kind of name that
    the system has not."""
    found, naming, named, everything = Devices(), _Naming(), False, ""
    for option, value in given():
        words: list[str] = []
        if option == "mapper":
            naming.mapper = True
        elif option == "kind":
            naming.kind = _kind(value)
        elif option == "group":
            found.add(Entry(value, "", group=True))
        elif option == "device":
            words = [value]
        elif option == "partitions" and value:
            words, named = [word for word in value.split(",") if word], True
        elif option == "partitions":
            everything = "all"
        for word in words:
            named = True
            if word == "ALL":
                everything = "all" if option == "partitions" else everything or "disks"
                found.idle = True
            else:
                found.add(naming.entry(word, option == "partitions"))
    found.listing = everything or ("" if named else "disks")
    found.idle = found.idle or named
    return found


def _kind(word: str) -> str:
    kind = word.lower()
    try:
        core.persistent_names(kind)
    except OSError:
        error = CommandError("")
        error.hint = "Invalid type of persistent device name\n"
        raise error from None
    return kind
