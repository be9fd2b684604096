"""Output and live screens on Windows' consoles, above one that the test makes."""

from __future__ import annotations

import errno
import io
import os
import signal
import struct
import sys
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils.cli.live import loop, rerun
from sysutils.cli.live.terminal import NOTHING, RESIZED, Ended
from sysutils.cli.live.windows_terminal import ConsoleTerminal, Records
from sysutils.cli.output import as_json, console, palette, stream
from tests.support.console import Kernel32

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Make = Callable[..., Kernel32]


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """``windows(escapes=False)``: a console, on Windows."""

    def make(**options: object) -> Kernel32:
        kernel = Kernel32(**options)  # type: ignore[arg-type]
        console.replace(kernel)
        monkeypatch.setattr(sys, "platform", "win32")
        monkeypatch.setattr(os, "isatty", lambda descriptor: True)  # as of NUL, too
        return kernel

    yield make
    console.replace(None)


def shown(kernel: Kernel32, text: str) -> list[str]:
    stream.put(text)
    return kernel.screen


# --- writing


def test_a_console_that_knows_sequences_gets_them(windows: Make) -> None:
    kernel = windows()
    stream.put("\x1b[31mrot\x1b[0m käse \U0001f9c0\n")
    assert kernel.first.written == "\x1b[0m\x1b[31mrot\x1b[0m käse \U0001f9c0\n"
    assert kernel.first.mode == 7
    stream.leave()
    assert kernel.first.mode == 3


def test_an_older_one_gets_attributes(windows: Make) -> None:
    kernel = windows(escapes=False)
    assert shown(kernel, "a\x1b[31mrot\x1b[1mhell\x1b[7mum\x1b[0mz\n")[0] == "arothellumz"
    assert kernel.colours(0)[:11] == [7, 4, 4, 4, 12, 12, 12, 12, 0xC0, 0xC0, 7]
    assert kernel.first.mode == 3
    assert "\x1b" not in "".join(kernel.screen)


def test_what_asked_leaves_no_trace(windows: Make) -> None:
    kernel = windows(escapes=False)
    for char in "C:\\>":
        kernel.first.put(char)
    assert shown(kernel, "x")[0] == "C:\\>x"


@pytest.mark.parametrize(
    ("words", "attributes"),
    [
        ("38;5;160", 12), ("38;5;203", 12), ("38;5;28", 2), ("38;5;33", 11), ("38;5;244", 8), ("38;5;9", 12),
        ("38;2;0;0;255", 9), ("94", 9), ("36;44", 0x13), ("41;97", 0x4F), ("31;39", 7), ("44;49", 7),
        ("1", 15), ("1;22", 7), ("7;27", 7), ("38;5", 7), ("38;9", 7), ("", 7), ("3", 7),
    ],
)  # fmt: skip
def test_styles(windows: Make, words: str, attributes: int) -> None:
    kernel = windows(escapes=False)
    stream.put(f"\x1b[{words}mx")
    assert kernel.colours(0)[0] == attributes


@given(st.text(alphabet="0123456789;", max_size=12).filter(lambda text: ";;" not in text))
def test_no_style_is_more_than_attributes(words: str) -> None:
    style = console.Attributes(7)
    style.take(words)
    assert 0 <= style.value <= 255


def test_the_screen_is_cleared_and_written_over(windows: Make) -> None:
    kernel = windows(escapes=False)
    stream.put("one\ntwo\nthree")
    assert shown(kernel, "\x1b[2;2HX\x1b[K")[:3] == ["one", "tX", "three"]
    assert shown(kernel, "\x1b[1;1H\x1b[K\x1b[2;1H\x1b[J") == [""] * 6
    stream.put("full")
    assert shown(kernel, "\x1b[2J") == [""] * 6


def test_long_texts_are_written_whole(windows: Make) -> None:
    kernel = windows()
    stream.put("ä🧀" * 20000)
    assert kernel.first.written.removeprefix("\x1b[0m") == "ä🧀" * 20000


