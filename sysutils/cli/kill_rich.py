"""kill -L on a terminal: what each signal does and means."""

from collections.abc import Iterable
from typing import Any

from sysutils.cli.output import as_rich
from sysutils.cli.output.column import Column
from sysutils.cli.output.stream import Stream

#: what a signal does to a process that neither handles nor ignores it; the others end it
_ACTIONS = {
    **dict.fromkeys(
        ("QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "SEGV", "XCPU", "XFSZ", "SYS", "EMT"),
        "ends, core dump",
    ),
    **dict.fromkeys(("STOP", "TSTP", "TTIN", "TTOU"), "stops"),
    **dict.fromkeys(("CHLD", "URG", "WINCH", "INFO"), "is ignored"),
    "CONT": "goes on",
}
#: when it is sent, usually
_MEANINGS = {
    "HUP": "the terminal is gone; daemons read their settings again", "INT": "Ctrl-C",
    "QUIT": "Ctrl-\\", "ILL": "an instruction that is none", "TRAP": "a breakpoint",
    "ABRT": "abort(3): the program gives up", "BUS": "memory that is not there, or not aligned",
    "FPE": "division by zero and the like", "KILL": "it has to end; cannot be handled",
    "USR1": "as the program says", "USR2": "as the program says", "SEGV": "memory it may not use",
    "PIPE": "nobody reads the pipe", "ALRM": "a timer of alarm(2)", "TERM": "it is asked to end",
    "STKFLT": "not used", "CHLD": "a child has ended or stopped", "CONT": "it may go on after a stop",
    "STOP": "it has to stop; cannot be handled", "TSTP": "Ctrl-Z", "TTIN": "reading in the background",
    "TTOU": "writing in the background", "URG": "urgent data on a socket",
    "XCPU": "its limit of CPU time is reached", "XFSZ": "its limit of a file's size is reached",
    "VTALRM": "a timer of its CPU time", "PROF": "a timer of a profiler",
    "WINCH": "the terminal has another size", "POLL": "a descriptor is ready", "PWR": "power fails",
    "SYS": "a system call that it may not make", "EMT": "a trap of an emulator",
    "INFO": "Ctrl-T", "LOST": "a resource is lost", "BREAK": "Ctrl-Break",
}  # fmt: skip
_STYLES = {"ends": "red", "ends, core dump": "red", "stops": "yellow", "is ignored": "dim"}


def write(rows: Iterable[Any], out: Stream) -> None:
    """A line for each; ``rows`` have a number and a name."""
    columns = [
        Column("number", "#", lambda row: row.number, right=True, rank=1),
        Column("name", "Name", lambda row: row.name, style="bold", rank=0),
        Column("action", "Unless handled", lambda row: _ACTIONS.get(row.name, "ends"),
               style=lambda action: _STYLES.get(action, ""), rank=3),
        Column("meaning", "Sent when", lambda row: _MEANINGS.get(row.name), rank=2),
    ]  # fmt: skip
    as_rich.write(columns, rows, out)
