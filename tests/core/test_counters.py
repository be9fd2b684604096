"""disk_io_counters, net_io_counters, block_devices: beside psutil 7.2.2, on made-up files, and the model
of counters that never fall."""

import contextlib
import itertools
import os
import signal
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sysutils import core
from sysutils.core._counters import Rising
from sysutils.core._ntuples import snetio
from sysutils.core.linux import diskstats, interfaces, procfs
from tests.support import oracle

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


# --- live, beside psutil


@pytest.mark.oracle
@pytest.mark.parametrize("options", [{}, {"nowrap": False}])
def test_live_counters_as_psutil(options: dict[str, bool]) -> None:
    oracle.bracket(lambda api: api.disk_io_counters(**options))
    oracle.bracket(lambda api: api.disk_io_counters(perdisk=True, **options))
    oracle.bracket(lambda api: api.net_io_counters(**options))
    oracle.bracket(lambda api: api.net_io_counters(pernic=True, **options))


# --- layouts of all times, beside psutil

COUNTERS = tuple(range(101, 125))
LAYOUTS = {
    "2.6": disk("sda", *COUNTERS[:11]),
    "4.18": disk("sda", *COUNTERS[:15]),
    "5.5": disk("sda", *COUNTERS[:17]),
    "to come": disk("sda", *COUNTERS),
    "partition of 2.6.24": disk("sda", *COUNTERS[:11]) + disk("sda1", *COUNTERS[:4]),
    "slash": disk("cciss/c0d0", *COUNTERS[:11]),
    "twice": disk("sda", *COUNTERS[:11]) + disk("sda", *COUNTERS[1:12]),
    "32 bits": disk("sda", *[2**32 - 1] * 11),
    "none": "",
}


@pytest.mark.oracle
@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_layouts_of_diskstats_as_psutil(text: str, tmp_path: Path) -> None:
    (tmp_path / "diskstats").write_text(text)
    with oracle.at(tmp_path):
        oracle.same(lambda api: api.disk_io_counters(perdisk=True))
        oracle.same(lambda api: api.disk_io_counters())


@pytest.mark.oracle
def test_totals_as_psutil(tmp_path: Path) -> None:
    """psutil looks into the real /sys/block; so do we, for names that are there and one that is not."""
    names = sorted(os.listdir("/sys/block"))[:4] if os.path.isdir("/sys/block") else []
    text = "".join(disk(name, *range(place, place + 17)) for place, name in enumerate(names))
    (tmp_path / "diskstats").write_text(text + disk("sdzz1", *COUNTERS[:17]))
    with oracle.at(tmp_path):
        total = oracle.same(lambda api: api.disk_io_counters())
        assert (total is None) == (not names)
        assert "sdzz1" in oracle.same(lambda api: api.disk_io_counters(perdisk=True))


@pytest.mark.oracle
def test_without_diskstats_as_psutil(tmp_path: Path) -> None:
    with oracle.at(tmp_path):
        try:
            oracle.oracle().disk_io_counters()
        except NotImplementedError:
            with pytest.raises(NotImplementedError):
                core.disk_io_counters()
        else:
            oracle.bracket(lambda api: api.disk_io_counters())
            oracle.bracket(lambda api: dict(sorted(api.disk_io_counters(perdisk=True).items())))


NICS = {
    "one": nic("lo", *range(1, 17)),
    "two": nic("lo", *range(1, 17)) + nic("eth0", *range(11, 27)),
    "no blank after the colon": "  eth0:" + nic("x", *range(1, 17)).split(":")[1],
    "alias": nic("eth0:1", *range(1, 17)),
    "odd names": nic("wg-0.7@x", *range(1, 17)) + nic("\udcff", *range(1, 17)),
    "64 bits": nic("eth0", *[2**64 - 1] * 16),
    "none": "",
}


