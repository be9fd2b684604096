"""Fields of processes on systems that do not tell every fact, or not of everybody's processes."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from sysutils import core
from sysutils.cli.fields.process import Field, Get, Moment, Row, emptied, plain
from sysutils.cli.fields.process_text import name_text

#: fields that tell a user's name where users have no numbers
_USERS = {"user", "euser", "uname", "ruser"}


def guarded(field: Field) -> Field:
    """The field, ``-`` for a process of which the system does not tell what it is made of; for all of
    them if it tells that of none."""
    if not field.known or not field.needs:
        return field
    required = [name for name in field.needs if name not in field.optional]
    if not all(map(core.has_fact, required)):
        return _named(field) if field.name in _USERS else emptied(field)
    told = _told(required)
    value, cell, order, missing = field.value, field.cell, field.order, field.missing

    def guarded_value(moment: Moment) -> Get:
        get = value(moment)
        return lambda row: get(row) if told(row) else None

    def guarded_cell(moment: Moment, room: int) -> Callable[[Row], Any]:
        assert cell is not None
        text = cell(moment, room)
        return lambda row: text(row) if told(row) else missing

    def guarded_order(moment: Moment) -> Get:
        assert callable(order)
        key = order(moment)
        return lambda row: key(row) if told(row) else None

    return field._replace(
        value=guarded_value,
        cell=cell and guarded_cell,
        order=guarded_order if callable(order) else order,
    )


def _told(names: list[str]) -> Callable[[Row], bool]:
    gets = [attrgetter(name) for name in names]
    return lambda row: all(get(row) is not None for get in gets)


def _named(field: Field) -> Field:
    """The user's name as the system tells it, without a domain."""
    if not core.has_fact("username"):
        return emptied(field)

    def cell(_: Moment, room: int) -> Callable[[Row], str]:
        def text(row: Row) -> str:
            name: str | None = row.username
            return "-" if name is None else name_text(name.rpartition("\\")[2], room)

        return text

    return field._replace(needs=("username",), value=plain("username"), cell=cell, order=None)
