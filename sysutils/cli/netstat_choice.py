"""What netstat's options select, and how it tells of what the system lacks."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import click

from sysutils import core
from sysutils.cli.grammar import Reader
from sysutils.cli.options import CommandError, usage
from sysutils.cli.output.stream import write_error

T = TypeVar("T")

#: -kind -> tables, psutil's meaning
KINDS = {
    "inet": ("tcp", "tcp6", "udp", "udp6"),
    "inet4": ("tcp", "udp"),
    "inet6": ("tcp6", "udp6"),
    "tcp": ("tcp", "tcp6"),
    "tcp4": ("tcp",),
    "tcp6": ("tcp6",),
    "udp": ("udp", "udp6"),
    "udp4": ("udp",),
    "udp6": ("udp6",),
    "unix": ("unix",),
    "all": ("tcp", "tcp6", "udp", "udp6", "unix"),
}
#: protocols with tables of Internet sockets, in their order
PROTOCOLS = ("tcp", "sctp", "udp", "udplite", "raw")
INET = {"inet", "inet6"}
#: what net-tools shows on kernels that have it, and we never
FOREIGN = ("ipx", "ax25", "x25", "netrom", "rose")
#: options of address families
_FAMILY_WORDS = (
    "--tcpip", "--ip", "--ax25", "--ipx", "--appletalk", "--netrom", "--inet", "--inet6", "--rose",
    "--unix", "--x25", "--ddp", "--bluetooth", "--l2cap",
)  # fmt: skip
#: options that stand in front of others of the same first letters
_EARLY = (*_FAMILY_WORDS, "--version", "--sctp")


def _place(name: str) -> int:
    return _EARLY.index(name) if name in _EARLY else len(_EARLY)


#: how it is called, in net-tools' words
_SYNOPSIS = """usage: netstat [-vWeenNcCF] [<Af>] -r         netstat {-V|--version|-h|--help}
       netstat [-vWnNcaeol] [<Socket> ...]
       netstat { [-vWeenNac] -i | [-cnNe] -M | -s [-6tuw] }
"""


def hint(command: click.Command) -> str:
    """What follows a message: how netstat is called, and its options."""
    return _SYNOPSIS + usage(command).partition("[options]\n")[2]


class Words(Reader):
    """getopt's rules; beginnings of long options as the classic's table has them: families are one
    option there, and stand before the others."""

    def __init__(self, command: Any, ctx: click.Context) -> None:
        super().__init__(command, ctx)
        self.long = dict(sorted(self.long.items(), key=lambda pair: _place(pair[0])))

    def _abbreviated(self, prefix: str, word: str) -> click.Option | None:
        families = [name for name in _FAMILY_WORDS if name.startswith(prefix)]
        whole = self.long
        self.long = {name: one for name, one in whole.items() if name not in families[1:]}
        try:
            return super()._abbreviated(prefix, word)
        finally:
            self.long = whole


class View(NamedTuple):
    """What is shown of sockets, and how."""

    #: -l, -a: only those that wait for peers, these too
    listening: bool = False
    all: bool = False
    #: -n and its parts
    numeric_hosts: bool = False
    numeric_ports: bool = False
    numeric_users: bool = False
    wide: bool = False
    extended: bool = False
    programs: bool = False
    timers: bool = False

    @property
    def title(self) -> str:
        """What stands behind the name of a table."""
        if self.all:
            return "(servers and established)"
        return "(only servers)" if self.listening else "(w/o servers)"


class Choice(NamedTuple):
    """What the options select."""

    #: routes, interfaces, statistics, masquerade or sockets
    report: str
    #: address families in the order given
    families: tuple[str, ...]
    #: of PROTOCOLS, those with an option
    protocols: frozenset[str]
    #: psutil's kind, empty without -kind
    kind: str
    groups: bool
    view: View
    verbose: bool
    #: number of -e
    extended: int
    #: of the routes: the table, the cache
    fib: bool
    cache: bool

    @property
    def unnamed(self) -> bool:
        """No protocol is named, but IPv4 or IPv6: all their protocols are shown, and none is missed."""
        return not self.protocols and bool(INET & set(self.families))

    @property
    def everything(self) -> bool:
        """Nothing particular is asked for: all sockets are shown, and none is missed."""
        shown = {*INET, "unix", *FOREIGN} & set(self.families)
        return not (self.protocols or shown or self.kind or self.groups)

    @property
    def tables(self) -> list[str]:
        """Tables of Internet sockets to show: ``["tcp", "tcp6", …]``."""
        found = [name for name in KINDS.get(self.kind, ()) if name != "unix"]
        all_of_them = self.everything or (self.unnamed and not self.kind)
        for protocol in PROTOCOLS:
            if protocol in self.protocols or all_of_them:
                found += [name for name in (protocol, f"{protocol}6") if name not in found]
        ipv4, ipv6 = self.versions
        return [name for name in found if (ipv6 if name.endswith("6") else ipv4)]

    @property
    def versions(self) -> tuple[bool, bool]:
        """Whether IPv4, whether IPv6 is shown: both unless one is asked for."""
        asked = INET & set(self.families) or INET
        return "inet" in asked, "inet6" in asked

    @property
    def unix(self) -> bool:
        """Whether UNIX sockets are shown."""
        asked = "unix" in self.families or "unix" in KINDS.get(self.kind, ())
        return asked or self.everything


def refusal(text: str, status: int = 1) -> CommandError:
    """An error in the classic's own words, without the command's name in front."""
    error = CommandError("", status)
    error.hint = text
    return error


def lacks(table: str) -> bool:
    """Whether the system has no such table of sockets, routes or groups."""
    tables = getattr(core, "net_tables", None)
    try:
        return tables is not None and table not in tables()
    except OSError:
        return False


def told(read: Callable[[], T], nothing: Any) -> T:
    """What ``read`` answers; ``nothing``, and a warning, where the system's own table can't be understood."""
    try:
        return read()
    except ValueError as error:
        write_error(f"netstat: warning: {error}\n")
        empty: T = nothing
        return empty


def missing(name: str) -> CommandError:
    """The error about a protocol that the system lacks."""
    return CommandError(f"no support for `{name}' on this system.")


def note_missing(choice: Choice, name: str) -> None:
    """Raises CommandError if it was asked for; tells of it with -v."""
    if choice.everything:
        if choice.verbose:
            missing(name).show()
    elif not choice.unnamed:
        raise missing(name)
