"""A /proc of a test's own making: the files that it names and nothing else."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any

from tests.support import oracle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def write(top: Path, files: dict[str, str | bytes | None]) -> Path:
    """``top`` with the files of this content; None takes one away."""
    for name, content in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(content if isinstance(content, bytes) else os.fsencode(content))
    return top


@contextlib.contextmanager
def here(top: Path) -> Iterator[Any]:
    """``sysutils.core`` reading ``top`` for the time of a ``with`` block, with empty caches."""
    core = oracle.ours()
    before = core.PROCFS_PATH
    core.PROCFS_PATH = str(top)
    try:
        yield core
    finally:
        core.PROCFS_PATH = before
