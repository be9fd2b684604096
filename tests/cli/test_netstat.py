"""netstat: beside the classic on recorded and made-up machines; its errors."""

from __future__ import annotations

import re

import pytest

from tests.support.sidebyside import NOBODY, compare

pytestmark = pytest.mark.classic


def message(error: bytes) -> bytes:
    """What stands in front of a usage text, which is our own.

    The recorded machine has names of sockets with a newline in them, over which the classic stumbles."""
    error = error.replace(b"warning, got bogus unix line.\n", b"")
    return re.split(rb"\n*usage:", b"\n" + error, flags=re.IGNORECASE)[0].strip()


def same(words: str, *, tree: str = "sockets", **settings: object) -> None:
    compare(tree, ["netstat", *words.split()], stderr=message, **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "words",
    [
        "", "-a", "-l", "-n", "-an", "-ln", "-tan", "-tuan", "-tulpn", "-plant", "-antp", "-anp", "-tn",
        "-un", "-wn", "-Un", "-uan", "-wan", "-Uan", "-tuwUan", "-x", "-xa", "-xl", "-xp", "-xap", "-xlp",
        "-xn", "-xe", "-xo", "-xW", "-tx", "-ta", "-tl", "-ua", "-ul", "-wa", "-e", "-ae", "-ane", "-aee",
        "-anee", "-ao", "-ano", "-aneo", "-anpo", "-anpeo", "-aneepoW", "-aW", "-anW", "-tnW", "-uanW",
        "-6", "-4", "-6an", "-4an", "-46an", "-6tan", "-4uan", "-6x", "-4lx", "-A inet -an", "-A inet6 -an",
        "-A unix", "-A inet,unix -an", "-A inet -A inet6 -tan", "-Aip -n", "--protocol=inet6 -a",
        "--protocol tcpip -n", "--inet -an", "--inet6 -an", "--ip -n", "--unix -a", "--tcp -n",
        "--udp --udplite --raw -n --all", "--listening -n", "--all --numeric", "--all --numeric-hosts",
        "--all --numeric-ports", "--all --numeric-users --extend", "--tcp --all --programs --numeric",
        "--extend --extend -an", "--timers -an", "--wide -an", "--list --num-hosts", "--tim -tn", "-N -an",
        "-d -n", "-F -n", "-C -n", "-A ash -n", "-A ddp,econet -n", "-an foo", "-t -- -x",
        "-avn -t", "-l -a -n",
    ],
)  # fmt: skip
def test_sockets(words: str) -> None:
    same(words)


@pytest.mark.parametrize(
    "words",
    [
        "-r", "-rn", "-re", "-rne", "-ree", "-rnee", "-rW", "-rv", "-6r", "-6rn", "-6rne", "-rn -A inet6",
        "-rA inet", "-46rn", "-64rn", "-4rn -A inet", "-rnF", "-rnC", "-rnCF", "-rneC", "-rneeC", "-6rnC",
        "-6rnCF", "-rt", "-rgn", "--route --numeric", "--route --fib --cache -n", "-r --inet6 -n",
        "-s", "-s4", "-s6", "-st", "-su", "-sw", "-sU", "-sS", "-stu", "-suw", "-s6t", "-s6u", "-s6w", "-s6U",
        "-s6tuw", "-sgn", "-sc", "--statistics --tcp", "-sv", "-g", "-gn", "-gn4", "-gn6", "-gtn", "-gx",
        "-gnv", "--groups --numeric",
    ],
)  # fmt: skip
def test_routes_counters_and_groups(words: str) -> None:
    same(words)


@pytest.mark.parametrize("words", ["-tuan", "-tulpn", "-x", "-rn", "-an", "-anpeoW"])
def test_another_machine(words: str) -> None:
    same(words, tree="small")


@pytest.mark.parametrize(
    "words",
    [
        "-Y", "-tY", "-z", "-k", "-1", "--nosuch", "--tcp=1", "--num", "--nu", "--c", "--r",
        "-A", "-t -A", "--protocol", "-A foo", "-A inet,foo", "-A inet,", "-A INET", "--protocol=x",
        "-A foo -Y", "-?", "-ri", "-rs", "-rr", "-s -s", "-MM", "-i -i",
        "-is", "-rM", "-Mi", "-sM", "-ris", "-rx", "-r4x", "-rx4",
        "-r -A unix",
        "-r -A ash", "-r -A econet", "-M", "-Mn", "-Mg", "-M --tcp", "-sx", "-s46", "-s -A inet,inet6",
        "-s4x",
        "-S", "-tS", "-S4n", "-A ax25", "-A ipx", "-A x25", "-A netrom", "-A rose", "--ax25 -r", "--x25 -r",
        "-t --ipx -n", "-4 --rose -n",
        "-Z", "-rZ", "--tc", "--i", "--in", "--ine", "--a", "--s", "--t", "--v", "--l",
    ],
)  # fmt: skip
def test_errors(words: str) -> None:
    same(words)


