"""The regions of a process's memory (libproc)."""

import ctypes
import errno
from collections.abc import Iterator

from sysutils.core.darwin import libproc


class _proc_regioninfo(ctypes.Structure):
    _fields_ = (
        ("pri_protection", ctypes.c_uint32),
        ("pri_max_protection", ctypes.c_uint32),
        ("pri_inheritance", ctypes.c_uint32),
        ("pri_flags", ctypes.c_uint32),
        ("pri_offset", ctypes.c_uint64),
        ("pri_behavior", ctypes.c_uint32),
        ("pri_user_wired_count", ctypes.c_uint32),
        ("pri_user_tag", ctypes.c_uint32),
        ("pri_pages_resident", ctypes.c_uint32),
        ("pri_pages_shared_now_private", ctypes.c_uint32),
        ("pri_pages_swapped_out", ctypes.c_uint32),
        ("pri_pages_dirtied", ctypes.c_uint32),
        ("pri_ref_count", ctypes.c_uint32),
        ("pri_shadow_depth", ctypes.c_uint32),
        ("pri_share_mode", ctypes.c_uint32),
        ("pri_private_pages_resident", ctypes.c_uint32),
        ("pri_shared_pages_resident", ctypes.c_uint32),
        ("pri_obj_id", ctypes.c_uint32),
        ("pri_depth", ctypes.c_uint32),
        ("pri_address", ctypes.c_uint64),
        ("pri_size", ctypes.c_uint64),
    )


class proc_regionwithpathinfo(ctypes.Structure):
    """A region of memory, and the file that is mapped there."""

    _fields_ = (("prp_prinfo", _proc_regioninfo), ("prp_vip", libproc.vnode_info_path))


def regions(pid: int) -> Iterator[proc_regionwithpathinfo]:
    """The regions of a process's memory, in the order of addresses, none of the kernel. Raises OSError as
    ``libproc.info``, at the first."""
    address, first = 0, True
    while True:
        try:
            found = libproc.info(
                pid, libproc.PROC_PIDREGIONPATHINFO, proc_regionwithpathinfo, address
            )
        except OSError as error:
            if first and error.errno != errno.EINVAL:
                raise
            return  # there are no more, or it has ended
        yield found
        first, after = False, found.prp_prinfo.pri_address + found.prp_prinfo.pri_size
        if after <= address:
            return
        address = after
