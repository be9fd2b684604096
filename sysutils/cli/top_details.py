"""One process in full, as the live top(1) shows it on Enter: page after page of lines."""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sysutils import core
from sysutils.cli.live.table import clean, fit
from sysutils.cli.top_choices import container_of, size_text

Pieces = list[tuple[str, str]]

_FORBIDDEN: Pieces = [(" This may not be read: it is another user's.", "yellow")]
_NOTHING: Pieces = [(" None.", "dim")]
#: facts of the first page: of psutil's, and how they are written
_FACTS: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
    ("program", "exe", str), ("directory", "cwd", str), ("user", "username", str),
    ("state", "status", str), ("parent", "ppid", str), ("terminal", "terminal", str),
    ("started", "create_time", lambda when: time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(when))),
    ("threads", "num_threads", str), ("descriptors", "num_fds", str), ("nice", "nice", str),
    ("I/O priority", "ionice", lambda value: f"class {int(value.ioclass)}, level {value.value}"),
    ("CPUs", "cpu_affinity", lambda cpus: ", ".join(map(str, cpus))), ("CPU now", "cpu_num", str),
    ("CPU time", "cpu_times", lambda t: f"{t.user:.2f} s user, {t.system:.2f} s system, of children "
                                        f"{t.children_user:.2f} s, {t.children_system:.2f} s"),
    ("switches", "num_ctx_switches", lambda n: f"{n.voluntary} voluntary, {n.involuntary} involuntary"),
    ("memory", "memory_full_info", lambda m: ", ".join(f"{name} {size_text(size)}"
                                                       for name, size in m._asdict().items())),
    ("read", "io_counters", lambda io: f"{size_text(io.read_bytes)} from disks, {io.read_count} calls"),
    ("written", "io_counters", lambda io: f"{size_text(io.write_bytes)} to disks, {io.write_count} calls"),
)  # fmt: skip


def _row(*cells: tuple[str, int, str]) -> Pieces:
    """Texts, each in so many columns (0: as they are) and its style."""
    return [
        (" " + (fit(clean(text), width) if width else clean(text)), style) for text, width, style in cells
    ]  # fmt: skip


def _heading(*cells: tuple[str, int]) -> Pieces:
    return [
        (" " + (fit(text, width) if width else text), "bold underline") for text, width in cells
    ]


def _summary(process: Any) -> Iterable[Pieces]:
    names = [name for _, name, _ in _FACTS if name in process.attrs]
    facts = process.as_dict([*dict.fromkeys(names), "cmdline"])
    for label, name, show in _FACTS:
        value = facts.get(name)
        if value is not None and value != "":
            yield _row((label, 12, "dim"), (show(value), 0, ""))
    groups = next(iter(core.process_table(["cgroup"], [process.pid])), None)
    if groups is not None and groups.cgroup:
        yield _row(("container", 12, "dim"), (container_of(groups.cgroup) or "-", 0, "cyan"))
        for line in groups.cgroup:
            yield _row(("control group", 13, "dim"), (line, 0, ""))
    yield []
    yield _row(("arguments", 12, "bold"))
    for number, word in enumerate(facts.get("cmdline") or ()):
        yield _row((str(number), 4, "dim"), (word, 0, "bold cyan" if not number else ""))


def _files(process: Any) -> Iterable[Pieces]:
    rows = core.open_descriptors(process.pid, memory=False)
    yield _heading(("FD", 5), ("MODE", 4), ("SIZE", 6), ("NAME", 0))
    for row in rows:
        if str(row.name).startswith("socket:"):
            continue
        size = "-" if row.size is None else size_text(row.size)
        style = "red" if row.error else "bold cyan" if not isinstance(row.fd, int) else ""
        yield _row(
            (str(row.fd), 5, "dim"), (row.access or "-", 4, ""), (size, 6, ""), (row.name, 0, style)
        )


def _address(address: Any) -> str:
    if not address:
        return "-"
    if isinstance(address, str):
        return address
    host = f"[{address.ip}]" if ":" in address.ip else address.ip
    return f"{host}:{address.port}"


def _sockets(process: Any) -> Iterable[Pieces]:
    rows = process.net_connections("all")
    if not rows:
        return
    wide = max(len("LOCAL"), *(len(_address(row.laddr)) for row in rows))
    yield _heading(("FD", 5), ("KIND", 5), ("STATE", 12), ("LOCAL", min(wide, 46)), ("REMOTE", 0))
    for row in rows:
        kind = {2: "tcp" if row.type == 1 else "udp", 10: "tcp6" if row.type == 1 else "udp6"}.get(
            int(row.family), "unix"
        )
        style = {"LISTEN": "bold green", "ESTABLISHED": "green"}.get(row.status, "")
        status = "-" if row.status == "NONE" else row.status
        yield _row((str(row.fd), 5, "dim"), (kind, 5, ""), (status, 12, style),
                   (_address(row.laddr), min(wide, 46), ""), (_address(row.raddr), 0, ""))  # fmt: skip


def _environment(process: Any) -> Iterable[Pieces]:
    for name, value in sorted(process.environ().items()):
        yield [(" " + clean(name), "cyan"), ("=", "dim"), (clean(value), "")]


def _maps(process: Any) -> Iterable[Pieces]:
    rows = process.memory_maps(grouped=True)
    if not rows:
        return
    yield _heading(("RSS", 7), ("PSS", 7), ("SWAP", 7), ("WHAT IS MAPPED", 0))
    for row in sorted(rows, key=lambda row: -row.rss):
        sizes = [
            (size_text(getattr(row, name, 0)).rjust(7), 7, "") for name in ("rss", "pss", "swap")
        ]
        yield _row(*sizes, (row.path, 0, "dim" if row.path.startswith("[") else ""))


def _limits(process: Any) -> Iterable[Pieces]:
    yield _heading(("LIMIT", 12), ("SOFT", 20), ("HARD", 0))
    for limit in core.ProcessRlimit:
        soft, hard = process.rlimit(limit)
        cells = [
            "unlimited" if value == core.RLIM_INFINITY else str(value) for value in (soft, hard)
        ]
        name = limit.name.removeprefix("RLIMIT_")
        yield _row((name, 12, "cyan"), (cells[0], 20, ""), (cells[1], 0, "dim"))


_MAKERS: Sequence[tuple[str, Callable[[Any], Iterable[Pieces]]]] = (
    ("process", _summary), ("files", _files), ("sockets", _sockets), ("environment", _environment),
    ("maps", _maps), ("limits", _limits),
)  # fmt: skip
PAGES = tuple(name for name, _ in _MAKERS)


def title(pid: int, name: str, page: int) -> Pieces:
    """The tabs, the page that is shown standing out."""
    found: Pieces = [(f" {pid} {clean(name)} ", "bold reverse")]
    for number, one in enumerate(PAGES):
        found.append((f" {one} ", "bold underline reverse" if number == page else "reverse"))
    return found


def page_lines(pid: int, page: int) -> list[Pieces]:
    """A page about a process, as it is now."""
    try:
        found = list(_MAKERS[page][1](core.Process(pid)))
    except core.AccessDenied:
        return [_FORBIDDEN]
    except (core.NoSuchProcess, ProcessLookupError, FileNotFoundError):
        return [[(f" Process {pid} has ended.", "yellow")]]
    except (AttributeError, NotImplementedError):
        return [[(" This system does not tell.", "yellow")]]
    except OSError as error:
        return [[(f" {error.strerror}", "yellow")]]
    return found or [_NOTHING]
