"""A lock that survives fork(2)."""

import os
from _thread import allocate_lock


class Lock:
    """``with lock.held:``; a forked child finds it open, whichever thread of its parent held it."""

    def __init__(self) -> None:
        self._renew()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._renew)

    def _renew(self) -> None:
        self.held = allocate_lock()
