"""Names of ports, protocols, hosts and networks, from the system's own databases.

Files are read once, hosts asked once each."""

import os
import socket
import sys
from collections.abc import Callable, Iterator
from functools import cache

from sysutils import core


def _etc(name: str) -> str:
    if sys.platform != "win32":
        return f"/etc/{name}"
    root = os.environ.get("SYSTEMROOT", r"C:\Windows")
    name = "protocol" if name == "protocols" else name
    return os.path.join(root, "System32", "drivers", "etc", name)


def entries(data: bytes) -> Iterator[list[str]]:
    """The words of each line of a database in /etc: comments and empty lines left out."""
    for line in data.splitlines():
        words = line.partition(b"#")[0].split()
        if len(words) > 1:
            yield [os.fsdecode(word) for word in words]


def _read(path: str) -> bytes:
    try:
        with open(path, "rb", buffering=0) as file:
            return file.read() or b""
    except OSError:
        return b""


def parse_services(data: bytes) -> dict[tuple[str, int], str]:
    """``{("tcp", 22): "ssh"}`` of /etc/services; of several names for a port the last."""
    found = {}
    for name, where, *_ in entries(data):
        port, slash, protocol = where.partition("/")
        if slash and port.isdecimal():
            found[protocol, int(port)] = name
    return found


@cache
def _services() -> dict[tuple[str, int], str]:
    return parse_services(_read(_etc("services")))


@cache
def service_name(protocol: str, port: int) -> str | None:
    """Name of a port of ``tcp`` or ``udp``, None where it has none (/etc/services, getservbyport(3))."""
    known = _services()
    if known:
        return known.get((protocol, port))
    try:
        return socket.getservbyport(port, protocol)
    except OSError:
        return None


@cache
def _protocols() -> dict[int, str]:
    found: dict[int, str] = {}
    for name, number, *_ in entries(_read(_etc("protocols"))):
        if number.isdecimal():
            found.setdefault(int(number), name)
    return found


def protocol_name(number: int) -> str | None:
    """Name of an IP protocol (/etc/protocols): ``icmp`` for 1."""
    return _protocols().get(number)


@cache
def host_name(address: str) -> str | None:
    """Full name of the host at an IP address, None where it has none. Asks the resolver, which may
    take long."""
    try:
        if ":" in address:
            return socket.getnameinfo((address, 0), socket.NI_NAMEREQD | socket.NI_NUMERICSERV)[0]
        return socket.gethostbyaddr(address)[0]
    except (OSError, UnicodeError):
        return None


def host_text(ip: str, numeric: bool) -> str:
    """An address, by name unless ``numeric``; an IPv4 one inside of IPv6 as IPv4."""
    if numeric or ip == "0.0.0.0":
        return ip.removeprefix("::ffff:") if "." in ip else ip
    if ip == "::":
        return "[::]"
    return host_name(ip) or (ip.removeprefix("::ffff:") if "." in ip else ip)


@cache
def _networks() -> dict[str, str]:
    found: dict[str, str] = {}
    for name, number, *_ in entries(_read(_etc("networks"))):
        try:
            parts = [int(part) for part in number.split(".")]
        except ValueError:
            continue
        # a short number is that of the network's own bytes: 10.1 is 10.1.0.0
        whole = ".".join(map(str, [*parts, 0, 0, 0, 0][:4]))
        found.setdefault(whole, name)
    return found


def network_name(address: str) -> str | None:
    """Name of an IPv4 network (/etc/networks): ``link-local`` for 169.254.0.0."""
    return _networks().get(address)


def account(name: str) -> str:
    """The name of a user as columns show it: without the domain that Windows' accounts have."""
    return name.rpartition("\\")[2] if core.WINDOWS else name


def user_name(uid: int | None) -> str | None:
    """Login name of a user id, None where it has none or the system has no such ids."""
    look_up: Callable[[int], str | None] | None = getattr(core, "user_name", None)
    return look_up(uid) if look_up is not None and uid is not None else None
