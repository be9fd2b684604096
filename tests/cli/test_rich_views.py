"""Every rich view on a terminal of its own, at four sizes, read back: nothing wraps, nothing is wider than
the terminal, headings stand over their columns, names do no harm, colours read on any background."""

from __future__ import annotations

import os
import re
import socket
from typing import TYPE_CHECKING, Any

import pytest

from sysutils.cli.output import palette
from tests.cli.test_who import EVERYTHING
from tests.support.children import member
from tests.support.terminal import Screen, Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIZES = [(40, 10), (80, 24), (120, 40), (200, 60)]
#: {pid}: a process with a name and arguments of wide, combining, turning and escape characters
VIEWS = [
    "ps -f -p {pid}", "ps u -p {pid}", "ps axf", "ps -L -o pid,lwp,ni,rss,args,comm,user -p {pid}",
    "lsof -p {pid}", "lsof -R -g -p {pid}", "lsof -U -a -p {pid}", "lsof +L -o -p {pid}",
    "pmap {pid}", "pmap -x {pid}", "pmap -X {pid}", "df -a", "df --total", "df -i", "free -w -t", "free -b",
    "uptime", "who {utmp}", "who -a {utmp}", "netstat -an", "netstat -tane", "netstat -an --unix",
    "netstat -r", "netstat -i", "netstat -g", "netstat -s", "ifconfig -a", "ifconfig -s", "iostat",
    "iostat -x", "iostat -s", "kill -L", "taskset -p {pid}", "ionice -p {pid}",
]  # fmt: skip
NAME = "x\x1b[31m日本e\u0301"
ARGUMENTS = (
    "/opt/日本語/bin/e\u0301\u202eprog\0--\x1b]0;owned\x07\0\u2066two words\ud83d\0日本語"
    + "語" * 40
)


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The process, with a socket and a file whose names are no better."""
    place = tmp_path_factory.mktemp("日本e\u0301\x1b[31m") / ("wide語" * 8)
    place.write_text("x")
    utmp = tmp_path_factory.mktemp("utmp") / "records"
    utmp.write_bytes(EVERYTHING)
    name = NAME.encode().decode("latin-1")
    arguments = ARGUMENTS.encode("utf-8", "surrogatepass").decode("latin-1")
    with open(place) as file, socket.socket(socket.AF_UNIX) as unix:
        fds = (file.fileno(), unix.fileno())
        with member(name=name, cmdline=arguments, pass_fds=fds) as child:
            yield {"pid": child.pid, "utmp": utmp}


def shown(words: list[str], columns: int, lines: int, **settings: Any) -> Screen:
    """What a command writes to a terminal of that width, all of it on one screen."""
    with Terminal(words, columns=columns, lines=lines, **settings) as terminal:
        terminal.finish()
        screen = terminal.screen()
    assert screen.returncode == 0, screen.text
    return screen


def _written(screen: Screen) -> list[str]:
    """The lines as they were written, without styles."""
    text = screen.raw.decode("utf-8", "surrogateescape")
    return re.sub(r"\x1b\[[0-9;]*m", "", text).replace("\r\n", "\n").rstrip("\n").split("\n")


def _heading(row: list[Any]) -> list[tuple[int, int]]:
    """Where the words of a heading begin and end; none for what is no heading."""
    text = "".join(cell.data or " " for cell in row).rstrip()
    if not text or not all(cell.underscore for cell in row[: len(text)]):
        return []
    return [found.span() for found in re.finditer(r"\S+(?: \S+)*", text)]


def _is_row(row: list[Any]) -> bool:
    """Whether it is one of a table: no title, no line above a part of it, no line below it."""
    text = "".join(cell.data for cell in row).strip()
    title = all(cell.bold for cell in row if cell.data.strip())
    part = text.endswith("──") or (row[0].bold and text.endswith("…"))
    return bool(text) and not title and not part and " mappings, " not in text


def _misplaced(cells: list[list[Any]]) -> list[str]:
    """Columns of tables that do not stand below their heading: neither their left nor their right edge."""
    wrong, spans, rows = [], [], []
    for row in [*cells, []]:
        found = _heading(row) if row else []
        if found or not row:
            wrong += [
                f"{span} over {[''.join(cell.data for cell in row) for row in rows]}"
                for span in spans
                if any(row[span[0] - 1].data != " " for row in rows if span[0])
                and any(row[span[1]].data != " " for row in rows if span[1] < len(row))
            ]
            spans, rows = found, []
        elif spans and _is_row(row):
            rows.append(row)
    return wrong


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
@pytest.mark.parametrize("view", VIEWS)
def test_a_view_fits_its_terminal(
    view: str, size: tuple[int, int], process: dict[str, Any]
) -> None:
    words = view.format(**process).split()
    screen = shown(words, size[0], size[1])
    lines = _written(screen)
    whole = shown(words, size[0], len(lines) + 400)  # so that all of it is on the screen
    lines = _written(whole)
    height = len(whole.text.split("\n"))
    assert height <= len(lines), "a line wrapped"
    for line in lines:
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", line), line
    if not view.startswith(("ifconfig -a", "netstat -s", "uptime")):
        assert _misplaced(whole.cells[:height]) == []


def _seen(view: str, process: dict[str, Any], **settings: Any) -> set[str]:
    screen = shown(view.format(**process).split(), 120, 300, **settings)
    return {
        colour
        for row in screen.cells
        for cell in row
        for colour in (cell.fg, cell.bg)
        if cell.data != " "
    }


def _hexadecimal(number: int) -> str:
    """A colour of the 256, beyond the first 16."""
    if number >= 232:
        return f"{(number - 232) * 10 + 8:02x}" * 3
    levels = (0, 95, 135, 175, 215, 255)
    number -= 16
    return "".join(f"{levels[number // size % 6]:02x}" for size in (36, 6, 1))


@pytest.mark.parametrize("view", VIEWS)
def test_colours_read_on_a_dark_and_on_a_light_background(
    view: str, process: dict[str, Any]
) -> None:
    shades = {_hexadecimal(number) for number in palette._MIDDLE.values()}
    assert _seen(view, process) <= shades | {"default"}
    sixteen = {"red", "green", "brown", "magenta", "cyan", "brightblack", "default"}
    assert _seen(view, process, term="xterm") <= sixteen


@pytest.mark.parametrize(
    "settings", [{"env": {"NO_COLOR": "1"}}, {"term": "dumb"}], ids=["NO_COLOR", "dumb"]
)
@pytest.mark.parametrize("view", ["ps u -p {pid}", "df", "free", "lsof -p {pid}", "ifconfig -a"])
def test_without_colours_there_is_no_escape(
    view: str, settings: dict[str, Any], process: dict[str, Any]
) -> None:
    screen = shown(view.format(**process).split(), 100, 60, **settings)
    assert b"\x1b" not in screen.raw
    assert screen.text.strip()


def test_the_locale_s_characters_draw_bars_and_ends(process: dict[str, Any]) -> None:
    for words in (["free"], ["df"], ["lsof", "-p", str(process["pid"])], ["uptime"]):
        screen = shown(words, 60, 60, env={"LC_ALL": "C"})
        assert not re.search("[━╍╸─…]", screen.text)


def test_memory_s_bar_is_as_long_as_its_shares() -> None:
    lines = shown(["free"], 120, 10).lines
    bar = re.search(r"Mem +(━+╍*─+)", lines[1])
    assert bar is not None
    assert 6 <= len(bar[1]) <= 40


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
def test_kinds_of_files_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    os.mkfifo(tmp_path / "fifo")
    fifo = os.open(tmp_path / "fifo", os.O_RDWR)
    unix, server = socket.socket(socket.AF_UNIX), socket.create_server(("127.0.0.1", 0))
    gone = open(tmp_path / "gone", "w")  # noqa: SIM115
    os.unlink(tmp_path / "gone")
    with unix, server, gone, open(tmp_path / "file") as file:
        fds = (fifo, unix.fileno(), server.fileno(), gone.fileno(), file.fileno())
        with member(pass_fds=fds) as child:
            screen = shown(["lsof", "-nP", "-p", str(child.pid)], 200, 80)
    os.close(fifo)
    text = screen.text
    for kind in ("working dir", "root dir", "program", "mapped", "file", "pipe", "unix", "TCP"):
        assert re.search(rf"^{kind} ", text, re.MULTILINE), kind
    assert "(LISTEN)" in text
    assert "gone (deleted)" in text
    assert text.index("working dir") < text.index("program") < text.index("mapped")
    head = next(line for line in screen.lines if f" {child.pid} " in line)
    assert re.search(r"TCP 1", head)
