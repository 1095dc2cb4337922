"""Orders for shim.c: which file calls of a daemon fail, and what a failed sync has lost."""

import errno
import mmap
import os
import shutil
import struct
import subprocess
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
KINDS = ["open", "read", "write", "sync", "rename", "unlink", "mkdir", "stat", "allocate", "truncate", "mode", "list",
         "link", "space", "notify", "times"]
NO_SPACE = ("ENOSPC", "EDQUOT")
# What each kind of call can fail with; `short` is half of what was asked for.
ERRORS = {
    "open": ("EIO", "EMFILE", *NO_SPACE), "read": ("EIO", "short"), "write": ("EIO", "short", *NO_SPACE),
    "sync": ("EIO", *NO_SPACE), "rename": ("EIO", *NO_SPACE), "unlink": ("EIO",), "mkdir": ("EIO", *NO_SPACE),
    "stat": ("EIO",), "allocate": ("EIO", *NO_SPACE), "truncate": ("EIO",), "mode": ("EIO", "EDQUOT"),
    "list": ("EIO", "EMFILE"), "link": ("EIO", *NO_SPACE), "space": ("EIO",), "notify": ("ENOSPC", "EMFILE"),
    "times": ("EIO",)}
# Offsets in `struct orders` of shim.c.
FIELDS = {"armed": 0, "calls": 8, "error": 16, "times": 24, "loses": 32, "fired": 40, "skip": 48, "believed": 17_828_408}
SEEN, PLACE, AT, MARKS, LOST, SIZE = 56, 184, 312, 568, 2616, 17_828_416
LOST_SLOT, PAGE = 4352, 4096


def compiler():
    """A C compiler of this machine, or None."""
    return next((found for name in ("gcc", "clang", "cc") if (found := shutil.which(name))), None)


def build(source, target):
    """A library to preload, from a C file beside this one."""
    subprocess.run([compiler(), "-O1", "-shared", "-fPIC", "-o", target, os.path.join(HERE, source), "-ldl"], check=True)
    return target


class Orders:
    """What one daemon's shim is told, through a file that both map."""

    def __init__(self, lab, name, below):
        self.file = os.path.join(lab.root, name + ".orders")
        self.boot = os.path.join(lab.root, name + ".boot")
        self.below = os.path.realpath(below)
        self.library = lab.shim()
        with open(self.file, "wb") as file:
            file.truncate(SIZE)
        with open(self.file, "r+b") as file:
            self.map = mmap.mmap(file.fileno(), SIZE)
        self.new_boot()

    def environment(self):
        return {"LD_PRELOAD": self.library, "SHIM_ORDERS": self.file, "SHIM_ROOT": self.below, "SHIM_BOOT": self.boot}

    def new_boot(self):
        """As after a power cut: another boot id."""
        with open(self.boot, "w", encoding="ascii") as file:
            file.write(f"{uuid.uuid4()}\n")

    def set(self, field, value):
        struct.pack_into("<q", self.map, FIELDS[field], value)

    def get(self, field):
        return struct.unpack_from("<q", self.map, FIELDS[field])[0]

    def arm(self, kinds, error, skip=0, place="", times=1):
        """The call number `skip` of these kinds below `place` fails, once unless told. Counts begin anew."""
        self.rest()
        self.map[SEEN:PLACE] = bytes(PLACE - SEEN)
        self.map[PLACE:AT] = place.encode().ljust(AT - PLACE, b"\0")
        self.set("calls", sum(1 << KINDS.index(kind) for kind in kinds))
        self.set("error", 0 if error == "short" else getattr(errno, error))
        self.set("times", times)
        self.set("skip", skip)
        self.set("fired", 0)
        self.set("armed", 1)

    def count(self, kinds, place=""):
        """Only counts calls."""
        self.arm(kinds, "EIO", 1 << 40, place, 0)

    def rest(self):
        self.set("armed", 0)

    def seen(self, kind):
        return struct.unpack_from("<Q", self.map, SEEN + 8 * KINDS.index(kind))[0]

    @property
    def has_fired(self):
        return self.get("fired") > 0

    @property
    def where(self):
        """Which kind of call failed, and where below the root."""
        text = self.map[AT:MARKS].split(b"\0")[0].decode(errors="replace")
        number, _, path = text.partition(" ")
        return f"{KINDS[int(number)]} {path}" if number.isdigit() else ""

    def lose(self):
        """At a cut, after the disk is mounted again: pages of the ledger whose sync failed are as they were before."""
        lost = 0
        for at in range(LOST, LOST + 4096 * LOST_SLOT, LOST_SLOT):
            used, page = struct.unpack_from("<QQ", self.map, at)
            if not used:
                continue
            path = self.map[at + 16:at + 256].split(b"\0")[0]
            if os.path.exists(path) and page * PAGE < os.path.getsize(path):
                with open(path, "r+b") as file:
                    file.seek(page * PAGE)
                    file.write(self.map[at + 256:at + 256 + PAGE])
                lost += 1
            self.map[at:at + 8] = bytes(8)
        self.map[MARKS:LOST] = bytes(LOST - MARKS)
        return lost
