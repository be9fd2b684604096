"""``ps --help SECTION`` and ``ps --info``, made of the declarations."""

import os

import click

from sysutils import __version__
from sysutils.cli.help_page import show as show_page
from sysutils.cli.output.stream import put
from sysutils.cli.ps_personality import personality

USAGE = """
Usage:
 ps [options]

 Try 'ps --help <simple|list|output|threads|misc|all>'
  or 'ps --help <s|l|o|t|m|a>'
 for additional help text.

For more details see ps(1).
"""
#: section -> the group of options it tells of
_SECTIONS = {
    "simple": "Basic options",
    "list": "Selection by list",
    "output": "Output formats",
    "threads": "Threads",
    "misc": "Miscellaneous",
}


def sections() -> list[str]:
    """The names that --help takes."""
    return [*_SECTIONS, "all"]


def show(ctx: click.Context, asked: str) -> None:
    """Writes the help: of a section, by its name or first letter, all of it for none, the usage for what is
    no section."""
    groups = [_SECTIONS[name] for name in _SECTIONS if asked in {name, name[0]}]
    if groups or asked in {"", "all", "a"}:
        show_page(ctx, groups)
    else:
        put(USAGE)


def information() -> str:
    """What --info tells of the surroundings."""
    import platform

    rows = personality().lists
    lists = "".join(
        f"{key:8} {rows.get(key, '(default)')}\n" for key in ("u", "j", "l", "-f", "-l")
    )
    return (
        f"{lists}\nsysutils version {__version__}, Python {platform.python_version()}\n"
        f'personality "{personality().name}", EUID={getattr(os, "geteuid", int)()}\n'
        f"archdefs: {platform.machine()}\n"
    )
