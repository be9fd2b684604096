"""The settings of the live top(1) in a file: a name and a value a line, where the system keeps such files.

Linux and other Unix systems: ``$XDG_CONFIG_HOME/sysutils/top.conf``, else ``~/.config/…``; macOS:
``~/Library/Application Support/sysutils/top.conf``; Windows: ``%APPDATA%\\sysutils\\top.conf``."""

import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from sysutils.cli.output.palette import SCHEMES
from sysutils.cli.top_choices import ALL
from sysutils.cli.top_state import Settings, View

_HEAD = "# what sysutils top shows; written by W on its live screen\n"
#: names whose values are numbers, with the highest
_MOST = {
    "view": 5, "task_scale": 5, "summary_scale": 6, "cpu_mode": 3, "memory_mode": 3, "justify": 3,
    "wider": 60, "most": 1 << 22,
}  # fmt: skip


def path(platform: str = sys.platform, environ: Mapping[str, str] = os.environ) -> str:
    """Where the file is."""
    home = environ.get("HOME") or os.path.expanduser("~")
    if platform == "win32":
        place = environ.get("APPDATA") or os.path.join(home, "AppData", "Roaming")
    elif platform == "darwin":
        place = os.path.join(home, "Library", "Application Support")
    else:
        chosen = environ.get("XDG_CONFIG_HOME", "")
        place = chosen if os.path.isabs(chosen) else os.path.join(home, ".config")
    return os.path.join(place, "sysutils", "top.conf")


def text_of(settings: Settings) -> str:
    """The settings as the file has them."""
    lines = [_HEAD]
    for name, value in settings._asdict().items():
        if name == "views":
            lines += [_view_text(number, view) for number, view in enumerate(value, 1)]
        elif isinstance(value, bool):
            lines.append(f"{name} = {'yes' if value else 'no'}\n")
        else:
            lines.append(
                f"{name} = {value:g}\n" if isinstance(value, float) else f"{name} = {value}\n"
            )
    return "".join(lines)


def _view_text(number: int, view: View) -> str:
    sign = "-" if view.descending else "+"
    return f"view{number} = {view.name} | {sign}{view.sort} | {' '.join(view.columns)}\n"


def parse(text: str) -> tuple[Settings, list[str]]:
    """The settings, and what in the text is not understood: that stays as it usually is."""
    settings = Settings()
    wrong = []
    for number, name, value in _lines(text):
        try:
            settings = _set(settings, name, value)
        except (KeyError, ValueError):
            wrong.append(f"line {number}: {name}")
    return settings, wrong


def _lines(text: str) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        name, _, value = line.partition("=")
        if name.strip() and not line.lstrip().startswith("#"):
            yield number, name.strip(), value.strip()


def _set(settings: Settings, name: str, value: str) -> Settings:
    if name.startswith("view") and name != "view":
        place = int(name[4:]) - 1
        views = list(settings.views)
        views[_below(place, len(views) - 1)] = _view(value)
        return settings._replace(views=tuple(views))
    known = settings._asdict()[name]
    result: Any
    if isinstance(known, bool):
        result = {"yes": True, "no": False}[value]
    elif name == "interval":
        result = float(value)
        if not 0.1 <= result <= 1e6:
            raise ValueError
    elif name == "scheme":
        result = value
        if value and value not in SCHEMES:
            raise ValueError
    else:
        result = _below(int(value), _MOST[name])
    return settings._replace(**{name: result})


def _below(number: int, most: int) -> int:
    if not 0 <= number <= most:
        raise ValueError
    return number


def _view(value: str) -> View:
    name, sort, names = (part.strip() for part in value.split("|"))
    columns = tuple(dict.fromkeys(names.split()))
    if not columns or not {*columns, sort[1:]} <= set(ALL) or sort[:1] not in {"+", "-"}:
        raise ValueError
    return View(name[:8], columns, sort[1:], sort.startswith("-"))


def load() -> tuple[Settings, str]:
    """The settings that were saved, and what is wrong with them."""
    try:
        with open(path(), encoding="utf-8", errors="replace") as file:
            settings, wrong = parse(file.read(1 << 16))
    except FileNotFoundError:
        return Settings(), ""
    except OSError as error:
        return Settings(), f"{path()}: {error.strerror}"
    return settings, f"not understood: {', '.join(wrong)} of {path()}" if wrong else ""


def save(settings: Settings) -> str:
    """Writes the file anew, in one step; what to tell the user."""
    place = path()
    scratch = f"{place}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
        with open(scratch, "x", encoding="utf-8") as file:
            file.write(text_of(settings))
        os.replace(scratch, place)
    except OSError as error:
        if os.path.exists(scratch):
            os.unlink(scratch)
        return f"not saved: {place}: {error.strerror}"
    return f"saved: {place}"
