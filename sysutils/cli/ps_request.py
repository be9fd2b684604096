"""What a line of ps(1) asks for: the words as read become a selection, columns, an order, a width."""

import os
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sysutils import core
from sysutils.cli.fields import process_selection as select
from sysutils.cli.fields.process import Field
from sysutils.cli.fields.process_selection import Test
from sysutils.cli.fields.process_table import FIELDS
from sysutils.cli.grammar import CommandError, UsageError
from sysutils.cli.ps_format import MACROS, Modifiers, Shown, modified, of_names, parse_format, shown
from sysutils.cli.ps_format import system_v
from sysutils.cli.ps_personality import Personality

Given = Sequence[tuple[str, Any]]


class Options:
    """The options as given, by name and in order."""

    def __init__(self, given: Given, bsd: bool, personality: Personality) -> None:
        self.given = given
        self.names = {name for name, _ in given}
        self.bsd = bsd
        self.personality = personality

    def has(self, *names: str) -> bool:
        """Whether one of these was given."""
        return not self.names.isdisjoint(names)

    def count(self, name: str) -> int:
        """How often."""
        return sum(1 for each, _ in self.given if each == name)

    def values(self, name: str) -> list[Any]:
        """The values, in order."""
        return [value for each, value in self.given if each == name]

    def last(self, name: str) -> Any:
        """The last value, None for none."""
        return (self.values(name) or [None])[-1]


# --- threads


class Threads(NamedTuple):
    """How threads are shown: ``as_rows`` in place of processes, ``after`` their process, or not."""

    as_rows: bool = False
    after: bool = False
    #: "L" or "T": the column that -L or -T adds
    column: str = ""


def threads(options: Options) -> Threads:
    """-L, -T, -m, m, H. Raises UsageError for those that exclude one another."""
    has = options.has
    if has("forest", "hierarchy") and has("threads", "threads_spid", "bsd_threads", "bsd_m", "unix_m"):
        raise UsageError("thread display conflicts with forest display")
    if has("threads") and has("threads_spid"):
        raise UsageError("thread flags conflict; can't use both -L and -T")
    if has("bsd_m") and has("unix_m"):
        raise UsageError("thread flags conflict; can't use both m and -m")
    if has("bsd_threads") and has("bsd_m", "unix_m"):
        raise UsageError("thread flags conflict; can't use H with m or -m")
    column = "L" if has("threads") else "T" if has("threads_spid") else ""
    after = has("bsd_m", "unix_m")
    return Threads(not after and (bool(column) or has("bsd_threads")), after, column)


# --- selection


class Selection(NamedTuple):
    """Which processes: ``pids`` where nothing but a list of them was asked for; None: ask ``test``."""

    test: Test | None
    pids: list[int] | None = None
    #: in the order of the list, without a look at all processes
    quick: bool = False


_LISTS: dict[str, Callable[[list[Any]], Test]] = {
    "pids": lambda values: select.one_of("tgid", values),
    "ppids": lambda values: select.one_of("ppid", values),
    "process_groups": lambda values: select.one_of("pgrp", values),
    "sessions": lambda values: select.one_of("session", values),
    "ttys": lambda values: select.one_of("tty_nr", values),
    "bsd_ttys": lambda values: select.one_of("tty_nr", values),
    "users": lambda values: select.one_of("euid", values),
    "real_users": select.real_user,
    "groups": lambda values: select.one_of("egid", values),
    "real_groups": select.real_group,
    "commands": lambda values: select.one_of("comm", values),
}
_SIMPLE = ("everything", "unix_a", "unix_d", "bsd_a", "bsd_x", "bsd_g", "this_tty")


