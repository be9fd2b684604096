"""What C headers of other systems say, asked of a compiler that carries them (``pip install ziglang``).

    python -m tools.abi [SYSTEM...]     writes tests/abi/pins/ and tests/abi/fixtures/ anew

A system is declared in ``tests/abi/SYSTEM.py`` as ``ABI``. Its structures (size, and of each field offset,
size and sign), constants and function names are asked for by compiling expressions of them, for each target;
nothing is run. Fixtures are initialised structures, laid out by a compiler and the system's own headers.
``tests/abi/test_pins.py`` holds our declarations against what is written there."""

from __future__ import annotations

import ctypes
import functools
import importlib
import re
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ZIG = "0.17.1"
ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / "tests" / "abi"
#: what tells one way of laying structures out from another; the same of every target
MODEL = {
    "sizeof(void *)": ctypes.sizeof(ctypes.c_void_p),
    "sizeof(long)": ctypes.sizeof(ctypes.c_long),
    "_Alignof(struct { long long a; })": ctypes.alignment(
        type("_", (ctypes.Structure,), {"_fields_": [("a", ctypes.c_longlong)]})
    ),
}


class Abi(NamedTuple):
    """What is used of one system, and what it must be by its headers."""

    #: as zig calls them: ``x86_64-freebsd``
    targets: tuple[str, ...]
    #: in the order of their inclusion
    headers: tuple[str, ...]
    #: C type -> our structure; its fields have C's names, those with ``_`` first are nobody's
    structures: dict[str, type[ctypes.Structure | ctypes.Union]] = {}
    #: C expression -> our value, or our values by target
    constants: dict[str, int | dict[str, int]] = {}
    #: function as C programs write it -> the symbol that we load, or the symbols by target
    functions: dict[str, str | dict[str, str]] = {}
    #: symbols that no header at hand declares; to be found in the system's libraries
    symbols: tuple[str, ...] = ()
    #: name -> C type and initialiser
    fixtures: dict[str, tuple[str, str]] = {}
    #: C text after the headers
    preamble: str = ""
    #: "our structure.field" -> C's name of the field
    renamed: dict[str, str] = {}
    #: libraries beside libc that functions and symbols are in: ``("-lutil",)``
    libraries: tuple[str, ...] = ()


class Pins(NamedTuple):
    """What headers say for one target."""

    #: C type -> its size
    sizes: dict[str, int]
    #: (C type, field) -> its offset, size, and whether it is signed (of what has a sign)
    fields: dict[tuple[str, str], tuple[int, int, bool | None]]
    constants: dict[str, int]
    #: function or symbol -> the symbol
    symbols: dict[str, str]


def per_target(value: Any, target: str) -> Any:
    """The value of one target, of a value or values by target."""
    return value[target] if isinstance(value, dict) else value


def declared(system: str) -> Abi:
    """The declaration in ``tests/abi/SYSTEM.py``."""
    found: Abi = importlib.import_module(f"tests.abi.{system}").ABI
    return found


def systems() -> list[str]:
    """The systems that are declared."""
    paths = sorted(HOME.glob("*.py"))
    return [path.stem for path in paths if "\nABI = " in path.read_text(encoding="utf-8")]


class Field(NamedTuple):
    """A field of ours, by its way from the outer structure (``kp_proc.p_pid``)."""

    path: str
    offset: int
    size: int
    #: None for what has no sign
    signed: bool | None


def fields(
    kind: Any, renamed: Mapping[str, str] = {}, way: str = "", at: int = 0
) -> Iterator[Field]:
    """The fields of a structure of ours and, within them, those of structures and of arrays of them."""
    if hasattr(kind, "members"):  # a layout that knows every pointer size
        for member in kind.members:
            path = renamed.get(f"{kind.name}.{member.name}", member.name)
            if path:
                yield Field(path, member.offset, member.size, None)
        return
    for name, inner in _members(kind):
        if name.startswith("_") and f"{kind.__name__}.{name}" not in renamed:
            continue
        place = getattr(kind, name)
        path = way + renamed.get(f"{kind.__name__}.{name}", name)
        yield Field(path, at + place.offset, ctypes.sizeof(inner), _sign(inner))
        if hasattr(inner, "_length_"):
            path, inner = f"{path}[0]", inner._type_  # noqa: PLW2901
        if hasattr(inner, "_fields_"):
            yield from fields(inner, renamed, f"{path}.", at + place.offset)


def _members(kind: Any) -> Iterator[tuple[str, Any]]:
    for parent in reversed(kind.__mro__):
        for member in vars(parent).get("_fields_", ()):
            if len(member) != 2:
                raise ValueError(f"{kind.__name__}.{member[0]}: a bit field has no offset")
            yield member


