"""Recorded machines: one text archive per machine, ``tests/trees/<name>.tree``.

An archive holds a machine's root: ``proc/`` and, where needed, ``etc/``, ``run/``, ``sys/``. Lines:

    # a comment
    d MODE UID GID PATH             a directory (parents that have no line of their own are 755 root)
    f MODE UID GID PATH             a file; its content follows, see ``spelling``
    f MODE UID GID PATH = OTHER     a file with the content of an earlier one
    l UID GID PATH -> TARGET        a symbolic link (Linux keeps no mode for it)

``PATH`` is relative, with blanks spelled ``\\x20``; ``.`` is the root itself.
"""

from __future__ import annotations

import atexit
import errno
import functools
import os
import shutil
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.support.spelling import spell, spell_lines, spell_word, unspell, unspell_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TREES = Path(__file__).resolve().parent.parent / "trees"
_HEADER = "# d|f MODE UID GID PATH, l UID GID PATH -> TARGET; |line with newline, :line without"
_SHARE_FROM = 100  # shorter contents read better repeated


class Entry(NamedTuple):
    """One path of an archive. ``kind`` is d, f or l; ``data`` a file's content or a link's target."""

    kind: str
    mode: int
    uid: int
    gid: int
    path: bytes
    data: bytes


def order(path: bytes) -> list[tuple[int, int, bytes]]:
    """Sort key: parents first, numbers by value and before names, as /proc lists them."""
    if path == b".":
        return []
    parts = path.split(b"/")
    return [(0, int(part), part) if part.isdigit() else (1, 0, part) for part in parts]


# --- directory -> entries -> text


def scan(directory: Path | str) -> Iterator[Entry]:
    """What stands in ``directory``, in order. ValueError for a pipe, socket or device."""
    top = os.fsencode(directory)
    found = [b"."]
    for where, directories, files in os.walk(top):
        inside = os.path.relpath(where, top)
        prefix = b"" if inside == b"." else inside + b"/"
        found += [prefix + name for name in directories + files]
    for path in sorted(found, key=order):
        yield _entry(top + b"/" + path, path)


def _entry(where: bytes, path: bytes) -> Entry:
    status = os.lstat(where)
    mode, owner = stat.S_IMODE(status.st_mode), (status.st_uid, status.st_gid)
    if stat.S_ISDIR(status.st_mode):
        return Entry("d", mode, *owner, path, b"")
    if stat.S_ISLNK(status.st_mode):
        return Entry("l", 0o777, *owner, path, os.readlink(where))
    if stat.S_ISREG(status.st_mode):
        return Entry("f", mode, *owner, path, Path(os.fsdecode(where)).read_bytes())
    raise ValueError(f"{os.fsdecode(where)}: not a file, directory or link")


def write(entries: Iterable[Entry]) -> str:
    """The archive's text. Shape: str ending in a newline."""
    lines = [_HEADER]
    first_with: dict[bytes, str] = {}
    for kind, mode, uid, gid, path, data in entries:
        word = spell_word(path)
        if kind == "l":
            lines.append(f"l {uid} {gid} {word} -> {spell(data)}")
            continue
        head = f"{kind} {mode:o} {uid} {gid} {word}"
        earlier = first_with.setdefault(data, word) if len(data) >= _SHARE_FROM else word
        if kind == "f" and earlier != word:
            lines.append(f"{head} = {earlier}")
        else:
            lines.append(head)
            lines += spell_lines(data)
    return "\n".join(lines) + "\n"


def pack(directory: Path | str) -> str:
    """The archive of a directory. Shape: str."""
    return write(scan(directory))


# --- text -> entries -> directory


def read(text: str) -> list[Entry]:
    """The entries of an archive. ValueError, with the line's number, for a malformed one."""
    entries: list[Entry] = []
    contents: dict[bytes, bytes] = {}
    parts: list[bytes] = []
    for number, line in enumerate(text.split("\n"), 1):
        try:
            if line[:1] in {"|", ":"}:
                if not entries:
                    raise ValueError("content before the first path")
                parts.append(unspell_line(line))
            elif line and not line.startswith("#"):
                _close(entries, contents, parts)
                entries.append(_head(line, contents))
        except (ValueError, KeyError) as error:
            raise ValueError(f"line {number}: {error}: {line[:120]!r}") from None
    _close(entries, contents, parts)
    return entries


def _close(entries: list[Entry], contents: dict[bytes, bytes], parts: list[bytes]) -> None:
    """Gives the last entry its content lines."""
    if not entries:
        return
    last = entries[-1]
    if parts:
        if last.kind != "f" or last.data:
            raise ValueError(f"content after {last.path!r}, which takes none")
        last = entries[-1] = last._replace(data=b"".join(parts))
        parts.clear()
    if last.kind == "f":
        contents[last.path] = last.data


