"""A FreeBSD kernel of the test's own: a C library that answers from tables of bytes."""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import struct
from ctypes import memmove, sizeof
from typing import Any

from sysutils.core.freebsd import layout
from sysutils.core.posix.ifaddrs import ifaddrs

BOOT = 1_700_000_000
PAGE = 4096


def process(pid: int, **fields: Any) -> layout.kinfo_proc:
    """A process with the fields named, and others that do no harm."""
    found = layout.kinfo_proc(
        ki_structsize=sizeof(layout.kinfo_proc), ki_pid=pid, ki_ppid=1, ki_pgid=pid, ki_sid=pid,
        ki_tpgid=-1, ki_tdev=(1 << 64) - 1, ki_stat=bytes([layout.SSLEEP]), ki_comm=b"program",
        ki_size=10 << 20, ki_rssize=256, ki_numthreads=1, ki_tid=100000 + pid, ki_oncpu=-1, ki_ngroups=1,
    )  # fmt: skip
    found.ki_start = layout.timeval(BOOT + 1000 + pid, 0)
    found.ki_pri.pri_level = 120
    for name, value in fields.items():
        setattr(found, name, value)
    return found


def file_record(path: bytes, **fields: Any) -> bytes:
    """A ``kinfo_file`` as long as its path needs, as the kernel packs them."""
    data = path + b"\0"
    size = -(-(layout.KF_PATH + len(data)) // 8) * 8
    found = layout.kinfo_file(kf_structsize=size, **fields)
    return bytes(found)[: layout.KF_PATH] + data.ljust(size - layout.KF_PATH, b"\0")


def vnode(path: bytes, fd: int, kind: int = layout.VREG) -> bytes:
    """An open file."""
    found = layout.kinfo_file(kf_type=layout.KF_TYPE_VNODE, kf_fd=fd)
    found.kf_un.kf_file.kf_file_type = kind
    return file_record(path, kf_type=layout.KF_TYPE_VNODE, kf_fd=fd, kf_un=found.kf_un)


def sockaddr(ip: str, port: int) -> layout.sockaddr_storage:
    """An address of an Internet socket."""
    if ":" in ip:
        raw = struct.pack("!BBHI", 28, layout.AF_INET6, port, 0) + socket.inet_pton(
            socket.AF_INET6, ip
        )
    else:
        raw = struct.pack("!BBH", 16, layout.AF_INET, port) + socket.inet_aton(ip)
    return layout.sockaddr_storage.from_buffer_copy(raw.ljust(128, b"\0"))


def open_socket(fd: int, local: tuple[str, int], remote: tuple[str, int], pcb: int = 0) -> bytes:
    """An open TCP socket."""
    found = layout.kinfo_file()
    end = found.kf_un.kf_sock
    end.kf_sock_domain0 = layout.AF_INET6 if ":" in local[0] else layout.AF_INET
    end.kf_sock_type0, end.kf_sock_pcb = 1, pcb
    end.kf_sa_local, end.kf_sa_peer = sockaddr(*local), sockaddr(*remote)
    return file_record(b"", kf_type=layout.KF_TYPE_SOCKET, kf_fd=fd, kf_un=found.kf_un)


def block(
    local: tuple[str, int], remote: tuple[str, int], so: int, pcb: int = 0, state: int | None = None
) -> bytes:
    """An Internet socket of a protocol's list; with ``state`` of TCP's."""
    six = ":" in local[0]
    found = layout.xinpcb(xi_len=400, inp_vflag=layout.INP_IPV6 if six else layout.INP_IPV4)
    ends = found.inp_inc.inc_ie
    ends.ie_lport, ends.ie_fport = socket.htons(local[1]), socket.htons(remote[1])
    for name, (ip, _) in (("ie6_laddr", local), ("ie6_faddr", remote)):
        raw = socket.inet_pton(socket.AF_INET6, ip) if six else bytes(12) + socket.inet_aton(ip)
        getattr(ends, name)[:] = list(raw)
    found.xi_socket.xso_so, found.xi_socket.so_pcb, found.xi_socket.so_uid = so, pcb, 1001
    found.xi_socket.so_rcv.sb_cc, found.xi_socket.so_snd.sb_cc, found.xi_socket.so_qlen = 7, 9, 2
    if state is None:
        return bytes(found)[:400].ljust(400, b"\0")
    whole = layout.xtcpcb(xt_len=744, xt_inp=found, t_state=state)
    return bytes(whole).ljust(744, b"\0")


def blocks(*rows: bytes) -> bytes:
    """A protocol's list with its head and its end."""
    head = struct.pack("=QIIQQ", 64, len(rows), 0, 1, 1).ljust(64, b"\0")
    return head + b"".join(rows) + head


class Kernel:
    """What ``libc`` of FreeBSD does, as far as the library calls it."""

    #: makes those that appear
    process = staticmethod(process)

    def __init__(self) -> None:
        self.processes = {
            0: process(0, ki_comm=b"kernel", ki_size=0, ki_ppid=0),
            1: process(1, ki_comm=b"init", ki_ppid=0),
            50: process(50, ki_comm=b"sh", ki_ppid=1, ki_tdev=123, ki_uid=1001, ki_ruid=1001),
            60: process(60, ki_comm=b"dead", ki_ppid=50, ki_stat=bytes([layout.SZOMB]), ki_size=0),
        }
        #: (kind of kern.proc, pid) -> bytes, or the error number
        self.about: dict[tuple[int, int], bytes | int] = {
            (layout.KERN_PROC_ARGS, 1): b"/sbin/init\0--\0",
            (layout.KERN_PROC_ARGS, 50): b"-sh\0a b\0\xff\0",
            (layout.KERN_PROC_ARGS, 0): b"",
            (layout.KERN_PROC_ARGS, 60): b"",
            (layout.KERN_PROC_PATHNAME, 50): b"/bin/sh\0",
            (layout.KERN_PROC_PATHNAME, 0): errno.ENOENT,
            (layout.KERN_PROC_ENV, 50): b"HOME=/root\0EMPTY=\0broken\0",
            (layout.KERN_PROC_ENV, 1): errno.EPERM,
            (layout.KERN_PROC_CWD, 50): file_record(b"/usr/home"),
            (layout.KERN_PROC_NFDS, 50): struct.pack("=i", 4),
        }
        #: what is told at a place before all else: bytes, or the error number
        self.places: dict[tuple[int, ...], bytes | int] = {}
        self.named: dict[str, bytes] = {
            "kern.boottime": struct.pack("=qq", BOOT, 500_000),
            "kern.cp_time": struct.pack("=5q", 100, 20, 30, 5, 1000),
            "kern.cp_times": struct.pack("=10q", 60, 10, 20, 3, 500, 40, 10, 10, 2, 500),
            "kern.clockrate": struct.pack("=5i", 1000, 1000, 0, 127, 8128),
            "hw.ncpu": struct.pack("=i", 2),
            "hw.physmem": struct.pack("=q", 8 << 30),
            "vm.vmtotal": bytes(layout.vmtotal(t_vmshr=100, t_rmshr=50)),
            "vfs.bufspace": struct.pack("=q", 12345),
            "kern.devstat.all": struct.pack("=q", 1),
            "kern.file": b"",
            "net.inet.tcp.pcblist": blocks(),
            "net.inet.udp.pcblist": blocks(),
            **{f"net.local.{kind}.pcblist": blocks() for kind in ("stream", "dgram", "seqpacket")},
        }
        for name, pages in {"free": 1000, "active": 200, "inactive": 300, "wire": 400}.items():
            self.named[f"vm.stats.vm.v_{name}_count"] = struct.pack("=I", pages)
        for name, count in {"v_swtch": 1, "v_intr": 2, "v_soft": 3, "v_syscall": 4}.items():
            self.named[f"vm.stats.sys.{name}"] = struct.pack("=Q", count)
        self.threads: dict[int, list[layout.kinfo_proc]] = {}
        self.swap: list[layout.xswdev] = []
        self.limits: dict[tuple[int, int], tuple[int, int]] = {}
        self.affinity = {50: 0b11}
        self.mounted: list[layout.statfs] = []
        self.sessions: list[layout.utmpx] = []
        self.links: list[tuple[str, int, bytes, layout.if_data | None]] = []
        #: how many processes appear each time that the table was sized
        self.births = 0
        self._kept: list[Any] = []
        self._session = 0

    # --- sysctl

    def sysctl(self, mib: int, count: int, told: int, room: int, given: int, size: int) -> int:
        numbers = tuple((ctypes.c_int * count).from_address(mib))
        answer = self.places.get(numbers)
        if answer is None:
            answer = self._numbered(numbers, given)
        return self._tell(answer, told, room)

    def sysctlbyname(self, name: bytes, told: int, room: int, given: int, size: int) -> int:
        return self._tell(self.named.get(name.decode(), errno.ENOENT), told, room)

    def sysctlnametomib(self, name: bytes, told: int, count: int) -> int:
        assert name == b"vm.swap_info"
        (ctypes.c_int * 2).from_address(told)[:] = [2, 77]
        ctypes.c_size_t.from_address(count).value = 2
        return 0

    def _numbered(self, numbers: tuple[int, ...], given: int | None) -> bytes | int:
        if numbers[:2] == (2, 77):
            return bytes(self.swap[numbers[2]]) if numbers[2] < len(self.swap) else errno.ENOENT
        kind, pid = numbers[2], numbers[3] if len(numbers) > 3 else 0
        if kind == layout.KERN_PROC_PROC:
            return b"".join(map(bytes, self.processes.values()))
        if pid not in self.processes:
            return errno.ESRCH
        if kind == layout.KERN_PROC_PID:
            return bytes(self.processes[pid])
        if kind == layout.KERN_PROC_PID | layout.KERN_PROC_INC_THREAD:
            return b"".join(map(bytes, self.threads.get(pid, [self.processes[pid]])))
        if kind == layout.KERN_PROC_RLIMIT:
            if given:
                limits = layout.rlimit.from_address(given)
                self.limits[pid, numbers[4]] = limits.rlim_cur, limits.rlim_max
            return bytes(layout.rlimit(*self.limits.get((pid, numbers[4]), (1, 2))))
        return self.about.get((kind, pid), errno.EPERM)

    def _tell(self, answer: bytes | int, told: int | None, room: int | None) -> int:
        if isinstance(answer, int):
            ctypes.set_errno(answer)
            return -1
        if room is None:
            return 0
        size = ctypes.c_size_t.from_address(room)
        if told is None:
            size.value = len(answer)
            for _ in range(self.births):
                pid = max(self.processes) + 1
                self.processes[pid] = self.process(pid)
            return 0
        fits = size.value >= len(answer)
        memmove(told, answer, min(size.value, len(answer)))
        size.value = min(size.value, len(answer))
        if not fits:
            ctypes.set_errno(errno.ENOMEM)
        return 0 if fits else -1

    # --- others

    def devname(self, device: int, kind: int) -> int:
        name = {123: b"pts/0", 5: b"#C5:5"}.get(device, b"#C:0x7")
        self._kept.append(ctypes.create_string_buffer(name))
        return ctypes.addressof(self._kept[-1])

    def cpuset_getaffinity(self, level: int, which: int, pid: int, size: int, mask: int) -> int:
        assert (level, which, size) == (3, 2, 128)
        if pid not in self.affinity:
            ctypes.set_errno(errno.ESRCH)
            return -1
        ctypes.c_uint64.from_address(mask).value = self.affinity[pid]
        return 0

    def cpuset_setaffinity(self, level: int, which: int, pid: int, size: int, mask: int) -> int:
        self.affinity[pid] = ctypes.c_uint64.from_address(mask).value
        return 0

    def getfsstat(self, told: int | None, room: int, flags: int) -> int:
        if told is None:
            return len(self.mounted)
        count = min(room // sizeof(layout.statfs), len(self.mounted))
        for place in range(count):
            memmove(
                told + place * sizeof(layout.statfs),
                bytes(self.mounted[place]),
                sizeof(layout.statfs),
            )
        return count

    def setutxent(self) -> None:
        self._session = 0

    def getutxent(self) -> int:
        if self._session >= len(self.sessions):
            return 0
        self._session += 1
        return ctypes.addressof(self.sessions[self._session - 1])

    def endutxent(self) -> None:
        self._session = 0

    def getifaddrs(self, first: int) -> int:
        place = None
        for name, flags, address, data in reversed(self.links):
            kept = [
                ctypes.create_string_buffer(address),
                ctypes.create_string_buffer(name.encode()),
            ]
            entry = ifaddrs(place, ctypes.addressof(kept[1]) and name.encode(), flags)
            entry.ifa_addr = ctypes.addressof(kept[0])
            if data is not None:
                entry.ifa_data = ctypes.addressof(data)
            self._kept += [*kept, entry, data]
            place = ctypes.addressof(entry)
        ctypes.c_void_p.from_address(first).value = place
        return 0

    def freeifaddrs(self, first: int) -> None:
        self._kept.clear()

    #: ``struct ifmediareq``, and what is active of em0's media
    media: tuple[Any, int] = (layout.ifmediareq, 0x00100020)

    def ioctl(self, descriptor: int, request: int, place: int) -> int:
        kind, active = self.media
        asked = kind.from_address(place)
        if asked.ifm_name != b"em0":
            ctypes.set_errno(errno.EINVAL)
            return -1
        asked.ifm_active = active
        return 0

    def mallctl(self, name: bytes, told: int, size: int, given: int, length: int) -> int:
        if told:
            ctypes.c_size_t.from_address(told).value = {
                b"stats.allocated": 1000,
                b"stats.mapped": 4000,
            }[name]
        return 0


def libraries() -> dict[str, object]:
    """For ``elsewhere.run``."""
    kernel = Kernel()
    kernel.processes[os.getpid()] = process(os.getpid(), ki_comm=b"python", ki_uid=os.geteuid())
    kernel.mounted = [
        layout.statfs(f_fstypename=b"ffs", f_mntfromname=b"/dev/sd0a", f_mntonname=b"/")
    ]
    data: Any = layout.if_data(ifi_type=6, ifi_mtu=1500, ifi_ibytes=3, ifi_obytes=4)
    link = struct.pack("=BBHBBBB", 54, layout.AF_LINK, 1, 6, 3, 6, 0) + b"em0\x02\0\0\0\0\x01"
    inet = b"\x10\x02\0\0\x0a\0\0\x01".ljust(16, b"\0")
    kernel.links = [
        ("em0", 0x8843, link.ljust(54, b"\0"), data),
        ("em0", 0x8843, inet, None),
    ]
    return {"c": kernel}


def add_sockets(kernel: Kernel) -> None:
    """Sockets of every kind, most of them with a process."""
    kernel.named["net.inet.tcp.pcblist"] = blocks(
        block(("0.0.0.0", 22), ("0.0.0.0", 0), 0x100, 0x900, state=1),
        block(("10.0.0.1", 22), ("10.0.0.2", 5555), 0x200, 0x901, state=4),
        block(("::1", 80), ("::", 0), 0x300, 0x902, state=1),
        block(("10.0.0.1", 22), ("10.0.0.3", 6666), 0x400, 0x903, state=10),
    )
    kernel.named["net.inet.udp.pcblist"] = blocks(block(("127.0.0.1", 53), ("0.0.0.0", 0), 0x500))
    unix = layout.xunpcb(xu_len=ctypes.sizeof(layout.xunpcb), unp_conn=0)
    unix.xu_addr[:14] = list(b"\x0e\x01/var/run/x\0\0")
    unix.xu_socket.xso_so, unix.xu_socket.so_type = 0x600, 1
    kernel.named["net.local.stream.pcblist"] = blocks(bytes(unix))
    kernel.named["kern.file"] = b"".join(
        bytes(layout.xfile(xf_size=128, xf_pid=pid, xf_fd=fd, xf_type=2, xf_data=so))
        for pid, fd, so in (
            (1, 3, 0x100),
            (50, 4, 0x200),
            (60, 5, 0x300),
            (1, 6, 0x600),
            (50, 7, 0x500),
        )
    )


def with_sockets() -> dict[str, object]:
    """For ``elsewhere.run``."""
    kernel = Kernel()
    add_sockets(kernel)
    return {"c": kernel}
