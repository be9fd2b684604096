"""Names of terminals by device number."""

import os
import stat


def _split(number: int) -> tuple[int, int]:
    """major and minor of a ``tty_nr``, which is laid out as the kernel's new_encode_dev."""
    return (number >> 8) & 0xFFF, (number & 0xFF) | ((number >> 12) & 0xFFF00)


def _is_device(path: str, number: int) -> bool:
    try:
        found = os.stat(path)
    except OSError:
        return False
    return stat.S_ISCHR(found.st_mode) and _split(number) == (
        os.major(found.st_rdev),
        os.minor(found.st_rdev),
    )


def device_path(number: int) -> str | None:
    """Path below /dev of the terminal with device number ``number``, None for none or unknown.

    UNIX98 slaves have majors 136 to 143; everything else is looked up by /dev's own device numbers."""
    if not number:
        return None
    major, minor = _split(number)
    if 136 <= major <= 143:
        path = f"/dev/pts/{minor + ((major - 136) << 8)}"
        return path if _is_device(path, number) else None
    for name in sorted(os.listdir("/dev")):
        if name.startswith("tty") or name == "console":
            path = f"/dev/{name}"
            if _is_device(path, number):
                return path
    return None
