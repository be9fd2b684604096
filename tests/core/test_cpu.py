"""CPUs: live beside psutil, on made-up /proc/stat, and the parsers on hostile text."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sysutils import core
from sysutils.core.linux import cpu as linux_cpu
from sysutils.core.linux import procfs
from tests.core.proc_dir import here, write
from tests.support.oracle import at, bracket, oracle, same, same_error

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STAT = """\
cpu  4705 356 584 3699 23 24 25 26 27 28
cpu0 1393 156 184 1699 13 14 15 16 17 18
cpu1 3312 200 400 2000 10 10 10 10 10 10
intr 33594 12 0 9
ctxt 1990473
btime 1062191376
processes 2915
procs_running 1
softirq 183433 0 21755
"""


def _stat(*cpus: list[int]) -> str:
    total = [sum(column) for column in zip(*cpus, strict=True)]
    lines = [f"cpu  {' '.join(map(str, total))}"]
    lines += [f"cpu{number} {' '.join(map(str, ticks))}" for number, ticks in enumerate(cpus)]
    return "\n".join([*lines, "intr 5 6", "ctxt 7", "softirq 8 9", ""])


# --- live


def test_the_live_machine_s_times() -> None:
    bracket(lambda api: api.cpu_times())
    bracket(lambda api: api.cpu_times(percpu=True))
    bracket(lambda api: api.cpu_stats())


def test_the_live_machine_s_cpus() -> None:
    same(lambda api: api.cpu_count())
    same(lambda api: api.cpu_count(logical=False))
    assert len(core.cpu_times(percpu=True)) == core.cpu_count()


def test_percentages_of_the_live_machine_are_some() -> None:
    core.cpu_percent()
    assert 0.0 <= core.cpu_percent() <= 100.0
    assert all(0.0 <= share <= 100.0 for share in core.cpu_percent(percpu=True))
    assert sum(core.cpu_times_percent(interval=0.05)[:8]) == pytest.approx(100, abs=1)


# --- recorded


@pytest.mark.parametrize("machine", ["small", "crowd"])
def test_recorded_machines(tree: Callable[[str], Path], machine: str) -> None:
    with at(tree(machine)):
        same(lambda api: api.cpu_times())
        same(lambda api: api.cpu_times(percpu=True))
        same(lambda api: api.cpu_stats())


@pytest.mark.parametrize(
    "text",
    [
        STAT,
        STAT.replace("28\n", "28 29 30\n"),
        STAT.replace("softirq", "nothing"),
        STAT.replace("ctxt", "nothing").replace("intr", "nothing"),
        STAT.partition("cpu0")[0],
        STAT.replace("cpu1", "cpu7"),
        STAT.replace("cpu0", "cpu63\ncpufreq 1").replace("cpu63\n", ""),
    ],
)
def test_odd_kernels(tmp_path: Path, text: str) -> None:
    with at(write(tmp_path, {"stat": text})):
        same(lambda api: api.cpu_times())
        same(lambda api: api.cpu_stats())


@pytest.mark.parametrize("width", range(1, 13))
def test_as_many_fields_as_the_kernel_tells(tmp_path: Path, width: int) -> None:
    ticks = list(range(100, 100 + width))
    with here(write(tmp_path, {"stat": _stat(ticks, ticks)})):
        found = core.cpu_times()
        assert list(found) == [count * 2 / linux_cpu.CLOCK_TICKS for count in ticks[:10]]
        assert found._fields == linux_cpu.scputimes._fields[:width]
        assert type(found).__name__ == "scputimes"
        assert core.cpu_times(percpu=True) == [type(found)(*(t / 2 for t in found))] * 2
        shares = core.cpu_times_percent()
        assert shares._fields == found._fields
        assert isinstance(core.cpu_percent(), float)


def test_a_cpu_line_s_seconds() -> None:
    assert linux_cpu.parse_cpu_line(b"cpu0 1 2 3 4 5 6 7 8 9 10 11") == list(range(1, 11))
    assert linux_cpu.parse_cpu_lines(STAT.encode())[1][:3] == [3312, 200, 400]


@pytest.mark.parametrize("line", [b"", b"cpu", b"cpu  ", b"cpu0 a b", b"cpu 1 2 x"])
def test_what_is_no_cpu_line(line: bytes) -> None:
    with pytest.raises(ValueError, match="not a CPU line"):
        linux_cpu.parse_cpu_line(line)


@given(st.binary())
def test_noise(data: bytes) -> None:
    stats = linux_cpu.parse_cpu_stats(data)
    assert all(value is None or value >= 0 for value in stats)
    try:
        assert all(linux_cpu.parse_cpu_lines(data))
    except ValueError as error:
        told = str(error)
        assert told.startswith("not a CPU line of /proc/stat: b'cpu")
    linux_cpu.parse_processors(data)
    linux_cpu.parse_cores(data)


@given(st.lists(st.lists(st.integers(0, 1 << 50), min_size=4, max_size=12), min_size=1))
def test_cpus_come_by_number(cpus: list[list[int]]) -> None:
    lines = [f"cpu{number} {' '.join(map(str, ticks))}" for number, ticks in enumerate(cpus)]
    text = "\n".join(["cpu  1 2 3 4", *lines, "intr 1 2 3", "cpu9 5"])
    assert linux_cpu.parse_cpu_lines(text.encode()) == [ticks[:10] for ticks in cpus]


def test_a_missing_file_is_an_ordinary_error(tmp_path: Path) -> None:
    with at(tmp_path):
        same_error(lambda api: api.cpu_times())
        same_error(lambda api: api.cpu_times(percpu=True))
        same_error(lambda api: api.cpu_percent())
        same_error(lambda api: api.cpu_stats())


# --- percentages

_TICKS = st.lists(st.integers(0, 10**6), min_size=10, max_size=10)
_STEPS = st.lists(
    st.lists(st.sampled_from([-40, 0, 0, 1, 2, 7, 50, 3000]), min_size=10, max_size=10),
    min_size=1,
    max_size=5,
)


@given(_TICKS, _STEPS)
@settings(max_examples=40)
def test_percentages_step_by_step(
    tmp_path_factory: pytest.TempPathFactory, ticks: list[int], steps: list[list[int]]
) -> None:
    """Two CPUs, one at half the other's speed; counters that fall count as standing still."""
    top = tmp_path_factory.mktemp("proc")
    psutil = oracle()

    def move() -> None:
        write(top, {"stat": _stat(ticks, [count // 2 for count in ticks])})

    move()
    with at(top):
        for api in (psutil, core):
            _ask_all(api)
        for step in steps:
            ticks = [max(0, count + more) for count, more in zip(ticks, step, strict=True)]
            move()
            expected, found = _ask_all(psutil), _ask_all(core)
            # psutil divides seconds, we ticks: where a percentage ends in 5, its last digit may differ
            assert found[0] == pytest.approx(expected[0], abs=0.1001)
            assert found[1] == pytest.approx(expected[1], abs=0.1001)
            # psutil's shares of less than a second of all CPUs together are too small
            if sum(max(0, more) for more in step[:8]) >= linux_cpu.CLOCK_TICKS * 2:
                assert found[2] == pytest.approx(expected[2], abs=0.1001)
                for ours, theirs in zip(found[3], expected[3], strict=True):
                    assert ours == pytest.approx(theirs, abs=0.1001)


def _ask_all(api: Any) -> list[Any]:
    return [
        api.cpu_percent(),
        api.cpu_percent(percpu=True),
        tuple(api.cpu_times_percent()),
        [tuple(times) for times in api.cpu_times_percent(percpu=True)],
    ]


def test_shares_of_a_short_time_add_up(tmp_path: Path) -> None:
    with here(write(tmp_path, {"stat": _stat([0] * 10)})):
        core.cpu_times_percent()
        write(tmp_path, {"stat": _stat([5, 0, 3, 12, 0, 0, 0, 0, 2, 0])})
        found = core.cpu_times_percent()
    assert found[:4] == (25.0, 0.0, 15.0, 60.0)
    assert found.guest == 10.0


def test_time_of_guests_counts_once(tmp_path: Path) -> None:
    with here(write(tmp_path, {"stat": _stat([0] * 10)})):
        core.cpu_percent()
        write(tmp_path, {"stat": _stat([50, 0, 0, 25, 25, 0, 0, 0, 50, 0])})
        assert core.cpu_percent() == 50.0


def test_nothing_passed_is_no_division_by_zero(tmp_path: Path) -> None:
    with here(write(tmp_path, {"stat": STAT})):
        _ask_all(core)
        assert _ask_all(core) == [0.0, [0.0, 0.0], (0.0,) * 10, [(0.0,) * 10] * 2]


def test_another_kernel_s_procfs_is_no_baseline(tmp_path: Path) -> None:
    with here(write(tmp_path, {"stat": _stat([9] * 7)})):
        core.cpu_percent()
        write(tmp_path, {"stat": _stat([99] * 10)})
        assert core.cpu_percent() == 0.0


def test_a_cpu_that_comes_or_goes(tmp_path: Path) -> None:
    with here(write(tmp_path, {"stat": _stat([0] * 10, [0] * 10)})):
        core.cpu_percent(percpu=True)
        write(tmp_path, {"stat": _stat([10, 0, 0, 0, 0, 0, 0, 0, 0, 0])})
        assert core.cpu_percent(percpu=True) == [100.0]
        write(tmp_path, {"stat": _stat([20, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0] * 10)})
        assert core.cpu_percent(percpu=True) == [100.0]


def test_each_function_and_thread_has_a_baseline_of_its_own(tmp_path: Path) -> None:
    busy, idle = _stat([100] + [0] * 9), _stat([100, 0, 0, 300] + [0] * 6)

    def elsewhere(answers: list[float]) -> None:
        answers.append(core.cpu_percent())

    with here(write(tmp_path, {"stat": _stat([0] * 10)})):
        core.cpu_percent()
        core.cpu_times_percent()
        write(tmp_path, {"stat": busy})
        assert core.cpu_percent() == 100.0
        write(tmp_path, {"stat": idle})
        assert core.cpu_times_percent().user == 25.0  # since its own last call
        answers: list[float] = []
        thread = threading.Thread(target=elsewhere, args=(answers,))
        thread.start()
        thread.join()
        assert answers == [0.0]
        assert core.cpu_percent() == 0.0  # all idle since


def test_an_interval_is_slept_and_becomes_the_baseline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    after = {0.5: _stat([100, 0, 0, 100] + [0] * 6), 2: _stat([200, 0, 0, 100] + [0] * 6)}

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        write(tmp_path, {"stat": after[seconds]})

    monkeypatch.setattr(time, "sleep", sleep)
    with here(write(tmp_path, {"stat": _stat([0] * 10)})):
        assert core.cpu_percent(0.5) == 50.0
        assert core.cpu_percent() == 0.0
        assert core.cpu_percent(interval=2, percpu=True) == [100.0]
        write(tmp_path, {"stat": _stat([0] * 10)})
        assert core.cpu_times_percent(0.5).idle == 50.0
        assert core.cpu_percent(interval=0) == 0.0
    assert slept == [0.5, 2, 0.5]


@pytest.mark.parametrize("percpu", [False, True])
@pytest.mark.parametrize("name", ["cpu_percent", "cpu_times_percent"])
def test_intervals_that_are_none(name: str, percpu: bool) -> None:
    same_error(lambda api: getattr(api, name)(interval=-1, percpu=percpu))
    with pytest.raises(TypeError):
        getattr(core, name)(interval="1")


# --- how many

X86 = """\
processor\t: 0
physical id\t: 0
cpu cores\t: 2
flags\t\t: fpu processor

processor\t: 1
physical id\t: 0
cpu cores\t: 2

processor\t: 2
physical id\t: 1
cpu cores\t: 4

"""
ARM = "Processor\t: ARMv7 rev 4\nprocessor\t: 0\nBogoMIPS\t: 38\n\nprocessor\t: 1\n\nHardware\t: BCM\n"
PPC = "processor\t: 0\ncpu\t\t: POWER9\nclock\t\t: 2200MHz\n\nprocessor\t: 1\n\ntimebase\t: 512\n"
S390 = "vendor_id       : IBM/S390\n# processors    : 2\nprocessor 0: version = FF\nprocessor 1: version\n"


@pytest.mark.parametrize(
    ("cpuinfo", "cpus", "cores"),
    [
        (X86, 3, 6),
        (ARM, 3, None),
        (PPC, 2, None),
        (S390, 2, None),
        ("", 2, None),
        (X86.rstrip(), 3, 6),
    ],
    ids=["x86", "arm", "ppc", "s390x", "none", "no end"],
)
def test_by_cpuinfo_where_nothing_better_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cpuinfo: str, cpus: int, cores: int | None
) -> None:
    monkeypatch.setattr(procfs, "sys_root", os.fsencode(tmp_path / "sys"))
    monkeypatch.setattr(os, "sysconf", _unknown)
    with at(write(tmp_path, {"cpuinfo": cpuinfo, "stat": STAT})):
        same(lambda api: api.cpu_count())
        assert core.cpu_count() == cpus
        assert core.cpu_count(logical=False) == cores


def _unknown(name: str) -> int:
    raise ValueError("unrecognized configuration name")


def test_nothing_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(procfs, "sys_root", os.fsencode(tmp_path / "sys"))
    monkeypatch.setattr(os, "sysconf", _unknown)
    with here(write(tmp_path, {"cpuinfo": "", "stat": "cpu  1 2 3 4\n"})):
        assert core.cpu_count() is None
        assert core.cpu_count(logical=False) is None


@pytest.mark.parametrize("answer", [0, -1])
def test_no_cpus_at_all_are_not_told(monkeypatch: pytest.MonkeyPatch, answer: int) -> None:
    monkeypatch.setattr(os, "sysconf", lambda name: answer)
    assert same(lambda api: api.cpu_count()) is None


@pytest.mark.parametrize("name", ["core_cpus_list", "thread_siblings_list"])
def test_cores_by_topology(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Two cores of two threads, one of one; one CPU is offline and has no topology."""
    shared = {0: "0,3\n", 1: "1-2\n", 2: "1-2\n", 3: "0,3\n", 4: "4\n"}
    files: dict[str, str | bytes | None] = {
        f"sys/devices/system/cpu/cpu{cpu}/topology/{name}": text for cpu, text in shared.items()
    }
    files |= {f"sys/devices/system/cpu/{other}/x": "" for other in ("cpu5", "cpufreq", "cpuidle")}
    write(tmp_path, files)
    monkeypatch.setattr(procfs, "sys_root", os.fsencode(tmp_path / "sys"))
    assert core.cpu_count(logical=False) == 3
