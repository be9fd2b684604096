"""The frame: which command runs, what it loads, how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sysutils import __version__
from sysutils.cli import COMMANDS
from sysutils.cli import main as frame

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

posix = pytest.mark.skipif(os.name != "posix", reason="signals and descriptors as on POSIX")

#: a command of the frame that fails as no command should
BROKEN = """
import sys
from sysutils.cli import main as frame
from sysutils.cli.options import Grammar, classic
def broken():
    BODY
sys.modules["sysutils.cli.uptime"] = type(sys)("uptime")
@classic("uptime", grammar=Grammar())
def command():
    broken()
sys.modules["sysutils.cli.uptime"].command = command
sys.argv = ["uptime"]
frame.run()
"""


def broken(body: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    program = BROKEN.replace("BODY", body)
    clean = {name: value for name, value in os.environ.items() if name != "SYSUTILS_DEBUG"}
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, text=True, check=False, env={**clean, **(env or {})},
    )  # fmt: skip


def test_help_lists_every_command_and_loads_none(
    sysutils: Run,
) -> None:
    text = " ".join(sysutils("--help").stdout.decode().split())
    for name, line in COMMANDS.items():
        assert f"{name} {line}" in text
    program = (
        "import sys; from sysutils.cli import main\n"
        "main.main('sysutils', ['--help'])\n"
        "names = {f'sysutils.cli.{name}' for name in main.COMMANDS}\n"
        "names |= {'sysutils.core', 'rich', 'json', 'csv'}\n"
        "sys.exit(str(names & sys.modules.keys()) if names & sys.modules.keys() else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_command_loads_nothing_of_the_others() -> None:
    program = (
        "import sys; from sysutils.cli import main\n"
        "main.main('sysutils', ['uptime', '--plain'])\n"
        "names = {f'sysutils.cli.{name}' for name in main.COMMANDS if name != 'uptime'}\n"
        "names |= {'rich', 'json', 'csv', 'subprocess', 'ctypes.util', 'sysutils.cli.group'}\n"
        "sys.exit(str(names & sys.modules.keys()) if names & sys.modules.keys() else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_library_alone_loads_nothing() -> None:
    program = "import sys, sysutils.core; print(sorted(n for n in sys.modules if n.startswith('sysutils')))"
    shown = subprocess.check_output([sys.executable, "-c", program], text=True)
    assert shown == "['sysutils', 'sysutils.core', 'sysutils.core._platform']\n"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_and_a_version(name: str, sysutils: Run) -> None:
    shown = sysutils(name, "--help")
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert f"{name} " in shown.stdout.decode()
    assert b"--json" in shown.stdout
    version = sysutils(name, {"lsof": "-v", "iostat": "-V"}.get(name, "--version"))
    assert version.returncode == 0, version.stderr
    assert __version__ in (version.stdout + version.stderr).decode()  # lsof tells it there


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_refuses_an_unknown_option_in_its_own_name(name: str, sysutils: Run) -> None:
    done = sysutils(name, "--no-such-option")
    assert (done.returncode == 0) == (name == "top")  # as the classic has it
    assert done.stdout == b""
    first = done.stderr.decode().splitlines()[0]
    assert first.startswith((f"{name}: ", f"Usage: {name} ", "error: "))
    assert "Usage: sysutils" not in done.stderr.decode()


def test_version(sysutils: Run) -> None:
    for word in ("--version", "-V"):
        assert sysutils(word).stdout.decode() == f"sysutils {__version__}\n"


def test_without_a_command_there_is_help_and_status_2(
    sysutils: Run,
) -> None:
    done = sysutils()
    assert done.returncode == 2
    assert b"Commands:" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("nosuch", "unknown command 'nosuch'"),
        ("uptim", "unknown command 'uptim'; did you mean 'uptime'?"),
        ("--nosuch", "no such option '--nosuch'"),
        ("", "unknown command ''"),
    ],
)
def test_an_unknown_command_is_told_in_a_line(word: str, message: str, sysutils: Run) -> None:
    done = sysutils(word)
    assert done.returncode == 2
    assert done.stdout == b""
    lines = done.stderr.decode().splitlines()
    assert lines == [f"sysutils: {message}", "Try 'sysutils --help' for more information."]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("open('/no/such/file')", "uptime: /no/such/file: No such file or directory\n"),
        ("raise NotImplementedError('not supported on it')", "uptime: not supported on it\n"),
        ("raise PermissionError(13, 'Permission denied')", "uptime: Permission denied\n"),
        ("{}['key']", "uptime: internal error: KeyError: 'key' (with SYSUTILS_DEBUG=1 set it shows where)\n"),
    ],
)  # fmt: skip
def test_no_user_ever_sees_a_traceback(body: str, told: str) -> None:
    done = broken(body)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", told)


def test_unless_asked_for() -> None:
    done = broken("{}['key']", {"SYSUTILS_DEBUG": "1"})
    assert done.returncode == 1
    assert "Traceback" in done.stderr


def test_the_result_is_the_exit_status(monkeypatch: pytest.MonkeyPatch) -> None:
    class Command:
        def main(self, **_: object) -> object:
            return self.result

        result: object = None

    command = Command()
    monkeypatch.setattr(frame, "_load", lambda _: command)
    for command.result, status in ((None, 0), (0, 0), (42, 42)):
        assert frame.main("uptime", []) == status


def test_the_name_on_the_command_line_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    called = []

    class Command:
        def main(self, args: list[str], prog_name: str, **_: object) -> None:
            called.append((prog_name, args))

    class Module:
        command = Command()

    monkeypatch.setattr(frame, "import_module", lambda _: Module)
    frame.main("/usr/bin/uptime", ["-p"])
    frame.main("uptime.exe", ["-p"])
    frame.main("/usr/bin/sysutils", ["uptime", "-p"])
    assert called == [("uptime", ["-p"]), ("uptime", ["-p"]), ("sysutils uptime", ["-p"])]


@posix
def test_a_link_named_like_a_command_is_that_command(tmp_path: Path) -> None:
    script = tmp_path / "sysutils"
    script.write_text(f"#!{sys.executable}\nfrom sysutils.cli.main import run\nrun()\n")
    script.chmod(0o755)
    link = tmp_path / "uptime"
    link.symlink_to(script)
    done = subprocess.run([link, "-V"], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (f"uptime from sysutils {__version__}\n", "")
    refused = subprocess.run([link, "-Z"], capture_output=True, text=True, check=False)
    assert refused.stderr.startswith("uptime: invalid option -- 'Z'\n")


@posix
@pytest.mark.parametrize(
    ("words", "status"),
    [("uptime", -signal.SIGPIPE), ("free --json", -signal.SIGPIPE), ("ps -e", 0), ("ps --json", 0)],
)
def test_a_reader_that_is_gone_ends_it_silently(words: str, status: int, sysutils: Run) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = sysutils(*words.split(), stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (status, b"")


@posix
@pytest.mark.parametrize(
    "words", ["ps -e", "ps -e --json", "ps -e --csv", "netstat -an", "ps --help"]
)
def test_a_reader_of_one_line_ends_it_silently(words: str) -> None:
    shell = ["sh", "-c", f'"{sys.executable}" -m sysutils {words} | head -n 1']
    done = subprocess.run(shell, capture_output=True, check=False)
    assert done.stdout
    assert (done.returncode, done.stderr) == (0, b"")


@posix
@pytest.mark.parametrize(
    "words",
    [
        "uptime", "uptime --json", "uptime --csv", "uptime --rich", "uptime --help", "uptime -V", "--help",
        "--version",
    ],
)  # fmt: skip
def test_a_full_disk_is_told(words: str, sysutils: Run) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full here")
    with open("/dev/full", "wb") as full:
        done = sysutils(*words.split(), stdout=full)
    name = words.split(maxsplit=1)[0] if words.split(maxsplit=1)[0] in COMMANDS else "sysutils"
    text = f"{name}: write error: No space left on device\n"
    assert (done.returncode, done.stderr.decode()) == (1, text)


@posix
@pytest.mark.parametrize("words", [("uptime",), ("--help",)])
def test_closed_standard_output_is_told(words: tuple[str, ...]) -> None:
    shell = ["sh", "-c", 'exec "$@" <&- >&-', "sh", sys.executable, "-m", "sysutils", *words]
    done = subprocess.run(shell, stderr=subprocess.PIPE, check=False)
    name = words[0] if words[0] in COMMANDS else "sysutils"
    assert done.stderr.decode() == f"{name}: write error: Bad file descriptor\n"
    assert done.returncode == 1


@posix
def test_everything_closed_does_no_harm(tmp_path: Path) -> None:
    """A file that a command opens never becomes its standard output."""
    shell = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", sys.executable, "-m", "sysutils", "uptime"]
    assert subprocess.run(shell, check=False).returncode == 1


WAITS = "import time; print('ready', flush=True); time.sleep(60)"


def interrupted(ignored: bool) -> subprocess.Popen[bytes]:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN if ignored else signal.SIG_DFL)
    try:
        process = subprocess.Popen(
            [sys.executable, "-c", BROKEN.replace("BODY", WAITS)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
    finally:
        signal.signal(signal.SIGINT, before)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(signal.SIGINT)
    return process


@posix
def test_ctrl_c_ends_it_as_a_c_program() -> None:
    process = interrupted(ignored=False)
    _, errors = process.communicate()
    assert (process.returncode, errors) == (-signal.SIGINT, b"")


@posix
def test_ctrl_c_is_ignored_where_the_caller_said_so() -> None:
    """As a shell says to what it runs in the background."""
    process = interrupted(ignored=True)
    try:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.3)
    finally:
        process.kill()
        process.communicate()


def test_an_error_on_a_closed_standard_error_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    assert frame.main("sysutils", ["nosuch"]) == 2
