"""heap_info, heap_trim: what the C library tells of itself, as psutil 7.2.2 shows it."""

import ctypes
import subprocess
import sys

import pytest

from sysutils import core
from sysutils.core import _platform
from sysutils.core.linux import heap
from tests.support import oracle

pytestmark = pytest.mark.skipif(not _platform.has_glibc(), reason="GNU's C library alone tells")


@pytest.mark.oracle
def test_as_psutil() -> None:
    # what the test itself takes meanwhile is far below a page
    oracle.bracket(lambda api: api.heap_info(), floor=4096)
    assert oracle.oracle().heap_trim() is None
    assert core.heap_trim() is None


def test_a_large_block_has_a_map_of_its_own() -> None:
    libc = ctypes.CDLL(None)
    libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    size = 256 << 20  # beyond every threshold of malloc(3)
    before = core.heap_info()
    block = libc.malloc(ctypes.c_size_t(size))
    with_it = core.heap_info()
    libc.free(block)
    after = core.heap_info()
    assert size <= with_it.mmap_used - before.mmap_used < size + 65536
    assert after.mmap_used == before.mmap_used
    assert abs(with_it.heap_used - before.heap_used) < 65536


def test_small_blocks_are_in_the_heap() -> None:
    libc = ctypes.CDLL(None)
    libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    before = core.heap_info().heap_used
    blocks = [libc.malloc(1000) for _ in range(1000)]
    grown = core.heap_info().heap_used - before
    for block in blocks:
        libc.free(block)
    assert 900_000 < grown < 1_500_000


def test_fields() -> None:
    assert type(core.heap_info()).__name__ == "pheap"
    assert core.heap_info()._fields == ("heap_used", "mmap_used")


def test_before_glibc_2_33(monkeypatch: pytest.MonkeyPatch) -> None:
    """mallinfo, whose numbers have 32 bits."""
    kind = "PyDLL" if hasattr(ctypes, "PyDLL") else "CDLL"
    real = getattr(ctypes, kind)(None)

    class Old:
        def __getattr__(self, name: str) -> object:
            if name == "mallinfo2":
                raise AttributeError(name)
            return getattr(real, name)

    monkeypatch.setattr(heap, "_ask", None)
    monkeypatch.setattr(heap, "_unpack", None, raising=False)
    now = core.heap_info()
    monkeypatch.setattr(heap, "_ask", None)
    monkeypatch.setattr(ctypes, kind, lambda name: Old())
    assert core.heap_info() == pytest.approx([part & 0xFFFFFFFF for part in now], abs=65536)
    core.heap_trim()


def test_other_c_libraries_have_no_such_names() -> None:
    program = (
        "import os\n"
        "def confstr(name): raise OSError(22, 'as musl')\n"
        "os.confstr = confstr\n"
        "from sysutils import core\n"
        "assert not hasattr(core, 'heap_info') and not hasattr(core, 'heap_trim')\n"
        "assert not {'heap_info', 'heap_trim'} & {*core.__all__, *dir(core)}\n"
        "from sysutils.core import *\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
