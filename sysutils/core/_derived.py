"""The facts of processes that tables are made of: their names, and those that follow from others.

Names and units are those of proc(5) and ps(1), times are in clock ticks. A system's ``records.py`` says
``fact = finder(__package__, ("facts", …))``: what its modules do not tell is derived where it can be."""

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from types import FunctionType, ModuleType
from typing import Any

Read = Callable[[Any], Any]

#: what some system tells of a process; a table has None for it on the others
_TEXT = """
pid ppid tgid pgrp session tty_nr tty_name tpgid flags minflt cminflt majflt cmajflt utime stime cutime cstime
priority nice num_threads starttime vsize processor rt_priority policy startcode endcode startstack kstkesp
kstkeip resident comm state status cmdline args argv env_args environ exe exe_link cwd terminal create_time
uids gids euid egid fsuid fsgid groups username loginuid vmlck vmdata vmstk vmexe vmlib vmswap vmrss sigpnd
shdpnd sigblk sigign sigcgt wchan wchan_address exit_signal cgroup cancelled_write_bytes oom_score
oom_score_adj autogroup security_label root_directory cgroup_namespace ipc_namespace mnt_namespace
net_namespace pid_namespace time_namespace user_namespace uts_namespace numa_node unit slice_name
login_session owner_uid user_unit cpu_times cpu_seconds has_memory memory_info memory_full_info
memory_footprint memory_info_ex memory_vms memory_rss memory_shared memory_text memory_data memory_dirty
rssanon rssfile rssshmem smaps_rollup memory_maps_ext memory_maps_grouped page_faults io_counters open_files
num_ctx_switches num_fds num_handles cpu_affinity ionice
"""
NAMES = frozenset(_TEXT.split())


def finder(
    package: str, modules: Sequence[str], argument: str = "records"
) -> Callable[[str], Read | None]:
    """What finds the function that reads a fact: one of the ``modules`` of ``package`` (others by their whole
    names), the cheap ones to load first, that takes the records of a process alone; or one derived from
    these."""

    def own(name: str) -> Read | None:
        for module in modules:
            found = import_module(module if "." in module else f"{package}.{module}")
            read = vars(found).get(name)
            if isinstance(read, FunctionType) and read.__module__ == found.__name__:
                code = read.__code__
                if code.co_varnames[: code.co_argcount] == (argument,):
                    return read
            elif name == "pid" and callable(read):
                made_in_c: Read = read
                return made_in_c
        return None

    @cache
    def fact(name: str) -> Read | None:
        return own(name) or _derived(name, own, package)

    return fact


def absent(_: Any) -> None:
    """A fact that this system does not tell."""
    return


def _derived(name: str, own: Callable[[str], Read | None], package: str) -> Read | None:
    rule = _RULES.get(name)
    if rule is None:
        return None
    base = own(rule[0])
    return None if base is None else rule[1](base, package)


def _part(field: str) -> Callable[[Read, str], Read]:
    """One field of a tuple; None where that is missing."""

    def make(base: Read, _: str) -> Read:
        return lambda records: getattr(base(records), field, None)

    return make


def _ticks(field: str) -> Callable[[Read, str], Read]:
    """Seconds of one field of a tuple, in clock ticks."""

    def make(base: Read, package: str) -> Read:
        second = _host(package).CLOCK_TICKS

        def read(records: Any) -> int | None:
            seconds = getattr(base(records), field, None)
            return None if seconds is None else round(seconds * second)

        return read

    return make


def _same(base: Read, _: str) -> Read:
    return base


def _host(package: str) -> ModuleType:
    return import_module(f"{package}.host")


def _since_boot(base: Read, package: str) -> Read:
    host = _host(package)
    boot = host.boot_time()
    return lambda records: max(0, round((base(records) - boot) * host.CLOCK_TICKS))


def _joined(base: Read, _: str) -> Read:
    def read(records: Any) -> str | None:
        words = base(records)
        return " ".join(words) if words else None

    return read


_LETTERS = {
    "running": "R", "sleeping": "S", "disk-sleep": "D", "stopped": "T", "tracing-stop": "t", "zombie": "Z",
    "dead": "X", "wake-kill": "K", "waking": "W", "idle": "I", "locked": "L", "waiting": "S",
    "suspended": "T", "parked": "P",
}  # fmt: skip


def _letter(base: Read, _: str) -> Read:
    return lambda records: _LETTERS.get(base(records), "?")


def _terminal_name(base: Read, _: str) -> Read:
    def read(records: Any) -> str | None:
        path: str | None = base(records)
        return None if path is None else path.removeprefix("/dev/")

    return read


#: fact -> the one it follows from, and how
_RULES: dict[str, tuple[str, Callable[[Read, str], Read]]] = {
    "tgid": ("pid", _same),
    "args": ("cmdline", _joined),
    "argv": ("cmdline", _same),
    "exe_link": ("exe", _same),
    "state": ("status", _letter),
    "tty_name": ("terminal", _terminal_name),
    "euid": ("uids", _part("effective")),
    "egid": ("gids", _part("effective")),
    "starttime": ("create_time", _since_boot),
    "utime": ("cpu_times", _ticks("user")),
    "stime": ("cpu_times", _ticks("system")),
    "cutime": ("cpu_times", _ticks("children_user")),
    "cstime": ("cpu_times", _ticks("children_system")),
    "vsize": ("memory_info", _part("vms")),
    "vmrss": ("memory_info", _part("rss")),
    "resident": ("memory_info", _part("rss")),
    "memory_vms": ("memory_info", _part("vms")),
    "memory_rss": ("memory_info", _part("rss")),
}
