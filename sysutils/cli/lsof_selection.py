"""What lsof's options select: processes, descriptors, files, sockets; and what was found of it."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from sysutils import core
from sysutils.cli.options import UsageError

if TYPE_CHECKING:
    from sysutils.cli.fields.descriptors import FileRow, ProcessRow
    from sysutils.cli.lsof_internet import Internet

#: of sockets, as -s knows them
STATES = {
    "CLOSED", "IDLE", "BOUND", "LISTEN", "ESTABLISHED", "SYN_SENT", "SYN_RCDV", "SYN_RECV", "SYN_RCVD",
    "CLOSE_WAIT", "CLOSE", "FIN_WAIT1", "FIN_WAIT2", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSING", "LAST_ACK",
    "TIME_WAIT",
}  # fmt: skip
_OF_UDP = {1: "ESTABLISHED", 7: "CLOSE"}
_LONGEST_COMMAND = 15


class Command(NamedTuple):
    """A -c: the start of a name, or an expression."""

    text: str
    expression: "re.Pattern[str] | None"

    def matches(self, command: str) -> bool:
        """Whether it means a program of this name."""
        if self.expression is not None:
            return self.expression.search(command) is not None
        return command.startswith(self.text)


class Descriptors(NamedTuple):
    """The sets of -d: those that are shown, or all but those."""

    names: frozenset[str]
    ranges: tuple[tuple[int, int], ...]
    exclude: bool
    words: tuple[str, ...]

    def matches(self, fd: int | str) -> bool:
        """Whether a descriptor is among them."""
        if isinstance(fd, int):
            return "fd" in self.names or any(low <= fd <= high for low, high in self.ranges)
        return fd in self.names


def split(words: str) -> list[str]:
    """The members of a list; an empty one at its end counts not."""
    return [word for word in words.split(",") if word]


def ids(words: str, what: str) -> tuple[set[int], set[int]]:
    """``1,^2`` as ``({1}, {2})``: process ids, or those of groups."""
    wanted, unwanted = set[int](), set[int]()
    members = words.split(",")
    for place, word in enumerate(members):
        bare = word.removeprefix("^")
        if not bare and place == len(members) - 1 and not word:
            continue
        if not (bare.isascii() and bare.isdecimal()):
            raise UsageError(f"illegal process {what}: {words}")
        (unwanted if word.startswith("^") else wanted).add(int(bare))
    return wanted, unwanted


def both(wanted: Iterable[int], unwanted: Iterable[int], what: str) -> None:
    """Raises UsageError for one that is included and excluded."""
    for number in sorted({*wanted} & {*unwanted}):
        raise UsageError(f"{what} {number} has been included and excluded.")


def users(words: str) -> tuple[set[int], set[int]]:
    """``root,^nobody`` as ``({0}, {65534})``."""
    wanted, unwanted = set[int](), set[int]()
    for word in split(words):
        name = word.removeprefix("^")
        if not name:
            continue
        uid = int(name) if name.isascii() and name.isdecimal() else core.user_id(name)
        if uid is None:
            raise UsageError(f"can't get UID for {name}")
        (unwanted if word.startswith("^") else wanted).add(uid)
    return wanted, unwanted


def command(text: str) -> tuple[Command, bool]:
    """A -c, and whether it excludes."""
    if text.startswith("/"):
        return _expression(text), False
    exclude = text.startswith("^")
    name = text[1:] if exclude else text
    if len(name) > _LONGEST_COMMAND and not core.WINDOWS:
        raise UsageError(
            f'"-c {name}" length ({len(name)}) > what system provides ({_LONGEST_COMMAND})'
        )
    return Command(name, None), exclude


def _expression(text: str) -> Command:
    end = text.rfind("/")
    if end < 1:
        raise UsageError(f"regexp doesn't end with '/': {text}")
    flags = re.NOFLAG if hasattr(re, "NOFLAG") else re.RegexFlag(0)
    for letter in text[end + 1 :]:
        if letter not in "bix":
            raise UsageError(f"invalid regexp modifier: {letter}")
        flags |= re.IGNORECASE if letter == "i" else 0
    try:
        return Command(text, re.compile(text[1:end], flags))
    except re.error as error:
        told = "Unmatched ( or \\(" if "unterminated subpattern" in error.msg else error.msg
        raise UsageError(f"regexp error: {text[: end + 1]}: {told}") from None


def descriptors(words: str) -> Descriptors | None:
    """A -d. None for a list of nothing."""
    names: set[str] = set()
    ranges = []
    exclude: bool | None = None
    members = split(words)
    for word in members:
        negative = word.startswith("^")
        if exclude is not None and negative != exclude:
            raise _of_the_other_kind([word], exclude)
        exclude = negative
        bare = word.removeprefix("^")
        first, dash, last = bare.partition("-")
        if dash and not first:
            raise UsageError(f"illegal FD range for -d: {words}")
        if dash:
            if not (first.isdecimal() and last.isdecimal()):
                raise UsageError(f"non-digit in -d FD range: {words}")
            if int(first) >= int(last):
                raise UsageError(f"-d FD range's low >= its high: {words}")
            ranges.append((int(first), int(last)))
        elif bare.isdecimal():
            ranges.append((int(bare), int(bare)))
        else:
            names.add(bare)
    if exclude is None:
        return None
    return Descriptors(frozenset(names), tuple(ranges), exclude, tuple(members))


def add_descriptors(known: list[Descriptors], more: Descriptors) -> None:
    """One more -d. Raises UsageError where it excludes and those before it don't, or the other way round."""
    if known and known[0].exclude != more.exclude:
        raise _of_the_other_kind(more.words, known[0].exclude)
    known.append(more)


