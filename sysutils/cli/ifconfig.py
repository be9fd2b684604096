"""ifconfig(8) of net-tools 2.10: shows and configures network interfaces.

Departs where the classic's arithmetic fails: ADDR/32 sets the mask 255.255.255.255, a longer prefix is
refused. Left out: tunnel, media, and setting addresses of protocols other than IPv4 and IPv6.
--help is all on standard output; the classic has its lists of names on standard error."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from sysutils import core
from sysutils.cli import candidates
from sysutils.cli.grammar import Reader
from sysutils.cli.ifconfig_show import COLUMNS, Shown, chosen, plain
from sysutils.cli.options import (
    CommandError,
    Grammar,
    Help,
    UsageError,
    argument,
    classic,
    option,
    output_mode,
    output_options,
    version_option,
)
from sysutils.cli.output.column import Column
from sysutils.cli.output.emit import emit
from sysutils.cli.output.stream import Stream
from sysutils.cli.output.text import cut_bytes

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_HINT = "ifconfig: `--help' gives usage information.\n"


class _Words(Reader):
    """Options stand before the interface, each a word of its own; ours stand anywhere."""

    def _read(self, rest: list[str], interspersed: bool) -> list[str]:  # noqa: ARG002
        operands: list[str] = []
        while rest and not self.done:
            word = rest.pop(0)
            option = self.long.get(word.partition("=")[0])
            ours = option is not None and getattr(option, "ours", False)
            if not ours and (operands or not word.startswith("-")):
                operands.append(word)
            elif option is not None:
                self._long(word, rest)
            elif len(word) == 2 and word[1] in self.short:
                self._cluster(word, rest)
            elif not self._word(word, rest):
                raise UsageError(f"option `{word}' not recognised.", self.command)
        return [] if self.done else operands


_WORDS = (
    "up", "down", "arp", "-arp", "promisc", "-promisc", "allmulti", "-allmulti", "multicast", "-multicast",
    "mtu", "metric", "netmask", "broadcast", "-broadcast", "pointopoint", "-pointopoint", "hw", "txqueuelen",
    "add", "del",
)  # fmt: skip


def _complete_words(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    if not ctx.args:
        return candidates.interfaces(ctx, parameter, incomplete)
    return candidates.words({"mtu": [], "hw": ["ether"]}.get(ctx.args[-1], _WORDS))(
        ctx, parameter, incomplete
    )


_ABOUT = Help(
    examples=(
        ("", "The interfaces that are up."),
        ("-a", "All interfaces."),
        ("eth0", "One interface."),
        ("-s", "A short table."),
        ("eth0 192.0.2.7 netmask 255.255.255.0 up", "Give an address, and turn the interface on."),
        ("eth0 mtu 1400", "Set the greatest size of packets."),
    ),
    statuses=(
        ("0", "Done."),
        ("1", "There is no such interface, or a mistake in the words."),
        ("255", "The system refused a change."),
    ),
    notes="After INTERFACE: [-]up, down, [-]arp, [-]promisc, [-]allmulti, [-]multicast, mtu N, "
    "metric N, ADDRESS[/LENGTH], netmask ADDRESS, [-]broadcast [ADDRESS], [-]pointopoint "
    "[ADDRESS], hw CLASS ADDRESS, txqueuelen N, add and del ADDRESS/LENGTH.",
)


@classic(
    "ifconfig",
    about=_ABOUT,
    grammar=Grammar(hint=_HINT, reader=_Words, may_be_closed=True),
    help_names=("-h", "-?", "--help"),
)
@option(
    "-a", "all_", group="What to show", is_flag=True, help="Show interfaces that are down as well."
)
@option("-s", "short", is_flag=True, help="Show a short table.")
@option("-v", "verbose", is_flag=True, expose_value=False, help="Tell more of some errors.")
@argument("words", nargs=-1, metavar="[INTERFACE [WORD...]]", shell_complete=_complete_words)
@version_option("-V", "-version", "--version")
@output_options
def command(all_: bool, short: bool, words: tuple[str, ...], output: str | None) -> int:
    """Show or configure network interfaces."""
    mode = output_mode(output)
    name = None if not words else words[0] if core.WINDOWS else cut_bytes(words[0], 15)
    if name is not None and len(words) > 1:
        from sysutils.cli.ifconfig_set import configure

        return configure(name, list(words[1:]))
    try:
        rows = chosen(name, all_)
    except LookupError:
        if short and mode == "plain":
            plain([], short, (out := Stream()))
            out.flush()
        text = f"{name}: error fetching interface information: Device not found"
        error = CommandError("", 1)
        error.hint = f"{text}\n"
        raise error from None

    def as_text(_: Any, rows: Any, out: Stream) -> None:
        plain(rows, short, out)

    def cards(columns: Sequence[Column], rows: Iterable[Shown], out: Stream) -> None:
        from sysutils.cli import ifconfig_rich

        (ifconfig_rich.table if short else ifconfig_rich.cards)(columns, rows, out)

    emit(mode, COLUMNS, rows, as_text, rich=cards)
    return 0
