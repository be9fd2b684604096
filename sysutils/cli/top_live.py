"""top(1) on a terminal: frames painted over one another, and the keys that change what they show."""

import sys
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from sysutils import core
from sysutils.cli import top_words as words
from sysutils.cli.grammar import CommandError
from sysutils.cli.live import styled
from sysutils.cli.live.terminal import NOTHING, RESIZED, Ended, Terminal
from sysutils.cli.live.terminal import Frame as Painter
from sysutils.cli.output.stream import put
from sysutils.cli.signals import signal_number
from sysutils.cli.top_frame import Frame, Sampler

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for terminals of Unix

#: options, frame, lines of the terminal -> text in colours
Picture = Callable[[Any, Frame, int | None], str]

_SORTS = {"P": "%CPU", "M": "%MEM", "T": "TIME+", "N": "PID"}
#: what < and > move the sort along
_COLUMNS = (
    "PID", "USER", "PR", "NI", "VIRT", "RES", "SHR", "S", "%CPU", "%MEM", "TIME+", "COMMAND",
)  # fmt: skip
_TOGGLES = {"c": "cmdline", "i": "idle", "H": "threads", "1": "per_cpu", "S": "cumulative"}
#: they change what is compared with the frame before
_ANEW = {"threads", "per_cpu"}
_OWNERS = {"u": "user", "U": "any_user"}
_SHORTEST = 0.1
_HELP = """\
 P M T N      sort by %CPU, %MEM, TIME+, PID        < >        sort by the column before, after
 R            the other way round                   c          command lines or names
 i            with or without what used no CPU      H          threads or processes
 1            each CPU or all together              S          with dead children's time
 e E          units of the table, of the summary    u U        only one user's (effective, any)
 k            send a signal to a process            r          change a nice value
 d s          seconds between frames                arrows, PgUp, PgDn, Home, End   scroll
 space Enter  the next frame now                    q          end

 any key goes on"""


class _Prompt(NamedTuple):
    """A question on the screen, and what is done with the answer."""

    question: str
    answer: Callable[[str], str]