def selection(options: Options) -> Selection:
    """The processes asked for. Raises CommandError for what quick mode can't do."""
    if options.has("quick"):
        return _quick(options)
    lists = _lists(options)
    simple = _simple(options, bool(lists))
    only_pids = options.names & {*_LISTS, *_SIMPLE, "session_or_group"} == {"pids"}
    tests = [*lists, *([] if simple is None else [simple])]
    test = select.any_of(tests) if len(tests) != 1 else tests[0]
    if any(each is select.EVERY for each in tests):
        test = select.EVERY
    if options.has("running"):
        test = select.all_of([test, select.RUNNING]) if test is not select.EVERY else select.RUNNING
    if options.has("deselect"):
        return Selection(select.none_of(test))
    if only_pids and not options.has("running"):
        return Selection(None, [pid for values in options.values("pids") for pid in values])
    return Selection(None if test is select.EVERY else test)


def _quick(options: Options) -> Selection:
    prefix = "q/-q/--quick-pid"
    if options.count("quick") > 1:
        raise _bare(f"{prefix} can only be used once.")
    if options.names & {*_LISTS, "session_or_group"}:
        raise _bare(f"{prefix} cannot be combined with other selection options.")
    if options.has("forest", "hierarchy"):
        raise _bare(f"{prefix} cannot be used together with forest type listings.")
    if options.has("sort"):
        raise _bare("q/-q,--quick-pid cannot be used together with sort options.")
    if options.has("deselect"):
        raise _bare(f"{prefix} cannot be used together with negation switches.")
    running = select.RUNNING if options.has("running") else None
    return Selection(running, options.last("quick"), quick=True)


def _bare(message: str) -> CommandError:
    error = CommandError("")
    error.hint = f"{message}\n\n"
    return error


def _lists(options: Options) -> list[Test]:
    tests = []
    for name, make in _LISTS.items():
        values = [value for values in options.values(name) for value in values]
        if values:
            tests.append(make(values))
    for fact, values in options.values("session_or_group"):
        tests.append(select.one_of(fact, values))
    return tests


def _own_terminal() -> int:
    for row in core.process_table(["tty_nr"], [os.getpid()]):
        return int(row.tty_nr)
    return 0


def _mine() -> Test:
    return select.one_of("euid", [os.geteuid()])


def _simple(options: Options, listed: bool) -> Test | None:
    """-e, -a, -d, a, x and what holds where nothing is said; None where only lists are."""
    has = options.has
    if has("everything") or (has("bsd_a") and has("bsd_x")) or (has("unix_a") and has("unix_d")):
        return select.EVERY
    if has("unix_a"):
        return select.all_of([select.HAS_TERMINAL, select.LEADS_NO_SESSION])
    if has("unix_d"):
        return select.LEADS_NO_SESSION
    if has("bsd_a"):
        return select.HAS_TERMINAL
    if has("bsd_x"):
        return _mine()
    if has("this_tty"):
        return select.one_of("tty_nr", [_own_terminal()])
    if listed:
        return None
    if options.bsd or options.personality.bsd_selection:
        return select.all_of([_mine(), select.HAS_TERMINAL])
    return select.all_of([_mine(), select.one_of("tty_nr", [_own_terminal()])])


# --- columns


def columns(options: Options, shape: Threads) -> list[Shown]:
    """The columns asked for. Raises UsageError for lists that exclude one another."""
    own = [(name, value) for name, value in options.given if name in {"format", "preloaded"}]
    bsd = [name for name in ("bsd_user", "bsd_jobs", "bsd_long", "signals", "virtual", "registers")
           if options.has(name)]  # fmt: skip
    full = options.has("full", "extra_full")
    long = options.has("long")
    context = options.has("context")
    modifiers = _modifiers(options, shape)
    if len(bsd) > 1 or (bsd and (full or long or own)) or (long and own) or (
        context and (bsd or full and long or own)
    ):  # fmt: skip
        raise UsageError("conflicting format options")
    if modifiers.no_flags and not long and not bsd:
        _refuse_no_flags(own)
    if own:
        return _own_columns(options, own, modifiers, shape)
    personality = options.personality
    if bsd:
        return of_names(",".join(modified(personality.bsd_list(bsd[0]), modifiers)))
    if context:
        return of_names(",".join(modified(MACROS["FLASK_context"].split(","), modifiers)))
    if not (full or long) and (preset := _from_environment(options)):
        return preset
    names = personality.unix_list(full, long, options.has("jobs"), options.bsd)
    return of_names(",".join(system_v(names, modifiers)))


