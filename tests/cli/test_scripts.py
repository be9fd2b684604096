"""Ordinary shell scripts, unchanged: with the classics on PATH and with ours first, the same is said.

A script of ``tests/cli/scripts`` names the commands it is about in a line ``# uses: …``. It runs twice in
an empty directory, on a state that lasts over both runs and that its environment tells of (``State``)."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from sysutils.cli import COMMANDS
from sysutils.core.posix import utmp
from tests.cli import beside
from tests.support import classic
from tests.support.children import executed, linux_only, member, threads, zombie
from tests.support.golden import difference
from tests.support.sockets import Sockets
from tests.support.strict import skip

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = linux_only

SCRIPTS = sorted(Path(__file__).with_name("scripts").glob("*.sh"))
#: whose output the scripts were written for, beside those of ``beside.VERSIONS``
VERSIONS = {
    "df": "9.1", "free": "4.0.2", "ifconfig": "2.10", "iostat": "12.6.1", "iotop": "1.23", "netstat": "2.10",
    "pmap": "4.0.2", "top": "4.0.2", "uptime": "4.0.2", "who": "9.1", **beside.VERSIONS,
}  # fmt: skip
_BOOT, _USER = 2, 7
_NOT_HERE = 77  # status by which a script says that the classic can't do it here


class State(NamedTuple):
    """What a script finds, by the names of its variables."""

    PID: int  # a program that sleeps, called NAME, that has open what is told below
    NAME: str
    PARENT: int  # a process with three children
    ZOMBIE: int
    THREADED: int  # a process of four threads
    PORT: int  # PID listens on it
    PEER: int  # the server's port of one connection
    SOCKET: str  # path of a listening Unix socket of PID
    HELD: str  # a file below DIR that PID has open
    DIR: str
    UTMP: str  # a file of logins
    VICTIM: str  # a name for a program that no other process has

    def environment(self) -> dict[str, str]:
        """Its variables."""
        return {name: str(value) for name, value in self._asdict().items()}


def _write_logins(path: Path) -> None:
    form = utmp.native_layout()
    records = (
        (_BOOT, 0, b"~", b"reboot", b"6.1"), (_USER, 1, b"pts/70", b"anna", b"10.0.0.1"),
        (_USER, 1, b"pts/71", b"anna", b"host.example"), (_USER, 1, b"tty9", b"bob", b""),
    )  # fmt: skip
    packed = [
        form.pack(kind, pid, line, b"", user, host, 0, 0, 0, 1_700_000_000 + number, 0, b"")
        for number, (kind, pid, line, user, host) in enumerate(records)
    ]
    path.write_bytes(b"".join(packed))


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[State]:
    """Processes, sockets and files that are there as long as the scripts run."""
    directory = tmp_path_factory.mktemp("state")
    logins = tmp_path_factory.mktemp("logins") / "utmp"
    _write_logins(logins)
    name = f"nap{os.getpid()}"
    held, deleted = directory / "held", directory / "deleted"
    held.write_bytes(b"x" * 1000)
    deleted.write_bytes(b"y" * 2000)
    with ExitStack() as stack:
        sockets = stack.enter_context(Sockets())
        _, server = sockets.connected()
        listener, named = sockets.listener(), sockets.unix()
        port, path = listener.getsockname()[1], named.getsockname()
        with held.open("rb") as one, deleted.open("rb") as other:
            fds = [one.fileno(), other.fileno(), listener.fileno(), named.fileno()]
            program = name.encode()
            child = stack.enter_context(executed([program, b"100000"], program, fds))
        deleted.unlink()
        listener.close()
        named.close()
        parent = stack.enter_context(
            member(children=[{"name": word} for word in ("cherry", "apple", "banana")])
        )
        yield State(
            PID=child.pid,
            NAME=name,
            PARENT=parent.pid,
            ZOMBIE=stack.enter_context(zombie(b"undead")),
            THREADED=stack.enter_context(threads(4)).pid,
            PORT=port,
            PEER=server.getsockname()[1],
            SOCKET=path,
            HELD=str(held),
            DIR=str(directory),
            UTMP=str(logins),
            VICTIM=f"vic{os.getpid()}",
        )


@pytest.fixture(scope="module")
def links(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory that ``sysutils --install-links`` made."""
    place = tmp_path_factory.mktemp("installed")
    script = place / "sysutils"
    script.write_text(f"#!{sys.executable}\nfrom sysutils.cli.main import run\nrun()\n")
    script.chmod(0o755)
    done = beside.ask([str(script), "--install-links", str(place / "links")])
    assert done.returncode == 0, done.stderr
    return place / "links"


