"""Reports again and again: ``-s``, ``-c`` and their like, without drift."""

import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TypeVar

T = TypeVar("T")


def every(seconds: float, count: int | None, read: Callable[[], T]) -> Iterator[T]:
    """What ``read`` answers now and every ``seconds`` from now on, ``count`` times (None: for ever).

    The moments are fixed at the start, so that the time a report takes does not add up. Those missed
    altogether, as by a suspended process, are left out."""
    start = time.monotonic()
    turn = 0
    while True:
        yield read()
        if count is not None:
            count -= 1
            if count <= 0:
                return
        turn += 1
        late = time.monotonic() - start - turn * seconds
        if late > 0:
            turn += int(late / seconds) + 1
            late = time.monotonic() - start - turn * seconds
        time.sleep(max(0.0, -late))


def interruptible(reports: Iterator[T]) -> Iterator[T]:
    """The reports until Ctrl-C, which ends them, and lets what is being written be finished.

    Where Ctrl-C is ignored, as in the background, it stays so."""
    import signal

    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        yield from reports
        return
    waiting = stopped = False

    def stop(_: int, __: FrameType | None) -> None:
        nonlocal stopped
        stopped = True
        if waiting:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    try:
        while not stopped:
            waiting = True
            report = next(reports)
            waiting = False
            yield report
    except (KeyboardInterrupt, StopIteration):
        return
    finally:
        waiting = False
        signal.signal(signal.SIGINT, before)
