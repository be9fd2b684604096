"""For mypy, not to be run: each system's modules offer what the library expects of them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sysutils.core import _contract

    if sys.platform == "linux":
        from sysutils.core.linux import cpu, disk, facts, host, mem, net, process, records

        _cpu: _contract.Cpu = cpu
        _disk: _contract.Disk = disk
        _facts: _contract.Facts = facts
        _host: _contract.Host = host
        _mem: _contract.Mem = mem
        _net: _contract.Net = net
        _processes: _contract.Processes = process
        _records: _contract.Records = records
