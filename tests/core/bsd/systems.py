"""The three BSDs above kernels of the test's own, with routes and counters that their headers laid out."""

from __future__ import annotations

import struct
import sys
from typing import Any, NamedTuple

from sysutils.core.freebsd import layout as freebsd
from sysutils.core.netbsd import layout as netbsd
from sysutils.core.openbsd import layout as openbsd
from sysutils.core.openbsd import protocols as openbsd_protocols
from tests.abi.pinned import fixture
from tests.core.freebsd import kernel as freebsd_kernel
from tests.core.netbsd import kernel as netbsd_kernel
from tests.core.openbsd import kernel as openbsd_kernel

_BIG = sys.byteorder == "big"
_LISTS = {
    "ip": "net.inet.ip", "icmp": "net.inet.icmp", "tcp": "net.inet.tcp", "udp": "net.inet.udp",
    "ip6": "net.inet6.ip6", "icmp6": "net.inet6.icmp6",
}  # fmt: skip
_DGRAM6 = "net.inet6.udp6.stats"


class System(NamedTuple):
    """One of them."""

    platform: str
    #: whose headers made the fixtures
    target: str
    kernel: Any
    route: int
    inet6: int

    def route_place(self, six: bool = False) -> tuple[int, ...]:
        """Where the kernel tells its routes."""
        return (4, self.route, 0, self.inet6 if six else 2, 1, 0)

    def fixture(self, name: str) -> bytes:
        """Bytes by the system's headers."""
        return fixture(self.target, name)


SYSTEMS = [
    System("openbsd7", "sparc64-openbsd" if _BIG else "x86_64-openbsd", openbsd_kernel, 17, 24),
    System("netbsd10", "sparc64-netbsd" if _BIG else "x86_64-netbsd", netbsd_kernel, 34, 24),
]
if not _BIG:
    SYSTEMS.append(System("freebsd14", "x86_64-freebsd", freebsd_kernel, 17, 28))


def add_network(system: System, kernel: Any) -> None:
    """Routes and counters."""
    names = ("route", "learned_route", "host_route")
    kernel.places[system.route_place()] = b"".join(map(system.fixture, names))
    kernel.places[system.route_place(True)] = system.fixture("route6")
    if system.platform == "openbsd7":
        for protocol, (place, _, _) in openbsd_protocols._SOURCES.items():
            kernel.places[(openbsd.CTL_NET, *place)] = system.fixture(f"{protocol}stat")
        kernel.places[openbsd.CTL_NET, openbsd.AF_INET, 0, 1] = struct.pack("=i", 1)
        return
    for protocol, name in _LISTS.items():
        kernel.named[f"{name}.stats"] = system.fixture(f"{protocol}stat")
    kernel.named["net.inet.ip.forwarding"] = struct.pack("=i", 1)
    kernel.named["net.inet.tcp.states"] = struct.pack("=11Q", 1, 2, 3, 4, 1, 0, 0, 0, 0, 0, 8)
    if system.platform == "netbsd10":
        kernel.named[_DGRAM6] = struct.pack("=10Q", 90, 1, 2, 3, 4, 5, 6, 7, 8, 80)


def _libraries(place: int) -> dict[str, object]:
    system = next(
        system for system in SYSTEMS if system.kernel.__name__.split(".")[2] == _NAMES[place]
    )
    made: dict[str, object] = system.kernel.libraries()
    add_network(system, made["c"])
    add_files(system, made["c"])
    return made


_NAMES = ("freebsd", "openbsd", "netbsd")


def freebsd14() -> dict[str, object]:
    """For ``elsewhere.run``."""
    return _libraries(0)


def openbsd7() -> dict[str, object]:
    """For ``elsewhere.run``."""
    return _libraries(1)


def netbsd10() -> dict[str, object]:
    """For ``elsewhere.run``."""
    return _libraries(2)


# --- files and mappings of the process 50


def add_files(system: System, kernel: Any) -> None:
    """A file, a pipe, a TCP socket, a queue; the program, a mapped file, a stack."""
    {"freebsd14": _freebsd_files, "openbsd7": _openbsd_files, "netbsd10": _netbsd_files}[
        system.platform
    ](system, kernel)


