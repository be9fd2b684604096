"""The drop-in switch, each time in a process of its own; names of psutil's own modules."""

import os
import pickle
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sysutils import core
from tests.support import oracle


def run(program: str, *words: str, **options: object) -> str:
    """What a program prints; ``words`` go before ``-c``."""
    done = subprocess.run(
        [sys.executable, *words, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        **options,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def with_path(*first: Path) -> dict[str, str]:
    """The environment in which Python finds what is in ``first``, and us wherever it runs."""
    path = [*map(str, first), str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, path))}


SWITCH = "import sysutils.dropin, sysutils.core\n"


def test_import_psutil_means_us() -> None:
    run(
        SWITCH + "import psutil\n"
        "assert psutil is sysutils.core\n"
        "from psutil import Process, virtual_memory, NoSuchProcess\n"
        "assert Process is sysutils.core.Process\n"
        "import importlib; assert importlib.import_module('psutil') is psutil\n"
        "assert importlib.reload(psutil) is psutil\n"
    )


def test_the_root_of_proc_moves(tmp_path: Path) -> None:
    (tmp_path / "uptime").write_text("7.00 3.00\n")
    program = "import psutil\npsutil.PROCFS_PATH = {!r}\nassert sysutils.core.uptime() == 7.0\n"
    run(SWITCH + program.format(str(tmp_path)))


def test_texts_say_psutil() -> None:
    out = run(
        SWITCH + "import psutil\n"
        "p = psutil.Process(); q = psutil.NoSuchProcess(5, name='x')\n"
        "print(repr(p).split('(')[0], repr(q), psutil.Process, psutil.Popen, psutil.AccessDenied)\n"
        "print(type(psutil.swap_memory()).__module__, type(psutil.virtual_memory()).__module__)\n"
        "sysutils.dropin.undo()\n"
        "print(repr(p).split('(')[0], repr(q), psutil.Process, psutil.Popen, psutil.AccessDenied)\n"
        "print(type(psutil.swap_memory()).__module__, type(psutil.virtual_memory()).__module__)\n"
    )
    switched, modules, back, own = out.splitlines()
    assert switched == (
        "psutil.Process psutil.NoSuchProcess(pid=5, name='x', msg='process no longer exists') "
        "<class 'psutil.Process'> <class 'psutil.Popen'> <class 'psutil.AccessDenied'>"
    )
    assert modules == "psutil._ntuples psutil._ntuples"
    assert back == switched.replace("psutil.", "sysutils.core.")
    assert own == "sysutils.core._ntuples sysutils.core.linux.ntuples"


VALUES = (
    "[psutil.swap_memory(), psutil.virtual_memory(), psutil.NIC_DUPLEX_FULL, psutil.POWER_TIME_UNKNOWN,"
    " psutil.AccessDenied(3, 'x'), psutil.NoSuchProcess(4), psutil.TimeoutExpired(2, 5, 'y'),"
    " psutil.disk_usage('/'), psutil.cpu_stats(), psutil.getloadavg(), list(psutil.net_if_addrs().values()),"
    " psutil.Process().memory_full_info(), psutil.Process().io_counters()]"
)


def test_pickles_go_round() -> None:
    run(
        SWITCH + "import psutil, pickle\n"
        f"for value in {VALUES}:\n"
        "    for protocol in range(2, 6):\n"
        "        text = pickle.dumps(value, protocol)\n"
        "        assert b'sysutils' not in text, text\n"
        "        again = pickle.loads(text)\n"
        "        assert type(again) is type(value) and repr(again) == repr(value)\n"
        "p = pickle.loads(pickle.dumps(psutil.Process()))\n"
        "assert p == psutil.Process()\n"
    )


@pytest.mark.oracle
def test_pickles_go_to_psutil_and_come_from_it() -> None:
    """A program that uses the switch understands one that uses psutil, and the other way round."""
    psutil = oracle.oracle()
    text = run(
        SWITCH + f"import psutil, pickle, sys\nsys.stdout.write(pickle.dumps({VALUES}, 2).hex())\n"
    )
    theirs = pickle.loads(bytes.fromhex(text))
    assert type(theirs[0]) is type(psutil.swap_memory())
    assert theirs[2] is psutil.NIC_DUPLEX_FULL
    assert type(theirs[4]) is psutil.AccessDenied
    values = eval(VALUES, {"psutil": psutil})
    run(
        SWITCH + "import psutil, pickle\n"
        f"values = pickle.loads(bytes.fromhex({pickle.dumps(values, 2).hex()!r}))\n"
        "assert type(values[0]) is type(psutil.swap_memory()), type(values[0])\n"
        "assert values[2] is psutil.NIC_DUPLEX_FULL\n"
        "assert type(values[4]) is psutil.AccessDenied\n"
    )


