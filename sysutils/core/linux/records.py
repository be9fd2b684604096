"""The records of processes for tables: whose there are, and which functions read a field of them."""

from collections.abc import Callable
from importlib import import_module
from types import FunctionType
from typing import Any

from sysutils.core.linux import facts, pid_files, procfs

look = pid_files.look
tids = procfs.tids
open_process = pid_files.of_process
open_thread = pid_files.of_thread
still_there = pid_files.still_there

#: where facts are, the cheap ones to load first
_MODULES = ("facts", "results", "membership", "usage", "scheduling")


def fact(name: str) -> Callable[[Any], Any] | None:
    """The function from a process's files to the field ``name``, None where there is no such field.

    Facts are the functions of ``_MODULES`` that take the files alone."""
    if name == "pid":
        return facts.pid
    for module in _MODULES:
        found = import_module(f"sysutils.core.linux.{module}")
        read = vars(found).get(name)
        if isinstance(read, FunctionType) and read.__module__ == found.__name__:
            code = read.__code__
            if code.co_varnames[: code.co_argcount] == ("files",):
                return read
    return None
