"""Records this machine's /proc as an archive for ``tests/trees``: what the commands read, no more.

    python tools/record_tree.py --pids 1,2,100-200 --deep 1 --redact >machine.tree

A process that ends meanwhile, a file that may not be read and a file that never ends cost nothing
but themselves. Run it as root for everything, or as a user for what a user sees.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import os
import re
import select
import stat
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.support.trees import Entry, order, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

#: of every process (and, as far as they exist there, of every thread)
PROCESS_FILES = (
    "stat status statm cmdline comm cgroup wchan io environ loginuid oom_score oom_score_adj "
    "limits sessionid autogroup attr/current schedstat"
)
THREAD_FILES = "stat status comm children wchan"
DEEP_FILES = "maps smaps smaps_rollup"
LINKS = "exe cwd root"
#: of the machine; a directory's name ends in a slash
GLOBAL_FILES = (
    "stat meminfo uptime loadavg version cpuinfo vmstat diskstats partitions swaps filesystems "
    "interrupts softirqs tty/drivers devices modules cgroups mdstat "
    "pressure/ "
    "net/tcp net/tcp6 net/udp net/udp6 net/udplite net/udplite6 net/raw net/raw6 net/unix net/dev "
    "net/route net/ipv6_route net/snmp net/snmp6 net/netstat net/sockstat net/sockstat6 "
    "net/if_inet6 net/igmp net/igmp6 net/arp net/packet net/netlink net/protocols net/dev_mcast "
    "net/sctp/ net/wireless "
    "sys/kernel/pid_max sys/kernel/osrelease sys/kernel/hostname sys/kernel/ostype "
    "sys/kernel/domainname sys/kernel/version sys/kernel/threads-max sys/kernel/cap_last_cap "
    "sys/kernel/random/boot_id sys/kernel/yama/ptrace_scope sys/kernel/sched_autogroup_enabled "
    "sys/vm/overcommit_memory sys/vm/overcommit_ratio sys/vm/min_free_kbytes sys/vm/swappiness "
    "sys/fs/file-nr sys/fs/inode-nr sys/fs/inode-state sys/fs/nr_open"
)
SELF_FILES = "mounts mountinfo mountstats"
PATIENCE = 10.0  # seconds for one process
LIMIT = 4 << 20  # bytes of one file; nothing the commands read is near it


class Recorder:
    """Collects entries below ``proc``; ``entries`` is the result."""

    def __init__(self, proc: str) -> None:
        self.proc = os.fsencode(proc)
        self.entries: dict[bytes, Entry] = {}

    def _add(self, name: str, kind: str, status: os.stat_result, data: bytes) -> None:
        path = b"proc/" + os.fsencode(name)
        mode = stat.S_IMODE(status.st_mode)
        self.entries[path] = Entry(kind, mode, status.st_uid, status.st_gid, path, data)

    def directory(self, name: str) -> list[str]:
        """Records a directory itself; returns what it lists, nothing if it can't be read."""
        where = self.proc + b"/" + os.fsencode(name)
        try:
            self._add(name, "d", os.lstat(where), b"")
            return sorted(os.fsdecode(entry) for entry in os.listdir(where))
        except OSError:
            return []

    def file(self, name: str) -> None:
        """Records a file's whole content, if it can be read."""
        where = self.proc + b"/" + os.fsencode(name)
        with contextlib.suppress(OSError):
            status = os.lstat(where)
            if stat.S_ISREG(status.st_mode):
                self._add(name, "f", status, read_briefly(where))

    def link(self, name: str) -> None:
        """Records a symbolic link, if it can be read."""
        where = self.proc + b"/" + os.fsencode(name)
        with contextlib.suppress(OSError):
            self._add(name, "l", os.lstat(where), os.readlink(where))

    def machine(self, own: int) -> None:
        """Records the files that belong to no process; ``self`` is process ``own``."""
        self.directory(".")
        del self.entries[b"proc/."]
        self.entries[b"."] = Entry("d", 0o755, 0, 0, b".", b"")
        for name in GLOBAL_FILES.split():
            if not name.endswith("/"):
                self.file(name)
                continue
            for below in self.directory(name[:-1]):
                self.file(name + below)
        for name in SELF_FILES.split():
            self.file(f"{own}/{name}")
        made = {"self": f"{own}", "thread-self": f"{own}/task/{own}", "mounts": "self/mounts"}
        for name, target in made.items():
            path = b"proc/" + name.encode()
            self.entries[path] = Entry("l", 0o777, 0, 0, path, target.encode())

    def process(self, pid: int, *, deep: bool) -> None:
        """Records one process, or what can be read of it before it ends; ``deep``: its memory too."""
        top = str(pid)
        if not self.directory(top):
            return
        for name in f"{PROCESS_FILES} {DEEP_FILES if deep else ''}".split():
            self.file(f"{top}/{name}")
        for name in LINKS.split():
            self.link(f"{top}/{name}")
        for name in self.directory(f"{top}/fd"):
            self.link(f"{top}/fd/{name}")
        for name in self.directory(f"{top}/fdinfo"):
            self.file(f"{top}/fdinfo/{name}")
        for name in self.directory(f"{top}/ns") if deep else ():
            self.link(f"{top}/ns/{name}")
        for thread in self.directory(f"{top}/task"):
            self.directory(f"{top}/task/{thread}")
            for name in THREAD_FILES.split():
                self.file(f"{top}/task/{thread}/{name}")