@pytest.mark.parametrize("table", ["tcp", "udplite", "unix", "tcp6"])
@pytest.mark.parametrize(
    "words", ["-n", "-nv", "-vna", "-tn", "-tuwUxn", "-x", "-4n", "-4xn", "-v4n", "-6tn"]
)
def test_a_table_that_the_system_lacks(table: str, words: str) -> None:
    same(words, files={f"net/{table}": None})


@pytest.mark.parametrize(
    ("words", "table"),
    [
        ("-g", "igmp"), ("-gn", "igmp6"), ("-gn4", "igmp"), ("-rn", "route"), ("-rn6", "ipv6_route"),
        ("-rn6C", "ipv6_route"), ("-s", "netstat"),
    ],
)  # fmt: skip
def test_a_report_whose_table_the_system_lacks(words: str, table: str) -> None:
    same(words, files={f"net/{table}": None})


@pytest.mark.root
@pytest.mark.parametrize("words", ["-tanp", "-xp", "-anpe"])
def test_processes_that_are_not_ours_to_see(words: str) -> None:
    same(words, user=NOBODY)


# --- made-up tables

HEADING = b"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout ...\n"


def table(*rows: str) -> bytes:
    """/proc/net/tcp with these rows, each from its addresses to its inode."""
    lines = [f"{number:4}: {row} 1 0 100 0 0 10 0\n" for number, row in enumerate(rows)]
    return HEADING + "".join(lines).encode()


def row(
    local: str = "0100007F:0016",
    remote: str = "0200007F:C350",
    state: int = 1,
    queues: str = "00000000:00000000",
    timer: str = "00:00000000 00000000",
    uid: int = 0,
    probes: int = 0,
    inode: int = 1,
) -> str:
    return f"{local} {remote} {state:02X} {queues} {timer} {uid} {probes} {inode}"


def test_every_tcp_state_and_timer() -> None:
    rows = [
        row(state=state, timer=f"{state % 6:02X}:{state * 1234:08X} {state:08X}")
        for state in range(1, 12)
    ]
    same("-tano", files={"net/tcp": table(row(state=0), *rows)})


@pytest.mark.parametrize("protocol", ["udp", "udplite", "raw", "udp6", "raw6"])
@pytest.mark.parametrize("words", ["-uUwnoa", "-uUwn", "-uUwnl"])
def test_every_state_and_timer_of_other_protocols(protocol: str, words: str) -> None:
    nothing, loopback = "0" * 8, "0100007F"
    if protocol.endswith("6"):
        nothing, loopback = "0" * 32, "0" * 24 + "01000000"
    rows = [
        row(f"{loopback}:0035", f"{remote}:{port}", state, timer=f"{kind:02X}:00000123 00000007", probes=3)
        for state, kind in [(0, 0), (1, 1), (7, 2), (7, 3), (2, 0)]
        for remote, port in [(nothing, "0000"), (nothing, "1000"), (loopback, "0000"), (loopback, "0035")]
    ]  # fmt: skip
    same(words, files={f"net/{protocol}": table(*rows)})


@pytest.mark.parametrize("words", ["-tan", "-tanW", "-tane", "-t", "-tl"])
def test_addresses_of_every_length(words: str) -> None:
    mapped = "0000000000000000FFFF0000"
    addresses = [
        "0" * 32, "0" * 24 + "01000000", mapped + "0100007F", mapped + "FFFFFFFF", mapped + "00000000",
        "B80D0120341200007856000000EF0100", "B80D0120FFFFFFFFFFFFFFFFFFFFFFFF", "000080FE00000000" + "0" * 16,
        "9BFF6400" + "0" * 16 + "04030201", "0" * 24 + "04030201",
    ]  # fmt: skip
    ports = ["0000", "0001", "0016", "01BB", "270F", "FFFF"]
    rows = [
        row(f"{address}:{port}", f"{addresses[-number]}:{port}", uid=4294967294 - number)
        for number, address in enumerate(addresses)
        for port in ports
    ]
    four = [
        row(f"{address}:{port}", f"FFFFFFFF:{port}", queues="FFFFFFFF:05F5E0FF", uid=number)
        for number, address in enumerate(["00000000", "FFFFFFFF", "01010A0A"])
        for port in ports
    ]
    same(words, files={"net/tcp6": table(*rows), "net/tcp": table(*four)})


UNIX_HEADING = b"Num       RefCount Protocol Flags    Type St Inode Path\n"


