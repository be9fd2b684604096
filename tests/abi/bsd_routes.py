"""Numbers of routing sockets, which macOS and the BSDs have alike."""

from __future__ import annotations

from sysutils.core.bsd import descriptors, facts, routes

_VNODES = "VNON VREG VDIR VBLK VCHR VLNK VSOCK VFIFO VBAD"
_NUMBERS = """
CTL_NET NET_RT_DUMP RTM_GET RTAX_DST RTAX_GATEWAY RTAX_NETMASK RTF_UP RTF_GATEWAY RTF_HOST RTF_REJECT
RTF_DYNAMIC RTF_MODIFIED
"""
ROUTES: dict[str, int] = {name: getattr(routes, name) for name in _NUMBERS.split()}
#: of every BSD: kinds of vnodes in their order, flags of descriptors, of accounts
BSD: dict[str, int] = {
    **{name: place for place, name in enumerate(_VNODES.split())},
    "FREAD": descriptors.FREAD, "FWRITE": descriptors.FWRITE,
    "AFORK": facts.AFORK,
}  # fmt: skip

_ROUTE = "RTF_UP | RTF_GATEWAY | RTF_STATIC"
_DST, _GATEWAY, _MASK = "10, 1", "192, 168, 0, 1", "255, 255"
_NET, _ROUTER = "0x20, 1, 0xd, 0xb8", "0xfe, 0x80, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9"


def _message(head: str, room: str, addresses: tuple[str, ...], flags: str) -> tuple[str, str]:
    size = f"sizeof(struct rt_msghdr) + {len(addresses)} * ({room})"
    kind = f"struct {{ struct rt_msghdr head; unsigned char at[{len(addresses)}][{room}]; }}"
    told = ", ".join(f"{{ {address} }}" for address in addresses)
    masks = "RTA_DST | RTA_GATEWAY" + (" | RTA_NETMASK" if len(addresses) > 2 else "")
    return kind, (
        f"{{ {{ .rtm_msglen = {size}, .rtm_version = RTM_VERSION, .rtm_type = RTM_GET, .rtm_index = 1,"
        f" .rtm_flags = {flags}, .rtm_addrs = {masks}, {head} }}, {{ {told} }} }}"
    )


def fixtures(head: str, learned: str, unit: str = "sizeof(long)") -> dict[str, tuple[str, str]]:
    """Routes by way of a router, to a host, and to a neighbour with the flag ``learned``, as C initialisers.

    ``head`` are further fields of the header, ``unit`` is what addresses are filled up to."""
    room6 = f"(28 + {unit} - 1) / {unit} * {unit}"
    inet, inet6, link = "16, AF_INET, 0, 0", "28, AF_INET6, 0, 0, 0, 0, 0, 0", "16, AF_LINK, 1"
    router = (f"{inet}, {_DST}", f"{inet}, {_GATEWAY}", f"6, 0, 0, 0, {_MASK}")
    host = (f"{inet}, 10, 0, 0, 9", link)
    net6 = (
        f"{inet6}, {_NET}",
        f"{inet6}, {_ROUTER}",
        "12, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255",
    )
    return {
        "route": _message(head, "16", router, _ROUTE),
        "host_route": _message(head, "16", host, "RTF_UP | RTF_HOST"),
        "learned_route": _message(head, "16", host, f"RTF_UP | RTF_HOST | {learned}"),
        "route6": _message(head, room6, net6, _ROUTE),
    }
