"""The options of lsof(8)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sysutils import core
from sysutils.cli import candidates, lsof_internet, lsof_selection, lsof_text
from sysutils.cli.options import UsageError, option
from sysutils.cli.output.stream import write_error

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from sysutils.cli.candidates import Completer

F = TypeVar("F", bound=Callable[..., Any])

USAGE = """\
lsof 4.95.0
 latest revision: https://github.com/lsof-org/lsof
 latest FAQ: https://github.com/lsof-org/lsof/blob/master/00FAQ
 latest (non-formatted) man page: https://github.com/lsof-org/lsof/blob/master/Lsof.8
 usage: [-?abhKlnNoOPRtUvVX] [+|-c c] [+|-d s] [+D D] [+|-E] [+|-e s] [+|-f[gG]]
 [-F [f]] [-g [s]] [-i [i]] [+|-L [l]] [+m [m]] [+|-M] [-o [o]] [-p s]
 [+|-r [t]] [-s [p:s]] [-S [t]] [-T [t]] [-u s] [+|-w] [-x [fl]] [--] [names]
Use the ``-h'' option to get more help information.
"""


def _flag(*names: str, **settings: Any) -> Callable[[F], F]:
    return option(*names, is_flag=True, **settings)


def _value(*names: str, metavar: str, **settings: Any) -> Callable[[F], F]:
    return option(*names, metavar=metavar, multiple=True, **settings)


def _may(*names: str, metavar: str, **settings: Any) -> Callable[[F], F]:
    return option(*names, metavar=metavar, multiple=True, optional_value="", **settings)


def _show_fields(word: str) -> str:
    if word == "?":
        return "?"
    try:
        return lsof_text.parse_fields(word)
    except ValueError as error:
        raise UsageError(f"unknown field: {error}") from None


def _width(word: str) -> int:
    if not word.isdecimal():
        raise UsageError("+c not followed by width number")
    if int(word) > 15:
        raise UsageError(f"+c {word} > what system provides (15)")
    return int(word)


def _links(word: str) -> int:
    return int(word) if word.isdecimal() else 0


def _no_links(word: str) -> int:
    if word:
        raise UsageError("no number may follow -L")
    return 0


def _tasks(word: str) -> str:
    if word not in {"", "i"}:
        raise UsageError(f"-K not followed by i (but by {word})")
    return word


def _tcp(word: str) -> str:
    for letter in word:
        if letter not in "fqs":
            raise UsageError(f"unsupported TCP/TPI info selection: {letter}")
    return word


def _size(word: str) -> Any:
    return lsof_selection.states(word) if word else None


def _internet(word: str) -> Any:
    return lsof_internet.parse(word) if word else None


def _letters(known: str, what: str) -> Callable[[str], str]:
    """Reads letters; names those that are not known."""

    def parse(word: str) -> str:
        wrong = [f"unknown {what} option: {letter}" for letter in word if letter not in known]
        if wrong:
            raise UsageError("\nlsof: ".join(wrong))
        return word

    return parse


_flags = _letters("gG", "file struct")


def _refused(message: str) -> Callable[[str], str]:
    def refuse(_: str) -> str:
        raise UsageError(message)

    return refuse


def _seconds(word: str) -> str:
    if word and int(word) < 2:
        write_error(f"lsof: WARNING: -S time ({word}) changed to 2\n")
    return word


def _excluding(complete: "Completer") -> "Completer":
    return candidates.listed(complete, "^")


def _complete_internet(
    _: click.Context, __: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """Protocols; behind a colon the ports that are in use here."""
    front, colon, _port = incomplete.rpartition(":")
    if colon and "@" not in front:
        ports = sorted({row.laddr.port for row in core.net_sockets()} - {0})
        return candidates.items(((f"{front}:{port}", "") for port in ports), incomplete)
    names = [*lsof_internet.PROTOCOLS, *map(str.upper, lsof_internet.PROTOCOLS[:2])]
    start = incomplete[:1] if incomplete[:1] in {"4", "6"} else ""
    versions = [] if start else [("4", "IPv4"), ("6", "IPv6"), (":", "a port of any protocol")]
    return candidates.items([*versions, *((start + name, "") for name in names)], incomplete)


def _complete_states(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    front, colon, _states = incomplete.partition(":")
    if not colon:
        return candidates.items([("TCP:", "states of TCP"), ("UDP:", "states of UDP")], incomplete)
    states = candidates.words(sorted(lsof_selection.STATES))
    behind = _excluding(states)(ctx, parameter, incomplete[len(front) + 1 :])
    from click.shell_completion import CompletionItem

    return [CompletionItem(f"{front}:{item.value}", more=True) for item in behind]


#: -d knows numbers as well
_DESCRIPTORS = {"cwd": "directory it works in", "rtd": "its root", "txt": "its program", "mem": "mapped",
                "DEL": "mapped, deleted", "fd": "all with a number"}  # fmt: skip
_OPTIONS: list[Callable[[Any], Any]] = [
    _value("-p", "pids", group="Selecting",
           shell_complete=_excluding(candidates.pids),
           metavar="PIDS", parse=lambda word: lsof_selection.ids(word, "ID"),
           help="Select processes by id; ^ excludes."),
    _value("-u", "users",
           shell_complete=_excluding(candidates.users), metavar="USERS", parse=lsof_selection.users,
           help="Select processes by user name or id; ^ excludes."),
    _value("-c", "commands",
           shell_complete=candidates.signed(candidates.commands, "^"),
           metavar="COMMAND", parse=lsof_selection.command,
           help="Select processes whose command begins so, or matches /EXPRESSION/[ix]; ^ excludes."),
    _may("-g", "groups",
         shell_complete=_excluding(candidates.pids),
         metavar="PGIDS", parse=lambda word: lsof_selection.ids(word, "group ID"),
         help="Show process groups, and select by them; ^ excludes."),
    _value("-d", "descriptors",
           shell_complete=_excluding(candidates.words(_DESCRIPTORS)),
           metavar="FDS", parse=lsof_selection.descriptors,
           help="Select descriptors: numbers, ranges, cwd, txt, mem, …; ^ excludes."),
    _may("-i", "internet", shell_complete=_complete_internet, metavar="ADDRESS", parse=_internet,
         help="Select Internet sockets: [46][protocol][@host][:ports]."),
    _flag("-U", "unix", help="Select UNIX sockets."),
    _flag("-E", "endpoints", group="What to show",
          help="Show what is at the other end of pipes, sockets, terminals, …",
          note="With +c 0 the commands at the other ends are whole, where the classic shows none. What -p, "
               "-u, … exclude stays excluded."),
    _flag("+E", "endpoint_files", group="Selecting", help="As -E, and select the files at the other ends."),
    _value("+d", "directory",
           shell_complete=candidates.directories,
           metavar="DIRECTORY", help="Select a directory and the files in it."),
    _value("+D", "tree",
           shell_complete=candidates.directories,
           metavar="DIRECTORY", help="Select all files below a directory."),
    _may("+L", "links", group="What to show", metavar="N", parse=_links,
         help="Show numbers of links; select files with fewer than N."),
    _may("-L", "no_links", metavar="", parse=_no_links, help="Don't show numbers of links."),
    _may("-K", "tasks", metavar="i", parse=_tasks, help="Select threads as well; i ignores them."),
    _flag("-N", "nfs", help="Select files of NFS.", hidden=True),
    _flag("-a", "all_of", group="Selecting", help="Select what all the options select, not any."),
    _may("-s", "size", group="What to show",
         shell_complete=_complete_states, metavar="PROTOCOL:STATES", parse=_size,
         help="Show sizes; with TCP:STATES only sockets in these states; ^ excludes."),
    _may("-o", "offset", metavar="DIGITS", help="Show offsets, up to DIGITS in decimal."),
    _flag("-t", "terse", help="Show process ids alone."),
    _may("-F", "fields", shell_complete=candidates.words(["?", "0"]), metavar="FIELDS", parse=_show_fields,
         help="Show a field a line, for programs; -F? lists them."),
    _flag("-n", "numeric_hosts", group="Names", help="Don't resolve the names of hosts."),
    _flag("-P", "numeric_ports", help="Don't resolve the names of ports."),
    _flag("-l", "numeric_users", help="Don't resolve the names of users."),
    _flag("-R", "parents", group="What to show", help="Show the parents' process ids."),
    _value("+c", "width", metavar="WIDTH", parse=_width, help="Width of COMMAND; 0: all of it."),
    _may("-T", "tcp", metavar="[fqs]", parse=_tcp, help="Show queues (q) and states (s); none alone."),
    _may("-r", "repeat", group="Again and again", metavar="SECONDS", help="Repeat every SECONDS (15).",
         note="With a count it shows what it found, where the classic shows nothing."),
    _may("+r", "while_found", metavar="SECONDS", help="The same until nothing is found."),
    _may("-f", "no_systems", group="Selecting", metavar="[gG]", parse=_flags,
         help="Take the names of file systems as those of directories; with letters: no flags."),
    _may("+f", "systems", metavar="[gG]", parse=_flags,
         help="Take names as those of file systems; with g or G show flags of files, in letters or "
              "hexadecimal."),
    _flag("-V", "verbose", group="Reading and warning", help="Tell what was not found."),
    _flag("-w", "no_warnings", help="Leave out what can't be read; -t does so too."),
    _flag("+w", "warnings", help="Show what can't be read, the default."),
    _flag("-Q", "quiet", help="What is not found does not count as a failure."),
    _flag("-X", "no_internet", help="Don't read the tables of Internet sockets."),
    _may("-m", "supplement", metavar="", help="Refused.", hidden=True,
         note="Nothing is read from the kernel's memory.", parse=_refused("-m not supported")),
    _may("+m", "mounts", metavar="FILE", hidden=True,
         help="Show the numbers of the devices of all file systems; with FILE, changes nothing here."),
    _flag("-M", "no_port_map", help="Changes nothing here.", hidden=True),
    _may("-D", "cache", metavar="", help="Refused.", hidden=True,
         note="There is no cache of devices; the classic refuses it on Linux as well.",
         parse=_refused("unsupported option: -D")),
    *(_may(name, word, metavar="DIRECTORY", help="Refused.", hidden=True,
           note="No file system can be exempted from being asked.",
           parse=_refused(f"{name} is not supported: no file system is exempted"))
      for name, word in (("-e", "exempt"), ("+e", "exempt_wholly"))),
    _may("-k", "kernel", metavar="FILE", help="Refused.", hidden=True,
         note="No file of names in the kernel is read; the classic refuses it on Linux as well.",
         parse=_refused("illegal option character: k")),
    _flag("+M", "port_map", help="Refused.", hidden=True, note="The port mapper is not asked.",
          parse=_refused("+M is not supported: the port mapper is not asked")),
    _may("-Z", "context", metavar="", only=("linux",), help="Refused.", hidden=True,
         note="Security contexts are not shown; the classic refuses it without SELinux.",
         parse=_refused("-Z limited to SELinux")),
    _may("-x", "cross", group="Selecting", metavar="[fl]", parse=_letters("fl", "cross-over"),
         help="What +d and +D after it cross: file systems (f), symbolic links (l)."),
    _flag("-b", "no_blocks", help="Changes nothing here.", hidden=True,
          note="Nothing is left out with it; the classic warns, without -w, of each mount it leaves out."),
    _flag("-O", "no_overhead", help="Changes nothing here.", hidden=True),
    _may("-S", "timeout", metavar="SECONDS", parse=_seconds, help="Changes nothing here.", hidden=True),
]  # fmt: skip


def all_options(function: F) -> F:
    """Declares all of them for a command."""
    for add in reversed(_OPTIONS):
        function = add(function)
    return function
