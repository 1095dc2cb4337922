#!/usr/bin/env python3
"""Urgent files: what is laid in their way, how long they take, and what is said when the partner is away.

Behind each load an urgent file has its receipt within --within seconds, and SIGTERM ends both daemons within 10 s in the
middle of it. Partner away: attempts and log lines are counted, and the note and the alarm say whom to telephone.
"""

import os
import random
import socket
import sys
import threading
import time

import bench_urgent
from injury_lab import InjuryLab, Report, arguments
from injury_verdict import names_of

STOP_WITHIN, PATIENCE = 10, 60
FIRST_MINUTE_ATTEMPTS, FIRST_MINUTE_LINES, LATER_PAUSE = 20, 3, 15


def behind(options, load_kind, report):
    """One load, one urgent file, one SIGTERM."""
    with InjuryLab(options.binary, options.work) as lab:
        pair = lab.pair("")
        load = load_kind(pair, options)
        try:
            load.prepare()
        except OSError as error:
            print(f"SKIPPED urgent behind {load.words}: {error}: NOTHING WAS TRIED.", flush=True)
            return
        for agency in pair:
            agency.start()
        for agency in pair:
            agency.wait_ready()
        time.sleep(1)
        load.lay()
        time.sleep(0.5)
        took = bench_urgent.seconds_to_receipt(*pair, PATIENCE)
        if took is None or took > options.within:
            report.fault("late", f"behind {load.words}: {f'{took:.2f} s' if took else f'not within {PATIENCE} s'}")
        stops = [stop_seconds(agency, load.words, report) for agency in pair]
        load.clear()
    told = "never" if took is None else f"{took:.2f} s"
    report.line(f"behind {load.words}: receipt after {told}; SIGTERM took {max(stops):.1f} s", ("late", "deaf"))


def stop_seconds(agency, words, report):
    begun = time.monotonic()
    code = agency.stop(patience=STOP_WITHIN + 5)
    seconds = time.monotonic() - begun
    if seconds > STOP_WITHIN or code != 0:
        report.fault("deaf", f"{agency.id}, behind {words}: SIGTERM took {seconds:.1f} s, exit {code}")
    return seconds


class Silence:
    """Stands at the partner's port, counts who knocks and answers nobody."""

    def __init__(self, port):
        self.times = []
        self.listener = socket.create_server(("127.0.0.1", port), backlog=512)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            self.times.append(time.monotonic())
            line.close()

    def between(self, begin, end):
        return sum(begin <= at < end for at in self.times)


def away(options, report):
    """Nobody answers at the partner's address."""
    with InjuryLab(options.binary, options.work) as lab:
        sender, recipient = lab.pair("")
        if not bench_urgent.with_contacts(sender, recipient.id):
            report.fault("no telephone", "the settings know no contacts of a partner")
        silence = Silence(recipient.port)
        sender.start()
        sender.wait_ready()
        time.sleep(3)
        lines_before = len(sender.log_tail(1_000_000).splitlines())
        name, begun = bench_urgent.urgent(sender, recipient)
        time.sleep(max(0, begun + 60 - time.monotonic()))
        attempts, lines = silence.between(begun, begun + 60), len(sender.log_tail(1_000_000).splitlines()) - lines_before
        if attempts > FIRST_MINUTE_ATTEMPTS:
            report.fault("spins", f"{attempts} attempts in the first minute")
        if lines > FIRST_MINUTE_LINES:
            report.fault("spins", f"{lines} log lines in the first minute")
        judge_words(sender, name, report)
        later = options.later
        time.sleep(later)
        calls, most = silence.between(begun + 60, begun + 60 + later), later // LATER_PAUSE * 2 + 1
        if not later // LATER_PAUSE // 2 <= calls <= most:
            kind = "spins" if calls > most else "gives up"
            report.fault(kind, f"{calls} attempts in the {later} s after the first minute")
        silence.listener.close()
        recipient.start()
        recipient.wait_ready()
        came, path = time.monotonic(), os.path.join(recipient.root, "inbox", sender.id, "urgent", name)
        while not os.path.exists(path) and time.monotonic() - came < 2 * LATER_PAUSE:
            time.sleep(0.05)
        if not os.path.exists(path):
            report.fault("late", "not delivered within 30 s after the partner came back")
        stop_seconds(sender, "a partner who was away", report)
    report.line(
        f"partner away: {attempts} attempts and {lines} log lines in the first minute, {calls} attempts in the next "
        f"{later} s; delivered {time.monotonic() - came:.1f} s after the partner came back", ("spins", "no telephone"))


def judge_words(sender, name, report):
    """After a minute the note and the alarm tell a person to telephone, and whom."""
    notes = names_of(os.path.join(sender.root, "sent")) | names_of(os.path.join(sender.root, "outbox"))
    texts = []
    for path in [path for note, path in notes.items() if note.startswith(name + ".") and note.endswith(".txt")]:
        with open(path, encoding="utf-8") as file:
            texts.append(file.read())
    status = sender.command("status", check=False).stdout
    for where, text in (("the note", "\n".join(texts)), ("status", status)):
        if bench_urgent.NUMBER not in text:
            report.fault("no telephone", f"{where} does not say whom to telephone: {text.strip()[:200]!r}")
    if "urgent" not in status.lower():
        report.fault("no telephone", "status says nothing of an urgent file")


def main():
    options = arguments(
        __doc__, 1, "how often all is tried", within=(1.0, "seconds to the receipt"),
        mebibytes=(1024, "size of a large file"), small=(10_000, "how many small files"), later=(45, "seconds to watch after the first minute"),
        only=("", "only loads with this word; `away` is the partner that does not answer"))
    random.seed(options.seed)
    report = Report("urgent", options.seed)
    for _ in range(options.count):
        for load in bench_urgent.LOADS:
            if options.only in load.words:
                behind(options, load, report)
        if options.only in "partner away":
            away(options, report)
    return report.code


if __name__ == "__main__":
    sys.exit(main())
