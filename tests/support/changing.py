"""A machine that changes while a command runs: what its second report is about is known.

    python -m tests.support.changing WORDS...

Standard input holds a pickle: other contents of files. Runs the command line ``WORDS``; once it has written
its first report and is silent, the files change. Its whole output follows. Ends with ``AGAIN`` where the
second report came before that was done: then the output tells nothing.
"""

from __future__ import annotations

import os
import pickle
import select
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

AGAIN = 75
#: seconds without output: a report is written in one go, the next is a second away
_SILENCE = 0.4


def order(files: Mapping[str, bytes]) -> bytes:
    """What standard input holds."""
    return pickle.dumps(dict(files))


def _put(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Writes the files; what they held before."""
    before = {name: Path(name).read_bytes() for name in files}
    for name, data in files.items():
        Path(name).write_bytes(data)
    return before


def _until_silence(output: int) -> bytes:
    seen = b""
    while select.select([output], [], [], _SILENCE if seen else None)[0]:
        data = os.read(output, 65536)
        if not data:
            break
        seen += data
    return seen


def main() -> int:
    """Runs the command; returns its exit status."""
    files = pickle.load(sys.stdin.buffer)
    before = {}
    with subprocess.Popen(
        sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        output = process.stdout.fileno()
        seen = _until_silence(output)
        before = _put(files)
        late = bool(select.select([output], [], [], 0)[0])
        seen += process.stdout.read()
    _put(before)
    sys.stdout.buffer.write(seen)
    return AGAIN if late else process.returncode


if __name__ == "__main__":
    sys.exit(main())
