"""JSON Schema (draft 2020-12) of what a command writes with ``--json``, and a line with ``--jsonl``."""

from collections.abc import Sequence
from typing import Any

from sysutils.cli.output.column import Column, Table, kind_of
from sysutils.cli.reference import Reference

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema(command: Reference) -> dict[str, Any]:
    """The schema: an array of rows of one table; ``$defs`` has the tables, of which a line is one."""
    tables = {table.name: _object(table) for table in command.tables}
    rows = [{"$ref": f"#/$defs/{name}"} for name in tables]
    arrays = [{"type": "array", "items": row} for row in rows]
    what: dict[str, Any] = arrays[0] if len(arrays) == 1 else {"anyOf": arrays}
    return {
        "$schema": _DRAFT,
        "title": f"sysutils {command.name} --json",
        "description": f"{command.line} A line of --jsonl is one of $defs.",
        **what,
        "$defs": tables,
    }


def _object(table: Table) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "object"}
    if table.when:
        found["description"] = f"With {table.when}."
    return {**found, **_members(table.columns, table.some)}


def _members(columns: Sequence[Column], some: bool = False) -> dict[str, Any]:
    names = [column.name for column in columns]
    return {
        "properties": {column.name: _property(column) for column in columns},
        **({} if some else {"required": names}),
        "additionalProperties": False,
    }


def _property(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if column.help:
        found["description"] = column.help
    if column.unit:
        found["unit"] = column.unit
    return {**_types(column), **found}


def _types(column: Column) -> dict[str, Any]:
    declared = kind_of(column).split("|")
    kinds = ["array" if kind.startswith("[") else kind for kind in declared]
    if column.null and "null" not in kinds:
        kinds.append("null")
    found: dict[str, Any] = {"type": kinds if len(kinds) > 1 else kinds[0]}
    members = _members(column.of) if column.of else {}
    for kind in declared:
        if kind.startswith("["):
            found["items"] = {"type": kind.strip("[]"), **members}
        elif kind == "object":
            found.update(members)
    return found
