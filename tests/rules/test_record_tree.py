"""tools/record_tree.py: what it records of live processes and of a made-up /proc."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import children, trees
from tests.support.stage import ROOT

if TYPE_CHECKING:
    from types import ModuleType

TOOL = ROOT / "tools/record_tree.py"
pytestmark = [
    children.linux_only,
    pytest.mark.skipif(not TOOL.exists(), reason="tools/ is not part of a source distribution"),
]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("record_tree", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def recorded(*words: str) -> dict[str, trees.Entry]:
    """What the program writes, by path below proc/."""
    command = [sys.executable, str(TOOL), *words]
    env = {**os.environ, "SECRET": "hush"}
    done = subprocess.run(command, capture_output=True, check=True, env=env)
    assert done.stderr == b""
    entries = trees.read(done.stdout.decode())
    return {os.fsdecode(entry.path).removeprefix("proc/"): entry for entry in entries}


def test_a_process_is_recorded_as_it_is() -> None:
    with children.member(name="a) R\n(", argv=["x", "\xff"], threads=["t"]) as child:
        found = recorded(
            "--pids", str(child.pid), "--self", str(child.pid), "--deep", str(child.pid)
        )
        proc = Path(f"/proc/{child.pid}")
        for name in ("comm", "cmdline", "environ", "limits", "maps", "cgroup"):
            assert found[f"{child.pid}/{name}"].data == (proc / name).read_bytes()
            assert found[f"{child.pid}/{name}"].mode == (proc / name).stat().st_mode & 0o7777
        assert found[f"{child.pid}/stat"].data.startswith(b"%d (a) R\n() " % child.pid)
        for name in ("exe", "fd/0", "ns/net"):
            assert found[f"{child.pid}/{name}"].data == os.fsencode(os.readlink(proc / name))
        assert found[str(child.pid)].uid == os.geteuid()
        assert len([path for path in found if path.endswith("/comm") and "/task/" in path]) == 2
    assert found["self"].data == str(child.pid).encode()
    assert found["net/tcp"].data.startswith(b"  sl")


def test_processes_are_chosen_by_number_range_and_name() -> None:
    with children.named(b"chosen-one") as child:
        for words in (f"{child.pid}", f"{child.pid}-{child.pid}", "chosen-one,no-such-name"):
            found = recorded("--pids", words, "--self", "chosen-one")
            pids = {path.split("/")[0] for path in found if path[0].isdigit()}
            assert pids == {str(child.pid)}


def test_secrets_are_taken_out(tool: ModuleType) -> None:
    found = recorded("--pids", "1", "--redact")
    (own,) = {path for path in found if path.endswith("/environ") and path != "1/environ"}
    assert b"SECRET=redacted\0" in found[own].data
    redact = tool.redactor("box", ["/home/ada"])
    entry = trees.Entry(
        "f", 0o444, 0, 0, b"proc/1/cmdline", b"box /home/ada/x /home/adam mybox box.y"
    )
    assert redact(entry).data == (
        b"host.example.org /home/user1/x /home/adam mybox host.example.org.y"
    )


def test_what_ends_meanwhile_is_left_out_whole(tool: ModuleType, tmp_path: Path) -> None:
    for pid, files in (("7", ["stat", "comm"]), ("8", ["comm"])):
        (tmp_path / pid).mkdir()
        for name in files:
            (tmp_path / pid / name).write_text("x")
    entries = tool.record(str(tmp_path), [7, 8, 9], own=7)
    assert {entry.path for entry in entries} == {
        b".", b"proc/7", b"proc/7/comm", b"proc/7/stat",
        b"proc/self", b"proc/thread-self", b"proc/mounts",
    }  # fmt: skip


def test_what_hangs_is_left_out(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "7").mkdir()
    (tmp_path / "7/stat").write_text("x")
    released = threading.Event()

    def hangs(path: bytes) -> Any:
        released.wait()
        raise OSError

    monkeypatch.setattr(tool, "PATIENCE", 0.01)
    monkeypatch.setattr(tool, "read_briefly", hangs)
    monkeypatch.setattr(tool.Recorder, "machine", lambda self, own: None)
    assert tool.record(str(tmp_path), [7], own=7) == []
    released.set()


def test_pipes_and_sockets_are_not_read(tool: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "7").mkdir()
    (tmp_path / "7/stat").write_text("x")
    os.mkfifo(tmp_path / "7/comm")
    paths = {entry.path for entry in tool.record(str(tmp_path), [7], own=7)}
    assert b"proc/7/stat" in paths
    assert b"proc/7/comm" not in paths


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_left_out() -> None:
    found = recorded("--pids", "1")
    assert "1/stat" in found
    assert "1/environ" not in found
    assert "1/exe" not in found
