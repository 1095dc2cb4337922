#!/usr/bin/env python3
"""The ledger's walls: checks beside the work, bits changed while nobody has it open, locks of somebody who may read it.

Right is: `ledger check` never calls a ledger unsound that is only being written to; a start finds every bit that was
changed meanwhile, says so in its log and in `status`, and keeps the old sums; no reader's lock keeps a file from being
delivered, and `status` names who holds it. --only takes one of the three: checks, bits, locks.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time

from injury_lab import SETTINGS, InjuryLab, Report, arguments, start_all
from injury_verdict import MINUTE, Dropper, wait_done

FAULTS = ("unsound", "not found", "no alarm", "sums lost", "died", "stopped", "not named")
FOUND = "the ledger was changed while"
LOCKER = """
import fcntl, os, sys
for path in sys.argv[3:]:
    fcntl.lockf(os.open(path, os.O_RDONLY), fcntl.LOCK_SH, int(sys.argv[2]), int(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""
# First byte and length in ledger.sqlite-shm: the writer's, the checkpoint's, recovery's, all of these, everything.
LOCKS = ((120, 1), (121, 1), (122, 1), (120, 3), (0, 0))


class Campaign:
    def __init__(self, lab, report, dice):
        self.lab, self.report, self.dice = lab, report, dice
        self.pair = lab.rooted_pair({one: f"{lab.root}/{one[0]}/w" for one in ("hartlepool", "cleveland-police")}, {}, SETTINGS)
        self.dropper = Dropper(dice)
        start_all(self.pair)

    def flow(self, count):
        return [self.dropper.drop(*self.pair, size=self.dice.randint(1, 40_000), way="rename") for _ in range(count)]

    def checks(self, count):
        """Both ledgers are checked again and again while files flow both ways."""
        over, dropped = threading.Event(), []

        def keep_dropping():
            while not over.is_set():
                dropped.extend(self.flow(5))
                wait_done(dropped[-5:], 30, self.pair)
                over.wait(0.3)

        worker = threading.Thread(target=keep_dropping)
        worker.start()
        tries, busy = 0, 0
        try:
            while tries < count:
                agency = self.pair[tries % 2]
                done = agency.command("ledger", "check", check=False)
                tries += 1
                if done.returncode == 1:
                    self.report.fault("unsound", f"check {tries} of {agency.id}: {done.stdout.strip()[:400]}")
                elif done.returncode:
                    busy += 1
        finally:
            over.set()
            worker.join()
        self.report.line(f"checks: {tries} while {len(dropped)} files flowed, {busy} busy", FAULTS[:1])

    def bits(self, count):
        """Each time one bit of the closed ledger, or of its sums, is another one when the daemon starts."""
        agency = self.pair[1]
        wait_done(self.flow(10), MINUTE, self.pair)
        for one in self.pair:
            one.stop()
        files, refused = Closed(agency), 0
        for number in range(count):
            where = files.flip(self.dice)
            agency.start()
            ended = self.wait_told(agency)
            refused += ended
            self.judge(agency, files, where, ended)
            agency.kill()
            files.put_back()
        start_all(self.pair)
        if status(agency).get("alarms", {}).get("ledger/changed"):
            self.report.fault("no alarm", "the alarm stands although the ledger is as it was closed")
        self.report.line(f"bits: {count} changed one by one, {refused} of them keep the daemon from starting", FAULTS[1:5])

    def wait_told(self, agency):
        """Waits until the daemon listens or has ended; true if it has."""
        try:
            agency.wait_ready()
        except RuntimeError:
            if agency.process.poll() is None:
                self.report.fault("died", f"neither listens nor ends: {agency.log_tail(2).strip()}")
        return agency.process.poll() is not None

    def judge(self, agency, files, where, ended):
        said = agency.log_tail(40)[-6000:]
        if ended and agency.process.returncode != 3:
            self.report.fault("died", f"{where}: ended with {agency.process.returncode}: {said[-300:]}")
        if FOUND.lower() not in said.lower():
            self.report.fault("not found", f"{where}: {said[-300:]}")
        if not files.sums_are_kept():
            self.report.fault("sums lost", where)
        if not ended and not wait_for(lambda: "ledger/changed" in status(agency).get("alarms", {}), 5):
            self.report.fault("no alarm", where)

    def locks(self, count):
        """Somebody who may read the ledger holds shared locks on it, while files flow."""
        for number in range(count):
            first, length = LOCKS[number % len(LOCKS)]
            agency = self.pair[number // len(LOCKS) % 2]
            ledger = os.path.join(agency.root, "ledger.sqlite")
            where = f"bytes {first}+{length} of the ledger of {agency.id}"
            with Locker(first, length, [ledger + "-shm", ledger + "-wal", ledger]) as holder:
                if left := wait_done(self.flow(4), 20, self.pair):
                    self.report.fault("stopped", f"{where}: {len(left)} files wait")
                if first == 120 and not wait_for(lambda: holder in status(agency).get("alarms", {}).get("ledger/lock", ""), 25):
                    self.report.fault("not named", f"{where}: {status(agency).get('alarms')}")
        self.report.line(f"locks: {count} held while files flowed", FAULTS[5:])


class Locker:
    """Another process with locks; its number as text, which an alarm has to hold."""

    def __init__(self, *what):
        self.words = [str(what[0]), str(what[1]), *what[2]]

    def __enter__(self):
        self.process = subprocess.Popen([sys.executable, "-c", LOCKER, *self.words], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()
        return f"process {self.process.pid}"

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


class Closed:
    """The ledger of a stopped agency as it was closed."""

    def __init__(self, agency):
        self.path = os.path.join(agency.root, "ledger.sqlite")
        self.folder = os.path.dirname(self.path)
        self.whole = {name: self.read(os.path.join(self.folder, name)) for name in self.names()}
        self.sums = None

    def names(self):
        return [name for name in os.listdir(self.folder) if name.startswith("ledger.sqlite")]

    @staticmethod
    def read(path):
        with open(path, "rb") as file:
            return file.read()

    def flip(self, dice):
        end = "-sums" if dice.random() < 0.1 else ""
        content = bytearray(self.read(self.path + end))
        offset, bit = dice.randrange(len(content)), dice.randrange(8)
        content[offset] ^= 1 << bit
        with open(self.path + end, "r+b") as file:
            file.write(content)
        self.sums = self.read(self.path + "-sums")
        return f"bit {bit} of byte {offset} of ledger.sqlite{end}"

    def sums_are_kept(self):
        kept = self.path + "-sums-1"
        return os.path.exists(kept) and self.read(kept) == self.sums

    def put_back(self):
        for name in self.names():
            os.remove(os.path.join(self.folder, name))
        for name, content in self.whole.items():
            with open(os.path.join(self.folder, name), "wb") as file:
                file.write(content)


def status(agency):
    try:
        return json.loads(agency.command("status", "--json", check=False).stdout)
    except ValueError:
        return {}


def wait_for(is_so, seconds):
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def main():
    options = arguments(__doc__, 1000, "how many bits are changed; twice as many checks are made, a twentieth of locks held",
                        only=("", "checks, bits or locks"))
    report = Report("ledger", options.seed)
    with InjuryLab(options.binary, options.work) as lab:
        campaign = Campaign(lab, report, random.Random(options.seed))
        parts = {"checks": 2 * options.count, "bits": options.count, "locks": max(5, options.count // 20)}
        for name, count in parts.items():
            if options.only in ("", name):
                getattr(campaign, name)(count)
        lab.keep = options.keep and report.code != 0
    return report.code


if __name__ == "__main__":
    sys.exit(main())
