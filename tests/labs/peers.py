"""The peers' own test suites, with any directory of commands first on PATH.

``python -m tests.labs.peers SUITE [DIRECTORY]`` runs one and prints what became of each test: with our
commands, or with those of DIRECTORY (``/usr/bin``: the classics). The sources, which are never part of this
project, and dejagnu come from Debian's archive (see ``debian.py``)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sysutils.cli import COMMANDS
from tests.labs.debian import Suite, cache, made_once, refuse, run
from tests.support import classic

if TYPE_CHECKING:
    from collections.abc import Callable

RELEASE = "bookworm"
SOURCES = ("procps", "coreutils", "util-linux", "busybox", "toybox")
PATIENCE = 200  # seconds for one suite
PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"

#: a test's name -> what became of it
Outcomes = dict[str, str]


def archive() -> Path:
    """A directory with the sources, each in ``NAME-VERSION``, and tools that they need in ``tools``."""
    root = cache() / f"peers-{RELEASE}"
    with made_once(root) as missing:
        if missing:
            suite = Suite(RELEASE, root / "apt", "deb deb-src")
            suite.update()
            suite.take(["dejagnu", "expect", "tcl-expect", "tcl8.6", "libtcl8.6"], root / "tools")
            for name in SOURCES:
                suite.sources(name, root)
            shutil.rmtree(suite.place)
    return root


def ours(place: Path) -> Path:
    """A directory with links to our commands."""
    run(sys.executable, "-m", "sysutils", "--install-links", place)
    return place


def classics(place: Path) -> Path:
    """A directory with links to the classic commands that are installed."""
    place.mkdir()
    for name in COMMANDS:
        if found := classic.program(name):
            (place / name).symlink_to(found)
    return place


class Bench:
    """A suite's sources in a directory of their own, and the commands that it tests."""

    def __init__(self, name: str, commands: Path, place: Path) -> None:
        (source,) = archive().glob(f"{name}-*")
        self.commands = commands
        self.version = source.name.rpartition("-")[2].partition("+")[0]
        self.place = place / name
        shutil.copytree(source, self.place, symlinks=True)

    def path(self, command: str) -> Path:
        """One of the commands."""
        found = self.commands / command
        return found if found.exists() else refuse(f"no {found}")

    def compile(self, made: str, *words: str) -> None:
        """A helper in C of the suite."""
        compiler = shutil.which("cc") or shutil.which("gcc") or refuse("no C compiler")
        (self.place / made).parent.mkdir(parents=True, exist_ok=True)
        run(compiler, "-w", "-D_GNU_SOURCE", "-o", made, *words, cwd=self.place)

    def link(self, directory: str, *commands: str) -> None:
        """The commands where the suite looks for those that were built."""
        (self.place / directory).mkdir(parents=True, exist_ok=True)
        for name in commands:
            (self.place / directory / name).unlink(missing_ok=True)
            (self.place / directory / name).symlink_to(self.path(name))

    def script(self, name: str, text: str) -> None:
        """A shell script."""
        (self.place / name).parent.mkdir(parents=True, exist_ok=True)
        (self.place / name).write_text(f"#!/bin/sh\n{text}\n")
        (self.place / name).chmod(0o755)

    def run(
        self, *words: str, env: dict[str, str] | None = None, below: str = "."
    ) -> tuple[int, str]:
        """The status and all output of a part of the suite."""
        kept = ("HOME", "TMPDIR", "USER", "LOGNAME")
        home = {
            name: value for name, value in os.environ.items()
            if name in kept or name.startswith(("PYTHON", "LD_"))
        }  # fmt: skip
        home |= {
            "PATH": f"{self.commands}:{os.environ['PATH']}",
            "SHELL": "/bin/bash",  # suites run commands by it; the machine's may be nologin, or none
            "SYSUTILS_OUTPUT": "plain",  # suites expect the classic's text on terminals too
            "LC_ALL": "C",
            **(env or {}),
        }
        try:
            done = subprocess.run(
                [*_apart(), *words], cwd=self.place / below, env=home, timeout=PATIENCE,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                text=True, errors="replace", check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            refuse(f"{' '.join(words)}: more than {PATIENCE} s")
        return done.returncode, done.stdout


def _apart() -> list[str]:
    """As root suites mount file systems: the machine, and other labs on it, see nothing of that."""
    found = shutil.which("unshare") if os.geteuid() == 0 else None
    return [found, "--mount", "--propagation", "private"] if found else []


def told(text: str, words: dict[str, str], form: str = r"^(\w+): (.*)$") -> Outcomes:
    """What lines as ``PASS: NAME`` tell; a name that comes twice has failed where one of them has."""
    outcomes: Outcomes = {}
    for word, name in re.findall("(?m)" + form, text):
        if word in words and outcomes.get(name) != FAILED:
            outcomes[name] = words[word]
    return outcomes


_DEJAGNU = {
    "PASS": PASSED, "FAIL": FAILED, "ERROR": FAILED, "UNRESOLVED": FAILED, "UNTESTED": SKIPPED,
    "UNSUPPORTED": SKIPPED, "XFAIL": PASSED,
}  # fmt: skip


def procps(bench: Bench) -> Outcomes:
    """procps-ng's dejagnu suite: free, kill, pmap, ps, uptime."""
    bench.link("src", "free", "kill", "pmap", "uptime")
    bench.script("src/ps/pscommand", f'exec {bench.path("ps")} "$@"')
    flags = ("-DHAVE_SIGINFO_T_SI_INT=1", "-Iinclude", "-Ilocal")
    for name in ("test_process", "test_shm"):
        bench.compile(f"src/tests/{name}", *flags, f"src/tests/{name}.c")
    bench.compile("testsuite/test-schedbatch", "testsuite/ps.test/test-schedbatch.c")
    tools = archive() / "tools/usr"
    (library,) = tools.glob("lib/*-linux-gnu*")
    env = {"LD_LIBRARY_PATH": str(library), "TCL_LIBRARY": str(tools / "share/tcltk/tcl8.6")}
    outcomes: Outcomes = {}
    for tool in ("free", "kill", "pmap", "ps", "uptime"):
        bench.run(str(tools / "bin/runtest"), "--tool", tool, env=env, below="testsuite")
        found = bench.place / "testsuite" / f"{tool}.sum"
        outcomes |= told(found.read_text(errors="replace") if found.exists() else "", _DEJAGNU)
    return outcomes


_CORE = ("df", "nice", "tty", "who")
_CORE_TESTS = (
    "nice.sh",
    "nice-fail.sh",
    "tty.sh",
    "help-version.sh",
    "usage_vs_getopt.sh",
    "invalid-opt.pl",
)


def coreutils(bench: Bench) -> Outcomes:
    """GNU coreutils' tests of df, nice, tty and who."""
    bench.link("src", *_CORE)
    config = bench.place / "lib/config.h"
    config.write_text("#define HAVE_MNTENT_H 1\n#define HAVE_GETMNTENT 1\n")
    version = run(bench.path("df"), "--version").splitlines()[0].rpartition(" ")[2]
    top = str(bench.place)
    env = {
        "VERSION": version, "PACKAGE_VERSION": version, "LOCALE_FR": "none", "LOCALE_FR_UTF8": "none",
        "abs_top_builddir": top, "abs_top_srcdir": top, "abs_srcdir": top, "srcdir": ".", "top_srcdir": ".",
        "built_programs": " ".join(_CORE), "CONFIG_HEADER": str(config), "CC": "cc", "AWK": "awk",
        "EGREP": "grep -E", "EXEEXT": "", "MAKE": "make", "PERL": "perl", "SHELL": "/bin/bash", "fail": "0",
        "host_os": "linux-gnu", "CU_TEST_NAME": "peers", "PATH": f"{top}/src:{os.environ['PATH']}",
    }  # fmt: skip
    tests = [f"tests/df/{path.name}" for path in sorted(bench.place.glob("tests/df/*.sh"))]
    outcomes: Outcomes = {}
    for name in [*tests, *(f"tests/misc/{name}" for name in _CORE_TESTS)]:
        built = env
        if not name.endswith("help-version.sh") and not name.endswith(("getopt.sh", "opt.pl")):
            built = {
                **env,
                "built_programs": f"{env['built_programs']} env dd test",
            }  # the machine's own
        program = ["bash", name]
        if name.endswith(".pl"):
            use = ("-Mstrict", "-I./tests", "-MCuSkip", "-MCoreutils", f"-MCuTmpdir=qw({name})")
            program = ["perl", *use, name]
        status, text = bench.run("sh", "-c", 'exec "$@" 9>&2', "sh", *program, env=built)
        outcomes[name.removeprefix("tests/")] = {0: PASSED, 77: SKIPPED}.get(status, FAILED)
        _keep(bench, name, text)
    return outcomes


def _keep(bench: Bench, name: str, text: str) -> None:
    """A log, for who looks why a test failed."""
    (bench.place / (name.replace("/", "-") + ".log")).write_text(text, errors="replace")


#: not kill/name_to_number: a signal after the other, by the name of a process, which ours takes for no pid
_UTIL_LINUX = ("kill/all_processes", "kill/options", "kill/print_pid", "kill/queue", "misc/ionice")


def util_linux(bench: Bench) -> Outcomes:
    """util-linux's tests of ionice, and of its own kill, with which ours shares a name."""
    flags = (
        "-DHAVE_NANOSLEEP",
        "-DHAVE_ERR_H",
        "-DHAVE_PROGRAM_INVOCATION_SHORT_NAME",
        "-Iinclude",
    )
    bench.compile("test_sigreceive", *flags, "tests/helpers/test_sigreceive.c", "lib/strutils.c")
    text = bench.run(
        "bash", "tests/run.sh", "--use-system-commands", "--nolocks", "--show-diff", *_UTIL_LINUX,
        env={"TS_CMD_KILL": str(bench.path("kill")), "TS_CMD_IONICE": str(bench.path("ionice"))},
    )[1]  # fmt: skip
    _keep(bench, "run", text)
    found = dict.fromkeys(_UTIL_LINUX, SKIPPED)
    found |= {
        f"{part}/{name}": PASSED for part, name in re.findall(r"(?m)(\w+): (\w+) +\.+ OK$", text)
    }
    return found | dict.fromkeys(re.findall(r"(?m)FAILED \((\S+)\)", text), FAILED)


def busybox(bench: Bench) -> Outcomes:
    """busybox' tests of pidof, taskset and uptime."""
    names = ("pidof", "taskset", "uptime")
    bench.script(
        "busybox",
        f"""name=${{0##*/}}
[ "$name" != busybox ] || {{ name=$1; [ $# = 0 ] || shift; }}
[ -n "$name" ] || {{ echo 'Currently defined functions:'; echo '{", ".join(names)}'; exit; }}
exec {bench.commands}/"$name" "$@\"""",
    )
    features = ("SINGLE", "OMIT")
    (bench.place / ".config").write_text(
        "".join(f"CONFIG_FEATURE_PIDOF_{name}=y\n" for name in features)
    )
    for test in bench.place.glob("testsuite/*.tests"):
        test.chmod(0o755)
    text = bench.run("sh", "runtest", "-v", *names, env={"ECHO": "/bin/echo"}, below="testsuite")[1]
    _keep(bench, "run", text)
    return told(text, {"PASS": PASSED, "FAIL": FAILED, "SKIPPED": SKIPPED, "UNTESTED": SKIPPED})


#: runs its words on a terminal, and copies what is written there
_ON_TERMINAL = """
import os, pty, sys, tty
child, master = pty.fork()
if not child:
    tty.setraw(1)
    os.execvp(sys.argv[1], sys.argv[1:])
try:
    while data := os.read(master, 65536):
        os.write(1, data)
except OSError:
    pass
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def toybox(bench: Bench) -> Outcomes:
    """toybox' tests of kill, pidof, ps and uptime, on a terminal: their scripts wait by reading from their
    own output, and from a pipe they would take the lines that tell of the tests."""
    names = ("kill", "pidof", "ps", "uptime")
    words = ("bash", "scripts/test.sh", *names)
    env = {"TEST_HOST": "1", "VERBOSE": "all"}
    text = bench.run(sys.executable, "-I", "-c", _ON_TERMINAL, *words, env=env)[1]
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    _keep(bench, "run", text)
    return told(text, {"PASS": PASSED, "FAIL": FAILED, "SKIP": SKIPPED})


SUITES: dict[str, Callable[[Bench], Outcomes]] = {
    "procps": procps, "coreutils": coreutils, "util-linux": util_linux, "busybox": busybox, "toybox": toybox,
}  # fmt: skip


def outcomes(name: str, commands: Path, place: Path) -> Outcomes:
    """Runs a suite. Raises Unavailable where it can't be had."""
    return SUITES[name](Bench(name, commands, place))


def main(name: str, directory: str | None = None) -> None:
    """Runs a suite, and prints."""
    place = Path(tempfile.mkdtemp(prefix="peers-"))
    place.chmod(0o755)
    found = outcomes(name, Path(directory) if directory else ours(place / "commands"), place)
    for test, outcome in found.items():
        print(f"{outcome:8} {test}")  # noqa: T201
    counts = ", ".join(
        f"{list(found.values()).count(word)} {word}" for word in (PASSED, FAILED, SKIPPED)
    )
    print(f"{name}: {counts}; logs in {place}")  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