def _head(line: str, contents: dict[bytes, bytes]) -> Entry:
    kind, _, rest = line.partition(" ")
    if kind == "l":
        words, _, target = rest.partition(" -> ")
        uid, gid, path = words.split(" ")
        return Entry("l", 0o777, int(uid), int(gid), unspell(path), unspell(target))
    words, _, other = rest.partition(" = ")
    mode, uid, gid, path = words.split(" ")
    if kind not in {"d", "f"}:
        raise ValueError(f"unknown kind {kind!r}")
    data = contents[unspell(other)] if other else b""
    return Entry(kind, int(mode, 8), int(uid), int(gid), unspell(path), data)


def unpack(text: str, directory: Path | str) -> bool:
    """Writes an archive below ``directory`` (made if absent).

    Says whether the owners could be kept: only root can give files away. Siblings are made in the
    order that lets the file system list them as /proc does (ascending), where it has such an order.
    """
    top = os.fsencode(directory)
    os.makedirs(top, exist_ok=True)
    entries = sorted(read(text), key=lambda entry: order(entry.path))
    kept = True
    for entry in reversed(entries) if _lists_newest_first(top) else entries:
        kept = _make(top, entry) and kept
    for entry in reversed(entries):  # children first: a mode may forbid entering
        if entry.kind == "d":
            os.chmod(top + b"/" + entry.path, entry.mode)
    return kept


def _lists_newest_first(top: bytes) -> bool:
    probe = tempfile.mkdtemp(dir=top)
    for name in (b"1", b"2", b"3", b"4", b"5"):
        os.mkdir(os.path.join(probe, name))
    names = os.listdir(probe)
    shutil.rmtree(probe)
    return names == [b"5", b"4", b"3", b"2", b"1"]


def _make(top: bytes, entry: Entry) -> bool:
    """Makes one path; says whether it could be given to its owner."""
    if entry.path.startswith(b"/") or b".." in entry.path.split(b"/"):
        raise ValueError(f"{entry.path!r} leads out of the tree")
    where = top + b"/" + entry.path
    if entry.kind == "d":
        os.makedirs(where, exist_ok=True)
    else:
        _make_leaf(where, entry)
    try:
        os.chown(where, entry.uid, entry.gid, follow_symlinks=False)
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.EINVAL}:  # EINVAL: unmapped in a user namespace
            raise
        return False
    if entry.kind == "f":
        os.chmod(where, entry.mode)  # after chown, which drops set-id bits
    return True


def _make_leaf(where: bytes, entry: Entry) -> None:
    for again in (True, False):
        try:
            if entry.kind == "l":
                os.symlink(entry.data, where)
                return
            fd = os.open(where, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except FileNotFoundError:
            if not again:
                raise
            os.makedirs(os.path.dirname(where))
            continue
        with open(fd, "wb") as file:
            os.fchmod(fd, entry.mode)
            file.write(entry.data)
        return


# --- the recorded machines


def source(name: str) -> str:
    """The text of a recorded machine's archive."""
    return (TREES / f"{name}.tree").read_bytes().decode()


def names() -> list[str]:
    """The recorded machines."""
    return sorted(path.stem for path in TREES.glob("*.tree"))


@functools.cache
def holds(tree: str | Path, name: str) -> bool:
    """Whether a recorded machine (by name: without unpacking it) has a file below /proc."""
    if isinstance(tree, Path):
        return (tree / name).exists()
    return any(entry.path == b"proc/" + name.encode() for entry in read(source(tree)))


@functools.cache
def load(name: str) -> Path:
    """The ``proc`` directory of a recorded machine: unpacked once per run, shared, not to be changed."""
    return fresh(name)


def fresh(name: str) -> Path:
    """As ``load``, a copy of the caller's own, to be changed at will; removed at exit."""
    root = Path(tempfile.mkdtemp(prefix=f"tree-{name}-", dir=_memory()))
    atexit.register(remove, root)
    root.chmod(0o755)  # other users may have to read it
    unpack(source(name), root)
    return root / "proc"


def _memory() -> str | None:
    """A directory in memory: ten times as fast, and lists as /proc does. None if none has room."""
    try:
        status = os.statvfs("/dev/shm")
    except OSError:
        return None
    roomy = status.f_bavail * status.f_frsize > 512 << 20
    return "/dev/shm" if roomy and os.access("/dev/shm", os.W_OK | os.X_OK) else None


def remove(directory: Path) -> None:
    """Removes a directory whatever the modes in it, and doesn't mind if it is gone."""
    for where, _, _ in os.walk(directory):  # parents first, so that walk may enter
        os.chmod(where, 0o700)
    shutil.rmtree(directory, ignore_errors=True)


def _fields(proc: Path, name: str) -> list[list[str]]:
    return [line.split() for line in (proc / name).read_text().splitlines()]


def uptime(proc: Path) -> float:
    """Seconds from boot to the recording."""
    return float(_fields(proc, "uptime")[0][0])


def now(proc: Path) -> float:
    """Seconds since the epoch at which the machine was recorded: its boot time and uptime."""
    (boot,) = (int(words[1]) for words in _fields(proc, "stat") if words[0] == "btime")
    return boot + uptime(proc)
