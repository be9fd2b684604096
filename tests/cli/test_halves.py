"""Two processes make a text of one list: the same text as one makes."""

import os
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sysutils.cli import halves


def spelled(items) -> str:
    return "".join(f"{item}\n" for item in items)


@pytest.fixture
def two(monkeypatch) -> None:
    """As on a machine with two processors, whatever this one has."""
    monkeypatch.setattr(halves, "_two_processors", lambda: True)


@pytest.mark.parametrize("count", [0, 1, 399, 400, 401, 5000])
@pytest.mark.usefixtures("two")
def test_the_order_is_kept(count: int) -> None:
    assert halves.joined(range(count), spelled) == spelled(range(count))


@given(st.lists(st.binary(max_size=3), min_size=400, max_size=410))
def test_bytes_that_are_no_text_come_back(words: list[bytes]) -> None:
    names = [os.fsdecode(word) for word in words]
    assert halves.joined(names, spelled) == spelled(names)


@pytest.mark.usefixtures("two")
def test_the_other_half_is_another_process_s() -> None:
    who = halves.joined(range(400), lambda items: f"{os.getpid()} {len(items)}\n").splitlines()
    assert who[0] == f"{os.getpid()} 200"
    assert who[1].endswith(" 200")
    assert who[1] != who[0]


@pytest.mark.usefixtures("two")
def test_what_fails_there_is_done_here() -> None:
    here = os.getpid()

    def work(items) -> str:
        if os.getpid() != here:
            os._exit(7)
        return spelled(items)

    assert halves.joined(range(1000), work) == spelled(range(1000))


def test_one_processor_does_it_alone(monkeypatch) -> None:
    monkeypatch.setattr(halves, "_two_processors", lambda: False)
    assert halves.joined(range(900), lambda items: f"{len(items)}") == "900"


@settings(max_examples=30)
@given(st.lists(st.integers(0, 300), min_size=1, max_size=30), st.booleans())
def test_weights_tell_where_the_middle_is(weights: list[int], other: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(halves, "_two_processors", lambda: other)
        parts = halves.split(range(len(weights)), list, weights)
    assert [*chain(*parts)] == [*range(len(weights))]
    if len(parts) == 2:
        first, second = (sum(weights[i] for i in part) for part in parts)
        assert abs(first - second) <= max(weights)


@pytest.mark.usefixtures("two")
def test_plain_results_come_back_as_they_were_made() -> None:
    def work(items) -> tuple[list[str], set[object]]:
        return [str(item) for item in items], {("file", (1, items[0])), "unix"}

    first, second = halves.split(range(400), work)
    assert (len(first[0]), second[0][-1]) == (200, "399")
    assert second[1] == {("file", (1, 200)), "unix"}
