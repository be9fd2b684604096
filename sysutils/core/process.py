"""``Process``: one process, its facts and what can be done to it."""

import os
import time
from contextlib import AbstractContextManager
from operator import index
from typing import TYPE_CHECKING, Any, ClassVar

from sysutils.core import mem, program
from sysutils.core._convert import clock_text, usage_percent
from sysutils.core._errors import AccessDenied, NoSuchProcess, TimeoutExpired, ZombieProcess
from sysutils.core._locks import Lock
from sysutils.core._platform import POSIX, backend
from sysutils.core._process import reads
from sysutils.core.attributes import Plan, attribute_names, plan_of

if TYPE_CHECKING:
    from typing import overload

    from sysutils.core._contract import facts as _facts
    from sysutils.core._contract import process as _os
    from sysutils.core._ntuples import MaybeNone, pconn
    from sysutils.core.attributes import Names
else:
    _facts = backend("facts")
    _os = backend("process")

_NOT_FOUND = "process PID not found"
_REUSED = "process no longer exists and its PID has been reused"
#: pids whose Process was found to belong to another process; process_iter drops them
stale: set[int] = set()
_UNKNOWN: Any = object()
_lock = Lock()


def _cpu_percent(records: Any) -> float:
    percent: float = records.process._cpu_percent(records)
    return percent


def _memory_percent(records: Any) -> float:
    return _facts.memory_rss(records) / mem.known_total() * 100


class _Oneshot(AbstractContextManager[None]):
    """A class, not a generator: that takes a third of the time."""

    __slots__ = ("_process",)

    def __init__(self, process: "Process") -> None:
        self._process = process

    def __enter__(self) -> None:
        self._process._begin()

    def __exit__(self, *error: object) -> None:
        self._process._end()


