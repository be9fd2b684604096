"""Other kernels for ``test_kernels.py``: gVisor, and Debian's in a virtual machine.

gVisor's kernel is written anew: it calls itself 4.4 and its /proc has few files, of which some lack fields.
Debian's kernels run in qemu without hardware acceleration, with drivers of sensors, of network links and of
disks for devices that don't exist. Both see this machine's files, read-only or as a layer, and run the tests'
own Python. All is unpacked into a directory of the cache as ``pythons.py`` does it: no right is needed,
nothing is installed."""

from __future__ import annotations

import gzip
import lzma
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.labs.debian import Suite, cache, made_once, refuse, run

PATIENCE = 600  # seconds for what runs in it, on the busiest machine
ROOT = Path(__file__).parents[2]
#: modules of the virtual machine, with what they need
_MODULES = (
    "virtio_pci", "9pnet_virtio", "9p", "i2c-stub", "i2c-dev", "lm75", "adt7475", "dummy", "bonding",
    "null_blk",
)  # fmt: skip
_INIT = """#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /mnt
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
/bin/busybox mount -t devtmpfs dev /dev
while read -r file options; do /bin/busybox insmod "/modules/$file" $options; done < /modules/order
for adapter in /sys/bus/i2c/devices/i2c-*; do
  case "$(/bin/busybox cat $adapter/name)" in SMBus\\ stub*)
    echo lm75 0x48 > $adapter/new_device
    echo adt7475 0x2e > $adapter/new_device;;
  esac
done
/bin/busybox mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=262144 host /mnt
/bin/busybox mount -t proc proc /mnt/proc
/bin/busybox mount -t sysfs sys /mnt/sys
/bin/busybox mount -t devtmpfs dev /mnt/dev
/bin/busybox mkdir /mnt/dev/shm
/bin/busybox mount -t tmpfs tmp /mnt/dev/shm
/bin/busybox ifconfig lo 127.0.0.1 up
/bin/busybox chroot /mnt /bin/sh -c 'JOB' < /dev/null
echo "status $?"
/bin/busybox poweroff -f
"""


def _machine() -> None:
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        refuse("made for Linux on x86_64")


def _environment() -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath), "HOME": "/", "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1", "TERM": "dumb", "TMPDIR": "/dev/shm",
        "QEMU_MODULE_DIR": str(cache() / "qemu/usr/lib/x86_64-linux-gnu/qemu"),
    }  # fmt: skip


def _answer(command: list[str | Path]) -> str:
    done = subprocess.run(
        list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, cwd=ROOT, check=False,
        stderr=subprocess.STDOUT, text=True, errors="replace", timeout=PATIENCE, env=_environment(),
    )  # fmt: skip
    return done.stdout


# --- gVisor


def in_gvisor(script: str) -> str:
    """What a shell's script prints there, and ``status N``."""
    _machine()
    root = cache() / "gvisor"
    with made_once(root) as missing:
        if missing:
            suite = Suite("bookworm", root / "apt")
            suite.update()
            suite.take(["runsc"], root)
            shutil.rmtree(suite.place)
    options = ["--network=none", "--ignore-cgroups", *(["--rootless"] if os.geteuid() else [])]
    command = [root / "usr/bin/runsc", *options, "do"]
    told = _answer([*command, "echo", "there"])
    if told.strip() != "there":
        refuse(f"gVisor can't run here: {told[-400:]}")
    return _answer([*command, "sh", "-c", f"{script}\necho status $?"])


# --- a virtual machine


def _emulator() -> list[str | Path]:
    """qemu, with the C library that it was made for."""
    root = cache() / "qemu"
    with made_once(root) as missing:
        if missing:
            suite = Suite("bookworm", root / "apt")
            suite.update()
            suite.unpack(root, ["qemu-system-x86", "busybox-static"])
    library = root / "usr/lib/x86_64-linux-gnu"
    (loader,) = {path.resolve() for path in root.glob("usr/lib/*/ld-linux*.so.*")} or {
        path.resolve() for path in root.glob("lib/*/ld-linux*.so.*")
    }
    libraries = (root / "lib/x86_64-linux-gnu", library, library / "pulseaudio")
    return [
        loader, "--library-path", ":".join(map(str, libraries)), root / "usr/bin/qemu-system-x86_64",
        "-L", root / "usr/share/qemu", "-L", root / "usr/share/seabios",
    ]  # fmt: skip


