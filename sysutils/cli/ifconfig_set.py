"""What ifconfig changes: the words after an interface's name, one after the other."""

import re
import socket
from collections.abc import Callable
from typing import NoReturn

from sysutils import core
from sysutils.cli.ifconfig_hardware import NAMES, ethernet_address
from sysutils.cli.ifconfig_show import chosen
from sysutils.cli.options import CommandError
from sysutils.cli.output.stream import write_error

_UP, _BROADCAST, _POINTOPOINT, _NOTRAILERS, _RUNNING, _NOARP = 0x1, 0x2, 0x10, 0x20, 0x40, 0x80
_PROMISC, _ALLMULTI, _MULTICAST, _DYNAMIC = 0x100, 0x200, 0x1000, 0x8000
#: word -> bits set, bits cleared, and how a bit that stays set is told of
_FLAG_WORDS = {
    "up": (_UP | _RUNNING, 0, ""),
    "down": (0, _UP, ""),
    "arp": (0, _NOARP, ""),
    "-arp": (_NOARP, 0, ""),
    "trailers": (0, _NOTRAILERS, ""),
    "-trailers": (_NOTRAILERS, 0, ""),
    "promisc": (_PROMISC, 0, ""),
    "-promisc": (0, _PROMISC, "promisc mode... maybe other application is running?"),
    "multicast": (_MULTICAST, 0, ""),
    "-multicast": (0, _MULTICAST, "MULTICAST mode."),
    "allmulti": (_ALLMULTI, 0, ""),
    "-allmulti": (0, _ALLMULTI, "ALLMULTI mode."),
    "dynamic": (_DYNAMIC, 0, ""),
    "-dynamic": (0, _DYNAMIC, "DYNAMIC mode."),
    "-broadcast": (0, _BROADCAST, "BROADCAST mode."),
    "-pointopoint": (0, _POINTOPOINT, "POINTOPOINT mode."),
}
_FAMILIES = {"inet": 2, "inet6": 10, "unix": 1, "ax25": 3, "netrom": 6, "rose": 11, "ipx": 4, "ddp": 5,
             "ec": 19, "ash": 18, "x25": 9}  # fmt: skip
_HINT = "ifconfig: `--help' gives usage information.\n"
_TRY_AGAIN = -3


def _leave(text: str, status: int = 1) -> NoReturn:
    """Ends the command with a text of the classic's, which has no name in front."""
    error = CommandError("", status)
    error.hint = text
    raise error


def _usage_error() -> CommandError:
    """The classic shows its usage and nothing else."""
    import click

    error = CommandError("", 3)
    ctx = click.get_current_context()
    error.hint = f"Usage:\n{ctx.command.get_usage(ctx)}\nTry 'ifconfig --help' for all words.\n"
    return error


class _Unknown(Exception):
    """A host without an address; the text says why."""


def resolve(host: str) -> str:
    """The IPv4 address of a host."""
    if host == "default":
        return "0.0.0.0"
    try:
        if not re.search(r"\s", host):
            return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        pass
    if not re.fullmatch(r"[\w.-]*[A-Za-z_][\w.-]*", host, re.ASCII) or host.startswith("-"):
        raise _Unknown(f"{host}: Unknown host")
    try:
        return socket.gethostbyname(host)
    except socket.gaierror as error:
        why = "Host name lookup failure" if error.errno == _TRY_AGAIN else "Unknown host"
        raise _Unknown(f"{host}: {why}") from None


def _leading_number(word: str) -> int:
    """What atoi(3) makes of it."""
    found = re.match(r"\s*([+-]?\d+)", word, re.ASCII)
    return int(found[1]) if found else 0


def _any_base(word: str) -> int:
    """What strtoul(3) makes of it, with base 0."""
    found = re.match(r"\s*(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)", word)
    if not found:
        return 0
    text = found[1]
    return int(text, 16 if text[:2] in {"0x", "0X"} else 8 if text[0] == "0" else 10)


