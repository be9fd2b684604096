"""What a Process keeps from the first call on, as psutil does: when it was started, and its program."""

import psutil
import pytest

from sysutils import core
from tests.support.children import sleeper


@pytest.mark.oracle
def test_start_and_program_are_still_told_of_a_process_that_is_gone() -> None:
    with sleeper() as child:
        both = core.Process(child.pid), psutil.Process(child.pid)
        kept = [(process.create_time(), process.exe()) for process in both]
    assert not any(process.is_running() for process in both)
    assert [(process.create_time(), process.exe()) for process in both] == kept
    assert kept[0] == kept[1]


def test_what_was_not_asked_while_it_ran_is_gone() -> None:
    with sleeper() as child:
        process = core.Process(child.pid)
    for method in (process.create_time, process.exe):
        with pytest.raises(core.NoSuchProcess):
            method()
