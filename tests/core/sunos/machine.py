"""A SunOS of the test's own: a tree of /proc files, and C libraries that answer from tables."""

from __future__ import annotations

import ctypes
import os
import socket
import struct
from pathlib import Path
from typing import Any

from sysutils.core.sunos import layout, mib2
from tests.core.sunos.network import Stream

BOOT = 1_700_000_000
NODEV = ctypes.c_ulong(-1).value


def psinfo(pid: int, state: int = layout.SSLEEP, **fields: Any) -> layout.psinfo:
    """A process with the fields named, and others that do no harm."""
    letter = b" SRZTIOW"[state : state + 1]
    found = layout.psinfo(
        pr_nlwp=1, pr_pid=pid, pr_ppid=1, pr_pgid=pid, pr_sid=pid, pr_size=300, pr_rssize=200,
        pr_ttydev=NODEV, pr_start=layout.timestruc(BOOT + pid, 250_000_000), pr_fname=b"program",
        pr_psargs=b"program -x  one", pr_dmodel=layout.PR_MODEL_LP64,
        pr_time=layout.timestruc(3, 500_000_000),
        pr_lwp=layout.lwpsinfo(
            pr_state=state, pr_sname=letter, pr_nice=20, pr_oldpri=1, pr_pri=59, pr_onpro=1
        ),
    )  # fmt: skip
    for name, value in fields.items():
        setattr(found, name, value)
    return found


def seconds(whole: int, nano: int = 0) -> layout.timestruc:
    return layout.timestruc(whole, nano)


