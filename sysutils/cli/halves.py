"""What is found of thousands of things, made by two processes where there are two processors.

Most of the time of ps and lsof is the kernel's, writing /proc files; a second processor can do its half
of that."""

import marshal
import os
import sys
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING and sys.platform != "linux":
    raise NotImplementedError  # for type checkers: elsewhere all is done by one process

T = TypeVar("T")
R = TypeVar("R")

#: fewer are done sooner than a process is made
_WORTHWHILE = 400


def joined(items: Sequence[T], work: Callable[[Sequence[T]], str]) -> str:
    """``work(items)``, where that is ``work`` of the first half and then of the second."""
    return "".join(split(items, work))


def split(
    items: Sequence[T],
    work: Callable[[Sequence[T]], R],
    weights: Sequence[int] = (),
    before: Callable[[], object] | None = None,
) -> list[R]:
    """``[work(items)]``, or that of the first half and of the second; ``weights`` tell what is half.

    The results are plain: texts, numbers, lists, tuples, sets. What both halves need is read ``before``."""
    size = sum(weights) if weights else len(items)
    if size < _WORTHWHILE or not _two_processors():
        return [work(items)]
    middle = _middle(weights) if weights else size // 2
    first, second = items[:middle], items[middle:]
    if not first or not second:
        return [work(items)]
    if before is not None:
        before()
    return _both(lambda: work(first), lambda: work(second))


def _middle(weights: Sequence[int]) -> int:
    """How many of the items weigh half of all, as nearly as can be."""
    sums = list(accumulate(weights))
    half = sums[-1] / 2
    return min(range(len(sums)), key=lambda place: abs(sums[place] - half)) + 1


def _both(first: Callable[[], R], second: Callable[[], R]) -> list[R]:
    """The results of two works, the second done by another process where that can be made."""
    try:
        place = os.memfd_create("half")
    except OSError:  # an old kernel
        return [first(), second()]
    try:
        child = os.fork()
        if child == 0:
            _write_and_end(place, second)
        result = first()
        _, status = os.waitpid(child, 0)
        return [result, _read(place) if status == 0 else second()]
    finally:
        os.close(place)


def _two_processors() -> bool:
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


def _write_and_end(place: int, make: Callable[[], Any]) -> None:
    """The child's part; whatever goes wrong there, the parent does it over."""
    try:
        data = memoryview(marshal.dumps(make()))
        while data:
            data = data[os.write(place, data) :]
        os._exit(0)
    finally:
        os._exit(1)


def _read(place: int) -> Any:
    return marshal.loads(os.pread(place, os.fstat(place).st_size, 0))
