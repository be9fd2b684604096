"""Which processes the live screen of top(1) shows, and in which order: state + look -> tasks."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from sysutils.cli import top_filter, top_tree
from sysutils.cli import top_words as words
from sysutils.cli.fields.process import Moment
from sysutils.cli.top_choices import Context, key_of
from sysutils.cli.top_columns import Settings as ColumnSettings
from sysutils.cli.top_columns import Task
from sysutils.cli.top_look import Demand, Look
from sysutils.cli.top_state import State

#: what the tree, and killing one, need
_TREE = ("ppid", "tgid")


class Arranged(NamedTuple):
    """The tasks on the screen, in their order, and what stands before their commands."""

    tasks: list[Task]
    prefixes: Mapping[int, str]


def context_of(state: State, look: Look | None, cpus: int = 1) -> Context:
    """What the columns depend on."""
    settings = state.settings
    whole = look.whole if look is not None else 0.0
    return Context(
        ColumnSettings(
            settings.cmdline, settings.cumulative, settings.threads, max(0, settings.task_scale - 1),
            whole if settings.single else whole * cpus,
        ),
        look.moment if look is not None else Moment(),
        look.rates if look is not None else {},
        look.history if look is not None else {},
        settings.zeros, not settings.task_scale, settings.wider,
    )  # fmt: skip


@lru_cache(maxsize=32)
def _expression(text: str) -> top_filter.Filter:
    exact = text.startswith("\0")
    return top_filter.parse(text.removeprefix("\0"), exact)


def _filters(state: State) -> list[top_filter.Filter]:
    found = [_expression(text) for text in state.filters]
    if state.text:
        found.append(top_filter.contains(state.text))
    if state.user:
        owner = words.Owner(state.user)
        found.append(
            top_filter.Filter(("euid",), lambda _: lambda task: owner.among(task.row.euid))
        )
    if state.any_user:
        owner = words.Owner(state.any_user)
        found.append(
            top_filter.Filter(
                ("uids", "fsuid"),
                lambda _: lambda task: owner.among(*(task.row.uids or ()), task.row.fsuid),
            )
        )
    return found


def demand(state: State) -> Demand:
    """What has to be read of every process."""
    settings = state.settings
    needs = [*key_of(settings.shown.sort, context_of(state, None)).needs]
    for one in _filters(state):
        needs += one.needs
    if settings.tree or settings.threads:
        needs += _TREE
    # last: where another field has the status read, that tells these too
    names = sorted(dict.fromkeys(needs), key={"euid", "egid"}.__contains__)
    return Demand(tuple(names), state.pids, settings.threads)


def arrange(state: State, look: Look, cpus: int) -> Arranged:
    """The tasks to show."""
    settings = state.settings
    context = context_of(state, look, cpus)
    tests: list[Callable[[Task], bool]] = [one.of(context) for one in _filters(state)]
    if not settings.idle:
        tests.append(attrgetter("ticks"))
    tasks: Sequence[Task] = look.tasks
    if tests:

        def holds(task: Task) -> bool:
            return all(test(task) for test in tests)

        if settings.tree:
            tasks = top_tree.with_ancestors(tasks, holds, settings.threads)
        else:
            tasks = [task for task in tasks if holds(task)]
    ordered = _sorted(tasks, settings.shown.sort, settings.shown.descending, context)
    if settings.tree:
        return Arranged(*top_tree.planted(ordered, state.collapsed, settings.threads))
    return Arranged(ordered, {})


def _sorted(tasks: Sequence[Task], name: str, descending: bool, context: Context) -> list[Task]:
    key: Callable[[Task], Any] = key_of(name, context).of(context.moment)
    return sorted(tasks, key=key, reverse=descending)
