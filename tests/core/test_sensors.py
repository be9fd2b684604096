"""sensors_temperatures, sensors_fans, sensors_battery: made-up machines with known answers, and psutil
7.2.2 asked the same."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils import core
from sysutils.core.linux import procfs
from tests.support.made_sys import Case, compare, write

Files = dict[str, str | None]
UNKNOWN, UNLIMITED = core.POWER_TIME_UNKNOWN, core.POWER_TIME_UNLIMITED


def hwmon(number: object, **files: str) -> Files:
    return {f"/sys/class/hwmon/hwmon{number}/{name}": text for name, text in files.items()}


def device(number: object, **files: str) -> Files:
    return {f"/sys/class/hwmon/hwmon{number}/device/{name}": text for name, text in files.items()}


def zone(number: object, **files: str) -> Files:
    return {f"/sys/class/thermal/thermal_zone{number}/{name}": text for name, text in files.items()}


def supply(name: str, **files: str) -> Files:
    base = "/sys/class/power_supply"
    return {f"{base}/{name}/{file}": text for file, text in files.items()}


def trips(*points: tuple[str, str]) -> dict[str, str]:
    found = {}
    for number, (kind, degrees) in enumerate(points):
        found[f"trip_point_{number}_type"] = f"{kind}\n"
        found[f"trip_point_{number}_temp"] = f"{degrees}\n"
    return found


ZONE = zone(0, type="acpitz\n", temp="47000\n", **trips(("critical", "100000")))
CORETEMP: Files = {
    f"/sys/devices/platform/coretemp.0/hwmon/hwmon3/{name}": text
    for name, text in {"name": "coretemp", "temp1_input": "50000", "temp1_max": "60000"}.items()
}

#: name -> files, what is told
TEMPERATURES: dict[str, tuple[Files, dict[str, list[tuple[Any, ...]]]]] = {
    "all": (
        hwmon(0, name="k10temp\n", temp1_input="45500\n", temp1_max="70000\n", temp1_crit="90000\n",
              temp1_label="Tctl\n", temp1_crit_hyst="1\n", temp1_min="2\n"),
        {"k10temp": [("Tctl", 45.5, 70.0, 90.0)]},
    ),
    "high alone": (hwmon(0, name="x", temp1_input="1000", temp1_max="9"), {"x": [("", 1.0, 0.009, 0.009)]}),
    "critical alone": (
        hwmon(0, name="x", temp1_input="1000", temp1_crit="9000"), {"x": [("", 1.0, 9.0, 9.0)]},
    ),
    "no limits": (hwmon(0, name="x", temp1_input="1000"), {"x": [("", 1.0, None, None)]}),
    "high at 0": (
        hwmon(0, name="x", temp1_input="0", temp1_max="0", temp1_crit="9000"), {"x": [("", 0.0, 9.0, 9.0)]},
    ),
    "critical at 0": (hwmon(0, name="x", temp1_input="5", temp1_crit="0"), {"x": [("", 0.005, None, 0.0)]}),
    "bad limits": (
        hwmon(0, name="x", temp1_input="1500", temp1_max="x\n", temp1_crit=""),
        {"x": [("", 1.5, None, None)]},
    ),
    "below 0": (hwmon(0, name="x", temp1_input=" -12345 \n"), {"x": [("", -12.345, None, None)]}),
    "no name": (hwmon(0, temp1_input="1500"), {}),
    "no input": (hwmon(0, name="x", temp1_max="1500"), {}),
    "bad input, no zones": (hwmon(0, name="x", temp1_input="zz") | ZONE, {}),
    "empty name": (hwmon(0, name="\n", temp1_input="1000"), {"": [("", 1.0, None, None)]}),
    "not UTF-8": (
        hwmon(0, name="\udcff\n", temp1_input="1", temp1_label="\udcfe"),
        {"\udcff": [("\udcfe", 0.001, None, None)]},
    ),
    "order by name": (
        hwmon(1, name="a", temp1_input="1000", temp10_input="10000", temp2_input="2000")
        | hwmon(10, name="b", temp1_input="1000") | hwmon(2, name="a", temp1_input="77000"),
        {"a": [("", n, None, None) for n in (1.0, 10.0, 2.0, 77.0)], "b": [("", 1.0, None, None)]},
    ),
    "old device layout": (
        device(0, name="lm75\n", temp1_input="1000", temp1_max="2000") | hwmon(0, name="other"),
        {"lm75": [("", 1.0, 2.0, 2.0)]},
    ),
    "both layouts": (
        device(0, name="dev", temp1_input="1000") | hwmon(0, name="own", temp1_input="2000"),
        {"dev": [("", 1.0, None, None)], "own": [("", 2.0, None, None)]},
    ),
    "fans alone, zones": (hwmon(0, name="x", fan1_input="5") | ZONE, {"acpitz": [("", 47.0, 100.0, 100.0)]}),
    "zone": (ZONE, {"acpitz": [("", 47.0, 100.0, 100.0)]}),
    "zones": (
        zone(0, type="a", temp="q") | zone(1, temp="5") | zone(10, type="ten", temp="5000")
        | zone(2, type="two", temp="2000", trip_point_0_type="critical") | zone(3, type="ten", temp="1"),
        {"ten": [("", 5.0, None, None), ("", 0.001, None, None)], "two": [("", 2.0, None, None)]},
    ),
    "bad trip point": (
        zone(2, type="two", temp="2000", **trips(("critical", "x"), ("passive", "5"))),
        {"two": [("", 2.0, None, None)]},
    ),
    "other kinds of trip points": (
        zone(2, type="two", temp="2000", **trips(("active", "1"), ("hot", "5"))),
        {"two": [("", 2.0, None, None)]},
    ),
    "nothing": ({}, {}),
    "no zone": ({"/sys/class/thermal/cooling_device0/temp": "1"}, {}),
}  # fmt: skip

#: psutil divides limits by 1000 once for each trip point, and looks for temp1_input_input of coretemp
OURS_ALONE: dict[str, tuple[Files, dict[str, list[tuple[Any, ...]]]]] = {
    "several trip points": (
        zone(0, type="x", temp="47000",
             **trips(("active", "50000"), ("critical", "100000"), ("high", "90000"), ("critical", "99000"))),
        {"x": [("", 47.0, 90.0, 99.0)]},
    ),
    "coretemp elsewhere": (CORETEMP | ZONE, {"coretemp": [("", 50.0, 60.0, 60.0)]}),
}  # fmt: skip

FANS: dict[str, tuple[Files, dict[str, list[tuple[str, int]]]]] = {
    "all": (
        hwmon(0, name="nct\n", fan1_input="1200\n", fan1_label="cpu\n", fan10_input="9", fan2_input="0\n"),
        {"nct": [("cpu", 1200), ("", 9), ("", 0)]},
    ),
    "no input": (hwmon(0, name="x", fan1_min="3"), {}),
    "old device layout": (
        device(0, name="dev", fan1_input="1000") | hwmon(0, name="x"), {"dev": [("", 1000)]},
    ),
    "own before device": (
        device(0, name="dev", fan1_input="1000") | hwmon(1, name="own", fan2_input="7"), {"own": [("", 7)]},
    ),
    "nothing": ({}, {}),
}  # fmt: skip

ENERGY = {
    "energy_now": "20000000\n", "energy_full": "50000000\n", "power_now": "10000000\n", "capacity": "41\n",
    "status": "Discharging\n",
}  # fmt: skip
CHARGE = {
    "charge_now": "3000000\n", "charge_full": "4000000\n", "current_now": "-1500000\n",
    "status": "Discharging\n",
}  # fmt: skip
#: name -> files, (percent, secsleft, power_plugged)
BATTERIES: dict[str, tuple[Files, tuple[Any, ...] | None]] = {
    "none": (supply("AC", online="1\n"), None),
    "energy": (supply("BAT0", **ENERGY), (40.0, 7200, False)),
    "charge": (supply("BAT0", **CHARGE), (75.0, 7200, False)),
    "mixed": (supply("BAT0", charge_now="1", energy_full="4", capacity="9"), (25.0, UNKNOWN, None)),
    "AC0": (supply("BAT0", **ENERGY) | supply("AC0", online="1\n"), (40.0, UNLIMITED, True)),
    "AC": (supply("BAT0", **ENERGY) | supply("AC", online="1\n"), (40.0, UNLIMITED, True)),
    "AC0 before AC": (
        supply("BAT0", **ENERGY) | supply("AC", online="1\n") | supply("AC0", online="0\n"),
        (40.0, 7200, False),
    ),
    "another adapter": (supply("BAT0", **ENERGY) | supply("ADP1", online="1\n"), (40.0, 7200, False)),
    "AC is 2": (supply("BAT0", **ENERGY) | supply("AC", online="2\n"), (40.0, 7200, False)),
    "unplugged but charging": (
        supply("BAT0", **{**ENERGY, "status": "Charging"}) | supply("AC", online="0"), (40.0, 7200, False),
    ),
    **{
        f"status {status}": (supply("BAT0", **{**CHARGE, "status": f"{status}\n"}), (75.0, left, plugged))
        for status, left, plugged in [
            ("Charging", UNLIMITED, True), ("FULL", UNLIMITED, True), ("Not charging", 7200, None),
            ("Unknown", 7200, None), ("", 7200, None),
        ]
    },
    "no power": (supply("BAT0", **{**ENERGY, "power_now": "0\n"}), (40.0, UNKNOWN, False)),
    "nothing fits in": (supply("BAT0", **{**ENERGY, "energy_full": "0"}), (0.0, 7200, False)),
    "more than full": (supply("BAT0", **{**ENERGY, "energy_now": "60000000"}), (120.0, 21600, False)),
    "capacity": (supply("BAT0", capacity="41\n", status="Discharging"), (41, UNKNOWN, False)),
    "minutes": (supply("BAT0", capacity="41\n", time_to_empty_now="30\n"), (41, 1800, None)),
    "minutes below 0": (supply("BAT0", capacity="41\n", time_to_empty_now="-30\n"), (41, UNKNOWN, None)),
    "minutes for want of power": (
        supply("BAT0", energy_now="1", energy_full="4", time_to_empty_now="2"), (25.0, 120, None),
    ),
    "no capacity": (supply("BAT0", status="Full"), None),
    "capacity -1": (supply("BAT0", capacity="-1\n"), None),
    "energy before charge": (
        supply("BAT0", **(CHARGE | ENERGY)), (40.0, 7200, False),
    ),
    "two": (supply("BAT1", **ENERGY) | supply("BAT0", **CHARGE), (75.0, 7200, False)),
    "a loud name": (supply("UPS_BATTERY", capacity="5"), (5, UNKNOWN, None)),
    "a mouse": (supply("hidpp_battery_0", capacity="5"), (5, UNKNOWN, None)),
    "names by letter": (
        supply("axp20x-Battery", capacity="5") | supply("BATX", capacity="6"), (6, UNKNOWN, None),
    ),
    "no battery's name": (supply("CMB0", **ENERGY) | supply("bat0", **ENERGY), None),
}  # fmt: skip
#: psutil raises FileNotFoundError, TypeError, ValueError here
BATTERIES_OURS_ALONE: dict[str, tuple[Files, tuple[Any, ...] | None]] = {
    "no directory": ({}, None),
    "bad energy": (supply("BAT0", **{**ENERGY, "energy_now": "x"}), (41, UNKNOWN, False)),
    "bad full": (supply("BAT0", **{**ENERGY, "energy_full": ""}), (41, 7200, False)),
    "bad power": (supply("BAT0", **{**ENERGY, "power_now": "x"}), (40.0, UNKNOWN, False)),
    "bad capacity": (supply("BAT0", capacity="x"), None),
    "bad minutes": (supply("BAT0", capacity="41", time_to_empty_now="x"), (41, UNKNOWN, None)),
}


def ask(files: Files, top: Path, function: str, **options: bool) -> Any:
    write(files, top)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(procfs, "sys_root", os.fsencode(top / "sys"))
        return getattr(core, function)(**options)


@pytest.mark.parametrize(
    ("files", "told"), [*TEMPERATURES.values(), *OURS_ALONE.values()], ids=[*TEMPERATURES, *OURS_ALONE]
)  # fmt: skip
def test_temperatures(files: Files, told: object, tmp_path: Path) -> None:
    answer = ask(files, tmp_path, "sensors_temperatures")
    assert answer == told
    assert list(answer) == list(told)
    for rows in answer.values():
        assert all(type(row)._fields == ("label", "current", "high", "critical") for row in rows)


def test_fahrenheit(tmp_path: Path) -> None:
    files = TEMPERATURES["all"][0] | hwmon(1, name="y", temp1_input="0", temp1_max="0")
    assert ask(files, tmp_path, "sensors_temperatures", fahrenheit=True) == {
        "k10temp": [("Tctl", 113.9, 158.0, 194.0)],
        "y": [("", 32.0, 32.0, 32.0)],
    }


@pytest.mark.parametrize(("files", "told"), FANS.values(), ids=FANS)
def test_fans(files: Files, told: object, tmp_path: Path) -> None:
    assert ask(files, tmp_path, "sensors_fans") == told


def test_a_fan_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    """psutil raises FileNotFoundError and ValueError."""
    files = hwmon(0, fan1_input="5") | hwmon(1, name="x", fan1_input="zz", fan2_input="7")
    assert ask(files, tmp_path, "sensors_fans") == {"x": [("", 7)]}


@pytest.mark.parametrize(
    ("files", "told"), [*BATTERIES.values(), *BATTERIES_OURS_ALONE.values()],
    ids=[*BATTERIES, *BATTERIES_OURS_ALONE],
)  # fmt: skip
def test_batteries(files: Files, told: object, tmp_path: Path) -> None:
    answer = ask(files, tmp_path, "sensors_battery")
    assert answer == told
    if answer is not None:
        assert answer._fields == ("percent", "secsleft", "power_plugged")
        assert type(answer.percent) is type(told[0])
        assert type(answer.secsleft) is type(told[1])


def cases() -> dict[str, Case]:
    found = {}
    for label, (files, _) in TEMPERATURES.items():
        for fahrenheit in (False, True):
            name = f"temperatures, {label}, {'°F' if fahrenheit else '°C'}"
            found[name] = Case(files, "sensors_temperatures", {"fahrenheit": fahrenheit})
    for label, (files, _) in FANS.items():
        found[f"fans, {label}"] = Case(files, "sensors_fans")
    for label, (files, _) in BATTERIES.items():
        found[f"battery, {label}"] = Case(files, "sensors_battery")
    return found


@pytest.mark.oracle
def test_made_up_machines_as_psutil() -> None:
    answers = compare(cases())
    assert len(answers) == 2 * len(TEMPERATURES) + len(FANS) + len(BATTERIES)
    assert {label: wrong for label, wrong in answers.items() if wrong} == {}


@pytest.mark.oracle
def test_the_comparison_sees_a_difference() -> None:
    files, _ = OURS_ALONE["coretemp elsewhere"]
    assert "keys" in compare({"x": Case(files, "sensors_temperatures")})["x"]


numbers = st.one_of(
    st.integers(-(10**12), 10**12).map(str), st.sampled_from(["", "x\n", "\n", "1e3", "nan", "0"])
)
NAMES = [
    "capacity", "energy_now", "energy_full", "power_now", "charge_now", "charge_full", "current_now",
    "time_to_empty_now", "status",
]  # fmt: skip


#: below 0 the time left may be any number, that of UNLIMITED too
charges = numbers.filter(lambda text: not text.startswith("-"))


@given(files=st.dictionaries(st.sampled_from(NAMES), charges), online=st.none() | numbers)
def test_any_battery_is_told_or_none(
    files: dict[str, str], online: str | None, tmp_path_factory
) -> None:
    machine = {"/sys/class/power_supply/BAT0": None} | supply("BAT0", **files)
    machine |= {} if online is None else supply("AC", online=online)
    answer = ask(machine, tmp_path_factory.mktemp("m"), "sensors_battery")
    if answer is not None:
        assert isinstance(answer.secsleft, int)
        assert answer.power_plugged in {True, False, None}
        assert (answer.secsleft == UNLIMITED) == (answer.power_plugged is True)


@given(files=st.dictionaries(st.sampled_from(["input", "max", "crit", "label"]), numbers))
def test_any_sensor_is_told_or_left_out(files: dict[str, str], tmp_path_factory) -> None:
    machine = hwmon(0, name="x", **{f"temp1_{name}": text for name, text in files.items()})
    answer = ask(machine, tmp_path_factory.mktemp("m"), "sensors_temperatures")
    try:
        expected = float(files["input"])
    except (KeyError, ValueError):
        assert answer == {}
    else:
        assert [repr(row.current) for row in answer["x"]] == [repr(expected / 1000)]


def test_directories_in_place_of_files(tmp_path: Path) -> None:
    files = hwmon(0, name="x") | {"/sys/class/hwmon/hwmon0/temp1_input": None}
    files |= {
        "/sys/class/power_supply/BAT0/capacity": None,
        "/sys/class/thermal/thermal_zone0/temp": None,
    }
    assert ask(files, tmp_path, "sensors_temperatures") == {}
    assert ask({}, tmp_path, "sensors_battery") is None


@pytest.mark.oracle
def test_this_machine_as_psutil() -> None:
    from tests.support import oracle

    assert set(core.sensors_temperatures()) == set(oracle.oracle().sensors_temperatures())
    assert set(core.sensors_fans()) == set(oracle.oracle().sensors_fans())
    if os.path.isdir("/sys/class/power_supply"):
        assert (core.sensors_battery() is None) == (oracle.oracle().sensors_battery() is None)