@pytest.mark.oracle
@pytest.mark.parametrize("text", NICS.values(), ids=NICS)
def test_interfaces_of_net_dev_as_psutil(text: str, tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    (tmp_path / "net/dev").write_bytes(os.fsencode(HEADINGS + text))
    with oracle.at(tmp_path):
        oracle.same(lambda api: api.net_io_counters(pernic=True))
        oracle.same(lambda api: api.net_io_counters())


@pytest.mark.oracle
def test_without_net_dev_as_psutil(tmp_path: Path) -> None:
    with oracle.at(tmp_path):
        theirs = oracle.error_of(lambda api: api.net_io_counters(), oracle.oracle())
        with pytest.raises(type(theirs)) as ours:
            core.net_io_counters()
        assert ours.value.errno == theirs.errno


# --- by hand


def test_total_leaves_out_partitions_alone(machine: Machine) -> None:
    machine(
        {
            "proc/diskstats": disk("sda", *range(1, 18))
            + disk("sda1", *range(1, 18))
            + disk("loop0", *range(11, 28))
            + disk("cciss/c0d0", *range(21, 38)),
            "sys/block/sda/size": "",
            "sys/block/loop0/size": "",
            "sys/block/cciss!c0d0/size": "",
        }
    )
    each = core.disk_io_counters(perdisk=True)
    assert each["sda1"] == (1, 5, 3 * 512, 7 * 512, 4, 8, 2, 6, 10)
    assert each["sda1"]._asdict() == {
        "read_count": 1, "write_count": 5, "read_bytes": 1536, "write_bytes": 3584, "read_time": 4,
        "write_time": 8, "read_merged_count": 2, "write_merged_count": 6, "busy_time": 10,
    }  # fmt: skip
    total = core.disk_io_counters()
    assert total == (33, 45, 39 * 512, 51 * 512, 42, 54, 36, 48, 60)
    assert type(total).__name__ == "sdiskio"


def test_nothing_is_none_or_empty(machine: Machine) -> None:
    machine({"proc/diskstats": "", "proc/net/dev": HEADINGS})
    assert core.disk_io_counters() is None
    assert core.disk_io_counters(perdisk=True) == {}
    assert core.net_io_counters() is None
    assert core.net_io_counters(pernic=True) == {}
    machine({"proc/diskstats": disk("sda1", *range(17))})
    assert core.disk_io_counters() is None
    assert set(core.disk_io_counters(perdisk=True)) == {"sda1"}


def test_sys_block_where_there_is_no_diskstats(machine: Machine) -> None:
    with pytest.raises(NotImplementedError):
        core.disk_io_counters()
    machine(
        {
            "sys/block/sda/stat": "  ".join(map(str, range(1, 18))) + "\n",
            "sys/block/sda/dev": "8:0\n",
            "sys/block/sda/sda1/stat": " ".join(map(str, range(11, 28))),
            "sys/block/sda/sda1/dev": "8:1\n",
            "sys/block/sda/queue/stat": "1 2 3",
            "sys/block/cciss!c0d0/stat": " ".join(map(str, range(11))),
            "sys/block/cciss!c0d0/dev": "104:0\n",
            "sys/block/torn/stat": "1 2 3",
            "sys/block/torn/dev": "1:0\n",
            "sys/block/gone/size": "0",
        }
    )
    each = core.disk_io_counters(perdisk=True)
    assert set(each) == {"sda", "sda1", "cciss/c0d0"}
    assert each["sda1"] == (11, 15, 13 * 512, 17 * 512, 14, 18, 12, 16, 20)
    assert core.disk_io_counters()[:2] == (1 + 0, 5 + 4)
    rows = {row.name: row for row in core.block_devices()}
    assert rows["sda1"][:4] == (8, 1, "sda1", True)
    assert rows["sda1"][4:] == tuple(range(11, 28))
    assert rows["cciss/c0d0"][:4] == (104, 0, "cciss/c0d0", False)


def test_block_devices_tell_all_that_the_kernel_counts(machine: Machine) -> None:
    machine(
        {
            "proc/diskstats": disk("sda", *range(1, 18))
            + disk("sdb", *range(1, 16), number="8 16")
            + disk("sdc", *range(1, 12), number="8 32")
            + disk("sdc1", *range(1, 25), number="259 1048575"),
            "sys/block/sda/size": "",
            "sys/block/sdb/size": "",
            "sys/block/sdc/size": "",
        }
    )
    new, middle, old, part = core.block_devices()
    assert new._asdict() == {
        "major": 8, "minor": 0, "name": "sda", "partition": False,
        "read_ios": 1, "read_merges": 2, "read_sectors": 3, "read_ticks": 4,
        "write_ios": 5, "write_merges": 6, "write_sectors": 7, "write_ticks": 8,
        "in_flight": 9, "io_ticks": 10, "time_in_queue": 11,
        "discard_ios": 12, "discard_merges": 13, "discard_sectors": 14, "discard_ticks": 15,
        "flush_ios": 16, "flush_ticks": 17,
    }  # fmt: skip
    assert middle[4:] == (*range(1, 16), None, None)
    assert old[4:] == (*range(1, 12), *[None] * 6)
    assert part[:4] == (259, 1048575, "sdc1", True)
    assert part[4:] == tuple(range(1, 18))


def test_linux_2_4_has_the_size_before_the_name(machine: Machine) -> None:
    """psutil takes the size for the number of reads here."""
    machine({"proc/diskstats": disk("39082680 hda", *range(1, 12), number="3 0")})
    assert core.disk_io_counters(perdisk=True) == {"hda": (1, 5, 1536, 3584, 4, 8, 2, 6, 10)}


@pytest.mark.parametrize(
    "text", ["8 0 sda 1 2 3\n", "8 0 sd", "\n", "8 0 sda 1 2 3 4 5 6 7 8 9 10\n"]
)
def test_a_line_that_is_cut_off_is_left_out(text: str, machine: Machine) -> None:
    machine({"proc/diskstats": disk("sdb", *range(17)) + text})
    assert set(core.disk_io_counters(perdisk=True)) == {"sdb"}
    assert [row.name for row in core.block_devices()] == ["sdb"]


def test_garbage_is_refused_in_words(machine: Machine) -> None:
    machine({"proc/diskstats": "8 0 sda a b c d e f g h i j k\n"})
    for call in (core.disk_io_counters, core.block_devices):
        with pytest.raises(ValueError, match=r"sda.*a b c"):
            call()
    machine({"proc/net/dev": HEADINGS + "  eth0: a b c\n"})
    with pytest.raises(ValueError, match="eth0: a b c"):
        core.net_io_counters()


def test_what_old_kernels_do_not_count_is_0(machine: Machine) -> None:
    machine({"proc/net/dev": HEADINGS + nic("eth0", *range(1, 12))})
    assert core.net_io_counters() == (9, 1, 10, 2, 3, 11, 4, 0)
    machine({"proc/net/dev": HEADINGS + nic("eth0", *range(1, 30))})
    assert core.net_io_counters(nowrap=False) == (9, 1, 10, 2, 3, 11, 4, 12)


@given(st.binary(max_size=300))
def test_any_bytes_give_rows_or_a_value_error(data: bytes) -> None:
    for read in (lambda: list(diskstats.parse_diskstats(data)), lambda: interfaces.parse_dev(data)):
        with contextlib.suppress(ValueError):
            read()


numbers = st.integers(0, 2**64)
device_names = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1).filter(
    lambda name: not name.isdigit()
)


