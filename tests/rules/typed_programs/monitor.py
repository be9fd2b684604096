"""A monitor: the whole system at a glance, as a dictionary of plain values."""

from __future__ import annotations

import time

import psutil


def cpu() -> dict[str, float | int | list[float]]:
    times = psutil.cpu_times()
    each: list[float] = psutil.cpu_percent(interval=None, percpu=True)
    shares = psutil.cpu_times_percent(0.1)
    idle = min(one.idle for one in psutil.cpu_times(percpu=True))
    frequency = psutil.cpu_freq()
    fastest = max(one.max for one in psutil.cpu_freq(percpu=True))
    cores: int = psutil.cpu_count(logical=False) or psutil.cpu_count() or 1
    one, _, fifteen = psutil.getloadavg()
    switches: int = psutil.cpu_stats().ctx_switches + psutil.cpu_stats().interrupts
    return {
        "total": psutil.cpu_percent(),
        "each": each,
        "mhz": frequency.current,
        "fastest": fastest,
        "load": (one - fifteen) / cores,
        "busy": times.user + times.system + times.iowait - idle,
        "guests": shares.guest + shares.guest_nice,
        "switches": switches,
    }


def memory() -> str:
    ram, swap = psutil.virtual_memory(), psutil.swap_memory()
    total, available, percent, used, free = ram[:5]
    reclaimable: int = ram.buffers + ram.cached + ram.slab - ram.shared
    rest: int = total - available - used - free + reclaimable
    return f"{percent:.1f}% {swap.percent:.1f}% {rest} {swap.sin + swap.sout:d}"


def disks(skip: frozenset[str] = frozenset({"squashfs", "tmpfs"})) -> list[tuple[str, float]]:
    found = []
    for part in psutil.disk_partitions(all=False):
        if part.fstype in skip or "ro" in part.opts.split(","):
            continue
        usage = psutil.disk_usage(part.mountpoint)
        found.append((part.device.upper(), usage.percent + usage.free / usage.total))
    return found


def rates(interval: float) -> tuple[float, float, dict[str, int]]:
    network, disk = psutil.net_io_counters(), psutil.disk_io_counters(nowrap=False)
    time.sleep(interval)
    later = psutil.net_io_counters()
    received = (later.bytes_recv - network.bytes_recv) / interval
    busy = 0.0 if disk is None else disk.busy_time / interval
    errors = {
        name: counters.errin + counters.errout + counters.dropin
        for name, counters in psutil.net_io_counters(pernic=True).items()
    }
    for device, row in psutil.disk_io_counters(perdisk=True).items():
        errors[device] = row.read_merged_count + row.write_time
    return received, busy, errors


def sensors(fahrenheit: bool) -> list[str]:
    lines = [
        f"{chip} {row.label or chip}: {row.current} {row.high or 0.0:.0f} {row.critical or 0.0:.0f}"
        for chip, rows in psutil.sensors_temperatures(fahrenheit=fahrenheit).items()
        for row in rows
    ]
    for chip, fans in psutil.sensors_fans().items():
        lines += [f"{chip} {fan.label}: {fan.current:d}" for fan in fans]
    battery = psutil.sensors_battery()
    if battery is not None and battery.secsleft not in (
        psutil.POWER_TIME_UNKNOWN,
        psutil.POWER_TIME_UNLIMITED,
    ):
        lines.append(f"{battery.percent:.0f}% {battery.secsleft // 60} min {battery.power_plugged}")
    return lines


def sessions() -> dict[str, float]:
    now = time.time()
    assert psutil.boot_time() < now
    return {
        f"{user.name}@{user.host or 'local'} {user.terminal or '-'}": now - user.started
        for user in psutil.users()
    }


def as_numbers() -> dict[str, int | float]:
    answer: dict[str, int | float] = psutil.virtual_memory()._asdict()
    answer.update(psutil.disk_usage("/")._asdict())
    return answer
