"""What processes of macOS have open, above a C library that tests make."""

from __future__ import annotations

import errno

import pytest

from sysutils.core.darwin import libproc
from tests.support.mac import made as structure
from tests.support.mac import pipe_end, plain_file, socket_file


def test_directories_and_mapped_files(made) -> None:
    rows = made.core.open_descriptors(400)
    assert [(row.fd, row.name) for row in rows[:3]] == [
        ("cwd", "/Users/me"), ("txt", "/usr/bin/python3"), ("mem", "/usr/lib/dyld"),
    ]  # fmt: skip
    assert (rows[1].inode, rows[1].size, rows[1].device) == (1, 5000, 16777220)
    assert made.core.open_descriptors(400, memory=False)[1].fd == 3


def test_memory_that_does_not_go_on(made) -> None:
    made.mac.region_size = 0
    assert [row.fd for row in made.core.open_descriptors(300)][:3] == ["cwd", "txt", 0]


def test_every_kind(made) -> None:
    made.mac.processes[300].files = {
        9: socket_file("tcp_listen"), 3: plain_file(), 4: pipe_end(0x7002, 0x7001, 1),
        5: pipe_end(0x7001, 0x7002, 2), 6: (libproc.PROX_FDTYPE_KQUEUE, None), 7: (99, None),
        8: (libproc.PROX_FDTYPE_PSHM, structure("shared_memory", libproc.pshm_fdinfo)),
        10: (libproc.PROX_FDTYPE_VNODE, errno.EBADF), 11: (libproc.PROX_FDTYPE_VNODE, errno.ENOENT),
    }  # fmt: skip
    rows = {row.fd: row for row in made.core.open_descriptors(300, memory=False)}
    assert list(rows) == ["cwd", 3, 4, 5, 6, 7, 8, 9, 11]
    assert (rows[3].name, rows[3].access, rows[3].offset) == ("/Users/me/notes.txt", "u", 4096)
    assert (rows[3].size, rows[3].nlink, rows[3].inode) == (123456, 1, 9007)
    assert [(rows[fd].name, rows[fd].access) for fd in (4, 5)] == [
        ("pipe:[28673]", "r"),
        ("pipe:[28673]", "w"),
    ]
    assert rows[6].name == "anon_inode:[kqueue]"
    assert rows[7].name == "anon_inode:[type 99]"
    assert (rows[8].name, rows[8].size) == ("/cache", 8192)
    assert (rows[9].name, rows[9].inode) == ("socket:[4096]", 0x1000)
    assert rows[11].error == "No such file or directory"


def test_others(made) -> None:
    rows = made.core.open_descriptors(500)
    assert [(row.fd, row.error) for row in rows] == [
        ("cwd", "Operation not permitted"), ("NOFD", "Operation not permitted"),
    ]  # fmt: skip
    assert made.core.open_descriptors(401) == []
    with pytest.raises(ProcessLookupError):
        made.core.open_descriptors(399)
    reader = made.core.Descriptors()
    assert (reader.count(400), reader.count(500)) == (6, 0)


def test_sockets_by_number(made) -> None:
    sockets = made.core.OpenSockets()
    assert sockets.internet(0x1000).laddr == ("127.0.0.1", 8080)
    assert sockets.internet(7) is None
    found = sockets.other(0x4000)
    assert (found.family, found.name, found.address) == ("unix", "/var/run/syslog", "4000")
    assert sockets.other(7) is None
    assert sockets.peer(0x4000) == 0x4100
    assert made.core.socket_protocol(400, 7) == "ROUTE"
    assert made.core.socket_protocol(400, 99) is None


def test_the_other_end_of_a_connection(made) -> None:
    kind, here = socket_file("tcp6_established")
    _, there = socket_file("tcp6_established")
    there.psi.soi_so = 0x9999
    ends, mine = there.psi.soi_proto.pri_tcp.tcpsi_ini, here.psi.soi_proto.pri_tcp.tcpsi_ini
    ends.insi_laddr, ends.insi_faddr = mine.insi_faddr, mine.insi_laddr
    ends.insi_lport, ends.insi_fport = mine.insi_fport, mine.insi_lport
    made.mac.processes[300].files = {5: (kind, there)}
    sockets = made.core.OpenSockets()
    assert sockets.other_end(0x2000) == 0x9999
    assert sockets.other_end(0x9999) == 0x2000
    assert sockets.other_end(0x1000) is None
