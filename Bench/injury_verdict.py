"""Drops, and the judgement of what became of them: inbox, outbox, held, sent and both ledgers must tell one story."""

import contextlib
import json
import os
import shutil
import time
from collections import defaultdict

from waybill_lab import files_below, sha256_of, write_random

SIZES = (0, 1, 900, 5_000, 60_000, 400_000, 3_000_000)
ENDED = {"held", "blocked", "rejected", "withdrawn", "recalled", "refused"}


class Drop:
    """One dropped file."""

    def __init__(self, name, sender, recipient, size, way):
        self.name, self.sender, self.recipient, self.size, self.way = name, sender, recipient, size, way
        self.sha256, self.is_synced = None, False
        # Whether the sender lost its power after this drop: what nobody had synced may then be gone.
        self.had_cut = False

    @property
    def outbox_path(self):
        return os.path.join(self.sender.outbox(self.recipient), self.name)

    @property
    def inbox_path(self):
        return os.path.join(self.recipient.inbox(self.sender), self.name)


class Dropper:
    """Drops files as people and programs do."""

    def __init__(self, dice):
        self.dice, self.number, self.drops = dice, 0, []

    def drop(self, sender, recipient, size=None, way=None, is_synced=False):
        self.number += 1
        size = self.dice.choice(SIZES) if size is None else size
        way = way or self.dice.choice(["cp", "cp", "rename", "cp -p"])
        drop = Drop(f"f{self.number:05}.bin", sender, recipient, size, way)
        self.put(drop, is_synced)
        self.drops.append(drop)
        return drop

    @staticmethod
    def put(drop, is_synced):
        source = os.path.join(drop.sender.aside, drop.name)
        drop.sha256 = write_random(source, drop.size)
        if drop.way == "rename":
            if is_synced:
                sync(source)
            os.rename(source, drop.outbox_path)
        else:
            shutil.copyfile(source, drop.outbox_path)
            if drop.way == "cp -p":
                # It may be gone by then: whoever pauses longer than `settle` has lost it to the daemon, whole.
                with contextlib.suppress(FileNotFoundError):
                    shutil.copystat(source, drop.outbox_path)
            os.unlink(source)
        if not is_synced:
            return
        try:
            # A fast daemon has taken it already, and answers for it from then on; its rename still needs the folder.
            sync(drop.outbox_path)
            sync(os.path.dirname(drop.outbox_path))
            drop.is_synced = True
        except FileNotFoundError:
            drop.is_synced = False


