"""Memory: live beside psutil, on made-up /proc/meminfo of every age, and the parsers on hostile text."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils import core
from sysutils.core.linux import mem as linux_mem
from sysutils.core.linux import meminfo
from tests.core.proc_dir import here, write
from tests.support.oracle import at, bracket, same

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MEMINFO = """\
MemTotal:       24683656 kB
MemFree:        24410872 kB
MemAvailable:   24380596 kB
Buffers:            3140 kB
Cached:           120656 kB
SwapCached:            8 kB
Active:            64932 kB
Inactive:          67628 kB
Active(anon):      15640 kB
Inactive(anon):        4 kB
Active(file):      49292 kB
Inactive(file):    67624 kB
Unevictable:       11000 kB
SwapTotal:       2097148 kB
SwapFree:        2000000 kB
Shmem:              8896 kB
Slab:              82248 kB
SReclaimable:      58488 kB
VmallocTotal:   34359738367 kB
HugePages_Total:       3
Hugepagesize:       2048 kB
"""
VMSTAT = "nr_free_pages 6102718\npgpgin 7\npswpin 5\npswpout 11\npgfault 3\n"
ZONEINFO = """\
Node 0, zone      DMA
  pages free     3840
        min      10
        low      1400
        high     1600
Node 0, zone   Normal
  pages free     6000000
        boost    0
        min      30
        low      700
        high     900
  nr_low 5
"""


def _without(*names: str, text: str = MEMINFO) -> str:
    return "".join(
        line for line in text.splitlines(keepends=True) if line.partition(":")[0] not in names
    )


def _with(**kib: int) -> str:
    return _without(*kib) + "".join(f"{name}: {value} kB\n" for name, value in kib.items())


def _told(call: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The answer together with the texts of what was warned of."""

    def asked(api: Any) -> Any:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            answer = call(api)
        return answer, [(str(warning.message), warning.category.__name__) for warning in caught]

    return asked


# --- live


def test_the_live_machine_s_memory() -> None:
    found = bracket(lambda api: api.virtual_memory(), rel=0.05, floor=256 << 20)
    assert found.total == core.meminfo()["MemTotal"]
    assert found.used == found.total - found.available
    assert found.percent == round(found.used / found.total * 100, 1)


def test_the_live_machine_s_swap() -> None:
    bracket(lambda api: api.swap_memory(), floor=64 << 20)


def test_all_lines_of_meminfo_are_told() -> None:
    with open("/proc/meminfo", encoding="ascii") as file:
        names = [line.partition(":")[0] for line in file]
    assert list(core.meminfo()) == names


# --- recorded


@pytest.mark.parametrize("machine", ["small", "crowd"])
def test_recorded_machines(tree: Callable[[str], Path], machine: str) -> None:
    with at(tree(machine)):
        same(_told(lambda api: api.virtual_memory()))
        same(_told(lambda api: api.swap_memory()))


OLD = [
    (),
    ("MemAvailable",),
    ("MemAvailable", "SReclaimable"),
    ("MemAvailable", "Active(file)"),
    ("MemAvailable", "Inactive(file)"),
    ("MemAvailable", "Cached"),
    ("Buffers",),
    ("Cached",),
    ("SReclaimable",),
    ("Shmem",),
    ("Active",),
    ("Inactive",),
    ("Slab",),
    ("Buffers", "Cached", "Shmem", "Active", "Inactive", "MemAvailable"),
]


@pytest.mark.parametrize("missing", OLD, ids=" ".join)
@pytest.mark.parametrize("zones", [ZONEINFO, None], ids=["zones", "no zones"])
def test_kernels_that_tell_less(
    tmp_path: Path, missing: tuple[str, ...], zones: str | None
) -> None:
    write(tmp_path, {"meminfo": _without(*missing), "zoneinfo": zones, "vmstat": VMSTAT})
    with at(tmp_path):
        same(_told(lambda api: api.virtual_memory()))


@pytest.mark.parametrize(
    "text",
    [
        _without("Shmem") + "MemShared: 77 kB\n",
        _without("Inactive") + "Inact_dirty: 7 kB\nInact_clean: 8 kB\nInact_laundry: 9 kB\n",
        _without("Inactive") + "Inact_dirty: 7 kB\nInact_clean: 8 kB\n",
        _with(MemAvailable=0),
        _with(MemAvailable=-5),
        _with(MemAvailable=24683657),
        _with(MemAvailable=24683656),
        _with(MemAvailable=1),
        _with(**{"MemAvailable": 0, "MemFree": 5, "Active(file)": 6, "Inactive(file)": 8}),
        _with(MemTotal=0, MemFree=0, MemAvailable=0),
        "".join(reversed(MEMINFO.splitlines(keepends=True))),
        MEMINFO.replace("\n", "\nNew_thing: 5 kB\n"),
        MEMINFO.replace(" kB", "   kB"),
    ],
)
def test_odd_kernels_and_containers(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"meminfo": text, "zoneinfo": ZONEINFO, "vmstat": VMSTAT})
    with at(tmp_path):
        same(_told(lambda api: api.virtual_memory()))
        same(_told(lambda api: api.swap_memory()))


def test_a_container_that_sees_more_free_than_it_has(tmp_path: Path) -> None:
    write(tmp_path, {"meminfo": _with(MemFree=30_000_000, MemAvailable=40_000_000)})
    with here(tmp_path):
        found = core.virtual_memory()
    assert (found.available, found.used, found.percent) == (found.total, 0, 0.0)


