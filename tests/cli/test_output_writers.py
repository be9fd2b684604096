"""The writers: columns and rows in, JSON, CSV, rich tables out; what others wrote does no harm there."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sysutils.cli.output import as_csv, as_json, as_rich, bars
from sysutils.cli.output import text as text_module
from sysutils.cli.output.column import Column, by_name, needs, text_of
from sysutils.cli.output.emit import emit
from sysutils.cli.output.palette import Palette
from sysutils.cli.output.stream import Stream, WriteError, write_error
from sysutils.cli.output.text import cells as cells_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


class Row(NamedTuple):
    pid: Any = 1
    user: Any = "root"
    name: Any = "init"


PID = Column("pid", "PID", lambda row: row.pid, right=True, needs=("pid",), rank=1, aliases=("p",))
USER = Column("user", "USER", lambda row: row.user, needs=("euid", "pid"), rank=8)
NAME = Column("name", "COMMAND", lambda row: row.name, needs=("comm",), rank=0)
COLUMNS = (PID, USER, NAME)

HOSTILE = [
    "\x1b[2J\x1b]0;owned\x07", "a\nb\tc\rd", "\x9b31m", "\x7f\x00", "\u202egnp.exe", "\u2066x\u2069\u200f",
    "日本語コマンド", "e\u0301te\u0301", "👩\u200d👩\u200d👧", "\udcff\udc80bytes", "", "‰" * 40,
    "\u2028line\u2029paragraph", "x" * 300, "\U000e0041", "\ufeffbom",
]  # fmt: skip

any_text = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=20),
    st.binary(max_size=20).map(os.fsdecode),
)


class Kept(Stream):
    """A stream whose bytes can be looked at."""

    def __init__(self, terminal: bool = False) -> None:
        self.read, self.writing = os.pipe()
        super().__init__(self.writing)
        self.terminal = terminal
        self.data = b""

    def isatty(self) -> bool:
        return self.terminal

    def flush(self) -> None:
        self.data += "".join(self._parts).encode("utf-8", "surrogateescape")
        self._parts.clear()
        self._length = 0

    def close(self) -> bytes:
        os.close(self.read)
        os.close(self.writing)
        return self.data


def written(writer: Any, rows: Iterable[Any], columns: Any = COLUMNS, **settings: Any) -> bytes:
    out = Kept(**settings)
    try:
        writer(columns, rows, out)
    finally:
        data = out.close()
    return data


# --- columns


def test_what_columns_need_is_asked_for_once() -> None:
    assert needs(COLUMNS) == ["pid", "euid", "comm"]


def test_columns_are_found_by_name_and_by_alias() -> None:
    assert by_name(COLUMNS) == {"pid": PID, "p": PID, "user": USER, "name": NAME}


def test_nothing_is_a_dash() -> None:
    assert text_of(PID, Row(pid=None)) == "-"
    assert text_of(PID, Row(pid=0)) == "0"


# --- JSON


def test_json_is_one_array_an_object_a_line() -> None:
    data = written(as_json.write_array, [Row(), Row(2, None, ["a", "b"])])
    assert data == (
        b'[\n{"pid": 1, "user": "root", "name": "init"},\n'
        b'{"pid": 2, "user": null, "name": ["a", "b"]}\n]\n'
    )
    assert written(as_json.write_array, []) == b"[]\n"


def test_jsonl_is_an_object_a_line() -> None:
    data = written(as_json.write_lines, [Row(), Row(2)])
    assert [json.loads(line)["pid"] for line in data.splitlines()] == [1, 2]
    assert written(as_json.write_lines, []) == b""


@given(st.lists(any_text, max_size=5))
def test_every_byte_comes_back_from_json(names: list[str]) -> None:
    rows = [Row(name=name) for name in names]
    for writer in (as_json.write_array, as_json.write_lines):
        text = written(writer, rows).decode("utf-8")  # valid UTF-8, whatever the names are
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
        found = json.loads(text) if writer is as_json.write_array else [
            json.loads(line) for line in text.split("\n") if line
        ]  # fmt: skip
        assert [os.fsencode(row["name"]) for row in found if _bytes(row["name"])] == [
            os.fsencode(name) for name in names if _bytes(name)
        ]
        assert [row["name"] for row in found] == names


def _bytes(text: str) -> bool:
    """Whether it could come from the system: surrogates only as escapes of bytes."""
    return not re.search("[\ud800-\udc7f\udd00-\udfff]", text)


def test_readable_text_stays_readable_in_json() -> None:
    assert as_json.dumps("Zürich 日本") == '"Zürich 日本"'


# --- CSV


def test_csv_is_a_heading_and_raw_values() -> None:
    data = written(as_csv.write, [Row(), Row(None, True, [1, 2]), Row(1.5, "", "x")])
    assert data == b"pid,user,name\n1,root,init\n,true,1 2\n1.5,,x\n"
    assert written(as_csv.write, []) == b"pid,user,name\n"


@given(st.lists(any_text, max_size=5))
def test_every_byte_comes_back_from_csv(names: list[str]) -> None:
    names = [name.replace("\0", "") for name in names if _bytes(name)]
    data = written(as_csv.write, [Row(name=name) for name in names])
    text = data.decode("utf-8", "surrogateescape")
    found = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["name"] for row in found] == names


def test_csv_does_a_terminal_no_harm() -> None:
    data = written(as_csv.write, [Row(name=name) for name in HOSTILE], terminal=True)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", data.decode())


# --- rich tables


@pytest.fixture(autouse=True)
def _utf8(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the locale that the tests run in."""
    monkeypatch.setattr(text_module, "utf8_locale", lambda: True)


