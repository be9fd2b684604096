"""What a process runs: command name, arguments, program, security label."""

from collections.abc import Callable

from sysutils.cli.fields.process import LEFT, PROCESS, TEXT, Field, Moment, Row, again, plain
from sysutils.cli.fields.process_text import safe
from sysutils.cli.output.text import cells, cut_cells, ellipsis

_DEFUNCT = " <defunct>"


def argument_text(args: str) -> str:
    """Arguments as ps shows them: a newline becomes a blank."""
    return safe(args.replace("\n", " "))


def command_text(row: Row) -> str:
    """The command line of a row of ``args``, ``comm`` and ``state``; ``[comm]`` where there is none."""
    args: str | None = row.args
    if args is None:
        args = f"[{safe(row.comm)}]"
    elif not (args.isascii() and args.isprintable()):
        args = argument_text(args)
    elif not args:
        args = "?"
    return args + _DEFUNCT if row.state == "Z" else args


def _args_text(_: Moment, __: int) -> Callable[[Row], str]:
    return command_text


def _in_directory(program: str) -> tuple[str, str, str]:
    """A program's directory, the slash and its name; ``migration/0`` is a kernel thread's name."""
    return program.rpartition("/") if program[:1] in "/.~…" else ("", "", program)


def command_pieces(text: str) -> list[tuple[str, str]]:
    """A command with its program told apart from its directory and its arguments."""
    start = len(text) - len(text.lstrip(" |\\_"))
    if text[start : start + 1] == "[" or text == "-":
        return [(text, "dim")]
    program, blank, arguments = text[start:].partition(" ")
    directory, slash, name = _in_directory(program)
    pieces = [(text[:start], "dim"), (directory + slash, "dim"), (name, "bold")]
    return [*pieces, (blank + arguments, "")]


def shorter(text: str, _: int) -> str:
    """A command without the directory of its program, where it is too long for the room."""
    start = len(text) - len(text.lstrip(" |\\_"))
    program, blank, arguments = text[start:].partition(" ")
    directory, slash, name = _in_directory(program)
    if not directory or not name or text.startswith("["):
        return text
    return f"{text[:start]}{ellipsis()}{slash}{name}{blank}{arguments}"


COMM = Field(
    "comm", "COMMAND", 15, ("comm",), plain("comm"), TEXT, safe, order="text", whose=PROCESS,
    help="Command name.", pieces=command_pieces, rank=1,
)  # fmt: skip
ARGS = Field(
    "args", "COMMAND", 27, ("args", "comm", "state"), plain("args"), TEXT, cell=_args_text,
    order="text", whose=PROCESS, help="Command with its arguments.", pieces=command_pieces,
    shorten=shorter, rank=1,
    optional=("args",),
)  # fmt: skip


def with_environment(field: Field) -> Field:
    """The command with its environment after it, as ps' option e has it."""

    def cell(moment: Moment, room: int) -> Callable[[Row], str]:
        command = field.text(moment, room)

        def text(row: Row) -> str:
            words: str = command(row)
            environment = argument_text(row.env_args or "")
            return f"{words} {environment}" if environment and cells(words) < room - 1 else words

        return text

    return field._replace(needs=(*field.needs, "env_args"), cell=cell)


def _fname_text(_: Moment, room: int) -> Callable[[Row], str]:
    return lambda row: cut_cells(safe(row.comm), min(room, 8))


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
