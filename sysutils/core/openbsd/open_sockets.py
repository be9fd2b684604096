"""Sockets by the number that descriptors tell (``sockets.number_of``)."""

from collections.abc import Iterable

from sysutils.core._ntuples import snetsock, sopensocket
from sysutils.core.bsd import descriptors
from sysutils.core.openbsd import files, layout, sockets

_UNCONNECTED, _CONNECTED = 1, 3


def _internet(protocols: Iterable[str]) -> dict[int, snetsock]:
    wanted = list(protocols)
    return {
        sockets.number_of(found.found): sockets.net_socket(found)
        for found in sockets.open_sockets(files.every(), wanted)
    }


def _unix() -> dict[int, sopensocket]:
    rows = {}
    for found in sockets.open_sockets(files.every(), ["unix"]):
        row, number = found.found, sockets.number_of(found.found)
        state = _CONNECTED if row.unp_conn else _UNCONNECTED
        rows[number] = sopensocket(
            "unix", number, row.so_type, 0, f"{number:x}", found.laddr, state, False
        )
    return rows


def _peers() -> dict[int, int]:
    rows = [found.found for found in sockets.open_sockets(files.every(), ["unix"])]
    blocks = {row.so_pcb: sockets.number_of(row) for row in rows if row.so_pcb}
    return {sockets.number_of(row): blocks[row.unp_conn] for row in rows if row.unp_conn in blocks}


class OpenSockets(descriptors.OpenSockets):
    """Finds sockets by the number that descriptors tell."""

    tables = descriptors.Tables(_internet, _unix, _peers)


def socket_protocol(pid: int, fd: int) -> str | None:
    """The family of a socket that no table has (``ROUTE``); None where it can't be asked."""
    try:
        rows = [row for row in files.of_process(pid) if row.fd_fd == fd]
    except OSError:
        return None
    families = [row.so_family for row in rows if row.f_type == layout.DTYPE_SOCKET]
    return "ROUTE" if families == [descriptors.AF_ROUTE] else None
