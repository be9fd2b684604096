"""A machine that changes while a command runs: what its second report is about is known.

    python -m tests.support.changing WORDS...

Standard input holds a pickle: how the first report ends, and other contents of files. Runs the command
line ``WORDS``; once it has written its first report, the files change. Its whole output follows. Ends with
``AGAIN`` where the second report came before that was done: then the output tells nothing.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

AGAIN = 75


def order(first: bytes, files: Mapping[str, bytes]) -> bytes:
    """What standard input holds."""
    return pickle.dumps((first, dict(files)))


def _put(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Writes the files; what they held before."""
    before = {name: Path(name).read_bytes() for name in files}
    for name, data in files.items():
        Path(name).write_bytes(data)
    return before


def main() -> int:
    """Runs the command; returns its exit status."""
    first, files = pickle.load(sys.stdin.buffer)
    before = {}
    with subprocess.Popen(
        sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        output = process.stdout.fileno()
        seen = b""
        while not seen.endswith(first) and (data := os.read(output, 65536)):
            seen += data
        before = _put(files)
        os.set_blocking(output, False)
        late = process.stdout.read() is not None or seen.count(first) > 1
        os.set_blocking(output, True)
        seen += process.stdout.read()
    _put(before)
    sys.stdout.buffer.write(seen)
    return AGAIN if late else process.returncode


if __name__ == "__main__":
    sys.exit(main())
