#!/usr/bin/env python3
"""Wrong clocks: the wall clock of one side, or of both, is hours to years off, from the start or under way.

Right is: nothing is deleted by a wrong clock; what does not go meanwhile is said to be a matter of the clock; and once
the clock is right again everything is delivered, or held with words that name the clock, within two minutes.
"""

import os
import random
import struct
import sys
import time

import injury_shim
from injury_lab import SETTINGS, InjuryLab, Report, arguments, missing, skipped
from injury_verdict import Dropper, Verdict, files_below, wait_done

KINDS = ("purged", "stays", "wrong words", "lost", "doubled", "stuck", "died", "unsound")
HOUR, DAY = 3600, 86_400
YEAR = 366 * DAY
SHIFTS = {"an hour": HOUR, "two days": 2 * DAY, "40 days": 40 * DAY, "a year": YEAR, "three years": 3 * YEAR,
          "20 years": 20 * YEAR}


class Clock:
    """One daemon's wall clock."""

    def __init__(self, lab, library, agency):
        self.file = os.path.join(lab.root, agency.id + ".clock")
        self.environment = {"LD_PRELOAD": library, "CLOCK_ORDERS": self.file}
        with open(self.file, "wb") as file:
            file.write(bytes(8))

    def move(self, seconds):
        with open(self.file, "r+b") as file:
            file.write(struct.pack("<q", seconds))


class Case:
    def __init__(self, lab, dice):
        self.pair = lab.pair(SETTINGS)
        library = injury_shim.build("clock_shim.c", os.path.join(lab.root, "clock.so"))
        for agency in self.pair:
            agency.clock = Clock(lab, library, agency)
            agency.aside = os.path.join(lab.root, "aside-" + agency.id[0])
            os.makedirs(agency.aside)
        self.dropper = Dropper(dice)

    def restart(self, agencies):
        for agency in agencies:
            agency.stop()
        for agency in agencies:
            agency.start(agency.clock.environment)
        for agency in agencies:
            agency.wait_ready()

    def drop(self, count):
        return [self.dropper.drop(*self.pair, size=500) for _ in range(count)]

    def kept(self):
        """What nobody may delete."""
        return {path for agency in self.pair for folder in ("sent", "held", "inbox") for path in agency.files(folder)
                if "/.staging/" not in path and not path.endswith(".waiting.txt")}

    def hold(self):
        sender, recipient = self.pair
        for end, text in ((".label.yaml", "nonsense: [\n"), ("", "held")):
            with open(os.path.join(sender.outbox(recipient), "strange.txt" + end), "w", encoding="ascii") as file:
                file.write(text)

    def words(self):
        """All that is said to people now."""
        files = [path for agency in self.pair for folder in ("sent", "held", "outbox") for path in agency.files(folder)]
        texts = [agency.command("status", check=False).stdout for agency in self.pair]
        for path in [path for path in files if path.endswith(".txt")]:
            try:
                with open(path, encoding="utf-8", errors="replace") as file:
                    texts.append(file.read())
            except FileNotFoundError:
                pass
        return "\n".join(texts)


def held_for_clock(drop):
    """Whether it is held, and the note beside it says that it is a matter of the clock."""
    for path in files_below(os.path.join(drop.sender.root, "held")):
        if os.path.basename(path).startswith(drop.name + ".") and path.endswith(".txt"):
            with open(path, encoding="utf-8") as file:
                return "clock" in file.read().lower()
    return False


def silent_about(case, left):
    """Those that neither went nor made anybody read of a clock, after two thirds of a minute."""
    deadline = time.monotonic() + 40
    while (left := wait_done(left, 2, case.pair)) and time.monotonic() < deadline:
        if "clock" in case.words().lower():
            return []
    return left


def one(options, report, dice, side, words, shift, is_at_start):
    what = f"{side} {words} {'ahead' if shift > 0 else 'behind'} {'at the start' if is_at_start else 'under way'}"
    with InjuryLab(options.binary, options.work) as lab:
        case = Case(lab, dice)
        victims = {"sender": case.pair[:1], "recipient": case.pair[1:], "both": case.pair}[side]
        case.restart(case.pair)
        case.hold()
        first = case.drop(2)
        if wait_done(first, 30, case.pair):
            raise RuntimeError("nothing arrives even with right clocks")
        time.sleep(1.5)
        kept = case.kept()
        for agency in victims:
            agency.clock.move(shift)
        try:
            if is_at_start:
                case.restart(victims)
            if left := silent_about(case, case.drop(3)):
                report.fault("wrong words", f"{what}: {len(left)} files wait, and nothing that people read says clock")
            judge_right_again(case, victims, what, options.patience, report)
        except RuntimeError as error:
            report.fault("died", f"{what}: {error}")
            return
        if gone := {path for path in kept if not os.path.exists(path)}:
            report.fault("purged", f"{what}: {len(gone)} of {len(kept)} files are gone, such as {sorted(gone)[0]}")
        if not (gone or options.keep and report.found):
            verdict = Verdict(report, case.pair, case.dropper.drops)
            verdict.may_be_untimely = True
            verdict.judge()
            report.untimely += verdict.untimely
        lab.keep = bool(report.found) and options.keep


def judge_right_again(case, victims, what, patience, report):
    for agency in victims:
        agency.clock.move(0)
    if case.dropper.dice.random() < 0.5:
        case.restart(victims)
        what += ", restarted with the right one"
    case.drop(1)
    deadline = time.monotonic() + patience
    # Those of before were delivered; whether their files are still there is another question.
    left = case.dropper.drops[2:]
    while left and time.monotonic() < deadline:
        left = [drop for drop in wait_done(left, 2, case.pair) if not held_for_clock(drop)]
    if left:
        said = case.words()[:500]
        report.fault("stays", f"{what}: {len(left)} neither delivered nor held for their clock, {patience} s on: {said!r}")
        case.dropper.drops = [drop for drop in case.dropper.drops if drop not in left]


def plan(count, dice):
    """All sides, directions and shifts; the forty days of faults that were found first."""
    cases = [(side, words, sign * shift, is_at_start) for words, shift in SHIFTS.items() for sign in (1, -1)
             for side in ("sender", "recipient", "both") for is_at_start in (True, False)]
    dice.shuffle(cases)
    first = [("sender", "40 days", 40 * DAY, False), ("sender", "a year", YEAR, True),
             ("sender", "three years", -3 * YEAR, True)]
    return (first + [case for case in cases if case not in first])[:count]


def main():
    options = arguments(
        __doc__, 72, "how many of the 72 cases", patience=(120, "seconds until all is well with the right clock"))
    if why := missing(["compiler"]):
        skipped("clocks", why)
        return 0
    report, dice = Report("clocks", options.seed), random.Random(options.seed)
    report.untimely, cases = 0, plan(options.count, dice)
    for case in cases:
        one(options, report, dice, *case)
    report.line(f"{len(cases)} wrong clocks, {report.untimely} statements signed outside their certificates' time", KINDS)
    return report.code


if __name__ == "__main__":
    sys.exit(main())