@given(st.dictionaries(device_names, st.lists(numbers, min_size=11, max_size=20)))
def test_what_is_written_is_read(devices: dict[str, list[int]]) -> None:
    text = "".join(disk(name, *counters) for name, counters in devices.items())
    found = {
        names[2].decode(): list(map(int, counters))
        for names, counters in diskstats.parse_diskstats(text.encode())
    }
    assert found == devices


# --- counters that never fall


def model(steps: list[dict[str, tuple[int, ...]]]) -> list[dict[str, list[int]]]:
    """What is told at each step, from the words of psutil's documentation."""
    told = []
    for place, step in enumerate(steps):
        answer = {}
        for name, values in step.items():
            history = []  # this device's values since it last appeared, newest last
            for earlier in reversed([old for old in steps[: place + 1] if old]):
                if name not in earlier:
                    break
                history.insert(0, earlier[name])
            answer[name] = [
                value + sum(old[i] for old, new in itertools.pairwise(history) if old[i] > new[i])
                for i, value in enumerate(values)
            ]
        told.append(answer)
    return told


small = st.integers(0, 5)
steps = st.lists(
    st.dictionaries(st.sampled_from("abc"), st.tuples(*[small] * 8), max_size=3), max_size=12
)


@given(steps)
def test_counters_as_the_model(found: list[dict[str, tuple[int, ...]]]) -> None:
    rising: Rising[snetio] = Rising()
    for step, told in zip(found, model(found), strict=True):
        answer = rising.read(lambda now=step: {name: snetio(*row) for name, row in now.items()})
        assert answer == {name: tuple(row) for name, row in told.items()}
        assert all(type(row) is snetio for row in answer.values())


