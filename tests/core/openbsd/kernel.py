"""An OpenBSD kernel of the test's own: a C library that answers from tables of bytes."""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import struct
from typing import Any

from sysutils.core.openbsd import layout
from tests.core.freebsd import kernel as bsd

BOOT = bsd.BOOT


def process(pid: int, **fields: Any) -> layout.kinfo_proc:
    """A process with the fields named, and others that do no harm."""
    found = layout.kinfo_proc(
        p_pid=pid, p_ppid=1, p__pgid=pid, p_sid=pid, p_tpgid=-1, p_tdev=0xFFFFFFFF, p_stat=layout.SSLEEP,
        p_comm=b"program", p_vm_rssize=256, p_vm_tsize=10, p_vm_dsize=20, p_vm_ssize=30, p_nice=20, p_tid=-1,
        p_ustart_sec=BOOT + 1000 + pid, p_priority=50, p_ngroups=1,
    )  # fmt: skip
    for name, value in fields.items():
        setattr(found, name, value)
    return found


def descriptor(pid: int, fd: int, **fields: Any) -> layout.kinfo_file:
    """An open descriptor."""
    return layout.kinfo_file(p_pid=pid, fd_fd=fd, p_comm=b"sh", **fields)


def open_socket(
    pid: int,
    fd: int,
    local: tuple[str, int],
    remote: tuple[str, int],
    state: int | None,
    place: int,
) -> layout.kinfo_file:
    """An open Internet socket, of TCP with a ``state``."""
    six = ":" in local[0]
    found = descriptor(
        pid, fd, f_type=layout.DTYPE_SOCKET, so_family=layout.AF_INET6 if six else layout.AF_INET,
        so_type=2 if state is None else 1, t_state=state or 0, f_data=place, so_rcv_cc=7, so_snd_cc=9,
        inp_lport=socket.htons(local[1]), inp_fport=socket.htons(remote[1]),
    )  # fmt: skip
    for name, (ip, _) in (("inp_laddru", local), ("inp_faddru", remote)):
        raw = (
            socket.inet_pton(socket.AF_INET6, ip) if six else socket.inet_aton(ip).ljust(16, b"\0")
        )
        getattr(found, name)[:] = struct.unpack("=4I", raw)
    return found


def pointers(*texts: bytes) -> bytes:
    """What ``kern.procargs`` tells: pointers to texts, then the texts."""
    return (
        struct.pack(f"={len(texts)}Q", *range(1, len(texts) + 1))
        + bytes(8)
        + b"".join(text + b"\0" for text in texts)
    )


