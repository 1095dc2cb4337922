"""A laboratory for injuries from outside: agencies on file systems of their own that can lose their power.

Shared by the campaigns injure_*.py. They need root, loop devices and mostly a C compiler; where these are missing they
say SKIPPED and end with 0, because a machine that cannot be injured has not failed.
"""

import argparse
import ctypes
import errno
import fcntl
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from collections import Counter

import injury_shim
from waybill_lab import NAMES, Lab, default_binary

# EXT4_IOC_SHUTDOWN and XFS_IOC_GOINGDOWN are one number; 2 is NOLOGFLUSH: what was not synced is gone, journal and all.
SHUTDOWN, NO_LOG_FLUSH = 0x8004587D, 2
SETTINGS = """
settle: 200ms
scan-interval: 300ms
waiting-note-after: 2s
retry: { first: 100ms, most: 1s }
limits: { new-ids-per-minute: 1000000, arrivals-per-partner: 256 }
disk-reserve: 1MiB
log-level: info
"""


class Disk:
    """A file system of our own in a file, mounted through a loop device."""

    def __init__(self, lab, name, kind="ext4", megabytes=600, place=None):
        # Longer than a campaign's wait between an injury and its cut: what was not synced must not be saved by the clock.
        self.options = "loop,commit=300" if kind == "ext4" and lab.is_patient else "loop"
        self.image = os.path.join(lab.root, name + ".img")
        self.place = place or os.path.join(lab.root, name)
        os.makedirs(self.place, exist_ok=True)
        with open(self.image, "wb") as file:
            file.truncate(megabytes << 20)
        quiet("mkfs." + kind, "-q", *(["-E", "lazy_itable_init=0"] if kind == "ext4" else []), self.image)
        self.mount()
        lab.undo.append(self.give_up)

    def mount(self):
        quiet("mount", "-o", self.options, self.image, self.place)

    def cut(self):
        """The power goes: from now on nothing reaches the disk."""
        descriptor = os.open(self.place, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        finally:
            os.close(descriptor)

    def unmount(self, patience=20):
        """Extractors of a killed daemon may hold it for a moment."""
        deadline = time.monotonic() + patience
        while subprocess.run(["umount", self.place], capture_output=True, check=False).returncode:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.place} is still in use")
            time.sleep(0.1)

    def give_up(self):
        while os.path.ismount(self.place):
            quiet("umount", "-l", self.place)


