"""Frequencies of the CPUs of Linux: cpufreq below /sys, /proc/cpuinfo."""

from sysutils.core._ntuples import scpufreq
from sysutils.core.linux import procfs

#: how the lines with a frequency begin: x86 and s390x, loongarch, ppc
_LINES = (b"\ncpu MHz", b"\nCPU MHz", b"\nclock")


def parse_mhz(data: bytes) -> dict[int, float]:
    """MHz of each CPU by number (``/proc/cpuinfo``): ``cpu MHz : 2445.404``.

    s390x has ``cpu number`` and ``cpu MHz dynamic``, ppc ``clock : 2300.000000MHz``, ARM nothing."""
    data = b"\n" + data
    found: dict[int, float] = {}
    for start in _LINES:
        if start in data:
            break
    else:
        return found
    before, *parts = data.split(start)
    for part in parts:
        name, _, value = part.split(b"\n", 1)[0].partition(b":")
        try:
            mhz = float(value.strip().removesuffix(b"MHz"))
        except ValueError:
            mhz = 0.0
        if mhz and b"static" not in name:
            found[_cpu(before, len(found))] = mhz
        before = part
    return found


def _cpu(block: bytes, otherwise: int) -> int:
    """The number that one of these lines gives to the CPU."""
    for name in (b"\nprocessor", b"\ncpu number"):
        place = block.find(name)
        value = block[place + 1 : place + 40].split(b"\n", 1)[0].partition(b":")[2].strip()
        if place >= 0 and value.isdigit():
            return int(value)
    return otherwise


#: the file as it was last time, and what was read in it: virtual machines' frequencies never change
_last: tuple[bytes, dict[int, float]] = (b"", {})


def _mhz() -> dict[int, float]:
    global _last  # noqa: PLW0603
    try:
        data = procfs.read_proc(b"cpuinfo")
    except OSError:
        return {}
    if data != _last[0]:
        _last = data, parse_mhz(data)
    return _last[1]


def _number(*paths: bytes) -> int | None:
    """What the first of these files says that holds a number."""
    for path in paths:
        try:
            return int(procfs.read_record(path, 64))
        except (OSError, ValueError):
            continue  # not there, offline, or <unknown>
    return None


def _policies(cpus: bytes) -> dict[int, bytes]:
    """Directory of each group of CPUs that share a frequency, by the number of the first."""
    if procfs.exists(cpus + b"/cpufreq/policy0"):
        return _numbered(cpus + b"/cpufreq", b"policy")
    if procfs.exists(cpus + b"/cpu0/cpufreq"):  # before Linux 4.3
        each = _numbered(cpus, b"cpu")
        return {number: path + b"/cpufreq" for number, path in each.items()}
    return {}


def _numbered(directory: bytes, prefix: bytes) -> dict[int, bytes]:
    try:
        names = procfs.names(directory)
    except OSError:
        return {}
    start = len(prefix)
    return {
        int(name[start:]): directory + b"/" + name
        for name in names
        if name.startswith(prefix) and name[start:].isdigit()
    }


def _members(number: int, policy: bytes) -> list[int]:
    """The CPUs of a policy that are online; the one it is named for where that is not told."""
    try:
        return list(map(int, procfs.read_record(policy + b"/affected_cpus", 4096).split()))
    except FileNotFoundError:
        return [number]
    except (OSError, ValueError):
        return []


def cpu_freq() -> list[scpufreq]:
    """Frequency of each CPU that is online, in MHz; the least and the most are 0.0 where not known.

    Raises NotImplementedError if the kernel knows policies but no frequency."""
    mhz = _mhz()
    cpus = procfs.sys_root + b"/devices/system/cpu"
    policies = _policies(cpus)
    if not policies:
        return [scpufreq(current, 0.0, 0.0) for current in mhz.values()]
    # asking the driver takes longer, and may wake the processor up
    known = mhz if mhz.keys() == policies.keys() else {}
    found: dict[int, scpufreq] = {}
    for number, policy in policies.items():
        if known:
            current, members = int(known[number] * 1000), [number]
        else:
            members = _members(number, policy)
            told = _number(policy + b"/scaling_cur_freq", policy + b"/cpuinfo_cur_freq")
            if told is None:
                if members and _number(b"%s/cpu%d/online" % (cpus, number)) != 0:
                    raise NotImplementedError("can't find current frequency file")
                continue
            current = told
        least = _number(policy + b"/scaling_min_freq", policy + b"/cpuinfo_min_freq") or 0
        most = _number(policy + b"/scaling_max_freq", policy + b"/cpuinfo_max_freq") or 0
        row = scpufreq(current / 1000, least / 1000, most / 1000)
        found.update(dict.fromkeys(members, row))
    return [found[number] for number in sorted(found)]
