"""PS_PERSONALITY: as which system's ps(1) this one behaves."""

import os
from typing import NamedTuple

from sysutils.cli.grammar import UsageError
from sysutils.cli.ps_format import MACROS


class Personality(NamedTuple):
    """What a name changes: macros by ``"u"``, ``"j"``, ``"-f"``, ``"-l"``, ``"-fl"``, ``"-j"``…"""

    name: str = "unknown"
    lists: dict[str, str] = {}
    #: heading and name of the user in -f; what stands for ADDR and SZ, and for PRI, in -l
    user_column: str = "uid_hack"
    address_columns: tuple[str, ...] = ("addr_1", "sz")
    priority_column: str = "opri"
    #: BSD's selection and default list, whatever the options
    bsd_selection: bool = False
    #: session leaders are not shown unless g is given
    hides_leaders: bool = False
    #: CPU times as BSD has them in System V's lists too
    bsd_times: bool = False
    #: h repeats the heading
    repeats_heading: bool = False
    #: options with a dash are BSD's too
    bsd_words: bool = False
    #: m is a list about memory
    old_m: bool = False
    #: what -x means there: "y" no flags in -l, "f" the arguments after the command's name, "" nothing
    unix_x: str = ""
    #: m is an order, by memory
    m_sorts: bool = False

    def bsd_list(self, option: str) -> list[str]:
        """Names of the list of u, j, l, s, v or X."""
        letter = _BSD_LETTERS[option]
        return MACROS[self.lists.get(letter, f"OL_{letter}")].split(",")

    def unix_list(self, full: bool, long: bool, jobs: bool, bsd: bool) -> tuple[list[str], bool]:
        """Names of the list of -f, -l, -j; and whether it is one of the personality's own. Raises UsageError
        where that has none for all three."""
        own_jobs = jobs and "-j" in self.lists
        if full and long and own_jobs:
            raise UsageError("conflicting format options")
        key = "-" + "f" * full + "l" * long
        if own_jobs:
            return MACROS[self.lists["-j"] if key == "-" else f"RD_{key[1:]}j"].split(","), True
        if key in self.lists:
            return MACROS[self.lists[key]].split(","), True
        if key == "-":
            if bsd or self.bsd_selection:
                return MACROS["DefBSD"].split(","), False
            # DefSysV with the command's name
            return ["pid", "tname", "time", "ucmd"], False
        names = (
            MACROS[f"Std_{key[1:]}"].replace("addr,sz", ",".join(self.address_columns)).split(",")
        )
        change = {"uid_hack": self.user_column, "opri": self.priority_column}
        return [change.get(name, name) for name in names], False


_BSD_LETTERS = {
    "bsd_user": "u", "bsd_jobs": "j", "bsd_long": "l", "signals": "s", "virtual": "v", "registers": "X",
    "memory": "m",
}  # fmt: skip
_FREEBSD = {"u": "FB_u", "j": "FB_j", "l": "FB_l", "v": "FB_v"}
_DIGITAL = {"u": "UFMT", "j": "JFMT", "l": "LFMT", "s": "SFMT", "v": "VFMT", "-f": "F5FMT",
            "-l": "L5FMT", "-fl": "FL5FMT", "-j": "JFMT"}  # fmt: skip
_DEBIAN = {"-f": "RD_f", "-l": "RD_l", "-j": "RD_j"}


def personality() -> Personality:
    """As the environment says: PS_PERSONALITY, or CMD_ENV; I_WANT_A_BROKEN_PS is Linux's first."""
    name = (os.environ.get("PS_PERSONALITY") or os.environ.get("CMD_ENV") or "").lower()
    if "I_WANT_A_BROKEN_PS" in os.environ:
        name = "old"
    if name == "linux":
        return Personality(name, user_column="user", address_columns=("sgi_p", "sz"))
    if name in {"bsd", "old"}:
        lists = _FREEBSD if name == "bsd" else {}
        return Personality(
            name, lists, bsd_selection=True, bsd_words=True, repeats_heading=name == "bsd",
            old_m=name == "old", m_sorts=name == "bsd",
        )  # fmt: skip
    if name in {"digital", "tru64", "compaq"}:
        return Personality(name, _DIGITAL, bsd_selection=True, repeats_heading=True)
    if name == "aix":
        return Personality(name, _FREEBSD)
    if name == "sunos4":
        return Personality(
            name, _FREEBSD, bsd_selection=True, hides_leaders=True, bsd_times=True,
            repeats_heading=True,
        )  # fmt: skip
    if name in {"debian", "gnu"}:
        return Personality(name, _DEBIAN, bsd_selection=True, bsd_times=True, old_m=True)
    if name in {"390", "os390", "s390"}:
        return Personality(name, {"-j": "J390"})
    if name in {"irix", "sgi"}:
        return Personality(
            name, address_columns=("sgi_p", "sz", ":", "sgi_rss"), priority_column="priority"
        )
    if name in {"sco", "svr4", "sysv"}:
        return Personality(name, unix_x="y")
    if name in {"hp", "hpux"}:
        return Personality(name, unix_x="f")
    return Personality(name or "unknown")
