"""Every function and method that psutil and ours both have, asked of both on whatever this runs on.

``python -m tests.labs.differential [PID...]`` needs a psutil of any version: fields that only one of the
two has are not compared. Asked of the machine, of this process, of one that it starts, and of those whose
process ids are given. A number of ours must lie between psutil's before and after; what is no number must
be one of the two. Prints what differs, the number of answers compared, and the machine."""

from __future__ import annotations

import errno
import inspect
import os
import platform
import re
import subprocess
import sys
import warnings
from pathlib import Path
from socket import AF_UNIX
from typing import TYPE_CHECKING, Any, NamedTuple

from sysutils import core
from tests.support.oracle import outside

if TYPE_CHECKING:
    from collections.abc import Iterator

#: how often a question is asked again: processes, sockets and memory of a machine move
ATTEMPTS = 20
#: they do something, answer otherwise each time, or are asked with arguments alone
_LEFT_OUT = {
    "Popen", "as_dict", "connections", "cpu_percent", "cpu_times_percent", "disk_usage", "heap_trim", "kill",
    "memory_info_ex", "oneshot", "pid_exists", "resume", "rlimit", "send_signal", "suspend", "terminate",
    "test", "wait", "wait_procs",
}  # fmt: skip
_ARGUMENTS: dict[str, list[tuple[Any, ...]]] = {
    "cpu_count": [(False,)],
    "cpu_freq": [(True,)],
    "cpu_times": [(True,)],
    "disk_io_counters": [(True,), (True, False)],
    "disk_partitions": [(True,)],
    "disk_usage": [("/",), ("/nonexistent",)],
    "net_connections": [(kind,) for kind in ("all", "inet4", "tcp6", "udp", "unix", "nope")],
    "net_io_counters": [(True,), (True, False)],
    "pid_exists": [(1,), (0,), (-1,), (2**22 + 1,)],
    "sensors_temperatures": [(True,)],
}
_MIB = 1 << 20
#: what an answer may be off beyond psutil's two: memory moves either way
_SLACK: dict[str, float] = {
    "cpu_freq": 1e5,
    "cpu_times": 0.02,
    "disk_usage": 64 * _MIB,
    "heap_info": 8 * _MIB,
    "memory_footprint": 8 * _MIB,
    "memory_full_info": 8 * _MIB,
    "memory_info": 8 * _MIB,
    "memory_maps": 8 * _MIB,
    "memory_percent": 1.0,
    "num_fds": 1,  # psutil counts the one by which it counts
    "swap_memory": 16 * _MIB,
    "virtual_memory": 256 * _MIB,
}


class Question(NamedTuple):
    """A function of the module, or a method of a process."""

    name: str
    arguments: tuple[Any, ...] = ()
    pid: int | None = None

    def ask(self, api: Any) -> Any:
        """The answer or the name of the error; None where the kernel, or an emulator, has no such call."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that something can't be told, which both say
                owner = api if self.pid is None else api.Process(self.pid)
                return unordered(getattr(owner, self.name)(*self.arguments))
        except Exception as error:
            if getattr(error, "errno", None) == errno.ENOSYS:
                return None
            return f"raised {type(error).__name__}"


def unordered(answer: Any) -> Any:
    """Lists in an order that is no package's own, processes by their ids; psutil knows no UNIX socket's
    name that has a space."""
    if isinstance(answer, (dict, tuple, str)) or not hasattr(answer, "__iter__"):
        return answer
    named = []
    for one in answer:
        if hasattr(one, "pid") and hasattr(one, "ppid"):
            named.append(one.pid)
        elif getattr(one, "family", None) == AF_UNIX and " " in one.laddr:
            named.append(one._replace(laddr=""))
        else:
            named.append(one)
    return sorted(named, key=repr)


def plain(answer: Any, other: Any) -> Any:
    """Tuples as dictionaries of the fields that the other answer has too; objects as their texts."""
    fields = getattr(answer, "_fields", None)
    if fields is not None:
        shared = sorted(set(fields) & set(getattr(other, "_fields", ())))
        values = {name: plain(getattr(answer, name), getattr(other, name)) for name in shared}
        return {type(answer).__name__: values}
    if isinstance(answer, dict):
        there = other if isinstance(other, dict) else {}
        return {key: plain(value, there.get(key)) for key, value in sorted(answer.items())}
    if isinstance(answer, (list, tuple)):
        first = next(iter(other), None) if isinstance(other, (list, tuple)) else None
        return [plain(one, first) for one in answer]
    if isinstance(answer, (int, float)):
        return answer
    return re.sub(r"\b(psutil|sysutils\.core)(\.[a-z_]+)*\.", "", str(answer))


def differs(psutil: Any, question: Question) -> str:
    """What differs each time that it is asked; empty if nothing."""
    wrong = ""
    ignored: tuple[str, ...] = ()
    if question.name == "virtual_memory" and int(psutil.__version__.split(".")[0]) < 7:
        ignored = ("['used']",)  # reckoned otherwise since then
    slack = _SLACK.get(question.name, 0)
    for _ in range(ATTEMPTS):
        before, mine, after = (question.ask(api) for api in (psutil, core, psutil))
        if before is None and not str(mine).startswith("raised"):
            return ""
        try:
            parts = plain(before, mine), plain(mine, before), plain(after, mine)
            wrong = outside(*parts, lambda _: slack, ignored)
        except (KeyError, ValueError):  # psutil's two are not alike
            wrong = f"psutil {before!r}, then {after!r}"
        if not wrong:
            return ""
    return wrong


def questions(psutil: Any, pids: list[int]) -> Iterator[Question]:
    """All that is asked."""
    for name in sorted(psutil.__all__):
        asked = inspect.isfunction(getattr(psutil, name)) and hasattr(core, name)
        if asked and name not in _LEFT_OUT:
            yield Question(name)
        if asked:
            yield from (Question(name, one) for one in _ARGUMENTS.get(name, ()))
    for pid in pids:
        for name in sorted(set(dir(psutil.Process)) & set(dir(core.Process)) - _LEFT_OUT):
            if name[0] != "_" and callable(getattr(psutil.Process, name)):
                yield Question(name, (), pid)
        if hasattr(psutil.Process, "rlimit"):
            yield from (Question("rlimit", (limit,), pid) for limit in range(16))


def _is_itself() -> bool:
    """Whether /proc tells of this process what the kernel knows: an emulator makes up some files."""
    told = Path("/proc/self/stat").read_text(errors="replace")
    return f"({Path('/proc/self/comm').read_text(errors='replace').strip()})" in told


def main(*words: str) -> int:
    """Asks everything; the exit status."""
    import psutil

    count, different = 0, []
    with subprocess.Popen(["sleep", "600"]) as child:
        try:
            pids = [*([os.getpid()] if _is_itself() else []), child.pid, *map(int, words)]
            for question in questions(psutil, pids):
                count += 1
                if wrong := differs(psutil, question):
                    different.append(f"{question}: {wrong[:600]}")
        finally:
            child.kill()
    for line in different:
        print(line)  # noqa: T201
    print(  # noqa: T201
        f"{count} compared, {len(different)} differ; psutil {psutil.__version__}, "
        f"Python {platform.python_version()}, {sys.byteorder} endian, "
        f"{sys.maxsize.bit_length() + 1} bits, Linux {platform.release()}"
    )
    return bool(different)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
