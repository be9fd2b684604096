"""Result tuples that every platform shares; those that differ by platform stand in its package."""

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from socket import AddressFamily, SocketKind

#: Any where psutil's users do not ask, and type checkers shall not make them: None where a system does
#: not tell; an address of another kind: ``()`` for none, the path of a UNIX socket
MaybeNone = Any
OtherAddress = Any


class sswap(NamedTuple):
    """Swap memory in bytes; ``sin`` and ``sout`` count since boot."""

    total: int
    used: int
    free: int
    percent: float
    sin: int
    sout: int


class scpustats(NamedTuple):
    """Counters since boot; None for what this kernel does not count."""

    ctx_switches: "int | MaybeNone"
    interrupts: "int | MaybeNone"
    soft_interrupts: "int | MaybeNone"
    syscalls: "int | MaybeNone"


class scpufreq(NamedTuple):
    """Frequency of a CPU in MHz."""

    current: float
    min: float
    max: float


class sdiskusage(NamedTuple):
    """Use of the file system at a path, in bytes and percent."""

    total: int
    used: int
    free: int
    percent: float


class sdiskpart(NamedTuple):
    """One mounted file system."""

    device: str
    mountpoint: str
    fstype: str
    opts: str


class snetio(NamedTuple):
    """What a network interface sent and received, in bytes and packets."""

    bytes_sent: int
    bytes_recv: int
    packets_sent: int
    packets_recv: int
    errin: int
    errout: int
    dropin: int
    dropout: int


class shwtemp(NamedTuple):
    """One temperature; None for limits that are not known."""

    label: str
    current: float
    high: float | None
    critical: float | None


class sfan(NamedTuple):
    """One fan; ``current`` in turns a minute."""

    label: str
    current: int


class sbattery(NamedTuple):
    """A battery; ``secsleft`` may be one of POWER_TIME_*, ``power_plugged`` None if not known."""

    percent: float
    secsleft: int
    power_plugged: "bool | MaybeNone"


class snicaddr(NamedTuple):
    """One address of a network interface; None for what it has not."""

    family: "AddressFamily"
    address: str
    netmask: str | None
    broadcast: str | None
    ptp: str | None


class snicstats(NamedTuple):
    """State of a network interface; ``speed`` in Mbit/s, 0 if not known, ``flags`` joined by commas."""

    isup: bool
    duplex: int
    speed: int
    mtu: int
    flags: str


class suser(NamedTuple):
    """One login session; ``started`` in seconds since the epoch."""

    name: str
    terminal: str | None
    host: str | None
    started: float
    pid: int | None


class addr(NamedTuple):
    """An IP address and port."""

    ip: str
    port: int


class sconn(NamedTuple):
    """One socket of the system."""

    fd: int
    family: "AddressFamily"
    type: "SocketKind"
    laddr: "addr | OtherAddress"
    raddr: "addr | OtherAddress"
    status: str
    pid: int | None


class pconn(NamedTuple):
    """One socket of a process."""

    fd: int
    family: "AddressFamily"
    type: "SocketKind"
    laddr: "addr | OtherAddress"
    raddr: "addr | OtherAddress"
    status: str


class puids(NamedTuple):
    """User ids of a process."""

    real: int
    effective: int
    saved: int


class pgids(NamedTuple):
    """Group ids of a process."""

    real: int
    effective: int
    saved: int


class pctxsw(NamedTuple):
    """Context switches of a process."""

    voluntary: int
    involuntary: int


class pthread(NamedTuple):
    """One thread; times in seconds."""

    id: int
    user_time: float
    system_time: float


class popenfile(NamedTuple):
    """One open regular file (``path``, ``fd``; further fields by platform)."""

    path: str
    fd: int


class ssocktimer(NamedTuple):
    """The timer of a socket: ``kind`` 0 off, 1 retransmission, 2 keep-alive, 3 TIME_WAIT, 4 window probe.

    ``expires`` in seconds from now; ``retransmits`` unanswered so far, ``probes`` sent unanswered."""

    kind: int
    expires: float
    retransmits: int
    probes: int


class snetsock(NamedTuple):
    """One Internet socket as netstat shows it.

    Queues in bytes, of a listening socket in connections. ``state`` is the kernel's number, ``status``
    the TCP state's name (``CONN_NONE`` for other protocols). ``uid`` owns the socket; queues and ``uid``
    are None where the system does not tell them. ``inode`` is 0 where no process holds it. ``timer`` is
    None where it was not asked for."""

    protocol: str
    recv_q: int | None
    send_q: int | None
    laddr: addr
    raddr: addr
    state: int
    status: str
    uid: int | None
    inode: int
    timer: ssocktimer | None


class sunixsock(NamedTuple):
    """One UNIX socket as netstat shows it.

    ``flags`` and ``state`` are the kernel's numbers (``flags & 0x10000``: it listens); ``type`` a
    ``socket.SocketKind``. ``path`` begins with ``@`` for an abstract name and is empty without one."""

    refcount: int
    flags: int
    type: int
    state: int
    inode: int
    path: str


