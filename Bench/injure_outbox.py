#!/usr/bin/env python3
"""What people and programs do to an outbox, with settings as shipped: whole and in order, or told why not.

Nightly exports of one name while the partner is away; 15 ways of slow writing; half files, lock files, leftovers, things
that are no files, files that only their owner may read.
"""

import hashlib
import os
import random
import shutil
import subprocess
import sys
import threading
import time
import unicodedata

import injury_writers
from injury_lab import InjuryLab, Report, arguments, skipped
from injury_verdict import Drop, names_of
from waybill_lab import sha256_of

KINDS = ("half", "never taken", "lost", "out of order", "taken", "silent", "unlike")
# Longer than any `settle` that may be shipped, and the minute in which whoever dropped it is told.
DAY, TOLD_WITHIN = 9, 60
NOBODY, SOMEBODY = 65534, 12345
UNFINISHED = ["big.mp4.a1b2c3d4.partial", "film.mkv.!qB", "letter.pdf.download", "case.zip.opdownload", "a.iso.aria2",
              "upload.pdf.filepart", "notes.docx.tmp", "scan.pdf.part", "plan.pdf.crdownload"]
NEVER = ["Thumbs.db", "ehthumbs.db", "desktop.ini", "minutes.pdf:Zone.Identifier", "report.txt~", "#list.txt#",
         ".minutes.txt.swp"]
LOCKS = {"~$inutes.docx": "minutes.docx", "~$ise-visit.docx": "\u00c9lise-visit.docx", ".~lock.budget.ods#": "budget.ods"}


class Folder:
    """One outbox route and the inbox at its other end."""

    def __init__(self, lab, pair, report):
        self.lab, self.report = lab, report
        self.sender, self.recipient = pair
        self.out, self.inbox = self.sender.outbox(self.recipient), self.recipient.inbox(self.sender)

    def write(self, name, data, age=0):
        path = os.path.join(self.out, name)
        with open(path, "wb") as file:
            file.write(data)
        if age:
            os.utime(path, (time.time() - age,) * 2)

    def status(self):
        """As people and programs read it: the one may shorten lists, the other does not."""
        return "".join(self.sender.command("status", *more, check=False).stdout for more in ([], ["--json"]))

    def received(self):
        """SHA-256 of all that arrived, in the order in which the recipient signed for it."""
        return [row["sha256"] for row in reversed(self.recipient.ledger()) if row["direction"] == "received"]

    def is_told(self, name, status):
        """A note beside it, which whoever dropped it sees, or at least a line in status."""
        # A name in an old encoding cannot be that of a note as it is.
        text = os.fsdecode(name).partition("\udce9")[0]
        notes = [other for other in os.listdir(self.out) if other.endswith("not-sent.txt")]
        return any(note.startswith(text) for note in notes), text in status


def nightly(folder):
    """Five exports of one name in each way, the partner away all the while."""
    ways = {"hidden": lambda path: under_name(path, ".{}"), "filepart": lambda path: under_name(path, "{}.filepart"),
            "cp": lambda path: shutil.copyfile(path + ".src", path), "cp-p": lambda path: shutil.copy2(path + ".src", path),
            "append": append}
    if shutil.which("rsync"):
        ways["rsync"] = lambda path: subprocess.run(["rsync", "-t", path + ".src", path], check=True)
    sources, wanted = os.path.join(folder.lab.root, "sources"), {way: [] for way in ways}
    os.makedirs(sources, exist_ok=True)
    for day in range(5):
        for way, put in ways.items():
            source = os.path.join(folder.lab.root, "sources", f"{way}.csv")
            with open(source, "w", encoding="ascii") as file:
                file.write(f"{way} day {day}\n")
            wanted[way].append(sha256_of(source))
            place(put, source, os.path.join(folder.out, f"nightly-{way}.csv"))
        time.sleep(DAY)
    return wanted


def place(put, source, target):
    """Ways find their source beside their target by name; it stands elsewhere, so that it is never dropped itself."""
    class Path(str):
        def __add__(self, end):
            return source if end == ".src" else str(self) + end
    put(Path(target))


def under_name(path, form):
    aside = os.path.join(os.path.dirname(path), form.format(os.path.basename(path)))
    shutil.copyfile(path + ".src", aside)
    os.rename(aside, str(path))


def append(path):
    with open(path + ".src", "rb") as source, open(str(path), "ab") as file:
        file.write(source.read())


