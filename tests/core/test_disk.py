"""File systems: live beside psutil, on made-up tables of mounts, and the parsers on hostile text."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils import core
from sysutils.core.linux import disk as linux_disk
from sysutils.core.linux import procfs
from tests.core.proc_dir import here, write
from tests.support.oracle import at, bracket, same, same_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FILESYSTEMS = """\
nodev\tsysfs
nodev\ttmpfs
nodev\tproc
nodev\tzfs
nodev\tnfs
\text4
\tsquashfs
\tbtrfs
nodev\toverlay
nodev\tfuse
\tfuseblk
"""
MOUNTS = r"""
/dev/sda1 / ext4 rw,relatime 0 0
rootfs / rootfs rw 0 0
proc /proc proc rw,nosuid,nodev,noexec 0 0
tank/a /tank zfs rw,xattr 0 0
none /none ext4 rw 0 0
none /run tmpfs rw,size=4k 0 0
server:/x /nfs nfs rw,vers=4.2 0 0
/dev/sdb /with\040space\011tab\134back ext4 rw,a=b\040c 0 0
/dev/sd\040c /new\012line ext4 rw 0 0
/dev/sdd1 /home btrfs rw,subvol=/@home 0 0
overlay /var/lib/docker/overlay2/x/merged overlay rw,lowerdir=/l 0 0
/dev/loop0 /snap/core/1 squashfs ro 0 0
/dev/fb /media/stick fuseblk rw 0 0
sshfs#joe@there: /mnt/there fuse.sshfs rw 0 0
""".lstrip()


# --- live


@pytest.mark.parametrize("every", [False, True])
def test_the_live_machine_s_partitions(every: bool) -> None:
    same(lambda api: api.disk_partitions(all=every))


def test_the_live_machine_s_mounts() -> None:
    parts, mounts = core.disk_partitions(all=True), core.mounts()
    assert [part[1:3] for part in parts] == [mount[1:3] for mount in mounts]
    proc = [mount for mount in mounts if mount.mountpoint == "/proc"][-1]
    assert (proc.fstype, proc.root, proc.dev) == ("proc", "/", os.stat("/proc").st_dev)
    assert {mount.parent_id for mount in mounts} & {mount.mount_id for mount in mounts}


@pytest.mark.parametrize("path", ["/", b"/", "/proc", "."])
def test_the_live_machine_s_room(path: str | bytes) -> None:
    found = bracket(lambda api: api.disk_usage(path), rel=0.01, floor=64 << 20)
    assert found.total >= found.used + found.free


@pytest.mark.parametrize("path", ["/nope/nowhere", "", "a\0b", None, 2.5])
def test_rooms_that_are_none(path: object) -> None:
    same_error(lambda api: api.disk_usage(path))


def test_usage_of_an_open_file(tmp_path: Path) -> None:
    with open(tmp_path / "x", "wb") as file:
        bracket(lambda api: api.disk_usage(file.fileno()), rel=0.01, floor=64 << 20)


def test_what_df_needs() -> None:
    found, usage = core.filesystem_usage("/"), core.disk_usage("/")
    assert found.blocks * found.block_size == usage.total
    assert found.blocks >= found.bfree >= found.bavail
    assert found.files >= found.ffree
    assert found._replace(fsid=0, flags=0) == core.filesystem_usage(b"/", timeout=60)._replace(
        fsid=0, flags=0, bfree=found.bfree, bavail=found.bavail, ffree=found.ffree,
        favail=found.favail,
    )  # fmt: skip


# --- room, from what statvfs(3) tells


class _Statvfs:
    """``os.statvfs`` with one answer for every path."""

    def __init__(self, *numbers: int) -> None:
        self._answer = os.statvfs_result(numbers)

    def __call__(self, path: object) -> os.statvfs_result:
        return self._answer


@pytest.mark.parametrize(
    ("blocks", "bfree", "bavail"),
    [(1000, 400, 350), (0, 0, 0), (10, 10, 10), (10, 0, 0), (1 << 50, 1, 0), (100, 20, 30)],
)
def test_reserved_blocks_are_neither_used_nor_free(
    monkeypatch: pytest.MonkeyPatch, blocks: int, bfree: int, bavail: int
) -> None:
    monkeypatch.setattr(
        os, "statvfs", _Statvfs(65536, 4096, blocks, bfree, bavail, 9, 5, 4, 0, 255)
    )
    found = same(lambda api: api.disk_usage("/"))
    assert found[:3] == (blocks * 4096, (blocks - bfree) * 4096, bavail * 4096)
    detail = core.filesystem_usage("/")
    assert (detail.block_size, detail.io_size) == (4096, 65536)
    assert detail[1:7] == (blocks, bfree, bavail, 9, 5, 4)


# --- a file server that does not answer


@pytest.fixture
def dead(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """``os.statvfs`` hangs until the event is set."""
    alive = threading.Event()
    answer = os.statvfs("/")

    def hang(path: object) -> os.statvfs_result:
        assert alive.wait(60)
        return answer

    monkeypatch.setattr(os, "statvfs", hang)
    yield alive
    alive.set()


def test_a_dead_mount_costs_its_time_limit_alone(dead: threading.Event) -> None:
    for call in (core.disk_usage, core.filesystem_usage):
        with pytest.raises(TimeoutError) as caught:
            call("/mnt/dead", timeout=0.01)
        assert caught.value.filename == "/mnt/dead"
        assert str(caught.value) == "[Errno 110] no answer within 0.01 seconds: '/mnt/dead'"


def test_a_mount_that_answers_in_time(dead: threading.Event) -> None:
    threading.Timer(0.02, dead.set).start()
    assert core.disk_usage("/", timeout=60).total > 0
    assert core.filesystem_usage("/", timeout=float(1 << 70)).blocks > 0


def test_errors_come_through_the_time_limit() -> None:
    with pytest.raises(FileNotFoundError) as caught:
        core.disk_usage("/nope", timeout=60)
    assert caught.value.filename == "/nope"
    with pytest.raises(TypeError):
        core.filesystem_usage(None, timeout=60)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="timeout is not positive"):
        core.disk_usage("/", timeout=-1)


def test_a_program_ends_though_a_mount_hangs(tmp_path: Path) -> None:
    import subprocess
    import sys

    program = """
