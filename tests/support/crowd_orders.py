"""Who is in the crowd: orders for ``member`` in the hundreds, one function per kind of process."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.member import Orders

TERMINALS = 6
#: uid -> name in the recording's /etc/passwd; what is missing there is shown as a number
USERS = {
    0: "root",
    33: "www-data",
    105: "systemd-network-helper",
    1000: "ada",
    1001: "long-named-person",
    1002: "eightchr",
    1003: "ninechars",
    1004: "zoë",
    1005: "x",
    65534: "nobody",
}
NAMELESS = (61234, 2147483648, 4294967294)

NAMES = [
    b"new\nline", b"\nfirst", b"tab\there", b"cr\rhere", b"\x1b[31mred\x1b[0m", b"\x1b]0;title\x07",
    b"a) R (b", b"((((", b")", b") R 1 1 1 (", b"\x01\x02\x7f", b"\x9b31m", b"back\\slash", b"%s%n%d",
    b"'quoted' \"x\"", b"$(id)`id`", b"-rf", b"[kworker/9:9]", b"<defunct>", b"1234", b"comm,args",
    b"", b" ", b" leading", b"trailing  ", b"two  blanks", b"exactly15bytes_", b"sixteen_bytes_xx",
    "日本語プ".encode(), "한글".encode(), "größe".encode(), "e\u0301te\u0301".encode(),
    "\U0001f600\U0001f680".encode(), "\u202egnp".encode(), "zero\u200bwidth".encode(),
    "nbsp\u00a0x".encode(), "ääääääää".encode(), b"\xff\xfe\x80", b"cut\xc3", b"\xed\xa0\x80", b"\xf5x",
]  # fmt: skip

CMDLINES = [
    b"", b"\0", b"\0\0\0", b"\0x\0", b"x\0\0y\0", b" \0", b"a  \0  b\0", b"line\nbreak\0two\nlines\0",
    b"tab\there\0", b"\x1b[2J\x1b[31mred\x1b[0m\0", b"\xff\xfe\0\x80\0", b"cut\xc3\0\xa9\0",
    "/opt/größe/日本語\0--näme=e\u0301\0\u202eabc\0".encode(), "\U0001f600\0".encode(),
    b"nginx: worker process", b"postgres: ada db [local] idle\0\0\0\0", b"sshd: ada [priv]\0",
    b"-bash\0", b"[kworker/9:9]\0", b"/usr/bin/python3\0-m\0http.server\0--bind\x00127.0.0.1\0",
    b"sh\0-c\0while :; do sleep 1; done\0", b"--\0-\0--help\0", b"back\\slash\0\\x41\\012\0",
    b"/very/" + b"long/" * 300 + b"path\0", b"0123456789" * 13 + b"\0",
    b"many\0" + b"".join(b"--option-%04d\0" % number for number in range(1600)),
    b"wide\0" + "漢字".encode() * 100 + b"\0", b"x" * 2047 + "é".encode() + b"\0",
]  # fmt: skip


def _text(data: bytes) -> str:
    return data.decode("latin-1")


def named() -> Iterator[Orders]:
    """Nasty names, with ordinary arguments."""
    for name in NAMES:
        yield {"name": _text(name), "argv": ["/usr/sbin/named-by-prctl", "-d"]}


def called() -> Iterator[Orders]:
    """Nasty arguments."""
    for number, cmdline in enumerate(CMDLINES):
        yield {"name": f"called-{number}", "cmdline": _text(cmdline)}


def executed() -> Iterator[Orders]:
    """Programs under nasty file names, some of them deleted since."""
    files = [b"plain", b"with blank", b"new\nline", b"a) R (b", b"\xff\xfe", b"sixteen_bytes_xx"]
    files += [
        "größe".encode(),
        b"deleted",
        b"deleted two",
        b"x (deleted)",
        b"[brackets]",
        b"\x1b[1m",
    ]
    for name in files:
        yield {"program": _text(name), "argv": [_text(name), "10000000"]}
    yield {"program": "plain", "argv": ["x", "10000000"], "cwd": "/tmp"}
    yield {"program": "plain", "argv": ["/usr/bin/other name", "10000000"], "cwd": "/usr/share"}


def threaded() -> Iterator[Orders]:
    """Several numbers of threads, with names of their own."""
    for number in (1, 2, 4, 7, 16, 40):
        names = [_text(NAMES[i % len(NAMES)]) if i % 2 else f"pool-{i}" for i in range(number)]
        yield {"name": f"threads-{number}", "argv": [f"threads-{number}"], "threads": names}


def ended() -> Iterator[Orders]:
    """Zombies, also with nasty names and of ended parents' children, and stopped ones."""
    for name in (
        b"zombie",
        b"a) Z (b",
        b"new\nline",
        b"\xff",
        "größe".encode(),
        b"exactly15bytes_",
    ):
        yield {"name": _text(name), "argv": ["gone"], "end": "exit"}
    zombies: list[Orders] = [{"name": f"zombie-{i}", "end": "exit"} for i in range(4)]
    yield {"name": "bad-parent", "argv": ["bad-parent"], "children": zombies}
    for number in range(6):
        yield {"name": f"stopped-{number}", "argv": ["stopped", str(number)], "end": "stop"}