def _refuse_no_flags(own: Sequence[Any]) -> None:
    if own:
        raise UsageError("can not use output modifiers with user-defined output")
    raise UsageError("modifier -y without format -l makes no sense")


def _modifiers(options: Options, shape: Threads) -> Modifiers:
    has = options.has
    return Modifiers(
        full=has("full", "extra_full"),
        extra_full=has("extra_full"),
        jobs=has("jobs"),
        scheduling=has("scheduling"),
        no_flags=has("no_flags"),
        processor=has("processor"),
        label=has("label"),
        threads=shape.column,
        bsd=options.bsd,
    )


def _own_columns(
    options: Options, own: Sequence[tuple[str, Any]], modifiers: Modifiers, shape: Threads
) -> list[Shown]:
    if modifiers.jobs or modifiers.no_flags or modifiers.processor or options.has("bsd_label"):
        raise UsageError("can not use output modifiers with user-defined output")
    if shape.column and (shape.after or options.has("bsd_threads")):
        raise UsageError("-L/-T with H/m/-m and -o/-O/o/O is nonsense")
    found: list[Shown] = []
    for number, (name, value) in enumerate(own):
        if name == "preloaded":
            if number:
                raise UsageError("option -O can not follow other format options")
            before, after = options.personality.preloaded
            found += [*of_names(before), *value, *of_names(after)]
        else:
            found += value
    return found


def _from_environment(options: Options) -> list[Shown] | None:
    text = os.environ.get("PS_FORMAT")
    if not text or options.bsd or options.has("jobs"):
        return None
    try:
        return parse_format(text)
    except UsageError as error:
        from sysutils.cli.output.stream import write_error

        write_error(f"warning: $PS_FORMAT ignored. ({error.message})\n")
        return None


# --- order


class Key(NamedTuple):
    """One field to sort by."""

    field: Field
    reverse: bool


_SHORT_KEYS = {
    "C": "pcpu", "G": "tpgid", "J": "cstime", "K": "stime", "M": "maj_flt", "N": "cmaj_flt", "P": "ppid",
    "R": "resident", "S": "share", "T": "start_time", "U": "uid", "c": "cmd", "f": "flags", "g": "pgrp",
    "j": "cutime", "k": "utime", "m": "min_flt", "n": "cmin_flt", "o": "session", "p": "pid", "r": "rss",
    "s": "size", "t": "tty", "u": "user", "v": "vsize", "y": "priority",
}  # fmt: skip


def parse_sort(text: str) -> list[Key]:
    """``-%cpu,pid``. Raises UsageError."""
    from sysutils.cli.ps_format import split_list

    keys = []
    for entry in split_list(text, "sort"):
        name = entry[1:] if entry[0] in "+-" else entry
        if name not in FIELDS:
            raise UsageError("unknown sort specifier")
        keys.append(Key(FIELDS[name], entry[0] == "-"))
    return keys


def parse_preloaded(text: str) -> tuple[str, Any]:
    """The value of O: ``("preloaded", columns)`` or ``("sort", keys)``."""
    try:
        return "preloaded", parse_format(text)
    except UsageError:
        if not all(letter in _SHORT_KEYS or letter in "+-" for letter in text):
            raise UsageError("bad sorting code") from None
    keys = []
    reverse = False
    for letter in text:
        if letter in "+-":
            reverse = letter == "-"
            continue
        keys.append(Key(FIELDS[_SHORT_KEYS[letter]], reverse))
        reverse = False
    return "sort", keys
