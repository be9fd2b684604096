"""taskstats: recorded answers of the kernel, structures of every version, errors, and live beside /proc."""

from __future__ import annotations

import base64
import contextlib
import os
import struct
import subprocess
import sys
import threading
import zlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

if not sys.platform.startswith("linux"):
    pytest.skip("taskstats are Linux'", allow_module_level=True)

from sysutils import core
from sysutils.core.linux import taskstats, vmstat
from sysutils.core.linux.ntuples import staskstats
from tests.cli.beside import drop_capability

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    sys.byteorder == "big", reason="the answers were recorded little-endian"
)

#: Linux 6.18 about a thread, and a process, that had written 1257472 bytes (zlib, base 64)
THREAD = (
    "eNoLYWJgkGdgYGAE4onlDAxMQIYDEwsDB1AExDdhYmYQYIAAJigtCqVLHhtzMBAD6sKYQZT1qadgIwoqSzLy8xiIBiB39AKxUTVz"
    "Noi/7DHEJQt6IPIKfhD6CDuqPq1rEAHTj1xgeoMJRNzCAaoggAdC3xCC0Cw4HGAgjMJlhdL8UBrdHTD/EgIw/2DzL7I/Gf5BqOQM"
    "4sIrvS8JrLEriGFAAAAI7yCY"
)
PROCESS = (
    "eNoLYWJgkGdgYGAE4onlDAxMQIYDEysDBwMTmG/CxMwgwIAKRKF0yWNjDgZiQF0YM4iyPvWUiYEK4PgTiDELeiB8BT8GugJWKM1P"
    "wL8DBdL7ksAB1BU0MPYDABELDfU="
)
FAMILY = bytes.fromhex(
    "70000000100000000100000091770000010200000e0002005441534b5354415453000000060001001f000000080003000100000"
    "0080004000000000008000500000000002c000600140001000800010001000000080002000b0000001400020008000100040000"
    "00080002000a000000"
)
NOBODY_THERE = bytes.fromhex(
    "30000000020000000100000091770000fdffffff1c0000001f000100010000000000000001010000080001007f969800"
)
NO_SUCH_FAMILY = bytes.fromhex(
    "34000000020000000100000091770000feffffff20000000100001000100000000000000030100000b0002004e4f5355434800"
    "00"
)
PID = 30609
CAP_NET_ADMIN = 12


def recorded(text: str) -> bytes:
    return zlib.decompress(base64.b64decode(text))


def test_the_answer_about_a_thread() -> None:
    assert taskstats.parse_answer(recorded(THREAD)) == (
        PID,
        staskstats(137618292, 0, 0, 0, 1257472, 0),
    )


def test_the_answer_about_a_process_has_delays_alone() -> None:
    """The kernel writes 0 for the bytes of a process: that is no figure."""
    told, stats = taskstats.parse_answer(recorded(PROCESS))
    assert (told, stats) == (PID, staskstats(137618292, 0, 0, None, None, None))


def test_the_number_of_the_family() -> None:
    assert taskstats.parse_family(FAMILY) == 31


@pytest.mark.parametrize(
    ("answer", "error"), [(NOBODY_THERE, ProcessLookupError), (NO_SUCH_FAMILY, FileNotFoundError)]
)
def test_errors_of_the_kernel(answer: bytes, error: type[OSError]) -> None:
    with pytest.raises(error):
        taskstats.parse_answer(answer)
    with pytest.raises(error):
        taskstats.parse_family(answer)


def structure(version: int, size: int) -> bytes:
    """A struct taskstats of that version in which each figure is its own."""
    data = bytearray(600)
    struct.pack_into("=H", data, 0, version)
    mixed = version == 15
    for number, start in enumerate((16, 48, 80) if mixed else (16, 32, 48), 1):
        struct.pack_into("=QQ", data, start, 1000 + number, 10 * number)
        if mixed:
            struct.pack_into("=QQ", data, start + 16, 7777, 8888)
    struct.pack_into("=QQQ", data, 296 if mixed else 248, 40, 50, 60)
    return bytes(data[:size])


@pytest.mark.parametrize(
    ("version", "size"), [(3, 272), (8, 328), (13, 416), (14, 432), (15, 560), (16, 560), (17, 600)]
)
def test_structures_of_each_version(version: int, size: int) -> None:
    """They grow at their end; version 15 alone had fields of its own in its midst."""
    data = structure(version, size)
    assert taskstats.parse_stats(data) == staskstats(10, 20, 30, 40, 50, 60)
    assert taskstats.parse_stats(data, whole=True) == staskstats(10, 20, 30, None, None, None)