def test_every_read_is_checked_for_its_layout(tmp_path: Path) -> None:
    """What was learnt from one text is not believed of another."""
    with here(write(tmp_path, {"meminfo": MEMINFO})):
        first = core.virtual_memory()
        write(
            tmp_path,
            {"meminfo": MEMINFO.replace("Buffers:            3140", "Buffers:            9999")},
        )
        assert core.virtual_memory() == first._replace(buffers=9999 << 10)
        lines = MEMINFO.splitlines(keepends=True)
        write(tmp_path, {"meminfo": "".join([*lines[:3], "Odd:  1 kB\n", *lines[3:]])})
        assert core.virtual_memory() == first
        write(tmp_path, {"meminfo": "".join([lines[0], lines[2], lines[1], *lines[3:]])})
        assert core.virtual_memory() == first
        write(tmp_path, {"meminfo": MEMINFO.replace("    3140 kB", " garbage kB")})
        with pytest.warns(RuntimeWarning, match="buffers"):
            assert core.virtual_memory() == first._replace(buffers=0)


def test_the_warning_is_about_the_caller_s_line(tmp_path: Path) -> None:
    write(tmp_path, {"meminfo": _without("Buffers"), "vmstat": ""})
    with here(tmp_path):
        for call in (core.virtual_memory, core.swap_memory):
            with pytest.warns(RuntimeWarning) as caught:
                call()
            assert [warning.filename for warning in caught] == [__file__]


@pytest.mark.parametrize(
    ("meminfo", "vmstat"),
    [
        (MEMINFO, VMSTAT),
        (MEMINFO, "pswpin 5\npswpout 11"),
        (MEMINFO, ""),
        (MEMINFO, None),
        (MEMINFO, "pswpin 5\n"),
        (_without("SwapTotal", "SwapFree") + "SwapTotal: 0 kB\nSwapFree: 0 kB\n", VMSTAT),
    ],
)
def test_swap(tmp_path: Path, meminfo: str, vmstat: str | None) -> None:
    write(tmp_path, {"meminfo": meminfo, "vmstat": vmstat})
    with at(tmp_path):
        same(_told(lambda api: api.swap_memory()))


def test_swap_is_never_negative(tmp_path: Path) -> None:
    write(tmp_path, {"meminfo": _with(SwapTotal=10, SwapFree=30), "vmstat": VMSTAT})
    with here(tmp_path):
        found = core.swap_memory()
    assert (found.total, found.used, found.free, found.percent) == (10 << 10, 0, 30 << 10, 0.0)


def test_a_missing_file_is_an_ordinary_error(tmp_path: Path) -> None:
    with here(tmp_path):
        for call in (core.virtual_memory, core.swap_memory, core.meminfo):
            with pytest.raises(FileNotFoundError) as caught:
                call()
            assert caught.value.filename == str(tmp_path / "meminfo")


@pytest.mark.parametrize("name", ["MemTotal", "MemFree"])
def test_what_can_t_be_done_without(tmp_path: Path, name: str) -> None:
    with here(write(tmp_path, {"meminfo": _without(name)})), pytest.raises(KeyError, match=name):
        core.virtual_memory()


def test_meminfo_in_bytes_and_counts(tmp_path: Path) -> None:
    with here(write(tmp_path, {"meminfo": MEMINFO})):
        found = core.meminfo()
    assert found["MemTotal"] == 24683656 * 1024
    assert found["VmallocTotal"] == 34359738367 * 1024
    assert found["HugePages_Total"] == 3
    assert list(found)[:2] == ["MemTotal", "MemFree"]


# --- the parsers

_names = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=":"), min_size=1
)


@given(st.dictionaries(_names, st.tuples(st.integers(0, 1 << 60), st.booleans())))
def test_whatever_the_kernel_names_is_told(lines: dict[str, tuple[int, bool]]) -> None:
    text = "".join(f"{name}: {n:>8}{' kB' * kib}\n" for name, (n, kib) in lines.items())
    expected = {name: n * 1024 if kib else n for name, (n, kib) in lines.items()}
    assert meminfo.parse_meminfo(text.encode()) == expected


@given(st.binary())
def test_noise_is_no_error(data: bytes) -> None:
    assert all(isinstance(value, int) for value in meminfo.parse_meminfo(data).values())
    linux_mem.parse_low_watermarks(data)
    linux_mem.parse_swapped(data)


@pytest.mark.parametrize("end", range(0, len(MEMINFO), 7))
def test_a_text_that_is_cut_off(tmp_path: Path, end: int) -> None:
    text = MEMINFO[:end]
    with here(write(tmp_path, {"meminfo": text})), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if re.search(r"MemFree: +\d", text):
            found = core.virtual_memory()
            assert 0 <= found.available <= found.total
        else:
            with pytest.raises(KeyError):
                core.virtual_memory()


@given(st.lists(st.integers(0, 1 << 40), min_size=3))
def test_watermarks_of_all_zones_add_up(low: list[int]) -> None:
    text = "".join(
        f"Node 0, zone {i}\n  pages free 9\n   low  {n}\n  high 1\n" for i, n in enumerate(low)
    )
    assert linux_mem.parse_low_watermarks(text.encode()) == sum(low)


def test_the_kernel_s_formula() -> None:
    """Free 1000 less the watermarks of 100, half a page cache of 80 and 60 of 160 in slabs: in pages."""
    page = linux_mem.PAGE_SIZE
    info = {"MemFree": 1000, "Active(file)": 50, "Inactive(file)": 30, "SReclaimable": 160}
    in_bytes = {name: pages * page for name, pages in info.items()}
    found = linux_mem.estimate_available(in_bytes, b"  low 60\n low 40\n")
    assert found == (1000 - 100 + (80 - 40) + (160 - 80)) * page
