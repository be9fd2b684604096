"""Where the live top keeps its settings, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils.cli import top_config
from sysutils.cli.top_choices import ALL
from sysutils.cli.top_state import VIEWS, Settings, View

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("platform", "environ", "place"),
    [
        ("linux", {"HOME": "/home/a"}, "/home/a/.config/sysutils/top.conf"),
        ("linux", {"HOME": "/h", "XDG_CONFIG_HOME": "/x"}, "/x/sysutils/top.conf"),
        ("linux", {"HOME": "/h", "XDG_CONFIG_HOME": "relative"}, "/h/.config/sysutils/top.conf"),
        ("freebsd13", {"HOME": "/h"}, "/h/.config/sysutils/top.conf"),
        (
            "darwin",
            {"HOME": "/Users/a", "XDG_CONFIG_HOME": "/x"},
            "/Users/a/Library/Application Support/sysutils/top.conf",
        ),
        ("win32", {"HOME": "/h", "APPDATA": "/Roaming"}, "/Roaming/sysutils/top.conf"),
    ],
)
def test_where_it_is(platform: str, environ: dict[str, str], place: str) -> None:
    assert top_config.path(platform, environ) == place


names = st.lists(st.sampled_from(ALL), min_size=1, unique=True).map(tuple)


@given(
    st.integers(0, len(VIEWS) - 1),
    names,
    st.sampled_from(ALL),
    st.booleans(),
    st.integers(0, 3),
    st.sampled_from([0.1, 0.5, 3.0, 600.0]),
    st.sampled_from(["", "both", "none"]),
)
def test_what_is_saved_is_what_is_read(
    view: int,
    columns: tuple[str, ...],
    sort: str,
    flag: bool,
    number: int,
    interval: float,
    scheme: str,
) -> None:
    settings = Settings(
        view=view,
        interval=interval,
        cmdline=flag,
        tree=not flag,
        cpu_mode=number,
        scheme=scheme,
        wider=number,
        vi=flag,
    ).with_view(columns=columns, sort=sort, descending=flag, name="my own")
    assert top_config.parse(top_config.text_of(settings)) == (settings, [])


@given(st.text())
def test_whatever_is_in_the_file_there_are_settings(text: str) -> None:
    settings, _ = top_config.parse(text)
    assert top_config.parse(top_config.text_of(settings)) == (settings, [])


@pytest.mark.parametrize(
    "line",
    [
        "nonsense = 1",
        "interval = x",
        "interval = 0",
        "tree = maybe",
        "cpu_mode = 9",
        "view = 77",
        "scheme = blue",
        "view1 = a | -PID",
        "view1 = a | -PID | NOSUCH",
        "view9 = a | -PID | PID",
        "view1 = a | PID | PID",
        "views = 1",
    ],
)
def test_what_is_not_understood_changes_nothing(line: str) -> None:
    settings, wrong = top_config.parse(f"# a remark\n\n{line}\ntree = yes\n")
    assert settings == Settings(tree=True)
    assert wrong == [f"line 3: {line.partition(' ')[0]}"]


def test_saving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "new"))
    assert top_config.load() == (Settings(), "")
    settings = Settings(tree=True).with_view(columns=("PID", "COMMAND"))
    assert top_config.save(settings) == f"saved: {tmp_path}/new/sysutils/top.conf"
    assert top_config.load() == (settings, "")
    assert settings.shown == View("Def", ("PID", "COMMAND"), "%CPU")
    assert [path.name for path in (tmp_path / "new/sysutils").iterdir()] == ["top.conf"]
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "new/sysutils/top.conf"))
    assert top_config.save(settings).startswith("not saved: ")