def drop_halves(entries: dict[bytes, Entry]) -> None:
    """Drops what ended while it was recorded: a process without its ``stat``."""
    pids = {path.split(b"/")[1] for path in entries if re.match(rb"proc/\d", path)}
    halves = {pid for pid in pids if b"proc/%s/stat" % pid not in entries}
    for path in list(entries):
        if path.startswith(b"proc/") and path.split(b"/")[1] in halves:
            del entries[path]


def within(seconds: float, work: Callable[[], None]) -> bool:
    """Does some work; whether it was done in time. What isn't goes on behind our back."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    return not thread.is_alive()


def read_briefly(path: bytes) -> bytes:
    """A file's content: up to LIMIT bytes, and only while reading doesn't wait. Raises OSError."""
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        parts: list[bytes] = []
        while sum(map(len, parts)) < LIMIT:
            # select reports /proc files as ready; it keeps us from files that wait for events
            if not select.select([fd], [], [], 1.0)[0]:
                break
            data = os.read(fd, 1 << 20)
            if not data:
                break
            parts.append(data)
        return b"".join(parts)
    finally:
        os.close(fd)


# --- redaction


def redactor(hostname: str, homes: Iterable[str]) -> Callable[[Entry], Entry]:
    """Replaces the host's name, people's home directories and the values of environments."""
    swaps = [(os.fsencode(home), b"/home/user%d" % i) for i, home in enumerate(homes, 1)]
    if hostname:
        swaps.append((os.fsencode(hostname), b"host.example.org"))

    def redact(entry: Entry) -> Entry:
        data = entry.data
        if entry.path.endswith(b"/environ"):
            data = re.sub(rb"=[^\0]*", b"=redacted", data)
        for secret, instead in swaps:
            data = re.sub(rb"(?<![\w-])" + re.escape(secret) + rb"(?![\w-])", instead, data)
        return entry._replace(data=data)

    return redact


def _homes() -> list[str]:
    """Home directories of people: those below /home, and root's."""
    with contextlib.suppress(OSError):
        return ["/home/" + name for name in sorted(os.listdir("/home"))]
    return []


# --- the command line


def chosen(proc: str, text: str) -> Iterator[int]:
    """``1,5-7,kernel,bash``: process ids, ranges, all kernel threads, all of that name."""
    every = sorted(int(name) for name in os.listdir(proc) if name.isdigit())
    for word in filter(None, text.split(",")):
        span = re.fullmatch(r"(\d+)(?:-(\d+))?", word)
        for pid in every:
            if _spans(span, pid) if span else _is_called(proc, pid, word):
                yield pid


def _spans(span: re.Match[str], pid: int) -> bool:
    return int(span[1]) <= pid <= int(span[2] or span[1])


def _is_called(proc: str, pid: int, word: str) -> bool:
    try:
        data = Path(proc, str(pid), "stat").read_bytes()
    except OSError:
        return False
    name, _, rest = data.partition(b" (")[2].rpartition(b") ")
    if word == "kernel":
        return bool(int(rest.split()[6]) & 0x00200000)  # PF_KTHREAD
    return os.fsdecode(name) == word


def record(
    proc: str, pids: Iterable[int], deep: Iterable[int] = (), own: int | None = None
) -> list[Entry]:
    """The entries of the machine and of some processes, in an archive's order.

    ``own``: which of them is ``self``; the recorder itself if not told.
    """
    wanted = frozenset(deep)
    entries: dict[bytes, Entry] = {}
    for pid in pids:
        one = Recorder(proc)
        # reading what a process maps waits for that process, for ever if it hangs in the kernel
        if within(PATIENCE, functools.partial(one.process, pid, deep=pid in wanted)):
            entries |= one.entries
    machine = Recorder(proc)
    machine.machine(os.getpid() if own is None else own)  # last: uptime is past every start
    entries |= machine.entries
    drop_halves(entries)
    return sorted(entries.values(), key=lambda entry: order(entry.path))


def main() -> None:
    """Writes the archive to standard output."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--proc", default="/proc", help="where the proc file system is mounted")
    parser.add_argument("--pids", help="these alone: 1,5-7,bash,kernel (the kernel's threads)")
    parser.add_argument("--deep", default="", help="with maps, smaps and namespaces of these")
    parser.add_argument("--self", default=str(os.getpid()), dest="own", help="who is self")
    parser.add_argument("--redact", action="store_true", help="host name, homes, environments")
    options = parser.parse_args()
    proc = options.proc
    own = next(chosen(proc, options.own))
    pids = {own, *chosen(proc, "0-4194304" if options.pids is None else options.pids)}
    entries = record(proc, sorted(pids), chosen(proc, options.deep), own)
    if options.redact:
        entries = list(map(redactor(os.uname().nodename, _homes()), entries))
    sys.stdout.buffer.write(write(entries).encode())


if __name__ == "__main__":
    main()
