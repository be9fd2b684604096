"""Which files calls of the library open: asked in an interpreter of its own, since hooks stay."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any

#: what the interpreter opens for itself
_OWN = re.compile(r"\.(py|pyc|so)$|\.so\.|/lib/python|/usr/lib/locale|__pycache__")


class Watch:
    """The files and directories opened between ``start`` and ``stop``, in order."""

    def __init__(self) -> None:
        self._seen: list[str] | None = None
        sys.addaudithook(self._hook)

    def _hook(self, event: str, details: tuple[Any, ...]) -> None:
        if self._seen is not None and event in {"open", "os.listdir", "os.scandir"}:
            name = details[0]
            if isinstance(name, int):
                return  # open already
            text = os.fsdecode(name)
            if not _OWN.search(text):
                self._seen.append(text + ("/" if event != "open" and text[-1:] != "/" else ""))

    def start(self) -> None:
        """Forgets, and watches from now on."""
        self._seen = []

    def stop(self) -> list[str]:
        """What was opened since ``start``."""
        seen, self._seen = self._seen or [], None
        return seen


def ask(calls: dict[str, str], setting: str = "") -> dict[str, list[str]]:
    """What each call (an expression of ``core``, ``child`` and ``process``) opens when made again.

    The first time modules are loaded and what lasts is kept. ``child`` is a sleeping child's pid and
    ``process`` its Process, shown as PID; the asking process is SELF. ``setting`` is run first."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.core.opens", json.dumps(calls), setting],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, list[str]] = json.loads(done.stdout)
    return answer


def _answer(calls: dict[str, str], setting: str) -> dict[str, list[str]]:
    from sysutils import core

    watch = Watch()
    found = {}
    with (
        subprocess.Popen(["sleep", "1000"], stdin=subprocess.DEVNULL) as child,
        open(os.devnull, "rb"),
    ):
        names = {"core": core, "child": child.pid, "process": core.Process(child.pid)}
        try:
            exec(setting, names)
            for name, call in calls.items():
                eval(call, names)
                watch.start()
                try:
                    eval(call, names)
                finally:
                    opened = watch.stop()
                found[name] = [_named(path, child.pid) for path in opened]
        finally:
            child.kill()
    return found


def _named(path: str, child: int) -> str:
    for pid, name in ((child, "PID"), (os.getpid(), "SELF"), (os.getppid(), "PARENT")):
        path = re.sub(rf"(?<=/){pid}(?=/|$)", name, path)
    return path


if __name__ == "__main__":
    json.dump(_answer(json.loads(sys.argv[1]), sys.argv[2]), sys.stdout)
