"""A NetBSD kernel of the test's own: a C library that answers from tables of bytes."""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import struct
from typing import Any

from sysutils.core.netbsd import layout
from tests.core.freebsd import kernel as bsd

BOOT = bsd.BOOT
ARG_MAX = 256 * 1024
ARGV, ENV, PROGRAM, DIRECTORY = (
    layout.KERN_PROC_ARGV, layout.KERN_PROC_ENV, layout.KERN_PROC_PATHNAME, layout.KERN_PROC_CWD,
)  # fmt: skip
#: the numbers that the named lists have
_PROTOCOLS = {
    "net.inet.tcp": (4, 2, 6, 900), "net.inet.udp": (4, 2, 17, 901), "net.inet6.tcp6": (4, 24, 6, 902),
    "net.inet6.udp6": (4, 24, 17, 903), "net.local.stream": (4, 1, 1, 904),
    "net.local.seqpacket": (4, 1, 5, 905), "net.local.dgram": (4, 1, 2, 906),
}  # fmt: skip
LISTS = {f"{name}.pcblist": numbers for name, numbers in _PROTOCOLS.items()}


def process(pid: int, **fields: Any) -> layout.kinfo_proc2:
    """A process with the fields named, and others that do no harm."""
    found = layout.kinfo_proc2(
        p_pid=pid, p_ppid=1, p__pgid=pid, p_sid=pid, p_tpgid=-1, p_tdev=0xFFFFFFFF, p_stat=layout.LSSLEEP,
        p_realstat=2, p_comm=b"program", p_vm_rssize=256, p_vm_tsize=10, p_vm_dsize=20, p_vm_ssize=30,
        p_vm_msize=2560, p_nice=20, p_nlwps=1, p_ustart_sec=BOOT + 1000 + pid, p_priority=43, p_ngroups=1,
    )  # fmt: skip
    for name, value in fields.items():
        setattr(found, name, value)
    return found


def ended(pid: int, **fields: Any) -> layout.kinfo_proc2:
    """A zombie: the kernel tells neither its start nor its memory."""
    known = {"p_stat": layout.SZOMB, "p_realstat": layout.SZOMB, "p_ustart_sec": 0, "p_vm_msize": 0}
    return process(pid, **{**known, **fields})


def descriptor(pid: int, fd: int, **fields: Any) -> layout.kinfo_file:
    """An open descriptor."""
    return layout.kinfo_file(ki_pid=pid, ki_fd=fd, **fields)


def open_socket(pid: int, fd: int, place: int) -> layout.kinfo_file:
    """An open descriptor of the socket at the kernel's address ``place``."""
    return descriptor(pid, fd, ki_ftype=layout.DTYPE_SOCKET, ki_fdata=place, ki_fuid=1001)


def _sockaddr(ip: str, port: int) -> bytes:
    if ":" in ip:
        head = struct.pack("!BBHI", 28, layout.AF_INET6, port, 0)
        return head + socket.inet_pton(socket.AF_INET6, ip)
    return struct.pack("!BBH", 16, layout.AF_INET, port) + socket.inet_aton(ip)


def _block(ends: tuple[bytes, bytes], **fields: Any) -> layout.kinfo_pcb:
    found = layout.kinfo_pcb(**fields)
    for name, raw in zip(("ki_spad", "ki_dpad"), ends, strict=True):
        getattr(found, name)[: len(raw)] = list(raw)
    return found


def block(
    local: tuple[str, int], remote: tuple[str, int], place: int, state: int | None = None
) -> layout.kinfo_pcb:
    """An Internet socket of a protocol's list; with ``state`` of TCP's."""
    return _block(
        (_sockaddr(*local), _sockaddr(*remote)), ki_sockaddr=place, ki_type=2 if state is None else 1,
        ki_family=layout.AF_INET6 if ":" in local[0] else layout.AF_INET, ki_tstate=state or 0, ki_rcvq=7,
        ki_sndq=9,
    )  # fmt: skip


def unix_block(path: bytes, place: int, state: int = 0) -> layout.kinfo_pcb:
    """A UNIX socket."""
    raw = bytes([2 + len(path), layout.AF_UNIX]) + path
    return _block(
        (raw, b""), ki_sockaddr=place, ki_family=layout.AF_UNIX, ki_type=1, ki_sostate=state
    )