def _of_the_other_kind(words: Iterable[str], exclude: bool) -> UsageError:
    """What is said of members that are not like those before them."""
    kind, other = ("include", "exclude") if exclude else ("exclude", "include")
    return UsageError("\nlsof: ".join(f"{kind} in an {other} -d list: {word}" for word in words))


def states(words: str) -> tuple[tuple[str, ...], bool]:
    """A -s of states: ``TCP:LISTEN,^CLOSE`` as their names and whether they are excluded."""
    protocol, colon, names = words.partition(":")
    if not colon or protocol.upper() not in {"TCP", "UDP"}:
        raise UsageError(f'unknown -s protocol: "{words}"')
    if protocol.upper() == "UDP":
        raise UsageError(f"no UDP state names available: {words}")
    found = []
    exclude = False
    for word in split(names):
        exclude = word.startswith("^")
        name = word.removeprefix("^")
        if name.upper() not in STATES:
            raise UsageError(f"unknown TCP state name: {name}")
        found.append(name.upper())
    return tuple(found), exclude


class Selection:
    """What is selected, and which of it has been found."""

    def __init__(self) -> None:
        self.pids, self.not_pids = set[int](), set[int]()
        self.pgids, self.not_pgids = set[int](), set[int]()
        self.uids, self.not_uids = set[int](), set[int]()
        self.commands, self.not_commands = list[Command](), list[Command]()
        #: as given, and whether it is excluded
        self.named_commands: list[tuple[Command, bool]] = []
        self.descriptors: list[Descriptors] = []
        self.internet: list[Internet] | None = None
        #: of all addresses: the version that -i4 or -i6 alone asked for
        self.version: int | None = None
        self.unix = False
        self.nfs = False
        #: the devices of network file systems
        self.nfs_devices: set[int] = set()
        self.links: int | None = None
        self.threads = False
        self.states: tuple[tuple[str, ...], bool] | None = None
        #: (device, inode) -> its name on the command line or in a directory
        self.files: dict[tuple[int, int], str] = {}
        #: the same, every name; a file that has several is found by the last
        self.names: list[tuple[tuple[int, int], str]] = []
        #: those of sockets, which are found by name alone
        self.paths: set[str] = set()
        #: what +d and +D follow: f (file systems), l (symbolic links)
        self.cross = ""
        #: device of a file system -> its mount point
        self.systems: dict[int, str] = {}
        self.all = False
        #: -E: rows tell what is at their other ends; +E: that is selected as well
        self.endpoints = ""
        self.found: set[object] = set()

    def find_nfs(self) -> None:
        """Notes which file systems are NFS."""
        self.nfs_devices = {m.dev for m in core.mounts() if m.fstype.startswith("nfs")}

    @property
    def wanted(self) -> frozenset[str]:
        """The kinds of things that are selected by."""
        kinds = {
            "pid": self.pids, "pgid": self.pgids, "uid": self.uids, "command": self.commands,
            "fd": self.descriptors, "internet": self.internet is not None, "unix": self.unix,
            "links": self.links is not None, "task": self.threads,
            "file": self.files or self.systems,
            "nfs": self.nfs,
        }  # fmt: skip
        return frozenset(name for name, given in kinds.items() if given)

    @property
    def takes_all(self) -> bool:
        """Whether every file of a process that is not excluded is shown: nothing was asked for."""
        return not (self.wanted or self.states or self.paths)

    def process(self, row: "ProcessRow") -> frozenset[str] | None:
        """By which kinds a process is selected; None if it is excluded, or can't be complete."""
        if row.pid in self.not_pids or row.pgid in self.not_pgids or row.uid in self.not_uids:
            return None
        if any(one.matches(row.command) for one in self.not_commands):
            return None
        flags = set()
        for kind, number, among in (
            ("pid", row.pid, self.pids), ("pgid", row.pgid, self.pgids), ("uid", row.uid, self.uids)
        ):  # fmt: skip
            if number in among:
                flags.add(kind)
                self.found.add((kind, number))
        first = next((one for one in self.commands if one.matches(row.command)), None)
        if first is not None:
            flags.add("command")
            self.found.add(("command", self.commands.index(first)))
        if self.all and not self.wanted & {"pid", "pgid", "uid", "command"} <= flags:
            return None
        if self.threads and row.threaded:
            self.found.add("task")
            if row.tid is not None or self.all:
                flags.add("task")
        return frozenset(flags)

    def _is_selected_internet(self, row: "FileRow") -> bool:
        if self.internet is None or row.inet is None or row.protocol is None:
            return False
        if self.version is not None and (row.type == "IPv6") != (self.version == 6):
            return False
        if not self.internet:
            return True
        matched = [one for one in self.internet if one.matches(row.inet)]
        self.found.update(("internet", one.text) for one in matched[:1])
        return bool(matched)

    def _state_is_hidden(self, row: "FileRow") -> bool:
        if self.states is None or row.protocol not in {"TCP", "UDP", "UDPLITE"}:
            return False
        names, exclude = self.states
        # the classic looks for the numbers, which UDP has as well
        state = row.state or _OF_UDP.get(row.inet.state if row.inet else 0)
        if state in names:
            self.found.add(("state", state))
        return (state in names) == exclude

    def file(
        self, row: "FileRow", selected: frozenset[str], wanted: frozenset[str]
    ) -> "FileRow | None":
        """The row of a file that is selected, by the name that was asked for."""
        if self._state_is_hidden(row):
            return None
        # found is what is there, whether or not -d leaves it out
        if row.type == "unix":
            self.found.add("unix")
        elif row.inet is not None and self.version in {None, 6 if row.type == "IPv6" else 4}:
            self.found.add("internet")
        flags = set(selected)
        for one in self.descriptors:
            if one.matches(row.fd) == one.exclude:
                if one.exclude:
                    return None
                continue
            flags.add("fd")
        if self._is_selected_internet(row):
            flags.add("internet")
        if self.unix and row.type == "unix":
            flags.add("unix")
        if self.links is not None and row.nlink is not None and row.nlink < self.links:
            flags.add("links")
        if self.nfs and row.dev in self.nfs_devices:
            flags.add("nfs")
            self.found.add("nfs")
        name = self._name(row)
        if name is not None:
            flags.add("file")
        if wanted and not (wanted <= flags if self.all else wanted & flags):
            return None
        return row._replace(name=name) if name else row

    def _name(self, row: "FileRow") -> str | None:
        if row.type == "unix" and self.paths:
            path = row.name.rpartition(" type=")[0]
            if path in self.paths:
                self.found.add(("path", path))
                return ""
        if row.dev is None or row.node is None or row.inet is not None:
            return None
        key = row.dev, row.node
        if key in self.files:
            self.found.add(("file", key))
            name = self.files[key]
            _, why, text = row.name.rpartition(" (stat: ") if row.fd == "mem" else ("", "", "")
            return f"{name}{why}{text}" if why else name
        if row.dev in self.systems and row.type not in {"sock", "unix"}:
            self.found.add(("system", row.dev))
            return ""
        return None

    def unlocated(self) -> list[tuple[str, bool]]:
        """What was asked for and not found, as -V tells it, and whether the exit status does."""
        told: list[tuple[str, bool]] = []
        found = self.found
        missing = [
            one
            for one, exclude in self.named_commands
            if exclude or ("command", self.commands.index(one)) not in found
        ]
        told += [
            (f"command not located: {one.text}", True)
            for one in reversed(missing)
            if one.expression is None
        ]
        told += [
            (f"no command found for regex: {one.text[1:].rpartition('/')[0]}", True)
            for one in missing
            if one.expression is not None
        ]
        for key, name in reversed(self.names):
            by_file = ("file", key) in found and self.files[key] is name
            if not by_file and ("path", name) not in found:
                told.append((f"no file use located: {name}", True))
        for dev, name in self.systems.items():
            if ("system", dev) not in found:
                told.append((f"no file system use located: {name}", True))
        for address in reversed(self.internet or []):
            if ("internet", address.text) not in found:
                told.append((f"Internet address not located: {address.text}", True))
        if self.internet == [] and "internet" not in found:
            told.append(("no Internet files located", True))
        names, exclude = self.states or ((), False)
        for name in reversed(() if exclude else names):
            if ("state", name) not in found:
                told.append((f"TCP state not located: {name}", True))
        if self.unix and "unix" not in found:
            told.append(("no UNIX domain files located", True))
        if self.nfs and "nfs" not in self.found:
            told.append(("no NFS files located", True))
        for kind, what, numbers in (
            ("pid", "process ID", self.pids), ("pgid", "process group ID", self.pgids)
        ):  # fmt: skip
            told += [
                (f"{what} not located: {n}", True)
                for n in sorted(numbers)
                if (kind, n) not in found
            ]
            if kind == "pid" and self.threads and "task" not in found:
                told.append(("no tasks located", True))
        if told:
            told += [
                (f"user ID not located: {number}", False)
                for number in sorted(self.uids)
                if ("uid", number) not in found
            ]
        return told
