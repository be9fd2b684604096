"""Waiting for many processes: ``wait_procs``."""

from collections.abc import Callable, Iterable
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from sysutils.core._errors import TimeoutExpired
from sysutils.core._platform import backend
from sysutils.core.process import Process

if TYPE_CHECKING:
    from sysutils.core._contract import process as _os
else:
    _os = backend("process")

_PAUSE = 0.02


def wait_procs(
    procs: Iterable[Process],
    timeout: float | None = None,
    callback: Callable[[Process], Any] | None = None,
) -> tuple[list[Process], list[Process]]:
    """``(gone, alive)`` once all processes have ended or ``timeout`` seconds are over.

    Those gone get ``returncode``, as ``Process.wait`` gives it; ``callback`` is called with each as it
    goes. One poll(2) waits for all. Raises ValueError for a negative timeout, TypeError for a callback
    that can't be called."""
    if timeout is not None and timeout < 0:
        raise ValueError(f"timeout must be a positive integer, got {timeout}")
    if callback is not None and not callable(callback):
        raise TypeError(f"callback {callback!r} is not a callable")
    alive = dict.fromkeys(procs)
    gone: list[Process] = []
    end = None if timeout is None else monotonic() + timeout

    def collect() -> None:
        for process in list(alive):
            try:
                code = process.wait(timeout=0)
            except TimeoutExpired:
                continue
            process.returncode = code
            del alive[process]
            gone.append(process)
            if callback is not None:
                callback(process)

    collect()
    while alive:
        left = None if end is None else end - monotonic()
        if left is not None and left <= 0:
            break
        _os.wait_any([process.pid for process in alive], left)
        before = len(gone)
        collect()
        if len(gone) == before:  # a zombie, which ended but is there until its parent looks
            sleep(_PAUSE if left is None else min(_PAUSE, left))
    return gone, list(alive)
