"""Whether a file below PROCFS_PATH is the kernel's own, or of a recording."""

import os

#: inodes that procfs gives to files outside of the processes begin here (PROC_DYNAMIC_FIRST)
_PROC_INODES = 0xF0000000


def is_kernels(path: bytes) -> bool:
    """Whether a file outside of the processes' directories is one of procfs.

    A recording, wherever it is mounted, has a size (the files to ask about are never empty) and an
    ordinary inode; a file of procfs has neither."""
    try:
        status = os.stat(path)
    except OSError:
        return False
    return status.st_size == 0 and status.st_ino >= _PROC_INODES
