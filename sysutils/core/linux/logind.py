"""Sessions as systemd-logind keeps them below /run/systemd/sessions, for systems without utmp."""

import os
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sysutils.core._ntuples import suser

SESSIONS = "/run/systemd/sessions"
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "s": " "}


def parse_session(data: bytes) -> dict[str, str]:
    """The assignments of one session file: ``{"USER": "joe", "TTY": "pts/0", "LEADER": "812", …}``."""
    values = {}
    for line in os.fsdecode(data).split("\n"):
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            values[name] = _unquoted(value)
    return values


def _unquoted(text: str) -> str:
    """``text`` without the quotes and backslashes with which logind guards it (shell's or C's)."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    if "\\" not in text:
        return text
    plain = b""
    rest = text
    while rest:
        before, slash, rest = rest.partition("\\")
        plain += os.fsencode(before)
        if slash and rest[:1] == "x" and _is_hex(rest[1:3]):
            plain += bytes.fromhex(rest[1:3])
            rest = rest[3:]
        elif slash:
            plain += os.fsencode(_ESCAPES.get(rest[:1], rest[:1]))
            rest = rest[1:]
    return os.fsdecode(plain)


def _is_hex(text: str) -> bool:
    return len(text) == 2 and all(digit in "0123456789abcdefABCDEF" for digit in text)


class terminal(NamedTuple):
    """A pseudo terminal below /dev: its name, its owner and when it was made (epoch seconds)."""

    name: str
    uid: int
    made: float


def user_of(session: dict[str, str], terminals: Iterable[terminal] = ()) -> "suser | None":
    """The session as ``users()`` tells it, None for one that is no user's or is ending.

    sshd asks for its session before it has a terminal: then it is the one of ``terminals`` that the user
    got within five seconds after."""
    from sysutils.core._ntuples import suser  # uptime, which counts sessions, mostly does without

    # user, user-early, user-light, …; not greeter, lock-screen, background, manager
    if not session.get("CLASS", "user").startswith("user") or session.get("STATE") == "closing":
        return None
    started = _number(session.get("REALTIME")) / 1e6
    line = session.get("TTY") or None
    if line is None and session.get("REMOTE") == "1":
        line = _guessed(terminals, _number(session.get("UID"), -1), started)
    display = session.get("DISPLAY", "")
    host = session.get("REMOTE_HOST") or ("" if display in {":0", ":0.0"} else display)
    return suser(
        session.get("USER") or session.get("UID", ""),
        line,
        host or "localhost",
        float(int(started)),
        _number(session.get("LEADER")) or None,
    )


def _number(text: str | None, default: int = 0) -> int:
    return int(text) if text and text.isdecimal() else default


def _guessed(terminals: Iterable[terminal], uid: int, started: float) -> str | None:
    later = [
        (found.made - started, found.name)
        for found in terminals
        if found.uid == uid and -1 <= found.made - started <= 5
    ]
    return min(later)[1] if later else None


def _pseudo_terminals() -> Iterable[terminal]:
    """What /dev/pts holds now."""
    try:
        entries = list(os.scandir("/dev/pts"))
    except OSError:
        return
    for entry in entries:
        try:
            found = entry.stat()
        except OSError:
            continue  # closed meanwhile
        yield terminal(f"pts/{entry.name}", found.st_uid, found.st_ctime)


#: the directory's time stamp and what was in it then
_seen: "tuple[int, list[suser]]" = (-1, [])
#: by then a session has its terminal, and the stamp will not stand for a later change as well
_SETTLED_SECONDS = 10


def users() -> "list[suser]":
    """The users' sessions, oldest first; ``[]`` where logind does not run or has none.

    logind puts every change into a new file, so the directory's time stamp tells whether to read again."""
    global _seen  # noqa: PLW0603
    try:
        changed = os.stat(SESSIONS).st_mtime_ns
        if changed != _seen[0]:
            found = _read_sessions()
            if time.time() - changed / 1e9 < _SETTLED_SECONDS:
                return found
            _seen = changed, found
    except OSError:
        return []
    return _seen[1].copy()


def _read_sessions() -> "list[suser]":
    found = []
    for name in os.listdir(SESSIONS):
        if name.endswith(".ref"):
            continue  # a pipe that holds the session open
        try:
            with open(f"{SESSIONS}/{name}", "rb", buffering=0) as file:
                session = parse_session(file.readall())
        except OSError:
            continue  # ended meanwhile
        user = user_of(session, _pseudo_terminals())
        if user is not None:
            found.append(user)
    return sorted(found, key=lambda user: (user.started, user.pid or 0))