def head(path: Path) -> tuple[str, list[str]]:
    """The shell of a script, and the commands that it is about."""
    lines = path.read_text(encoding="utf-8").split("\n")
    assert lines[0].startswith("#!"), path.name
    uses = next(line for line in lines if line.startswith("# uses: "))
    return os.path.basename(lines[0]), uses.removeprefix("# uses: ").split()


def _needs_classics(commands: list[str]) -> None:
    for command in commands:
        if classic.program(command) is None:
            skip(f"{command} is not installed")
        if classic.version(command) != VERSIONS[command]:
            skip(f"{command} is {classic.version(command)}, not {VERSIONS[command]}")


def _run(path: Path, shell: str, state: State, first: Path | None, place: Path) -> beside.Answer:
    """What the script says, with a directory in front of the classics' on PATH, in an empty directory."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    env = state.environment()
    if first is not None:
        env["PATH"] = f"{first}:{classic.PATH}"
    return beside.ask([shell, str(path)], env=env, cwd=place)


def _complaining(text: bytes, commands: list[str]) -> list[str]:
    """The commands that wrote lines to standard error; what the shell itself says depends on timing."""
    names = [line.partition(":")[0] for line in text.decode(errors="replace").splitlines()]
    return [name for name in names if name in commands]


@pytest.mark.classic
@pytest.mark.parametrize("path", SCRIPTS, ids=[path.stem for path in SCRIPTS])
def test_a_script_says_the_same_with_ours(
    path: Path, state: State, links: Path, tmp_path: Path
) -> None:
    shell, uses = head(path)
    missing = [command for command in uses if command not in COMMANDS]
    if missing:
        pytest.skip(f"no command of ours yet: {missing[0]}")
    _needs_classics(uses)
    found = shutil.which(shell, path=classic.PATH)
    if found is None:
        skip(f"{shell} is not installed")
    theirs = _run(path, found, state, None, tmp_path / "place")
    if theirs.returncode == _NOT_HERE:
        pytest.skip("the classic is not allowed to here")
    ours = _run(path, found, state, links, tmp_path / "place")
    assert theirs.stdout, f"a script that says nothing shows nothing: {theirs.stderr!r}"
    wrong = difference(theirs.stdout, ours.stdout)
    if theirs.returncode != ours.returncode:
        wrong += f"\nexit status: classics {theirs.returncode}, ours {ours.returncode}"
    complaints = [_complaining(answer.stderr, uses) for answer in (theirs, ours)]
    if complaints[0] != complaints[1]:
        wrong += f"\nstandard error: classics {theirs.stderr!r}, ours {ours.stderr!r}"
    if wrong:
        pytest.fail(f"{path.name}: {wrong}\nour standard error: {ours.stderr!r}", pytrace=False)


def test_ours_come_first_on_the_path(links: Path) -> None:
    env = beside.environment(PATH=f"{links}:{classic.PATH}")
    words = ["sh", "-c", "command -v ps; env kill --version"]
    said = subprocess.run(words, env=env, capture_output=True, text=True, check=True).stdout
    assert f"{links}/ps" in said
    assert "kill from sysutils" in said


def test_every_command_has_scripts() -> None:
    used = {command for path in SCRIPTS for command in head(path)[1]}
    assert used >= set(COMMANDS)
    assert len(SCRIPTS) >= 40


@pytest.mark.parametrize("path", SCRIPTS, ids=[path.stem for path in SCRIPTS])
def test_a_script_uses_what_it_names(path: Path) -> None:
    text = re.sub("^#.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    shell, uses = head(path)
    assert shell in {"sh", "bash"}
    for command in uses:
        assert re.search(rf"\b{command}\b", text), command


def test_the_state_is_as_told(state: State) -> None:
    with socket.create_connection(("127.0.0.1", state.PORT)):
        pass
    assert Path(f"/proc/{state.PID}/comm").read_text().strip() == state.NAME
    opened = {os.readlink(fd) for fd in Path(f"/proc/{state.PID}/fd").iterdir()}
    assert {state.HELD, f"{state.DIR}/deleted (deleted)"} <= opened
