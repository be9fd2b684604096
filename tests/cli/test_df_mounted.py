"""df FILE beside the classic, among real file systems in a private mount namespace."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess

import pytest

from tests.support import classic
from tests.support.golden import difference
from tests.support.mounts import TOP, Bind, Line, Put, Run, Tmpfs, among
from tests.support.stage import Answer, StageUnavailable
from tests.support.strict import skip

NAMES = [
    "sp ace", "tab\tx", "new\nline", "esc\x1b[31m", "back\\slash", "hash#x", "wide日本", "é", "bad\udcff",
    "del\x7f", "c1\x85",
]  # fmt: skip
STEPS = [
    Put("plain"), Put("not readable", mode=0o000), Put("closed/", mode=0o700), Put("closed/in/", mode=0o755),
    Put("dangling", "nowhere"), Put("fifo", fifo=True),
    Tmpfs("a", "tA", "size=1M,nr_inodes=100"), Put("a/f"), Bind("a", "a2"),
    Tmpfs("sparse", "tS", "size=5000G"), Put("sparse/sub/"), Bind("sparse/sub", "part"), Put("link",
    "sparse/sub"),
    Tmpfs("a/inner", "tI", "size=64k"), Tmpfs("over", "below", "size=2M"), Tmpfs("over", "above", "size=3M"),
    *(Tmpfs(f"names/{name}", f"dev {name}", "size=64k") for name in NAMES),
]  # fmt: skip
LINES = [
    "a/f", "a", "a2/f", "./a/../a/f", f"{TOP}/a/f", "part", "link", "sparse/sub", "a/inner", "over",
    "plain", "fifo",
    "dangling", "nowhere", "a/f nowhere a", "a a a", "a a2 --total", "-h /proc a --total", "/proc",
    "/sys /proc", "-i /proc",
    "-T /proc a", "--output=file,target,source a/f link part", "--output a/f nowhere", "-t tmpfs a",
    "-t ext4 a",
    "-t tmpfs -l a", "-x tmpfs a", "-x tmpfs a /proc", "-a a", "-P a", "-hT a sparse", "-i a",
    "/dev/null", "a/f/x",
    "closed/in", "closed", "-t tmpfs --output=source,size,target",
    "-at tmpfs --output=source,size,target", "-h a -- part",
]  # fmt: skip
WORDS = [tuple(line.split()) for line in LINES] + [("not readable",), ("",), (" ",), (b"\xff",)]


#: those whose answer depends on the locale, and on the user
IN_C = [("-t", "tmpfs", "--output=source,size,target"), ("dangling",), *WORDS[-4:]]
AS_NOBODY = [
    ("closed/in",),
    ("closed",),
    ("not readable",),
    ("a",),
    ("-a", "a"),
    ("-at", "tmpfs"),
    ("-t", "tmpfs"),
]


def cases() -> list[Line]:
    lines = [Line(("df", *words)) for words in WORDS]
    lines += [Line(("df", *words), (("LC_ALL", "C"),)) for words in IN_C]
    return lines + [Line(("df", *words), (), nobody=True) for words in AS_NOBODY]


@functools.cache
def answers() -> dict[Line, tuple[Answer, Answer]] | str:
    if classic.program("df") is None or not classic.version("df").startswith("9."):
        return f"df of coreutils 9 is needed, this is {classic.version('df')}"
    steps = STEPS
    lines = cases()
    if os.geteuid() != 0:
        lines = [line for line in lines if not line.nobody]
    try:
        return dict(zip(lines, among(steps, lines), strict=True))
    except StageUnavailable as error:
        return str(error)


@pytest.mark.classic
@pytest.mark.parametrize(
    "line", cases(), ids=lambda line: f"{line.argv[1:]}{line.env or ''}{line.nobody or ''}"
)
def test_files_beside_the_classic(line: Line) -> None:
    if line.nobody and os.geteuid() != 0:
        pytest.skip("only root can run a command as another user")
    found = answers()
    if isinstance(found, str):
        skip(found)
    same(*found[line])


def same(theirs: Answer, ours: Answer) -> None:
    assert not difference(theirs.stdout, ours.stdout)
    assert not difference(theirs.stderr, ours.stderr)
    assert theirs.returncode == ours.returncode


def free_loop_device() -> str:
    if shutil.which("losetup") is None or shutil.which("mkfs.ext4") is None:
        skip("losetup and mkfs.ext4 are needed for a file system on a device")
    found = subprocess.run(["losetup", "-f"], capture_output=True, text=True, check=False)
    if found.returncode or not os.path.exists(found.stdout.strip()):
        skip("there is no loop device to be had")
    return found.stdout.strip()


@pytest.mark.classic
@pytest.mark.root
def test_devices_beside_the_classic() -> None:
    """The other half of this is test_df_mounts's for everybody: ``on_device`` on tables."""
    device = free_loop_device()
    steps = [
        Run(("truncate", "-s", "8M", "image")),
        Run(("mkfs.ext4", "-q", "-m", "20", "image")),
        Run(("losetup", device, "image")),
        Put("long/"), Put("x/"), Put("lnk", device), Put("devdir/"),
        Run(("mount", device, "long")),
        Put("long/sub/"),
        Bind("long/sub", "x"),
    ]  # fmt: skip
    covered = [*steps, Tmpfs("x", "above", "size=1M"), Tmpfs("long", "above", "size=1M")]
    words = [
        (device,),
        ("lnk",),
        ("--output=file,source,target", "lnk", "x", device),
        ("-i", device),
        ("-a", device),
    ]
    try:
        for world in (steps, covered):
            for theirs, ours in among(world, [Line(("df", *line)) for line in words]):
                same(theirs, ours)
            subprocess.run(["losetup", "-d", device], check=False, capture_output=True)
    except StageUnavailable as error:
        skip(str(error))
    finally:
        subprocess.run(["losetup", "-d", device], check=False, capture_output=True)