def test_undo_gives_the_real_one_back(tmp_path: Path) -> None:
    (tmp_path / "psutil").mkdir()
    (tmp_path / "psutil/__init__.py").write_text("from psutil import _common\nreal = True\n")
    (tmp_path / "psutil/_common.py").write_text("")
    path = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
    check = "import psutil, psutil._common; assert psutil.real and not hasattr(psutil._common, 'svmem')\n"
    for before in ("", "import psutil; first = psutil\n"):
        run(
            path + before + SWITCH + "import psutil, psutil._common\n"
            "assert psutil is sysutils.core and psutil._common.svmem\n"
            "sysutils.dropin.undo()\n" + check + ("assert psutil is first\n" if before else "")
        )
    again = "sysutils.dropin.undo(); sysutils.dropin.undo()\n"
    run(path + SWITCH + again + check + "sysutils.dropin.install(); import psutil\n"
        "sysutils.dropin.install(); assert psutil is sysutils.core\n"
        "sysutils.dropin.undo()\n" + check)  # fmt: skip


def test_undo_without_a_real_one(tmp_path: Path) -> None:
    run(
        "import sys\n"
        "class Refuse:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.startswith('psutil'): raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Refuse())\n" + SWITCH + "import psutil\n"
        "import psutil._common, psutil._pslinux\n"
        "sysutils.dropin.undo()\n"
        "try: import psutil\n"
        "except ModuleNotFoundError: pass\n"
        "else: raise AssertionError\n"
    )


SCRIPT = (
    "import sys, psutil\n"
    "print(__name__, psutil.__name__, sys.argv[1:], psutil.Process().pid > 0)\n"
    "import __main__; print(__main__.psutil is psutil)\n"
    "class C: pass\n"
    "import pickle; pickle.loads(pickle.dumps(C()))\n"
    "sys.exit(3)\n"
)


@pytest.mark.parametrize("kind", ["script", "module", "code"])
def test_a_program_is_run(kind: str, tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("")
    (tmp_path / "tool.py").write_text(SCRIPT.replace("import sys,", "import beside, sys,"))
    words = {
        "script": [str(tmp_path / "tool.py")],
        "module": ["-m", "tool"],
        "code": ["-c", SCRIPT],
    }[kind]
    done = subprocess.run(
        [sys.executable, "-m", "sysutils.dropin", *words, "-x", "y z"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path if kind != "script" else None,
        env=with_path(),
    )
    assert (done.stdout, done.stderr, done.returncode) == (
        "__main__ sysutils.core ['-x', 'y z'] True\nTrue\n", "", 3,
    )  # fmt: skip


@pytest.mark.parametrize("words", [[], ["-m"], ["-c"], ["--help"], [""]])
def test_wrong_use_is_told(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sysutils.dropin", *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("usage: python -m sysutils.dropin")


def test_a_file_named_psutil_on_the_path(tmp_path: Path) -> None:
    """For programs whose children are to be switched as well."""
    (tmp_path / "psutil.py").write_text("import sysutils.dropin\n")
    program = (
        "import psutil, sysutils.core\n"
        "assert psutil is sysutils.core\n"
        "from psutil._common import bytes2human\n"
        "print(repr(psutil.Process()).split('(')[0])"
    )
    assert run(program, env=with_path(tmp_path)) == "psutil.Process\n"


# --- names of psutil's own modules

TUPLES = [
    "addr", "pconn", "pcputimes", "pctxsw", "pfullmem", "pgids", "pheap", "pio", "pionice", "pmem",
    "pmmap_ext", "pmmap_grouped", "popenfile", "pthread", "puids", "sbattery", "sconn", "scpufreq",
    "scpustats", "scputimes", "sdiskio", "sdiskpart", "sdiskusage", "sfan", "shwtemp", "snetio",
    "snicaddr", "snicstats", "sswap", "suser", "svmem",
]  # fmt: skip


@pytest.mark.parametrize("name", TUPLES)
@pytest.mark.parametrize("module", ["_common", "_pslinux"])
def test_tuples_under_psutil_s_names(module: str, name: str) -> None:
    ours = getattr(getattr(core, module), name)
    assert ours.__name__ == name
    assert issubclass(ours, tuple)


@pytest.mark.oracle
@pytest.mark.parametrize("name", TUPLES)
def test_fields_as_psutil_s(name: str) -> None:
    oracle.oracle()
    from psutil import _ntuples

    assert getattr(core._common, name)._fields == getattr(_ntuples, name)._fields


def test_other_names_that_programs_take() -> None:
    from sysutils.core import _common, _pslinux

    assert _common.bytes2human(10240) == "10.0K"
    assert _common.usage_percent(1, 2) == 50.0
    assert _common.STATUS_RUNNING == "running"
    assert _common.NicDuplex is core.NicDuplex
    assert _common.NoSuchProcess is core.NoSuchProcess
    assert (_common.POSIX, _common.WINDOWS) == (core.POSIX, core.WINDOWS)
    assert _pslinux.Process is core.Process
    assert _pslinux.virtual_memory is core.virtual_memory
    assert _common.get_procfs_path() == core.PROCFS_PATH
    assert core._psplatform.svmem is _pslinux.svmem
    assert core._ppid_map()[core.Process().pid] == core.Process().ppid()
    for module in (_common, _pslinux):
        with pytest.raises(AttributeError, match="no attribute 'nothing'"):
            _ = module.nothing
        assert not hasattr(module, "__wrapped__")


def test_the_page_names_what_is_there() -> None:
    text = (Path(__file__).parents[2] / "docs/psutil.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(?:Process\.)?([a-z_0-9]+)\(", text)) - {"hasattr", "repr", "poll"}
    assert len(named) > 30
    there = {*dir(core), *dir(core.Process)}
    assert named <= there, named - there
