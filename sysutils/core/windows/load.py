"""Load averages, which Windows lacks: the length of the processors' queue, averaged as Unix does.

A thread looks every five seconds from the first call on, so that call tells 0.0."""

import _thread
import math
import time

from sysutils.core.windows import pdh

_QUEUE = r"\System\Processor Queue Length"
_EVERY = 5  # seconds
_FACTORS = tuple(math.exp(-_EVERY / (60 * minutes)) for minutes in (1, 5, 15))

_averages: tuple[float, float, float] | None = None


def averaged(before: tuple[float, float, float], length: float) -> tuple[float, float, float]:
    """The averages after another look, which saw ``length`` threads waiting."""
    one, five, fifteen = (
        old * factor + length * (1 - factor) for old, factor in zip(before, _FACTORS, strict=True)
    )
    return one, five, fifteen


def _watch(counter: pdh.Counter) -> None:
    global _averages  # noqa: PLW0603
    while True:
        time.sleep(_EVERY)
        try:
            length = counter.value()
        except RuntimeError:
            continue  # no value yet
        _averages = averaged(_averages or (0.0, 0.0, 0.0), length)


def getloadavg() -> tuple[float, float, float]:
    """Averages of the last 1, 5 and 15 minutes; zeros until five seconds after the first call.

    Raises RuntimeError where Windows does not count that."""
    global _averages  # noqa: PLW0603
    if _averages is None:
        counter = pdh.Counter(_QUEUE)
        _averages = 0.0, 0.0, 0.0
        _thread.start_new_thread(_watch, (counter,))  # it ends with the program
    one, five, fifteen = _averages
    return round(one, 2), round(five, 2), round(fifteen, 2)
