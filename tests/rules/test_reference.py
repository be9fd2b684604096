"""The pages and schemas below ``docs`` are what the commands declare."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sysutils.cli import COMMANDS
from sysutils.cli.output.column import UNITS, Column, kind_of
from sysutils.cli.reference import describe, describe_group
from sysutils.cli.reference_man import manual
from sysutils.cli.reference_pages import FOLDERS, PICTURED, files, page, write
from tests.rules.sources import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from sysutils.cli.reference import Reference

if sys.platform.startswith("linux"):
    MADE = files()
    MANUALS = ["sysutils", *sorted(COMMANDS)]
else:
    pytest.skip("the commands are described where all of them work", allow_module_level=True)


@pytest.mark.parametrize("name", sorted(MADE))
def test_a_file_is_as_declared(name: str) -> None:
    path = ROOT / "docs" / name
    assert path.exists(), "python -m sysutils.cli.reference_pages makes it"
    assert path.read_text(encoding="utf-8") == MADE[name], (
        "stale: python -m sysutils.cli.reference_pages"
    )


def test_no_file_is_of_a_command_that_is_gone() -> None:
    found = {
        path.relative_to(ROOT / "docs").as_posix()
        for folder in FOLDERS
        for path in (ROOT / "docs" / folder).iterdir()
    }
    assert found == set(MADE)


def test_pictures_are_of_commands_and_there() -> None:
    found = {path.stem for path in (ROOT / "docs" / "pictures").glob("*.svg")}
    assert found & set(COMMANDS) >= PICTURED
    assert found - PICTURED == {"help"}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_is_explained(name: str) -> None:
    found = describe(name)
    assert found.options
    for option in found.options:
        assert option.help.endswith((".", "…")), option.spelled
        assert not option.departs or option.departs.endswith("."), option.spelled


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_table_is_known(name: str) -> None:
    tables = describe(name).tables
    assert tables
    assert len({table.name for table in tables}) == len(tables)
    known = {"integer", "number", "string", "boolean", "object", "null"}
    for table in tables:
        for column in table.columns:
            assert column.unit in {"", *UNITS}, column.name
            assert {kind.strip("[]") for kind in kind_of(column).split("|")} <= known, column.name


@pytest.mark.parametrize("name", sorted(name for name in MADE if name.endswith(".json")))
def test_a_schema_is_a_schema(name: str) -> None:
    from jsonschema import Draft202012Validator

    schema = json.loads(MADE[name])
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_kind_of_a_column_is_told_by_its_unit_or_its_side() -> None:
    plain = Column("x", "X", int)
    kinds = [
        kind_of(plain._replace(**more))  # type: ignore[arg-type]
        for more in (
            {},
            {"right": True},
            {"unit": "bytes"},
            {"unit": "percent"},
            {"kind": "[object]"},
        )
    ]
    assert kinds == ["string", "integer", "integer", "number", "[object]"]


def test_a_page_tells_platforms_departures_and_choices() -> None:
    command = describe("pmap")
    option = command.options[0]._replace(
        spelled=["-z <N|M>"], only=("linux", "darwin"), departs="Not ``so``."
    )
    text = page(command._replace(options=[option]))
    assert "| `-z <N\\|M>` | Show details. | Linux, macOS | Not `so`. |" in text
    assert "### extended\n\nWith `-x`.\n" in text


def page_of(name: str) -> str:
    return "sysutils.1" if name == "sysutils" else f"sysutils-{name}.1"


def described(name: str) -> Reference:
    return describe_group() if name == "sysutils" else describe(name)


def rendered(path: Path) -> str:
    """A manual as man(1) shows it, words apart by one blank."""
    groff = shutil.which("groff")
    if groff is None:
        pytest.skip("no groff here")
    done = subprocess.run(
        [groff, "-man", "-Tutf8", "-ww", "-rHY=0", "-P-cbou", str(path)],
        capture_output=True,
        check=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    assert done.stderr == b""
    return " ".join(done.stdout.decode().split())


@pytest.mark.parametrize("name", MANUALS)
def test_a_manual_has_every_option_example_and_field(name: str) -> None:
    command = described(name)
    text = rendered(ROOT / "docs" / "man" / page_of(name))
    place = 0
    for option in command.options:
        place = text.index(", ".join(option.spelled), place)
    for words, meaning in command.about.examples:
        assert f"{words} {' '.join(meaning.split())}" in text
    for table in command.tables:
        for column in table.columns:
            assert f" {column.name}" in text or column.kind == "null"
    for heading in ("NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES", "EXIT STATUS", "SEE ALSO"):
        assert f" {heading} " in text


@pytest.mark.parametrize("name", MANUALS)
def test_a_manual_is_good_mans_language(name: str) -> None:
    mandoc = shutil.which("mandoc")
    if mandoc is None:
        pytest.skip("no mandoc here")
    path = str(ROOT / "docs" / "man" / page_of(name))
    done = subprocess.run([mandoc, "-Tlint", "-Wall", path], capture_output=True, check=False)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_text_of_a_manual_is_taken_for_no_request() -> None:
    command = describe("tty")
    odd = command._replace(more=".so \\fBx ``b-d`` 'q' … ^~`")
    assert "\n\\&.so \\(rsfBx \\fBb\\-d\\fP \\(aqq\\(aq \\[u2026] \\(ha\\(ti\\(ga\n" in manual(odd)


def test_manuals_do_not_stand_in_for_the_systems_own() -> None:
    found = {path.name for path in (ROOT / "docs" / "man").iterdir()}
    assert found == {page_of(name) for name in MANUALS}
    assert not found & {f"{name}.{section}" for name in COMMANDS for section in (1, 8)}


def test_files_are_written_and_those_of_no_command_removed(tmp_path: Path) -> None:
    (tmp_path / "commands").mkdir()
    (tmp_path / "commands" / "rm.md").write_text("")
    write(str(tmp_path))
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.glob("*/*")} == set(MADE)
