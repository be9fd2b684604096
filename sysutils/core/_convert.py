"""Small arithmetic of the API: percentages, sizes, the clock."""

import time


def usage_percent(used: float, total: float, ndigits: int | None = None) -> float:
    """``used`` as a percentage of ``total``; 0.0 where ``total`` is 0."""
    percent = used / total * 100 if total else 0.0
    return percent if ndigits is None else round(percent, ndigits)


def bytes2human(n: float, format: str = "{value:.1f}{symbol}") -> str:
    """``n`` bytes in the largest unit of K M G T P E Z Y (1024) that it reaches: ``9.8K``."""
    for power, symbol in enumerate("YZEPTGMK"):
        unit = 1 << 10 * (8 - power)
        if abs(n) >= unit:
            return format.format(value=n / unit, symbol=symbol)
    return format.format(value=n, symbol="B")


def clock_text(seconds: float) -> str:
    """A moment (in epoch seconds) by the clock, with the date unless it was within the last day."""
    date = "%Y-%m-%d " if int(time.time() - seconds) >= 86400 else ""
    return time.strftime(f"{date}%H:%M:%S", time.localtime(seconds))