class Live:
    """The screen of top."""

    def __init__(self, options: Any, picture: Picture, interval: float) -> None:
        self.options = options
        self.interval = interval
        self.text = ""
        self._picture = picture
        self._sampler = Sampler(options.wanted())
        self._frame: Frame | None = None
        self._top = 0
        self._message = ""
        self._prompt: _Prompt | None = None
        self._typed = ""
        self._help = False

    def run(self, terminal: Terminal, frames: int | None) -> None:
        """Frame after frame, until the user or their number ends it."""
        painter = Painter()
        due = monotonic()
        while True:
            if monotonic() >= due and self._prompt is None:
                due = max(due + self.interval, monotonic())
                self._frame = self._sampler.frame()
                if frames is not None:
                    frames -= 1
            painter.show(self._lines(terminal))
            if frames is not None and frames <= 0:
                return
            key = terminal.wait(monotonic() + 3600 if self._prompt else due)
            if key == RESIZED:
                painter.forget()
            elif isinstance(key, str) and key != NOTHING:
                if key == "q" and self._prompt is None and not self._help:
                    return
                if self._press(key, terminal.size.lines):
                    due = monotonic()

    # --- the screen

    def _lines(self, terminal: Terminal) -> list[str]:
        frame, size = self._frame, terminal.size
        if frame is None:
            return []
        self._top = max(0, min(self._top, len(frame.tasks) - 1))
        shown = frame._replace(tasks=frame.tasks[self._top :])
        self.text = self._picture(self.options, shown, size.lines)
        lines = self.text.rstrip("\n").split("\n")
        place = lines.index("") if "" in lines else 0
        if self._help:
            lines[place + 1 :] = _HELP.split("\n")
        if self._prompt is not None:
            lines[place] = f"\x1b[1m{self._prompt.question}\x1b[0m {self._typed}_"
        elif self._message:
            lines[place] = f"\x1b[7m {self._message} \x1b[0m"
        cells = (styled.cut(styled.parse(line), size.columns) for line in lines[: size.lines])
        return [styled.text_of(line) for line in cells]

    # --- keys

    def _press(self, key: str, lines: int) -> bool:
        """Whether a new frame is wanted at once."""
        self._message = ""
        if self._prompt is not None:
            return self._type(key)
        if self._help:
            self._help = False
        elif key in {"h", "?", "f1"}:
            self._help = True
        elif not self._scroll(key, lines):
            return key in {"space", "enter"} or self._change(key) or self._ask(key)
        return False

    def _scroll(self, key: str, lines: int) -> bool:
        last = len(self._frame.tasks) if self._frame else 0
        page = max(1, lines - 8)
        steps = {
            "down": 1, "up": -1, "j": 1, "pagedown": page, "pageup": -page, "home": -last, "end": last,
        }  # fmt: skip
        if key not in steps:
            return False
        self._top += steps[key]
        return True

    def _change(self, key: str) -> bool:
        options, order = self.options, self.options.order
        if key in _SORTS:
            self._set(order=order._replace(name=_SORTS[key], descending=True))
        elif key in {"<", ">"}:
            place = _COLUMNS.index(order.name) if order.name in _COLUMNS else 0
            place = (place + (1 if key == ">" else -1)) % len(_COLUMNS)
            self._set(order=order._replace(name=_COLUMNS[place]))
            self._message = f"sorted by {_COLUMNS[place]}"
        elif key == "R":
            self._set(order=order._replace(descending=not order.descending))
        elif key in _TOGGLES:
            self._set(**{_TOGGLES[key]: not getattr(options, _TOGGLES[key])})
        elif key == "e":
            self._set(task_scale=(options.task_scale + 1) % (len(words.SCALES) - 1))
        elif key == "E":
            self._set(summary_scale=(options.summary_scale + 1) % len(words.SCALES))
        else:
            return False
        return True

    def _set(self, **changes: Any) -> None:
        self.options = self.options._replace(**changes)
        wanted = self.options.wanted()
        if _ANEW & changes.keys():
            self._sampler = Sampler(wanted)
        else:
            self._sampler.wanted = wanted

    def _ask(self, key: str) -> bool:
        if key in {"d", "s"}:
            self._prompt = _Prompt(f"Seconds between frames ({self.interval:g}):", self._delay)
        elif key in _OWNERS:
            self._prompt = _Prompt("User (none: all):", lambda text: self._owner(key, text))
        elif key in {"k", "r"}:
            self._prompt = _Prompt(
                f"{'Signal' if key == 'k' else 'Renice'} process (PID):",
                lambda text: self._process(key, text),
            )
        self._typed = ""
        return False

    def _type(self, key: str) -> bool:
        prompt = self._prompt
        if key == "enter" and prompt is not None:
            self._prompt = None
            try:
                self._message = prompt.answer(self._typed.strip())
            except (CommandError, core.Error, OSError, ValueError) as error:
                self._message = str(getattr(error, "message", error))
            return self._prompt is None
        if key == "escape":
            self._prompt = None
        elif key == "backspace":
            self._typed = self._typed[:-1]
        elif key == "space":
            self._typed += " "
        elif len(key) == 1:
            self._typed += key
        return False

    # --- answers: what is said of them

    def _delay(self, text: str) -> str:
        if text:
            self.interval = max(_SHORTEST, words.delay(text))
        return ""

    def _owner(self, key: str, text: str) -> str:
        chosen = dict.fromkeys(_OWNERS.values())
        if text:
            chosen[_OWNERS[key]] = words.Owner(text)
        self._set(**chosen)
        return ""

    def _process(self, key: str, text: str) -> str:
        if not text:
            return ""
        process = core.Process(int(text))
        name = process.name()
        if key == "k":
            self._prompt = _Prompt(
                f"Signal for {process.pid} {name} (15):", lambda word: _signalled(process, word)
            )
        else:
            self._prompt = _Prompt(
                f"Nice value of {process.pid} {name} ({process.nice()}):",
                lambda word: _reniced(process, word),
            )
        self._typed = ""
        return ""


def _signalled(process: Any, word: str) -> str:
    number = signal_number(word or "15")
    if number is None:
        return f"unknown signal {word}"
    process.send_signal(number)
    return f"signal {number} sent to {process.pid}"


def _reniced(process: Any, word: str) -> str:
    if not word:
        return ""
    process.nice(int(word))
    return f"nice value of {process.pid} is {process.nice()}"


def show(options: Any, picture: Picture, interval: float, frames: int | None) -> int:
    """The live screen; the last frame stays on the terminal afterwards. Returns the exit status."""
    live = Live(options, picture, interval)
    try:
        with Terminal() as terminal:
            live.run(terminal, frames)
    except Ended:
        pass
    put(live.text)
    return 0
