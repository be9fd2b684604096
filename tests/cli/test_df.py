"""df beside the classic: a recorded table of mounts with made-up rooms, and real mounts."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.support.sidebyside import compare

UTF8 = {"LC_ALL": "C.UTF-8"}
UNKNOWN = (1 << 64) - 1


def same(*words: str | bytes, **settings: Any) -> None:
    compare("disks", ["df", *words], stderr=True, owners=False, **settings)


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        "", "-a", "-h", "-H", "-k", "-m", "-T", "-i", "-P", "-l", "-v", "--total", "--sync",
        "--no-sync", "--si",
        "-hT", "-Th", "-ih", "-iH", "-Pk", "-Ph", "-hP", "-PT", "-PH", "-Pm", "-PTh", "-iT", "-iP",
        "-ai", "-ah",
        "-aT", "-al", "-aiT", "-lh", "-li", "-h --total", "-i --total", "-PT --total",
        "-ah --total", "-l --total",
        "-a --total", "-iT --total", "-hk", "-kh", "-hH", "-Hh", "-mk", "-hm", "-h -B1M", "-B1M -h", "-Pi -h",
        "--human-readable", "--portability", "--print-type", "--inodes", "--local", "--all", "--block-size=M",
        "--block-size 2K", "-B 512", "-iBM", "-iBKB", "-iBKiB", "-PBM", "-PB1", "-PBKB", "-PBh", "-P -B3M",
        "-t ext4", "-text4", "--type=ext4", "--ty xfs", "-F tmpfs", "-t ext4 -t xfs", "-t nfs4 -a",
        "-x tmpfs",
        "-x tmpfs -x ext4", "--exclude-type=btrfs", "--ex nfs", "-t btrfs -x ext4", "-t proc", "-a -t proc",
        "-t nosuch", "-t nosuch --total", "-t ext4 -l", "-l -t nfs4", "-x squashfs -h",
        "-t cgroup2", "-at cgroup2",
        "--hu", "--tot", "--p --total", "--po", "--no", "--sy",
    ],
)  # fmt: skip
def test_options_beside_the_classic(words: str) -> None:
    same(*words.split(), env=UTF8)


@pytest.mark.classic
@pytest.mark.parametrize("words", ["", "-a", "-h", "--output=target,source", "-PT", "--output"])
def test_names_outside_utf8(words: str) -> None:
    same(*words.split())


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        "--output", "--output -h", "--output -a --total", "--output=source", "--output=fstype",
        "--output=itotal",
        "--output=iused", "--output=iavail", "--output=ipcent", "--output=size", "--output=used",
        "--output=avail",
        "--output=pcent", "--output=file", "--output=target", "--output=target,source,size",
        "--output=pcent,target,fstype", "--output=size --output=used,target", "--output --output=size",
        "--output=size --output", "--outp=size", "--o=size -h", "--output=source,size --total",
        "--output=target,size --total", "--output=fstype,file --total", "--output=size -BM",
        "--output=itotal -BM",
        "--output=size,avail -H", "--output -BKB",
        # wrong
        "--output=", "--output=,", "--output=size,", "--output=x", "--output=SIZE", "--output=siz",
        "--output=size,size", "--output=size --output=size", "--output -i", "-i --output", "-P --output",
        "--output -P", "-T --output", "--output -T", "-Ti --output=x", "--output=x -i",
        "-PT --output", "--output size",
    ],
)  # fmt: skip
def test_fields_beside_the_classic(words: str) -> None:
    same(*words.split(), env=UTF8)


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        "-z", "-hz", "-h1", "-o", "--nosuch", "--nosuch=1", "-t", "-B", "-x", "--type",
        "--block-size", "--total=3",
        "--si=1", "--t", "--s", "--h", "-B x", "-B 0", "-BB", "-B -h", "--block-size=x", "--block-size=1x",
        "--block-size=99999999999999999999", "-t e -x e", "-ta -tb -xb -xa", "--output=a'b", "/nonexistent",
        "/nonexistent /nonexistent/x", "--total /nonexistent", "-t ext4 /nonexistent", "-l /nonexistent",
    ],
)  # fmt: skip
def test_errors_beside_the_classic(words: str) -> None:
    same(*words.split(), env=UTF8)


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    ["-z", "--nosuch", "-B x", "-t e -x e", "--output=é", "--output=size,size", "/é", "/a b"],
)
def test_errors_outside_utf8(words: str) -> None:
    same(*words.split())


@pytest.mark.classic
@pytest.mark.parametrize(
    "size",
    [
        "1", "512", "1000", "1K", "KB", "kB", "KiB", "M", "mB", "G", "g", "t", "EB", "Z", "R", "10MB",
        "1023", "2000", "1536", "1024000", "b", "1b", "human-readable", "hu", "si", "'1", "'K", "'",
        "-1", "+5", "1.5K", "KBB", "0x10", "010", "08", "0x", "0K", "18446744073709551615", "16E",
        "99999999999999999999x", "iB", "1i", "e", "", " 1", "K ", "é", "a\nb",
    ],
)  # fmt: skip
def test_block_sizes_beside_the_classic(size: str) -> None:
    same("-B", size, "--output=size,used,avail,iused,target", "-t", "ext4", env=UTF8)


@pytest.mark.classic
@pytest.mark.parametrize(
    "variables",
    [
        "DF_BLOCK_SIZE=M", "BLOCK_SIZE=M", "BLOCKSIZE=M", "BLOCKSIZE=512", "DF_BLOCK_SIZE=1 BLOCK_SIZE=M",
        "BLOCK_SIZE=M BLOCKSIZE=G", "DF_BLOCK_SIZE=x", "DF_BLOCK_SIZE=x BLOCK_SIZE=M",
        "DF_BLOCK_SIZE= BLOCK_SIZE=M",
        "DF_BLOCK_SIZE=0", "DF_BLOCK_SIZE=1x", "DF_BLOCK_SIZE=99999999999999999999",
        "DF_BLOCK_SIZE=human-readable",
        "DF_BLOCK_SIZE=si", "DF_BLOCK_SIZE='1", "DF_BLOCK_SIZE=KB", "POSIXLY_CORRECT=1",
        "POSIXLY_CORRECT=1 BLOCK_SIZE=x", "POSIXLY_CORRECT=1 DF_BLOCK_SIZE=M",
        "POSIXLY_CORRECT= BLOCKSIZE=2K",
    ],
)  # fmt: skip
@pytest.mark.parametrize("words", ["-t ext4 --output=size,avail,iused", "-P -t ext4"])
def test_environment_beside_the_classic(variables: str, words: str) -> None:
    env = dict(variable.split("=") for variable in variables.split())
    same(*words.split(), env={**UTF8, **env})


@pytest.mark.classic
def test_operands_end_the_options_under_posixly_correct() -> None:
    same("/nonexistent", "-h", env={"POSIXLY_CORRECT": "1"})
    same("/nonexistent", "-h")


# --- tables of mounts and rooms made for one question


def machine(*mounts: str) -> dict[str, bytes | None]:
    """Files of a machine: each mount is ``POINT DEVICE TYPE MAJOR:MINOR[=OTHER] ROOT ROOM``; the device
    behind ``=`` is the one that stat(2) tells. A room of ``-`` has none."""
    table, rooms = "", ""
    for number, mount in enumerate(mounts, 20):
        point, device, fstype, numbers, root, room = mount.split(" ", 5)
        listed, _, told = numbers.partition("=")
        table += f"{number} 1 {listed} {root} {point} rw - {fstype} {device} rw\n"
        if room != "-" and f"\n{point} " not in "\n" + rooms:
            rooms += f"{point} {told or listed} {room}\n"
    return {"self/mountinfo": os.fsencode(table), "statvfs": os.fsencode(rooms)}


ROOM = "4096 1000 500 400 1000 900"
DUPLICATES = {
    "the shorter mount point": ["/mnt/long /dev/a ext4 8:1 / R", "/mnt/x /dev/a ext4 8:1 / R"],
    "the first of equals": ["/mnt/x /dev/a ext4 8:1 / R", "/mnt/y /dev/a ext4 8:1 / R"],
    "its place is the first one's": [
        "/mnt/ccc /dev/a ext4 8:1 / R", "/mnt/m /dev/m ext4 8:2 / R", "/mnt/a /dev/a ext4 8:1 / R"],
    "a path before a word": ["/mnt/xxx tmpfs tmpfs 8:1 / R", "/mnt/yyyy /dev/a ext4 8:1 / R"],
    "a shorter word before a path": ["/mnt/xxx /dev/a ext4 8:1 / R", "/mnt/y tmpfs ext4 8:1 / R"],
    "covered, other name": ["/mnt/x /dev/a ext4 8:1=8:2 / R", "/mnt/x /dev/b ext4 8:2 / R"],
    "covered, same name": ["/mnt/x same ext4 8:1=8:2 / R", "/mnt/x same ext4 8:2 / R"],
    "a bind mount of a part": ["/mnt/xxxx /dev/a ext4 8:1 / R", "/mnt/y /dev/a ext4 8:1 /sub R"],
    "a part first": ["/mnt/y /dev/a ext4 8:1 /sub R", "/mnt/xxxx /dev/a ext4 8:1 / R"],
    "two parts": ["/mnt/long /dev/a ext4 8:1 /aaaa R", "/mnt/y /dev/a ext4 8:1 /bb R"],
    "two parts, the nearer is deeper": ["/mnt/long /dev/a ext4 8:1 /aa R", "/mnt/y /dev/a ext4 8:1 /bbbb R"],
    "two exports": ["/mnt/y h:/a nfs 8:1 / R", "/mnt/xxxx h:/b nfs 8:1 / R"],
    "one export twice": ["/mnt/yy h:/a nfs 8:1 / R", "/mnt/x h:/a nfs 8:1 / R"],
    "exports mixed": [
        "/mnt/y h:/b nfs 8:1 / R", "/mnt/long h:/a nfs 8:1 / R", "/mnt/q h:/a nfs 8:1 / R",
        "/mnt/z h:/b nfs 8:1 / R"],
    "remote and local": ["/mnt/long h:/a nfs 8:1 / R", "/mnt/y /dev/a ext4 8:1 / R"],
    "local and remote": ["/mnt/y /dev/a ext4 8:1=8:2 / R", "/mnt/y h:/a nfs 8:2 / R"],
    "both remote, covered": ["/mnt/y h:/a nfs 8:1=8:2 / R", "/mnt/y h:/b nfs 8:2 / R"],
    "an automounter below": ["/mnt/y auto autofs 8:1=8:2 / R", "/mnt/y /dev/b ext4 8:2 / R"],
    "of another type": ["/mnt/c /dev/c xfs 8:1 / R", "/mnt/dd /dev/c ext4 8:1 / R"],
    "different numbers": ["/mnt/c /dev/c ext4 8:1 / R", "/mnt/dd /dev/c ext4 8:2 / R"],
    "no blocks": ["/mnt/c cg cgroup 8:1 / 4096 0 0 0 10 5", "/mnt/dd /dev/c ext4 8:2 / 4096 10 5 5 0 0"],
    "nothing but no blocks": ["/mnt/c cg cgroup 8:1 / 4096 0 0 0 10 5"],
    "forbidden": ["/mnt/c /dev/c ext4 8:1 / -13", "/mnt/dd /dev/d ext4 8:2 / R"],
    "gone": ["/mnt/c /dev/c ext4 8:1 / -2", "/mnt/dd /dev/d ext4 8:2 / R"],
    "nothing but forbidden": ["/mnt/c /dev/c ext4 8:1 / -13"],
    "broken": ["/mnt/c /dev/c ext4 8:1 / -5", "/mnt/dd /dev/d ext4 8:2 / R"],
    "nothing but broken": ["/mnt/c /dev/c ext4 8:1 / -116"],
    "not connected": ["/mnt/a\\040b /dev/c fuse.x 8:1 / -107", "/mnt/dd /dev/d ext4 8:2 / R"],
    "no mounts": [],
}  # fmt: skip


@pytest.mark.classic
@pytest.mark.parametrize("words", ["-t ext4 --total", "-alT"])
@pytest.mark.parametrize("name", DUPLICATES)
def test_which_of_two_mounts_is_shown(name: str, words: str) -> None:
    mounts = [
        mount.removesuffix(" R") + f" {ROOM}" if mount.endswith(" R") else mount
        for mount in DUPLICATES[name]
    ]
    same(*words.split(), files=machine(*mounts), env=UTF8)


TYPES = [
    "autofs", "proc", "subfs", "debugfs", "devpts", "fusectl", "fuse.portal", "mqueue", "rpc_pipefs",
    "sysfs", "devfs", "kernfs", "ignore", "none", "cgroup", "tracefs", "fuse.sshfs", "afs", "acfs",
    "coda", "auristorfs", "fhgfs", "gpfs", "ibrix", "ocfs2", "vxfs", "gfs2", "ceph", "nfs", "cifs",
    "smb3", "smbfs", "lustre", "9p",
]  # fmt: skip
SOURCES = ["x", "a:b", "//a/b", "-hosts", "-hosts2", "//x", "/dev/sd:a", "[::1]:/x"]


@pytest.mark.classic
@pytest.mark.parametrize(
    "words", ["--output=source,fstype", "-l --output=source,fstype", "-al --output=source,fstype"]
)
def test_pseudo_and_remote_types(words: str) -> None:
    mounts = [f"/mnt/{t}{i} {source} {t} 9:{n * 20 + i} / {ROOM}"
              for n, t in enumerate(TYPES) for i, source in enumerate(SOURCES)]  # fmt: skip
    same(*words.split(), files=machine(*mounts))


ROOMS = [
    (4096, 1000, 1200, 1000), (4096, 1000, 500, 600), (4096, 1000, 500, UNKNOWN - 99), (4096, 1000,
    0, UNKNOWN - 99),
    (4096, 1000, 500, 0), (4096, 1000, 1000, 0), (4096, 1000, 0, 0), (4096, 1000, 1, 1), (4096,
    1000, 999, 999),
    (4096, 10**9, 10**9 - 1, 10**9 - 1), (4096, 10**9, 1, 1), (4096, UNKNOWN, 5, 5), (4096, 1000, UNKNOWN, 5),
    (4096, UNKNOWN, UNKNOWN, UNKNOWN), (4096, 1000, 5, UNKNOWN), (1, 10**18, 10**17, 10**17), (512, 3, 1, 1),
    (1000, 10, 5, 5), (4096, 1000, 1200, UNKNOWN - 99), (4096, 1000, 1500, UNKNOWN - 99), (4096, 10, 11, 10),
    (1024, 9, 0, 0), (1024, 10, 0, 0), (1024, 1023, 1, 1), (1024, 1024, 1, 1), (1024, 10188, 1, 1),
    (1024, 10189, 1, 1), (1, 9999, 9, 9), (1, 999999, 9, 9), (1000, 999, 1, 1), (1 << 20, 1 << 40,
    1 << 39, 1 << 38),
]  # fmt: skip
INODES = [
    (1000, 900), (1000, 1200), (1000, UNKNOWN), (UNKNOWN, 5), (UNKNOWN, UNKNOWN), (0, 0), (0, 5), (10**9, 1),
    (10**9, 10**9 - 1), (1 << 60, 1 << 59), (1000, 0), (999, 1), (10**6, 999999), (10, 1 << 63),
]  # fmt: skip


@pytest.mark.classic
@pytest.mark.parametrize(
    "words", ["", "-h", "-H", "-B1", "-BG", "-BKiB", "-P", "-B999", "-m", "--output=pcent,size"]
)
def test_rooms_beside_the_classic(words: str) -> None:
    mounts = [
        f"/mnt/{n} d{n} ext4 9:{n} / {' '.join(map(str, room))} 9 8" for n, room in enumerate(ROOMS)
    ]
    same(*words.split(), files=machine(*mounts))


@pytest.mark.classic
@pytest.mark.parametrize(
    "words", ["-i", "-ih", "-iH", "-iBKB", "-iBKiB", "-iBK", "-iP", "--output -h"]
)
def test_inodes_beside_the_classic(words: str) -> None:
    mounts = [
        f"/mnt/{n} d{n} ext4 9:{n} / 4096 1000 500 400 {a} {b}" for n, (a, b) in enumerate(INODES)
    ]
    same(*words.split(), files=machine(*mounts))


@pytest.mark.classic
@pytest.mark.parametrize(
    "words", ["--total", "--total -h", "--total -i", "--total -a", "--total --output"]
)
def test_totals_beside_the_classic(words: str) -> None:
    rooms = [
        "4096 1000 500 400 100 90", f"4096 1000 500 {UNKNOWN - 99} 10 20", f"4096 {UNKNOWN} 5 5 {UNKNOWN} 5",
        f"4096 1000 {UNKNOWN} 7 7 {UNKNOWN}", f"1024 77 7 {UNKNOWN} 0 0", "4096 0 0 0 3 3",
    ]  # fmt: skip
    mounts = [f"/mnt/{n} d{n} ext4 9:{n} / {room}" for n, room in enumerate(rooms)]
    same(*words.split(), files=machine(*mounts))


@pytest.mark.classic
@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
@pytest.mark.parametrize(
    "name",
    [
        "c1\x85x", "zw\u200bx", "rtl\u202ex", "日本", "é", "bad\udcff", "un\u0378x", "priv\ue000",
        "ls\u2028x", "bom\ufeffx",
        "soft\u00adx", "del\x7f", "comb\u0301", "emoji😀", "nbsp\u00a0x", "非\udce9x", "\u0301",
        "esc\x1b[31m", "\x01",
        "tab\\011x", "nl\\012x", "blank\\040x", "back\\134x", "hash\\043x", "not\\18x",
    ],
)  # fmt: skip
def test_names_beside_the_classic(name: str, locale: str) -> None:
    files = machine(f"/mnt/{name} {name} ext4 9:1 / {ROOM}", f"/mnt/plain plain ext4 9:2 / {ROOM}")
    same("--output=target,source,size", files=files, env={"LC_ALL": locale})


@pytest.mark.classic
def test_names_on_a_terminal() -> None:
    """Nothing that moves the cursor or is no character; our own view stands aside."""
    env = {**UTF8, "SYSUTILS_OUTPUT": "plain", "TERM": "xterm"}
    same("--output=source,target", env=env, tty=(80, 24))


@pytest.mark.classic
@pytest.mark.parametrize("words", ["", "-a", "/nonexistent", "-l /tmp", "-t ext4 /tmp"])
def test_no_table_of_mounts(words: str) -> None:
    same(*words.split(), files={"self/mountinfo": None})