def judge_nightly(folder, wanted):
    received = folder.received()
    for way, digests in wanted.items():
        came = [digest for digest in received if digest in digests]
        if missing := [day for day, digest in enumerate(digests) if digest not in came]:
            folder.report.fault("lost", f"of five nightly exports by {way} those of days {missing} did not arrive")
        elif came != digests:
            days = [digests.index(one) for one in came]
            folder.report.fault("out of order", f"nightly exports by {way} arrived as days {days}")


def strange_things(folder):
    """Things that are no files for us; each is to have a note, or a line in status."""
    case = os.path.join(folder.lab.root, "case")
    os.mkdir(case)
    for name in ("a.txt", "b.txt", "c.txt"):
        with open(os.path.join(case, name), "w", encoding="ascii") as file:
            file.write(name)
    os.rename(case, os.path.join(folder.out, "Case 1234"))
    os.symlink("/etc/hostname", os.path.join(folder.out, "linked.txt"))
    with open(os.path.join(folder.lab.root, "twice.txt"), "w", encoding="ascii") as file:
        file.write("twice")
    os.link(os.path.join(folder.lab.root, "twice.txt"), os.path.join(folder.out, "twice.txt"))
    with open(os.path.join(os.fsencode(folder.out), b"caf\xe9.txt"), "wb") as file:
        file.write(b"old")
    for above, name in ((1, "beside-routes.txt"), (2, "in-outbox.txt")):
        place_above = folder.out
        for _ in range(above):
            place_above = os.path.dirname(place_above)
        with open(os.path.join(place_above, name), "w", encoding="ascii") as file:
            file.write(name)
    return ["Case 1234", "linked.txt", "twice.txt", os.fsdecode(b"caf\xe9.txt")], ["beside-routes.txt", "in-outbox.txt"]


def bad_names(folder):
    for name in UNFINISHED:
        folder.write(name, b"half", age=9 * 86_400)
    for name in NEVER:
        folder.write(name, b"x", age=3600)
    for lock, name in LOCKS.items():
        folder.write(lock, b"\0user")
        folder.write(name, name.encode())
    folder.write("empty.txt", b"")
    folder.write("New Microsoft Word Document.docx", b"")
    os.rename(os.path.join(folder.out, "New Microsoft Word Document.docx"), os.path.join(folder.out, "Case note.docx"))
    folder.write(unicodedata.normalize("NFD", "Zo\u00eb note.txt"), b"decomposed")
    folder.write("evidence.txt", b"old evidence")
    os.utime(os.path.join(folder.out, "evidence.txt"), (1_700_000_000,) * 2)


def scanner(folder):
    """Closed between pages, for up to 3.5 s."""
    for _ in range(4):
        with open(os.path.join(folder.out, "scan_0001.pdf"), "ab") as file:
            file.write(b"p" * 100)
        time.sleep(3.5)


def judge_names(folder, beside, above):
    status, came = folder.status(), names_of(folder.inbox)
    for name in UNFINISHED + NEVER + list(LOCKS) + list(LOCKS.values()):
        if name in came:
            folder.report.fault("taken", f"{name} was sent")
    for name in UNFINISHED + NEVER + list(LOCKS.values()):
        if name not in status and name not in came and not any(folder.is_told(name, status)):
            folder.report.fault("silent", f"{name} waits, and status does not name it")
    for name in beside:
        if not folder.is_told(name, status)[0]:
            folder.report.fault("silent", f"{name!r}: no note beside it after {TOLD_WITHIN} s")
    for name in above:
        if name not in status:
            folder.report.fault("silent", f"{name}: status does not name it")
    for name in ("empty.txt", "Case note.docx"):
        if name in came and os.path.getsize(came[name]) == 0:
            folder.report.fault("taken", f"{name} was sent empty")
    scans = sorted(os.path.getsize(path) for path in came.values() if os.path.basename(path).startswith("scan_0001"))
    if scans != [400]:
        folder.report.fault("half", f"a scan of four pages arrived as {scans} bytes instead of [400]")
    if "evidence.txt" not in came or int(os.path.getmtime(came["evidence.txt"])) != 1_700_000_000:
        folder.report.fault("unlike", "evidence.txt did not keep its date")
    rows = folder.sender.command("ledger", "list", "--json", "--name", "Zo\u00eb*", check=False).stdout.splitlines()
    if len(rows) != 1:
        folder.report.fault("unlike", f"a name in the other Unicode form is found {len(rows)} times, not once")


