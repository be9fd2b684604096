"""Made-up machines that count: block devices and network interfaces."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sysutils import core
from sysutils.core.linux import procfs

HEADINGS = (
    "Inter-|   Receive                                                |  Transmit\n"
    " face |bytes    packets errs drop fifo frame compressed multicast|"
    "bytes    packets errs drop fifo colls carrier compressed\n"
)
Machine = Callable[..., Path]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """``machine({"proc/diskstats": text})``: files of a machine; a None takes one away."""

    def write(files: dict[str, str | None]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                path.unlink()
            else:
                path.write_bytes(os.fsencode(text))
        return tmp_path

    for name in ("proc/net", "sys"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.setattr(core, "PROCFS_PATH", str(tmp_path / "proc"))
    monkeypatch.setattr(procfs, "sys_root", os.fsencode(tmp_path / "sys"))
    core.disk_io_counters.cache_clear()
    core.net_io_counters.cache_clear()
    return write


def disk(name: str, *counters: int, number: str = "8 0") -> str:
    return f"   {number} {name} {' '.join(map(str, counters))}\n"


def nic(name: str, *counters: int) -> str:
    return f"  {name}: {' '.join(map(str, counters))}\n"
