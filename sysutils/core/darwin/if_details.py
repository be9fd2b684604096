"""All that macOS tells of its network interfaces: what ifconfig shows."""

from sysutils.core._ntuples import sifdetails
from sysutils.core.bsd import if_details
from sysutils.core.darwin.interfaces import AF_INET6, links, row_of

#: IFT_* of net/if_types.h -> the ARPHRD_* number that Linux has for such an interface
HARDWARE = {6: 1, 24: 772, 23: 512, 28: 256, 55: 768, 57: 776, 144: 24, 209: 1}


def net_if_details() -> dict[str, sifdetails]:
    """Each interface with all that is known of it, in the kernel's order (sysctl, getifaddrs(3))."""
    found = if_details.addresses(AF_INET6)
    return {
        link.name: if_details.details(
            row_of(link), link.head.ifm_index, link.head.ifm_snd_maxlen, link.head.ifm_data.ifi_type,
            HARDWARE, link.address, found.get(link.name, []),
        )
        for link in links()
    }  # fmt: skip
