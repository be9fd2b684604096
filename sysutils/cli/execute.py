"""Another program in place of this one, as ``nice``, ``ionice`` and ``taskset`` start it.

It gets what the user gave: his environment without what Python added to it, and signals as C programs
have them. (Whether SIGPIPE was ignored when we were started can't be told: Python ignores it by then.)"""

import contextlib
import errno
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for POSIX systems alone

#: errors after which execvp(3) looks in the next directory of the PATH
_GO_ON = {errno.ENOENT, errno.ESTALE, errno.ENOTDIR, errno.ENODEV, errno.ETIMEDOUT, errno.EACCES}
#: what Python may put into LC_CTYPE (PEP 538)
_COERCED = {"C.UTF-8", "C.utf8", "UTF-8"}


def _give_back_environment() -> None:
    """Undoes what Python does to a C locale."""
    if os.environ.get("LC_CTYPE") not in _COERCED or os.environ.get("LC_ALL"):
        return
    if not sys.flags.utf8_mode:
        return  # the locale was not C's when Python began
    from sysutils import core

    try:
        given = core.Process().environ().get("LC_CTYPE")
    except (OSError, core.Error, NotImplementedError):
        return
    if given is None:
        del os.environ["LC_CTYPE"]
    else:
        os.environ["LC_CTYPE"] = given


def _give_back_signals() -> None:
    """Python ignores two that end C programs; one that was ignored before Python began stays so."""
    for name in ("SIGPIPE", "SIGXFSZ"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_DFL)


def _candidates(name: bytes) -> Iterator[bytes]:
    if b"/" in name:
        yield name
        return
    path = os.environb.get(b"PATH", b"/bin:/usr/bin")
    for directory in path.split(b":"):
        yield os.path.join(directory, name)


def _execute(path: bytes, words: list[bytes]) -> None:
    """execv(2), and a file without a ``#!`` line is for the shell, as execvp(3) has it."""
    try:
        os.execv(path, words)
    except OSError as error:
        if error.errno != errno.ENOEXEC:
            raise
    os.execv(b"/bin/sh", [b"/bin/sh", path, *words[1:]])


def execute(words: Sequence[str]) -> OSError:
    """Becomes the program ``words[0]``, looked for as execvp(3) does; the error where it can't."""
    if not TYPE_CHECKING and sys.platform == "win32":
        return _run_and_leave(words)
    _give_back_environment()
    _give_back_signals()
    encoded = [os.fsencode(word) for word in words]
    found = FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    if not encoded[0]:
        return found
    denied: OSError | None = None
    for path in _candidates(encoded[0]):
        try:
            _execute(path, encoded)
        except OSError as error:
            if error.errno == errno.EACCES:
                denied = denied or error
            elif error.errno not in _GO_ON or b"/" in encoded[0]:
                return error
    return denied or found


def _run_and_leave(words: Sequence[str]) -> OSError:
    """Where no program can take the place of another: runs it, and ends with its status."""
    import subprocess

    from sysutils import core

    priority = int(core.Process().nice())
    try:  # one above normal is not inherited unless asked for
        child = subprocess.Popen(words, creationflags=priority)
    except OSError as error:
        return error
    with contextlib.suppress(core.Error):
        core.Process(child.pid).nice(priority)
    os._exit(child.wait())


def failure_status(error: OSError) -> int:
    """127 for a program that is not there, 126 for one that can't be run."""
    return 127 if error.errno == errno.ENOENT else 126
