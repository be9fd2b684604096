"""What the shell offers where a value is to be typed: processes, users, fields, interfaces, signals, …

Each is a function for ``shell_complete=`` of an option or argument. An item may be of type ``file``,
``dir`` or ``command``: what that is, the shell knows itself."""

import os
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from sysutils import core
from sysutils.cli.output.text import steady, visible

if TYPE_CHECKING:
    from click import Context, Parameter
    from click.shell_completion import CompletionItem

    Completer = Callable[[Context, Parameter, str], list[CompletionItem]]
    Source = Callable[[], Iterable[tuple[str, str]]]


def items(pairs: Iterable[tuple[str, str]], incomplete: str) -> "list[CompletionItem]":
    """The values that begin so, each with a word about it; none has a control character."""
    from click.shell_completion import CompletionItem

    return [
        CompletionItem(value, help=steady(visible(told)) or None)
        for value, told in pairs
        if value.startswith(incomplete) and value.isprintable()
    ]


def _from(source: "Source") -> "Completer":
    def complete(_: "Context", __: "Parameter", incomplete: str) -> "list[CompletionItem]":
        return items(source(), incomplete)

    return complete


def words(known: "Iterable[str] | Mapping[str, str]") -> "Completer":
    """These words, or words and what they mean."""
    pairs = list(known.items() if isinstance(known, dict) else ((word, "") for word in known))
    return _from(lambda: pairs)


def listed(complete: "Completer", signs: str = "", separator: str = ",") -> "Completer":
    """For lists: completes the last of them, of which each may have one of ``signs`` in front. What is
    there already is not offered again, and no blank follows."""

    def last(ctx: "Context", parameter: "Parameter", incomplete: str) -> "list[CompletionItem]":
        from click.shell_completion import CompletionItem

        before, between, word = incomplete.rpartition(separator)
        sign = word[:1] if signs and word[:1] in signs else ""
        front = f"{before}{between}{sign}"
        there = {one.lstrip(signs) if signs else one for one in before.split(separator)}
        return [
            CompletionItem(f"{front}{item.value}", item.type, item.help, more=True)
            for item in complete(ctx, parameter, word[len(sign) :])
            if item.value not in there
        ]

    return last


def listed_with_signs(complete: "Completer") -> "Completer":
    """A list of what may have + or - in front."""
    return listed(complete, "+-")


def signed(complete: "Completer", signs: str) -> "Completer":
    """One of ``signs`` may stand in front."""

    def behind(ctx: "Context", parameter: "Parameter", incomplete: str) -> "list[CompletionItem]":
        from click.shell_completion import CompletionItem

        front = incomplete[:1] if incomplete[:1] and incomplete[:1] in signs else ""
        found = complete(ctx, parameter, incomplete[len(front) :])
        return [CompletionItem(f"{front}{item.value}", item.type, item.help) for item in found]

    return behind


def either(*completers: "Completer") -> "Completer":
    """What any of them offers."""

    def complete(ctx: "Context", parameter: "Parameter", incomplete: str) -> "list[CompletionItem]":
        return [item for one in completers for item in one(ctx, parameter, incomplete)]

    return complete


def _of_the_shell(kind: str) -> "Completer":
    def complete(_: "Context", __: "Parameter", incomplete: str) -> "list[CompletionItem]":
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type=kind)]

    return complete


files = _of_the_shell("file")
directories = _of_the_shell("dir")
programs = _of_the_shell("command")


def command_line(ctx: "Context", parameter: "Parameter", incomplete: str) -> "list[CompletionItem]":
    """A program, then what may be its arguments."""
    return (files if ctx.args else programs)(ctx, parameter, incomplete)


def _pids() -> Iterable[tuple[str, str]]:
    mine = os.getpid()
    rows = core.process_table(["pid", "comm"])
    return ((str(row.pid), row.comm or "") for row in rows if row.pid != mine)


def _commands() -> Iterable[tuple[str, str]]:
    counts: dict[str, int] = {}
    for row in core.process_table(["comm"]):
        if row.comm:
            counts[row.comm] = counts.get(row.comm, 0) + 1
    return (
        (name, f"{count} processes" if count > 1 else "") for name, count in sorted(counts.items())
    )


def _mounts() -> Iterable[tuple[str, str]]:
    parts = core.disk_partitions(all=True)
    return ((part.mountpoint, f"{part.device} {part.fstype}") for part in parts)


def _types() -> Iterable[tuple[str, str]]:
    return ((name, "") for name in sorted({part.fstype for part in core.disk_partitions(all=True)}))


def _devices() -> Iterable[tuple[str, str]]:
    return ((name, "") for name in core.disk_io_counters(perdisk=True))


def _interfaces() -> Iterable[tuple[str, str]]:
    stats = core.net_if_stats()
    return ((name, "up" if stats[name].isup else "down") for name in stats)


def _terminals() -> Iterable[tuple[str, str]]:
    lines = {record.terminal: record.name for record in core.users() if record.terminal}
    try:
        numbers = sorted((name for name in os.listdir("/dev/pts") if name.isdecimal()), key=int)
    except OSError:
        numbers = []
    lines.update({f"pts/{number}": lines.get(f"pts/{number}", "") for number in numbers})
    return lines.items()


pids = _from(_pids)
commands = _from(_commands)
users = _from(lambda: ((name, "") for name in core.user_names()))
user_ids = _from(lambda: ((str(core.user_id(name)), name) for name in core.user_names()))
groups = _from(lambda: ((name, "") for name in core.group_names()))
mount_points = _from(_mounts)
file_system_types = _from(_types)
devices = _from(_devices)
interfaces = _from(_interfaces)
terminals = _from(_terminals)
