"""A Mac: the C library of macOS over processes, sockets and figures that a test makes.

Structures come from ``tests/abi/fixtures``, as a compiler laid them out by macOS' own headers, and are
changed by our declarations, which ``tests/abi/pins`` hold. ``libraries()`` is one for ``elsewhere.run``."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from typing import Any

from sysutils.core.darwin import disk, host, kinfo, libproc, regions
from sysutils.core.darwin.pid_records import KERN_ARGMAX, KERN_PROCARGS2
from tests.abi.pinned import fixture
from tests.support import mac_frameworks
from tests.support.mac_mach import Mach

TARGET = "x86_64-macos"
BOOT = 1_699_990_000
ARGMAX = 65536
NODEV = -1
#: whether this machine lays structures out as a Mac does
LIKE_A_MAC = ctypes.sizeof(ctypes.c_long) == 8 and sys.byteorder == "little"


def made(name: str, kind: Any) -> Any:
    """A structure of ours with the bytes of a fixture."""
    return kind.from_buffer_copy(fixture(TARGET, name))


class Proc:
    """One process of the Mac."""

    def __init__(self, pid: int, ppid: int = 1, name: str = "python3.12", **more: Any) -> None:
        self.kinfo = made("kinfo_proc", kinfo.kinfo_proc)
        outer, inner = self.kinfo.kp_eproc, self.kinfo.kp_proc
        inner.p_pid, outer.e_ppid, inner.p_comm = pid, ppid, name.encode()
        inner.p_stat = more.get("stat", kinfo.SRUN)
        outer.e_pgid = more.get("pgrp", pid)
        outer.e_tpgid = more.get("tpgid", outer.e_pgid)
        outer.e_tdev = more.get("tdev", 0x10000003)
        inner.p_starttime.tv_sec = more.get("started", 1_700_000_000)
        outer.e_pcred.p_ruid = outer.e_ucred.cr_uid = more.get("uid", 501)
        inner.p_nice = more.get("nice", 0)
        self.pid = pid
        self.arguments: list[bytes] = more.get("arguments", [f"/usr/bin/{name}".encode(), b"-V"])
        self.environment: list[bytes] = more.get("environment", [b"HOME=/Users/me", b"A=b=c"])
        self.path: bytes | int = more.get("path", f"/usr/bin/{name}".encode())
        self.task = made("proc_taskinfo", libproc.proc_taskinfo)
        self.task.pti_numrunning = more.get("running", 0)
        self.threads = {
            handle + pid: made("proc_threadinfo", libproc.proc_threadinfo)
            for handle in (0x800000, 0x700000)  # the first is the main one
        }
        self.threads[0x800000 + pid].pth_name = b""
        #: descriptor -> kind, the structure that tells it, or an error's number
        self.files: dict[int, tuple[int, Any]] = more.get("files", {})
        #: what the kernel answers to those who may not know: an error's number
        self.denied: int = more.get("denied", 0)
        #: resident pages by region: private, shared, how, by how many
        #: bytes read and written more at each look, and so far
        self.moves: tuple[int, int] = more.get("moves", (0, 0))
        self.moved = (0, 0)
        self.regions: list[tuple[int, int, int, int]] = more.get("regions", [(10, 2, 2, 1)])

    @property
    def zombie(self) -> bool:
        """Whether it has ended."""
        return bool(self.kinfo.kp_proc.p_stat == kinfo.SZOMB)


def socket_file(name: str) -> tuple[int, Any]:
    """A descriptor of a socket, by the name of a fixture."""
    return libproc.PROX_FDTYPE_SOCKET, made(name, libproc.socket_fdinfo)


def pipe_end(handle: int, peer: int, flags: int) -> tuple[int, Any]:
    """A descriptor of one end of a pipe."""
    found = made("pipe", libproc.pipe_fdinfo)
    found.pfi.fi_openflags = flags
    found.pipeinfo.pipe_handle, found.pipeinfo.pipe_peerhandle = handle, peer
    return libproc.PROX_FDTYPE_PIPE, found


def plain_file(path: str = "/Users/me/notes.txt", mode: int = 0o100644) -> tuple[int, Any]:
    """A descriptor of a file."""
    found = made("file", libproc.vnode_fdinfowithpath)
    found.pvip.vip_path = path.encode()
    found.pvip.vip_vi.vi_stat.vst_mode = mode
    return libproc.PROX_FDTYPE_VNODE, found


def _fail(code: int) -> int:
    ctypes.set_errno(code)
    return -1


class Mac(Mach):
    """The C library. ``processes`` by pid; ``names`` are answers of sysctl by name."""

    def __init__(self, *processes: Proc) -> None:
        super().__init__()
        self.processes = {one.pid: one for one in processes}
        self.names: dict[str, bytes] = {
            "hw.memsize": struct.pack("q", 8 << 30), "hw.pagesize": struct.pack("q", 4096),
            "hw.logicalcpu": struct.pack("i", 8), "hw.physicalcpu": struct.pack("i", 4),
            "hw.ncpu": struct.pack("i", 8), "vm.loadavg": fixture(TARGET, "loadavg"),
            "kern.ostype": b"Darwin\0", "kern.hostname": b"mac.local\0", "kern.osrelease": b"25.0.0\0",
            "kern.version": b"Darwin Kernel Version 25.0.0\0", "hw.machine": b"x86_64\0",
        }  # fmt: skip
        self.places: dict[tuple[int, ...], bytes] = {
            (1, 21): fixture(TARGET, "boottime"), (2, 5): fixture(TARGET, "swap"),
            (1, KERN_ARGMAX): struct.pack("i", ARGMAX),
            (4, 17, 0, 0, 6, 0): fixture(TARGET, "interfaces"),
            (4, 17, 0, 2, 7, 0): fixture(TARGET, "routes"),
            (4, 17, 0, 30, 7, 0): fixture(TARGET, "routes6"),
        }  # fmt: skip
        #: the policy of I/O of the program itself
        self.policy = 0
        self.groups = fixture(TARGET, "groups")
        self.names.update(statistics())
        self.mounts = fixture(TARGET, "statfs")
        self.sessions = fixture(TARGET, "utmpx")
        self.addresses: list[tuple[bytes, int, bytes, bytes, bytes]] = []
        self.terminals = {0x10000003: b"ttys003"}
        self.zones = [(1000, 4096), (24, 512)]
        self.calls: list[str] = []
        self.region_size = 0x4000
        #: called before each answer of a table, to let it grow or vanish
        self.meanwhile: Any = lambda: None
        self._kept: list[Any] = []
        setattr(self, "getfsstat$INODE64", self._getfsstat)

    # ---- sysctl

    def sysctl(self, mib: int, count: int, old: int, size: int, _new: int, _length: int) -> int:
        numbers = tuple((ctypes.c_int * count).from_address(mib))
        self.calls.append(f"sysctl{numbers}")
        data = self._place(numbers)
        return _fail(data) if isinstance(data, int) else self._answer(data, old, size)

    def sysctlbyname(self, name: bytes, old: int, size: int, _new: int, _length: int) -> int:
        self.calls.append(name.decode())
        data = self.names.get(name.decode())
        return _fail(errno.ENOENT) if data is None else self._answer(data, old, size)

    def _answer(self, data: bytes, old: int, size: int) -> int:
        room = ctypes.c_size_t.from_address(size)
        if not old:
            room.value = len(data)
            self.meanwhile()
            return 0
        if room.value < len(data):
            return _fail(errno.ENOMEM)
        ctypes.memmove(old, data, len(data))
        room.value = len(data)
        return 0

    def _place(self, numbers: tuple[int, ...]) -> bytes | int:
        if numbers[:3] == (1, 14, 0):
            return b"".join(bytes(one.kinfo) for one in reversed(self.processes.values()))
        if numbers[:3] == (1, 14, 1):
            found = self.processes.get(numbers[3])
            return bytes(found.kinfo) if found else b""
        if numbers[:2] == (1, KERN_PROCARGS2):
            return self._procargs(self.processes.get(numbers[2]))
        return self.places.get(numbers, errno.ENOENT)

    def _procargs(self, found: Proc | None) -> bytes | int:
        if found is None or found.zombie or found.denied:
            return errno.EINVAL
        path = found.path if isinstance(found.path, bytes) else b""
        words = [
            path + b"\0\0\0\0",
            *(word + b"\0" for word in found.arguments + found.environment),
        ]
        return struct.pack("i", len(found.arguments)) + b"".join(words) + b"\0"

    # ---- libproc

    def _known(self, pid: int) -> Any:
        """The process, or the number of an error."""
        found = self.processes.get(pid)
        if found is None or found.zombie:
            return errno.ESRCH
        return found.denied or found

    def proc_pidinfo(self, pid: int, flavor: int, argument: int, buffer: int, size: int) -> int:
        self.calls.append(f"proc_pidinfo({pid}, {flavor})")
        found = self._known(pid)
        if isinstance(found, int):
            _fail(found)
            return 0
        if flavor == libproc.PROC_PIDLISTFDS:
            rows = [libproc.proc_fdinfo(fd, kind) for fd, (kind, _) in found.files.items()]
            return self._table(b"".join(map(bytes, rows)), buffer, size, 8)
        if flavor == libproc.PROC_PIDLISTTHREADS:
            return self._table(
                struct.pack(f"{len(found.threads)}Q", *found.threads), buffer, size, 8
            )
        if flavor == libproc.PROC_PIDREGIONPATHINFO:
            return self._structure(self._region(found, argument), buffer, size)
        told = {
            libproc.PROC_PIDTASKINFO: found.task,
            libproc.PROC_PIDVNODEPATHINFO: made("proc_vnodepathinfo", libproc.proc_vnodepathinfo),
            libproc.PROC_PIDTHREADINFO: found.threads.get(argument),
        }[flavor]
        return self._structure(told, buffer, size)

    def _region(self, found: Proc, address: int) -> Any:
        """The first region at or after an address: the program, then a library, in two pieces each, then
        memory of malloc(3), a stack, and memory that is shared."""
        dyld = b"/usr/lib/dyld"
        paths = [
            (1, found.path),
            (1, found.path),
            (2, dyld),
            (2, dyld),
            (0, b""),
            (0, b""),
            (0, b""),
        ]
        place = address // 0x4000
        if place >= len(paths):
            return errno.EINVAL
        region = made("region", regions.proc_regionwithpathinfo)
        inode, path = paths[place]
        told = region.prp_prinfo
        told.pri_user_tag = {4: 2, 5: 30}.get(place, 0)
        told.pri_share_mode = 5 if place == 6 else told.pri_share_mode
        told.pri_protection = 3 if place % 2 or place > 3 else told.pri_protection
        region.prp_prinfo.pri_address = place * 0x4000
        region.prp_prinfo.pri_size = self.region_size
        region.prp_vip.vip_path = path
        region.prp_vip.vip_vi.vi_stat.vst_ino = inode
        return region

    def _table(self, data: bytes, buffer: int, size: int, step: int) -> int:
        if not buffer or size < step:
            return _fail(errno.ENOMEM) + 1
        length = min(len(data), size // step * step)
        ctypes.memmove(buffer, data, length)
        self.meanwhile()
        return length

    def _structure(self, told: Any, buffer: int, size: int) -> int:
        if told is None or isinstance(told, int):
            _fail(told or errno.ESRCH)
            return 0
        length = min(size, ctypes.sizeof(told))
        ctypes.memmove(buffer, bytes(told), length)
        return length

    def proc_pidfdinfo(self, pid: int, fd: int, flavor: int, buffer: int, size: int) -> int:
        self.calls.append(f"proc_pidfdinfo({pid}, {fd}, {flavor})")
        found = self._known(pid)
        told = found if isinstance(found, int) else found.files.get(fd, (0, errno.EBADF))[1]
        return self._structure(told, buffer, size)

    def proc_pidpath(self, pid: int, buffer: int, size: int) -> int:
        found = self._known(pid)
        path = found if isinstance(found, int) else found.path
        if isinstance(path, int):
            _fail(path)
            return 0
        ctypes.memmove(buffer, path + b"\0", len(path) + 1)
        return len(path)

    def proc_pid_rusage(self, pid: int, flavor: int, buffer: int) -> int:
        found = self._known(pid)
        if isinstance(found, int):
            return _fail(found)
        assert flavor == libproc.RUSAGE_INFO_V4
        told = made("rusage_info_v4", libproc.rusage_info_v4)
        told.ri_diskio_bytesread += found.moved[0]
        told.ri_diskio_byteswritten += found.moved[1]
        ctypes.memmove(buffer, bytes(told), ctypes.sizeof(told))
        found.moved = found.moved[0] + found.moves[0], found.moved[1] + found.moves[1]
        return 0

    # ---- the rest of libc

    def getsid(self, pid: int) -> int:
        found = self.processes.get(pid)
        return _fail(errno.ESRCH) if found is None else found.kinfo.kp_eproc.e_pgid

    def devname(self, number: int, _kind: int) -> int | None:
        name = self.terminals.get(number)
        self._name = ctypes.create_string_buffer(name or b"")
        return None if name is None else ctypes.addressof(self._name)

    def _getfsstat(self, buffer: int, size: int, _flags: int) -> int:
        step = ctypes.sizeof(disk.mounted)
        count = len(self.mounts) // step
        if not buffer:
            self.meanwhile()
            return count
        count = min(size // step, len(self.mounts) // step)
        ctypes.memmove(buffer, self.mounts, count * step)
        return count

    def setutxent(self) -> None:
        self._session = 0

    def endutxent(self) -> None:
        self.calls.append("endutxent")

    def getutxent(self) -> int | None:
        step = ctypes.sizeof(host.utmpx)
        at = self._session * step
        if at >= len(self.sessions):
            return None
        self._session += 1
        self._kept = [ctypes.create_string_buffer(self.sessions[at : at + step], step)]
        return ctypes.addressof(self._kept[0])

    def getifaddrs(self, place: int) -> int:
        from tests.support.mac_addresses import chain

        self._addresses = chain(self.addresses)
        ctypes.c_void_p.from_address(place).value = self._addresses[0]
        return 0

    def freeifaddrs(self, _place: int) -> None:
        self.calls.append("freeifaddrs")

    def getifmaddrs(self, place: int) -> int:
        from tests.support.mac_addresses import groups

        self._groups = groups(self.groups)
        ctypes.c_void_p.from_address(place).value = self._groups[0]
        return 0

    def freeifmaddrs(self, _place: int) -> None:
        self.calls.append("freeifmaddrs")

    def getiopolicy_np(self, kind: int, scope: int) -> int:
        assert (kind, scope) == (0, 0)
        return self.policy if self.policy >= 0 else _fail(-self.policy)

    def setiopolicy_np(self, kind: int, scope: int, policy: int) -> int:
        assert (kind, scope) == (0, 0)
        self.calls.append(f"setiopolicy_np({policy})")
        if self.policy < 0:
            return _fail(-self.policy)
        self.policy = policy
        return 0

    def malloc_get_all_zones(self, _task: int, _reader: int, place: int, count: int) -> int:
        self._zone_table = (ctypes.c_void_p * len(self.zones))(*range(1, len(self.zones) + 1))
        ctypes.c_void_p.from_address(place).value = ctypes.addressof(self._zone_table)
        ctypes.c_uint.from_address(count).value = len(self.zones)
        return 0

    def malloc_zone_statistics(self, zone: int, place: int) -> None:
        from sysutils.core.darwin.heap import malloc_statistics_t

        used, whole = self.zones[zone - 1]
        told = malloc_statistics_t(1, used, 0, whole)
        ctypes.memmove(place, bytes(told), ctypes.sizeof(told))

    def malloc_zone_pressure_relief(self, zone: int | None, goal: int) -> int:
        self.calls.append(f"pressure_relief({zone or 0}, {goal})")
        return 4096


def statistics() -> dict[str, bytes]:
    """What the protocols counted: each number is its place in its structure, above a hundred."""

    def numbers(form: str, count: int) -> bytes:
        return struct.pack(f"{count}{form}", *range(100, 100 + count))

    return {
        "net.inet.ip.stats": numbers("I", 49), "net.inet.icmp.stats": numbers("I", 92),
        "net.inet.tcp.stats": numbers("I", 90), "net.inet.udp.stats": numbers("I", 22),
        "net.inet6.ip6.stats": numbers("Q", 400), "net.inet6.icmp6.stats": numbers("Q", 540),
    }  # fmt: skip


#: users that no machine has
ME, OTHER = 50501, 50065


def crowd() -> Mac:
    """A Mac with a kernel, launchd, a shell and its children, one of another user, a zombie."""
    nowhere = {"tdev": NODEV, "tpgid": 0, "denied": errno.EPERM}
    return Mac(
        Proc(0, 0, "kernel_task", uid=0, started=BOOT, **nowhere),
        Proc(1, 0, "launchd", uid=0, started=BOOT, pgrp=1, arguments=[b"/sbin/launchd"],
             path=b"/sbin/launchd", **nowhere),
        Proc(300, 1, "zsh", uid=ME, arguments=[b"-zsh"], path=b"/bin/zsh", tpgid=400,
             files={0: plain_file("/dev/ttys003", 0o20620), 3: plain_file()}),
        Proc(400, 300, "Python", uid=ME, arguments=[b"python3", b"server.py", b"--port", b"8080"],
             running=1, path=b"/usr/bin/python3", nice=5, moves=(8 << 20, 0),
             files={3: socket_file("tcp_listen"), 4: socket_file("tcp6_established"),
                    5: socket_file("udp"), 6: socket_file("unix_stream"), 7: socket_file("route_socket"),
                    8: (libproc.PROX_FDTYPE_KQUEUE, errno.EBADF)}),
        Proc(401, 300, "ended", uid=ME, stat=kinfo.SZOMB, tpgid=400),
        Proc(500, 1, "mDNSResponder", uid=OTHER, **nowhere),
        Proc(os.getpid(), 300, "python3.12", uid=os.geteuid(), tpgid=400),
    )  # fmt: skip


def libraries() -> dict[str, object]:
    """The crowded Mac's libraries by their names."""
    return {"c": _logged_in(crowd()), **mac_frameworks.libraries()}


def _logged_in(mac: Mac) -> Mac:
    """The Mac with sessions whose processes are there, even if one asks the system that runs the tests."""
    records = (host.utmpx * 3).from_buffer_copy(mac.sessions)
    for one in records:
        one.ut_pid = os.getpid()
    mac.sessions = bytes(records)
    return mac


def with_disks() -> dict[str, object]:
    """The same with two disks."""
    foundation, registry = mac_frameworks.frameworks()
    driver = "IOBlockStorageDriver"
    counters = {"Operations (Read)": 1000, "Operations (Write)": 3000, "Bytes (Read)": 4 << 20,
                "Bytes (Write)": 8 << 20, "Total Time (Read)": 500_000_000}  # fmt: skip
    registry.media = [
        ({"BSD Name": "disk0"}, driver, {"Statistics": counters}),
        (
            {"BSD Name": "disk4"},
            driver,
            {"Statistics": {"Bytes (Read)": 512, "Operations (Read)": 1}},
        ),
    ]
    return {"c": crowd(), **mac_frameworks.named(foundation, registry)}