class Kernel(bsd.Kernel):
    """What ``libc`` of OpenBSD does, as far as the library calls it."""

    media = (layout.ifmediareq, 0x0000010000000026)

    def __init__(self) -> None:
        super().__init__()
        self.processes: dict[int, Any] = {
            1: process(1, p_comm=b"init", p_ppid=0),
            50: process(50, p_comm=b"sh", p_tdev=123, p_uid=1001, p_ruid=1001),
            60: process(60, p_comm=b"dead", p_ppid=50, p_stat=layout.SDEAD),
        }
        self.texts: dict[tuple[int, int], bytes | int] = {
            (50, layout.KERN_PROC_ARGV): pointers(b"sh", b"a b", b"\xff", b""),
            (50, layout.KERN_PROC_ENV): pointers(b"HOME=/root", b"EMPTY=", b"broken"),
            (1, layout.KERN_PROC_ENV): errno.EPERM,
        }
        self.directories: dict[int, bytes | int] = {50: b"/home\0", 1: errno.EPERM}
        self.files: list[layout.kinfo_file] = []
        self.devices: list[layout.swapent] = []
        uvm = layout.uvmexp(
            pagesize=4096, free=1000, active=200, inactive=300, wired=400, swtch=1, intrs=2, softs=3,
            syscalls=-1, pgswapin=11, pgswapout=5,
        )  # fmt: skip
        self.numbered: dict[tuple[int, ...], bytes] = {
            (layout.CTL_KERN, layout.KERN_BOOTTIME): struct.pack("=qq", BOOT, 500_000),
            (layout.CTL_KERN, layout.KERN_CPTIME): struct.pack("=6q", 100, 20, 30, 40, 5, 1000),
            (layout.CTL_KERN, layout.KERN_CPTIME2, 0): struct.pack("=6Q", 60, 10, 20, 1, 3, 500),
            (layout.CTL_KERN, layout.KERN_CPTIME2, 1): struct.pack("=6Q", 40, 10, 10, 1, 2, 500),
            (layout.CTL_KERN, layout.KERN_CLOCKRATE): struct.pack("=4i", 100, 10000, 128, 1024),
            (layout.CTL_HW, layout.HW_NCPU): struct.pack("=i", 2),
            (layout.CTL_HW, layout.HW_NCPUONLINE): struct.pack("=i", 2),
            (layout.CTL_HW, layout.HW_CPUSPEED): struct.pack("=i", 2400),
            (layout.CTL_HW, layout.HW_PHYSMEM64): struct.pack("=q", 8 << 30),
            (layout.CTL_HW, layout.HW_DISKSTATS): b"",
            (layout.CTL_VM, layout.VM_UVMEXP): bytes(uvm).ljust(344, b"\0"),
            (layout.CTL_VM, layout.VM_METER): bytes(layout.vmtotal(t_vmshr=100, t_rmshr=50)),
            (layout.CTL_VFS, layout.VFS_GENERIC, layout.VFS_BCACHESTAT): bytes(
                layout.bcachestats(10, 50)
            ).ljust(144, b"\0"),
        }

    #: each of the process 50
    mappings: list[bytes] = []

    def sysctl(self, mib: int, count: int, told: int, room: int, given: int, size: int) -> int:
        numbers = tuple((ctypes.c_int * count).from_address(mib))
        if numbers[:2] != (layout.CTL_KERN, layout.KERN_PROC_VMMAP) or numbers in self.places:
            return super().sysctl(mib, count, told, room, given, size)
        start = layout.kinfo_vmentry.from_address(told).kve_start
        rows = [
            row
            for row in self.mappings
            if numbers[2] == 50 and layout.kinfo_vmentry.from_buffer_copy(row).kve_start >= start
        ]
        length = ctypes.c_size_t.from_address(room)
        data = b"".join(rows)[: length.value]
        ctypes.memmove(told, data, len(data))
        length.value = len(data)
        return 0

    def _numbered(self, numbers: tuple[int, ...], given: int | None) -> bytes | int:
        kind = numbers[1]
        if numbers[0] == layout.CTL_KERN and kind == layout.KERN_PROC:
            return self._processes(numbers[2], numbers[3])
        if numbers[0] == layout.CTL_KERN and kind == layout.KERN_FILE:
            rows = [row for row in self.files if numbers[3] in {-1, row.p_pid}]
            return b"".join(map(bytes, rows))
        if numbers[0] == layout.CTL_KERN and kind == layout.KERN_PROC_ARGS:
            return self.texts.get((numbers[2], numbers[3]), errno.ESRCH)
        if numbers[0] == layout.CTL_KERN and kind == layout.KERN_PROC_CWD:
            return self.directories.get(numbers[2], errno.ESRCH)
        return self.numbered.get(numbers, errno.EOPNOTSUPP)

    def _processes(self, kind: int, which: int) -> bytes:
        if kind == layout.KERN_PROC_ALL:
            return b"".join(map(bytes, self.processes.values()))
        if which not in self.processes:
            return b""
        rows = [self.processes[which]]
        if kind & layout.KERN_PROC_SHOW_THREADS:
            rows += self.threads.get(which, [])
        return b"".join(map(bytes, rows))

    def swapctl(self, request: int, told: int | None, count: int) -> int:
        if request == layout.SWAP_STATS and told:
            size = ctypes.sizeof(layout.swapent)
            for place, device in enumerate(self.devices[:count]):
                ctypes.memmove(told + place * size, bytes(device), size)
        return len(self.devices)

    def getfsstat(self, told: int | None, room: int, flags: int) -> int:
        rows: list[Any] = self.mounted
        size = ctypes.sizeof(layout.statfs)
        if told is None:
            return len(rows)
        for place, row in enumerate(rows[: room // size]):
            ctypes.memmove(told + place * size, bytes(row), size)
        return min(len(rows), room // size)


def libraries() -> dict[str, object]:
    """For ``elsewhere.run``."""
    kernel = Kernel()
    kernel.processes[os.getpid()] = process(os.getpid(), p_comm=b"python", p_uid=os.geteuid())
    kernel.files = [open_socket(50, 3, ("10.0.0.1", 22), ("10.0.0.2", 5555), 4, 0x100)]
    kernel.mounted = [
        layout.statfs(f_fstypename=b"ffs", f_mntfromname=b"/dev/sd0a", f_mntonname=b"/")
    ]  # type: ignore[list-item]
    data: Any = layout.if_data(ifi_type=6, ifi_mtu=1500, ifi_ibytes=3, ifi_obytes=4)
    link = struct.pack("=BBHBBBB", 54, layout.AF_LINK, 1, 6, 3, 6, 0) + b"em0\x02\0\0\0\0\x01"
    inet = b"\x10\x02\0\0\x0a\0\0\x01".ljust(16, b"\0")
    kernel.links = [
        ("em0", 0x8843, link.ljust(54, b"\0"), data),
        ("em0", 0x8843, inet, None),
    ]
    return {"c": kernel}
