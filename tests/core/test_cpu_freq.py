"""cpu_freq: made-up machines with known answers, and psutil 7.2.2 asked the same."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils import core
from sysutils.core.linux import frequency, procfs
from tests.support import oracle
from tests.support.made_sys import Case, compare, write

Files = dict[str, str | None]
CPUS = "/sys/devices/system/cpu"


def policy(number: int, current: str | None = None, **files: str | None) -> Files:
    """Files of a policy; ``least=None`` leaves one out."""
    files = {"least": "800000\n", "most": "3000000\n", "current": current, **files}
    names = {"least": "scaling_min_freq", "most": "scaling_max_freq", "current": "scaling_cur_freq"}
    return {
        f"{CPUS}/cpufreq/policy{number}/{names.get(name, name)}": text
        for name, text in files.items()
        if text is not None
    }


def old(number: int, current: str) -> Files:
    """The layout before Linux 4.3."""
    files = policy(number, current)
    return {
        name.replace(f"cpufreq/policy{number}", f"cpu{number}/cpufreq"): text
        for name, text in files.items()
    }


def x86(*mhz: float) -> Files:
    blocks = [
        f"processor\t: {number}\nvendor_id\t: x\ncpu MHz\t\t: {value}\nclflush size\t: 64\n"
        for number, value in enumerate(mhz)
    ]
    return {"/proc/cpuinfo": "\n".join(blocks) + "\n"}


S390 = "vendor_id : IBM/S390\nprocessor 0: version = FF,  identification = 1\n" + "".join(
    f"\ncpu number : {number}\ncpu MHz dynamic : {5200 + number}\ncpu MHz static : 5208\n"
    for number in range(2)
)
PPC = "processor\t: 0\ncpu\t\t: POWER9\nclock\t\t: 2300.500000MHz\n\nprocessor\t: 8\nclock\t\t: 2400MHz\n"
LOONGARCH = "system type : x\nprocessor\t\t: 0\nCPU MHz\t\t\t: 2500.00\n"
ARM = "processor\t: 0\nBogoMIPS\t: 50.00\n\nprocessor\t: 1\nBogoMIPS\t: 50.00\n"

#: name -> files, what is told of each CPU; psutil tells the same
SAME: dict[str, tuple[Files, list[tuple[float, ...]]]] = {
    "nothing": ({}, []),
    "no cpufreq": (x86(1000.5, 2000.1234567), [(1000.5, 0.0, 0.0), (2000.1234567, 0.0, 0.0)]),
    "one CPU": (x86(1500.0), [(1500.0, 0.0, 0.0)]),
    "ARM without cpufreq": ({"/proc/cpuinfo": ARM}, []),
    "policies": (
        policy(0, "1200000\n") | policy(1, "1400000\n", least="1000\n") | {"/proc/cpuinfo": ARM},
        [(1200.0, 800.0, 3000.0), (1400.0, 1.0, 3000.0)],
    ),
    "policies, no cpuinfo": (policy(0, "1234567\n", least="3", most="9"), [(1234.567, 0.003, 0.009)]),
    "policies and cpuinfo": (
        policy(0, "1\n") | policy(1, "2\n") | x86(1000.5, 2000.1239),
        [(1000.5, 800.0, 3000.0), (2000.123, 800.0, 3000.0)],
    ),
    "by number": (
        policy(10, "10000") | policy(2, "2000") | policy(0, "0"),
        [(0.0, 800.0, 3000.0), (2.0, 800.0, 3000.0), (10.0, 800.0, 3000.0)],
    ),
    "old layout": (old(0, "1200000") | old(1, "1300000"), [(1200.0, 800.0, 3000.0), (1300.0, 800.0, 3000.0)]),
    "old driver": (policy(0, cpuinfo_cur_freq="1100000\n"), [(1100.0, 800.0, 3000.0)]),
}  # fmt: skip

#: psutil has one entry for a policy, counts offline CPUs as 0 MHz, raises for what is missing, and
#: takes s390x' two lines for two CPUs
OURS_ALONE: dict[str, tuple[Files, list[tuple[float, ...]]]] = {
    "shared policies": (
        policy(0, "1200000", affected_cpus="0 1\n") | policy(2, "1400000", affected_cpus="2 3 5\n"),
        [(1200.0, 800.0, 3000.0)] * 2 + [(1400.0, 800.0, 3000.0)] * 3,
    ),
    "shared policies and cpuinfo": (
        policy(0, "1200000", affected_cpus="0 1") | policy(2, "1400000", affected_cpus="2 3")
        | x86(1, 2, 3, 4),
        [(1200.0, 800.0, 3000.0)] * 2 + [(1400.0, 800.0, 3000.0)] * 2,
    ),
    "other CPUs in cpuinfo": (
        policy(0, "1200000") | policy(1, "1300000")
        | {"/proc/cpuinfo": "processor : 0\ncpu MHz : 5\n\nprocessor : 2\ncpu MHz : 6\n"},
        [(1200.0, 800.0, 3000.0), (1300.0, 800.0, 3000.0)],
    ),
    "offline CPU": (
        policy(0, "1200000") | policy(1) | {f"{CPUS}/cpu1/online": "0\n"}, [(1200.0, 800.0, 3000.0)],
    ),
    "offline policy": (
        policy(0, "1200000", affected_cpus="0\n") | policy(1, "<unknown>\n", affected_cpus="\n"),
        [(1200.0, 800.0, 3000.0)],
    ),
    "no limits": (policy(0, "1200000", least=None, most=None), [(1200.0, 0.0, 0.0)]),
    "limits of the hardware": (
        policy(0, "1", least=None, most=None, cpuinfo_min_freq="2000", cpuinfo_max_freq="3000"),
        [(0.001, 2.0, 3.0)],
    ),
    "s390x": ({"/proc/cpuinfo": S390}, [(5200.0, 0.0, 0.0), (5201.0, 0.0, 0.0)]),
    "ppc": ({"/proc/cpuinfo": PPC}, [(2300.5, 0.0, 0.0), (2400.0, 0.0, 0.0)]),
    "bad cpuinfo": ({"/proc/cpuinfo": "cpu MHz : x\ncpu MHz :\n\ncpu MHz"}, []),
}  # fmt: skip


def ask(files: Files, top: Path, **options: bool) -> Any:
    write(files, top)
    (top / "proc").mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core, "PROCFS_PATH", str(top / "proc"))
        patch.setattr(procfs, "sys_root", os.fsencode(top / "sys"))
        return core.cpu_freq(**options)


@pytest.mark.parametrize(
    ("files", "told"), [*SAME.values(), *OURS_ALONE.values()], ids=[*SAME, *OURS_ALONE]
)
def test_frequencies(files: Files, told: list[tuple[float, ...]], tmp_path: Path) -> None:
    answer = ask(files, tmp_path, percpu=True)
    assert answer == told
    assert all(type(row)._fields == ("current", "min", "max") for row in answer)
    mean = ask({}, tmp_path)
    if told:
        expected = [sum(column) / len(told) for column in zip(*told, strict=True)]
        assert mean == pytest.approx(expected)
        assert type(mean).__name__ == "scpufreq"
    else:
        assert mean is None


def test_policies_without_a_frequency_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotImplementedError, match="can't find current frequency file"):
        ask(policy(0), tmp_path)


def test_numbers_of_cpuinfo() -> None:
    assert frequency.parse_mhz(PPC.encode()) == {0: 2300.5, 8: 2400.0}
    assert frequency.parse_mhz(LOONGARCH.encode()) == {0: 2500.0}
    assert frequency.parse_mhz(b"cpu MHz : 5\ncpu MHz : 6") == {0: 5.0, 1: 6.0}


@given(st.binary(max_size=200), st.integers(0, 60))
def test_any_cpuinfo_is_read(data: bytes, place: int) -> None:
    text = x86(1000.5)["/proc/cpuinfo"].encode()
    frequency.parse_mhz(text[:place] + data + text[place:])


@pytest.mark.oracle
def test_made_up_machines_as_psutil() -> None:
    cases = {
        f"{label}, {percpu}": Case({"/proc/cpuinfo": ""} | files, "cpu_freq", {"percpu": percpu})
        for label, (files, _) in SAME.items()
        for percpu in (False, True)
    }
    cases["refused"] = Case({"/proc/cpuinfo": ""} | policy(0), "cpu_freq")
    answers = compare(cases)
    assert len(answers) == 2 * len(SAME) + 1
    assert {label: wrong for label, wrong in answers.items() if wrong} == {}


@pytest.mark.oracle
def test_this_machine_as_psutil() -> None:
    ours, theirs = core.cpu_freq(percpu=True), oracle.oracle().cpu_freq(percpu=True)
    assert [row[1:] for row in ours] == [row[1:] for row in theirs]
    assert (core.cpu_freq() is None) == (oracle.oracle().cpu_freq() is None)