def test_half_a_character_of_a_name_is_no_error(windows: Make) -> None:
    kernel = windows()
    assert stream.write_error("ps: \ud800\udc41: gone\n")
    assert kernel.first.written.endswith("ps: \ufffd\ufffd: gone\n")


def test_a_console_that_is_gone_is_a_write_error(windows: Make) -> None:
    kernel = windows()
    stream.put("x")
    kernel.fails = True
    with pytest.raises(stream.WriteError):
        stream.put("y")


def test_nul_is_no_terminal(windows: Make) -> None:
    windows(terminals=())
    assert not any(map(stream.is_terminal, (0, 1, 2)))
    windows(terminals=(1,))
    assert [stream.is_terminal(place) for place in (0, 1, 2)] == [False, True, False]


@pytest.mark.parametrize(("escapes", "scheme"), [(True, "both"), (False, "basic")])
def test_colours(
    windows: Make, escapes: bool, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TERM", "COLORTERM", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    windows(escapes=escapes)
    assert palette.usual_scheme() == scheme


# --- into a pipe


class Encoded(io.StringIO):
    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding


@pytest.fixture
def piped(windows: Make, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], bytes]:
    """``piped(encoding, text)``: the bytes that come out."""
    windows(terminals=())

    def write(encoding: str, text: str) -> bytes:
        monkeypatch.setattr(sys, "stdout", Encoded(encoding))
        parts: list[bytes] = []
        monkeypatch.setattr(
            os, "write", lambda _, data: parts.append(bytes(data)) or len(parts[-1])
        )
        stream.put(text)
        return b"".join(parts)

    return write


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("utf-8", "käse ☃ ├─ ━ … ??".encode()),
        ("cp1252", b"k\xe4se ? |- = \x85 ??"),
        ("cp437", b"k\x84se ? \xc3\xc4 = + ??"),
        ("ascii", b"k?se ? |- = + ??"),
    ],
)
def test_what_an_encoding_lacks(
    piped: Callable[[str, str], bytes], encoding: str, written: bytes
) -> None:
    assert piped(encoding, "käse ☃ ├─ ━ … \ud800\udc80") == written


def test_json_is_read_whatever_the_code_page(piped: Callable[[str, str], bytes]) -> None:
    piped("cp1252", "")
    assert as_json.dumps({"name": "käse🧀"}) == '{"name": "k\\u00e4se\\ud83e\\uddc0"}'
    piped("utf-8", "")
    assert as_json.dumps({"name": "käse"}) == '{"name": "käse"}'


