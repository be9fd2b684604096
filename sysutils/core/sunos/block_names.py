"""Names of block devices: there are no others than the kernel's."""

from sysutils.core import _block_devices

device_name = _block_devices.device_name
