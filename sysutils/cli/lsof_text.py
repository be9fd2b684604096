"""lsof's texts: of the cells of its table, and of a field a line (-F)."""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from sysutils import core
from sysutils.cli.fields.descriptors import FileRow, ProcessRow, end_text
from sysutils.cli.fields.names import account, user_name
from sysutils.cli.output.text import UNPRINTABLE, utf8_locale

#: all fields of -F, in the order of its output, and what they are
FIELDS = {
    "p": "process ID (PID)", "K": "task ID (TID)", "M": "task comMand name",
    "g": "process group ID (PGID)",
    "R": "paRent PID", "c": "command name", "u": "user ID (UID)",
    "L": "login name", "f": "file descriptor", "a": "access: r = read; w = write; u = read/write",
    "l": "lock: r/R = read; w/W = write; u = read/write", "t": "file type", "G": "file flaGs",
    "d": "device character code", "D": "major/minor device number as 0x<hex>",
    "r": "raw device number as 0x<hex>", "s": "file size", "o": "file offset as 0t<dec> or 0x<hex>",
    "i": "inode number", "k": "link count", "P": "protocol name",
    "n": "comment, name, Internet addresses", "T": "TCP/TPI info", "m": "marker between repeated output",
    "S": "stream module and device names", "0": "(zero) use NUL field terminator instead of NL",
}  # fmt: skip
#: those that -F alone shows
_DEFAULT = frozenset(FIELDS) - {"r", "0"}
#: types of files whose device is shown as a number
_ON_DEVICE = {"REG", "DIR", "FIFO", "a_inode", "sock", "LINK", "PSXMQ"}
#: protocols of -T
_TOLD = {"TCP", "UDP", "UDPLITE"}
_ACCESS = {1: "W", 2: "RW"}
#: flags of open(2), in the order of the classic
_FLAGS = (
    (0o100, "CR"), (0o200, "EXCL"), (0o400, "NTTY"), (0o1000, "TR"), (0o2000, "AP"), (0o4000, "ND"),
    (0o10000, "SYN"), (0o20000, "ASYN"), (0o40000, "DIR"), (0o200000, "DTY"), (0o400000, "NFLK"),
    (0o1000000, "NATM"), (0o100000, "LG"), (0o2000000, "CX"), (0o10000000, "PATH"),
    (0o20000000, "TMPF"),
)  # fmt: skip
_SHORT = {"\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}
#: width of the USER column
USER_WIDTH = 8


class Layout(NamedTuple):
    """What the options say of the columns."""

    command: int = 9
    parents: bool = False
    groups: bool = False
    numeric_users: bool = False
    #: "", "size" or "offset"
    size: str = ""
    #: digits of an offset in decimal
    digits: int = 8
    links: bool = False
    #: "", g (letters) or G (hexadecimal)
    flags: str = ""
    #: f (flags), q (queues), s (state): -T
    tcp: str = "s"


def escaped(text: str, blanks: bool = False) -> str:
    """``text`` as lsof prints it: ``\\n``, ``^[``, ``\\xff``; with ``blanks`` ``\\x20`` for each."""
    if text.isascii() and text.isprintable() and (core.WINDOWS or "\\" not in text):
        return text.replace(" ", "\\x20") if blanks and " " in text else text
    return "".join(_escape(char, blanks) for char in text)


def _escape(char: str, blanks: bool) -> str:
    if char == "\\" and core.WINDOWS:
        return char  # which stands between directories there
    if char in _SHORT:
        return _SHORT[char]
    if char == " ":
        return "\\x20" if blanks else char
    number = ord(char)
    if number < 0x80:
        return char if 32 <= number < 127 else f"^{chr(number ^ 64)}"
    if utf8_locale() and unicodedata.category(char) not in UNPRINTABLE:
        return char
    return "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogateescape"))


@cache
def command_text(name: str, limit: int) -> str:
    """What stands below COMMAND or TASKCMD."""
    text = ""
    for char in name:
        more = _escape(char, True)
        if limit and len(text) + len(more) > max(limit, 7):
            return text.ljust(max(limit, 7))  # half an escape is none, its room stays
        text += more
    return text


@cache
def user_text(uid: int | None, numeric: bool) -> str:
    """What stands below USER; nothing where the system keeps that for itself."""
    if uid is None:
        return ""
    return str(uid) if numeric else account(user_name(uid) or str(uid))[:USER_WIDTH]


def descriptor(row: FileRow) -> str:
    """``   3r ``, ``cwd   ``: with access and lock."""
    fd = row.fd
    if isinstance(fd, str):
        text = fd if fd in {"mem", "DEL"} else fd.rjust(4)
    else:
        text = f"{fd:4d}" if fd < 10000 else f"*{fd % 1000:03d}"
    return f"{text}{row.mode or ' '}{row.lock or ' '}"


def offset_text(offset: int, digits: int) -> str:
    """``0t1234``, or ``0x12a05f200`` where it takes more digits."""
    text = str(offset)
    return f"0t{text}" if not digits or len(text) <= digits else f"{offset:#x}"


