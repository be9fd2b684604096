"""Pictures of the terminal for the documentation: ``python -m tests.pictures`` writes ``docs/pictures/``.

The commands run on the recorded machines of the tests, so that a picture changes only where the program
does. Needs root, to set these machines up."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from sysutils.cli.ifconfig_show import Shown
from sysutils.core._ntuples import sifaddress, sifdetails, sinterface
from tests import pictures_live
from tests.cli.test_who import record
from tests.support.golden import GOLDEN
from tests.support.mounts import Line, Tmpfs, among
from tests.support.sidebyside import Case, run_ours
from tests.support.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACE = Path(__file__).parents[1] / "docs" / "pictures"
COLUMNS = 100
ENV = (
    ("COLUMNS", str(COLUMNS)), ("LINES", "24"), ("TERM", "xterm-256color"), ("LC_ALL", "C.UTF-8"),
)  # fmt: skip
_USER, _BOOTED = 7, 1_772_300_000
#: name of the picture -> command line, recorded machine, lines shown
SHOWN = {
    "ps": ("ps auxf", "small", 24),
    "free": ("free -w -t", "small", 6),
    "netstat": ("netstat -tan", "sockets", 14),
    "iostat": ("iostat -xz", "io", 14),
    "uptime": ("uptime", "small", 5),
    "lsof": ("lsof -nP -i", "sockets", 24),
    "pmap": ("pmap -x 2050", "small", 20),
    "kill": ("kill -L", "small", 33),
    "who": ("who /proc/records", "small", 8),
}
WHO = [
    record(_USER, b"tty1", b"ada", ident=b"1", pid=612, at=_BOOTED + 60),
    record(_USER, b"pts/0", b"ada", b"203.0.113.7", pid=2001, at=_BOOTED + 5400),
    record(_USER, b"pts/1", b"grace", b"build.example.org", pid=2050, at=_BOOTED + 86400),
]
DF = [
    Tmpfs("srv", "/dev/mapper/vg0-srv", "size=64M,nr_inodes=1000"),
    Tmpfs("home", "/dev/mapper/vg0-home", "size=600G"),
    Tmpfs("backup", "store:/export/backup", "size=3T"),
]
_THEME = TerminalTheme(
    (13, 17, 23),
    (201, 209, 217),
    [(72, 79, 88), (255, 123, 114), (63, 185, 80), (210, 153, 34),
     (88, 166, 255), (188, 140, 255), (57, 197, 207), (177, 186, 196)],
    [(110, 118, 129), (255, 161, 152), (86, 211, 100), (227, 179, 65),
     (121, 192, 255), (210, 168, 255), (86, 212, 221), (240, 246, 252)],
)  # fmt: skip


def picture(title: str, output: bytes, lines: int) -> str:
    """An SVG of what a terminal shows of ``output``: its first ``lines``."""
    console = Console(
        record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, color_system="truecolor"
    )  # fmt: skip
    for line in output.decode("utf-8", "replace").splitlines()[:lines]:
        console.print(Text.from_ansi(line), soft_wrap=True)
    svg = console.export_svg(title=title, theme=_THEME, unique_id="sysutils")
    svg = re.sub(
        r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL
    )  # nothing is loaded from elsewhere
    svg = svg.replace(
        "<svg ", '<svg xml:space="preserve" ', 1
    )  # some viewers drop blanks otherwise
    return svg.replace("Fira Code", "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas")


def pictures() -> Iterator[tuple[str, str]]:
    """``(name, SVG)`` of each."""
    records = (("records", b"".join(WHO)),)
    for name, (words, tree, lines) in SHOWN.items():
        answer = run_ours(Case(tree, (*words.split(), "--rich"), ENV, files=records))
        output = answer.stdout.replace(os.uname().release.encode(), b"6.12.9")
        yield name, picture(f"sysutils {words}", output, lines)
    line = Line(("df", "-h", *(mount.path for mount in DF), "--rich"), ENV)
    ((_, answer),) = among([*DF], [line])
    yield "df", picture("sysutils df -h", answer.stdout, 12)
    yield "ifconfig", picture("sysutils ifconfig", _interfaces(), 20)
    frames = (GOLDEN / "iotop" / "frames.rich.txt").read_bytes()
    yield "iotop", picture("sysutils iotop", frames.split(b"\n\n")[-1], 14)
    yield "top", picture("sysutils top", pictures_live.top(COLUMNS, 28), 28)
    with Terminal(["free", "--help"], columns=COLUMNS, lines=60) as terminal:
        terminal.finish()
        yield "help", picture("sysutils free --help", terminal.screen().raw, 40)


def _interfaces() -> bytes:
    """ifconfig of interfaces as a small server has them."""
    program = (
        "from tests.pictures import server\n"
        "from sysutils.cli import ifconfig\n"
        "ifconfig.chosen = lambda name, all: server()\n"
        "ifconfig.command.main(['--rich'], standalone_mode=False)\n"
    )
    env = {**os.environ, **dict(ENV)}
    return subprocess.run([sys.executable, "-c", program], env=env, stdout=-1, check=True).stdout


def server() -> list[Shown]:
    """A card with two addresses and some packets dropped, the loopback, a link that is down."""
    traffic = (48_211_903, 31_004_812, 61_203_118_004, 9_822_104_511, 0, 0, 214, 3)
    names = ("rx_packets", "tx_packets", "rx_bytes", "tx_bytes", "rx_errors", "tx_errors", "rx_dropped",
             "tx_dropped")  # fmt: skip

    def counted(name: str, figures: tuple[int, ...]) -> sinterface:
        empty = sinterface(name, 0, 1500, 0, *[0] * 16)
        return empty._replace(**dict(zip(names, figures, strict=True)))

    inet = sifaddress(2, "192.0.2.7", 24, "255.255.255.0", "192.0.2.255", None, "global", "eth0", 0)
    inet6 = inet._replace(family=10, address="2001:db8::7", prefixlen=64, label=None)
    link = inet6._replace(address="fe80::ff:fe00:1", scope="link")
    eth0 = sifdetails("eth0", 2, 0x1043, 1500, 0, 1000, 1, "02:00:00:00:00:01", "ff:ff:ff:ff:ff:ff", None,
                      counted("eth0", traffic), [inet, inet6, link])  # fmt: skip
    local = inet._replace(address="127.0.0.1", prefixlen=8, broadcast=None, label="lo")
    lo = eth0._replace(name="lo", flags=0x49, mtu=65536, type=772, address="00:00:00:00:00:00",
                       counters=counted("lo", (9214, 9214, 811_204, 811_204, 0, 0, 0, 0)),
                       addresses=[local])  # fmt: skip
    wlan = eth0._replace(name="wlan0", flags=0x1002, address="02:00:00:00:00:02",
                         counters=counted("wlan0", (0,) * 8), addresses=[])  # fmt: skip
    rows = ((eth0, [inet]), (lo, [local]), (wlan, []))
    return [Shown(one.name, one, False, list(addresses)) for one, addresses in rows]


def main() -> None:
    """Writes them all."""
    PLACE.mkdir(exist_ok=True)
    for name, svg in pictures():
        (PLACE / f"{name}.svg").write_text(svg)
        sys.stdout.write(f"docs/pictures/{name}.svg\n")


if __name__ == "__main__":
    main()
