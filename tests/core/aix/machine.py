"""An AIX of the test's own: a tree of /proc files, and C libraries that answer from tables."""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import struct
import sys
from pathlib import Path
from typing import Any

from sysutils.core.aix import layout

HOME = "sysutils.core.aix"
BOOT = 1_700_000_000
#: device number of /dev/pts/3 as /proc has it; of programs of 32 bits it is 0x1A0003
TERMINAL = 0x8000001A00000003
#: bytes of the structure whose size is asked for
_PARTITION = 808


def seconds(whole: int, nano: int = 0) -> layout.timestruc:
    return layout.timestruc(whole, nano)


def psinfo(pid: int, letter: str = "S", **fields: Any) -> layout.psinfo:
    """A process with the fields named, and others that do no harm."""
    found = layout.psinfo(
        pr_nlwp=1, pr_pid=pid, pr_ppid=1, pr_pgid=pid, pr_sid=pid, pr_size=300, pr_rssize=200,
        pr_ttydev=0xFFFFFFFFFFFFFFFF, pr_start=seconds(BOOT + pid, 250_000_000),
        pr_time=seconds(3, 500_000_000), pr_fname=b"program", pr_psargs=b"program -x  one",
        pr_lwp=layout.lwpsinfo(
            pr_lwpid=pid * 10 + 1, pr_state=3, pr_sname=letter.encode(), pr_nice=20, pr_pri=60, pr_onpro=1
        ),
    )  # fmt: skip
    for name, value in fields.items():
        setattr(found, name, value)
    return found


class Tree:
    """A /proc of files of structures."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def file(self, pid: int, name: str, *structures: Any) -> Path:
        path = self.root / str(pid) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(map(bytes, structures)))
        return path

    def process(self, pid: int, letter: str = "S", **fields: Any) -> None:
        """With psinfo, which all may read."""
        self.file(pid, "psinfo", psinfo(pid, letter, **fields))

    def status(self, pid: int, **fields: Any) -> None:
        """With ``status``, which is of 1520 bytes."""
        told = layout.pstatus(pr_stat=4, pr_dmodel=layout.PR_MODEL_LP64)
        for name, value in fields.items():
            setattr(told, name, value)
        self.file(pid, "status", bytes(told).ljust(1520, b"\0"))

    def zombie(self, pid: int) -> None:
        """Only psinfo is left."""
        self.process(
            pid, "Z", pr_nlwp=0, pr_size=0, pr_rssize=0, pr_psargs=b"", pr_ppid=50,
            pr_lwp=layout.lwpsinfo(),
        )  # fmt: skip

    def memory(
        self, pid: int, arguments: list[bytes], environment: list[bytes], width: int = 8
    ) -> dict[str, int]:
        """A file of memory with arguments and environment; where they are, for psinfo."""
        image = bytearray(0x1000)
        places = []
        for texts in (arguments, environment):
            pointers = []
            for text in texts:
                pointers.append(len(image))
                image += text + b"\0"
            image += bytes(-len(image) % 8)
            places.append(len(image))
            image += struct.pack(f">{len(pointers) + 1}{'Q' if width == 8 else 'I'}", *pointers, 0)
        self.file(pid, "as", bytes(image))
        return {"pr_argc": len(arguments), "pr_argv": places[0], "pr_envp": places[1]}


def made(root: Path) -> Tree:
    """init, a shell of ours, a process that is a zombie."""
    tree = Tree(root)
    tree.process(1, pr_fname=b"init", pr_psargs=b"/etc/init", pr_ppid=0)
    where = tree.memory(50, [b"ksh", b"a b", b"\xff", b""], [b"HOME=/root", b"EMPTY=", b"broken"])
    tree.process(
        50, pr_fname=b"ksh", pr_ttydev=TERMINAL, pr_uid=os.getuid(), pr_euid=os.getuid(), **where
    )
    tree.status(50)
    tree.zombie(60)
    return tree


class Perfstat:
    """``libperfstat``: its structures are larger than the part of them that we read.

    Rows that come between the count and the copy are in ``grown``."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Any]] = {}
        self.grown: dict[str, list[Any]] = {}
        self.errors: dict[str, int] = {}
        self.smaller: set[str] = set()
        self.calls: list[tuple[str, int]] = []

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("perfstat_") or name not in self.rows:
            raise AttributeError(name)
        return lambda *words: self._answer(name, *words)

    def _answer(self, name: str, first: int | None, room: int | None, size: int, count: int) -> int:
        full = layout.SIZES.get(name, _PARTITION) - (800 if name in self.smaller else 0)
        if name in self.errors:
            ctypes.set_errno(self.errors[name])
            return -1
        if room is None:
            assert first is None
            assert size or name not in layout.SIZES, "which does not tell it"
            return len(self.rows[name]) if size else full
        if size != full:  # of another version
            ctypes.set_errno(errno.EINVAL)
            return -1
        self.calls.append((name, count))
        self.rows[name] += self.grown.pop(name, [])
        rows, start = self.rows[name], 0
        asked = layout.perfstat_id.from_address(first).name if first else b""
        if asked and name == "perfstat_process":
            rows = [row for row in rows if row.pid == int(asked)]
        elif asked:
            start = [row.name for row in rows].index(asked)
        given = rows[start : start + count]
        for place, row in enumerate(given):
            ctypes.memmove(room + place * size, bytes(row).ljust(size, b"\xee"), size)
        rest = rows[start + count :]
        if first:
            layout.perfstat_id.from_address(first).name = rest[0].name if rest else b""
        return len(given)


