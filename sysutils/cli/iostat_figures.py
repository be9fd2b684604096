"""What iostat computes: counters of two moments, what happened between them, and the columns of it."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sysutils.cli.output.column import Column

SECTOR = 512
_WRAP = 1 << 32
#: as the kernel names them; sectors have 512 bytes, ticks are milliseconds
_NAMES = (
    "read_ios", "read_merges", "read_sectors", "read_ticks", "write_ios", "write_merges", "write_sectors",
    "write_ticks", "discard_ios", "discard_merges", "discard_sectors", "discard_ticks", "flush_ios",
    "flush_ticks", "io_ticks", "time_in_queue",
)  # fmt: skip


class Counters(NamedTuple):
    """What a device did since boot, or between two moments; 0 for what the kernel does not count."""

    read_ios: int = 0
    read_merges: int = 0
    read_sectors: int = 0
    read_ticks: int = 0
    write_ios: int = 0
    write_merges: int = 0
    write_sectors: int = 0
    write_ticks: int = 0
    discard_ios: int = 0
    discard_merges: int = 0
    discard_sectors: int = 0
    discard_ticks: int = 0
    flush_ios: int = 0
    flush_ticks: int = 0
    io_ticks: int = 0
    time_in_queue: int = 0

    @property
    def ios(self) -> int:
        """Transfers: reads, writes and discards."""
        return self.read_ios + self.write_ios + self.discard_ios

    @property
    def merges(self) -> int:
        """Requests that were merged into others."""
        return self.read_merges + self.write_merges + self.discard_merges

    @property
    def sectors(self) -> int:
        """Sectors read, written and discarded."""
        return self.read_sectors + self.write_sectors + self.discard_sectors

    @property
    def ticks(self) -> int:
        """Milliseconds that transfers took, waiting included."""
        return self.read_ticks + self.write_ticks + self.discard_ticks

    @property
    def idle(self) -> bool:
        """Whether no request was completed."""
        return not (self.ios or self.flush_ios)


NOTHING = Counters()


def counters(row: Any) -> Counters:
    """Those of a row of ``core.block_devices()``."""
    return Counters._make([getattr(row, name) or 0 for name in _NAMES])


def moved(now: Counters, before: Counters) -> Counters:
    """What happened in between. A device whose reads and writes both fell is another one of that name; a
    single counter that fell has wrapped at 2^32, or did nothing."""
    if now.read_ios < before.read_ios and now.write_ios < before.write_ios:
        return now
    return Counters._make(map(_difference, now, before))


def _difference(now: int, before: int) -> int:
    if now >= before:
        return now - before
    return now - before + _WRAP if before < _WRAP <= (before - now) * 2 else 0


def added(rows: Sequence[Counters]) -> Counters:
    """The sums."""
    return Counters._make(map(sum, zip(*rows, strict=True))) if rows else NOTHING


class Modes(NamedTuple):
    """In percent, where the time of the CPUs went."""

    user: float = 0.0
    nice: float = 0.0
    system: float = 0.0
    iowait: float = 0.0
    steal: float = 0.0
    idle: float = 0.0


#: columns of ``core.cpu_times()``, of which systems have some
CPU_MODES = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")


def modes(now: Sequence[int], before: Sequence[int]) -> Modes:
    """Shares by the clock ticks in the order of ``CPU_MODES``; columns that the kernel lacks are 0.

    What fell (idle time may) is nothing."""
    total = sum(now[:8]) - sum(before[:8])
    ticks = []
    for row in (now, before):
        user, nice, system, idle, iowait, irq, softirq, steal = [*row, *[0] * 8][:8]
        ticks.append((user, nice, system + irq + softirq, iowait, steal, idle))
    if total <= 0:
        return Modes()
    return Modes._make(max(0, new - old) / total * 100 for new, old in zip(*ticks, strict=True))


class Activity(NamedTuple):
    """One row: what the CPUs (``modes``), a device or a group of ``size`` devices did in ``centis``
    hundredths of a second before ``time``, ``booted`` if that is since boot. ``label`` is the name to be
    shown."""

    type: str
    time: float
    centis: int
    modes: Modes | None = None
    device: str | None = None
    label: str = ""
    moved: Counters = NOTHING
    size: int = 1
    booted: bool = False

    def rate(self, count: float) -> float:
        """``count`` in the interval, per second."""
        return float(count) / self.centis * 100

    @property
    def util(self) -> float:
        """Percentage of the time in which requests were under way; of a group, the mean."""
        return self.rate(self.moved.io_ticks) / 10 / (self.size or 1)


def ratio(part: float, whole: float) -> float:
    """0 where there is no whole."""
    return float(part) / whole if whole else 0.0


def _of_disk(value: Callable[[Activity], Any]) -> Callable[[Activity], Any]:
    return lambda row: value(row) if row.modes is None else None


def _rate(name: str, unit: int = 1) -> Callable[[Activity], Any]:
    return _of_disk(lambda row: row.rate(getattr(row.moved, name)) * unit)


def _per_request(what: str, kind: str, unit: float) -> Callable[[Activity], Any]:
    """Of a kind of requests, the mean; None where there were none."""
    of, by = (what, "ios") if not kind else (f"{kind}_{what}", f"{kind}_ios")

    def value(row: Activity) -> float | None:
        requests = getattr(row.moved, by)
        return getattr(row.moved, of) / requests * unit if requests else None

    return _of_disk(value)


def _merged(kind: str) -> Callable[[Activity], Any]:
    def value(row: Activity) -> float | None:
        merges, requests = getattr(row.moved, f"{kind}_merges"), getattr(row.moved, f"{kind}_ios")
        return merges / (merges + requests) * 100 if merges + requests else None

    return _of_disk(value)


def _mode(name: str) -> Callable[[Activity], Any]:
    return lambda row: None if row.modes is None else getattr(row.modes, name)


COLUMNS = (
    Column("type", "Type", lambda row: row.type, help="cpu (all of them), disk or group."),
    Column("name", "Device", lambda row: row.label or None,
           help="Name of the device or group, as -N or -j want it."),
    Column("device", "Kernel's name", lambda row: row.device, help="The kernel's name of the device."),
    Column("time", "Time", lambda row: row.time, unit="epoch",
           help="End of the interval, since the epoch."),
    Column("interval", "Interval", lambda row: row.centis / 100, unit="seconds",
           help="Length of the interval; in the first report the time since boot."),
    Column("user", "%user", _mode("user"), unit="percent", help="CPUs' time in programs."),
    Column("nice", "%nice", _mode("nice"), unit="percent", help="CPUs' time in programs of low priority."),
    Column("system", "%system", _mode("system"), unit="percent", help="CPUs' time in the kernel."),
    Column("iowait", "%iowait", _mode("iowait"), unit="percent",
           help="CPUs' idle time with requests to disks open."),
    Column("steal", "%steal", _mode("steal"), unit="percent",
           help="CPUs' time that other virtual machines took."),
    Column("idle", "%idle", _mode("idle"), unit="percent", help="CPUs' idle time."),
    Column("transfers_per_second", "tps", _rate("ios"),
           kind="number", help="Reads, writes and discards completed."),
    Column("reads_per_second", "r/s", _rate("read_ios"),
           kind="number", help="Reads completed, after merging."),
    Column("writes_per_second", "w/s", _rate("write_ios"),
           kind="number", help="Writes completed, after merging."),
    Column("discards_per_second", "d/s", _rate("discard_ios"),
           kind="number", help="Discards completed, after merging."),
    Column("flushes_per_second", "f/s", _rate("flush_ios"),
           kind="number", help="Flushes completed, of whole disks alone."),
    Column("read_bytes_per_second", "read/s", _rate("read_sectors", SECTOR), unit="bytes per second",
           kind="number", help="Bytes read."),
    Column("write_bytes_per_second", "wrtn/s", _rate("write_sectors", SECTOR), unit="bytes per second",
           kind="number", help="Bytes written."),
    Column("discard_bytes_per_second", "dscd/s", _rate("discard_sectors", SECTOR), unit="bytes per second",
           kind="number", help="Bytes discarded."),
    Column("read_bytes", "read", _of_disk(lambda row: row.moved.read_sectors * SECTOR), unit="bytes",
           help="Bytes read in the interval."),
    Column("write_bytes", "wrtn", _of_disk(lambda row: row.moved.write_sectors * SECTOR), unit="bytes",
           help="Bytes written in the interval."),
    Column("discard_bytes", "dscd", _of_disk(lambda row: row.moved.discard_sectors * SECTOR), unit="bytes",
           help="Bytes discarded in the interval."),
    Column("read_merges_per_second", "rrqm/s", _rate("read_merges"),
           kind="number", help="Reads merged into others."),
    Column("write_merges_per_second", "wrqm/s", _rate("write_merges"),
           kind="number", help="Writes merged into others."),
    Column("discard_merges_per_second", "drqm/s", _rate("discard_merges"),
           kind="number", help="Discards merged into others."),
    Column("read_merged", "%rrqm", _merged("read"), unit="percent", help="Merged ones among reads."),
    Column("write_merged", "%wrqm", _merged("write"), unit="percent", help="Merged ones among writes."),
    Column("discard_merged", "%drqm", _merged("discard"), unit="percent", help="Merged ones among discards."),
    Column("wait", "await", _per_request("ticks", "", 1e-3), unit="seconds", help="Mean time of a transfer."),
    Column("read_wait", "r_await", _per_request("ticks", "read", 1e-3), unit="seconds",
           help="Mean time of a read."),
    Column("write_wait", "w_await", _per_request("ticks", "write", 1e-3), unit="seconds",
           help="Mean time of a write."),
    Column("discard_wait", "d_await", _per_request("ticks", "discard", 1e-3), unit="seconds",
           help="Mean time of a discard."),
    Column("flush_wait", "f_await", _per_request("ticks", "flush", 1e-3), unit="seconds",
           help="Mean time of a flush."),
    Column("read_size", "rareq-sz", _per_request("sectors", "read", SECTOR), unit="bytes",
           kind="number", help="Mean size of a read."),
    Column("write_size", "wareq-sz", _per_request("sectors", "write", SECTOR), unit="bytes",
           kind="number", help="Mean size of a write."),
    Column("discard_size", "dareq-sz", _per_request("sectors", "discard", SECTOR), unit="bytes",
           kind="number", help="Mean size of a discard."),
    Column("queue", "aqu-sz", _of_disk(lambda row: row.rate(row.moved.time_in_queue) / 1000),
           kind="number", help="Mean number of requests under way."),
    Column("util", "%util", _of_disk(lambda row: row.util), unit="percent",
           help="Time in which requests were under way; of a group, its devices' mean."),
)  # fmt: skip