@pytest.mark.parametrize("words", ["-x", "-xa", "-xl", "-xap"])
def test_every_kind_of_unix_socket(words: str) -> None:
    paths = [
        "",
        " /run/x",
        " @abstract@@",
        " /run/with blanks",
        " /run/\u00fcml\u00e4ut",
        " \t/run/x",
    ]
    rows = [
        f"0000000000000000: {number:08X} 00000000 {flags:08X} {number % 8:04X} {state:02X} {number:5}"
        f"{paths[number % len(paths)]}\n"
        for number, (flags, state) in enumerate(
            (flags, state)
            for flags in (0, 0x10000, 0x20000, 0x40000, 0x70000, 0x80000)
            for state in range(7)
        )
    ]
    same(words, files={"net/unix": UNIX_HEADING + "".join(rows).encode()})


def test_empty_tables() -> None:
    empty = {f"net/{name}": HEADING for name in ("tcp", "tcp6", "udp", "udp6", "raw", "raw6")}
    same("-anpeo", files={**empty, "net/unix": UNIX_HEADING})


# --- programs


@pytest.mark.parametrize(
    "command",
    [
        b"/usr/bin/prog\0-x\0", b"prog\0", b"./a/prog\0", b"a/b\0", b"/usr/sbin/x: y /z/w\0", b"-bash\0",
        b"(sd-pam)", b"/", b"//\0", b"/a/\0", b"", b"\0\0", b"\0x", b"  blanks\0",
        b"\xff\xfe/x\0", b"/\xff/\xfe\0",
        b"/averyveryverylongprogramname\0", f"/usr/bin/{chr(0xE9) * 10}\0".encode(),
        b"x" * 600, *(b"/" + b"d" * size + b"/prog\0" for size in (505, 508, 600)),
    ],
)  # fmt: skip
def test_what_a_program_is_called(command: bytes) -> None:
    """The machine's process 14 has sockets of every kind open."""
    same("-tanp", files={"14/cmdline": command})


# --- counters


@pytest.mark.parametrize("number", [0, 1, 2, 18446744073709551615, -1])
@pytest.mark.parametrize("words", ["-s", "-s6", "-st", "-sw", "-su"])
def test_counters_all_of_a_number(number: int, words: str, tree) -> None:
    proc = tree("sockets")
    files = {}
    for name in ("snmp", "netstat"):
        lines = (proc / "net" / name).read_text().splitlines()
        for place in range(1, len(lines), 2):
            protocol, *values = lines[place].split()
            lines[place] = " ".join([protocol, *[str(number)] * len(values)])
        files[f"net/{name}"] = "".join(f"{line}\n" for line in lines).encode()
    names = [line.split()[0] for line in (proc / "net/snmp6").read_text().splitlines()]
    files["net/snmp6"] = "".join(f"{name:<32}\t{number}\n" for name in names).encode()
    same(words, files=files)


OLDER = (
    "TcpExt: SyncookiesSent TCPPrequeued TCPDirectCopyFromBacklog TCPDirectCopyFromPrequeue"
    " TCPHPHitsToUser TCPSackRecovery TCPFACKReorder TCPSchedulerFailed PAWSPassive TWKilled TCPLoss"
    " TCPForwardRetrans TCPLostRetransmits TCPAbortOnSyn SockMallocOOM TCPSackFailures TCPTimeouts\n"
    "TcpExt: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n"
)
HISTOGRAMS = (
    "Icmp: OutEchos InEchos OutEchoReps InMsgs InErrors InTimestamps Other OutMsgs OutRedirects Another\n"
    "Icmp: 1 2 3 4 5 6 7 8 9 10\nIcmpMsg: InType3\nIcmpMsg: 4\nTcp: MaxConn\nTcp: -1\nFoo: A B\nFoo: 0 7\n"
)


@pytest.mark.parametrize(
    "counters",
    [
        # of kernels older and newer than the recorded machine's
        "Ip: Forwarding DefaultTTL InReceives New\nIp: 1 64 3 4\nIcmp: InMsgs InErrors\nIcmp: 0 0\n",
        OLDER,
        HISTOGRAMS,
        "Foo: A B C\nFoo: 1 2\nUdp: InDatagrams\nUdp: 3\n",
        "Icmp: InEchos\nIcmp: 1\nFoo: A\nFoo: 1\nTcp: MaxConn\nTcp: 3\nFoo2: A\nFoo2: 3\n",
        "",
    ],
)  # fmt: skip
@pytest.mark.parametrize("words", ["-s", "-st", "-sw"])
def test_counters_of_other_kernels(counters: str, words: str) -> None:
    same(words, files={"net/snmp": counters.encode(), "net/netstat": b""})
