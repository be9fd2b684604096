"""ifconfig beside the classic, in a network namespace of the test's own; its other outputs."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils.cli import ifconfig_hardware, ifconfig_rich, ifconfig_set, ifconfig_show
from sysutils.cli.fields.interfaces import sort_key
from sysutils.cli.ifconfig_show import Shown, scaled
from sysutils.cli.output.stream import Stream
from sysutils.core._ntuples import sifaddress, sifdetails, sifmap, sinterface
from tests.support.golden import difference
from tests.support.network import Beside, beside, looked, on_tunnel
from tests.support.terminal import show

if TYPE_CHECKING:
    from tests.support.golden import Golden

NETWORK = [
    "ip addr add 10.1.2.3/24 dev v0",
    "ip addr add 10.3.2.4/24 dev v0 label v0:b",
    "ip addr add 10.3.2.5/24 brd + dev v0 label v0:a",
    "ip addr add 10.3.2.6/24 dev v0 label v0:a",
    "ip addr add 10.3.2.7/24 dev v0 label v0:10",
    "ip addr add 10.3.2.8/24 brd + dev v0 label v0:9",
    "ip addr add 10.3.2.9/24 dev v1 label v1:9",
    "ip link add v10 type veth peer name v9",
    "ip addr add fd00::1 peer fd00::2 dev v0 nodad",
    "ip addr add fec0::1/10 dev v0 nodad",
    "ip addr add ::1.2.3.4/96 dev v0 nodad",
    "ip addr add ::ffff:1.2.3.4/128 dev v0 nodad",
    "ip link set lo up",
    "ip link set v0 up",
    "ip link set v0 promisc on allmulticast on arp off txqueuelen 7",
    "ip link set v1 multicast off mtu 9000",
]
UP = [
    "ip addr add 10.1.1.1/24 brd + dev v0",
    "ip addr add 10.1.1.5/24 dev v0 label v0:0",
    "ip addr add 10.2.2.2/16 brd + dev v0 label v0:1",
    "ip addr add 2001:db8::1/64 dev v0 nodad",
    "ip link set v0 up",
]
DOWN = [
    "ip addr add 10.1.1.1/24 brd + dev v0",
    "ip link set v0 promisc on allmulticast on arp off multicast off",
]


def told(text: bytes) -> bytes:
    """The messages; of a usage text only that there is one."""
    lines = text.splitlines()
    return b"\n".join(lines[: lines.index(b"Usage:") + 1] if b"Usage:" in lines else lines)


def same(both: Beside) -> None:
    """Same output, messages, status, and interfaces afterwards."""
    theirs, ours = both
    assert not difference(theirs.stdout, ours.stdout)
    assert told(ours.stderr) == told(theirs.stderr)
    assert ours.returncode == theirs.returncode
    assert ours.state == theirs.state


# --- showing


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        "", "-a", "-s", "-s -a", "-a -s", "-v", "-a -v", "v0", "v1", "lo", "v9", "v0:a", "v0:10", "v1:9",
        "v0:zz",
        "-s v0", "-s v0:a", "-s v0:zz", "-v v0", "-a v1", "nope", "nope:1", "-s nope", "-v nope", "-a nope",
        "a234567890123456", "-z", "--nope", "-as", "-sa", "-aa", "--", "-- v0", "-", "v0 -a", "v0 v1!",
        "v0 inet",
        "v0 inet6", "v0 ax25",
    ],
)  # fmt: skip
def test_what_is_shown_beside_the_classic(words: str) -> None:
    same(looked(NETWORK, ["ifconfig", *words.split()]))


@pytest.mark.classic
def test_nothing_is_up() -> None:
    same(looked(["ip link set lo down"], ["ifconfig"]))


@pytest.mark.classic
def test_two_ends_that_run() -> None:
    same(looked([*UP, "ip link set v1 up"], ["ifconfig", "-a"]))


@pytest.mark.classic
@pytest.mark.parametrize(
    "kind", sorted([*ifconfig_hardware.KINDS, 2, 19, 24, 32, 519, 801, 0xFFFE])
)
def test_kinds_of_hardware_beside_the_classic(kind: int) -> None:
    # the classic shows what happens to be in its memory as part of some addresses
    same(on_tunnel(kind, ["ifconfig", "tun9"]))


#: sizes and how the classic writes them
SIZES = {
    0: "0.0 B", 1: "1.0 B", 1023: "1023.0 B", 1024: "1024.0 B", 1025: "1.0 KiB", 10239: "9.9 KiB",
    1048575: "1023.9 KiB", 1048576: "1024.0 KiB", 1048577: "1.0 MiB", 2**40: "1024.0 GiB",
    2**60 - 1: "1023.9 PiB", 2**60: "1024.0 PiB", 2**61 + 2**59: "2.5 EiB", 2**63: "8.0 EiB",
    2**64 - 1: "16.0 EiB", 1844674407370955161: "1.6 EiB", 12345678901234567: "10.9 PiB",
}  # fmt: skip


@pytest.mark.parametrize("size", SIZES)
def test_sizes_as_the_classic_writes_them(size: int) -> None:
    assert scaled(size) == SIZES[size]


@given(st.integers(0, 2**64 - 1))
def test_sizes_are_never_rounded_up(size: int) -> None:
    number, unit = scaled(size).split()
    exact = size / 1024 ** ifconfig_show._UNITS.index(unit)
    assert 0 <= exact - float(number) < 0.1001 or unit == "EiB"


def test_names_are_in_the_classic_s_order() -> None:
    names = "a0 a1 e1.9 e1.10 e10.5 e10x e2.5 e2x lo q q1 v v:1 v:2 v:10 v1 v9 v10 v:1b v:b v:b1 x1y2 x1y10"
    assert sorted(sorted(names.split()), key=sort_key) == names.split()


def made(name: str = "eth0", **changes: Any) -> Shown:
    """An interface that is not there."""
    counters = sinterface(name, 0x1003, 1500, 0, *range(1000, 17000, 1000))
    inet = sifaddress(2, "192.0.2.7", 24, "255.255.255.0", "192.0.2.255", None, "global", name, 0)
    inet6 = inet._replace(family=socket.AF_INET6, address="2001:db8::7", prefixlen=64, label=None)
    details = sifdetails(
        name, 2, 0x1043, 1500, 0, 1000, 1, "02:00:00:00:00:01", "ff:ff:ff:ff:ff:ff",
        sifmap(0xF7D00000, 0xF7D20000, 0x300, 16, 3, 0), counters, [inet, inet6],
    )  # fmt: skip
    return Shown(name, details._replace(**changes), False, [inet])


def test_where_a_device_is_in_the_machine() -> None:
    *_, memory, empty = ifconfig_show.block(made())
    assert (
        memory.strip() == "device interrupt 16  base 0x300  memory 0xf7d00000-f7d20000    dma 0x3"
    )
    assert empty == ""
    assert not ifconfig_show._memory(made(map=sifmap(0, 0, 0, 0, 0, 0)))


@pytest.mark.parametrize("form", ["plain", "rich", "json", "jsonl", "csv"])
def test_what_is_written(form: str, golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that shows two interfaces that are not there."""
    script = (
        "import sys; from tests.cli.test_ifconfig import made; from sysutils.cli import ifconfig\n"
        "rows = [made(), made('lo', type=772, address='00:00:00:00:00:00', flags=0x8, map=None)]\n"
        "rows.append(rows[0]._replace(name='eth0:1', alias=True))\n"
        "ifconfig.chosen = lambda name, all: rows\n"
        f"sys.exit(ifconfig.command.main(['--{form}'], standalone_mode=False))"
    )
    env = {**os.environ, "COLUMNS": "100", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
    env.pop("NO_COLOR", None)
    done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    golden.check("ifconfig", "three", form, done.stdout)


def test_json_holds_raw_values(sysutils: Any) -> None:
    rows = {row["name"]: row for row in json.loads(sysutils("ifconfig", "-a", "--json").stdout)}
    assert rows["lo"]["type"] == "loop"
    assert rows["lo"]["mtu"] > 0
    assert "loopback" in rows["lo"]["flags"]
    assert isinstance(rows["lo"]["bytes_recv"], int)
    assert sysutils("ifconfig", "lo", "--json").returncode == 0


def test_a_card_on_a_terminal() -> None:
    screen = show(["ifconfig", "lo"], columns=80)
    assert "lo" in screen.lines[0]
    assert screen.coloured()


@pytest.mark.parametrize("short", [True, False])
def test_nothing_hostile_reaches_a_terminal(short: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    wrote: list[str] = []
    monkeypatch.setattr(Stream, "isatty", lambda self: True)
    monkeypatch.setattr(Stream, "write", lambda self, text: wrote.append(text))
    ifconfig_show.plain([made("e\x1b[31m\x07")], short, Stream())
    ifconfig_rich.cards((), [made("e\x1b[31m\x07")], Stream())
    assert "\x07" not in "".join(wrote)
    assert "\x1b[31m\x07" not in "".join(wrote)


# --- changing

CHANGES = [
    "v0 10.1.1.9", "v0 10.1.1.9 netmask 255.255.0.0", "v0 172.16.0.1", "v0 192.168.7.1/28",
    "v0 10.1.1.9/31",
    "v0 10.1.1.9/0", "v0 10.1", "v0 0.0.0.0", "v0 default", "v0 224.1.1.1", "v0 255.255.255.255",
    "v0 10.1.1.9/x",
    "v0 10.1.1.9/24/3", "v0 300.1.2.3", "v0 netmask 255.255.255.128", "v0 netmask 255.0.255.0",
    "v0 netmask",
    "v0 netmask -1", "v0 netmask 0xffffff00", "v0 broadcast 10.1.1.77", "v0 broadcast", "v0 -broadcast",
    "v0 pointopoint 10.2.2.3", "v0 pointopoint", "v0 -pointopoint", "v0 dstaddr 10.2.2.3", "v0 dstaddr",
    "v0 mtu 1400", "v0 mtu 10", "v0 mtu foo", "v0 mtu", "v0 mtu -3", "v0 mtu 1400x", "v0 txqueuelen 77",
    "v0 txqueuelen -1", "v0 txqueuelen x", "v0 txqueuelen", "v0 promisc", "v0 -promisc", "v0 allmulti",
    "v0 -allmulti", "v0 multicast", "v0 -multicast", "v0 arp", "v0 -arp", "v0 up", "v0 down", "v0 -up",
    "v0 dynamic", "v0 -dynamic", "v0 trailers", "v0 -trailers", "v0 hw ether 02:00:00:00:00:99",
    "v0 hw ether 0:1:2:3:4:5", "v0 hw ether 001122334455", "v0 hw ether 02-00-00-00-00-01",
    "v0 hw ether 02:0:0:0:0:1:", "v0 hw ether 02::1", "v0 hw ether 01:00:00:00:00:00", "v0 hw ether",
    "v0 hw",
    "v0 hw ether 02:00:00:00:00:zz", "v0 hw ether 02:00:00:00:00:99:88", "v0 hw foo 1", "v0 hw loop 1",
    "v0 hw unspec 00", "v0 add 10.5.5.6", "v0 add 10.5.5.5/24", "v0 add 2001:db8::2/64",
    "v0 add 2001:db8::2",
    "v0 add 2001:db8::1/64", "v0 add 2001::/129", "v0 add", "v0 del 2001:db8::1/64",
    "v0 del 2001:db8::77/64",
    "v0 del 10.1.1.5", "v0 del", "v0 inet6 add 2001:db8::5/64", "v0 inet6 del 2001:db8::1/64",
    "v0 inet 10.9.9.9/8",
    "v0 inet6 ::9", "v0 inet6 1.2.3.4", "v0:1 10.7.7.8/24", "v0:1 netmask 255.255.0.0", "v0:1 down",
    "v0:1 up",
    "v0:2 10.7.7.9 netmask 255.255.255.0 broadcast 10.7.7.99 up", "v0:1 mtu 1300", "v0:3 up", "v0:3 down",
    "v0:abc 10.8.8.8", "v0:1 0.0.0.0", "v0:2 0.0.0.0", "v0 down name v7", "v0 name v7", "v0 down name v1",
    "v0 name x:1", "v0 name", "v0 down name v7 up",
    "v0 10.1.1.9 netmask 255.255.255.0 mtu 1450 up promisc txqueuelen 9",
    "v0 netmask 255.255.255.128 10.1.1.9", "v0 10.1.1.9/24 netmask 255.0.0.0", "v0 up down up", "v0 irq 5",
    "v0 io_addr 0x300", "v0 mem_start 0xd0000", "v0 irq", "v0 outfill 3", "v0 keepalive 3",
    "-a v0 mtu 1300",
    "nope up", "nope down", "nope 10.1.1.9", "nope mtu 1400", "nope up mtu 1400", "nope promisc",
    "nope -promisc",
    "nope broadcast 1.1.1.1", "nope txqueuelen 4", "nope netmask 1.1.1.1", "nope up netmask 1.1.1.1",
    "nope add ::1/64", "nope del ::1/64", "nope pointopoint 1.1.1.1", "nope hw ether 02:00:00:00:00:99",
    "nope name x",
]  # fmt: skip


@pytest.mark.classic
@pytest.mark.parametrize("words", CHANGES)
def test_changes_beside_the_classic(words: str) -> None:
    same(beside(UP, ["ifconfig", *words.split()]))


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        "v0 10.1.1.9/24", "v0 up", "v0 down", "v0 promisc up", "v0 -promisc",
        "v0 -allmulti arp multicast", "v0 add 10.5.5.6",
        "v0 add 2001:db8::2/64", "v0:1 10.7.7.7", "v0 name v7", "v0 hw ether 02:00:00:00:00:99 up",
        "v0 broadcast 10.1.1.3",
    ],
)  # fmt: skip
def test_changes_of_what_is_down_beside_the_classic(words: str) -> None:
    same(beside(DOWN, ["ifconfig", *words.split()]))


