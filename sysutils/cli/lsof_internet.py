"""lsof's Internet addresses: ``[46][protocol][@host|@address][:ports or services]``."""

import socket
from typing import TYPE_CHECKING, NamedTuple

from sysutils.cli.options import UsageError

if TYPE_CHECKING:
    from sysutils.core._ntuples import addr, snetsock

PROTOCOLS = ("tcp", "udp", "udplite")
_LAST = 65535


class Internet(NamedTuple):
    """What one -i asks for; None where it does not ask."""

    #: as it was written
    text: str
    version: int | None
    protocol: str | None
    hosts: frozenset[str] | None
    #: first and last, of each range
    ports: tuple[tuple[int, int], ...]

    def matches(self, row: "snetsock") -> bool:
        """Whether a socket, at one of its ends, is what was asked for."""
        # an IPv4 address inside of IPv6 counts as IPv4
        if self.version is not None and ("." not in row.laddr.ip) != (self.version == 6):
            return False
        if self.protocol is not None and row.protocol.rstrip("6") != self.protocol:
            return False
        if self.hosts is None and not self.ports:
            return True
        return self._is_at(row.laddr) or (bool(row.raddr.port) and self._is_at(row.raddr))

    def _is_at(self, address: "addr") -> bool:
        if self.hosts is not None:
            ip = address.ip.removeprefix("::ffff:") if "." in address.ip else address.ip
            if ip not in self.hosts:
                return False
        return not self.ports or any(low <= address.port <= high for low, high in self.ports)


def _refusal(what: str, text: str) -> UsageError:
    return UsageError(f"{what}: -i {text}")


def _host(word: str, version: int | None, text: str) -> frozenset[str]:
    """The addresses of a host: ``127.0.0.1``, ``[::1]``, ``localhost``."""
    if word.startswith("["):
        if not word.endswith("]") or version == 4:
            raise _refusal("unacceptable Internet address in", text)
        import ipaddress

        try:
            return frozenset({str(ipaddress.IPv6Address(word[1:-1]))})
        except ValueError:
            raise _refusal("unacceptable Internet address in", text) from None
    if not word:
        raise _refusal("unacceptable Internet address in", text)
    if not word.strip("0123456789."):
        try:
            numeric = socket.inet_ntoa(socket.inet_aton(word))
        except OSError:
            raise _refusal(f"unknown host name ({word}) in", text) from None
        if version == 6:
            raise _refusal("IPv4 addresses are prohibited", text)
        return frozenset({numeric})
    families = {4: socket.AF_INET, 6: socket.AF_INET6}
    try:
        found = socket.getaddrinfo(word, None, families.get(version or 0, socket.AF_UNSPEC))
    except (OSError, UnicodeError):
        raise _refusal(f"unknown host name ({word}) in", text) from None
    return frozenset(str(entry[4][0]) for entry in found)


def _service(word: str, protocol: str | None) -> int | None:
    names = (protocol,) if protocol else PROTOCOLS
    for name in names:
        try:
            return socket.getservbyname(word, name)
        except OSError:
            continue
    return None


def _port(word: str, protocol: str | None) -> int | None:
    return int(word) if word.isascii() and word.isdecimal() else _service(word, protocol)


def _ports(words: str, protocol: str | None, text: str) -> tuple[tuple[int, int], ...]:
    """``[(1, 1024), (80, 80)]`` of ``1-1024,http``."""
    found = []
    if not words:
        raise _refusal("unacceptable port specification in", text)
    for word in words.split(","):
        if not word:
            raise _refusal("invalid service name", text)
        first, dash, last = word.partition("-")
        if dash and first.isdecimal():
            high = _port(last, protocol) if last else None
            if high is None or high < int(first):
                raise _refusal("unacceptable port specification in", text)
            found.append((int(first), high))
            continue
        port = _port(word, protocol)
        if port is None:
            of = f" for {protocol}" if protocol else ""
            raise _refusal(f"unknown service {word}{of} in", text)
        found.append((port, port))
    return tuple(found)


def parse(text: str) -> Internet:
    """What ``-i text`` asks for. Raises UsageError as lsof words it."""
    rest = text
    version = None
    if rest[:1] in {"4", "6"}:
        version, rest = int(rest[0]), rest[1:]
    cut = min((place for place in map(rest.find, "@:") if place >= 0), default=len(rest))
    word, rest = rest[:cut], rest[cut:]
    protocol = word.lower() or None
    if protocol is not None and protocol not in PROTOCOLS:
        raise _refusal(f"unknown protocol name ({word}) in", text)
    hosts = None
    if rest.startswith("@"):
        rest = rest[1:]
        end = rest.find("]") if rest.startswith("[") else 0
        colon = rest.find(":", max(end, 0))
        host, rest = (rest, "") if colon < 0 else (rest[:colon], rest[colon:])
        hosts = _host(host, version, text)
    ports = _ports(rest[1:], protocol, text) if rest else ()
    return Internet(text, version, protocol, hosts, ports)