def mapping(system: System, **fields: Any) -> bytes:
    """A mapping, changed."""
    found = _LAYOUTS[system.platform].kinfo_vmentry.from_buffer_copy(system.fixture("mapping"))
    for name, value in fields.items():
        setattr(found, name, value)
    size = len(bytes(found))
    return bytes(found) + system.fixture("mapping")[size:]


def _freebsd_files(system: System, kernel: Any) -> None:
    make = freebsd_kernel
    cwd = make.vnode(b"/usr/home", freebsd.KF_FD_TYPE_CWD, 2)
    program = bytearray(system.fixture("file"))
    found = freebsd.kinfo_file.from_buffer(program)
    found.kf_fd = freebsd.KF_FD_TYPE_TEXT
    ends = ("10.0.0.1", 22), ("10.0.0.2", 5555)
    queue = make.file_record(b"", kf_type=freebsd.KF_TYPE_KQUEUE, kf_fd=6)
    rows = [
        bytes(program), cwd, system.fixture("file"), system.fixture("pipe"),
        make.open_socket(5, *ends, 0x901), queue,
    ]  # fmt: skip
    kernel.about[freebsd.KERN_PROC_FILEDESC, 50] = b"".join(rows)
    stack = mapping(system, kve_type=1, kve_flags=0x20, kve_start=0x70000, kve_end=0x80000)
    stack = stack[: freebsd.KVE_PATH] + bytes(len(stack) - freebsd.KVE_PATH)
    library = mapping(system, kve_vn_fileid=4712, kve_start=0x20000, kve_end=0x21000, kve_flags=0)
    maps = [system.fixture("mapping"), library, stack]
    kernel.about[freebsd.KERN_PROC_VMMAP, 50] = b"".join(maps)
    make.add_sockets(kernel)


def _openbsd_files(system: System, kernel: Any) -> None:
    def changed(**fields: Any) -> Any:
        found = openbsd.kinfo_file.from_buffer_copy(system.fixture("file"))
        for name, value in fields.items():
            setattr(found, name, value)
        return found

    kernel.mounted = [openbsd.statfs(f_mntfromname=b"/dev/sd0k", f_mntonname=b"/home")]
    ends = ("10.0.0.1", 22), ("10.0.0.2", 5555)
    kernel.files = [
        changed(fd_fd=-1, va_mode=0o755), changed(fd_fd=-2, v_type=2, va_mode=0o755), changed(),
        changed(f_type=3, fd_fd=4, f_flag=1, f_data=0x2000, pipe_peer=0x1000),
        openbsd_kernel.open_socket(50, 5, *ends, 4, 0x901), changed(f_type=4, fd_fd=6),
    ]  # fmt: skip
    stack = mapping(system, kve_start=0x70000, kve_end=0x80000, kve_etype=openbsd.KVE_ET_STACK)
    hole = mapping(system, kve_start=0x90000, kve_end=0x91000, kve_etype=openbsd.KVE_ET_HOLE)
    kernel.mappings = [system.fixture("mapping"), stack, hole]


def _netbsd_files(system: System, kernel: Any) -> None:
    make = netbsd_kernel
    ends = ("10.0.0.1", 22), ("10.0.0.2", 5555)
    kernel.lists["net.inet.tcp.pcblist"] = [make.block(*ends, 0x901, 4)]
    kernel.files = [
        make.descriptor(50, 3, ki_ftype=1, ki_flag=3, ki_foffset=77, ki_vtype=1, ki_vsize=1234),
        make.descriptor(50, 4, ki_ftype=3, ki_flag=1, ki_fdata=0x2000), make.open_socket(50, 5, 0x901),
        make.descriptor(50, 6, ki_ftype=4),
    ]  # fmt: skip
    stack = mapping(
        system, kve_type=5, kve_flags=0x20, kve_start=0x70000, kve_end=0x80000, kve_path=b""
    )
    library = mapping(
        system, kve_vn_fileid=4712, kve_start=0x20000, kve_end=0x21000, kve_path=b"/lib/libc.so",
        kve_flags=0,
    )  # fmt: skip
    size = len(stack)
    kernel.places[2, 16, 1, 50, size] = b"".join([system.fixture("mapping"), library, stack])


_LAYOUTS: dict[str, Any] = {"freebsd14": freebsd, "openbsd7": openbsd, "netbsd10": netbsd}
