"""``pmap -X``, ``-XX`` and ``-c``: columns as the kernel's smaps has them."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

#: what ``-X`` leaves out
HIDDEN = frozenset({
    "KernelPageSize", "MMUPageSize", "Shared_Clean", "Shared_Dirty", "Private_Clean", "Private_Dirty",
    "AnonHugePages", "VmFlags",
})  # fmt: skip
_FIXED = ("Address", "Perm", "Offset", "Device", "Inode")
_FLAGS = "VmFlags"
#: bytes of a path that the classic keeps
_LONGEST = 127


class Unlike(ValueError):
    """The mappings are not all described by the same figures."""


class Layout:
    """The table, process after process: widths only grow, and sums run on, as in the classic.

    ``only``: the fields shown, None for all that are not ``hidden``."""

    def __init__(
        self,
        quiet: bool,
        show_path: bool,
        only: Collection[str] | None = None,
        hidden: Collection[str] = (),
    ) -> None:
        self.quiet = quiet
        self.show_path = show_path
        self._only = only
        self._hidden = hidden
        self._widths: dict[str, int] = {}
        self._sums: dict[str, int] = {}

    def _shown(self, name: str) -> bool:
        return name not in self._hidden if self._only is None else name in self._only

    def _name(self, path: str) -> str:
        data = path.encode("utf-8", "surrogateescape")[:_LONGEST]
        name = data if self.show_path else data.rpartition(b"/")[2]
        return name.decode("utf-8", "surrogateescape")

    def _fixed(self, mapping: Any) -> list[str]:
        cells = [
            f"{mapping.start:08x}", mapping.perms, f"{mapping.offset:08x}", mapping.device,
            str(mapping.inode),
        ]  # fmt: skip
        return [text for name, text in zip(_FIXED, cells, strict=True) if self._has(name)]

    def _has(self, name: str) -> bool:
        return name == "Address" or self._shown(name)

    def _figures(self, mappings: Sequence[Any]) -> list[str]:
        """The sums and then the flags, in the kernel's order. Raises Unlike."""
        names = list(mappings[0].figures)
        for mapping in mappings:
            for name, value in mapping.figures.items():
                if name not in names:
                    text = f"{name}: {value} kB"
                    raise Unlike(
                        f"ERROR: inconsistent detail field in smaps file, line:\n {text}\n"
                    )
            if len(mapping.figures) != len(names):
                raise Unlike("Unknown format in smaps file!")
        numbers = [name for name in names if name != _FLAGS]
        for mapping in mappings:
            if not all(isinstance(mapping.figures[name], int) for name in numbers):
                raise Unlike("Unknown format in smaps file!")
        return numbers

    def _widen(self, name: str, texts: Sequence[str]) -> int:
        widest = max(self._widths.get(name, 0), *map(len, texts))
        if not self.quiet:
            widest = max(widest, len(name))
        self._widths[name] = widest
        return widest

    def lines(self, mappings: Sequence[Any]) -> Iterator[str]:
        """The lines of one process, none for one without memory. Raises Unlike."""
        if not mappings:
            return
        numbers = self._figures(mappings)
        for name in numbers:
            more = sum(mapping.figures[name] for mapping in mappings)
            self._sums[name] = self._sums.get(name, 0) + more
        numbers = [name for name in numbers if self._shown(name)]
        flags = [_FLAGS] if _FLAGS in mappings[0].figures and self._shown(_FLAGS) else []
        fixed = [name for name in _FIXED if self._has(name)]
        rows = [
            self._fixed(mapping) + [str(mapping.figures[name]) for name in numbers + flags]
            for mapping in mappings
        ]
        widths = []
        for name, texts in zip(fixed + numbers + flags, zip(*rows, strict=True), strict=True):
            sums = [str(self._sums[name])] if name in self._sums and not self.quiet else []
            widths.append(self._widen(name, [*texts, *sums]))
        names = self._shown("Mapping")
        if not self.quiet:
            heads = _right(fixed + numbers + flags, widths)
            yield heads + " " + ("Mapping" if names else "")
        for mapping, row in zip(mappings, rows, strict=True):
            yield _right(row, widths) + (" " + self._name(mapping.path) if names else "")
        if numbers and not self.quiet:
            yield from self._footer(numbers, widths, len(fixed))

    def _footer(self, numbers: Sequence[str], widths: Sequence[int], before: int) -> Iterator[str]:
        blank = " " * (sum(widths[:before]) + before)
        sizes = widths[before : before + len(numbers)]
        yield blank + "".join("=" * size + " " for size in sizes)
        yield blank + _right([str(self._sums[name]) for name in numbers], sizes) + " KB "


def _right(cells: Sequence[str], widths: Sequence[int]) -> str:
    return " ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