class Kernel:
    """``libc``."""

    def __init__(self) -> None:
        self.mounts: list[bytes] = []
        self.grown: list[bytes] = []
        self.mount_error = 0
        self.threads: dict[int, tuple[int, int] | int] = {}
        self.addresses: list[tuple[str, bytes]] = []
        self.more_addresses: list[tuple[str, bytes]] = []
        self.flags = {"lo0": 0x849 | 0x80000, "en0": 0x843 | 0x80000}
        self.answers: dict[tuple[int, str], bytes] = {}
        self.sized = 0

    def mntctl(self, command: int, size: int, room: int) -> int:
        assert command == layout.MCTL_QUERY
        if self.mount_error:
            ctypes.set_errno(self.mount_error)
            return -1
        data = b"".join(self.mounts)
        if len(data) > size:
            ctypes.memmove(room, struct.pack(">i", len(data)), 4)
            self.mounts, self.grown = self.mounts + self.grown, []
            return 0
        ctypes.memmove(room, data, len(data))
        return len(self.mounts)

    def time_base_to_time(self, place: int, size: int) -> int:
        assert size == 12
        passed = layout.timebasestruct.from_address(place)
        assert passed.flag == layout.RTC_POWER_PC
        nano = (passed.tb_high << 32 | passed.tb_low) * 1_000_000_000 // 512_000_000  # of POWER
        passed.flag, passed.tb_high, passed.tb_low = 0, *divmod(nano, 1_000_000_000)
        return 0

    def thread_cputime(self, tid: int, place: int) -> int:
        told = self.threads.get(tid, errno.ESRCH)
        if isinstance(told, int):
            ctypes.set_errno(told)
            return -1
        found = layout.thread_cputime.from_address(place)
        found.utime, found.stime = told
        return 0

    def _conf(self) -> bytes:
        return b"".join(name.encode().ljust(16, b"\0") + raw for name, raw in self.addresses)

    def ioctl(self, descriptor: int, request: int, place: int) -> int:
        request &= 0xFFFFFFFF
        if request == layout.SIOCGSIZIFCONF:
            ctypes.c_int32.from_address(place).value = len(self._conf())
            self.sized += 1
        elif request == layout.SIOCGIFCONF:
            asked = layout.ifconf.from_address(place)
            data = self._conf()[: asked.ifc_len]
            ctypes.memmove(asked.ifc_req, data, len(data))
            asked.ifc_len = len(data)
            self.addresses, self.more_addresses = self.addresses + self.more_addresses, []
        else:
            return self._of_interface(request, layout.ifreq.from_address(place))
        return 0

    def _of_interface(self, request: int, asked: layout.ifreq) -> int:
        name = asked.ifr_name.decode()
        if request == layout.SIOCGIFFLAGS and name in self.flags:
            answer = self.flags[name].to_bytes(4, sys.byteorder)
        elif (request, name) in self.answers:
            assert bytes(asked.ifr_ifru)[1] == layout.AF_INET
            answer = self.answers[request, name]
        else:
            ctypes.set_errno(errno.ENXIO)
            return -1
        ctypes.memmove(ctypes.byref(asked, 16), answer, len(answer))
        return 0


def mounted(what: str, where: str, kind: int, options: str, host: str = "-") -> bytes:
    """A record as mntctl(2) has it: texts are NUL-terminated, at multiples of four."""
    texts = [what, where, host, host, "", options]
    head = layout.vmount(vmt_revision=1, vmt_vfsnumber=3, vmt_time=BOOT, vmt_gfstype=kind)
    body = b""
    for at, text in zip(head.vmt_data, texts, strict=True):
        data = os.fsencode(text) + b"\0"
        at.vmt_off, at.vmt_size = ctypes.sizeof(head) + len(body), len(data)
        body += data + bytes(-len(data) % 4)
    head.vmt_length = ctypes.sizeof(head) + len(body)
    return bytes(head) + body


def inet(ip: str) -> bytes:
    """``struct sockaddr_in``, ``struct sockaddr_in6``."""
    if ":" in ip:
        return (
            struct.pack(">BBHI", 28, layout.AF_INET6, 0, 0)
            + socket.inet_pton(socket.AF_INET6, ip) + bytes(4)
        )  # fmt: skip
    return struct.pack(">BBH", 16, layout.AF_INET, 0) + socket.inet_aton(ip) + bytes(8)