def _kernel(suite: str) -> Path:
    """A directory with ``vmlinuz`` and the modules of a suite's kernel."""
    root = cache() / f"kernel-{suite}"
    with made_once(root) as missing:
        if missing:
            packages = Suite(suite, root / "apt")
            packages.update()
            text = run("apt-cache", *packages.options, "depends", "linux-image-amd64")
            found = re.search(r"Depends: (linux-image-\S+)", text) or refuse(f"no kernel: {text}")
            packages.take([found[1]], root)
            shutil.rmtree(packages.place)
            (image,) = root.glob("boot/vmlinuz-*")
            (root / "vmlinuz").symlink_to(image)
    return root


def _content(path: Path) -> bytes:
    data = path.read_bytes()
    return lzma.decompress(data) if path.suffix == ".xz" else data


def _in_order(root: Path) -> dict[str, bytes]:
    """The modules by the names of their files, each after those that it depends on."""
    there = {path.name.partition(".")[0].replace("-", "_"): path for path in root.glob("**/*.ko*")}
    ordered: dict[str, bytes] = {}

    def add(name: str) -> None:
        path = there.get(name.replace("-", "_"))
        if path is None or f"{path.stem.partition('.')[0]}.ko" in ordered:
            return  # part of the kernel itself
        data = _content(path)
        told = re.search(rb"\0depends=([^\0]*)\0", data)
        for needed in told[1].decode().split(",") if told and told[1] else []:
            add(needed)
        ordered[f"{path.stem.partition('.')[0]}.ko"] = data

    for name in _MODULES:
        add(name)
    return ordered


def _cpio(files: dict[str, tuple[int, bytes]]) -> bytes:
    """An archive in the format that the kernel unpacks at its start (newc)."""
    parts = []
    for number, (name, (mode, data)) in enumerate([*files.items(), ("TRAILER!!!", (0, b""))]):
        fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
        header = b"070701" + b"".join(b"%08X" % one for one in fields) + name.encode() + b"\0"
        parts += [part + bytes(-len(part) % 4) for part in (header, data)]
    return b"".join(parts)


def _initial(root: Path, busybox: Path, script: str) -> bytes:
    modules = _in_order(root)
    options = {"i2c-stub.ko": "chip_addr=0x48,0x2e", "dummy.ko": "numdummies=1"}
    order = "".join(f"{name} {options.get(name, '')}\n" for name in modules)
    directories = dict.fromkeys(("bin", "modules"), (16877, b""))
    return _cpio({
        **directories,
        "bin/busybox": (0o100755, busybox.read_bytes()),
        "init": (0o100755, _INIT.replace("JOB", script).encode()),
        "modules/order": (0o100644, order.encode()),
        **{f"modules/{name}": (0o100644, data) for name, data in modules.items()},
    })  # fmt: skip


def in_machine(suite: str, script: str) -> str:
    """What a shell's script (without ``'``) prints under the kernel of a Debian suite, and ``status N``."""
    _machine()
    emulator, kernel = _emulator(), _kernel(suite)
    words = " ".join(f"{name}={value}" for name, value in _environment().items())
    data = _initial(kernel, cache() / "qemu/bin/busybox", f"cd {ROOT}; export {words}; {script}")
    initial = kernel / f"initial-{os.getpid()}.gz"
    initial.write_bytes(gzip.compress(data, 1))
    try:
        return _answer([
            *emulator, "-accel", "tcg", "-cpu", "max", "-m", "768", "-smp", "2", "-nographic", "-no-reboot",
            "-nodefaults", "-serial", "stdio", "-kernel", kernel / "vmlinuz", "-initrd", initial,
            "-virtfs", "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap",
            "-append", "console=ttyS0 quiet panic=-1",
        ])  # fmt: skip
    finally:
        initial.unlink()


if __name__ == "__main__":
    place, *words = sys.argv[1:]
    text = " ".join(words)
    print(in_gvisor(text) if place == "gvisor" else in_machine(place, text))  # noqa: T201
