"""Which processes: by lists of ids, names and terminals, and by whose and where they are.

A selection is made of tests of a row; each tells which facts it needs. Shared by ps and others that
choose processes."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

Row = Any


class Test(NamedTuple):
    """One condition: the facts it needs, and what it asks of a row of them."""

    needs: tuple[str, ...]
    holds: Callable[[Row], bool]


def one_of(fact: str, values: Collection[Any]) -> Test:
    """The fact is one of ``values``."""
    wanted = frozenset(values)
    return Test((fact,), lambda row: getattr(row, fact) in wanted)


def real_user(values: Collection[int]) -> Test:
    """Owned by one of the users."""
    wanted = frozenset(values)
    return Test(("uids",), lambda row: row.uids is not None and row.uids.real in wanted)


def real_group(values: Collection[int]) -> Test:
    """Belongs to one of the groups."""
    wanted = frozenset(values)
    return Test(("gids",), lambda row: row.gids is not None and row.gids.real in wanted)


#: what a simple selection is made of
HAS_TERMINAL = Test(("tty_nr",), lambda row: bool(row.tty_nr))
LEADS_NO_SESSION = Test(("session", "tgid"), lambda row: bool(row.session != row.tgid))
EVERY = Test((), lambda _: True)
NO_KERNEL_THREAD = Test(("tgid", "ppid"), lambda row: row.tgid != 2 and row.ppid != 2)
RUNNING = Test(("state",), lambda row: row.state in {"R", "D"})


def all_of(tests: Sequence[Test]) -> Test:
    """All of the conditions."""
    holds = [test.holds for test in tests]
    return Test(_needs(tests), lambda row: all(hold(row) for hold in holds))


def any_of(tests: Sequence[Test]) -> Test:
    """One of the conditions at least."""
    holds = [test.holds for test in tests]
    return Test(_needs(tests), lambda row: any(hold(row) for hold in holds))


def none_of(test: Test) -> Test:
    """Not the condition."""
    return Test(test.needs, lambda row: not test.holds(row))


def _needs(tests: Sequence[Test]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for test in tests for name in test.needs))
