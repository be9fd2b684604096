"""``sysutils --install-links DIR``: all links or none, nothing of others touched."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sysutils.cli import COMMANDS, links
from sysutils.cli.grammar import CommandError
from sysutils.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name != "posix", reason="copies, no links, on Windows")

NAMES = sorted(COMMANDS)


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ``sysutils`` script that is the program running."""
    script = tmp_path / "bin" / "sysutils"
    script.parent.mkdir()
    script.write_text(f"#!{sys.executable}\nfrom sysutils.cli.main import run\nrun()\n")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(script)])
    return script


def made(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir()) if directory.exists() else []


def test_each_command_gets_a_link_that_works(
    target: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    directory = tmp_path / "not" / "yet" / "there"
    assert main(str(target), ["--install-links", str(directory)]) == 0
    assert made(directory) == NAMES
    lines = capfd.readouterr().out.splitlines()
    assert lines == [f"{directory / name} -> {target}" for name in NAMES]
    done = subprocess.run([directory / "uptime", "-V"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("uptime from sysutils")


def test_again_changes_nothing(target: Path, tmp_path: Path) -> None:
    first = links.install(str(tmp_path / "links"), NAMES)
    before = [os.lstat(tmp_path / "links" / name).st_ino for name in NAMES]
    assert links.install(str(tmp_path / "links"), NAMES) == first
    assert [os.lstat(tmp_path / "links" / name).st_ino for name in NAMES] == before


def test_missing_links_are_added(target: Path, tmp_path: Path) -> None:
    links.install(str(tmp_path / "links"), NAMES[:2])
    links.install(str(tmp_path / "links"), NAMES)
    assert made(tmp_path / "links") == NAMES


@pytest.mark.parametrize("kind", ["file", "directory", "link", "dangling"])
def test_what_is_there_already_is_left_alone_and_told(
    kind: str, target: Path, tmp_path: Path
) -> None:
    directory = tmp_path / "links"
    directory.mkdir()
    foreign = directory / NAMES[-1]
    if kind == "file":
        foreign.write_text("mine")
    elif kind == "directory":
        foreign.mkdir()
    else:
        foreign.symlink_to(sys.executable if kind == "link" else "/no/such/file")
    with pytest.raises(CommandError, match="there already") as caught:
        links.install(str(directory), NAMES)
    assert str(foreign) in caught.value.message
    assert made(directory) == [NAMES[-1]]
    assert not os.path.islink(foreign) or os.readlink(foreign) != str(target)


def test_a_directory_that_can_t_be_made_is_told(
    target: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main(str(target), ["--install-links", str(tmp_path / "file" / "links")]) == 1
    assert capfd.readouterr().err == f"sysutils: {tmp_path / 'file' / 'links'}: Not a directory\n"


def test_a_directory_that_can_t_be_written_is_told(
    target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: str, path: str) -> None:
        raise PermissionError(13, "Permission denied", source, None, path)

    monkeypatch.setattr(os, "symlink", refuse)
    with pytest.raises(CommandError) as caught:
        links.install(str(tmp_path / "links"), NAMES)
    assert caught.value.message == f"{tmp_path / 'links' / NAMES[0]}: Permission denied"


def test_an_unwritable_directory_for_an_ordinary_user(target: Path, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere; the test before this one stands in")
    (tmp_path / "links").mkdir(mode=0o555)
    with pytest.raises(CommandError, match="Permission denied"):
        links.install(str(tmp_path / "links"), NAMES)


def test_without_an_installed_script_it_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "argv", ["/somewhere/__main__.py"])
    monkeypatch.setattr("sysconfig.get_path", lambda _: str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandError, match="not installed"):
        links.script()
    found = tmp_path / "sysutils"
    found.write_text("")
    found.chmod(0o755)
    assert links.script() == str(found)