@pytest.mark.parametrize("number", [errno.EINVAL, errno.EPIPE, errno.ENOSPC])
def test_a_pipe_that_nobody_reads(
    windows: Make, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Windows says EINVAL; of a file that is an error like others."""
    windows(terminals=())

    def refuse(_: int, __: bytes) -> int:
        raise OSError(number, "no")

    reading, writing = os.pipe()
    with open(reading, "rb"), open(writing, "wb") as pipe, open(os.devnull, "wb") as file:
        monkeypatch.setattr(os, "write", refuse)
        for where, unread in (
            (pipe, number != errno.ENOSPC),
            (file, number == errno.EPIPE),
        ):
            out = stream.Stream(where.fileno())
            monkeypatch.setattr(console, "of", lambda _: None)
            out.write("x")
            with pytest.raises(stream.Unread if unread else stream.WriteError):
                out.flush()


# --- keys


def test_keys_have_the_names_that_they_have_elsewhere() -> None:
    kernel = Kernel32()
    for character, key, state in [
        ("q", 0x51, 0), ("", 0x26, 0x100), ("", 0x70, 0), ("", 0x7B, 0), ("\r", 0x0D, 0), ("\x1b", 0x1B, 0),
        ("\t", 0x09, 0), ("\t", 0x09, 0x10), (" ", 0x20, 0), ("\x0c", 0x4C, 8), ("é", 0, 0), ("🧀", 0, 0),
        ("", 0x10, 0x10), ("\x7f", 0x08, 8), (" ", 0x33, 0),
    ]:  # fmt: skip
        kernel.type(character, key, state=state)
        kernel.type(character, key, down=0, state=state)
    kernel.records.append(struct.pack("<Hxxhh12x", 4, 100, 30))
    kernel.records.append(struct.pack("<Hxx16x", 2))  # the mouse
    kernel.records.append(
        struct.pack("<HxxiHHHHI", 1, 0, 1, 0x12, 0, ord("ß"), 0)
    )  # Alt and digits
    assert Records().feed(b"".join(kernel.records)) == [
        "q", "up", "f1", "f12", "enter", "escape", "tab", "backtab", "space", "ctrl-l", "é", "🧀",
        "backspace", "space", RESIZED, "ß",
    ]  # fmt: skip


def test_a_key_that_is_held_comes_again() -> None:
    record = struct.pack("<HxxiHHHHI", 1, 1, 3, 0x28, 0, 0, 0)
    assert Records().feed(record) == ["down"] * 3


@given(st.binary(max_size=200))
def test_records_of_any_kind_are_no_error(data: bytes) -> None:
    data = data[:4] + b"\0\0" + data[6:]
    assert all(Records().feed(data[: len(data) // 20 * 20][:400]) or [True])


# --- live screens


def test_the_screen_is_taken_and_given_back(windows: Make) -> None:
    kernel = windows(escapes=False)
    stream.put("before\n")
    handler = signal.getsignal(signal.SIGINT)
    with ConsoleTerminal() as terminal:
        assert terminal.size == (40, 6)
        assert kernel.modes[1] == 0x88
        assert kernel.screen == [""] * 6
        assert (kernel.active.visible, kernel.active.mode & 2) == (0, 0)
        kernel.type("j", 0x4A)
        assert terminal.wait(time.monotonic() + 5) == "j"
        assert terminal.wait(time.monotonic()) == NOTHING
    assert kernel.screen[0] == "before"
    assert kernel.modes[1] == 0x1F7
    assert signal.getsignal(signal.SIGINT) is handler
    assert 4 not in kernel.buffers


def test_a_window_of_another_size(windows: Make) -> None:
    kernel = windows()
    with ConsoleTerminal() as terminal:
        kernel.first.columns = 30
        assert terminal.wait(time.monotonic() + 5) == RESIZED
        assert terminal.wait(time.monotonic() + 0.01) == NOTHING


def test_ctrl_c_ends_it(windows: Make) -> None:
    kernel = windows()
    kernel.type("\x03", 0x43, state=8)
    with ConsoleTerminal() as terminal, pytest.raises(Ended) as ended:
        terminal.wait(time.monotonic() + 5)
    assert ended.value.number == signal.SIGINT
    assert kernel.modes[1] == 0x1F7


def test_without_a_keyboard_it_runs_on(windows: Make) -> None:
    windows(terminals=(1, 2))
    with ConsoleTerminal() as terminal:
        assert terminal.wait(time.monotonic() + 0.01) == NOTHING


class Counting:
    interval, paused = 60.0, False

    def __init__(self) -> None:
        self.pressed: list[str] = []

    def look(self, size: os.terminal_size) -> None:
        """Nothing changes."""

    def lines(self, size: os.terminal_size) -> list[str]:
        return ["\x1b[7mhead\x1b[0m", *self.pressed]

    def press(self, key: str, size: os.terminal_size) -> str:
        self.pressed.append(key)
        return loop.END if key == "q" else loop.PAINT


@pytest.mark.parametrize("escapes", [True, False])
def test_the_loop_runs_on_a_console(windows: Make, escapes: bool) -> None:
    kernel = windows(escapes=escapes)
    live = Counting()
    for character, key in (("", 0x28), ("a", 0x41), ("q", 0x51)):
        kernel.type(character, key)
    assert loop.run(live) is None
    assert live.pressed == ["down", "a", "q"]


def test_a_watched_command_is_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    size = os.terminal_size((50, 20))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    data = rerun.shown(lambda: 1, ["uptime", "--watch", "3"], size)
    assert b"\x1b[" in data  # as on a terminal
    assert b"up" in data
    assert rerun.once(lambda: 1, ["tty", "--nope"]) == 2
