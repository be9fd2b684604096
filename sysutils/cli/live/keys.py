"""Keys as names, of the bytes that a terminal sends for them."""

#: CSI and SS3 sequences of xterm, the Linux console, rxvt and their like
_SEQUENCES = {
    b"[A": "up", b"[B": "down", b"[C": "right", b"[D": "left", b"[H": "home", b"[F": "end",
    b"OA": "up", b"OB": "down", b"OC": "right", b"OD": "left", b"OH": "home", b"OF": "end",
    b"[1~": "home", b"[2~": "insert", b"[3~": "delete", b"[4~": "end", b"[5~": "pageup",
    b"[6~": "pagedown", b"[7~": "home", b"[8~": "end", b"[Z": "backtab",
    b"OP": "f1", b"OQ": "f2", b"OR": "f3", b"OS": "f4", b"[11~": "f1", b"[12~": "f2", b"[13~": "f3",
    b"[14~": "f4", b"[[A": "f1", b"[[B": "f2", b"[[C": "f3", b"[[D": "f4", b"[[E": "f5", b"[15~": "f5",
    b"[17~": "f6", b"[18~": "f7", b"[19~": "f8", b"[20~": "f9", b"[21~": "f10", b"[23~": "f11",
    b"[24~": "f12",
}  # fmt: skip
_NAMED = {
    b"\r": "enter", b"\n": "enter", b"\t": "tab", b"\x7f": "backspace", b"\b": "backspace", b" ": "space",
}  # fmt: skip
#: no sequence that a key sends is longer
_LONGEST = 16


def _sequence_end(data: bytes) -> int:
    """Where the escape sequence at the start of ``data`` ends, 0 if it has not ended."""
    if data[1:2] == b"O":
        return 3 if len(data) > 2 else 0
    if data[1:3] == b"[[":
        return 4 if len(data) > 3 else 0
    if data[1:2] != b"[":
        return 2 if len(data) > 1 else 0
    for place in range(2, min(len(data), _LONGEST)):
        if 0x40 <= data[place] <= 0x7E:
            return place + 1
    return _LONGEST if len(data) >= _LONGEST else 0


def _modified(sequence: bytes) -> str:
    """``[1;5A`` is ``[A`` with a modifier; of an unknown sequence nothing is made."""
    plain, semicolon, rest = sequence.partition(b";")
    if not semicolon:
        return ""
    bare = plain.rstrip(b"1") + rest[-1:] if rest[-1:] != b"~" else plain + b"~"
    return _SEQUENCES.get(bare, "")


def _character_end(data: bytes) -> int:
    """Where the UTF-8 character at the start of ``data`` ends, 0 if it has not ended."""
    lead = data[0]
    size = 1 if not 0xC2 <= lead <= 0xF4 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
    for place in range(1, size):
        if place == len(data):
            return 0
        if data[place] >> 6 != 2:
            return place
    return size


class Keys:
    """Bytes in, names of keys out: ``"up"``, ``"enter"``, ``"ctrl-l"``, ``"q"``, ``"é"``."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[str]:
        """The keys that are complete; what has begun waits for more."""
        self._rest += data
        keys = []
        while self._rest:
            size = self._size()
            if not size:
                break
            taken, self._rest = self._rest[:size], self._rest[size:]
            name = self._name(taken)
            if name:
                keys.append(name)
        return keys

    @property
    def waiting(self) -> bool:
        """Whether a key has begun and not ended: an escape alone looks so."""
        return bool(self._rest)

    def settle(self) -> list[str]:
        """No more has come: what has begun is a key by itself."""
        begun, self._rest = self._rest, b""
        return ["escape"] if begun[:1] == b"\x1b" else []

    def _size(self) -> int:
        end = _sequence_end if self._rest[0] == 0x1B else _character_end
        return end(self._rest)

    @staticmethod
    def _name(taken: bytes) -> str:
        if taken[:1] == b"\x1b":
            if taken == b"\x1b\x1b":
                return "escape"
            return _SEQUENCES.get(taken[1:], "") or _modified(taken[1:])
        if taken in _NAMED:
            return _NAMED[taken]
        if taken < b" ":
            return f"ctrl-{chr(taken[0] + 64).lower()}"
        text = taken.decode("utf-8", "replace")
        return text if text.isprintable() and "\ufffd" not in text else ""
