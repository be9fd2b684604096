"""Parts of ps by themselves: layout, texts, trees, columns, words, times."""

from __future__ import annotations

import itertools
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils.cli.fields import process_text
from sysutils.cli.fields.process import Moment
from sysutils.cli.fields.process_ids import container, numeric
from sysutils.cli.fields.process_table import FIELDS
from sysutils.cli.fields.process_times import clock, elapsed, minutes
from sysutils.cli.fields.process_tree import forest
from sysutils.cli.grammar import UsageError
from sysutils.cli.ps_format import MACROS, Modifiers, modified, parse_format, system_v
from sysutils.cli.ps_request import parse_overloaded, parse_sort

# --- times


@pytest.mark.parametrize(
    ("seconds", "texts"),
    [
        (0, ("00:00:00", "  0:00", "00:00")),
        (59, ("00:00:59", "  0:59", "00:59")),
        (3599, ("00:59:59", " 59:59", "59:59")),
        (3600, ("01:00:00", " 60:00", "01:00:00")),
        (86399, ("23:59:59", "1439:59", "23:59:59")),
        (86400, ("1-00:00:00", "1440:00", "1-00:00:00")),
        (99 * 86400 + 61, ("99-00:01:01", "142561:01", "99-00:01:01")),
    ],
)
def test_spans(seconds: int, texts: tuple[str, str, str]) -> None:
    assert (clock(seconds), minutes(seconds).rjust(6), elapsed(seconds)) == texts


def moment(**facts: Any) -> Moment:
    made = Moment()
    made.__dict__.update(facts)
    return made


def text_of(name: str, at: Moment, room: int = 99, **facts: Any) -> str:
    return str(FIELDS[name].text(at, room)(SimpleNamespace(**facts)))


@pytest.mark.parametrize(
    ("used", "passed", "pcpu", "c", "cp", "cuu"),
    [
        (0, 100, "0.0", " 0", "  0", "0.000"),
        (127, 3586, "3.5", " 3", " 35", "3.542"),
        (93, 78, "119", "99", "999", "99.999"),
        (50, 100, "50.0", "50", "500", "50.000"),
        (999, 1000, "99.9", "99", "999", "99.999"),
        (1, 0, "0.0", " 0", "  0", "0.000"),
        (5, -20, "0.0", " 0", "  0", "0.000"),
        (473593601, 1, "114719844", "99", "999", "99.999"),  # 32 bits
        (232204326, 531360014, "43.7", "43", "437", "43.700"),  # a tick is lost on the way
        (232204325, 531360014, "43.6", "43", "436", "43.700"),
    ],
)
def test_shares_of_the_cpu(used: int, passed: int, pcpu: str, c: str, cp: str, cuu: str) -> None:
    at = moment(uptime=10**10)
    facts = {"utime": used, "stime": 0, "starttime": 10**10 - passed}
    assert [text_of(name, at, **facts) for name in ("pcpu", "c", "cp", "cuu")] == [pcpu, c, cp, cuu]


@pytest.mark.parametrize(
    ("resident", "total", "text"),
    [
        (0, 100, " 0.0"),
        (1, 1000, " 0.1"),
        (999, 1000, "99.9"),
        (5000, 1000, "99.9"),
        (12345, 98765, "12.4"),
    ],
)
def test_shares_of_memory(resident: int, total: int, text: str) -> None:
    assert text_of("pmem", moment(memory=total << 10), vmrss=resident << 10) == text


DAY = 86400
NEW_YEAR = 1704067200  # 2024-01-01 00:00:00 UTC


