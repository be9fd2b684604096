"""The lines above the table of the live top(1): load, CPUs, tasks and memory, as the screen has room."""

import time
from collections.abc import Sequence

from sysutils.cli.live import meters
from sysutils.cli.live.table import painted, size_of
from sysutils.cli.load import brief
from sysutils.cli.output.palette import Palette
from sysutils.cli.top_choices import size_text
from sysutils.cli.top_frame import CPU_STATES
from sysutils.cli.top_look import Look, busy
from sysutils.cli.top_state import Settings, State
from sysutils.cli.top_words import SCALES

Pieces = list[tuple[str, str]]

#: parts of a bar of CPU time, in the order in which they are drawn
_PARTS = (
    ("user", "green"), ("nice", "blue"), ("system", "red"), ("irq", "yellow"), ("softirq", "yellow"),
    ("steal", "magenta"), ("iowait", "grey"),
)  # fmt: skip
_SHORT = {
    "user": "us", "system": "sy", "nice": "ni", "iowait": "wa", "irq": "hi", "softirq": "si",
    "steal": "st", "idle": "id",
}  # fmt: skip
#: columns that a meter of one CPU takes at least
_METER = 24
_GAP = "  "


def head(state: State, look: Look, palette: Palette, width: int, room: int) -> list[str]:
    """At most ``room`` lines, none wider than ``width``."""
    settings = state.settings
    if room < 4 or width < 50:
        lines = [_short_title(state, look, width), _short_meters(look, width)]
        return [painted(palette, pieces, width) for pieces in lines[:room]]
    memory = _memory(settings, look, width)
    title = [_title(state, look, width)] if settings.load else []
    tasks = [_tasks(look, width)]
    left = room - len(title) - len(tasks) - len(memory)
    cpus = _cpus(settings, look, width, left)
    return [painted(palette, pieces, width) for pieces in [*title, *cpus, *memory, *tasks]][:room]


# --- what kind of a screen this is


def _clock(look: Look) -> str:
    return time.strftime("%H:%M:%S", time.localtime(look.report.time))


def _load(look: Look) -> Pieces:
    found: Pieces = []
    for value in look.report.loadavg or ():
        share = value / max(len(look.cpus), 1)
        found += [(" ", ""), (f"{value:.2f}", meters.load_style(share, 0.75, 1.0) or "bold")]
    return found


def _standing(state: State) -> str:
    """What is not as it usually is."""
    settings = state.settings
    words = [settings.shown.name] if settings.view else []
    if state.paused:
        words.append("paused")
    else:
        words.append(f"every {settings.interval:g} s")
    return " · ".join(words)


def _title(state: State, look: Look, width: int) -> Pieces:
    users = look.report.users or 0
    cpus = len(look.cpus)
    left: Pieces = [
        ("top", "bold cyan"), (f"  {_clock(look)}  ", ""), ("up ", "dim"),
        (brief(look.report.uptime).strip(), ""), (f"  {users}", "bold"),
        (" user" + "s" * (users != 1), "dim"), (f"  {cpus}", "bold"),
        (" CPU" + "s" * (cpus != 1), "dim"), ("  load", "dim"), *_load(look),
    ]  # fmt: skip
    right: Pieces = [(_standing(state), "yellow" if state.paused else "dim")]
    return _apart(left, right, width)


def _apart(left: Pieces, right: Pieces, width: int) -> Pieces:
    space = width - size_of(left) - size_of(right)
    return [*left, (" " * space, ""), *right] if space >= 2 else left


def _short_title(state: State, look: Look, width: int) -> Pieces:
    left: Pieces = [(_clock(look), "bold cyan"), ("  load", "dim"), *_load(look)]
    return _apart(left, [(_standing(state), "dim")], width)


