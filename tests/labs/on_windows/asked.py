"""How psutil and the library are asked the same, and what makes two answers the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

#: question -> why psutil has no answer under wine 10
WINE_LACKS = {
    "getloadavg": "no such performance counter",
    "swap_memory": "no such performance counter",
    "users": "WTSQuerySessionInformationW: the client's address",
    "ionice": "NtQueryInformationProcess(ProcessIoPriority)",
    "memory_full_info": "NtQueryVirtualMemory(MemoryWorkingSetInformation)",
}
#: of these, what the library tells all the same
WE_TELL = {"users"}
#: by how much what moves may have moved between two answers
SECONDS, BYTES = 3.0, 64 << 20

Outcome = tuple[str, Any]


def outcome(ask: Callable[[], Any]) -> Outcome:
    """What came of it: the value, or the error as a user sees it."""
    try:
        return "value", ask()
    except Exception as error:
        text = str(error).replace("psutil", "").replace("sysutils.core", "")
        if isinstance(error, OSError):
            text = f"{error.errno} {getattr(error, 'winerror', None)}"
        if isinstance(error, RuntimeError):
            text = ""
        return type(error).__name__, text


def alike(theirs: Any, ours: Any, slack: float = 0) -> bool:
    """The same types, names and values, numbers within ``slack``."""
    if isinstance(theirs, bool) or theirs is None or isinstance(theirs, (str, bytes)):
        return bool(theirs == ours) and str(theirs) == str(ours)
    if isinstance(theirs, (int, float)):
        return type(theirs).__mro__[-2] is type(ours).__mro__[-2] and abs(theirs - ours) <= slack
    if isinstance(theirs, dict):
        return list(theirs) == list(ours) and all(alike(theirs[k], ours[k], slack) for k in theirs)
    if getattr(theirs, "_fields", None) != getattr(ours, "_fields", None):
        return False
    return len(theirs) == len(ours) and all(map(alike, theirs, ours, [slack] * len(ours)))


def compare(
    name: str, theirs: Callable[[], Any], ours: Callable[[], Any], slack: float = 0
) -> None:
    first, second = outcome(theirs), outcome(ours)
    if first[0] in {"OSError", "RuntimeError"}:
        assert name in WINE_LACKS, first
        told = {first[0], "FileNotFoundError"} if name not in WE_TELL else {"value"}
        assert second[0] in told, (first, second)
        return
    assert name not in WINE_LACKS or first[0] == "NoSuchProcess", f"wine has it: {first}"
    assert first[0] == second[0], (first, second)
    assert alike(first[1], second[1], slack), (first, second)