def slow_writers(folder, count, dice):
    """`count` files in 15 ways, forty at a time; the recipient is there."""
    drops, gate = [], threading.Semaphore(40)
    pause_dice = random.Random(dice.random())

    def write(drop, way, data):
        with gate:
            way(drop.outbox_path, data, lambda most: pause_dice.uniform(0, most))
    writers = []
    for number in range(count):
        data = os.urandom(dice.choice([1, 50, 5_000, 200_000]))
        drop = Drop(f"slow-{number:04}.bin", folder.sender, folder.recipient, len(data), "")
        way = injury_writers.WAYS[number % len(injury_writers.WAYS)]
        drop.sha256, drop.way = hashlib.sha256(data).hexdigest(), way.__qualname__
        drops.append(drop)
        writers.append(threading.Thread(target=write, args=(drop, way, data), daemon=True))
        writers[-1].start()
    for writer in writers:
        writer.join()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not all(os.path.exists(drop.inbox_path) for drop in drops):
        time.sleep(0.5)
    for drop in drops:
        if not os.path.exists(drop.inbox_path):
            folder.report.fault("never taken", f"{drop.name}, written {drop.way}")
        elif sha256_of(drop.inbox_path) != drop.sha256:
            size = os.path.getsize(drop.inbox_path)
            folder.report.fault("half", f"{drop.name}, written {drop.way}: {size} of {drop.size} bytes")
    return drops


def judge_strays(folder, drops):
    known = {drop.name for drop in drops}
    for name in names_of(folder.inbox):
        if name.startswith(("slow-", ".slow-")) and name not in known:
            folder.report.fault("half", f"{name} arrived beside what was written")


def other_user(options, report):
    """A daemon without rights of its own, and a file that only its owner may read."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        skipped("outbox: files of another user", "this needs root and setpriv")
        return
    with InjuryLab(options.binary, options.work) as lab:
        os.chmod(lab.root, 0o755)
        sender, recipient = lab.pair("")
        subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", sender.root], check=True)
        with open(sender.log, "ab") as log:
            sender.process = subprocess.Popen(
                ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", lab.binary, "daemon", "--config",
                 sender.config],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        recipient.start()
        for agency in (sender, recipient):
            agency.wait_ready()
        folder = Folder(lab, (sender, recipient), report)
        folder.write("mine-alone.txt", b"mode 0600")
        path = os.path.join(folder.out, "mine-alone.txt")
        os.chown(path, SOMEBODY, SOMEBODY)
        os.chmod(path, 0o600)
        deadline = time.monotonic() + TOLD_WITHIN
        while time.monotonic() < deadline and not is_told_or_gone(folder):
            time.sleep(0.5)
        if not is_told_or_gone(folder):
            report.fault("silent", f"a file that only its owner may read: no note tells its owner within {TOLD_WITHIN} s")
        if "lease" not in sender.log_tail(100_000).lower() and "settle" not in sender.log_tail(100_000).lower():
            report.fault("silent", "without CAP_LEASE the log does not say that settling alone decides")


def is_told_or_gone(folder):
    return "mine-alone.txt" in names_of(folder.inbox) or folder.is_told("mine-alone.txt", "")[0]


def run(options, report):
    with InjuryLab(options.binary, options.work) as lab:
        dice = random.Random(options.seed)
        pair = lab.pair("")
        folder = Folder(lab, pair, report)
        pair[0].start()
        pair[0].wait_ready()
        wanted = nightly(folder)
        pair[1].start()
        pair[1].wait_ready()
        begun = time.monotonic()
        beside, above = strange_things(folder)
        bad_names(folder)
        scanning = threading.Thread(target=scanner, args=(folder,))
        scanning.start()
        drops = slow_writers(folder, options.count, dice)
        scanning.join()
        time.sleep(max(0, begun + TOLD_WITHIN - time.monotonic()))
        judge_nightly(folder, wanted)
        judge_names(folder, beside, above)
        judge_strays(folder, drops)
        lab.keep = bool(report.found) and options.keep
    other_user(options, report)
    report.line(f"{sum(map(len, wanted.values()))} nightly exports, {len(drops)} files written slowly in "
                f"{len(injury_writers.WAYS)} ways, "
                f"{len(UNFINISHED + NEVER + list(LOCKS)) + len(beside) + len(above)} strange things", KINDS)


def main():
    options = arguments(__doc__, 500, "how many files are written slowly")
    report = Report("outbox", options.seed)
    run(options, report)
    return report.code


if __name__ == "__main__":
    sys.exit(main())
