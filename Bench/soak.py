#!/usr/bin/env python3
"""Soak: two daemons exchange files both ways while random SIGKILLs hit either side.

At the end: every file is there once, whole, with one receipt known to both ledgers; nothing is left half done.
Exit 0 if so; 1 if not (the folders are then kept), with every violation in one line.
"""

import argparse
import os
import random
import sys
import threading
import time

import soak_verdict
from waybill_lab import Lab, default_binary, sha256_of, write_random

SETTINGS = """
settle: 100ms
scan-interval: 300ms
waiting-note-after: 2s
retry: { first: %s, most: %s }
limits: { new-ids-per-minute: 1000000, arrivals-per-partner: 256 }
log-level: info
"""
MIB = 1 << 20
MOST_FLYING_BYTES, MOST_KEPT_BYTES = 256 * MIB, 256 * MIB


class Parcel:
    """One dropped file and what was seen of it."""

    def __init__(self, name, sender, recipient, size):
        self.name, self.sender, self.recipient, self.size = name, sender, recipient, size
        self.sha256 = None
        self.arrivals = 0
        self.receipted = False

    @property
    def is_done(self):
        return self.arrivals > 0 and self.receipted


class Soak:
    """What the threads share: parcels by name, violations, and when to stop."""

    def __init__(self, lab, pair, options):
        self.lab, self.pair, self.storm = lab, pair, options.storm
        self.random = random.Random(options.seed)
        self.most_flying = 400 if self.storm else 64
        self.parcels = {}
        self.violations = []
        self.kills = {"one": 0, "both": 0}
        self.enough = threading.Event()
        self.settled = threading.Event()
        self.kept_bytes = 0
        self.crashes = []

    def violation(self, text):
        print("VIOLATION:", text, flush=True)
        self.violations.append(text)

    # Dropping

    def size(self, dice):
        """Mostly small, sometimes one byte (an empty file is held), sometimes at the edge of a part, seldom large."""
        kind = dice.random()
        if kind < 0.05:
            return 1
        if kind < 0.60:
            return dice.randint(1, 16 << 10)
        if kind < 0.85:
            return dice.randint(16 << 10, 512 << 10)
        if kind < 0.89:
            return max(0, dice.choice([1, 2, 4]) * MIB + dice.randint(-1, 1))
        if kind < 0.97:
            return dice.randint(512 << 10, 8 * MIB)
        return dice.randint(8 * MIB, 64 * MIB)

    def drop_all(self):
        """Drops files until enough; never more under way than the bounds allow, so that disk use stays small."""
        dice = random.Random(self.random.random())
        number = 0
        while not self.enough.is_set():
            flying = [parcel for parcel in list(self.parcels.values()) if not parcel.is_done]
            if len(flying) >= self.most_flying or sum(parcel.size for parcel in flying) >= MOST_FLYING_BYTES:
                time.sleep(0.02)
                continue
            number += 1
            sender, recipient = dice.choice([self.pair, self.pair[::-1]])
            self.drop(Parcel(f"file-{number:06}.bin", sender, recipient, self.size(dice)), dice)
            time.sleep(dice.random() * 0.02)

    def drop(self, parcel, dice):
        """By rename as a rule; one small one in eight is written in place, with pauses longer than `settle`."""
        place = parcel.sender.outbox(parcel.recipient)
        aside = os.path.join(self.lab.root, "aside-" + parcel.name)
        parcel.sha256 = write_random(aside, parcel.size)
        self.parcels[parcel.name] = parcel
        if parcel.size > 2 * MIB or dice.random() > 0.125:
            os.rename(aside, os.path.join(place, parcel.name))
            return
        with open(aside, "rb") as source, open(os.path.join(place, parcel.name), "wb", buffering=0) as target:
            while block := source.read(64 << 10):
                target.write(block)
                if dice.random() < 0.1:
                    time.sleep(0.15)
        os.unlink(aside)

    # Watching

    def watch_all(self):
        """Samples the inboxes and sent/ until all is settled."""
        dice = random.Random(self.random.random())
        while not self.settled.is_set():
            for one, other in (self.pair, self.pair[::-1]):
                self.look_into_inbox(one, other, dice)
                self.look_into_sent(one, other)
            time.sleep(0.01)

    def look_into_inbox(self, one, other, dice):
        for entry in entries(one.inbox(other)):
            parcel = self.parcels.get(entry.name)
            if parcel is None or parcel.recipient is not one:
                self.violation(f"doubled or strange in the inbox of {one.id}: {entry.name}")
                os.unlink(entry.path)
            elif entry.inode() != getattr(parcel, "inode", None):
                self.arrived(parcel, entry, dice)

    def arrived(self, parcel, entry, dice):
        """Whatever is visible must be whole at once; then the reader takes it, or leaves it lying."""
        size, digest = entry.stat().st_size, sha256_of(entry.path)
        if (size, digest) != (parcel.size, parcel.sha256):
            self.violation(f"half-visible: {parcel.name} has {size} of {parcel.size} bytes or another digest")
        parcel.arrivals += 1
        if parcel.arrivals > 1:
            self.violation(f"doubled: {parcel.name} arrived {parcel.arrivals} times")
        if dice.random() < 0.5 or not self.may_keep(parcel):
            os.unlink(entry.path)
        else:
            parcel.inode = entry.inode()

    def look_into_sent(self, one, other):
        for day in entries(one.sent(other)):
            names = {entry.name for entry in entries(day.path)}
            for name in names:
                parcel = self.parcels.get(name)
                if not parcel or parcel.receipted or not {name + ".receipt.txt", name + ".receipt.p7s"} <= names:
                    continue
                parcel.receipted = True
                if not self.may_keep(parcel):
                    os.unlink(os.path.join(day.path, name))

    def may_keep(self, parcel):
        if parcel.size > 64 << 10 or self.kept_bytes + parcel.size > MOST_KEPT_BYTES:
            return False
        self.kept_bytes += parcel.size
        return True

    # Killing

    def kill_all(self, kills, seconds, pace):
        """Random SIGKILLs. Runs in the main thread, which owns the daemons."""
        until = time.monotonic() + seconds if seconds else float("inf")
        while sum(self.kills.values()) < kills and time.monotonic() < until:
            time.sleep(self.random.uniform(pace / 2 if self.storm else 0.05, pace))
            victims = self.victims()
            for victim in victims:
                self.note_crash(victim)
                victim.kill()
            self.kills["both" if len(victims) == 2 else "one"] += 1
            if not self.storm and self.random.random() < 0.4:
                time.sleep(self.random.uniform(0.05, 1.5))
            for victim in victims:
                victim.start()

    def victims(self):
        if self.storm:
            return self.pair[1:]
        return self.pair if self.random.random() < 0.15 else [self.random.choice(self.pair)]

    def note_crash(self, agency):
        """A daemon that ended before we killed it has crashed on its own."""
        code = agency.process.poll()
        if code is not None:
            self.violation(f"the daemon of {agency.id} ended by itself with {code}")

    def wait_settled(self, patience):
        """Until every parcel is done and every folder is clean; gives up when nothing has moved for so long."""
        before, since = None, time.monotonic()
        while time.monotonic() - since < patience:
            left = sum(not parcel.is_done for parcel in list(self.parcels.values()))
            dirt = sum(len(agency.leftovers()) for agency in self.pair)
            if left == 0 and dirt == 0:
                return
            if (left, dirt) != before:
                before, since = (left, dirt), time.monotonic()
            time.sleep(0.1)


