"""Result tuples of NetBSD, where they differ from the other BSDs'."""

from typing import NamedTuple


class sdiskio(NamedTuple):
    """What a disk did since boot: numbers of transfers, bytes."""

    read_count: int
    write_count: int
    read_bytes: int
    write_bytes: int
