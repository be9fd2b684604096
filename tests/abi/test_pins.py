"""Our structures, numbers and symbols of other systems are those of their headers."""

from __future__ import annotations

import ctypes
import importlib.util
from typing import Any

import pytest

from tests.abi.pinned import fixture, read_pins
from tests.abi.used import bound
from tools import abi
from tools.abi import ZIG, Abi, declared, fields, per_target

EVERY = [(system, target) for system in abi.systems() for target in declared(system).targets]
every_target = pytest.mark.parametrize(("system", "target"), EVERY, ids=list(map("-".join, EVERY)))


def _like_here(target: str) -> bool:
    """Whether structures are laid out there as here."""
    pins = read_pins(target)
    return all(pins.constants[question] == answer for question, answer in abi.MODEL.items())


@every_target
def test_layouts(system: str, target: str) -> None:
    pins, ours = read_pins(target), declared(system)
    for kind, declared_form in ours.structures.items():
        form: Any = declared_form
        if hasattr(form, "of_pointers"):  # a layout, which is laid out for any system here
            form = form.of_pointers(pins.constants["sizeof(void *)"])
        elif not _like_here(target):
            pytest.skip("structures are laid out in another way than here")
        if not getattr(declared_form, "_prefix_", False):
            size = form.size if hasattr(form, "members") else ctypes.sizeof(form)
            assert size == pins.sizes[kind], kind
        for field in fields(form, ours.renamed):
            assert field[1:] == pins.fields[kind, field.path], f"{kind}, {field.path}"


@every_target
def test_nothing_is_pinned_that_is_not_ours(system: str, target: str) -> None:
    pins, ours = read_pins(target), declared(system)
    assert set(pins.sizes) == set(ours.structures)
    assert set(pins.constants) == {*abi.MODEL, *ours.constants}
    assert set(pins.symbols) == {*ours.functions, *ours.symbols}
    paths = {
        (kind, field.path)
        for kind, form in ours.structures.items()
        for field in fields(form, ours.renamed)
    }
    assert set(pins.fields) == paths


@every_target
def test_constants(system: str, target: str) -> None:
    pins = read_pins(target)
    wrong = {
        expression: (value, pins.constants[expression])
        for expression, value in declared(system).constants.items()
        if per_target(value, target) & 0xFFFFFFFFFFFFFFFF != pins.constants[expression]
    }
    assert not wrong, "ours, the headers'"


@every_target
def test_symbols(system: str, target: str) -> None:
    pins = read_pins(target)
    for name, symbol in declared(system).functions.items():
        assert per_target(symbol, target) == pins.symbols[name], name


@pytest.mark.parametrize("system", abi.systems())
def test_every_function_that_is_bound_is_known(system: str) -> None:
    ours = declared(system)
    known = set(ours.symbols)
    for symbol in ours.functions.values():
        known |= set(symbol.values()) if isinstance(symbol, dict) else {symbol}
    assert {symbol for _, symbol in bound(system)} <= known


@every_target
def test_fixtures_are_there(system: str, target: str) -> None:
    for name in declared(system).fixtures:
        assert fixture(target, name)


@pytest.mark.lab
@every_target
def test_headers(system: str, target: str) -> None:
    if importlib.util.find_spec("ziglang") is None:
        pytest.skip(f"the headers are in ziglang: pip install ziglang=={ZIG}")
    ours = declared(system)
    assert abi.ask(ours, target) == read_pins(target)
    for name, data in abi.make_fixtures(ours, target).items():
        assert data == fixture(target, name), name


class _inner(ctypes.Structure):
    _fields_ = [("a", ctypes.c_int16), ("b", ctypes.c_uint32 * 2)]


class _outer(ctypes.Structure):
    _fields_ = [("one", ctypes.c_char), ("_gap", ctypes.c_char), ("many", _inner * 3)]


def test_fields_of_fields_are_told() -> None:
    assert [tuple(field) for field in fields(_outer)] == [
        ("one", 0, 1, None), ("many", 4, 36, None), ("many[0].a", 4, 2, True), ("many[0].b", 8, 8, None),
    ]  # fmt: skip
    assert fields(_outer, {"_outer._gap": "gap"}).__next__().path == "one"
    assert "gap" in [field.path for field in fields(_outer, {"_outer._gap": "gap"})]


@pytest.mark.lab
def test_the_compiler_is_asked_rightly() -> None:
    if importlib.util.find_spec("ziglang") is None:
        pytest.skip(f"the headers are in ziglang: pip install ziglang=={ZIG}")
    text = "struct i { short a; unsigned b[2]; }; struct o { char one, gap; struct i many[3]; };"
    asked = Abi(
        ("sparc64-netbsd", "x86-openbsd"), ("stdint.h",), {"struct o": _outer}, {"-2": -2, "1LL<<33": 1},
        {"malloc": "malloc"}, ("free",), {"o": ("struct o", "{ 'x', 0, { { -2, { 7, 8 } } } }")},
        f"#include <stdlib.h>\n{text}",
    )  # fmt: skip
    for target in asked.targets:
        pins = abi.ask(asked, target)
        assert pins.sizes == {"struct o": 40}, target
        assert list(pins.fields.values()) == [field[1:] for field in fields(_outer)]
        assert (pins.constants["-2"], pins.constants["1LL<<33"]) == (2**64 - 2, 2**33)
        assert pins.symbols == {"malloc": "malloc", "free": "free"}
    made = abi.make_fixtures(asked, "sparc64-netbsd")["o"]
    assert made[:16].hex() == "78000000fffe00000000000700000008"
    with pytest.raises(RuntimeError, match="no such symbols: nothing_of_the_kind"):
        abi.ask(asked._replace(symbols=("free", "nothing_of_the_kind")), "x86-openbsd")
