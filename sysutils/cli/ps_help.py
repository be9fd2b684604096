"""``ps --help SECTION`` and ``ps --info``, made of the declarations."""

import os
import textwrap
from collections.abc import Iterable

import click

from sysutils import __version__
from sysutils.cli.ps_personality import personality

USAGE = """
Usage:
 ps [options]

 Try 'ps --help <simple|list|output|threads|misc|all>'
  or 'ps --help <s|l|o|t|m|a>'
 for additional help text.

For more details see ps(1).
"""
_END = "\nFor more details see ps(1).\n"
#: section -> its title
_SECTIONS = {
    "simple": "Basic options",
    "list": "Selection by list",
    "output": "Output formats",
    "threads": "Show threads",
    "misc": "Miscellaneous options",
}
#: section -> the parameters it tells of
_MEMBERS = {
    "simple": "everything unix_a bsd_a unix_d bsd_g deselect running this_tty bsd_x",
    "list": """commands real_groups session_or_group groups pids ppids process_groups quick sessions ttys
        bsd_ttys users real_users""",
    "output": """extra_full full forest hierarchy jobs bsd_jobs long bsd_long label bsd_label preloaded
        overloaded format processor signals bsd_user virtual registers no_flags context headers
        no_headers bsd_h width height output watch""",
    "threads": "bsd_threads threads unix_m bsd_m threads_spid",
    "misc": """scheduling true_name environment sort list_fields numeric cumulative wide version info
        help_section""",
}
_WIDTH = 100
_INDENT = 22


def sections() -> list[str]:
    """The names that --help takes."""
    return [*_SECTIONS, "all"]


def text(command: click.Command, asked: str) -> str:
    """The help of a section, by its name or first letter; the usage for anything else."""
    names = [name for name in _SECTIONS if asked in {name, name[0]}]
    if asked in {"all", "a"}:
        names = list(_SECTIONS)
    if not names:
        return USAGE
    parameters: dict[str | None, list[click.Option]] = {}
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            parameters.setdefault(parameter.name, []).append(parameter)
    parts = ["\nUsage:\n ps [options]\n"]
    for name in names:
        members = _MEMBERS[name].split()
        options = [option for member in members for option in parameters.get(member, ())]
        parts.append(f"\n{_SECTIONS[name]}:\n" + "".join(_lines(options)))
    return "".join(parts) + _END


def _lines(options: Iterable[click.Option]) -> Iterable[str]:
    for option in options:
        value = f" <{option.metavar}>" if option.metavar else ""
        head = f" {_spelled(option)}{value}"
        lines = textwrap.wrap(option.help or "", _WIDTH - _INDENT)
        if len(head) < _INDENT:
            head = f"{head:{_INDENT}}{lines.pop(0) if lines else ''}"
        yield head.rstrip() + "\n"
        yield from (" " * _INDENT + line + "\n" for line in lines)


def _spelled(option: click.Option) -> str:
    """``-p,  p, --pid``: a blank in place of the dash of BSD's options."""
    return ", ".join(option.opts)


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