@pytest.mark.parametrize("size", [64, 80, 271])
def test_a_short_structure_has_no_bytes(size: int) -> None:
    assert taskstats.parse_stats(structure(1, size)) == staskstats(10, 20, 30, None, None, None)


@pytest.mark.parametrize("size", [0, 2, 63])
def test_half_a_structure_is_an_error(size: int) -> None:
    with pytest.raises(ValueError, match="half a struct taskstats"):
        taskstats.parse_stats(structure(16, size))


@given(st.binary(max_size=700))
def test_any_bytes_are_an_answer_or_an_error(data: bytes) -> None:
    for parse in (taskstats.parse_answer, taskstats.parse_family):
        with contextlib.suppress(ValueError, OSError):
            parse(data)


@given(st.data())
def test_a_damaged_answer_is_an_answer_or_an_error(data: st.DataObject) -> None:
    answer = bytearray(recorded(THREAD))
    for _ in range(data.draw(st.integers(1, 4))):
        answer[data.draw(st.integers(0, 60))] = data.draw(st.integers(0, 255))
    size = data.draw(st.integers(0, len(answer)))
    try:
        told, stats = taskstats.parse_answer(bytes(answer[:size]))
    except (ValueError, OSError):
        return
    assert isinstance(told, int)
    assert isinstance(stats, staskstats)


def test_questions_are_padded() -> None:
    assert taskstats.question(3, 2, b"ab\0") == b"\3\1\0\0" + struct.pack("=HH", 7, 2) + b"ab\0\0"
    assert len(taskstats.question(1, 1, b"abcd")) == 12


# --- live


@pytest.fixture
def connection() -> Iterator[core.TaskStats]:
    """A connection that may ask. Skips where that needs rights."""
    try:
        stats = core.TaskStats()
    except (core.AccessDenied, NotImplementedError) as error:
        pytest.skip(f"no taskstats here: {error}")
    with contextlib.closing(stats):
        try:
            stats.thread(os.getpid())
        except core.AccessDenied as error:
            pytest.skip(f"no taskstats here: {error}")
        yield stats


@pytest.mark.root
def test_bytes_are_those_of_proc(connection: core.TaskStats, tmp_path: Path) -> None:
    with open(tmp_path / "file", "wb") as file:
        file.write(b"x" * 100_000)
        file.flush()
        os.fsync(file.fileno())
    tid = threading.get_native_id()
    row = next(
        row
        for row in core.process_table(("pid", "io_counters"), [os.getpid()], threads=True)
        if row.pid == tid
    )
    stats = connection.thread(tid)
    assert stats.write_bytes is not None
    assert (stats.read_bytes, stats.write_bytes) == (
        row.io_counters.read_bytes,
        row.io_counters.write_bytes,
    )
    assert stats.cpu_delay >= 0
    assert connection.process(os.getpid()).read_bytes is None


@pytest.mark.root
def test_who_is_not_there(connection: core.TaskStats) -> None:
    child = subprocess.Popen(["true"])
    child.wait()
    with pytest.raises(core.NoSuchProcess) as caught:
        connection.thread(child.pid)
    assert caught.value.pid == child.pid


def test_without_the_right_access_is_denied() -> None:
    """A program that lacks CAP_NET_ADMIN, root or not."""
    program = (
        "from sysutils import core\n"
        "try:\n    stats = core.TaskStats()\n    stats.thread(1)\n"
        "except core.AccessDenied as error:\n    print(error.pid, 'CAP_NET_ADMIN' in error.msg)\n"
        "except NotImplementedError:\n    print('none')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        preexec_fn=lambda: drop_capability(CAP_NET_ADMIN),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() in {"1 True", "none"}, done.stderr


def test_another_machine_s_proc_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "PROCFS_PATH", str(tmp_path))
    with pytest.raises(NotImplementedError):
        core.TaskStats()


@pytest.mark.parametrize(
    ("text", "told"), [(b"0\n", False), (b"1\n", True), (b"", False), (None, None)]
)
def test_whether_delays_are_counted(
    text: bytes | None, told: bool | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core, "PROCFS_PATH", str(tmp_path))
    (tmp_path / "sys/kernel").mkdir(parents=True)
    if text is not None:
        (tmp_path / "sys/kernel/task_delayacct").write_bytes(text)
    assert core.task_delayacct() is told


def test_counters_of_memory() -> None:
    assert vmstat.parse_vmstat(b"nr_free_pages 12\npgpgin 3\n\nhalf\nbad x\n") == {
        "nr_free_pages": 12,
        "pgpgin": 3,
    }
    assert core.vmstat()["pgpgout"] >= 0