def entries(folder):
    """Visible entries of a folder that may not be there yet."""
    try:
        with os.scandir(folder) as found:
            return [entry for entry in found if not entry.name.startswith(".")]
    except FileNotFoundError:
        return []


def guarded(soak, body):
    """A thread whose failure is a violation, not silence."""
    def run():
        try:
            body()
        except Exception as error:  # noqa: BLE001 - told to whoever runs the soak
            soak.violation(f"the soak's own thread {body.__name__} failed: {error!r}")
    return threading.Thread(target=run, daemon=True)


def run(lab, options):
    retry = ("10ms", "30ms") if options.storm else ("100ms", "2s")
    pair = lab.pair(SETTINGS % retry, folder_transport=options.road == "folder")
    soak = Soak(lab, pair, options)
    for agency in pair:
        agency.start()
    for agency in pair:
        agency.wait_ready()
    dropper, watcher = guarded(soak, soak.drop_all), guarded(soak, soak.watch_all)
    begun = time.monotonic()
    dropper.start()
    watcher.start()
    soak.kill_all(options.kills, options.seconds, options.pace)
    soak.enough.set()
    dropper.join()
    soak.wait_settled(options.patience)
    for agency in pair:
        soak.note_crash(agency)
    soak.settled.set()
    watcher.join()
    soak_verdict.judge(soak)
    soak_verdict.tell(soak, options.seed, time.monotonic() - begun)
    return 1 if soak.violations else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seconds", type=float, help="stop killing after so long")
    parser.add_argument("--pace", type=float, default=2, help="most seconds between two kills")
    parser.add_argument(
        "--storm", action="store_true",
        help="kill one side only and restart it at once; the other retries every 10 ms and is never restarted: finds "
        "races of a start with what arrives during it, and a sender that stops trying")
    parser.add_argument("--road", choices=["https", "folder"], default="https", help="folder: over a share")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--patience", type=float, default=60, help="seconds without progress before giving up")
    parser.add_argument("--binary", default=default_binary())
    parser.add_argument("--work", help="folder to work in, on the disk to be tested")
    options = parser.parse_args()
    with Lab(options.binary, options.work) as lab:
        lab.keep = True
        code = run(lab, options)
        lab.keep = code != 0
    return code


if __name__ == "__main__":
    sys.exit(main())