class Kernel(bsd.Kernel):
    """What ``libc`` of NetBSD does, as far as the library calls it."""

    process = staticmethod(process)  # type: ignore[assignment]
    media = (layout.ifmediareq, 0x00100020)

    def __init__(self) -> None:
        super().__init__()
        self.processes: dict[int, Any] = {
            60: ended(60, p_comm=b"dead", p_ppid=50),
            0: process(0, p_comm=b"system", p_ppid=0, p_flag=layout.P_SYSTEM),
            1: process(1, p_comm=b"init", p_ppid=0),
            50: process(50, p_comm=b"sh", p_tdev=123, p_uid=1001, p_ruid=1001),
        }
        self.texts: dict[tuple[int, int], bytes | int] = {
            (50, ARGV): b"sh\0a b\0\xff\0\0",
            (50, ENV): b"HOME=/root\0EMPTY=\0broken\0",
            (1, ENV): errno.EPERM,
            (50, PROGRAM): b"/bin/sh\0",
            (50, DIRECTORY): b"/home\0",
            (1, DIRECTORY): errno.EPERM,
            (0, PROGRAM): errno.ENOENT,
            (0, DIRECTORY): b"/\0",
        }
        self.lwps: dict[int, list[layout.kinfo_lwp]] = {}
        self.files: list[layout.kinfo_file] = []
        self.lists: dict[str, list[layout.kinfo_pcb]] = {name: [] for name in LISTS}
        self.devices: list[layout.swapent] = []
        self.disks: list[layout.io_sysctl] = []
        #: how many descriptors are opened each time that their table was sized
        self.opened = 0
        self.arenas: list[int] = []
        self.uvm = layout.uvmexp_sysctl(
            pagesize=4096, npages=10000, free=1000, active=200, inactive=300, wired=400, anonpages=10,
            filepages=20, execpages=30, swtch=1, intrs=2, softs=3, syscalls=4, pgswapin=11, pgswapout=5,
        )  # fmt: skip
        self.numbered: dict[tuple[int, ...], bytes] = {
            (layout.CTL_KERN, layout.KERN_BOOTTIME): struct.pack("=qq", BOOT, 500_000_000),
            (layout.CTL_KERN, layout.KERN_CP_TIME): struct.pack("=5Q", 100, 20, 30, 5, 1000),
            (layout.CTL_KERN, layout.KERN_CP_TIME, 0): struct.pack("=5Q", 60, 10, 20, 3, 500),
            (layout.CTL_KERN, layout.KERN_CP_TIME, 1): struct.pack("=5Q", 40, 10, 10, 2, 500),
            (layout.CTL_KERN, layout.KERN_CLOCKRATE): struct.pack("=5i", 100, 10000, 1, 128, 1024),
            (layout.CTL_HW, layout.HW_NCPU): struct.pack("=i", 2),
        }

    # --- sysctl, as the kernel does it: of some tables it tells how much there is, and of no error

    def sysctl(self, mib: int, count: int, told: int, room: int, given: int, size: int) -> int:
        numbers = tuple((ctypes.c_int * count).from_address(mib))
        if numbers in self.places:
            return self._tell(self.places[numbers], told, room)
        if numbers[:2] == (layout.CTL_KERN, layout.KERN_PROC_ARGS):
            return self._texts(numbers[2], numbers[3], told, room)
        if numbers[:2] == (layout.CTL_KERN, layout.KERN_FILE2):
            assert numbers[4] == ctypes.sizeof(layout.kinfo_file)
            rows = [row for row in self.files if numbers[3] in {-1, 0, row.ki_pid}]
            return self._counted(rows, numbers[5], told, room)
        if numbers[0] == 4:
            name = next(name for name, place in LISTS.items() if place == numbers[:4])
            assert numbers[4:7] == (0, 0, ctypes.sizeof(layout.kinfo_pcb))
            return self._counted(self.lists[name], numbers[7], told, room)
        return self._tell(self._numbered(numbers, given), told, room)

    def _counted(self, rows: list[Any], count: int, told: int | None, room: int) -> int:
        size = ctypes.c_size_t.from_address(room)
        data = b"".join(map(bytes, rows))
        if told is None:
            for _ in range(self.opened):
                self.files.append(descriptor(50, len(self.files)))
        else:
            fits = min(size.value, len(data))
            ctypes.memmove(told, data, fits)
        size.value = len(data)
        return 0

    def _texts(self, pid: int, kind: int, told: int | None, room: int) -> int:
        if kind in {PROGRAM, DIRECTORY}:
            default = errno.EPERM if pid in self.processes else errno.ESRCH
            answer = self.texts.get((pid, kind), default)
            if isinstance(answer, bytes) and told is not None:
                size = ctypes.c_size_t.from_address(room)
                if size.value < len(answer):
                    size.value = len(answer)
                    ctypes.set_errno(errno.ENOSPC)
                    return -1
            return self._tell(answer, told, room)
        answer = self.texts.get((pid, kind), errno.EINVAL)
        if isinstance(answer, int):
            return self._tell(answer, told, room)
        size = ctypes.c_size_t.from_address(room)
        if told is None:
            size.value = ARG_MAX
            return 0
        size.value = min(size.value, len(answer))
        ctypes.memmove(told, answer, size.value)
        return 0

    def sysctlnametomib(self, name: bytes, told: int, count: int) -> int:
        numbers = LISTS.get(name.decode())
        if numbers is None or name.decode() not in self.lists:
            ctypes.set_errno(errno.ENOENT)
            return -1
        (ctypes.c_int * 4).from_address(told)[:] = numbers
        ctypes.c_size_t.from_address(count).value = 4
        return 0

    def _numbered(self, numbers: tuple[int, ...], given: int | None) -> bytes | int:
        if numbers[:2] == (layout.CTL_KERN, layout.KERN_PROC2):
            assert numbers[4] == ctypes.sizeof(layout.kinfo_proc2)
            rows = list(self.processes.values())
            if numbers[2] == layout.KERN_PROC_PID:
                rows = [row for row in rows if row.p_pid == numbers[3]]
            return b"".join(map(bytes, rows))
        if numbers[:2] == (layout.CTL_KERN, layout.KERN_LWP):
            if numbers[2] not in self.processes:
                return errno.ESRCH
            return b"".join(map(bytes, self.lwps.get(numbers[2], [])))
        if numbers[:2] == (layout.CTL_HW, layout.HW_IOSTATS):
            return b"".join(map(bytes, self.disks))
        if numbers == (layout.CTL_VM, layout.VM_UVMEXP2):
            return bytes(self.uvm).ljust(712, b"\0")
        return self.numbered.get(numbers, errno.ENOENT)

    # --- others, by the symbols that the headers make of them

    def __devname50(self, device: int, kind: int) -> int:
        return self.devname(device, kind)

    def __getutxent50(self) -> int:
        return self.getutxent()

    def __getvfsstat90(self, told: int | None, room: int, flags: int) -> int:
        rows: list[Any] = self.mounted
        size = ctypes.sizeof(layout.statvfs)
        if told is None:
            return len(rows)
        for place, row in enumerate(rows[: room // size]):
            ctypes.memmove(told + place * size, bytes(row), size)
        return min(len(rows), room // size)

    def __je_mallctl(self, name: bytes, told: int, size: int, given: int, length: int) -> int:
        if name == b"arenas.narenas":
            ctypes.c_uint.from_address(told).value = 3
            return 0
        if name.startswith(b"arena."):
            self.arenas.append(int(name.split(b".")[1]))
            return 0
        return self.mallctl(name, told, size, given, length)

    def __getattr__(self, name: str) -> Any:
        """Names of C that begin with two underscores, which Python changes in a class."""
        if name.startswith("__") and not name.endswith("__"):
            return getattr(self, f"_Kernel{name}")
        raise AttributeError(name)

    def swapctl(self, request: int, told: int | None, count: int) -> int:
        if request == layout.SWAP_STATS and told:
            size = ctypes.sizeof(layout.swapent)
            for place, device in enumerate(self.devices[:count]):
                ctypes.memmove(told + place * size, bytes(device), size)
        return len(self.devices)


def add_sockets(kernel: Kernel) -> None:
    """Sockets of every kind, most of them with a process."""
    kernel.lists["net.inet.tcp.pcblist"] = [
        block(("0.0.0.0", 22), ("0.0.0.0", 0), 0x100, 1),
        block(("10.0.0.1", 22), ("10.0.0.2", 5555), 0x200, 4),
        block(("10.0.0.1", 22), ("10.0.0.3", 6666), 0x400, 10),
    ]
    kernel.lists["net.inet6.udp6.pcblist"] = [block(("::1", 53), ("::", 0), 0x300)]
    kernel.lists["net.local.stream.pcblist"] = [
        unix_block(b"/var/run/x\0", 0x500, layout.SS_ISCONNECTED),
        unix_block(b"", 0x600, layout.SS_ISCONNECTING),
    ]
    kernel.files += [
        open_socket(1, 3, 0x100), open_socket(50, 4, 0x200), open_socket(50, 5, 0x300),
        open_socket(1, 6, 0x500), open_socket(50, 7, 0x500), descriptor(1, 8, ki_ftype=layout.DTYPE_VNODE),
    ]  # fmt: skip


def libraries() -> dict[str, object]:
    """For ``elsewhere.run``."""
    kernel = Kernel()
    kernel.processes[os.getpid()] = process(os.getpid(), p_comm=b"python", p_uid=os.geteuid())
    add_sockets(kernel)
    kernel.mounted = [
        layout.statvfs(f_fstypename=b"ffs", f_mntfromname=b"/dev/sd0a", f_mntonname=b"/")
    ]  # type: ignore[list-item]
    data: Any = layout.if_data(ifi_type=6, ifi_mtu=1500, ifi_ibytes=3, ifi_obytes=4)
    link = struct.pack("=BBHBBBB", 54, layout.AF_LINK, 1, 6, 3, 6, 0) + b"em0\x02\0\0\0\0\x01"
    inet = b"\x10\x02\0\0\x0a\0\0\x01".ljust(16, b"\0")
    kernel.links = [
        ("em0", 0x8843, link.ljust(54, b"\0"), data),
        ("em0", 0x8843, inet, None),
    ]
    return {"c": kernel}