class Process(_os.Process):
    """A process, known by its pid and the moment it was started.

    ``pid`` None means the calling process. Raises NoSuchProcess, and ValueError for a negative pid.
    Methods raise NoSuchProcess, ZombieProcess or AccessDenied. Facts are read at each call; inside
    ``with p.oneshot():`` each file is read once."""

    __module__ = "sysutils.core"

    _gone = False
    _exitcode: Any = _UNKNOWN
    returncode: "int | MaybeNone"
    _reused = False
    _last_sys_time: float | None = None
    _last_cpu_time = 0.0
    _create_time: float | None  # in the object, not here: CPython finds it faster there
    _hash: int | None
    _known_exe: str | None = None
    #: set by process_iter(attrs)
    info: dict[str, Any]
    #: what as_dict and process_iter take on this platform
    attrs: ClassVar[frozenset[str]]

    def __init__(self, pid: int | None = None) -> None:
        if pid is None:
            pid = os.getpid()
        elif pid < 0:
            raise ValueError(f"pid must be a positive integer (got {pid})")
        elif pid > 0x7FFFFFFF:
            raise NoSuchProcess(pid, msg="process PID out of range")
        self._pid = pid = index(pid)
        self._create_time = self._hash = None
        try:
            self._ident = pid, _os.start_ticks(self._open())
        except PermissionError:
            self._ident = pid, None  # some systems hide when a foreign process was started
        except (FileNotFoundError, ProcessLookupError):
            raise NoSuchProcess(pid, msg=_NOT_FOUND) from None

    @staticmethod
    def _of_records(pid: int, records: Any) -> "Process":
        """A Process without its own look at the system: ``records`` tell when it was started."""
        self = Process.__new__(Process)
        self._pid = pid
        self._create_time = self._hash = None
        self._ident = pid, _os.start_ticks(records)
        return self

    # --- identity

    @property
    def _started(self) -> int:
        return self._ident[1] or 0

    @property
    def pid(self) -> int:
        """The process id."""
        return self._pid

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Process):
            return NotImplemented
        return self._ident == other._ident

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(self._ident)
        return self._hash

    def __getstate__(self) -> dict[str, Any]:
        passing = {"_records": None, "_depth": 0, "_hash": None}
        return {**self.__dict__, **passing}

    def __repr__(self) -> str:
        shown: dict[str, Any] = {"pid": self._pid, "name": self._name}
        if self._reused:
            shown["status"] = "terminated + PID reused"
        else:
            try:
                with self.oneshot():
                    shown["name"] = self.name()
                    shown["status"] = str(self.status())
            except ZombieProcess:
                shown["status"] = "zombie"
            except NoSuchProcess:
                shown["status"] = "terminated"
            except AccessDenied:
                pass
        if self._exitcode is not _UNKNOWN:
            shown["exitcode"] = self._exitcode
        if (started := self._create_time or self._shown_start()) is not None:
            shown["started"] = clock_text(started)
        details = ", ".join(f"{key}={value!r}" for key, value in shown.items() if value is not None)
        return f"{type(self).__module__}.{type(self).__name__}({details})"

    __str__ = __repr__

    def is_running(self) -> bool:
        """Whether this very process (zombies too) still exists, not another one with its pid."""
        if self._gone or self._reused:
            return False
        try:
            starttime = _os.start_ticks(self._open())
        except (FileNotFoundError, ProcessLookupError):
            self._gone = True
            return False
        except PermissionError:
            return True
        return not self._reused_by(starttime)

    def _reused_by(self, started: int | None) -> bool:
        """Whether the pid is another process's, which was ``started`` then; None is a start not told."""
        if started != self._started and None not in {started, self._ident[1]}:
            self._reused = True
            stale.add(self._pid)
        return self._reused

    def _same(self) -> bool:
        """False if the pid now belongs to a later process; a process that is gone is still the same."""
        self.is_running()
        return not self._reused

    def _raise_if_pid_reused(self) -> None:
        if self._reused or not self._same():
            raise NoSuchProcess(self._pid, self._name, _REUSED)

    def _raise_if_of_another(self, records: Any) -> None:
        """``_raise_if_pid_reused`` by records read anyway. Raises OSError too."""
        if self._reused or self._reused_by(_os.start_ticks(records)):
            raise NoSuchProcess(self._pid, self._name, _REUSED)

    # --- one look at everything

    def oneshot(self) -> AbstractContextManager[None]:
        """Inside the block each file is read once, and values stay as they were first seen.

        It nests, and other threads that use the same object share what was read."""
        return _Oneshot(self)

    def _begin(self) -> None:
        with _lock.held:
            if self._depth == 0:
                self._records = self._open()
            self._depth += 1

    def _end(self) -> None:
        with _lock.held:
            self._depth -= 1
            if self._depth == 0:
                self._records = None

    def as_dict(self, attrs: "Names | None" = None, ad_value: Any = None) -> dict[str, Any]:
        """``{attribute: value}`` for the named attributes, or for all; only the files needed are read.

        ``ad_value`` stands for what was forbidden or gone with a zombie. Raises TypeError or ValueError
        for bad names, NoSuchProcess, and NotImplementedError only for an attribute named."""
        plan = plan_of(type(self), attrs)
        with self.oneshot():
            return self._collect(plan, self._records, ad_value, bool(attrs))

    def _collect(self, plan: Plan, records: Any, ad_value: Any, named: bool) -> dict[str, Any]:
        values = {}
        records.process = self
        for name, read in plan:
            try:
                values[name] = getattr(self, name)() if read is None else read(records)
            except (AccessDenied, ZombieProcess):
                values[name] = ad_value
            except OSError as error:
                failure = self._error(error)
                if not isinstance(failure, (AccessDenied, ZombieProcess)):
                    raise failure from error
                values[name] = ad_value
            except NotImplementedError:
                if named:
                    raise
        if "name" in values:
            self._name = values["name"]
        return values

    # --- facts that need more than the process's own records

    @reads(program.name)
    def name(self) -> str:
        """Name of the program; one cut at 15 bytes is completed from the first argument."""
        try:
            records = self._records
            self._name = program.name(records or self._open(), alone=records is None)
        except OSError as error:
            raise self._error(error) from error
        return self._name

    @reads(_facts.ppid)
    def ppid(self) -> int:
        """Pid of the parent, 0 for none. Raises NoSuchProcess if the pid was reused."""
        records = self._records or self._open()
        try:
            self._raise_if_of_another(records)
            return _facts.ppid(records)
        except OSError as error:
            raise self._error(error) from error

    def parent(self) -> "Process | None":
        """The parent process, None if there is none or it is gone."""
        ppid = self.ppid()
        if not ppid:
            return None
        try:
            parent = self._relative(ppid, _os.open_process(ppid))
        except PermissionError:
            return Process(ppid)  # hidden from us
        except (FileNotFoundError, ProcessLookupError):
            return None
        # else a later process has the parent's pid
        return parent if parent._started <= self._started else None

    def _relative(self, pid: int, records: Any) -> "Process":
        """A Process, no subclass: that may take other arguments. ``repr`` tells its start."""
        relative = self._of_records(pid, records)
        relative._create_time = _facts.create_time(records)
        return relative

    def parents(self) -> "list[Process]":
        """The parent, its parent and so on."""
        line = []
        process = self.parent()
        while process is not None:
            line.append(process)
            process = process.parent()
        return line

    def children(self, recursive: bool = False) -> "list[Process]":
        """The processes whose parent this is, with ``recursive`` theirs too. Reads one file a process."""
        below: dict[int, list[tuple[int, Any]]] = {}
        own = self._open()
        try:
            self._raise_if_of_another(own)
        except (FileNotFoundError, ProcessLookupError):
            raise NoSuchProcess(self._pid, msg=_NOT_FOUND) from None
        except PermissionError:
            pass  # hidden from us
        pids, open_process = _os.look()
        for pid in pids:
            records = own if pid == self._pid else open_process(pid)
            try:
                below.setdefault(_facts.ppid(records), []).append((pid, records))
            except OSError:
                continue  # gone meanwhile, or hidden from us
        found: list[Process] = []
        queue: list[tuple[int, int]] = [(self._pid, self._started)]
        while queue:
            parent, born = queue.pop()
            for pid, records in below.pop(parent, ()):
                child = self._relative(pid, records)
                if child._started >= born:
                    found.append(child)
                    if recursive:
                        queue.append((pid, child._started))
        return found

    @reads(_memory_percent)
    def memory_percent(self, memtype: str = "rss") -> float:
        """One field of ``memory_info()`` or ``memory_full_info()`` as a percentage of physical memory.

        Raises ValueError for an unknown field."""
        if memtype not in self._memory_fields:
            valid = tuple(self._memory_fields)
            raise ValueError(f"invalid memtype {memtype!r}; valid types are {valid!r}")
        info = getattr(self, self._memory_fields[memtype])()
        return usage_percent(getattr(info, memtype), mem.known_total())

    @reads(_cpu_percent)
    def cpu_percent(self, interval: float | None = None) -> float:
        """CPU time used as a percentage of the time passed, over 100 with several busy threads.

        With an ``interval`` it sleeps that many seconds; without, it compares with the last call on this
        object, and the first call gives 0.0. Raises ValueError for a negative interval."""
        if interval is not None and interval < 0:
            raise ValueError(f"interval is not positive (got {interval})")
        if interval:
            self._cpu_percent(self._open())
            time.sleep(interval)
        return self._cpu_percent(self._records or self._open())

    def _cpu_percent(self, records: Any) -> float:
        try:
            used = _facts.cpu_seconds(records)
        except OSError as error:
            raise self._error(error) from error
        now = time.monotonic()
        before, used_before = self._last_sys_time, self._last_cpu_time
        self._last_sys_time, self._last_cpu_time = now, used
        if before is None or now <= before or used < used_before:  # another thread was in between
            return 0.0
        return round((used - used_before) / (now - before) * 100, 1)

    if TYPE_CHECKING:

        @overload
        def nice(self, value: None = None) -> int: ...
        @overload
        def nice(self, value: int) -> None: ...

    @reads(_facts.nice)
    def nice(self, value: int | None = None) -> int | None:
        """The nice value, or with ``value`` sets it (getpriority(2), setpriority(2))."""
        if value is None:
            return self._get_nice()
        self._raise_if_pid_reused()
        self._set_nice(value)
        return None

    @reads(_facts.create_time)
    def create_time(self) -> float:
        """When the process was started, in seconds since the epoch by the clock of the first call."""
        if self._create_time is None:
            self._create_time = self._told_create_time()
        return self._create_time

    def _told_create_time(self) -> float:
        ticks = self._ident[1]
        return super().create_time() if ticks is None else _os.moment(ticks)

    @reads(program.exe)
    def exe(self) -> str:
        """Path of the program, ``""`` where it can't be told; kept from the first call on.

        Where it is forbidden, the first argument if that is the absolute path of a program."""
        if self._known_exe is not None:
            return self._known_exe
        try:
            self._known_exe = super().exe() or program.of_arguments(self.cmdline()) or ""
        except AccessDenied:
            path = program.of_arguments(self.cmdline())
            if path is None:
                raise
            return path
        return self._known_exe

    def wait(self, timeout: float | None = None) -> "int | MaybeNone":
        """Waits for the process to end: a child's exit code or negated signal, None for others.

        The answer is kept for later calls. Raises TimeoutExpired, ValueError for a negative timeout."""
        if timeout is not None and not isinstance(timeout, (int, float)):
            raise TypeError(f"timeout must be an int or float (got {type(timeout)})")
        if timeout is not None and timeout < 0:
            raise ValueError(f"timeout must be positive or zero (got {timeout})")
        if self._exitcode is _UNKNOWN:
            if self._pid == 0:
                raise ValueError("can't wait for PID 0")
            try:
                code = self._wait(timeout, self._collect_child)
            except TimeoutError:
                raise TimeoutExpired(timeout or 0, self._pid, self._name) from None
            if self._exitcode is _UNKNOWN:
                self._exitcode = code
        return self._exitcode

    def _collect_child(self, pid: int) -> tuple[bool, int | None]:
        """The exit code that one thread gets from the system is every thread's."""
        with _lock.held:
            if self._exitcode is not _UNKNOWN:
                return True, self._exitcode
            ended, code = self._reap(pid)
            if code is not None:
                self._exitcode = code
            return ended, code

    def connections(self, kind: str = "inet") -> "list[pconn]":
        """``net_connections``, by the name it had before psutil 6.0."""
        import warnings

        text = "connections() is deprecated and will be removed; use net_connections() instead"
        warnings.warn(text, DeprecationWarning, stacklevel=2)
        return self.net_connections(kind)

    # --- signals

    def send_signal(self, sig: int) -> None:
        """Sends a signal, never to a later owner of the pid (pidfd_send_signal(2), else kill(2))."""
        if self._gone:
            raise NoSuchProcess(self._pid, self._name)
        if POSIX and self._pid == 0:
            raise ValueError(
                "preventing sending signal to process with PID 0 as it would affect every process"
                " in the process group of the calling process (os.getpid()) instead of PID 0"
            )
        self._send(int(sig), self._same)  # which looks whether it is still the same


Process.attrs = attribute_names(Process, additions=True)
