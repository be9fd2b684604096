"""Every module of the library loads on every system: what a system lacks is looked for when it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sysutils.core._platform import PACKAGES
from tests.rules.sources import modules, name_of

_MODULES = [
    name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    for path in modules("core")
]

#: packages of systems and of families of them
_KINDS = (*PACKAGES, "posix", "bsd")

#: what Windows' Python lacks, as far as a module could touch it while it loads
_PRETEND = """
import ctypes, enum, functools, importlib, os, select, selectors, signal, socket, struct, subprocess
import sys, threading, time, typing  # the standard library's own modules see the real machine
for name in "pwd grp fcntl resource termios tty pty syslog _posixsubprocess".split():
    sys.modules[name] = None
for module, names in {
    os: "sysconf uname getuid geteuid getgid getegid fork statvfs getloadavg major minor makedev pread"
        " getpriority setpriority sched_getaffinity sched_setaffinity pidfd_open waitid WNOHANG WEXITED"
        " P_PID PRIO_PROCESS WIFEXITED O_CLOEXEC O_NONBLOCK getpgid getsid setsid ttyname",
    select: "poll POLLIN epoll",
    signal: "SIGKILL SIGSTOP SIGCONT SIGCHLD SIGPIPE SIGWINCH pidfd_send_signal",
    socket: "AF_UNIX AF_NETLINK AF_PACKET SOCK_CLOEXEC SOCK_NONBLOCK if_nameindex",
    time: "CLOCK_BOOTTIME clock_gettime",
}.items():
    for name in names.split():
        if hasattr(module, name):
            delattr(module, name)
sys.platform = "win32"
"""


def _run(program: str) -> tuple[str, str, int]:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout, done.stderr, done.returncode


def test_there_is_something_to_load() -> None:
    assert {"sysutils.core", "sysutils.core.linux.mem", "sysutils.core.posix.utmp"} < set(_MODULES)


def test_the_pretence_takes_away_what_it_says() -> None:
    program = "try: import pwd\nexcept ImportError: print(hasattr(os, 'sysconf'))"
    assert _run(_PRETEND + program) == ("False\n", "", 0)


def test_every_systems_modules_load_on_windows() -> None:
    systems = [name for name in _MODULES if name.split(".")[2:3] in [[kind] for kind in _KINDS]]
    loads = (
        f"try: __import__({name!r})\nexcept BaseException as e: print({name!r}, type(e), e)"
        for name in systems
    )
    assert _run(_PRETEND + "\n".join(loads)) == ("", "", 0)


def test_the_front_door_of_a_system_without_a_package_offers_what_needs_none() -> None:
    program = """
sys.platform = "haiku1"
import sysutils.core as core
assert not core.WINDOWS and not core.LINUX
assert core.NoSuchProcess(1).pid == 1
assert core.STATUS_RUNNING == "running"
assert core.bytes2human(1 << 20) == "1.0M"
for name in "Process cpu_times virtual_memory RLIMIT_AS IOPRIO_CLASS_BE meminfo PROCFS_PATH".split():
    assert not hasattr(core, name), name
    assert name not in core.__all__ and name not in dir(core), name
from sysutils.core import *
"""
    assert _run(_PRETEND + program) == ("", "", 0)


@pytest.mark.parametrize("name", _MODULES)
def test_loading_reads_nothing_of_the_system(name: str) -> None:
    program = f"""
import sys
seen = []
places = ("/proc", "/sys", "/dev", "/run", "/var", "b'/proc", "b'/sys", "b'/dev", "b'/run", "b'/var")
def watch(event, args):
    if event in ("open", "os.listdir", "os.scandir") and str(args[0]).startswith(places):
        seen.append((event, args[0]))
sys.addaudithook(watch)
import {name}
assert not seen, seen
"""
    assert _run(program) == ("", "", 0)
