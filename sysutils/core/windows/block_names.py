"""Names of disks: ``PhysicalDrive0`` for ``\\\\.\\PhysicalDrive0``."""


def device_name(path: str) -> str:
    """The name of a disk by its path. (Extension.)"""
    return path.rpartition("\\")[2]
