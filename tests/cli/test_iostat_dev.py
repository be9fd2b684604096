"""iostat's names of devices beside sysstat's: partitions, the device mapper's and lasting names, paths.

They are told by the devices in /dev, which only root can make; what is made of them is tested for
everybody in ``test_iostat_reports`` and ``tests/core/linux/test_block_statistics``."""

from __future__ import annotations

import functools
import os

import pytest

from tests.support import classic, trees
from tests.support.golden import difference
from tests.support.mounts import Line, Put, Run, Step, Tmpfs, among
from tests.support.stage import Answer, StageUnavailable

pytestmark = [
    pytest.mark.classic,
    pytest.mark.root,
    pytest.mark.skipif(
        not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can make devices"
    ),
]

WORDS = [
    "-d sda1", "-d sda sda1 /dev/sda2 nosuch", "-d /dev/sda", "-d /dev/disk/by-id/ata-DISK_A-part1",
    "-d ../../dev/sda", "-d /dev/sda/", "-d /dev/", "-d /dev/cciss/c0d0", "-d cciss/c0d0p1",
    "-d -p sda1,sdc", "-d -p sda sda2 sda1", "-d sda2 -p sda", "-d -g all sda1 sda2", "-d -g all -p sda sda1",
    "-d -N", "-dx -N", "-d -N -p", "-d -N vg-home", "-d -N dm-0 vg-home", "-d -N -p vg-home", "-d vg-home -N",
    "-d -N /dev/mapper/vg-home", "-d /dev/mapper/vg-home", "-dN -g all vg-home dm-1", "-o JSON -d -N dm-1",
    "-d -j ID", "-d -j id sda sda1 dm-0 sdc", "-d -j ID ata-DISK_A sda", "-d -j ID -p sda",
    "-d -j ID -p ata-DISK_A",
    "-dx -j ID sda sdb", "-dx -j ID --compact sda", "-d -j UUID 1111-2222", "-d -j LABEL sda1", "-d -j LABEL",
    "-d -j ID -N dm-0", "-d -N -j ID dm-0", "-o JSON -d -j ID sda", "-ds -j ID sda",
    "-d -j ID -g all sda sda1",
    "-d -j UUID sda -j ID sda1", "-d -j PATH sda", "-c -j nosuch",
]  # fmt: skip


def _devices() -> list[Step]:
    """The recorded machine's disks, and a /dev with their devices and further names."""
    top = trees.fresh("io").parent
    numbers = top / "numbers"
    numbers.mkdir()
    nodes: list[Step] = []
    for line in (top / "proc/diskstats").read_text().splitlines():
        major, minor, name = line.split()[:3]
        nodes.append(Run(("mknod", f"/dev/{name}", "b", major, minor)))
        entry = name.replace("/", "!")
        disk = next(path for path in (top / "sys/block").iterdir() if entry.startswith(path.name))
        inside = disk.name if disk.name == entry else f"{disk.name}/{entry}"
        (numbers / f"{major}:{minor}").symlink_to(f"../../block/{inside}")
    shown = {"sys/block": "/sys/block", "numbers": "/sys/dev/block"}
    shown |= {
        f"proc/{name}": f"/proc/{name}" for name in ("stat", "uptime", "diskstats", "devices")
    }
    links = {
        "mapper/vg-home": "../dm-0", "mapper/vg-swap": "../dm-1", "disk/by-id/ata-DISK_A": "../../sda",
        "disk/by-id/ata-DISK_A-part1": "../../sda1", "disk/by-id/dm-name-vg-home": "../../dm-0",
        "disk/by-uuid/1111-2222": "../../sda1", "disk/by-label/my\\x20root": "../../sda1",
    }  # fmt: skip
    directories = ("cciss", "mapper", "disk", "disk/by-id", "disk/by-uuid", "disk/by-label")
    return [
        *(Run(("mount", "--bind", str(top / name), place)) for name, place in shown.items()),
        Tmpfs("/dev", "dev", "mode=755"),
        *(Put(f"/dev/{name}/", mode=0o755) for name in directories),
        *nodes,
        *(Put(f"/dev/{name}", target) for name, target in links.items()),
    ]


@functools.cache
def _answers() -> dict[str, tuple[Answer, Answer]] | str:
    if classic.version("iostat") != "12.6.1":
        return f"iostat is {classic.version('iostat')}, not 12.6.1"
    lines = [Line(("iostat", *words.split()), (("LC_ALL", "C"), ("TZ", "UTC0"))) for words in WORDS]
    try:
        return dict(zip(WORDS, among(_devices(), lines), strict=True))
    except (StageUnavailable, RuntimeError) as error:
        return str(error)


@pytest.mark.parametrize("words", WORDS)
def test_names_beside_the_classic(words: str) -> None:
    answers = _answers()
    if isinstance(answers, str):
        pytest.skip(answers)
    theirs, ours = answers[words]
    wrong = difference(theirs.stdout, ours.stdout)
    assert not wrong, wrong
    assert (theirs.returncode, theirs.stderr) == (ours.returncode, ours.stderr)
