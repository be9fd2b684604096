"""A limit on the time of system calls that a dead file server may hold for ever."""

import _thread
import errno
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


def within(timeout: float | None, call: Callable[[Any], T], argument: Any) -> T:
    """``call(argument)``; raises TimeoutError if it takes longer than ``timeout`` seconds.

    A call that hangs is left to a thread that ends with it, or with the program. Without a ``timeout`` it
    is called here."""
    if timeout is None:
        return call(argument)
    if timeout < 0:
        raise ValueError(f"timeout is not positive (got {timeout})")
    done = _thread.allocate_lock()
    done.acquire()
    answer: list[T] = []
    failure: list[BaseException] = []

    def work() -> None:
        try:
            answer.append(call(argument))
        except BaseException as error:  # raised again where it was asked for
            failure.append(error)
        finally:
            done.release()

    _thread.start_new_thread(work, ())  # unlike threading's, no one waits for it at the end
    if not done.acquire(timeout=min(timeout, _thread.TIMEOUT_MAX)):
        raise TimeoutError(errno.ETIMEDOUT, f"no answer within {timeout:g} seconds", argument)
    if failure:
        raise failure[0]
    return answer[0]