@pytest.mark.classic
def test_a_whole_address_is_its_own_network() -> None:
    """The classic makes the mask 0.0.0.0 of it."""
    state = beside([], ["ifconfig", "v0", "10.1.1.1/32"]).ours.state
    assert "inet 10.1.1.1/32" in state


@pytest.mark.classic
def test_an_address_that_is_not_there_is_not_deleted() -> None:
    """The classic adds it."""
    ours = beside(UP, ["ifconfig", "v0", "del", "10.5.5.77"]).ours
    assert (ours.returncode, ours.stderr) == (1, b"SIOCDIFADDR: Cannot assign requested address\n")
    assert "10.5.5.77" not in ours.state


@pytest.mark.parametrize(
    "text", ["02:00", "", ":", "02:00:00:00:00", "0g:0:0:0:0:0", "2 :0:0:0:0:0"]
)
def test_half_a_hardware_address_is_none(text: str) -> None:
    assert ifconfig_hardware.ethernet_address(text) is None


@given(st.binary(min_size=6, max_size=6))
def test_hardware_addresses_come_back(raw: bytes) -> None:
    assert ifconfig_hardware.ethernet_address(raw.hex(":")) == raw
    assert ifconfig_hardware.ethernet_address(raw.hex()) == raw


@pytest.mark.parametrize(
    "host", ["300.1.2.3", "-a", "10.5.5.5/24", "::1", "a b", "1.2.3.4 x", "\x1b"]
)
def test_what_can_be_no_host_is_not_asked_for(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostbyname", lambda name: pytest.fail(f"asked for {name}"))
    with pytest.raises(ifconfig_set._Unknown, match="Unknown host"):
        ifconfig_set.resolve(host)


@given(st.ip_addresses(v=4))
def test_addresses_resolve_to_themselves(address: Any) -> None:
    assert ifconfig_set.resolve(str(address)) == str(address)