def hardware(name: str, address: bytes) -> bytes:
    """``struct sockaddr_dl``, as long as it has to be."""
    body = name.encode() + address
    head = struct.pack(">BBHBBBB", 8 + len(body), layout.AF_LINK, 2, 6, len(name), len(address), 0)
    return (head + body).ljust(16, b"\0")


def counted() -> Perfstat:
    """The figures of a machine with four CPUs of one processor, two disks and an interface."""
    library = Perfstat()
    library.rows = {
        "perfstat_cpu": [
            layout.perfstat_cpu(
                name=f"cpu{cpu}".encode(), user=200 + cpu, sys=100, idle=1000, wait=10, syscall=7,
                invol_cswitch=2, vol_cswitch=3, devintrs=4, softintrs=5, pswitch=99,
            )
            for cpu in range(4)
        ],
        "perfstat_cpu_total": [
            layout.perfstat_cpu_total(ncpus=4, ncpus_cfg=4, loadavg=(65536 * 2, 32768, 16384))
        ],
        "perfstat_partition_config": [layout.perfstat_partition_config(lcpus=4, vcpus=(1,))],
        "perfstat_memory_total": [
            layout.perfstat_memory_total(
                real_total=1000, real_free=100, real_inuse=900, real_avail=400, pgsp_total=512, pgsp_free=384,
                pgins=77, pgouts=88, pgspins=3, pgspouts=4,
            )
        ],
        "perfstat_disk": [
            layout.perfstat_disk(
                name=f"hdisk{disk}".encode(), bsize=512, rxfers=10, xfers=30, rblks=8, wblks=16,
                rserv=512_000_000, wserv=5_120_000,
            )
            for disk in range(2)
        ],
        "perfstat_netinterface": [
            layout.perfstat_netinterface(
                name=b"en0", type=layout.IFT_ETHER, mtu=1500, ipackets=3, ibytes=30, ierrors=1, opackets=4,
                obytes=40, oerrors=2, bitrate=1_000_000_000, xmitdrops=6, if_iqdrops=5,
            ),
            layout.perfstat_netinterface(name=b"lo0", type=layout.IFT_LOOP, mtu=16896),
        ],
        "perfstat_process": [
            layout.perfstat_process(pid=50, inOps=1, outOps=2, inBytes=512, outBytes=1024)
        ],
    }  # fmt: skip
    return library


def addressed(kernel: Kernel) -> None:
    """Gives it an Ethernet interface and a loopback."""
    kernel.addresses = [
        ("en0", hardware("en0", b"\x02\0\0\0\0\1")), ("en0", inet("10.0.0.5")),
        ("en0", inet("fe80::1")), ("lo0", hardware("lo0", b"")),
        ("lo0", inet("127.0.0.1")),
    ]  # fmt: skip
    kernel.answers = {
        (layout.SIOCGIFNETMASK, "en0"): inet("255.255.255.0"),
        (layout.SIOCGIFBRDADDR, "en0"): inet("10.0.0.255"),
        (layout.SIOCGIFNETMASK, "lo0"): inet("255.0.0.0"),
    }


def utmp() -> bytes:
    """The file of sessions: the start of the machine, two sessions, one that is over."""
    rows = [
        layout.utmp(ut_line=b"system boot", ut_type=2, ut_time=BOOT),
        layout.utmp(
            ut_user=b"me", ut_id=b"p1", ut_line=b"pts/1", ut_type=7, ut_time=BOOT + 60, ut_pid=os.getpid(),
            ut_host=b"example.org",
        ),
        layout.utmp(ut_user=b"you", ut_line=b"lft0", ut_type=7, ut_time=BOOT + 60, ut_pid=os.getpid()),
        layout.utmp(ut_line=b"pts/2", ut_type=8, ut_time=BOOT + 90, ut_pid=7, e_exit=1),
    ]  # fmt: skip
    return b"".join(map(bytes, rows))


def libraries() -> dict[str, object]:
    """For ``elsewhere.run``, with the tree at ``PROCFS_PATH``."""
    tree = made(Path(os.environ["PROCFS_PATH"]))
    me = os.getpid()
    tree.process(me, "R", pr_fname=b"python", pr_uid=os.geteuid(), pr_euid=os.geteuid())
    kernel = Kernel()
    kernel.mounts = [
        mounted("/dev/hd4", "/", 0, "rw,log=/dev/hd8"),
        mounted("/proc", "/proc", 6, "rw"),
    ]
    addressed(kernel)
    return {"c": kernel, "perfstat": counted()}


def part(name: str) -> Any:
    """A module of the package that the core of the test has loaded."""
    __import__(f"{HOME}.{name}")
    return sys.modules[f"{HOME}.{name}"]


def command(path: Path, text: str) -> str:
    """A command of the test's own."""
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)