def family() -> Iterator[Orders]:
    """A deep chain, many siblings, and a bush of both."""
    chain: Orders = {"name": "deepest", "argv": ["deepest"]}
    for depth in range(44, 0, -1):
        chain = {"name": f"depth-{depth}", "argv": ["depth", str(depth)], "children": [chain]}
    yield chain
    siblings: list[Orders] = [{"name": f"sib-{i}", "argv": ["sibling", str(i)]} for i in range(48)]
    yield {"name": "siblings", "argv": ["siblings"], "children": siblings}
    numbers = count()

    def bush(depth: int) -> Orders:
        inner = [bush(depth - 1) for _ in range(3)] if depth else []
        name = f"bush-{next(numbers)}"
        return {"name": name, "argv": [name], "children": inner}

    yield bush(3)


def sessions() -> Iterator[Orders]:
    """On each terminal a shell with a foreground pipeline, background jobs, one stopped."""
    for number in range(TERMINALS):
        front: list[Orders] = [
            {"name": "pager", "argv": ["less"], "group": True, "foreground": True},
            {"name": "job", "argv": ["job", "&"], "group": True},
            {"name": "stopped-job", "argv": ["vi", "file name"], "group": True, "end": "stop"},
            {"name": "lost", "argv": ["lost"], "end": "exit"},
        ]
        if number == 0:
            front.append({"name": "ps", "argv": ["ps", "aux"], "group": True})
        elif number == 1:
            front = [{"name": "editor", "argv": ["editor", "x"]}, *front[1:2]]
        shell: Orders = {"name": "bash", "argv": ["-bash"], "children": front, "cwd": "/tmp"}
        yield {**shell, "session": True, "tty": str(number)}
    yield {"name": "leader", "argv": ["leader"], "session": True}
    yield {"name": "grouped", "argv": ["grouped"], "group": True}


def daemons() -> Iterator[Orders]:
    """Children of process 1, each in a session of its own."""
    for name in ("cron", "dbus-daemon", "rsyslogd", "systemd-journal", "agetty"):
        argv = [f"/usr/sbin/{name}", "--foreground"]
        yield {"name": name, "argv": argv, "session": True, "orphan": True}


def busy() -> Iterator[Orders]:
    """Users of CPU time and memory."""
    for number in range(12):
        yield {"name": f"busy-{number}", "argv": ["busy", str(number)], "burn": 0.02 * number}
    for megabytes in (1, 10, 64, 200):
        name = f"big-{megabytes}"
        yield {"name": name, "argv": [name], "resident": megabytes << 20}


def scheduled() -> Iterator[Orders]:
    """Nice values and policies that everybody may take."""
    for nice in range(1, 20, 2):
        yield {"name": f"nice-{nice}", "argv": ["nice", str(nice)], "nice": nice}
    for policy in ("batch", "idle"):
        for nice in (0, 7):
            yield {"name": policy, "argv": [policy], "policy": policy, "nice": nice}
    yield {"name": "pinned", "argv": ["pinned"], "affinity": [0]}
    yield {"name": "victim", "argv": ["victim"], "oom_score_adj": 1000}
    yield {"name": "locked-64k", "argv": ["locked"], "lock": 1 << 16}


def urgent() -> Iterator[Orders]:
    """Nice values and policies that only root may take."""
    for nice in range(-20, 0):
        yield {"name": f"nice{nice}", "argv": ["nice", "--", str(nice)], "nice": nice}
    for policy, priority in (("fifo", 1), ("fifo", 50), ("fifo", 99), ("rr", 1), ("rr", 42)):
        name = f"{policy}-{priority}"
        yield {"name": name, "argv": [name], "policy": policy, "priority": priority}
    yield {"name": "batch-5", "argv": ["batch"], "policy": "batch", "nice": -5}
    yield {"name": "locked-20m", "argv": ["locked"], "lock": 20 << 20, "nice": -3}


def other_users() -> Iterator[Orders]:
    """Every user, some with real, effective and saved ids that differ."""
    for uid in (*USERS, *NAMELESS):
        for number in range(2):
            name = f"of-{uid}-{number}"
            ids = [uid] * 3
            yield {"name": name, "argv": [name], "uids": ids, "gids": ids, "groups": [uid, 4, 24]}
    for ids in ([1000, 0, 0], [0, 1001, 0], [1000, 1001, 1002], [33, 33, 0], [61234, 1000, 1000]):
        name = "set-" + "-".join(map(str, ids))
        yield {"name": name, "argv": [name], "uids": ids, "gids": ids, "groups": []}


def everybody() -> list[Orders]:
    """What an ordinary user can make. Some 260 processes."""
    kinds = (named, called, executed, threaded, ended, family, sessions, daemons, busy, scheduled)
    return [orders for kind in kinds for orders in kind()]


def everybody_as_root() -> list[Orders]:
    """The same with other users, one of them on each terminal, and urgent ones. Over 300."""
    made = everybody()
    for number, orders in enumerate(one for one in made if "tty" in one):
        _give(orders, (0, 1000, 1000, 1001, 1004, NAMELESS[0])[number])
    return made + [orders for kind in (urgent, other_users) for orders in kind()]


def _give(orders: Orders, uid: int) -> None:
    """Makes a member and its children a user's."""
    orders["uids"] = orders["gids"] = [uid] * 3
    orders["groups"] = [uid]
    for child in orders.get("children", ()):
        _give(child, uid)