class _Change:
    """One command line at work."""

    def __init__(self, name: str, words: list[str]) -> None:
        self.name = name
        self.rest = words
        self.status = 0
        self.family = "inet"
        self.mask = ""
        self.control = core.InterfaceControl(name)
        self.actions: dict[str, Callable[[], None]] = {
            "broadcast": self._broadcast, "pointopoint": self._pointopoint, "netmask": self._netmask,
            "dstaddr": self._dstaddr, "mtu": self._mtu, "txqueuelen": self._txqueuelen, "hw": self._hw,
            "name": self._rename, "add": self._add, "del": self._remove, "mem_start": self._mem_start,
            "io_addr": self._io_addr, "irq": self._irq, "keepalive": self._keepalive,
            "outfill": self._outfill, "media": self._left_out, "tunnel": self._left_out,
        }  # fmt: skip

    def run(self) -> int:
        """Does what the words say; the exit status."""
        with self.control:
            while self.rest:
                word = self.rest.pop(0)
                if word in _FLAG_WORDS:
                    self._flags(word)
                elif word in self.actions:
                    self.actions[word]()
                elif word in _FAMILIES:
                    self.family = word
                else:
                    self._address(word)
            if self.mask:
                self._try("SIOCSIFNETMASK", lambda: self.control.set_netmask(self.mask))
        return self.status

    def _try(self, what: str, change: Callable[[], None]) -> bool:
        """Makes a change; an error is told, and what follows is tried all the same."""
        try:
            change()
        except OSError as error:
            write_error(f"{what}: {error.strerror}\n")
            # in the classic a mask's error leaves the status of an earlier one, others' replace it
            self.status = self.status | 1 if what == "SIOCSIFNETMASK" else 1
            return False
        return True

    def _value(self) -> str:
        """The word that must follow."""
        if not self.rest:
            raise _usage_error()
        return self.rest.pop(0)

    def _host(self) -> str:
        try:
            return resolve(self._value())
        except _Unknown as error:
            _leave(f"{error}\n")

    def _change_flags(self, on: int, off: int) -> None:
        try:
            flags = self.control.flags()
        except OSError as error:
            write_error(f"{self.name}: ERROR while getting interface flags: {error.strerror}\n")
            self.status = 255
            return
        try:
            self.control.set_flags((flags | on) & ~off)
        except OSError as error:
            write_error(f"SIOCSIFFLAGS: {error.strerror}\n")
            self.status = 255

    def _flags(self, word: str) -> None:
        on, off, still = _FLAG_WORDS[word]
        self._change_flags(on, off)
        if not still:
            return
        try:
            if self.control.flags() & off:
                write_error(f"Warning: Interface {self.name} still in {still}\n")
        except OSError as error:
            write_error(f"{self.name}: ERROR while testing interface flags: {error.strerror}\n")
            self.status = 255

    def _address(self, word: str) -> None:
        host, _, length = word.partition("/")
        if self.family != "inet":
            self._other_family(word)
        if length and not (length.isdecimal() and int(length) <= 32):
            raise _usage_error()
        try:
            address = resolve(host)
        except _Unknown as error:
            _leave(f"{error}\n{_HINT}")
        self._try("SIOCSIFADDR", lambda: self.control.set_address(address))
        if address != "0.0.0.0" or ":" not in self.name:  # by that an alias is gone
            self._change_flags(_UP | _RUNNING, 0)
        if length:
            bits = (1 << 32) - (1 << 32 - int(length))
            self.mask = socket.inet_ntoa(bits.to_bytes(4, "big"))

    def _other_family(self, word: str) -> NoReturn:
        if self.family == "inet6":
            try:
                socket.getaddrinfo(word, None, socket.AF_INET6)
            except socket.gaierror as error:
                why = {-3: "Host name lookup failure", -2: "Unknown host"}
                text = why.get(error.errno or 0, "Resolver Error 0 (no error)")
                _leave(f"getaddrinfo: {word}: {error.errno}\n{word}: {text}\n{_HINT}")
        _leave(f"Don't know how to set addresses for family {_FAMILIES[self.family]}.\n")

    def _broadcast(self) -> None:
        if self.rest:
            address = self._host()
            self._try("SIOCSIFBRDADDR", lambda: self.control.set_broadcast(address))
        self._change_flags(_BROADCAST, 0)

    def _pointopoint(self) -> None:
        if self.rest:
            self._dstaddr()
        self._change_flags(_POINTOPOINT, 0)

    def _dstaddr(self) -> None:
        address = self._host()
        self._try("SIOCSIFDSTADDR", lambda: self.control.set_peer(address))

    def _netmask(self) -> None:
        mask = self._host()
        self._try("SIOCSIFNETMASK", lambda: self.control.set_netmask(mask))

    def _mtu(self) -> None:
        size = _leading_number(self._value())
        self._try("SIOCSIFMTU", lambda: self.control.set_mtu(size))

    def _txqueuelen(self) -> None:
        length = _leading_number(self._value())
        self._try("SIOCSIFTXQLEN", lambda: self.control.set_txqueuelen(length))

    def _map(self, word: str, **where: int) -> None:
        self._try(f"{word}: SIOCSIFMAP", lambda: self.control.set_map(**where))

    def _mem_start(self) -> None:
        self._map("mem_start", mem_start=_any_base(self._value()))

    def _io_addr(self) -> None:
        self._map("io_addr", base_addr=_any_base(self._value()))

    def _irq(self) -> None:
        self._map("irq", irq=_leading_number(self._value()))

    def _keepalive(self) -> None:
        self._of_serial_lines("SIOCSKEEPALIVE")

    def _outfill(self) -> None:
        self._of_serial_lines("SIOCSOUTFILL")

    def _of_serial_lines(self, request: str) -> None:
        """No driver of today knows these."""
        self._value()
        write_error(f"{request}: Operation not supported\n")
        self.status = 1

    def _left_out(self) -> None:
        self._value()
        raise CommandError("media and tunnel are not supported")

    def _rename(self) -> None:
        new = self._value()
        self._try("SIOCSIFNAME", lambda: self.control.rename(new))

    def _hw(self) -> None:
        kind = self._value()
        if kind not in NAMES:
            self.rest.clear()
        text = self._value()
        if kind != "ether":
            _leave(f"hw address type `{kind}' has no handler to set address. failed.\n")
        address = ethernet_address(text)
        if address is None:
            _leave(f"{text}: invalid ether address.\n")
        try:
            self.control.set_hardware_address(address)
        except OSError as error:
            busy = " - you may need to down the interface" if error.errno == 16 else ""
            write_error(f"SIOCSIFHWADDR: {error.strerror}{busy}\n")
            self.status = 1

    # --- further addresses

    def _add(self) -> None:
        self._further("SIOCSIFADDR", add=True)

    def _remove(self) -> None:
        self._further("SIOCDIFADDR", add=False)

    def _further(self, request: str, add: bool) -> None:
        word = self._value()
        address, slash, length = word.partition("/")
        try:
            socket.inet_pton(socket.AF_INET6, address)
        except (OSError, ValueError):
            self._further_inet(word, add)
            return
        prefixlen = _leading_number(length) if slash else 128
        if not 0 <= prefixlen <= 128:
            raise _usage_error()
        change = self.control.add_inet6 if add else self.control.remove_inet6
        try:
            index = self.control.index()
        except OSError as error:
            write_error(f"SIOGIFINDEX: {error.strerror}\n")
            self.status = 1
            return
        self._try(request, lambda: change(address, prefixlen, index))

    def _further_inet(self, word: str, add: bool) -> None:
        try:
            address = resolve(word)
        except _Unknown as error:
            _leave(f"{error}\n")
        if add:
            self._add_alias(address)
            return
        for row in chosen(None, True):
            if row.alias and row.details.name == self.name and row.inet[0].address == address:
                with core.InterfaceControl(row.name) as alias:
                    self._try("SIOCSIFFLAGS", lambda: alias.set_flags(alias.flags() & ~_UP))
                return
        write_error("SIOCDIFADDR: Cannot assign requested address\n")
        self.status = 1

    def _add_alias(self, address: str) -> None:
        """The first alias that is free, with mask and broadcast address of the interface."""
        rows = {row.name: row for row in chosen(None, True)}
        number = next(n for n in range(len(rows) + 1) if f"{self.name}:{n}" not in rows)
        own = rows[self.name].inet[0] if self.name in rows and rows[self.name].inet else None
        with core.InterfaceControl(f"{self.name}:{number}") as alias:
            if not self._try("SIOCSIFADDR", lambda: alias.set_address(address)):
                return
            if self._try(
                "SIOCSIFNETMASK", lambda: alias.set_netmask(own.netmask if own else "0.0.0.0")
            ) and self._try(
                "SIOCSIFBRDADDR",
                lambda: alias.set_broadcast((own and own.broadcast) or "0.0.0.0"),
            ):
                self._try("SIOCSIFFLAGS", lambda: alias.set_flags(alias.flags() | _BROADCAST))


def configure(name: str, words: list[str]) -> int:
    """Does what the words say of an interface; the exit status."""
    return _Change(name, words).run()
