"""netstat's table of multicast groups in net-tools' format, or rows."""

import socket
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sysutils import core
from sysutils.cli.fields.names import host_text
from sysutils.cli.netstat_choice import Choice, lacks, note_missing, told
from sysutils.cli.output.column import Column
from sysutils.cli.output.text import pad_bytes

if TYPE_CHECKING:
    from sysutils.core._ntuples import smcastgroup


def shown(found: "Iterable[smcastgroup]", ipv4: bool, ipv6: bool) -> "list[smcastgroup]":
    """The memberships of the families asked for."""
    families = [socket.AF_INET] * ipv4 + [socket.AF_INET6] * ipv6
    return [row for row in found if row.family in families]


def heading() -> Iterator[str]:
    """Title and headings of the memberships."""
    yield "IPv6/IPv4 Group Memberships\n"
    yield "Interface       RefCnt Group\n--------------- ------ ---------------------\n"


def lines_of(groups: "Iterable[smcastgroup]", numeric: bool) -> Iterator[str]:
    """A line for each membership."""
    for row in groups:
        count = "-" if row.refcnt is None else row.refcnt
        yield f"{pad_bytes(row.iface, 15)} {count:<6} {host_text(row.group, numeric)}\n"


COLUMNS = (
    Column("family", "Family", lambda row: socket.AddressFamily(row.family).name,
           help="AF_INET or AF_INET6."),
    Column("iface", "Interface", lambda row: row.iface, help="Interface."),
    Column("refcnt", "RefCnt", lambda row: row.refcnt, right=True, help="Sockets that joined."),
    Column("group", "Group", lambda row: row.group, help="Address of the group."),
)  # fmt: skip


def rows(choice: Choice) -> list[Any]:
    """The memberships to show."""
    return shown(told(core.net_multicast_groups, []), *choice.versions)


def refuse(choice: Choice) -> None:
    """Raises CommandError if the system lacks the table of IPv4."""
    if choice.versions[0] and lacks("igmp"):
        note_missing(choice, "AF INET (igmp)")


def columns(_: Choice) -> Sequence[Column]:
    """The columns of JSON and CSV."""
    return COLUMNS
