"""Processes as a tree: parents before their children, with lines drawn to them."""

from collections.abc import Sequence
from typing import Any

Row = Any


def forest(rows: Sequence[Row], drawn: bool = True) -> tuple[list[Row], dict[int, str]]:
    """The rows in the order of the tree, and for each pid what stands before its command.

    ``rows`` have ``tgid`` and ``ppid``; siblings stay in their order. One whose parent is not among them
    is a root; roots come in the opposite order. ``drawn`` False: two blanks a level instead of lines;
    no lines are drawn to the children of process 1."""
    there = {row.tgid for row in rows}
    below: dict[int, list[Row]] = {}
    roots = []
    for row in rows:
        if row.ppid in there and row.ppid != row.tgid:
            below.setdefault(row.ppid, []).append(row)
        else:
            roots.append(row)
    ordered: list[Row] = []
    prefixes: dict[int, str] = {}
    #: row, its own prefix, what its children's prefixes begin with
    stack = [(row, "", "") for row in roots]
    while stack:
        row, prefix, indent = stack.pop()
        ordered.append(row)
        prefixes[row.tgid] = prefix
        children = below.pop(row.tgid, [])
        for child in reversed(children):
            if not drawn:
                stack.append((child, indent + "  ", indent + "  "))
            elif row.tgid == 1:
                stack.append((child, "", ""))
            elif child is children[-1]:
                stack.append((child, indent + " \\_ ", indent + "    "))
            else:
                stack.append((child, indent + " \\_ ", indent + " |  "))
    return ordered, prefixes