class ssockowner(NamedTuple):
    """A process that holds a socket open; ``program`` is its first argument, None where it has none."""

    pid: int
    fd: int
    program: str | None


class ssockowners(NamedTuple):
    """Owners by the socket's inode; ``complete`` is False if some process did not let us look."""

    by_inode: dict[int, ssockowner]
    complete: bool


class sroute(NamedTuple):
    """One IPv4 route. ``flags`` are RTF_* bits; ``mss`` and ``window`` in bytes, ``irtt`` in
    milliseconds, each 0 where not set."""

    iface: str
    destination: str
    gateway: str
    netmask: str
    flags: int
    refcnt: int
    use: int
    metric: int
    mss: int
    window: int
    irtt: int


class sroute6(NamedTuple):
    """One IPv6 route. ``flags`` are RTF_* bits; the gateway is ``::`` where there is none."""

    iface: str
    destination: str
    prefixlen: int
    source: str
    source_prefixlen: int
    gateway: str
    flags: int
    refcnt: int
    use: int
    metric: int


class smcastgroup(NamedTuple):
    """Membership of an interface in a multicast group; ``family`` is AF_INET, AF_INET6 or AF_LINK. ``refcnt``
    is how many sockets joined, None where that is not told."""

    family: int
    iface: str
    refcnt: "int | MaybeNone"
    group: str


class sinterface(NamedTuple):
    """One network interface with its counters, which count since it was created.

    ``flags`` are IFF_* bits, ``mtu`` in bytes, ``metric`` 0 where the system has none; all three None
    where only the counters are known."""

    name: str
    flags: int | None
    mtu: int | None
    metric: int | None
    rx_bytes: int
    rx_packets: int
    rx_errors: int
    rx_dropped: int
    rx_fifo: int
    rx_frame: int
    rx_compressed: int
    rx_multicast: int
    tx_bytes: int
    tx_packets: int
    tx_errors: int
    tx_dropped: int
    tx_fifo: int
    tx_collisions: int
    tx_carrier: int
    tx_compressed: int


class sifaddress(NamedTuple):
    """One IP address of a network interface.

    ``peer`` is the other end's, ``scope`` one of global, site, link, host, compat. ``label`` is the name
    that an IPv4 address was given (``eth0:1``), ``flags`` are IFA_F_* bits; None for what is not known."""

    family: int
    address: str
    prefixlen: int
    netmask: str
    broadcast: str | None
    peer: str | None
    scope: str
    label: str | None
    flags: int


class sifmap(NamedTuple):
    """Memory, base address, interrupt, DMA channel and port of a network interface; 0 for none."""

    mem_start: int
    mem_end: int
    base_addr: int
    irq: int
    dma: int
    port: int


class sifdetails(NamedTuple):
    """One network interface with all that is known of it.

    ``flags`` are the lowest 16 IFF_* bits, ``type`` an ARPHRD_* number, ``address`` and ``broadcast`` of the
    hardware (``02:fc:00:00:00:01``); None for what is not known."""

    name: str
    ifindex: int | None
    flags: int | None
    mtu: int | None
    metric: int | None
    txqueuelen: int | None
    type: int | None
    address: str | None
    broadcast: str | None
    map: sifmap | None
    counters: sinterface
    addresses: list[sifaddress]


class sdescriptor(NamedTuple):
    """One file that a process has open, as lsof shows it.

    ``fd`` is its number, or ``cwd``, ``rtd`` (root directory), ``txt`` (program), ``mem`` (mapped), ``DEL``
    (mapped and deleted), ``NOFD`` (the descriptors may not be read). ``name`` is what the link tells:
    a path, ``socket:[42]``, ``pipe:[9]``, ``anon_inode:[eventfd]``. ``access`` is r, w or u (both);
    ``offset`` and ``flags`` (of open(2)) are None where not asked for; ``info`` is the kernel's text
    about an anonymous inode or the master of a pseudoterminal. ``mode`` to ``nlink`` are stat(2)'s.
    ``lock`` is R, W (on the whole file), r, w or empty. ``error`` tells why the rest is None."""

    fd: int | str
    name: str
    access: str | None
    offset: int | None
    flags: int | None
    info: str | None
    mode: int | None
    device: int | None
    rdev: int | None
    inode: int | None
    size: int | None
    nlink: int | None
    lock: str
    error: str | None


class sopensocket(NamedTuple):
    """A socket of ``family`` unix, netlink or packet. ``type``, ``protocol`` and ``state`` are the kernel's
    numbers; ``address`` (hexadecimal) and ``name`` are of UNIX sockets, as is whether it ``listens``."""

    family: str
    inode: int
    type: int
    protocol: int
    address: str
    name: str
    state: int
    listens: bool


class smapping(NamedTuple):
    """One mapping of a process.

    ``figures`` are those that were asked for, by the names and in the units of Linux' smaps: sizes in KiB,
    flags as text; what a system does not tell is missing."""

    start: int
    end: int
    perms: str
    offset: int
    #: as Linux writes it, ``fe:01``
    device: str
    inode: int
    #: ``""`` for memory without a name; a file that is gone ends in ``" (deleted)"``
    path: str
    figures: dict[str, int | str]