class Tree:
    """A /proc of files of structures."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def file(self, pid: int, name: str, *structures: Any) -> Path:
        path = self.root / str(pid) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(map(bytes, structures)))
        return path

    def link(self, pid: int, name: str, target: str) -> None:
        path = self.root / str(pid) / "path" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(target)

    def process(self, pid: int, **fields: Any) -> None:
        """With psinfo and usage, which all may read."""
        self.file(pid, "psinfo", psinfo(pid, **fields))
        used = layout.prusage(
            pr_utime=seconds(2, 500_000_000), pr_stime=seconds(1, 20_000_000), pr_vctx=7, pr_ictx=8,
            pr_minf=5, pr_majf=6,
        )  # fmt: skip
        self.file(pid, "usage", used)

    def zombie(self, pid: int) -> None:
        """Only psinfo is left."""
        gone = psinfo(
            pid, layout.SZOMB, pr_nlwp=0, pr_size=0, pr_rssize=0, pr_psargs=b"", pr_ppid=50
        )
        self.file(pid, "psinfo", gone)

    def memory(self, pid: int, arguments: list[bytes], environment: list[bytes]) -> dict[str, int]:
        """A file of memory with arguments and environment; where they are, for psinfo."""
        image = bytearray(0x1000)
        places = []
        for texts in (arguments, environment):
            pointers = []
            for text in texts:
                pointers.append(len(image))
                image += text + b"\0"
            image += bytes(-len(image) % 8)
            place = len(image)
            places.append(place)
            image += struct.pack(f"={len(pointers) + 1}Q", *pointers, 0)
        self.file(pid, "as", bytes(image))
        return {"pr_argc": len(arguments), "pr_argv": places[0], "pr_envp": places[1]}


def made(root: Path) -> Tree:
    """init, a shell of ours, a process that is a zombie."""
    tree = Tree(root)
    tree.process(1, pr_fname=b"init", pr_psargs=b"/sbin/init", pr_ppid=0)
    where = tree.memory(50, [b"sh", b"a b", b"\xff", b""], [b"HOME=/root", b"EMPTY=", b"broken"])
    tree.process(
        50, pr_fname=b"sh", pr_ttydev=123, pr_uid=os.getuid(), pr_euid=os.getuid(), **where
    )
    tree.zombie(60)
    return tree


def figures(**values: int | str) -> Any:
    """Named figures of a kstat: 64-bit numbers, and texts."""
    rows = (layout.kstat_named * len(values))()
    for row, (name, value) in zip(rows, values.items(), strict=True):
        row.name = name.encode()
        if isinstance(value, str):
            row.data_type, row.value.c = layout.KSTAT_DATA_CHAR, value.encode()
        else:
            row.data_type, row.value.ui64 = layout.KSTAT_DATA_UINT64, value
    return rows


class Kstat:
    """``libkstat``: figures are there once they were read."""

    def __init__(self) -> None:
        self.rows: list[tuple[Any, Any]] = []
        self.opened = self.updated = 0
        self.errors: dict[str, int] = {}
        self.control = layout.kstat_ctl()

    def add(self, module: str, instance: int, name: str, group: str, data: Any) -> None:
        kind = (
            layout.KSTAT_TYPE_IO if isinstance(data, layout.kstat_io) else layout.KSTAT_TYPE_NAMED
        )
        row = layout.kstat(
            ks_module=module.encode(), ks_instance=instance, ks_name=name.encode(), ks_type=kind,
            ks_class=group.encode(),
        )  # fmt: skip
        if self.rows:
            self.rows[-1][0].ks_next = ctypes.addressof(row)
        else:
            self.control.kc_chain = ctypes.addressof(row)
        self.rows.append((row, data))

    def kstat_open(self) -> int | None:
        if "open" in self.errors:
            ctypes.set_errno(self.errors["open"])
            return None
        self.opened += 1
        return ctypes.addressof(self.control)

    def kstat_chain_update(self, control: int) -> int:
        self.updated += 1
        return 0

    def kstat_read(self, control: int, place: int, data: int | None) -> int:
        for row, answer in self.rows:
            if ctypes.addressof(row) == place:
                name = row.ks_name.decode()
                if name in self.errors:
                    ctypes.set_errno(self.errors[name])
                    return -1
                row.ks_data, row.ks_data_size = ctypes.addressof(answer), ctypes.sizeof(answer)
                row.ks_ndata = len(answer) if isinstance(answer, ctypes.Array) else 1
                return 1
        raise AssertionError("kstat_read of what is not in the chain")


class Kernel(Stream):
    """``libc`` and ``libsocket``."""

    def __init__(self) -> None:
        super().__init__()
        self.areas: list[tuple[int, int]] = []
        self.grown: list[tuple[int, int]] = []
        self.sessions: list[layout.utmpx] = []
        self.links: list[tuple[str, int, bytes | None, bytes | None, bytes | None]] = []
        self.mtu = {"lo0": 8232, "net0": 1500}
        self.freed = 0
        self._kept: list[Any] = []
        self._next = 0

    def swapctl(self, request: int, place: int | None) -> int:
        if request == layout.SC_GETNSWP:
            return len(self.areas)
        assert place
        room = ctypes.c_int.from_address(place).value
        self.areas, self.grown = self.areas + self.grown, []
        if room < len(self.areas):
            ctypes.set_errno(12)
            return -1
        size, first = ctypes.sizeof(layout.swapent), layout.swaptbl.swt_ent.offset
        for number, (pages, free) in enumerate(self.areas):
            row = layout.swapent.from_address(place + first + number * size)
            ctypes.memmove(row.ste_path, b"/dev/zvol/swap", 15)
            row.ste_pages, row.ste_free = pages, free
        return len(self.areas)

    def setutxent(self) -> None:
        self._next = 0

    def getutxent(self) -> int | None:
        if self._next == len(self.sessions):
            return None
        self._next += 1
        return ctypes.addressof(self.sessions[self._next - 1])

    def endutxent(self) -> None:
        pass

    def getifaddrs(self, place: int) -> int:
        rows = []
        for name, flags, *addresses in self.links:
            texts = [raw and ctypes.create_string_buffer(raw, len(raw)) for raw in addresses]
            row = layout.ifaddrs(
                0, name.encode(), flags, *(text and ctypes.addressof(text) for text in texts)
            )
            if rows:
                rows[-1].ifa_next = ctypes.addressof(row)
            rows.append(row)
            self._kept += [row, texts]
        ctypes.c_void_p.from_address(place).value = ctypes.addressof(rows[0]) if rows else None
        return 0

    def freeifaddrs(self, first: int) -> None:
        self.freed += 1

    def ioctl(self, descriptor: int, request: int, place: Any) -> int:
        if request == mib2.I_PUSH:
            return self.push(place)
        assert request & 0xFFFFFFFF == layout.SIOCGLIFMTU
        asked = layout.lifreq.from_address(place)
        if asked.lifr_name.decode() not in self.mtu:
            ctypes.set_errno(6)
            return -1
        asked.lifr_lifru.lifr_mtu = self.mtu[asked.lifr_name.decode()]
        return 0


def inet(ip: str) -> bytes:
    """``struct sockaddr_in``, ``struct sockaddr_in6``."""
    if ":" in ip:
        return (
            struct.pack("=H6x", layout.AF_INET6) + socket.inet_pton(socket.AF_INET6, ip) + bytes(8)
        )
    return struct.pack("=H2x", layout.AF_INET) + socket.inet_aton(ip) + bytes(8)


def hardware(name: str, address: bytes) -> bytes:
    """``struct sockaddr_dl``."""
    head = struct.pack("=HHBBBB", layout.AF_LINK, 2, 6, len(name), len(address), 0)
    return head + name.encode() + address


def counted() -> Kstat:
    """The statistics of a machine with two CPUs on one chip, a disk and a link."""
    kstat = Kstat()
    for cpu in range(2):
        kstat.add("cpu", cpu, "sys", "misc", figures(
            cpu_ticks_idle=1000 + cpu, cpu_ticks_user=200, cpu_ticks_kernel=100, cpu_ticks_wait=10,
            pswitch=5, syscall=7, intr=3, trap=9,
        ))  # fmt: skip
        kstat.add("cpu", cpu, "vm", "misc", figures(pgswapin=2, pgswapout=3))
        kstat.add(
            "cpu_info",
            cpu,
            f"cpu_info{cpu}",
            "misc",
            figures(chip_id=0, core_id=4, state="on-line"),
        )
    kstat.add("unix", 0, "system_misc", "misc", figures(boot_time=BOOT, ncpus=2))
    kstat.add("sd", 0, "sd0", "disk", layout.kstat_io(
        nread=1000, nwritten=2000, reads=10, writes=20, rtime=3_500_000, wtime=4_000_000,
    ))  # fmt: skip
    kstat.add("sd", 0, "sd0,a", "partition", layout.kstat_io(nread=1))
    kstat.add("link", 0, "net0", "net", figures(
        obytes64=40, rbytes64=30, opackets64=4, ipackets64=3, ierrors=1, oerrors=2, ifspeed=10**9,
        link_duplex=2, link_state=1,
    ))  # fmt: skip
    kstat.add("e1000g", 0, "mac", "net", figures(obytes64=40, rbytes64=30))
    kstat.add("lo", 0, "lo0", "net", figures(ipackets=6, opackets=6))
    return kstat


#: name, flags, address, netmask, broadcast
Links = list[tuple[str, int, bytes | None, bytes | None, bytes | None]]


def linked() -> Links:
    """A loopback, and a link with both versions of IP."""
    mask = inet("255.255.255.0")
    return [
        ("lo0", 0x2001000849, inet("127.0.0.1"), inet("255.0.0.0"), None),
        ("net0", 0x1000843, hardware("net0", b"\2\xfc\0\0\0\1"), None, None),
        ("net0", 0x1000843, inet("10.0.0.5"), mask, inet("10.0.0.255")),
        ("net0", 0x2000841, inet("fe80::5"), inet("ffff:ffff:ffff:ffff::"), None),
    ]


def mapping(start: int, size: int, name: str, flags: int, **more: int) -> layout.prxmap:
    """A mapping of pages of 4096 bytes."""
    return layout.prxmap(
        pr_vaddr=start, pr_size=size, pr_mapname=name.encode(), pr_mflags=flags, pr_pagesize=4096,
        pr_dev=os.makedev(1, 4), **more,
    )  # fmt: skip


def fdinfo(fd: int, mode: int, inode: int, *items: tuple[int, bytes], **more: int) -> bytes:
    """The contents of such a file."""
    head = mib2.prfdinfo(
        pr_fd=fd, pr_mode=mode, pr_ino=inode, pr_major=1, pr_minor=4, pr_fileflags=2, **more
    )
    text = bytes(head)[: mib2.prfdinfo.pr_misc.offset]
    for kind, data in items:
        text += struct.pack("=II", len(data) + 8, kind) + data + bytes(-len(data) % 4)
    return text + bytes(8)


def _name(ip: str, port: int) -> bytes:
    raw = inet(ip)
    return raw[:2] + port.to_bytes(2, "big") + raw[4:]


def opened(tree: Tree) -> None:
    """What the shell has open, and its memory."""
    pid, code = 50, layout.MA_READ | layout.MA_EXEC
    home = tree.root / str(pid)
    for place in ("cwd", "root"):
        (home / place).mkdir(parents=True)
    tree.file(pid, "object/a.out", b"program")
    tree.file(pid, "object/ufs.1.4.9", b"library")
    for name, target in (
        ("cwd", "/export/home/me"), ("root", "/"), ("a.out", "/usr/bin/sh"), ("ufs.1.4.9", "/lib/libc.so.1"),
        ("3", "/export/home/me/notes"),
    ):  # fmt: skip
        tree.link(pid, name, target)
    data, stack = layout.MA_READ | layout.MA_WRITE, layout.MA_STACK
    tree.file(
        pid, "xmap",
        mapping(0x400000, 0x4000, "a.out", code, pr_rss=3, pr_ino=7),
        mapping(0x405000, 0x2000, "a.out", data, pr_rss=2, pr_anon=1, pr_ino=7, pr_offset=0x4000),
        mapping(0x410000, 0x8000, "", data | layout.MA_BREAK | layout.MA_ANON, pr_rss=8, pr_anon=8),
        mapping(0x7F0000000000, 0x10000, "ufs.1.4.9", code, pr_rss=9, pr_ino=9),
        mapping(0x7F0000020000, 0x1000, "", data | layout.MA_SHARED | layout.MA_SHM, pr_rss=1, pr_shmid=5),
        mapping(0x7FFFFFFF0000, 0x4000, "", data | stack, pr_rss=2, pr_anon=2, pr_locked=1),
    )  # fmt: skip
    stream, datagram = struct.pack("=i", 2), struct.pack("=i", 1)
    unix = struct.pack("=H", 1) + b"/var/run/log\0"
    ends = (1, _name("10.0.0.5", 22)), (2, _name("10.0.0.9", 40000))
    for fd, text in (
        (0, fdinfo(0, 0o020620, 70, (0, b"/dev/pts/1\0"), pr_rmajor=24, pr_rminor=1)),
        (3, fdinfo(3, 0o100644, 71, pr_size=1234, pr_offset=100)),
        (4, fdinfo(4, 0o140666, 72, *ends, (9, stream))),
        (5, fdinfo(5, 0o140666, 73, (1, _name("10.0.0.5", 123)), (9, datagram))),
        (6, fdinfo(6, 0o140666, 74, (1, unix), (2, struct.pack("=H", 1)), (9, stream))),
        (7, fdinfo(7, 0o010600, 75)),
        (8, fdinfo(8, 0o150444, 76, (0, b"/var/run/name_service_door\0"))),
        (9, fdinfo(9, 0o140666, 77, (1, struct.pack("=HH", 24, 0)))),
    ):  # fmt: skip
        tree.file(pid, f"fdinfo/{fd}", text)
        tree.file(pid, f"fd/{fd}", b"")


def libraries() -> dict[str, object]:
    """For ``elsewhere.run``, with the tree at ``PROCFS_PATH``."""
    tree = made(Path(os.environ["PROCFS_PATH"]))
    tree.process(os.getpid(), pr_fname=b"python", pr_uid=os.geteuid(), pr_euid=os.geteuid())
    kernel = Kernel()
    kernel.areas = [(1000, 250)]
    kernel.links = linked()
    opened(tree)
    return {"c": kernel, "socket": kernel, "kstat": counted()}
