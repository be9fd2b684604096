"""top(1) on a terminal: looks at the system, shows them, and does what keys ask for."""

import gc
from collections.abc import Sequence
from os import terminal_size
from typing import Any

from sysutils import core
from sysutils.cli import top_config, top_details, top_panels, top_tree
from sysutils.cli.live import loop
from sysutils.cli.live.scroll import Scroll
from sysutils.cli.live.table import cell
from sysutils.cli.output.stream import put
from sysutils.cli.top_answers import signal_text
from sysutils.cli.top_arrange import Arranged, arrange, demand
from sysutils.cli.top_columns import Task
from sysutils.cli.top_keys import press
from sysutils.cli.top_look import Look, Looker
from sysutils.cli.top_state import END, LOOK, SAVE, Effect, Panel, Sight, State
from sysutils.cli.top_view import Known, Shape, palette_of, screen, shape, status, table_of

#: seconds to the second look, for the first has none before it
_SECOND = 0.5
#: garbage is collected every so many looks: between them nothing is to wait for that
_COLLECT = 100


class Live:
    """The screen of top."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.last: list[str] = []
        self._looker = Looker()
        self._look: Look | None = None
        self._arranged: Arranged | None = None
        self._filled: dict[int, Task] = {}
        self._filled_needs: tuple[str, ...] = ()
        self._processes: dict[int, Any] = {}
        self._body: list[list[tuple[str, str]]] = []
        self._known = Known()
        self._looks = 0
        self._cpus = core.cpu_count() or 1

    # --- as the loop has it

    @property
    def interval(self) -> float:
        """Seconds to the next look."""
        interval = self.state.settings.interval
        return min(_SECOND, interval) if self._looks == 1 else interval

    @property
    def paused(self) -> bool:
        """Nothing changes under who reads or types."""
        return self.state.paused or self.state.prompt is not None

    def look(self, _: terminal_size) -> None:
        """Takes a new look at the system."""
        self._looks += 1
        if not self._looks % _COLLECT:
            gc.collect()
        self._look = self._looker.look(demand(self.state))
        self._cpus = len(self._look.cpus) or self._cpus
        self._filled = {}
        if self.state.tagged:
            alive = {task.row.pid for task in self._look.tasks}
            self.state = self.state._replace(tagged=self.state.tagged & alive)
        self._arrange()
        if self.state.panel is not None and self.state.panel.kind == "details":
            self._body = top_details.page_lines(self.state.panel.pid, self.state.panel.page)

    def _arrange(self) -> None:
        if self._look is not None:
            self._arranged = arrange(self.state, self._look, self._cpus)

    def lines(self, size: terminal_size) -> list[str]:
        """The screen."""
        look, arranged = self._look, self._arranged
        if look is None or arranged is None:
            return []
        palette = palette_of(self.state)
        if self.state.panel is not None:
            return self._panel(self.state.panel, palette, size)
        form = shape(self.state, look, palette, size)
        self._follow(arranged)
        table = table_of(self.state, look, arranged.prefixes, palette, self._cpus, size.columns)
        needs = tuple(dict.fromkeys(name for column in table.columns for name in column.needs))
        tasks = self._page(form, needs)
        settings = self.state.settings
        self._known.prepare(table, arranged.prefixes, (settings, self.state.left, size.columns))
        count = len(arranged.tasks)
        self.last = screen(self.state, form, table, tasks, count, palette, size, self._known)
        return self.last

    def _follow(self, arranged: Arranged) -> None:
        """The selection where the process is that it stays with."""
        follow = self.state.follow
        if not follow:
            return
        place = next((i for i, task in enumerate(arranged.tasks) if task.row.pid == follow), None)
        if place is None:
            self.state = self.state._replace(follow=0, message=f"{follow} is not in the table")
        else:
            self.state = self.state._replace(scroll=Scroll(self.state.scroll.top, place))

    def _page(self, form: Shape, needs: tuple[str, ...]) -> list[Task]:
        """The tasks on the screen, all read that their columns need; those that have ended are left out."""
        assert self._arranged is not None
        if needs != self._filled_needs:
            self._filled, self._filled_needs = {}, needs
        tasks = self._arranged.tasks
        while True:
            scroll = self.state.scroll.within(len(tasks), form.page)
            self.state = self.state._replace(scroll=scroll)
            page = tasks[scroll.top : scroll.top + form.page]
            missing = [task for task in page if task.row.pid not in self._filled]
            gone = set()
            for task, full in zip(missing, self._details(missing), strict=True):
                if full is None:
                    gone.add(task.row.pid)
                else:
                    self._filled[task.row.pid] = full
            if not gone:
                return [self._filled[task.row.pid] for task in page]
            tasks[:] = [task for task in tasks if task.row.pid not in gone]

    def _details(self, tasks: Sequence[Task]) -> Sequence[Task | None]:
        if not tasks:
            return ()
        return self._looker.details(tasks, self._filled_needs, self.state.settings.threads)

    def _panel(self, panel: Panel, palette: Any, size: terminal_size) -> list[str]:
        title: list[tuple[str, str]]
        if panel.kind == "help":
            title, body = [(" Keys of top ", "bold reverse")], top_panels.help_body(size.columns)
            hint = top_panels.HELP_HINT
        elif panel.kind == "fields":
            title = [(f" Columns of the view {self.state.settings.shown.name} ", "bold reverse")]
            body, hint = top_panels.fields_body(self.state, panel), top_panels.FIELDS_HINT
            scroll = panel.scroll.within(len(body), top_panels.page_of(size.lines))
            panel = panel._replace(scroll=scroll)
        else:
            title = top_details.title(panel.pid, self._name(panel.pid), panel.page)
            body, hint = self._body, top_panels.DETAILS_HINT
        asked = self.state.prompt is not None or self.state.message
        foot = status(self.state, 0, size.columns) if asked else [(hint, "dim")]
        return top_panels.frame(title, body, panel, foot, palette, size.columns, size.lines)

    def _name(self, pid: int) -> str:
        task = self._filled.get(pid)
        comm = getattr(task.row, "comm", None) if task is not None else None
        if comm is None:
            comm = next((row.comm for row in core.process_table(["comm"], [pid])), "")
        return str(comm or "")

    # --- keys

    def press(self, key: str, size: terminal_size) -> str:
        """Does what a key asks for."""
        if key == "resized":
            return loop.PAINT
        before = self.state
        self.state, effects = press(before, key, self._sight(size))
        wish = loop.PAINT
        for effect in effects:
            if effect == END:
                return loop.END
            if effect == LOOK:
                wish = loop.LOOK
            elif effect == SAVE:
                self._say(top_config.save(self.state.settings))
            else:
                self._do(effect)
        if self.state.collapsed != before.collapsed:
            self._arrange()
        return wish

    def _sight(self, size: terminal_size) -> Sight:
        look, arranged = self._look, self._arranged
        if look is None or arranged is None:
            return Sight()
        tasks = arranged.tasks
        palette = palette_of(self.state)
        panel = self.state.panel
        body = len(self._body) if panel is not None and panel.kind == "details" else 0
        if panel is not None and panel.kind == "help":
            body = len(top_panels.help_body(size.columns))
        return Sight(
            [task.row.pid for task in tasks], shape(self.state, look, palette, size).page, self._name,
            self.state.settings.shown.columns, self._below, self._line(size), self._parents, body,
            top_panels.page_of(size.lines), len(top_details.PAGES),
        )  # fmt: skip

    def _line(self, size: terminal_size) -> Any:
        """Texts of lines, for searching in them: all that is not read yet is read at once."""
        cells: list[str] = []

        def of(place: int) -> str:
            if not cells:
                cells.extend(self._texts(size))
            return cells[place] if place < len(cells) else ""

        return of

    def _texts(self, size: terminal_size) -> list[str]:
        assert self._look is not None
        assert self._arranged is not None
        state = self.state
        table = table_of(state, self._look, {}, palette_of(state), self._cpus, size.columns)
        tasks = self._arranged.tasks
        full = self._details(tasks)
        return [
            "" if task is None else " ".join(cell(column, task) for column in table.columns)
            for task in full
        ]

    def _below(self, pid: int) -> list[int]:
        rows = core.process_table(("pid", "ppid"))
        return top_tree.below([Task(row, 0, 0, 0) for row in rows], pid)

    def _parents(self) -> set[int]:
        assert self._look is not None
        return {task.row.ppid for task in self._look.tasks}

    # --- what is done to processes

    def _say(self, message: str) -> None:
        self.state = self.state._replace(message=message)

    def _do(self, effect: Effect) -> None:
        what, pids, *more = effect
        if what == "remember":
            self._remember(pids)
        elif what == "nicer":
            self._remember((pids,))
            self._each((pids,), lambda process: process.nice(process.nice() + more[0]), "reniced")
        elif what == "renice":
            self._each(pids, lambda process: process.nice(more[0]), f"nice value {more[0]} of")
        elif what == "signal":
            number = more[0]
            self._each(
                pids,
                lambda process: process.send_signal(number),
                f"signal {signal_text(number)} to",
            )

    def _remember(self, pids: Sequence[int]) -> None:
        """Those that have these pids now: whatever is done is done to them, and to nobody who comes later."""
        self._processes = {}
        for pid in pids:
            try:
                self._processes[pid] = core.Process(pid)
            except core.Error as error:
                if len(pids) == 1:
                    self._say(_reason(error, pid))
                    self.state = self.state._replace(prompt=None)

    def _each(self, pids: Sequence[int], act: Any, what: str) -> None:
        done, wrong = [], ""
        for pid in pids:
            process = self._processes.get(pid)
            if process is None:
                continue
            try:
                act(process)
                done.append(pid)
            except (core.Error, OSError, ValueError) as error:
                wrong = _reason(error, pid)
        who = str(done[0]) if len(done) == 1 else f"{len(done)} processes"
        said = [f"{what} {who}"] if done else []
        self._say("; ".join([*said, *([wrong] if wrong else [])]))
        self.state = self.state._replace(tagged=self.state.tagged - set(done))


def _reason(error: Exception, pid: int) -> str:
    if isinstance(error, core.NoSuchProcess):
        return f"{pid}: no such process"
    if isinstance(error, core.AccessDenied):
        return f"{pid}: not permitted"
    return f"{pid}: {getattr(error, 'strerror', None) or error}"


def show(state: State, frames: int | None) -> int:
    """The live screen, until the user or the number of frames ends it; of these the last stays on the
    terminal. Returns the exit status."""
    live = Live(state)
    gc.freeze()  # what is there by now stays
    number = loop.run(live, frames)
    if frames is not None and number is None and live.last:
        put("\n".join(live.last).rstrip("\n") + "\n")
    return 0