def size_text(row: FileRow, layout: Layout) -> str:
    """What stands below SIZE/OFF, SIZE or OFFSET."""
    if layout.size != "offset" and row.size is not None:
        return str(row.size)
    if layout.size == "size" or row.offset is None:
        return ""
    return offset_text(row.offset, layout.digits)


def flags_text(row: FileRow, layout: Layout) -> str:
    """What stands below FILE-FLAG: ``RW,AP``, ``0x402;0x0``."""
    flags = row.flags
    if flags is None or not isinstance(row.fd, int):
        return ""
    if layout.flags == "G":
        return f"{flags:#x};0x0"
    access = _ACCESS.get(flags & 3)
    return ",".join([*([access] if access else []), *(name for bit, name in _FLAGS if flags & bit)])


def tcp_facts(row: FileRow, layout: Layout) -> list[str]:
    """``["LISTEN", "QR=0"]``: what -T selects."""
    found = [row.state] if row.state is not None and "s" in layout.tcp else []
    if row.inet is not None and row.protocol is not None and "q" in layout.tcp:
        queues = (("QR", row.inet.recv_q), ("QS", row.inet.send_q))
        found += [f"{name}={length}" for name, length in queues if length is not None]
    return found


def full_name(row: FileRow, layout: Layout) -> str:
    """The name with what is at the other end: ``pipe 4711,cat,3r``."""
    if not row.ends:
        return escaped(row.name)
    texts = (end_text(end, layout.command) for end in row.ends)
    return escaped(" ".join([row.name, *texts]))


def name_text(row: FileRow, layout: Layout) -> str:
    """What stands below NAME."""
    name = full_name(row, layout)
    if layout.tcp == "s" and row.state is not None:  # as nearly all are
        return f"{name} ({row.state})"
    facts = tcp_facts(row, layout)
    if facts:
        return f"{name} ({' '.join(facts)})"
    # what a socket has nothing to tell of leaves its blank
    tells = row.type == "unix" or (row.inet is not None and row.protocol in _TOLD)
    return f"{name} " if tells and layout.tcp else name


def node_text(row: FileRow) -> str:
    """What stands below NODE."""
    if row.protocol is not None:
        return row.protocol
    return "" if row.node is None else str(row.node)


# --- -F


def parse_fields(word: str) -> str:
    """The letters of -F; none: all of them. Raises ValueError with one that is no field."""
    for letter in word:
        if letter not in FIELDS:
            raise ValueError(letter)
    letters = set(word) - {"0"} or set(_DEFAULT)
    return "".join(letter for letter in FIELDS if letter in letters or letter in word)


def fields_help() -> str:
    """The answer to ``-F?``."""
    lines = ["lsof:\tID    field description\n"]
    lines += [f"\t {letter}    {FIELDS[letter]}\n" for letter in "acdDfGikKlLmMnopgPrRsStTu0"]
    return "".join(lines)


def _process_fields(row: ProcessRow, wanted: str, layout: Layout) -> Iterator[str]:
    login = None if layout.numeric_users else user_name(row.uid)
    values = {
        "p": row.pid, "K": row.tid, "M": row.task, "g": row.pgid, "R": row.ppid, "c": row.command,
        "u": row.uid, "L": login,
    }  # fmt: skip
    for letter, value in values.items():
        if value is not None and (letter in wanted or letter == "p"):
            yield letter + (escaped(value) if isinstance(value, str) else str(value))


def _fd_text(row: FileRow) -> str:
    return str(row.fd)


def _file_fields(row: FileRow, wanted: str, layout: Layout) -> Iterator[str]:
    size = row.size if layout.size != "offset" else None
    offset = row.offset if size is None and layout.size != "size" else None
    own = row.rdev is not None or row.type in _ON_DEVICE
    known = row.type not in {"", "unknown"}
    values = {
        "f": _fd_text(row),
        "a": row.mode or " ",
        "l": row.lock or " ",
        "t": row.type or None,
        "G": f"{row.flags:#x};0x0" if row.flags is not None and isinstance(row.fd, int) else None,
        "d": (row.device or None) if known and not own else None,
        "D": f"{row.dev:#x}" if own and row.dev is not None else None,
        "r": f"{row.rdev:#x}" if row.rdev is not None else None,
        "s": size,
        "o": offset_text(offset, layout.digits) if offset is not None else None,
        "i": row.node if row.protocol is None else None,
        "k": row.nlink,
        "P": row.protocol,
        "n": full_name(row, layout),
    }
    for letter, value in values.items():
        if value is not None and letter in wanted:
            yield f"{letter}{value}"
    if "T" in wanted:
        for fact in tcp_facts(row, layout):
            yield f"T{fact}" if "=" in fact else f"TST={fact}"


def fields(rows: Iterable[FileRow], wanted: str, layout: Layout) -> Iterator[str]:
    """The lines of -F, or with ``0`` among the fields NUL-ended fields, a line for each set."""
    end, last = ("\0", "\n") if "0" in wanted else ("\n", "")
    before: ProcessRow | None = None
    for row in rows:
        if row.process is not before:
            before = row.process
            yield "".join(text + end for text in _process_fields(before, wanted, layout)) + last
        texts = [text + end for text in _file_fields(row, wanted, layout)]
        if texts:
            yield "".join(texts) + last