@pytest.mark.parametrize(
    ("since", "now", "start_time", "start", "bsdstart"),
    [
        (NEW_YEAR, NEW_YEAR, "00:00", "00:00:00", " 00:00"),
        (NEW_YEAR, NEW_YEAR + DAY - 1, "00:00", "00:00:00", " 00:00"),
        (NEW_YEAR, NEW_YEAR + DAY, "Jan01", "  Jan 01", "Jan  1"),
        (NEW_YEAR - 1, NEW_YEAR, "2023", "23:59:59", " 23:59"),
        (NEW_YEAR + 40 * DAY + 3661, NEW_YEAR + 90 * DAY, "Feb10", "  Feb 10", "Feb 10"),
        (NEW_YEAR + 5, NEW_YEAR, "00:00", "00:00:05", " 00:00"),
    ],
)
def test_starts(
    since: int,
    now: int,
    start_time: str,
    start: str,
    bsdstart: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import time

    monkeypatch.setenv("TZ", "UTC0")
    time.tzset()
    at = moment(now=float(now), boot_time=since, ticks=100)
    names = ("start_time", "start", "bsdstart")
    assert [text_of(name, at, starttime=99) for name in names] == [start_time, start, bsdstart]
    assert FIELDS["lstart"].value(at)(SimpleNamespace(starttime=99)) == since + 0.99


def test_a_start_in_the_future_is_what_unsigned_numbers_make_of_it() -> None:
    at = moment(uptime=12345678)
    assert text_of("etimes", at, starttime=12345700) == "4123168608"
    assert FIELDS["etime"].value(at)(SimpleNamespace(starttime=12345700)) == 0


# --- other fields


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "S"), ({"nice": -1}, "S<"), ({"nice": 5}, "SN"), ({"vmlck": 4096}, "SL"), ({"session": 9}, "Ss"),
        ({"num_threads": 2}, "Sl"), ({"tpgid": 8}, "S+"), ({"state": "Z", "vmlck": None}, "Z"),
        ({"nice": -5, "vmlck": 1, "session": 9, "num_threads": 3, "tpgid": 8}, "S<Lsl+"),
    ],
)  # fmt: skip
def test_state(changes: dict[str, Any], text: str) -> None:
    calm = {
        "state": "S",
        "nice": 0,
        "vmlck": 0,
        "session": 1,
        "tgid": 9,
        "num_threads": 1,
        "tpgid": -1,
        "pgrp": 8,
    }
    assert text_of("stat", moment(), **{**calm, **changes}) == text


@pytest.mark.parametrize(
    ("args", "state", "text"),
    [
        ("a b", "S", "a b"), ("", "S", "?"), (None, "S", "[c?]"), (None, "Z", "[c?] <defunct>"),
        ("a\nb\tc", "S", "a b?c"), ("x", "Z", "x <defunct>"),
    ],
)  # fmt: skip
def test_arguments(
    args: str | None, state: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_text, "_utf8", lambda: True)
    assert text_of("args", moment(), args=args, state=state, comm="c\x1b") == text


@pytest.mark.parametrize(
    ("wchan", "text"), [(None, "?"), ("", "-"), ("do_wait", "do_wai"), ("__x.y", "x.y")]
)
def test_wait_channel(wchan: str | None, text: str) -> None:
    assert text_of("wchan", moment(), 6, wchan=wchan) == text


@pytest.mark.parametrize(
    ("mask", "room", "text"),
    [
        (0, 16, "0" * 16),
        (1 << 63, 16, "8" + "0" * 15),
        (0x1000004EC, 9, "<000004ec"),
        (0x4EC, 9, "000004ec"),
    ],
)
def test_masks(mask: int, room: int, text: str) -> None:
    assert text_of("pending", moment(), room, shdpnd=mask) == text


def test_ids_in_place_of_names() -> None:
    field = numeric(FIELDS["user"])
    assert (field.header, field.width) == ("USER", 8)
    assert field.text(moment(), 8)(SimpleNamespace(euid=(1 << 32) - 1)) == "4294967295"
    assert FIELDS["uid"].text(moment(), 8)(SimpleNamespace(euid=(1 << 32) - 1)) == "-1"


@pytest.mark.parametrize(
    ("lines", "name"),
    [(["0::/"], None), (["0::/lxc/one/x"], "one"), (["1:cpu:/", "0::/lxc.payload.two/y"], "two")],
)
def test_containers(lines: list[str], name: str | None) -> None:
    assert container(lines) == name


def test_every_field_has_what_a_column_needs() -> None:
    at = moment(now=0.0, uptime=0, boot_time=0, memory=1 << 20)
    for name, field in FIELDS.items():
        column = field.column(at)
        assert column.header
        assert column.width > 0
        assert callable(field.text(at, 8))
        assert callable(field.key(at))
        assert field.known == bool(column.help), name


# --- trees


def process(tgid: int, ppid: int) -> SimpleNamespace:
    return SimpleNamespace(tgid=tgid, ppid=ppid)


def drawn(rows: list[SimpleNamespace], lines: bool = True) -> list[str]:
    ordered, prefixes = forest(rows, lines)
    return [f"{prefixes[row.tgid]}{row.tgid}" for row in ordered]


def test_lines_of_a_tree() -> None:
    rows = [process(*pair) for pair in ((2, 0), (3, 2), (5, 3), (6, 3), (4, 2), (7, 4))]
    assert drawn(rows) == ["2", " \\_ 3", " |   \\_ 5", " |   \\_ 6", " \\_ 4", "     \\_ 7"]
    assert drawn(rows, lines=False) == ["2", "  3", "    5", "    6", "  4", "    7"]


def test_children_of_init_have_no_lines() -> None:
    rows = [process(*pair) for pair in ((1, 0), (8, 1), (9, 8))]
    assert drawn(rows) == ["1", "8", " \\_ 9"]
    assert drawn(rows, lines=False) == ["1", "  8", "    9"]


