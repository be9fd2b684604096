"""Our structures are laid out as clang lays out the documented ones for AIX, and as systems show them."""

from __future__ import annotations

import ctypes
from pathlib import Path

import pytest

from sysutils.core.aix import layout
from tests.support import documented

_HEADER = Path(__file__).with_name("documented.h")
_FORMS = documented.in_header(layout, _HEADER)
_PINS = documented.pins(Path(__file__).with_name("pins.txt"))


def test_all_are_asked_for() -> None:
    assert {form.__name__ for form in _FORMS} == {
        "timestruc", "lwpsinfo", "psinfo", "pstatus", "prcred", "utmp", "vmt_data", "vmount", "perfstat_id",
        "perfstat_cpu_total", "perfstat_cpu", "perfstat_memory_total", "perfstat_disk",
        "perfstat_netinterface", "perfstat_process", "perfstat_partition_config", "ifreq", "ifconf",
        "timebasestruct", "thread_cputime",
    }  # fmt: skip


def test_the_sizes_that_calls_pass_are_pinned() -> None:
    assert set(layout.SIZES) <= {name for name, size, _ in _PINS if size is not None}


@pytest.mark.parametrize(("name", "size", "fields"), _PINS, ids=[name for name, *_ in _PINS])
def test_layouts(name: str, size: int | None, fields: dict[str, int]) -> None:
    form = getattr(layout, name)
    if documented.is_whole(form):
        assert ctypes.sizeof(form) == size
    elif size is not None:
        assert ctypes.sizeof(form) <= size
    if name in layout.SIZES:
        assert layout.SIZES[name] == size
    assert {path: documented.offset(form, path) for path in fields} == fields


@pytest.mark.parametrize(
    ("request_number", "size"),
    [
        (layout.SIOCGIFFLAGS, ctypes.sizeof(layout.ifreq)),
        (layout.SIOCGIFNETMASK, ctypes.sizeof(layout.ifreq)),
        (layout.SIOCGIFBRDADDR, ctypes.sizeof(layout.ifreq)),
        (layout.SIOCGIFDSTADDR, ctypes.sizeof(layout.ifreq)),
        (layout.SIOCGIFCONF, 16),
        (layout.SIOCGSIZIFCONF, 4),
    ],
)
def test_requests_tell_the_size_of_their_argument(request_number: int, size: int) -> None:
    assert request_number >> 16 & 0x1FFF == size


@pytest.mark.lab
def test_clang(tmp_path: Path) -> None:
    if ctypes.sizeof(ctypes.c_void_p) != 8:
        pytest.skip("made for Python of another pointer size")
    sizes = {name: size for name, size, _ in _PINS if size is not None}
    target = "powerpc64-ibm-aix7.2.0.0"
    wrong = documented.differences(_FORMS, _HEADER, target, tmp_path, sizes)
    assert not wrong, "ours, clang's"


@pytest.mark.lab
def test_files_are_the_same_to_programs_of_32_bits(tmp_path: Path) -> None:
    """Files of /proc, utmp, and what libperfstat counts (its one ``long`` is padded)."""
    here = [form for form in _FORMS if issubclass(form, ctypes.BigEndianStructure)]
    target = "powerpc-ibm-aix7.2.0.0"
    wrong = documented.differences(here, _HEADER, target, tmp_path, {})
    wrong.pop("sizeof(((perfstat_cpu_total *)0)->lbolt)", None)
    assert not wrong, "ours, clang's"
