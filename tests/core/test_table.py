"""process_table: fields in, rows out, and only the files that the fields need."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from sysutils import core
from sysutils.core.linux import procfs
from tests.core.proc_dir import here
from tests.support.children import ended_pid, zombie

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_a_table_reads_only_what_its_fields_need(monkeypatch) -> None:
    opened: list[bytes] = []
    read = procfs.read_record

    def watched(path: bytes, size: int = 8192) -> bytes:
        opened.append(os.path.basename(path))
        return read(path, size)

    monkeypatch.setattr(procfs, "read_record", watched)
    (row,) = core.process_table(["pid", "comm", "ppid"], [os.getpid()])
    assert row == (os.getpid(), core.Process().comm(), os.getppid())
    assert opened[:1] == [b"stat"]
    opened.clear()
    list(core.process_table(["euid"], [os.getpid()]))
    assert opened == []


def test_a_table_leaves_out_the_gone_and_blanks_the_forbidden() -> None:
    with zombie() as pid:
        rows = list(core.process_table(["pid", "cmdline", "state"], [ended_pid(), pid]))
    assert rows == [(pid, None, "Z")]


def test_a_table_of_threads() -> None:
    rows = list(core.process_table(["pid", "tgid"], [os.getpid()], threads=True))
    assert (os.getpid(), os.getpid()) in rows
    assert {row.tgid for row in rows} == {os.getpid()}
    assert [row.pid for row in rows] == [t.id for t in core.Process().threads()]


def test_an_unknown_field() -> None:
    with pytest.raises(ValueError, match="invalid field name 'nope'"):
        core.process_table(["pid", "nope"])


def test_numbers_that_are_read_together_stand_where_they_were_asked_for() -> None:
    fields = ["session", "comm", "ppid", "args", "pgrp", "pid"]
    (row,) = core.process_table(fields, [os.getpid()])
    assert row._fields == tuple(fields)
    process = core.Process()
    assert row == (
        os.getsid(0), row.comm, os.getppid(), " ".join(process.cmdline()), os.getpgrp(), os.getpid(),
    )  # fmt: skip
    assert process.name().startswith(row.comm)


@pytest.mark.parametrize("text", ["", "char: 1\nwchar: 2\n"])
def test_a_file_that_lacks_what_is_asked_for_costs_the_value(
    text: str, fresh_tree: Callable[[str], Path]
) -> None:
    proc = fresh_tree("small")
    (proc / "2050/io").chmod(0o600)
    (proc / "2050/io").write_text(text)
    with here(proc):
        (row,) = core.process_table(["pid", "ppid", "io_counters"], [2050])
    assert (row.pid, row.io_counters) == (2050, None)
    assert row.ppid