def _short_meters(look: Look, width: int) -> Pieces:
    memory = look.memory
    shares = (busy(look.total()), memory.used / memory.total if memory.total else 0.0)
    cells = max(0, (width - 2 * len("CPU  100% ")) // 2)
    found: Pieces = []
    for name, share in zip(("CPU", "Mem"), shares, strict=True):
        found += [(f"{name} ", "bold")]
        found += meters.pieces([(share, meters.load_style(share) or "green")], cells)
        found += [(f"{share:>5.0%}", meters.load_style(share)), (" ", "")]
    return found


# --- CPUs


def _shares(ticks: Sequence[int]) -> dict[str, float]:
    total = sum(ticks)
    return {
        state: part / total if total else 0.0 for state, part in zip(CPU_STATES, ticks, strict=True)
    }


def _bar(ticks: Sequence[int], cells: int) -> Pieces:
    shares = _shares(ticks)
    return meters.pieces([(shares[name], style) for name, style in _PARTS], cells)


def _percent(share: float) -> tuple[str, str]:
    return f"{share * 100:>6.1f}%", meters.load_style(share) or "bold"


def _states(ticks: Sequence[int], all_of_them: bool) -> Pieces:
    """``us 12.0 sy 3.1``: those that are more than nothing, or all."""
    found: Pieces = []
    styles = dict(_PARTS)
    for name, share in _shares(ticks).items():
        if all_of_them or (share >= 0.0005 and name != "idle"):
            found += [(f"  {share * 100:.1f}", styles.get(name, "")), (f" {_SHORT[name]}", "dim")]
    return found


def _cpus(settings: Settings, look: Look, width: int, room: int) -> list[Pieces]:
    total = look.total()
    if settings.cpu_mode == 3 or room < 1:
        return []
    if settings.cpu_mode == 2:
        return _numbers(settings, look, room)
    summary = _summary(settings, look, total, width)
    if settings.cpu_mode == 1 or not settings.per_cpu or len(look.cpus) < 2:
        return [summary]
    each = _each(look, width, room - 1)
    return [summary, *each]


def _summary(settings: Settings, look: Look, total: Sequence[int], width: int) -> Pieces:
    share = busy(total)
    states = _states(total, False)
    if settings.cpu_mode == 1:
        cells = max(10, width - 12 - size_of(states))
        drawn: Pieces = [(meters.spark(look.cpu_history, cells), "green")]
    else:
        spark = 20 if width >= 110 else 10 if width >= 76 else 0
        cells = min(max(8, width - 17 - spark - max(size_of(states), 34)), 50)
        drawn = _bar(total, cells)
        if spark:
            states = [*states, (" " * max(2, width - 12 - cells - size_of(states) - spark), "")]
            states.append((meters.spark(look.cpu_history, spark), "cyan"))
    return [("CPU  ", "bold"), *drawn, _percent(share), *states]


def _each(look: Look, width: int, room: int) -> list[Pieces]:
    """A meter for each CPU, side by side; none where they do not all fit."""
    count = len(look.cpus)
    across = max(1, min((width + len(_GAP)) // _METER, count))
    lines = -(-count // across)
    if lines > room:
        return []
    across = -(-count // lines)
    label = len(str(count - 1))
    space = (width - len(_GAP) * (across - 1)) // across
    cells = max(3, space - max(label, 4) - 8)
    found: list[Pieces] = []
    for start in range(lines):
        line: Pieces = []
        for number in range(start, count, lines):
            ticks = look.cpus[number]
            line += [(_GAP, "")] if line else []
            line += [
                (f"{number:>{max(label, 4)}} ", "dim"),
                *_bar(ticks, cells),
                _percent(busy(ticks)),
            ]
        found.append(line)
    return found


def _numbers(settings: Settings, look: Look, room: int) -> list[Pieces]:
    if settings.per_cpu and len(look.cpus) <= room:
        return [
            [(f"CPU{number:<3}", "bold"), *_states(ticks, True)]
            for number, ticks in enumerate(look.cpus)
        ]
    return [[("CPU   ", "bold"), *_states(look.total(), True)]]


# --- memory


def amount(size: int, scale: int) -> str:
    """A size in the unit that fits, or in that of ``E``."""
    if not scale:
        return size_text(size)
    text = f"{size / 1024**scale:.1f}" if scale > 1 else f"{size >> 10}"
    return f"{text}{SCALES[scale - 1].upper()}"


def _memory(settings: Settings, look: Look, width: int) -> list[Pieces]:
    memory, scale = look.memory, settings.summary_scale
    if settings.memory_mode == 3:
        return []
    used = memory.used / memory.total if memory.total else 0.0
    swapped = memory.swap_used / memory.swap_total if memory.swap_total else 0.0
    if settings.memory_mode == 2:
        return [
            _figures("Mem ", scale, total=memory.total, free=memory.free, used=memory.used,
                     buff_cache=memory.buff_cache, available=memory.available),
            _figures("Swap", scale, total=memory.swap_total, free=memory.swap_free, used=memory.swap_used),
        ]  # fmt: skip
    about: Pieces = [
        (f"  {amount(memory.used, scale)}", "bold"), (" of ", "dim"), (amount(memory.total, scale), ""),
        (f"  {amount(memory.available, scale)}", ""), (" available", "dim"),
    ]  # fmt: skip
    swap: Pieces = [
        (f"  {amount(memory.swap_used, scale)}", "bold"), (" of ", "dim"),
        (amount(memory.swap_total, scale), ""),
    ]  # fmt: skip
    if settings.memory_mode == 1:
        cells = max(10, width - 12 - size_of(about))
        drawn: Pieces = [(meters.spark(look.memory_history, cells), "green")]
        return [[("Mem  ", "bold"), *drawn, _percent(used), *about]]
    cells = max(8, min(50, width - 12 - size_of(about)))
    cached = max(0.0, min(memory.buff_cache / memory.total, 1 - used)) if memory.total else 0.0
    bar = meters.pieces([(used, "green"), (cached, "blue")], cells)
    lines = [[("Mem  ", "bold"), *bar, _percent(used), *about]]
    if memory.swap_total:
        bar = meters.pieces([(swapped, meters.load_style(swapped) or "yellow")], cells)
        lines.append([("Swap ", "bold"), *bar, _percent(swapped), *swap])
    return lines


def _figures(name: str, scale: int, **sizes: int) -> Pieces:
    found: Pieces = [(name, "bold")]
    for label, size in sizes.items():
        found += [(f"  {amount(size, scale)}", ""), (f" {label.replace('_', '/')}", "dim")]
    return found


# --- tasks


def _tasks(look: Look, width: int) -> Pieces:
    counts = look.counts
    found: Pieces = [
        ("Threads " if look.threads else "Tasks ", "bold"), (f"{counts.total}", "bold"),
        ("  running ", "dim"), (f"{counts.running}", "green"), ("  sleeping ", "dim"),
        (f"{counts.sleeping}", ""), ("  stopped ", "dim"),
        (f"{counts.stopped}", "yellow" if counts.stopped else ""),
        ("  zombie ", "dim"), (f"{counts.zombie}", "bold red" if counts.zombie else ""),
    ]  # fmt: skip
    if look.memory.swap_total or width < 70:
        return found
    return [*found, ("  no swap", "dim")]
