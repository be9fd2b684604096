"""``python -m tests.labs.registers``: what the sensors of the virtual machine of ``kernels.py`` measure.

42.5 °C at the lm75, 1500 revolutions a minute at the adt7475: written into the registers of the kernel's
i2c-stub, from which the drivers of the chips read."""

from __future__ import annotations

import ctypes
import fcntl
import os
from pathlib import Path

_SLAVE_FORCE, _SMBUS = 0x706, 0x720  # linux/i2c-dev.h
_BYTE, _WORD = 2, 3  # I2C_SMBUS_BYTE_DATA, I2C_SMBUS_WORD_DATA of linux/i2c.h


class _Data(ctypes.Structure):
    _fields_ = [
        ("read_write", ctypes.c_uint8),
        ("command", ctypes.c_uint8),
        ("size", ctypes.c_uint32),
        ("data", ctypes.c_void_p),
    ]


def write(chip: int, register: int, value: int, size: int) -> None:
    """One register of a chip on the adapter that is none."""
    (adapter,) = (
        path for path in Path("/sys/bus/i2c/devices").glob("i2c-*")
        if (path / "name").read_text().startswith("SMBus stub")
    )  # fmt: skip
    held = ctypes.c_uint16(value)
    order = _Data(0, register, size, ctypes.addressof(held))
    fd = os.open(f"/dev/{adapter.name}", os.O_RDWR)
    try:
        fcntl.ioctl(fd, _SLAVE_FORCE, chip)
        fcntl.ioctl(fd, _SMBUS, bytes(order))
    finally:
        os.close(fd)


if __name__ == "__main__":
    write(0x48, 0, 0x802A, _WORD)  # two's complement of half degrees, its high byte first
    turns = 90_000 * 60 // 1500  # of the chip's clock in a revolution
    write(0x2E, 0x28, turns & 0xFF, _BYTE)
    write(0x2E, 0x29, turns >> 8, _BYTE)