def quiet(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit {done.returncode}: {done.stderr.strip()}")


def own_mounts(place):
    """A mount namespace of our own: nobody else can hold our file systems, and they go with us, however we end.

    (A file system that was shut down stays dead while any other namespace has it mounted.) In a chroot `/` is no mount:
    then `place`, below which ours come, is made one.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    new_namespace, recursive_private = 0x20000, 0x44000
    if libc.unshare(new_namespace):
        raise OSError(ctypes.get_errno(), "a mount namespace of our own")
    if not libc.mount(b"none", b"/", None, recursive_private, None):
        return
    if ctypes.get_errno() != errno.EINVAL:
        raise OSError(ctypes.get_errno(), "private mounts")
    quiet("mount", "--bind", place, place)
    quiet("mount", "--make-private", place)


class InjuryLab(Lab):
    """Undoes what it did to the machine, whatever happens. Paths are short: control sockets have 107 bytes."""

    def __init__(self, binary, parent=None):
        super().__init__(binary, parent)
        os.rmdir(self.root)
        self.root = tempfile.mkdtemp(prefix="wi-", dir=parent or "/tmp")
        self.undo, self.library = [], None
        # Whether ext4 commits every 300 s instead of 5.
        self.is_patient = False
        if os.geteuid() == 0:
            own_mounts(self.root)

    def __exit__(self, *trouble):
        for agency in self.agencies:
            agency.kill()
        for step in reversed(self.undo):
            try:
                step()
            except (RuntimeError, OSError) as error:
                print(f"could not undo: {error}", file=sys.stderr)
        if any(line.split()[1].startswith(self.root + "/") for line in open("/proc/mounts", encoding="utf-8")):
            print(f"Something is still mounted below {self.root}: it is left alone.", file=sys.stderr)
            return
        if os.path.ismount(self.root):
            quiet("umount", "-l", self.root)
        super().__exit__(*trouble)

    def shim(self):
        self.library = self.library or injury_shim.build("shim.c", os.path.join(self.root, "shim.so"))
        return self.library

    def disk_pair(self, kind, settings=SETTINGS):
        """Two agencies, each with a file system for all it has. Power goes by `cut`."""
        disks = {one: Disk(self, one[0], kind) for one in NAMES}
        return self.rooted_pair({one: os.path.join(disk.place, "w") for one, disk in disks.items()}, disks, settings)

    def rooted_pair(self, roots, disks, settings=SETTINGS):
        pair = [self.found(one, settings, roots[one]) for one in NAMES]
        for one, other in (pair, pair[::-1]):
            one.disks = [disks[one.id]] if one.id in disks else []
            one.introduce(other)
            one.orders = injury_shim.Orders(self, one.id[0], one.root)
            one.aside = os.path.join(os.path.dirname(one.root), "aside-" + one.id[0])
            for folder in (one.outbox(other), one.aside):
                os.makedirs(folder, exist_ok=True)
            os.chmod(one.outbox(other), 0o1770)
        os.sync()
        return pair


    def own_disk(self, agency, folder, kind="ext4"):
        """Puts one folder of an installation that does not run on a file system of its own, as an administrator may."""
        place = os.path.join(agency.root, folder)
        aside = os.path.join(agency.aside, folder)
        os.rename(place, aside)
        os.mkdir(place)
        disk = Disk(self, f"{agency.id[0]}-{folder}-disk", kind, place=place)
        shutil.rmtree(os.path.join(place, "lost+found"), ignore_errors=True)
        quiet("cp", "-a", aside + "/.", place)
        agency.disks.append(disk)
        # Programs that know their mounts are told of it, in the words that they print.
        if "--accept" in agency.command("check", "--help", check=False).stdout:
            agency.command("check", "--accept", place, check=False)
        quiet("sync", "-f", place)
        return disk


def start(agency, patience=60):
    """Starts a daemon under its shim and waits for its port."""
    agency.start(agency.orders.environment())
    agency.wait_ready(patience)


def start_all(pair):
    for agency in pair:
        agency.start(agency.orders.environment())
    for agency in pair:
        agency.wait_ready()


def power_cut(agencies):
    """Power goes at all of these in one moment; they are not started again here."""
    for disk in [disk for agency in agencies for disk in agency.disks]:
        disk.cut()
    for agency in agencies:
        agency.kill()
        for disk in reversed(agency.disks):
            disk.unmount()
        for disk in agency.disks:
            disk.mount()
        agency.orders.new_boot()
        agency.orders.lose()


class Report:
    """What a campaign found: one line each kind, and an exit code."""

    def __init__(self, campaign, seed):
        self.campaign, self.seed = campaign, seed
        self.begun = time.monotonic()
        self.found, self.shown = Counter(), Counter()

    def fault(self, kind, text):
        self.found[kind] += 1
        if self.found[kind] <= 20:
            print(f"VIOLATION {self.campaign}: {kind}: {text}", flush=True)

    def line(self, what, kinds=()):
        """One line for a kind of injury: what was done, and how many faults of each kind since the last line."""
        new = self.found - self.shown
        words = [f"{new[kind]} {kind}" for kind in dict.fromkeys([*kinds, *new])]
        self.shown = self.found.copy()
        seconds = time.monotonic() - self.begun
        found = ", ".join(words) or "nothing wrong"
        print(f"{self.campaign}: {what}: {found} ({seconds:.0f} s, seed {self.seed})", flush=True)

    @property
    def code(self):
        return 1 if self.found else 0


def skipped(campaign, why):
    """Loudly, in a line that tests look for."""
    print(f"SKIPPED {campaign}: {why}: NOTHING WAS TRIED.", flush=True)


def missing(needs):
    """What this machine lacks of `root`, `loop`, `xfs`, `compiler`; empty if nothing."""
    if "root" in needs and os.geteuid() != 0:
        return "this needs root"
    if "compiler" in needs and not injury_shim.compiler():
        return "there is no C compiler here"
    tools = [f"mkfs.{kind}" for kind in ("ext4", "xfs") if kind in needs] + (["mount"] if "loop" in needs else [])
    if lacking := [tool for tool in tools if not shutil.which(tool, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")]:
        return f"there is no {lacking[0]} here"
    return "" if "loop" not in needs or has_loops() else "there are no loop devices here"


def has_loops():
    folder = tempfile.mkdtemp(prefix="wi-probe-", dir="/tmp")
    image, place = os.path.join(folder, "image"), os.path.join(folder, "place")
    os.mkdir(place)
    try:
        with open(image, "wb") as file:
            file.truncate(8 << 20)
        quiet("mkfs.ext4", "-q", image)
        quiet("mount", "-o", "loop", image, place)
        quiet("umount", place)
        return True
    except (RuntimeError, OSError):
        return False
    finally:
        if not os.path.ismount(place):
            shutil.rmtree(folder, ignore_errors=True)


def arguments(text, count, what, **more):
    """The words that all campaigns take. `more`: further options with their defaults."""
    parser = argparse.ArgumentParser(description=text)
    parser.add_argument("--count", type=int, default=count, help=what)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--binary", default=default_binary())
    parser.add_argument("--work", help="folder to work in (a short path)")
    parser.add_argument("--keep", action="store_true", help="keep the folders for inspection if something is found")
    for name, (default, words) in more.items():
        kind = dict(action="store_true") if default is False else dict(type=type(default), default=default)
        parser.add_argument("--" + name.replace("_", "-"), help=words, **kind)
    options = parser.parse_args()
    os.environ["PATH"] = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return options
