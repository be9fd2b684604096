"""``psutil._pslinux`` for programs that name it: see ``_common``."""

from sysutils.core._common import __getattr__, get_procfs_path, ppid_map

__all__ = ["__getattr__", "get_procfs_path", "ppid_map"]
