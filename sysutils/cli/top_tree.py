"""The processes of top(1) as a tree: siblings in the order of the table, branches that can be folded."""

from collections.abc import Callable, Collection, Sequence

from sysutils.cli.output.text import utf8_locale
from sysutils.cli.top_columns import Task


def _strokes() -> tuple[str, str, str]:
    return ("├─ ", "└─ ", "│  ") if utf8_locale() else ("|- ", "`- ", "|  ")


def _parents(tasks: Sequence[Task], threads: bool) -> dict[int, int]:
    """pid -> pid of what it hangs below: its parent, of a thread its process."""
    found = {}
    for task in tasks:
        row = task.row
        found[row.pid] = row.tgid if threads and row.tgid != row.pid else row.ppid
    return found


def below(tasks: Sequence[Task], pid: int) -> list[int]:
    """The pids of all that descend from a process, parents before children."""
    children: dict[int, list[int]] = {}
    for task in tasks:
        children.setdefault(task.row.ppid, []).append(task.row.pid)
    found = list(children.get(pid, ()))
    for one in found:  # grows
        found += [child for child in children.get(one, ()) if child not in {pid, one}]
    return found


def with_ancestors(
    tasks: Sequence[Task], holds: Callable[[Task], bool], threads: bool
) -> list[Task]:
    """Those that hold, and what they hang below: so a filter keeps the branch."""
    parents = _parents(tasks, threads)
    kept: set[int] = set()
    for task in tasks:
        pid = task.row.pid
        if pid in kept or not holds(task):
            continue
        while pid in parents and pid not in kept:
            kept.add(pid)
            pid = parents[pid]
    return [task for task in tasks if task.row.pid in kept]


def planted(
    tasks: Sequence[Task], collapsed: Collection[int], threads: bool
) -> tuple[list[Task], dict[int, str]]:
    """The tasks in the order of the tree, and for each pid what stands before its command."""
    branch, end, through = _strokes()
    parents = _parents(tasks, threads)
    children: dict[int, list[Task]] = {}
    roots = []
    for task in tasks:
        parent = parents[task.row.pid]
        if parent in parents and parent != task.row.pid:
            children.setdefault(parent, []).append(task)
        else:
            roots.append(task)
    ordered: list[Task] = []
    prefixes: dict[int, str] = {}
    stack = [(task, "", "") for task in reversed(roots)]
    while stack:
        task, prefix, indent = stack.pop()
        pid = task.row.pid
        ordered.append(task)
        under = children.pop(pid, [])
        if under and pid in collapsed:
            prefixes[pid] = f"{prefix}[+{_count(under, children)}] "
            continue
        prefixes[pid] = prefix
        for child in reversed(under):
            last = child is under[-1]
            stack.append(
                (child, indent + (end if last else branch), indent + ("   " if last else through))
            )
    return ordered, prefixes


def _count(under: list[Task], children: dict[int, list[Task]]) -> int:
    """How many are folded away."""
    waiting = list(under)
    for task in waiting:  # grows
        waiting += children.pop(task.row.pid, [])
    return len(waiting)