def _sign(kind: Any) -> bool | None:
    code = getattr(kind, "_type_", "")
    if not isinstance(code, str) or not code or code not in "bBhHiIlLqQ":
        return None
    return code.islower()


def _c_size_and_sign(kind: str, field: Field) -> tuple[str, str]:
    member = f"((({kind} *)0)->{field.path})"
    sign = "2" if field.signed is None else f"((__typeof__{member})-1 < (__typeof__{member})1)"
    return f"sizeof{member}", sign


# ---- the compiler


def _zig(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ziglang", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _compile(target: str, text: str, name: str, *options: str) -> bytes:
    with tempfile.TemporaryDirectory() as directory:
        source, result = Path(directory, "abi.c"), Path(directory, name)
        source.write_text(text, encoding="utf-8")
        done = _zig("cc", "-target", target, *options, "-g0", "-w", source, "-o", result)
        if done.returncode:
            raise RuntimeError(f"{target}: {done.stderr}")
        return result.read_bytes()


def _head(abi: Abi) -> str:
    includes = "".join(f"#include <{name}>\n" for name in abi.headers)
    return f"{includes}#include <stddef.h>\n{abi.preamble}\n"


def evaluate(abi: Abi, target: str, expressions: Iterable[str]) -> list[int]:
    """The values of constant expressions, as unsigned 64-bit numbers."""
    text = _head(abi) + "".join(
        f"const unsigned long long lab_{place} = (unsigned long long)({expression});\n"
        for place, expression in enumerate(expressions)
    )
    assembly = _compile(target, text, "abi.s", "-S", "-O1").decode()
    return [value for _, value in sorted(_numbers(assembly, target))]


def _numbers(assembly: str, target: str) -> Iterator[tuple[int, int]]:
    label, parts = -1, [0]
    for line in assembly.splitlines():
        if found := re.match(r"_?lab_(\d+):", line):
            label, parts = int(found[1]), []
        elif label >= 0 and (found := re.match(r"\s*\.(\w+)\s+(-?\d+)(?:\s|$)", line)):
            kind, number = found[1], int(found[2])
            if kind in {"quad", "xword", "8byte", "dword", "zero", "space"}:
                yield label, 0 if kind in {"zero", "space"} else number % 2**64
                label = -1
            elif kind in {"long", "word", "4byte"}:  # of 32 bits: a half, in the order of memory
                parts.append(number % 2**32)
                if len(parts) == 2:
                    low, high = parts[::-1] if target.startswith(_BIG) else parts
                    yield label, high << 32 | low
                    label = -1


_BIG = ("sparc", "powerpc-", "powerpc64-", "mips-", "mips64-")


def symbols(abi: Abi, target: str) -> dict[str, str]:
    """Function as programs write it -> the symbol that the headers make of it."""
    text = _head(abi) + "".join(
        f"const void *const lab_{place} = (const void *){name};\n"
        for place, name in enumerate(abi.functions)
    )
    assembly = _compile(target, text, "abi.s", "-S", "-O1").decode()
    found = re.findall(r"^_?lab_(\d+):[^\n]*\n\s*\.\w+\s+\"?([\w$]+)", assembly, re.MULTILINE)
    under = "macos" in target or target.startswith("x86-windows")  # before C's names
    told = {int(place): name[1:] if under else name for place, name in found}
    return {name: told[place] for place, name in enumerate(abi.functions)}


def missing_symbols(abi: Abi, target: str, names: Iterable[str]) -> list[str]:
    """Those of the names that the system's libraries lack; of SPARC, which zig can't link, none is told."""
    if target.startswith("sparc"):
        return []
    if "windows" in target:
        return [name for name in names if name not in _windows_symbols()]
    if "macos" in target:
        ziglang = importlib.import_module("ziglang")
        path = Path(ziglang.__file__ or "").parent / "lib/libc/darwin/libSystem.tbd"
        there = set(re.findall(r"[\w$]+", path.read_text(encoding="utf-8")))
        return [name for name in names if f"_{name}" not in there]
    listed = list(names)
    text = "".join(
        f'extern const char lab_{place}[] __asm__("{name}");\n' for place, name in enumerate(listed)
    )
    table = ", ".join(f"lab_{place}" for place in range(len(listed)))
    text += (
        f"const char *const all[] = {{ {table} }};\nint main(void) {{ return all[0] == all[1]; }}\n"
    )
    try:
        _compile(target, text, "abi.out", "-O0", *abi.libraries)
    except RuntimeError as error:
        lacking = set(re.findall(r"undefined symbol: (\S+)", str(error)))
        if not lacking:
            raise
        return [name for name in listed if name in lacking]
    return []


@functools.cache
def _windows_symbols() -> frozenset[str]:
    """What the definitions of Windows' libraries in mingw export."""
    ziglang = importlib.import_module("ziglang")
    home = Path(ziglang.__file__ or "").parent / "lib/libc/mingw"
    texts = (
        path.read_text(encoding="utf-8", errors="replace") for path in home.glob("lib*/*.def*")
    )
    return frozenset(name for text in texts for name in re.findall(r"(?m)^([A-Za-z]\w+)", text))


def ask(abi: Abi, target: str) -> Pins:
    """What the headers say of all that is declared."""
    ours = {kind: list(fields(form, abi.renamed)) for kind, form in abi.structures.items()}
    questions: list[str] = []
    for kind, members in ours.items():
        questions.append(f"sizeof({kind})")
        for field in members:
            questions += [f"offsetof({kind}, {field.path})", *_c_size_and_sign(kind, field)]
    constants = {**dict.fromkeys(MODEL), **abi.constants}
    answers = iter(evaluate(abi, target, [*questions, *constants]))
    sizes, members_of = {}, {}
    for kind, members in ours.items():
        sizes[kind] = next(answers)
        for field in members:
            at, size, sign = next(answers), next(answers), next(answers)
            members_of[kind, field.path] = (at, size, None if sign == 2 else bool(sign))
    values = dict(zip(constants, answers, strict=True))
    names = {**symbols(abi, target), **{name: name for name in abi.symbols}}
    lacking = missing_symbols(abi, target, names.values())
    if lacking:
        raise RuntimeError(f"{target}: no such symbols: {' '.join(lacking)}")
    return Pins(sizes, members_of, values, names)


# ---- fixtures


def initialised(text: str) -> dict[str, tuple[str, str]]:
    """Fixtures of C text: ``TYPE NAME = INITIALISER;``, each beginning a line (``struct x[2] name = …``)."""
    found = re.findall(r"^(\w.*?) (\w+) = (.*?);\n", text, re.MULTILINE | re.DOTALL)
    return {name: (kind, value) for kind, name, value in found}


def make_fixtures(abi: Abi, target: str) -> dict[str, bytes]:
    """The bytes of each fixture."""
    made = {}
    mach = "macos" in target
    place = "__DATA,__lab" if mach else ".lab"
    for name, (kind, initialiser) in abi.fixtures.items():
        text = _head(abi)
        text += f'__attribute__((section("{place}"), used)) '
        text += f"__typeof__({kind}) fixture = {initialiser};\n"
        made[name] = section(_compile(target, text, "abi.o", "-c"), "__lab" if mach else ".lab")
    return made


def section(data: bytes, name: str) -> bytes:
    """The bytes of a section of an object file (ELF, Mach-O of 64 bits, COFF)."""
    if data[:4] == b"\x7fELF":
        found = dict(_elf_sections(data))
    elif data[:4] == b"\xcf\xfa\xed\xfe":
        found = dict(_mach_sections(data))
    else:
        found = dict(_coff_sections(data))
    return found[name]


def _elf_sections(data: bytes) -> Iterator[tuple[str, bytes]]:
    order = "<" if data[5] == 1 else ">"
    wide = data[4] == 2
    (at,) = struct.unpack_from(order + ("Q" if wide else "I"), data, 40 if wide else 32)
    step, count, names = struct.unpack_from(f"{order}HHH", data, 58 if wide else 46)
    form = order + ("II QQQQ" if wide else "II IIII")
    heads = [struct.unpack_from(form, data, at + place * step) for place in range(count)]
    for head in heads:
        start = heads[names][4] + head[0]
        yield data[start : data.index(0, start)].decode(), data[head[4] : head[4] + head[5]]


def _mach_sections(data: bytes) -> Iterator[tuple[str, bytes]]:
    (commands,) = struct.unpack_from("<I", data, 16)
    at = 32
    for _ in range(commands):
        command, length = struct.unpack_from("<II", data, at)
        if command == 0x19:  # LC_SEGMENT_64
            (count,) = struct.unpack_from("<I", data, at + 64)
            for place in range(count):
                head = at + 72 + place * 80
                size, offset = struct.unpack_from("<QI", data, head + 40)
                yield data[head : head + 16].rstrip(b"\0").decode(), data[offset : offset + size]
        at += length


def _coff_sections(data: bytes) -> Iterator[tuple[str, bytes]]:
    (count,) = struct.unpack_from("<H", data, 2)
    for place in range(count):
        head = 20 + place * 40
        size, offset = struct.unpack_from("<II", data, head + 16)
        yield data[head : head + 8].rstrip(b"\0").decode(), data[offset : offset + size]


# ---- files


def main(*wanted: str) -> None:
    """Writes the files of the systems named, of all without any."""
    from tests.abi.pinned import write_fixtures, write_pins

    for system in wanted or systems():
        abi = declared(system)
        for target in abi.targets:
            write_pins(target, ask(abi, target))
            write_fixtures(target, make_fixtures(abi, target))


if __name__ == "__main__":
    main(*sys.argv[1:])