def sync(path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def names_of(folder):
    return {os.path.basename(path): path for path in files_below(folder)}


def state_of(pair):
    """What moves while daemons work; unchanged for a while means settled."""
    folders = ("outbox", "work", "held", "sent", "inbox")
    return tuple(sorted(path for one in pair for folder in folders for path in one.files(folder)))


def not_done(drops):
    """Those that are not delivered, as both folders see it. Asks for names; folders of thousands are not listed."""
    return [drop for drop in drops if not is_done(drop)]


def is_done(drop):
    return os.path.exists(drop.inbox_path) and any(
        all(os.path.exists(os.path.join(day, drop.name + end)) for end in ("", ".receipt.txt", ".receipt.p7s"))
        for day in days_of(drop.sender.sent(drop.recipient)))


def days_of(folder):
    """Its dated folders, the newest first."""
    try:
        return [os.path.join(folder, name) for name in sorted(os.listdir(folder), reverse=True)]
    except FileNotFoundError:
        return []


def wait_done(drops, patience, pair=()):
    """Those of `drops` that are not delivered after `patience` seconds; at once if a daemon of `pair` has ended."""
    deadline, left = time.monotonic() + patience, list(drops)
    while left and time.monotonic() < deadline and all(one.process.poll() is None for one in pair):
        left = not_done(left)
        if left:
            time.sleep(0.1)
    return left


def is_held(drop):
    """Kept back for a person, with a note beside it that says why."""
    held = names_of(os.path.join(drop.sender.root, "held"))
    return drop.name in held and any(name.startswith(drop.name + ".") and name.endswith(".txt") for name in held)


# What no hint brings forward is looked for once a minute, and whoever dropped it is told within one.
MINUTE = 75


def is_unexplained(drop):
    """Whether it still lies in the outbox, and no note says why."""
    return os.path.exists(drop.outbox_path) and not os.path.exists(drop.outbox_path + ".not-sent.txt")


def wait_settled(pair, drops, still=8, patience=300):
    """Until all is delivered and work/ is empty, or nothing has moved for a while: longer while anything is half done."""
    begun, since, before = time.monotonic(), time.monotonic(), None
    while time.monotonic() - begun < patience:
        is_open = any(one.leftovers() for one in pair) or any(is_unexplained(drop) for drop in drops)
        if time.monotonic() - since > (MINUTE if is_open else still):
            return
        now = state_of(pair)
        if now != before:
            before, since = now, time.monotonic()
        if not any(one.leftovers() for one in pair) and not not_done(drops):
            return
        time.sleep(0.2)


class Verdict:
    """Compares drops with folders and ledgers; each difference becomes a fault of `report`."""

    def __init__(self, report, pair, drops):
        self.report, self.pair, self.drops = report, pair, drops
        self.rows = {}
        self.held = self.vanished = self.untimely = 0
        # Whether clocks were wrong: what was signed outside a certificate's time is then rightly named for ever.
        self.may_be_untimely = False

    def judge(self):
        """Stops the daemons, then looks."""
        self.judge_inboxes()
        for one in self.pair:
            # What was said to partners is not in the ledger any more: it stands still until a person has looked.
            if "not the newest" in (said := one.command("status", check=False).stdout):
                self.report.fault("rolled back", f"{one.id}: {said[-300:].strip()}")
            self.judge_stop(one)
        for one in self.pair:
            self.judge_ledger(one)
        for drop in self.drops:
            self.judge_drop(drop)
        for one in self.pair:
            self.judge_notes(one)

    def judge_stop(self, one):
        code = one.process.poll()
        if code is not None:
            self.report.fault("died", f"the daemon of {one.id} ended with {code}: {one.log_tail(2).strip()}")
        elif (code := one.stop()) != 0:
            self.report.fault("not stopped", f"the daemon of {one.id} left with {code} after SIGTERM")

    def judge_ledger(self, one):
        check = one.command("ledger", "check", check=False)
        wrong = [line for line in check.stdout.splitlines() if line.startswith("WRONG")]
        if self.may_be_untimely and wrong and all("certificate" in line and "at that time" in line for line in wrong):
            self.untimely += len(wrong)
        elif check.returncode != 0:
            said = (check.stdout + check.stderr).strip()[:300]
            self.report.fault("unsound", f"ledger check of {one.id}: exit {check.returncode}: {said}")
        table = self.rows[one.id] = defaultdict(list)
        for row in one.ledger():
            table[row["direction"], row["name"]].append(row)

    def judge_inboxes(self):
        """Whatever can be seen was dropped, is whole and is there once."""
        known = {drop.inbox_path: drop for drop in self.drops}
        contents = {drop.sha256: drop for drop in self.drops if drop.size}
        for one, other in (self.pair, self.pair[::-1]):
            for path in files_below(one.inbox(other)):
                name, size, digest = os.path.basename(path), os.path.getsize(path), sha256_of(path)
                if name.startswith("."):
                    self.report.fault("temporary", f"{path} is left over")
                elif path not in known:
                    kind = "doubled" if digest in contents else "never dropped"
                    self.report.fault(kind, f"{name} ({size} bytes) in the inbox of {one.id}")
                elif digest != known[path].sha256:
                    kind, whole = "half" if size else "empty", known[path].size
                    self.report.fault(kind, f"{name} has {size} of {whole} bytes in the inbox of {one.id}")

    def judge_drop(self, drop):
        sent = self.rows[drop.sender.id]["sent", drop.name]
        received = self.rows[drop.recipient.id]["received", drop.name]
        states = [row["state"] for row in sent], [row["state"] for row in received]
        live = [row for row in sent if row["state"] not in ENDED]
        if len(live) > 1 or len(received) > 1:
            self.report.fault("two rows", f"{drop.name}: {states}")
        if any(row["sha256"] != drop.sha256 for row in live if row["state"] == "delivered"):
            self.report.fault("signed wrongly", f"{drop.name} ({drop.size} bytes): rows say {[row['size'] for row in live]}")
        if os.path.exists(drop.inbox_path):
            if not live or live[-1]["state"] != "delivered":
                self.report.fault("no receipt", f"{drop.name} arrived, and the sender's ledger says {states[0]}")
            return
        if "delivered" in states[0] + states[1]:
            self.report.fault("lost", f"{drop.name} was acknowledged and is in no inbox: {states}")
        else:
            self.judge_undelivered(drop, states[0])

    def judge_undelivered(self, drop, states):
        held = names_of(os.path.join(drop.sender.root, "held"))
        outbox = os.listdir(os.path.dirname(drop.outbox_path))
        if drop.name in held:
            self.held += 1
            self.judge_kept(drop, held[drop.name], held)
        elif drop.name in outbox:
            self.held += 1
            self.judge_kept(drop, drop.outbox_path, outbox)
        elif drop.name in names_of(os.path.join(drop.sender.root, "work")):
            self.report.fault("stuck", f"{drop.name} lies in work/ of {drop.sender.id}: {states}")
        elif states or drop.is_synced or not drop.had_cut:
            how = drop.way + ", synced" * drop.is_synced
            self.report.fault("lost", f"{drop.name} ({drop.size} bytes, {how}) is nowhere: {states}")
        else:
            self.vanished += 1

    def judge_kept(self, drop, path, names):
        """Kept back: with a note that says why; whole if whoever dropped it had synced it."""
        if not any(name.startswith(drop.name + ".") and name.endswith(".txt") for name in names):
            self.report.fault("stuck", f"{path} waits and no note says why")
        if drop.is_synced and sha256_of(path) != drop.sha256:
            self.report.fault("lost", f"{path} was synced by whoever dropped it and is not whole")

    def judge_notes(self, one):
        for path in one.files("sent") + one.files("held"):
            with open(path, "rb") as file:
                data = file.read(1 << 20) if path.endswith(NOTES) else b"x"
            if not data or b"\0" in data and path.endswith(".txt") or path.endswith(".p7s") and not is_der(data):
                self.report.fault("broken notes", f"{path} ({len(data)} bytes)")
        for path in one.temporary_files():
            self.report.fault("temporary", f"{path} is left over")
        for path in one.files("inbox"):
            if path.endswith(".json") and not is_json(path):
                self.report.fault("broken notes", f"{path} is no JSON")
        if left := [path for path in one.leftovers() if "/.staging/" not in path]:
            self.report.fault("stuck", f"{len(left)} files in work/ or waiting at {one.id}, such as {left[0]}")


# What we lay beside files; a file that somebody dropped may end in `.txt`, too.
NOTES = (".receipt.p7s", ".refusal.p7s") + tuple(
    f".{word}.txt" for word in ("receipt", "why", "refused", "rejected", "recalled", "waiting"))


def is_der(data):
    """One DER element and nothing after it."""
    if len(data) < 4 or data[0] != 0x30:
        return False
    many = data[1] & 0x7F if data[1] & 0x80 else 0
    length = int.from_bytes(data[2:2 + many], "big") if many else data[1]
    return len(data) == 2 + many + length


def is_json(path):
    try:
        with open(path, encoding="utf-8") as file:
            json.load(file)
        return True
    except ValueError:
        return False
