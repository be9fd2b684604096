"""What a command declares of itself beyond click's own: options as getopt knows them, examples, groups."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import click

#: the last groups of a command's help; all have the last two
IDLE, OUTPUT, ABOUT = "Without effect", "Output", "Help and version"


class Help(NamedTuple):
    """What the help and the man page tell beside the options."""

    #: words after the command's name, and what they do
    examples: Sequence[tuple[str, str]] = ()
    #: exit statuses, and what they mean
    statuses: Sequence[tuple[str, str]] = ()
    #: paragraphs at the end
    notes: str = ""


class ClassicOption(click.Option):
    """A click option with what getopt knows and click does not.

    ``optional_value``: the value may be left out, and then is this; given only attached
    (``--output=x``, ``-px``). ``ours``: not of the classic, so never reached by a prefix.
    ``parse``: makes the value of the word while the words are read, so that the first mistake of a line
    is the one told. For the documentation, ``note``: where it departs from the classic and why,
    ``only``: the platforms that have it (none named: all), and ``group``: the heading it stands under,
    as do the options declared after it.
    ``is_eager``, as in click: it acts at once; the words after it are not read."""

    def __init__(
        self,
        *args: Any,
        optional_value: Any = None,
        ours: bool = False,
        parse: Callable[[str], Any] | None = None,
        note: str = "",
        only: Sequence[str] = (),
        group: str = "",
        **kwargs: Any,
    ) -> None:
        if parse is not None:
            kwargs.setdefault("type", click.UNPROCESSED)
        super().__init__(*args, **kwargs)
        self.optional_value = optional_value
        self.ours = ours
        self.parse = parse
        self.note = note
        self.only = only
        self.group = group

    @property
    def takes(self) -> str:
        """ "no", "must" or "may": whether a value follows."""
        if self.is_flag or self.count:
            return "no"
        return "may" if self.optional_value is not None else "must"


def takes(option: click.Option) -> str:
    """ "no", "must" or "may": whether a value follows the option."""
    if isinstance(option, ClassicOption):
        return option.takes
    return "no" if option.is_flag or option.count else "must"


def spelled(option: click.Option) -> list[str]:
    """The names of an option with its value. A blank before a name: BSD's, without a dash."""
    kind = takes(option)
    return [_with_value(name.lstrip(), option.metavar or "", kind) for name in option.opts]


def _with_value(name: str, value: str, kind: str) -> str:
    if kind == "no" or not value:
        return name
    long = name.startswith("--")
    if kind == "may":
        value = value[1:-1] if value[0] == "[" and value[-1] == "]" else value
        return f"{name}[={value}]" if long else f"{name}[{value}]"
    return f"{name}={value}" if long else f"{name} {value}"


def groups(options: Iterable[click.Option]) -> dict[str, list[click.Option]]:
    """The options below their headings: in the order declared, what every command has at the end."""
    found: dict[str, list[click.Option]] = {"Options": []}
    group = "Options"
    for option in options:
        named = option.group if isinstance(option, ClassicOption) else ABOUT
        group = named or group
        found.setdefault(group, []).append(option)
    for last in (IDLE, OUTPUT, ABOUT):
        if last in found:
            found[last] = found.pop(last)
    return {name: members for name, members in found.items() if members}