import os, time
os.statvfs = lambda path: time.sleep(600)
import sysutils.core as core
try: core.disk_usage("/", timeout=0.01)
except TimeoutError: print("late")
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == ("late\n", "", 0)


# --- recorded tables


@pytest.mark.parametrize("machine", ["small", "crowd"])
@pytest.mark.parametrize("every", [False, True])
def test_recorded_machines(tree: Callable[[str], Path], machine: str, every: bool) -> None:
    with at(tree(machine)):
        same(lambda api: api.disk_partitions(every))


@pytest.mark.parametrize("every", [False, True])
@pytest.mark.parametrize(
    ("mounts", "filesystems"),
    [
        (MOUNTS, FILESYSTEMS),
        (MOUNTS, FILESYSTEMS.replace("nodev\tzfs\n", "")),
        (MOUNTS, FILESYSTEMS.replace("nodev\tzfs\n", "\tzfs\n")),
        (MOUNTS, ""),
        (MOUNTS, "garbage\n\n\t\n"),
        ("", FILESYSTEMS),
        (MOUNTS.rstrip(), FILESYSTEMS.rstrip()),
        ("/dev/\udcff /\udcff\u00e9 ext4 rw 0 0\n", FILESYSTEMS),
    ],
)
def test_tables_of_mounts(tmp_path: Path, mounts: str, filesystems: str, every: bool) -> None:
    with at(write(tmp_path, {"self/mounts": mounts, "filesystems": filesystems})):
        same(lambda api: api.disk_partitions(every))


def test_which_file_systems_lie_on_devices(tmp_path: Path) -> None:
    with here(write(tmp_path, {"self/mounts": MOUNTS, "filesystems": FILESYSTEMS})):
        kinds = [part.fstype for part in core.disk_partitions()]
        assert kinds == ["ext4", "zfs", "ext4", "ext4", "btrfs", "squashfs", "fuseblk"]
        assert len(core.disk_partitions(all=True)) == MOUNTS.count("\n")


def test_a_device_without_a_name(tmp_path: Path) -> None:
    """What mount(2) was told to be ``""``: the C library's reader takes the mount point for the device."""
    with here(write(tmp_path, {"self/mounts": " /mnt tmpfs rw 0 0\n", "filesystems": ""})):
        assert core.disk_partitions(all=True) == [("", "/mnt", "tmpfs", "rw")]
        assert core.disk_partitions() == []


@pytest.mark.parametrize("name", ["/dev/root", "rootfs"])
@pytest.mark.parametrize("device", ["null", "no/such/device", None])
def test_the_device_behind_the_root(tmp_path: Path, name: str, device: str | None) -> None:
    number = os.stat("/").st_dev
    partitions = "major minor  #blocks  name\n\n   8        0  1 sda\n"
    if device:
        partitions += f" {os.major(number):3d} {os.minor(number):8d} 23 {device}\n"
    mounts = f"{name} / ext4 rw 0 0\n"
    files = {"self/mounts": mounts, "filesystems": FILESYSTEMS, "partitions": partitions}
    with at(write(tmp_path, {**files})):
        found = same(lambda api: api.disk_partitions())
    if device == "null":
        assert found[0].device == "/dev/null"


def test_the_device_behind_the_root_by_its_uevent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = os.stat("/").st_dev
    uevent = f"sys/dev/block/{os.major(number)}:{os.minor(number)}/uevent"
    monkeypatch.setattr(procfs, "sys_root", os.fsencode(tmp_path / "sys"))
    with here(write(tmp_path, {"partitions": "", uevent: "MAJOR=8\nDEVNAME=null\nDEVTYPE=disk\n"})):
        assert linux_disk.root_device() == "/dev/null"
        write(tmp_path, {uevent: "DEVNAME=no/such\n"})
        assert linux_disk.root_device() is None
        write(tmp_path, {uevent: "MAJOR=8\n"})
        assert linux_disk.root_device() is None
        write(tmp_path, {uevent: None})
        assert linux_disk.root_device() is None


