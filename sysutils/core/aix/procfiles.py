"""Names of open files, which no call of AIX tells: by its command procfiles(1)."""

import errno
import os
import re

from sysutils.core._ntuples import popenfile

#: tests have another one
COMMAND = "/usr/bin/procfiles"
_FILE = re.compile(rb"^ *(\d+): S_IFREG .*?name:([^\n]*)", re.MULTILINE | re.DOTALL)
_DESCRIPTOR = re.compile(rb"(?m)^(?= *\d+: S_)")


def parse(data: bytes) -> list[popenfile]:
    """The regular files in what ``procfiles -n`` writes."""
    rows = []
    for part in _DESCRIPTOR.split(data):
        found = _FILE.match(part)
        if found is None:
            continue
        path = os.fsdecode(found[2].strip())
        path = path[1:] if path.startswith("//") else path
        if path.lower() != "cannot be retrieved":
            rows.append(popenfile(path, int(found[1])))
    return rows


def open_files(pid: int) -> list[popenfile]:
    """The regular files that a process has open. Raises OSError."""
    import subprocess

    done = subprocess.run(
        [COMMAND, "-n", str(pid)], capture_output=True, stdin=subprocess.DEVNULL, check=False,
        env={**os.environ, "LC_ALL": "C"},
    )  # fmt: skip
    rows = parse(done.stdout)
    complaint = done.stderr.decode(errors="replace").lower()
    if "no such process" in complaint:
        raise ProcessLookupError(errno.ESRCH, os.strerror(errno.ESRCH))
    if "permi" in complaint and not rows:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return rows
