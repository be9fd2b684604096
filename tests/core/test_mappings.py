"""Process.mappings: smaps in columns, and smaps that are not."""

from __future__ import annotations

import ctypes
import mmap
import os
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils import core
from sysutils.core.linux import maps

NAMES = ("Size", "Rss", "Swap")


def entry(
    start: int, figures: dict[str, int], flags: str | None = "rd wr", path: str = "/x"
) -> bytes:
    """One mapping as the kernel writes it."""
    lines = [f"{start:08x}-{start + 4096:08x} rw-p 00001000 08:01 7                  {path}"]
    lines += [f"{name + ':':16}{value:8} kB" for name, value in figures.items()]
    lines += [] if flags is None else [f"VmFlags: {flags} "]
    return "\n".join(lines).encode() + b"\n"


figures = st.fixed_dictionaries({name: st.integers(0, 10**12) for name in NAMES})


@given(st.lists(st.tuples(figures, st.sampled_from(["rd", "rd wr mr", ""])), max_size=6))
def test_every_figure_comes_back(rows: list[tuple[dict[str, int], str]]) -> None:
    data = b"".join(entry(i * 4096, *row) for i, row in enumerate(rows))
    found = maps.parse_mappings(data)
    assert [row.figures for row in found] == [
        {**values, "VmFlags": flags} for values, flags in rows
    ]
    assert [row.start for row in found] == [i * 4096 for i in range(len(rows))]
    for name in NAMES:
        only = maps.parse_mappings(data, {name})
        assert [row.figures for row in only] == [{name: values[name]} for values, _ in rows]


def test_numbers_of_unlike_widths_that_make_up_for_each_other() -> None:
    sizes = [{"Rss": 1, "Swap": 10**8}, {"Rss": 10**8, "Swap": 1}]
    data = b"".join(entry(i * 4096, figures) for i, figures in enumerate(sizes))
    for name in ("Rss", "Swap"):
        found = maps.parse_mappings(data, {name})
        assert [row.figures[name] for row in found] == [figures[name] for figures in sizes]


def test_mappings_that_are_described_unlike() -> None:
    data = entry(0, {"Rss": 1}, None) + entry(4096, {"Rss": 2, "Pss": 3}) + entry(8192, {}, None)
    found = maps.parse_mappings(data)
    assert [row.figures for row in found] == [
        {"Rss": 1},
        {"Rss": 2, "Pss": 3, "VmFlags": "rd wr"},
        {},
    ]


def test_a_header_alone_and_nothing() -> None:
    (row,) = maps.parse_mappings(entry(4096, {}, None, "/a b (deleted)"))
    assert row[:7] == (4096, 8192, "rw-p", 4096, "08:01", 7, "/a b (deleted)")
    assert maps.parse_mappings(b"") == maps.parse_maps(b"") == []


@pytest.mark.parametrize("data", [b"garbage\n", b"1-2 r--p\n", b"x-y r--p 0 0:0 0\n"])
def test_what_is_no_mapping_is_an_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        maps.parse_mappings(data)
    with pytest.raises(ValueError, match=r".+"):
        maps.parse_maps(data)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux' smaps")
def test_a_file_read_in_many_pieces() -> None:
    """Neighbours with unlike rights are not joined: smaps is far longer than what is taken at once."""
    count, page = 2000, mmap.PAGESIZE
    libc = ctypes.CDLL(None, use_errno=True)
    with mmap.mmap(-1, count * page) as held:
        first = (ctypes.c_char * len(held)).from_buffer(held)
        address = ctypes.addressof(first)
        for number in range(1, count, 2):
            place = ctypes.c_void_p(address + number * page)
            assert libc.mprotect(place, ctypes.c_size_t(page), mmap.PROT_READ) == 0
        held[0] = 1
        ours = range(address, address + count * page)
        found = [row for row in core.process_mappings(os.getpid(), {"Rss"}) if row.start in ours]
        bare = [row for row in core.process_mappings(os.getpid()) if row.start in ours]
        del first
    assert [row.start for row in found] == [*range(address, address + count * page, page)]
    assert [row[:7] for row in found] == [row[:7] for row in bare]
    assert {row.perms for row in found[::2]} == {"rw-s"}
    assert {row.perms for row in found[1::2]} == {"r--s"}
    assert [row.figures["Rss"] for row in found[:2]] == [page // 1024, 0]
