"""Lets a program that can't be changed use ``sysutils.core`` in place of psutil.

    python -m sysutils.dropin SCRIPT|-m MODULE|-c CODE [ARGUMENT]...
    import sysutils.dropin          # before psutil is imported
    sysutils.dropin.undo()

From then on ``import psutil`` gives ``sysutils.core``, whose classes say ``psutil`` in texts and pickles."""

import sys
from importlib import import_module
from types import ModuleType

from sysutils.core._platform import SYSTEM

_CORE = "sysutils.core"
_ALIASES = {"psutil": ""} | dict.fromkeys(
    ("psutil._common", "psutil._ntuples", "psutil._pslinux", "psutil._psposix"), "._common"
)
#: modules below sysutils.core -> the module that their classes say they are of
_CLASSES = {
    "_errors": "psutil", "process": "psutil", "popen": "psutil", "_ntuples": "psutil._ntuples",
    f"{SYSTEM}.ntuples": "psutil._ntuples", "_enums": "psutil._common",
}  # fmt: skip

#: what undo() puts back: modules by name, classes with their own modules' names
_modules: dict[str, ModuleType] = {}
_classes: list[tuple[type, str]] = []


def install() -> None:
    """Makes ``import psutil`` mean ``sysutils.core``; importing this module did so already."""
    if _classes:
        return
    aliases = {name: import_module(_CORE + home) for name, home in _ALIASES.items()}
    homes = {import_module(f"{_CORE}.{home}"): shown for home, shown in _CLASSES.items()}
    for name in [name for name in sys.modules if name.partition(".")[0] == "psutil"]:
        _modules[name] = sys.modules.pop(name)
    sys.modules.update(aliases)
    for module, shown in homes.items():
        for value in vars(module).values():
            if isinstance(value, type) and value.__module__ in {_CORE, module.__name__}:
                _classes.append((value, value.__module__))
                value.__module__ = shown


def undo() -> None:
    """Puts back what ``install()`` changed: ``import psutil`` means psutil again, where there is one.

    What was imported meanwhile stays with those who have it."""
    for kind, name in reversed(_classes):
        kind.__module__ = name
    _classes.clear()
    for name in _ALIASES:
        sys.modules.pop(name, None)
    sys.modules.update(_modules)
    _modules.clear()


def _run(words: list[str]) -> None:
    """Runs a program as ``python`` does."""
    import runpy

    first = words[0] if words else ""
    if first in {"-m", "-c"} and len(words) > 1:
        sys.argv = [first, *words[2:]]
        sys.path[0] = ""
        if first == "-m":
            runpy.run_module(words[1], run_name="__main__", alter_sys=True)
        else:
            main = sys.modules["__main__"] = ModuleType("__main__")
            exec(compile(words[1], "<string>", "exec"), vars(main))
    elif first and not first.startswith("-"):
        import os

        sys.argv = words
        sys.path[0] = os.path.dirname(os.path.abspath(first))
        runpy.run_path(first, run_name="__main__")
    else:
        sys.exit("usage: python -m sysutils.dropin SCRIPT|-m MODULE|-c CODE [ARGUMENT]...")


if __name__ == "__main__":
    import_module("sysutils.dropin")._run(sys.argv[1:])
else:
    install()
