"""process_iter: what is hidden, threads that use it at once, programs that patch it."""

import os
import threading

import pytest

from sysutils import core
from sysutils.core.linux import procfs


@pytest.mark.parametrize("attrs", [["name", "ppid"], ["pid", "cpu_percent"]])
def test_what_is_forbidden_is_ad_value(attrs: list[str], monkeypatch) -> None:
    """As with hidepid=1: every process is listed, and the files of others can't be opened."""

    def forbidden(path: bytes, size: int) -> bytes:
        raise PermissionError(13, "Permission denied", path)

    core.process_iter.cache_clear()
    monkeypatch.setattr(procfs, "read_record", forbidden)
    found = {p.pid: p.info for p in core.process_iter(attrs, ad_value="?")}
    assert found.keys() >= {1, os.getpid()}
    assert found[1] == {name: 1 if name == "pid" else "?" for name in attrs}
    core.process_iter.cache_clear()


def test_threads_share_process_iter() -> None:
    """What one thread reads of a process is not taken for what another asked for."""
    wrong: list[object] = []
    me = os.getpid()

    def hammer() -> None:
        for _ in range(20):
            found = core.process_iter(["pid", "ppid", "name", "cpu_percent"])
            wrong.extend(p for p in found if p.pid == me and p.info["ppid"] != os.getppid())

    threads = [threading.Thread(target=hammer) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_patched_as_dict_is_asked(monkeypatch) -> None:
    monkeypatch.setattr(core.Process, "as_dict", lambda self, attrs, ad_value: {"mine": self.pid})
    found = list(core.process_iter(["pid"]))
    assert found
    assert all(process.info == {"mine": process.pid} for process in found)
