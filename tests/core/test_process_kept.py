"""What a Process keeps from the first call on, as psutil does: when it was started, and its program."""

import pytest

from sysutils import core
from tests.support.children import sleeper
from tests.support.oracle import oracle


@pytest.mark.oracle
def test_start_and_program_are_still_told_of_a_process_that_is_gone() -> None:
    with sleeper() as child:
        both = core.Process(child.pid), oracle().Process(child.pid)
        kept = [(process.create_time(), process.exe()) for process in both]
    assert not any(process.is_running() for process in both)
    assert [(process.create_time(), process.exe()) for process in both] == kept
    assert kept[0] == kept[1]


@pytest.mark.oracle
def test_the_start_was_seen_and_the_program_that_nobody_asked_for_is_gone() -> None:
    with sleeper() as child:
        both = core.Process(child.pid), oracle().Process(child.pid)
    assert both[0].create_time() == both[1].create_time()
    for process, error in zip(both, (core.NoSuchProcess, oracle().NoSuchProcess), strict=True):
        with pytest.raises(error):
            process.exe()
