"""What a process runs: command name, arguments, program, security label."""

from collections.abc import Callable
from typing import Any

from sysutils.cli.fields.process import LEFT, PROCESS, TEXT, Field, Moment, Row, again, plain
from sysutils.cli.fields.process_text import cut, safe

_DEFUNCT = " <defunct>"


def argument_text(args: str) -> str:
    """Arguments as ps shows them: a newline becomes a blank."""
    return safe(args.replace("\n", " "))


def _args_text(_: Moment, __: int) -> Callable[[Row], str]:
    def text(row: Row) -> str:
        args: str | None = row.args
        if args is None:
            args = f"[{safe(row.comm)}]"
        elif not (args.isascii() and args.isprintable()):
            args = argument_text(args)
        elif not args:
            args = "?"
        return args + _DEFUNCT if row.state == "Z" else args

    return text


COMM = Field(
    "comm", "COMMAND", 15, ("comm",), plain("comm"), TEXT, safe, order="text", whose=PROCESS,
    help="Command name.",
)  # fmt: skip
ARGS = Field(
    "args", "COMMAND", 27, ("args", "comm", "state"), plain("args"), TEXT, cell=_args_text,
    order="text", whose=PROCESS, help="Command with its arguments.",
)  # fmt: skip


def _environment_text(moment: Moment, room: int) -> Callable[[Row], str]:
    args = _args_text(moment, room)

    def text(row: Row) -> str:
        environment: str = row.env_args or ""
        return f"{args(row)} {argument_text(environment)}" if environment else args(row)

    return text


#: ps' option e
ARGS_AND_ENVIRONMENT = ARGS._replace(needs=(*ARGS.needs, "env_args"), cell=_environment_text)


def _fname_text(_: Moment, room: int) -> Callable[[Row], str]:
    return lambda row: cut(safe(row.comm), min(room, 8))


FNAME = Field(
    "fname", "COMMAND", 8, ("comm",), plain("comm"), LEFT, cell=_fname_text,
    order=lambda _: lambda row: safe(row.comm), whose=PROCESS,
    help="First eight bytes of the command name.",
)  # fmt: skip
EXE = Field(
    "exe", "EXE", 27, ("exe_link",), plain("exe_link"), TEXT, safe, order="text",
    whose=PROCESS, help="Path of the program.",
)  # fmt: skip
LABEL = Field(
    "label", "LABEL", 31, ("security_label", "tgid"), plain("security_label"), LEFT, safe,
    order=plain("tgid"),
    help="Security label.",
)  # fmt: skip




COMMANDS: dict[str, Field] = {
    "comm": COMM,
    "ucmd": again(COMM, "CMD"),
    "ucomm": COMM,
    "args": ARGS,
    "cmd": again(ARGS, "CMD"),
    "command": ARGS,
    "fname": FNAME,
    "exe": EXE,
    "label": LABEL,
    "context": again(LABEL, "CONTEXT"),
    "zone": again(LABEL, "ZONE"),
}