@pytest.mark.oracle
@settings(max_examples=40, deadline=None)
@given(found=steps)
def test_counters_as_psutil(found: list[dict[str, tuple[int, ...]]], tmp_path_factory) -> None:
    top = tmp_path_factory.mktemp("proc")
    (top / "net").mkdir()
    with oracle.at(top):
        for step in found:
            rows = "".join(nic(name, *row, *row) for name, row in step.items())
            (top / "net/dev").write_text(HEADINGS + rows)
            oracle.same(lambda api: api.net_io_counters(pernic=True))
            oracle.same(lambda api: api.net_io_counters())


def test_a_wrap_is_made_up_for(machine: Machine) -> None:
    def told(first: int, **options: bool) -> int:
        machine({"proc/net/dev": HEADINGS + nic("eth0", first, *range(15))})
        answer = core.net_io_counters(**options)
        assert answer is not None
        return answer.bytes_recv

    assert [told(100), told(90), told(95), told(10), told(10)] == [100, 190, 195, 205, 205]
    assert told(7, nowrap=False) == 7  # neither adds nor remembers
    assert told(10) == 205
    core.net_io_counters.cache_clear()
    assert told(3) == 3


def test_each_function_forgets_its_own(machine: Machine) -> None:
    machine(
        {
            "proc/diskstats": disk("sda", *[9] * 17),
            "proc/net/dev": HEADINGS + nic("eth0", *[9] * 16),
        }
    )
    core.disk_io_counters(), core.net_io_counters()
    machine(
        {
            "proc/diskstats": disk("sda", *[1] * 17),
            "proc/net/dev": HEADINGS + nic("eth0", *[1] * 16),
        }
    )
    core.net_io_counters.cache_clear()
    assert core.disk_io_counters(perdisk=True)["sda"].read_count == 10
    assert core.net_io_counters(pernic=True)["eth0"].bytes_recv == 1


def test_the_total_remembers_partitions(machine: Machine) -> None:
    """psutil forgets what a partition lost when the total is asked for between."""
    machine({"sys/block/sda/size": ""})

    def write(value: int) -> None:
        rows = disk("sda", *[value] * 17) + disk("sda1", *[value] * 17)
        machine({"proc/diskstats": rows})

    write(9)
    core.disk_io_counters(perdisk=True)
    write(1)
    assert core.disk_io_counters().read_count == 10
    assert core.disk_io_counters(perdisk=True)["sda1"].read_count == 10


def test_the_answer_is_the_caller_s_own(machine: Machine) -> None:
    machine({"proc/net/dev": HEADINGS + nic("eth0", *[9] * 16)})
    core.net_io_counters(pernic=True).clear()
    machine({"proc/net/dev": HEADINGS + nic("eth0", *[1] * 16)})
    assert core.net_io_counters(pernic=True)["eth0"].bytes_recv == 10


def test_threads_see_counters_rise() -> None:
    """Eight threads read one counter that wraps at 50: none of them ever sees it fall."""
    rising: Rising[snetio] = Rising()
    count = 0

    def source() -> dict[str, snetio]:
        nonlocal count
        count += 1
        here = count
        row = snetio(here % 50, *[here] * 7)
        time.sleep(0)  # lets another thread in between reading and comparing
        return {"eth0": row}

    fallen = []

    def work() -> None:
        last = 0
        for _ in range(300):
            now = rising.read(source)["eth0"].bytes_sent
            if now < last:
                fallen.append((last, now))
            last = now

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not fallen
    # 2400 readings: each of the 48 wraps (49 -> 0) added 49
    assert rising.read(source)["eth0"].bytes_sent == 2401 % 50 + 48 * 49


def test_a_child_forked_while_another_thread_reads() -> None:
    rising: Rising[snetio] = Rising()
    inside, leave = threading.Event(), threading.Event()

    def slow() -> dict[str, snetio]:
        inside.set()
        leave.wait(30)
        return {}

    thread = threading.Thread(target=lambda: rising.read(slow))
    thread.start()
    inside.wait(30)
    pid = _fork()
    if pid == 0:
        signal.alarm(20)  # ends it if it waits for a thread that it has not
        os._exit(0 if rising.read(dict) == {} else 1)
    try:
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    finally:
        leave.set()
        thread.join()


def _fork() -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # 3.12: this process has threads
        return os.fork()