def table(
    rows: Iterable[Any], columns: Any = COLUMNS, width: int = 80, env: dict[str, str] | None = None
) -> str:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "LINES"):
            patch.delenv(name, raising=False)
        for name, value in {"COLUMNS": str(width), "TERM": "xterm-256color", **(env or {})}.items():
            patch.setenv(name, value)
        return written(as_rich.write, rows, columns).decode("utf-8", "surrogateescape")


def screen(text: str, width: int = 80, height: int = 60) -> list[str]:
    """What a terminal shows of it, without blanks at the ends of lines."""
    shown = pyte.Screen(width, height)
    pyte.Stream(shown).feed(text.replace("\n", "\r\n"))
    lines = [line.rstrip() for line in shown.display]
    while lines and not lines[-1]:
        lines.pop()
    return lines


STYLES = re.compile("\x1b\\[[0-9;]*m")
RED, CYAN = (Palette("both").start(name) for name in ("red", "cyan"))


def test_a_table_has_widths_of_its_contents_and_numbers_right() -> None:
    text = table([Row(1, "root", "init"), Row(12345, "averylongname", "x")])
    assert screen(text) == [
        "  PID  USER           COMMAND",
        "    1  root           init",
        "12345  averylongname  x",
    ]


def test_an_empty_table_is_its_heading() -> None:
    assert screen(table([])) == ["PID  USER  COMMAND"]


def test_styles_by_name_and_by_value() -> None:
    columns = (
        PID._replace(style="cyan"),
        NAME._replace(style=lambda name: "red" if name == "bad" else ""),
    )
    text = table([Row(1, "", "bad"), Row(2, "", "good"), Row(3, "", None)], columns)
    lines = text.splitlines()
    assert lines[1].count(RED) == 1
    assert CYAN in lines[1]
    assert RED not in lines[2] + lines[3]


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"NO_COLOR": ""}])
def test_no_colour_where_it_is_not_wanted(env: dict[str, str]) -> None:
    columns = (PID._replace(style="cyan"), NAME)
    assert CYAN not in table([Row()], columns, env=env)


def test_a_narrow_terminal_loses_the_columns_of_highest_rank_first() -> None:
    rows = [Row(1, "somebody", "a-command-of-some-length")]
    assert screen(table(rows, width=30), 30) == [
        "PID  USER      COMMAND",
        "  1  somebody  a-command-of-s…",
    ]
    assert screen(table(rows, width=20), 20) == ["PID  COMMAND", "  1  a-command-of-s…"]
    assert screen(table(rows, width=8), 8) == ["COMMAND", "a-comma…"]


def test_wide_texts_are_cut_before_a_column_is_lost() -> None:
    columns = (
        USER._replace(name="from"),
        USER._replace(name="to", header="TO", get=lambda row: row.name),
        PID,
    )
    (heading, line) = screen(table([Row(7, "a" * 40, "b" * 30)], columns, width=60), 60)
    assert heading.split() == ["USER", "TO", "PID"]
    assert line == f"{'a' * 26}…  {'b' * 25}…    7"
    (heading, line) = screen(table([Row(7, "a" * 40, "b" * 30)], columns, width=40), 40)
    assert heading.split() == ["USER", "PID"]
    assert line == f"{'a' * 34}…    7"
    equal = [column._replace(rank=5) for column in columns]  # none is to leave soon
    (heading, line) = screen(table([Row(7, "a" * 40, "b" * 30)], equal, width=40), 40)
    assert heading.split() == ["USER", "TO", "PID"]
    assert line == f"{'a' * 16}…  {'b' * 15}…    7"


def test_a_whole_text_is_not_cut() -> None:
    columns = (
        USER._replace(name="from", whole=True),
        USER._replace(name="to", header="TO", get=lambda row: row.name),
        PID,
    )
    (heading, line) = screen(table([Row(7, "a" * 30, "b" * 40)], columns, width=60), 60)
    assert heading.split() == ["USER", "TO", "PID"]
    assert line == f"{'a' * 30}  {'b' * 22}…    7"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(any_text, any_text), min_size=1, max_size=6), st.integers(0, 90))
