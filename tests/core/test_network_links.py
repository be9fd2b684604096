"""net_if_addrs, net_if_stats, net_if_details on links of the test's own, beside psutil 7.2.2.

Each scene runs in a process of its own, in a network namespace of its own."""

import contextlib
import errno
import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sysutils import core
from tests.support import namespaces, oracle
from tests.support.strict import skip

UNAVAILABLE = 77
TUNSETIFF, TUNSETLINK, SIOCSIFFLAGS = 0x400454CA, 0x400454CD, 0x8914
IFF_TUN, IFF_TAP, IFF_NO_PI = 1, 2, 0x1000


def ip(*lines: str) -> None:
    for line in lines:
        subprocess.run(["ip", *line.split()], check=True)


@contextlib.contextmanager
def tun(name: str, kind: int = IFF_TUN) -> Iterator[int]:
    """Descriptor of a link made by /dev/net/tun, which goes with it."""
    fd = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), kind | IFF_NO_PI))
    yield fd
    os.close(fd)


def set_flags(name: str, flags: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        fcntl.ioctl(handle, SIOCSIFFLAGS, struct.pack("16sH22x", name.encode(), flags))


def everything_the_same() -> None:
    oracle.same(lambda api: api.net_if_addrs())
    oracle.same(lambda api: api.net_if_stats())
    oracle.same(lambda api: api.net_io_counters(pernic=True))


def links_of_every_kind() -> None:
    everything_the_same()
    ip("link set lo up", "link add veth0 type veth peer name veth1", "link add br0 type bridge")
    everything_the_same()
    ip(
        "addr add 10.1.0.1/24 brd + dev veth0",
        "addr add 10.1.0.2/24 dev veth0",
        "addr add 10.1.0.3/25 brd 10.1.0.99 dev veth0 label veth0:alias",
        "addr add 10.9.0.1 peer 10.9.0.2/30 dev veth0",
        "addr add 10.7.0.1/0 dev veth0",
        "-6 addr add fd00::1 peer fd00::2/64 dev veth0 nodad",
        "-6 addr add fd00::5/127 dev veth0 nodad",
        "-6 addr add fe80::5/10 dev veth0 nodad",
        "-6 addr add ::ffff:10.0.0.1/96 dev veth0 nodad",
        "link set veth0 mtu 1280",
        "link set veth1 alias some,name",
        "link set veth0 up",
        "link set veth1 up",
        "link set br0 up",
    )
    everything_the_same()
    assert core.net_if_addrs()["veth0"][0].broadcast == "10.1.0.255"
    assert core.net_if_stats()["veth0"].mtu == 1280
    with tun("tun0"), tun("tap0", IFF_TAP):
        ip(
            "addr add 10.8.0.1 peer 10.8.0.2 dev tun0",
            "-6 addr add fe80::7 peer fe80::8 dev tun0",
            "link set tun0 up",
        )
        everything_the_same()
        assert "fe80::8%tun0" in {row.ptp for row in core.net_if_addrs()["tun0"]}
        details_of_the_same()
    everything_the_same()
    ip("link set veth0 name renamed", "link del br0")
    everything_the_same()


def details_of_the_same() -> None:
    found = core.net_if_details()
    assert list(found) == list(core.net_io_counters(pernic=True))
    by_name = {row.label: row for row in found["veth0"].addresses}
    assert by_name["veth0:alias"][:6] == (
        socket.AF_INET, "10.1.0.3", 25, "255.255.255.128", "10.1.0.99", None,
    )  # fmt: skip
    point = found["tun0"]
    rows = [row[1:8] for row in point.addresses]
    assert rows[0] == ("10.8.0.1", 32, "255.255.255.255", None, "10.8.0.2", "global", "tun0")
    assert ("fe80::7", 128, "ffff:" * 7 + "ffff", None, "fe80::8", "link", None) in rows
    assert (point.address, point.broadcast, point.type) == (None, None, 65534)
    link = found["veth0"]
    hardware = Path("/sys/class/net/veth0/address").read_text().strip()
    assert (link.address, link.broadcast) == (hardware, "ff:ff:ff:ff:ff:ff")
    assert (link.mtu, link.metric, link.type, link.counters.name) == (1280, 0, 1, "veth0")
    for name, row in found.items():
        base = Path("/sys/class/net", name)
        assert row.ifindex == int((base / "ifindex").read_text())
        assert row.txqueuelen == int((base / "tx_queue_len").read_text())
        assert row.type == int((base / "type").read_text())
    shown = [line.split() for line in Path("/proc/net/if_inet6").read_text().splitlines()]
    for name, row in found.items():
        ours = [one.address for one in row.addresses if one.family == socket.AF_INET6]
        assert ours == [
            socket.inet_ntop(socket.AF_INET6, bytes.fromhex(line[0]))
            for line in shown
            if line[-1] == name
        ]


def flags_one_by_one() -> None:
    with tun("tap0", IFF_TAP):
        seen = set()
        for bit in range(16):
            with contextlib.suppress(OSError):
                set_flags("tap0", 1 << bit | (bit % 2))
            seen |= set(oracle.same(lambda api: api.net_if_stats())["tap0"].flags.split(","))
        assert {"up", "promisc", "noarp", "multicast", "debug", "running"} <= seen


def hardware_addresses_of_every_length() -> None:
    lengths = set()
    for kind in (1, 32, 776, 768, 778, 801, 24, 804, 823, 65534):
        with tun("tun0") as fd:
            with contextlib.suppress(OSError):
                fcntl.ioctl(fd, TUNSETLINK, kind)
            answer = oracle.same(lambda api: api.net_if_addrs())
            lengths.add(len(answer["tun0"][0].address) if "tun0" in answer else 0)
    # since Linux 5.12 the link's type decides
    assert len(lengths) > 1 or tuple(map(int, os.uname().release.split(".")[:2])) < (5, 12)


def inside(function: str) -> None:
    try:
        namespaces.unshare(namespaces.CLONE_NEWNET | namespaces.CLONE_NEWNS)
        namespaces.make_mounts_private()
        namespaces.mount("sysfs", "/sys", "sysfs", 0)
        if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
            raise FileNotFoundError(errno.ENOENT, "no access", "/dev/net/tun")
    except OSError as error:
        sys.stderr.write(str(error))
        raise SystemExit(UNAVAILABLE) from None
    globals()[function]()


@pytest.mark.oracle
@pytest.mark.parametrize(
    "scene", [links_of_every_kind, flags_one_by_one, hardware_addresses_of_every_length]
)
def test_links_as_psutil(scene: Callable[[], None]) -> None:
    if shutil.which("ip") is None:
        skip("no ip(8)")
    program = f"from tests.core.test_network_links import inside; inside({scene.__name__!r})"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == UNAVAILABLE:
        skip(f"no network namespace with tun: {done.stderr.strip()}")
    assert done.returncode == 0, done.stdout + done.stderr
