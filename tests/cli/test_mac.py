"""Commands on a Mac that the tests make."""

from __future__ import annotations

import json
import time

import pytest

from tests.support import elsewhere
from tests.support.mac import BOOT, LIKE_A_MAC

pytestmark = pytest.mark.skipif(not LIKE_A_MAC, reason="a Mac has 64 bits, the lowest first")


def run(*words: str, machine: str = "libraries") -> tuple[str, str, int]:
    done = elsewhere.run(
        "darwin", f"tests.support.mac:{machine}", words, TZ="UTC", LC_ALL="C.UTF-8", COLUMNS="200"
    )
    return done.stdout.decode(), done.stderr.decode(), done.returncode


def shown(*words: str) -> str:
    text, error, status = run(*words)
    assert (error.replace(elsewhere.NOT_ALL, ""), status) == ("", 0)
    return text


def rows(*words: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(shown(*words, "--json"))
    return found


def test_ps_aux() -> None:
    text = shown("ps", "aux")
    assert text.startswith(
        "USER       PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n"
        "root         0    -    -      -     - ?        Rs    2023      - [kernel_task]\n"
        "root         1    -    -      -     - ?        Rs    2023      - [launchd]\n"
        "50501      300  0.0  0.6 34179687 51200 ttys003 Ssl  2023   0:03 -zsh\n"
        "50501      400  0.0  0.6 34179687 51200 ttys003 RNsl+ 2023   0:03 python3 server.py --port 8080\n"
        "50501      401    -    -      -     - ttys003  Zs    2023      - [ended] <defunct>\n"
        "50065      500    -    -      -     - ?        Rs    2023      - [mDNSResponder]\n"
    )


def test_ps_ef() -> None:
    text = shown("ps", "-ef")
    assert text.splitlines()[4] == (
        "50501      400   300  0  2023 ttys003  00:00:03 python3 server.py --port 8080"
    )


def test_ps_without_options_shows_the_users_own_on_this_terminal() -> None:
    lines = shown("ps").splitlines()
    assert lines[0] == "  PID TTY          TIME CMD"
    assert [line.split()[1:] for line in lines[1:]] == [["ttys003", "00:00:03", "python3.12"]]


def test_ps_fields() -> None:
    words = (
        "ps",
        "-p",
        "300,400",
        "-o",
        "pid,ppid,pgid,sid,uid,ruser,ni,nlwp,stat,tty,wchan,min_flt,maj_flt",
    )
    assert shown(*words) == (
        "  PID  PPID  PGID   SID   UID RUSER     NI NLWP STAT TT       WCHAN   MINFL  MAJFL\n"
        "  300     1   300   300 50501 50501      0    2 Ssl  ttys003  -        8960     40\n"
        "  400   300   400   400 50501 50501      5    2 RNsl+ ttys003 -        8960     40\n"
    )  # fmt: skip


def test_ps_tells_null_of_what_macos_lacks() -> None:
    (found,) = rows("ps", "-p", "400", "-o", "pid,wchan,cgroup,psr,rss,args")
    assert found == {
        "pid": 400, "wchan": None, "cgroup": None, "psr": None, "rss": 52428800,
        "args": "python3 server.py --port 8080",
    }  # fmt: skip


def test_ps_of_what_is_told_in_part() -> None:
    words = ("ps", "-p", "1,400", "-o", "pid,uss,pss,rbytes,wbytes")
    assert shown(*words) == (
        "  PID   USS   PSS RBYTES WBYTES\n    1     -     -     0     0\n  400    48     - 1048576 4096\n"
    )
    (found,) = rows("ps", "-p", "400", "-o", "pss,rchars,rbytes")
    assert found == {"pss": None, "rchars": None, "rbytes": 1048576}


def test_ps_long() -> None:
    lines = shown("ps", "-ely", "--no-headers").splitlines()
    assert lines[3].split() == [
        "R", "50501", "400", "300", "0", "-", "5", "51200", "8544921", "-", "ttys003", "00:00:03", "Python",
    ]  # fmt: skip


def test_ps_forest() -> None:
    assert "  \\_ python3 server.py" in shown("ps", "-e", "--forest", "-o", "pid,args")


def test_top() -> None:
    lines = shown("top", "-b", "-n1", "-w", "100").splitlines()
    days = (time.time() - BOOT) // 86400
    assert f"up {days:.0f} days" in lines[0]
    assert lines[0].endswith("2 users,  load average: 1.50, 1.00, 0.50")
    assert lines[1].split(",")[0] == "Tasks:   7 total"
    assert lines[3].startswith("MiB Mem :   8192.0 total,     23.4 free,")
    assert [line.split() for line in lines if line.startswith("  400 ")] == [
        ["400", "50501", "-", "5", "32.6g", "51200", "0", "R", "0.0", "0.6", "0:03.00", "Python"],
    ]


def test_free() -> None:
    assert shown("free", "-k") == (
        "               total        used        free      shared  buff/cache   available\n"
        "Mem:         8388608     7748608       24000           0      480000      640000\n"
        "Swap:        2097152      524288     1572864\n"
    )


def test_uptime() -> None:
    text = shown("uptime")
    assert text.endswith("2 users,  load average: 1.50, 1.00, 0.50\n")
    assert shown("uptime", "-s") == time.strftime("%Y-%m-%d %H:%M:%S\n", time.gmtime(BOOT + 0.5))


def test_df() -> None:
    lines = shown("df", "-P").splitlines()
    assert lines[0].startswith("Filesystem")
    assert lines[1].split()[0] == "/dev/disk3s1s1"
    assert lines[1].split()[-1] == "/"
    assert rows("df", "-a")[0]["target"] == "/"


def test_netstat() -> None:
    assert shown("netstat", "-n", "-kind", "tcp") == (
        "Active Internet connections (servers and established)\n"
        "Proto Recv-Q Send-Q Local Address           Foreign Address         State      \n"
        "tcp        1    128 127.0.0.1:8080          0.0.0.0:*               LISTEN     \n"
        "tcp6      11     22 2001:db8::1:443         2001:db8::2:51234       ESTABLISHED\n"
    )
    assert "LISTEN      400/python3" in shown("netstat", "-tlnp")
    assert "/var/run/syslog" in shown("netstat", "-x")


def test_routes() -> None:
    assert shown("netstat", "-rn") == (
        "Kernel IP routing table\n"
        "Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n"
        "0.0.0.0         10.0.0.1        0.0.0.0         UG        0 0          0 en0\n"
        "10.0.0.0        0.0.0.0         255.255.255.0   U         0 0          0 en0\n"
        "10.0.0.7        -               255.255.255.255 !H        - -          - -\n"
    )
    assert "::/0                           fe80::1" in shown("netstat", "-rn6")


def test_interfaces() -> None:
    assert shown("netstat", "-i").splitlines()[2:] == [
        "en0              1500 5000000000      1      5 0            40      2      3      0 BMNRU",
        "lo0             16384       10      0      0 0            10      0      0      0 LMRU",
    ]
    lines = shown("ifconfig", "en0").splitlines()
    assert lines[0] == "en0: flags=4195<UP,BROADCAST,NOTRAILERS,RUNNING,MULTICAST>  mtu 1500"
    assert lines[1].strip() == "ether 02:fc:00:00:00:01  txqueuelen 128  (Ethernet)"


def test_pidof_and_who() -> None:
    assert shown("pidof", "python3") == "400\n"
    assert shown("who") == (
        "me       console      2023-11-14 19:28\nme       ttys003      2023-11-14 20:50 (10.0.0.9)\n"
    )
    assert shown("who", "-b") == "         system boot  2023-11-14 19:26\n"


def test_iostat() -> None:
    text, error, status = run("iostat", "-dk", "disk0", machine="with_disks")
    assert (error, status) == ("", 0)
    lines = text.splitlines()
    assert lines[0].startswith("Darwin 25.0.0 (mac.local)")
    assert lines[0].endswith("_x86_64_\t(8 CPU)")
    assert lines[3].split()[0] == "disk0"
    assert lines[3].split()[-3:-1] == ["4096", "8192"]
    assert run("iostat", "-d", "-N", machine="with_disks")[1:] == (
        "iostat: not supported on macOS\n",
        1,
    )


def test_lsof() -> None:
    assert shown("lsof", "-nP", "-i") == (
        "COMMAND PID  USER   FD   TYPE DEVICE SIZE/OFF NODE NAME\n"
        "Python  400 50501    3u  IPv4   4096      0t0  TCP 127.0.0.1:8080 (LISTEN)\n"
        "Python  400 50501    4u  IPv6   8192      0t0  TCP [2001:db8::1]:443->[2001:db8::2]:51234"
        " (ESTABLISHED)\n"
        "Python  400 50501    5u  IPv4  12288      0t0  UDP *:5353 \n"
    )
    assert shown("lsof", "-t", "-i", ":8080") == "400\n"
    lines = shown("lsof", "-p", "300,500").splitlines()
    assert lines[-1].split(None, 4)[3:] == ["NOFD", "(Operation not permitted)"]
    assert "/Users/me/notes.txt" in lines[-3]


def test_kill() -> None:
    assert run("kill", "-0", "99999999") == ("", "kill: (99999999): No such process\n", 1)


def test_pmap() -> None:
    assert shown("pmap", "400") == (
        "400:   python3 server.py --port 8080\n"
        "0000000000000000     16K r-x-- python3\n"
        "0000000000004000     16K rw--- python3\n"
        "0000000000008000     16K r-x-- dyld\n"
        "000000000000c000     16K rw--- dyld\n"
        "0000000000010000     16K rw---   [ anon ]\n"
        "0000000000014000     16K rw---   [ stack ]\n"
        "0000000000018000     16K rw-s-   [ anon ]\n"
        " total              112K\n"
    )
    assert shown("pmap", "-x", "400").splitlines()[2::7] == [
        "0000000000000000      16      12       4 r-x-- python3",
        "---------------- ------- ------- ------- ",
    ]
    assert "0000000000008000 001:00004 python3" in shown("pmap", "-d", "400")
    assert run("pmap", "99")[2] == 42
    assert run("pmap", "500") == ("500:   [mDNSResponder]\n", "", 1)
    assert rows("pmap", "-x", "400")[4]["path"] == "[heap]"


def test_iotop() -> None:
    text, error, status = run("iotop", "-b", "-n2", "-d.05", "-k", machine="with_disks")
    assert (error, status) == ("", 0)
    lines = text.splitlines()
    assert lines[2].startswith("   PID PRIO     USER")
    busy = [line for line in lines if line.startswith("   400 ")][1]
    assert float(busy.split()[3]) > 0
    assert busy.endswith("- % - % python3")
    assert [line.split()[3:5] for line in lines if line.startswith("   500 ")] == [["-", "K/s"]] * 2
    found = rows("iotop", "-b", "-n1")
    assert {row["type"] for row in found} == {"total", "current", "process"}


def test_netstat_statistics() -> None:
    text = shown("netstat", "-s")
    assert "    100 total packets received\n" in text
    assert "    100 active connection openings\n" in text
    assert "        echo requests: 157\n" in text
    assert "Ip6" not in text
    assert "Icmp6:\n" in shown("netstat", "-s", "-6")
    assert {"protocol": "Udp", "name": "OutDatagrams", "value": 109} in rows("netstat", "-s")


def test_netstat_groups() -> None:
    assert shown("netstat", "-gn").splitlines()[3:] == [
        "en0             -      224.0.0.251",
        "lo0             -      ff02::1",
    ]
    assert rows("netstat", "-gn")[0]["refcnt"] is None


def test_ionice() -> None:
    assert shown("ionice") == "none: prio 0\n"
    assert run("ionice", "-c", "idle", "sh", "-c", "echo ran; exit 3") == ("ran\n", "", 3)
    error = "ionice: ioprio_set failed: Invalid argument\n"
    assert run("ionice", "-c", "realtime", "true") == ("", error, 1)
    for words in (("-p", "400"), ("-c", "3", "-p", "400"), ("-u", "0")):
        assert run("ionice", *words) == (
            "",
            "ionice: macOS tells and sets the I/O policy of a program itself alone, not of other processes\n",
            1,
        )


def test_what_macos_has_nothing_of() -> None:
    for words in (("-p", "400"), ("-c", "0", "true")):
        assert run("taskset", *words) == ("", "taskset: not supported on macOS\n", 1)