def test_no_width_and_no_text_breaks_a_table(cells: list[tuple[str, str]], width: int) -> None:
    rows = [Row(number, user, name) for number, (user, name) in enumerate(cells)]
    text = STYLES.sub("", table(rows, width=width))
    assert text.count("\n") == len(rows) + 1
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\udc80-\udcff]", text
    )
    wide = width or 80
    assert all(cells_of(line) <= max(wide, 8) for line in text.splitlines())


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_in_their_cells(name: str) -> None:
    """What is right of the name stands where it stands in every other line."""
    rows = [Row(11, name, "RIGHT"), Row(22, "plain", "RIGHT")]
    columns = (PID, USER, NAME._replace(right=True))
    text = STYLES.sub("", table(rows, columns, width=400))
    ends = {cells_of(line) for line in text.splitlines()}
    assert len(ends) == 1
    assert all(line.endswith("RIGHT") for line in text.splitlines()[1:])


def test_wide_characters_take_two_places() -> None:
    lines = screen(table([Row(1, "日本", "x"), Row(2, "ab", "y")]))
    assert lines[1].replace(" ", "").endswith("x")
    assert cells_of("  1  日本  ") == cells_of("  2  ab    ")


# --- emit and streams


def _plain(columns: Any, rows: Iterable[Any], out: Stream) -> None:
    for row in rows:
        out.write(f"plain {row.pid}\n")


@pytest.mark.parametrize(
    ("mode", "start"),
    [("plain", b"plain 1\n"), ("json", b"[\n{"), ("jsonl", b"{"), ("csv", b"pid,")],
)
def test_emit_picks_the_writer(mode: str, start: bytes) -> None:
    out = Kept()
    emit(mode, COLUMNS, [Row()], _plain, stream=out)
    assert out.close().startswith(start)


def test_emit_takes_a_command_s_own_view(monkeypatch: pytest.MonkeyPatch) -> None:
    out = Kept()
    emit("rich", COLUMNS, [Row()], _plain, stream=out, rich=lambda c, r, o: o.write("own view"))
    assert out.close() == b"own view"
    monkeypatch.setenv("NO_COLOR", "1")
    out = Kept()
    emit("rich", COLUMNS, [Row()], _plain, stream=out)
    assert b"COMMAND" in out.close()


@pytest.mark.parametrize("writer", [as_json.write_array, as_json.write_lines, as_csv.write, _plain])
def test_rows_are_written_before_the_last_one_is_known(writer: Any, tmp_path: Path) -> None:
    target = tmp_path / "out"
    with open(target, "wb") as file:

        def rows() -> Iterator[Row]:
            for number in range(9000):
                yield Row(number, "somebody", "some name")
            assert target.stat().st_size > 1 << 14

        writer(COLUMNS, rows(), Stream(file.fileno()))


def test_a_stream_writes_bytes_whole_and_in_order(tmp_path: Path) -> None:
    target = tmp_path / "out"
    parts = ["é\udcff", "x" * 70000, "\udc80" * 70000, "end"]
    with open(target, "wb") as file:
        out = Stream(file.fileno())
        for part in parts:
            out.write(part)
        out.flush()
    assert target.read_bytes() == b"".join(
        part.encode("utf-8", "surrogateescape") for part in parts
    )


def test_a_slow_reader_gets_everything() -> None:
    """A pipe takes less than is written at once; the rest follows."""
    reading, writing = os.pipe()
    pid = os.fork() if hasattr(os, "fork") else pytest.skip("no fork here")
    if not pid:
        os.close(reading)
        out = Stream(writing)
        for _ in range(200):
            out.write("0123456789" * 1000)
        out.flush()
        os._exit(0)
    os.close(writing)
    total = 0
    while data := os.read(reading, 1000):
        total += len(data)
    os.close(reading)
    os.waitpid(pid, 0)
    assert total == 2_000_000


def test_a_failing_write_is_a_write_error() -> None:
    out = Stream(1 << 20)  # no such descriptor
    out.write("text")
    with pytest.raises(WriteError, match="Bad file descriptor"):
        out.flush()
    out.flush()  # and is told once


def test_errors_go_to_standard_error_as_bytes(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    write_error("no \udcff\n")
    assert capfdbinary.readouterr().err == b"no \xff\n"


# --- bars


@given(st.lists(st.floats(0, 1), min_size=1, max_size=4), st.integers(1, 60))
def test_a_gauge_is_as_wide_as_it_is_asked_to_be(shares: list[float], width: int) -> None:
    parts = bars.gauge(tuple((share, f"s{place}") for place, share in enumerate(shares)), width)
    assert sum(cells_of(text) for text, _ in parts) == width
    assert parts[-1][1] == bars.EMPTY
    assert [style for _, style in parts[:-1]] == [f"s{place}" for place in range(len(shares))]
    if sum(shares) < 0.99:  # what is not full does not look so
        assert parts[-1][0] or parts[-2][0].endswith("╸")


def test_the_parts_of_a_gauge_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    for utf8, drawn in ((True, "━━━╍╍─────"), (False, "###==-----")):
        monkeypatch.setattr(bars, "utf8_locale", lambda utf8=utf8: utf8)
        bars._strokes.cache_clear()
        bars.gauge.cache_clear()
        parts = bars.gauge(((0.3, "green"), (0.2, "cyan")), 10)
        assert "".join(text for text, _ in parts) == drawn
        assert [style for _, style in parts] == ["green", "cyan", "dim"]
    bars._strokes.cache_clear()
    bars.gauge.cache_clear()