def test_roots_come_from_the_last() -> None:
    assert drawn([process(3, 0), process(4, 77), process(5, 3), process(6, 77)]) == [
        "6",
        "4",
        "3",
        " \\_ 5",
    ]


@given(st.lists(st.integers(0, 20), min_size=1, max_size=20))
def test_a_tree_keeps_every_process(parents: list[int]) -> None:
    rows = [process(number, parent) for number, parent in enumerate(parents, 1)]
    ordered, prefixes = forest(rows)
    cyclic = set()
    for row in rows:  # a live system has no cycles; whoever is in one has no root
        seen, at = set(), row.tgid
        while 1 <= at <= len(rows) and at not in seen and parents[at - 1] != at:
            seen.add(at)
            at = parents[at - 1]
        if at in seen:
            cyclic.add(row.tgid)
    assert sorted(row.tgid for row in ordered) == [
        row.tgid for row in rows if row.tgid not in cyclic
    ]
    assert len(prefixes) == len(ordered)


# --- columns


def names(text: str) -> list[tuple[str, str, int]]:
    return [(column.spelled, column.header, column.width) for column in parse_format(text)]


def test_own_columns() -> None:
    assert names("pid,user:20=WHO comm=") == [
        ("pid", "PID", 0),
        ("user", "WHO", 20),
        ("comm", "", 0),
    ]
    assert names("pid=X,comm=Y=Z") == [("pid", "X", 0), ("comm", "Y=Z", 0)]
    assert [name for name, *_ in names("pid,DefSysV")] == ["pid", "pid", "tname", "time", "cmd"]


@given(st.lists(st.sampled_from(sorted(FIELDS)), min_size=1, max_size=5), st.sampled_from(", \t"))
def test_every_name_is_a_column(chosen: list[str], separator: str) -> None:
    assert [name for name, *_ in names(separator.join(chosen))] == chosen


def _parsed(parse: Any, text: str) -> Any:
    """What is made of a value, or what is said against it."""
    try:
        return parse(text)
    except UsageError as error:
        return error.message


@given(st.text(max_size=30))
def test_any_format_is_columns_or_a_usage_error(text: str) -> None:
    assert _parsed(parse_format, text)


@given(st.text(max_size=20))
def test_any_order_is_keys_or_a_usage_error(text: str) -> None:
    assert _parsed(parse_sort, text)
    for formatted, ordered in itertools.product([False, True], repeat=2):
        assert _parsed(lambda text: parse_overloaded(text, formatted, ordered), text)  # noqa: B023


def test_literals_of_aix_formats() -> None:
    found = parse_format("x  %p %c")
    assert [(c.header, c.joint) for c in found] == [
        ("x  ", True), ("PID", False), (" ", True), ("COMMAND", False), ("", True),
    ]  # fmt: skip


def test_ready_made_lists_are_known_columns() -> None:
    for names_of in MACROS.values():
        assert set(names_of.split(",")) <= set(FIELDS)


@pytest.mark.parametrize(
    ("macro", "options", "expected"),
    [
        (
            "Std_f",
            {"full": True, "jobs": True},
            "uid_hack pid ppid pgid sid c stime tname time cmd",
        ),
        (
            "Std_f",
            {"full": True, "threads": "L"},
            "uid_hack pid ppid lwp c nlwp stime tname time cmd",
        ),
        ("Std_f", {"full": True, "threads": "T"}, "uid_hack pid spid ppid c stime tname time cmd"),
        ("Std_f", {"full": True, "bsd": True}, "uid_hack pid ppid c stime tname stat bsdtime cmd"),
        (
            "Std_f",
            {"full": True, "scheduling": True},
            "uid_hack pid ppid class pri stime tname time cmd",
        ),
        ("Std_f", {"extra_full": True}, "uid_hack pid ppid c sz rss psr stime tname time cmd"),
        ("DefSysV", {"label": True, "processor": True}, "label pid psr tname time cmd"),
        ("Std_l", {"no_flags": True}, "s uid pid ppid c opri ni rss sz wchan tname time ucmd"),
    ],
)
def test_options_that_change_a_list(macro: str, options: dict[str, Any], expected: str) -> None:
    assert system_v(MACROS[macro].split(","), Modifiers(**options)) == expected.split()


def test_modifiers_leave_what_they_do_not_know() -> None:
    for flags in itertools.product([False, True], repeat=3):
        options = Modifiers(jobs=flags[0], label=flags[1], processor=flags[2])
        assert {"user", "args"} <= set(modified(MACROS["OL_u"].split(","), options))
