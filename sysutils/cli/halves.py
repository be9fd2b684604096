"""Text about thousands of things, made by two processes where there are two processors.

Most of ps's time is the kernel's, writing /proc files; a second processor can do its half of that."""

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING and sys.platform != "linux":
    raise NotImplementedError  # for type checkers: elsewhere all is done by one process

T = TypeVar("T")

#: fewer are done sooner than a process is made
_WORTHWHILE = 400


def joined(items: Sequence[T], work: Callable[[Sequence[T]], str]) -> str:
    """``work(items)``, where that is ``work`` of the first half and then of the second."""
    middle = len(items) // 2
    if len(items) < _WORTHWHILE or not _two_processors():
        return work(items)
    first, second = items[:middle], items[middle:]
    try:
        place = os.memfd_create("half")
    except OSError:  # an old kernel
        return work(items)
    try:
        child = os.fork()
        if child == 0:
            _write_and_end(place, lambda: work(second))
        text = work(first)
        _, status = os.waitpid(child, 0)
        return text + (_read(place) if status == 0 else work(second))
    finally:
        os.close(place)


def _two_processors() -> bool:
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


def _write_and_end(place: int, make: Callable[[], str]) -> None:
    """The child's part; whatever goes wrong there, the parent does it over."""
    try:
        data = memoryview(make().encode("utf-8", "surrogateescape"))
        while data:
            data = data[os.write(place, data) :]
        os._exit(0)
    finally:
        os._exit(1)


def _read(place: int) -> str:
    size = os.fstat(place).st_size
    return os.pread(place, size, 0).decode("utf-8", "surrogateescape")
