"""Names that programs take from psutil's own modules (``_common``, ``_ntuples``, ``_pslinux``), from where
they are here. Nothing of ours uses them."""

import sys
from importlib import import_module
from typing import Any

from sysutils.core._platform import SYSTEM, package

#: where a name is looked for, in this order
_PLACES = (f"{SYSTEM}.ntuples", "_ntuples", "_enums", "_errors", "_convert", "_platform", "")
_MODULES = {"_common", "_ntuples", "_pslinux", "_psposix", "_psplatform"}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return sys.modules[__name__]
    if not name.startswith("__"):
        for place in _PLACES if package() else _PLACES[1:]:
            module = import_module(f"sysutils.core.{place}".rstrip("."))
            try:
                return getattr(module, name)
            except AttributeError:
                continue
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def get_procfs_path() -> str:
    """``PROCFS_PATH``."""
    path: str = import_module("sysutils.core").PROCFS_PATH
    return path


def _ppid_map() -> dict[int, int]:
    """``{pid: parent's pid}`` of all processes."""
    rows = import_module("sysutils.core.table").process_table(["pid", "ppid"])
    return {pid: ppid for pid, ppid in rows if ppid is not None}


ppid_map = _ppid_map
