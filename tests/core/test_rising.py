"""Counters that never fall: beside a model, beside psutil 7.2.2, among threads and in forked children."""

import itertools
import os
import signal
import threading
import time
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sysutils import core
from sysutils.core._counters import Rising
from sysutils.core._ntuples import snetio
from tests.core.counting import HEADINGS, Machine, disk, machine, nic
from tests.support import oracle

__all__ = ["machine"]  # the fixture


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
