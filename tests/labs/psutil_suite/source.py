"""psutil 7.2.2's own tests, out of its source distribution."""

from __future__ import annotations

import shutil
import sys
import tarfile
from pathlib import Path

from tests.labs.debian import run


def tests(place: Path) -> Path:
    """A directory with them in ``tests``, and our ``beside.py`` as their conftest. Raises Unavailable."""
    words = ("download", "-q", "--no-deps", "--no-binary", ":all:", "-d", place, "psutil==7.2.2")
    run(sys.executable, "-m", "pip", *words)
    (packed,) = place.glob("psutil-*.tar.gz")
    with tarfile.open(packed) as archive:
        safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        archive.extractall(place, **safely)
    (unpacked,) = (path for path in place.iterdir() if path.is_dir())
    shutil.copytree(unpacked / "tests", place / "suite" / "tests")
    shutil.copy(Path(__file__).parent / "beside.py", place / "suite" / "conftest.py")
    return place / "suite"