def test_missing_files_are_ordinary_errors(tmp_path: Path) -> None:
    with at(tmp_path):
        same_error(lambda api: api.disk_partitions())
        write(tmp_path, {"filesystems": FILESYSTEMS})
        with pytest.raises(FileNotFoundError) as caught:
            core.disk_partitions()
        assert caught.value.filename == str(tmp_path / "self/mounts")
        with pytest.raises(FileNotFoundError):
            core.mounts()


MOUNTINFO = r"""
21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro
22 21 0:20 / /sys rw,nosuid shared:7 master:2 propagate_from:3 unbindable - sysfs sysfs rw
36 35 98:0 /mnt1 /mnt\0402\134 rw,noatime - ext3 /dev/root rw,a=b\040c
37 21 259:1048575 /sub\011vol /b ro - btrfs  rw,subvol=/sub\011vol
38 21 0:45 / /m\043x rw - fuse.x a\043b rw
""".lstrip()


def test_mounts_with_all_that_is_told_of_them(tmp_path: Path) -> None:
    with here(write(tmp_path, {"self/mountinfo": MOUNTINFO})):
        found = core.mounts()
    assert found[0]._asdict() == {
        "device": "/dev/sda1", "mountpoint": "/", "fstype": "ext4", "options": "rw,relatime", "root": "/",
        "dev": 0x801, "mount_id": 21, "parent_id": 1, "super_options": "rw,errors=remount-ro",
        "propagation": "shared:1",
    }  # fmt: skip
    assert found[1].propagation == "shared:7 master:2 propagate_from:3 unbindable"
    assert found[2][:5] == ("/dev/root", "/mnt 2\\", "ext3", "rw,noatime", "/mnt1")
    assert found[2].super_options == "rw,a=b c"
    assert found[3][:5] == ("", "/b", "btrfs", "ro", "/sub\tvol")
    assert found[4][:2] == ("a#b", "/m#x")


@pytest.mark.parametrize("end", range(0, len(MOUNTINFO), 3))
def test_a_table_that_is_cut_off(end: int) -> None:
    whole = linux_disk.parse_mountinfo(MOUNTINFO.encode())
    cut = linux_disk.parse_mountinfo(MOUNTINFO[:end].encode())
    lines = MOUNTINFO[:end].count("\n")
    assert cut[:lines] == whole[:lines]
    assert len(cut) - lines in {0, 1}


@given(st.binary())
def test_noise(data: bytes) -> None:
    assert linux_disk.parse_mountinfo(data) == []
    linux_disk.parse_filesystems(data)
    linux_disk.parse_partitions(data, 8, 0)
    linux_disk.parse_uevent(data)
    assert all(len(part) == 4 for part in linux_disk.parse_mounts(data))


# --- what the kernel writes comes back as it was


def _mangled(text: bytes) -> bytes:
    for byte in b"\\ \t\n#":  # the backslash first
        text = text.replace(bytes([byte]), b"\\%03o" % byte)
    return text


_bytes = st.binary(min_size=1, max_size=12).map(lambda raw: raw.replace(b"\0", b"\\"))
_paths = st.lists(_bytes, max_size=3).map(lambda parts: b"/" + b"/".join(parts))
_words = st.text("abcxyz0189,=/", min_size=1).map(str.encode)


@given(st.lists(st.tuples(_bytes, _paths, _words, _bytes)))
def test_every_name_survives_in_mounts(rows: list[tuple[bytes, ...]]) -> None:
    text = b"".join(b" ".join(map(_mangled, row)) + b" 0 0\n" for row in rows)
    expected = [tuple(map(os.fsdecode, row)) for row in rows]
    assert linux_disk.parse_mounts(text) == expected
    kinds = {row[2] for row in expected if len(row[2]) % 2}
    assert linux_disk.parse_mounts(text, kinds) == [
        row for row in expected if row[2] in kinds and row[0] != "none"
    ]


_numbers = st.tuples(st.integers(0, 4095), st.integers(0, 1048575))


#: options begin with rw or ro; a lone dash would end the fields before the type
_options = _bytes.filter(lambda text: text != b"-")


@given(st.lists(st.tuples(_bytes | st.just(b""), _paths, _words, _options, _paths, _numbers)))
def test_every_name_survives_in_mountinfo(rows: list[tuple[bytes, ...]]) -> None:
    text, expected = b"", []
    for device, point, kind, options, root, (major, minor) in rows:
        text += b"7 5 %d:%d %s %s %s - %s %s rw\n" % (
            major, minor, *map(_mangled, (root, point, options, kind, device)),
        )  # fmt: skip
        told = [os.fsdecode(field) for field in (device, point, kind, options, root)]
        expected.append((*told, os.makedev(major, minor), 7, 5, "rw", ""))
    assert linux_disk.parse_mountinfo(text) == expected


@given(st.integers(0, 2**31 - 1), st.integers(0, 2**31 - 1))
def test_device_numbers_are_the_c_library_s(major: int, minor: int) -> None:
    assert linux_disk.device_number(major, minor) == os.makedev(major, minor)
