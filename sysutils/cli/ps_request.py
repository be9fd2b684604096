"""What a line of ps(1) asks for: the words as read become a selection, columns, an order, a width."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from sysutils import core
from sysutils.cli.fields import process_selection as select
from sysutils.cli.fields.process import Field
from sysutils.cli.fields.process_selection import Test
from sysutils.cli.fields.process_table import FIELDS
from sysutils.cli.grammar import CommandError, UsageError
from sysutils.cli.ps_format import (
    MACROS,
    Modifiers,
    Shown,
    modified,
    of_names,
    parse_format,
    system_v,
)
from sysutils.cli.ps_personality import Personality, personality

#: options that ask for no list of processes
EXCLUSIVE = ("version", "list_fields", "info")
_AFTER_PRELOADED = {"preloaded": "END_SYS5", "bsd_preloaded": "END_BSD"}
FORMATS = {"format", *_AFTER_PRELOADED}
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

    def last_of(self, *names: str) -> str | None:
        """Which of these was given last."""
        return next((name for name, _ in reversed(self.given) if name in names), None)

    def no_heading(self) -> bool:
        """Whether there is to be no heading."""
        return self.has("no_headers") or (
            self.has("bsd_h") and not self.personality.repeats_heading
        )

    def repeated_heading(self) -> bool:
        """Whether each page is to have the heading."""
        return self.has("headers") or (self.has("bsd_h") and self.personality.repeats_heading)


# --- threads


class Threads(NamedTuple):
    """How threads are shown: ``as_rows`` in place of processes, ``after`` their process, or not."""

    as_rows: bool = False
    after: bool = False
    #: "L" or "T": the column that -L or -T adds
    column: str = ""


#: threads after their process
_AFTER = ("bsd_m", "capital_m", "unix_m")


def threads(options: Options) -> Threads:
    """-L, -T, -m, m, H. Raises UsageError for those that exclude one another."""
    has = options.has
    if has("forest", "hierarchy") and has("threads", "threads_spid", "bsd_threads", *_AFTER):
        raise UsageError("thread display conflicts with forest display")
    if has("threads") and has("threads_spid"):
        raise UsageError("thread flags conflict; can't use both -L and -T")
    if has("bsd_m", "capital_m") and has("unix_m"):
        raise UsageError("thread flags conflict; can't use both m and -m")
    if has("bsd_threads") and has(*_AFTER):
        raise UsageError("thread flags conflict; can't use H with m or -m")
    column = "L" if has("threads") else "T" if has("threads_spid") else ""
    after = has(*_AFTER)
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
        test = select.none_of(test)
        only_pids = False
    hidden = os.environ.get("LIBPROC_HIDE_KERNEL") is not None
    if only_pids and not options.has("running") and not hidden:
        return Selection(None, [pid for values in options.values("pids") for pid in values])
    if hidden:
        test = select.all_of([test, select.NO_KERNEL_THREAD])
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
    error.hint = f"{message}\n"
    return error


def _lists(options: Options) -> list[Test]:
    tests = []
    for name, make in _LISTS.items():
        values = [value for values in options.values(name) for value in values]
        if values:
            tests.append(make(values))
    if options.has("this_tty") or () in options.values("bsd_ttys"):
        tests.append(_on_this_terminal())
    for fact, values in options.values("session_or_group"):
        tests.append(select.one_of(fact, values))
    return tests


def _own_terminal() -> int:
    for row in core.process_table(["tty_nr"], [os.getpid()]):
        return int(row.tty_nr or 0)
    return 0


def _on_this_terminal() -> Test:
    if not core.LINUX and not core.has_fact("tty_nr"):
        return select.EVERY  # the system does not tell of terminals
    return select.one_of("tty_nr", [_own_terminal()])


def _mine() -> Test:
    if sys.platform != "win32" and (core.LINUX or core.has_fact("euid")):
        return select.one_of("euid", [os.geteuid()])
    return select.one_of("username", [core.Process().username()])


def _simple(options: Options, listed: bool) -> Test | None:
    """-e, -a, -d, a, x and what holds where nothing is said; None where only lists are."""
    has = options.has
    if has("unix_a", "unix_d") and has("bsd_a", "bsd_x", "bsd_g"):
        raise UsageError("process selection options conflict")
    hides = options.personality.hides_leaders and not has("bsd_g")
    leaders = [select.LEADS_NO_SESSION] if hides else []
    if has("everything"):
        return select.EVERY
    if has("bsd_a") and has("bsd_x"):
        return leaders[0] if leaders else select.EVERY
    if has("unix_a") and has("unix_d"):
        return select.any_of([select.HAS_TERMINAL, select.LEADS_NO_SESSION])
    if has("unix_d"):
        return select.LEADS_NO_SESSION
    if has("unix_a"):
        return select.all_of([select.HAS_TERMINAL, select.LEADS_NO_SESSION])
    if has("bsd_a"):
        return select.all_of([select.HAS_TERMINAL, *leaders])
    if has("bsd_x"):
        return select.all_of([_mine(), *leaders]) if leaders else _mine()
    if listed:
        return None
    if options.bsd or options.personality.bsd_selection:
        return select.all_of([_mine(), select.HAS_TERMINAL, *leaders])
    return select.all_of([_mine(), _on_this_terminal()])


# --- columns


def columns(options: Options, shape: Threads) -> list[Shown]:
    """The columns asked for. Raises UsageError for lists that exclude one another."""
    own = [(name, value) for name, value in options.given if name in FORMATS]
    bsd = [name for name in ("bsd_user", "bsd_jobs", "bsd_long", "signals", "virtual", "registers",
                        "memory")
           if options.has(name)]  # fmt: skip
    full = options.has("full", "extra_full")
    long = options.has("long")
    context = options.has("context")
    modifiers = _modifiers(options, shape)
    if len(bsd) > 1 or sum(map(bool, (bsd, full or long, own, context))) > 1:
        raise UsageError("conflicting format options")
    if modifiers.no_flags and not (long or bsd or context):
        _refuse_no_flags(own)
    if own:
        return _own_columns(options, own, shape)
    personality = options.personality
    if bsd:
        return of_names(",".join(modified(personality.bsd_list(bsd[0]), modifiers)))
    if context:
        return of_names(",".join(modified(MACROS["FLASK_context"].split(","), modifiers)))
    if not (full or long) and (preset := _from_environment(options)):
        return preset
    names, replaced = personality.unix_list(full, long, options.has("jobs"), options.bsd)
    if replaced:
        modifiers = modifiers._replace(own=True, jobs=False)
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
        label=has("label", "bsd_label"),
        threads=shape.column,
        bsd=options.bsd or options.personality.bsd_times,
    )


def _own_columns(options: Options, own: Sequence[tuple[str, Any]], shape: Threads) -> list[Shown]:
    if options.has("jobs", "no_flags", "processor", "scheduling", "label", "bsd_label"):
        raise UsageError("can not use output modifiers with user-defined output")
    if shape.column and (shape.after or options.has("bsd_threads")):
        raise UsageError("-L/-T with H/m/-m and -o/-O/o/O is nonsense")
    found: list[Shown] = []
    for name, value in own:
        after = _AFTER_PRELOADED.get(name)
        found += value if after is None else [*of_names("pid"), *value, *of_names(MACROS[after])]
    return found


def _from_environment(options: Options) -> list[Shown] | None:
    text = os.environ.get("PS_FORMAT")
    if not text or options.has("jobs", "processor", "scheduling", "label", "bsd_label"):
        return None
    try:
        return parse_format(text)
    except UsageError as error:
        from sysutils.cli.output.stream import write_error

        write_error(f"warning: $PS_FORMAT ignored. ({error.message})\n")
        return None


# --- all together


class Request(NamedTuple):
    """What a line asks for, except which processes."""

    options: Options
    threads: Threads
    columns: list[Shown]

    @classmethod
    def of(cls, given: Given, bsd: bool, again: bool = False) -> "Request":
        """``again``: UNIX options were read as BSD's. Raises UsageError for options that exclude one
        another."""
        like = personality()
        if again or like.old_m:
            given = [("memory" if name == "bsd_m" else name, value) for name, value in given]
        elif like.m_sorts:
            given = [("sort", "rss") if name == "bsd_m" else (name, value) for name, value in given]
        if like.unix_x == "y":
            given = [("no_flags" if name == "unix_x" else name, value) for name, value in given]
        options = Options(given, bsd, like)
        if sum(options.count(name) for name in ("headers", "no_headers", "bsd_h")) > 1:
            raise UsageError("only one heading option may be specified")
        if options.names & set(EXCLUSIVE):
            return cls(options, Threads(), [])
        shape = threads(options)
        options = Options(list(_settled(given)), bsd, options.personality)
        return cls(options, shape, columns(options, shape))


def _settled(given: Given) -> Iterator[tuple[str, Any]]:
    """With formats and orders parsed, once all words are known. Raises UsageError."""
    seen: set[str] = set()
    for name, value in given:
        found = (name, value)
        if name == "overloaded":
            found = parse_overloaded(value, bool(seen & FORMATS), "sort" in seen)
        elif name == "sort":
            if name in seen:
                raise UsageError("multiple sort options")
            found = (name, parse_sort(value))
        elif name in FORMATS:
            if name == "preloaded" and seen & FORMATS:
                raise UsageError("option -O can not follow other format options")
            found = (name, parse_format(value))
        seen.add(found[0])
        yield found


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


def parse_overloaded(text: str, formatted: bool, ordered: bool) -> tuple[str, Any]:
    """The value of BSD's O, ``("bsd_preloaded", columns)`` or ``("sort", keys)``, after other formats
    and orders. Raises UsageError."""
    if not formatted:
        try:
            return "bsd_preloaded", parse_format(text)
        except UsageError:
            if ordered:
                raise UsageError("multiple sort options") from None
    keys = None if ordered else _short_keys(text)
    if keys is None:
        raise UsageError(
            "option O is neither first format nor sort order" if formatted else "bad sorting code"
        )
    return "sort", keys


def _short_keys(text: str) -> list[Key] | None:
    """``u-r``; a letter after another counts only with a sign, as in the classic."""
    letters = text.replace("+", "").replace("-", "")
    if len(set(letters)) < len(letters) or not _SHORT_KEYS.keys() >= set(letters):
        return None
    return [
        Key(FIELDS[_SHORT_KEYS[letter]], sign[-1:] == "-")
        for number, (sign, letter) in enumerate(re.findall(r"([+-]*)(\w)", text))
        if sign or not number
    ]
