#!/usr/bin/env python3
"""Failing syncs: each sync of each place fails once, what it should have kept is lost at the next power cut.

A sync that failed is never believed later: what depends on it is told to nobody, or made anew. The inbox and sent/ are
on file systems of their own, so that no other sync saves them by chance.
"""

import os
import random
import sys

from injury_lab import InjuryLab, Report, arguments, missing, power_cut, skipped, start, start_all
from injury_verdict import Dropper, Verdict, wait_done, wait_settled

KINDS = ("empty", "half", "lost", "doubled", "broken notes", "stuck", "unsound", "rolled back", "believed", "died",
         "does not start")
# Which side, what to call it, and where; a dollar is the end of the path.
PLACES = [
    ("sender", "work/", "/work/"), ("recipient", "staging", "/.staging"), ("recipient", "the inbox", "/strategy-meeting"),
    ("recipient", "side-cars", "/.waybills"), ("recipient", "the ledger", "/ledger.sqlite"),
    ("sender", "the ledger", "/ledger.sqlite"), ("sender", "the ledger's folder", "/w$"),
    ("recipient", "the ledger's folder", "/w$"), ("sender", "sent/", "/sent/"), ("sender", "held/", "/held/"),
    ("sender", "the outbox", "/outbox/")]
STOPPED_FOR_ITS_LEDGER = 3


class Campaign:
    def __init__(self, lab, report, dice):
        self.report, self.dice = report, dice
        lab.is_patient = True
        self.pair = lab.disk_pair("ext4")
        lab.own_disk(self.pair[0], "sent")
        lab.own_disk(self.pair[1], "inbox")
        self.dropper = Dropper(dice)
        start_all(self.pair)
        for agency in self.pair:
            agency.orders.set("loses", 1)
        self.drop(2)

    def drop(self, count, patience=15):
        """Drops files, one of which has a side-car that holds it, and waits for the others."""
        for _ in range(count):
            size, way = self.dice.choice([0, 900, 5000, 400_000]), self.dice.choice(["cp", "rename"])
            self.dropper.drop(*self.pair, size=size, way=way)
        wait_done(self.dropper.drops, patience, self.pair)

    def drop_held(self):
        sender, recipient = self.pair
        name = f"x{self.dropper.number}.txt"
        for end, text in ((".label.yaml", "nonsense: [\n"), ("", "held")):
            with open(os.path.join(sender.outbox(recipient), name + end), "w", encoding="ascii") as file:
                file.write(text)

    def one(self, side, place, number):
        """The sync `number` of this place fails; work goes on; the power goes. False if there was no such sync."""
        victim = self.pair[0 if side == "sender" else 1]
        victim.orders.arm(["sync"], "EIO", number, place)
        self.drop_held()
        # One after another at the recipient, so that the next file's sync does not save what this one's did not.
        for count in [4] if side == "sender" else [1] * 4:
            self.drop(count, patience=6)
        victim.orders.rest()
        # Folders of the sender are claimed anew after a failure, which syncs them again: no harm, the file is whole.
        if side == "recipient" and (believed := victim.orders.get("believed")):
            self.report.fault(
                "believed", f"{victim.orders.where}: synced again with nothing written between, {believed} times")
        victim.orders.set("believed", 0)
        if not victim.orders.has_fired:
            return False
        self.go_on(victim)
        if number % 2 == 0:
            # Else the power goes before another sync can save by chance what this one did not.
            self.drop(2, patience=6)
            self.go_on(victim)
        power_cut([victim])
        for drop in self.dropper.drops if side == "sender" else ():
            drop.had_cut = True
        start(victim)
        return True

    def go_on(self, victim):
        """A daemon may end itself over a ledger that it cannot trust, and is started again then as systemd would."""
        code = victim.process.poll()
        if code is None:
            return
        if code != STOPPED_FOR_ITS_LEDGER:
            self.report.fault("died", f"the daemon of {victim.id} ended with {code}: {victim.log_tail(2).strip()}")
        start(victim)


def run(options, side, words, place, report):
    """One place, in an installation of its own: what is broken there spoils no other finding."""
    number, failed, refused = 0, 0, ""
    with InjuryLab(options.binary, options.work) as lab:
        campaign = Campaign(lab, report, random.Random(f"{options.seed} {side} {words}"))
        try:
            while number < options.count and campaign.one(side, place, number):
                number += 1
            wait_settled(campaign.pair, campaign.dropper.drops)
            for agency in campaign.pair:
                campaign.go_on(agency)
        except RuntimeError as error:
            refused = str(error)
            report.fault("does not start", refused)
        if not refused:
            Verdict(report, campaign.pair, campaign.dropper.drops).judge()
        failed = len(campaign.dropper.drops)
        lab.keep = bool(report.found) and options.keep
    report.line(f"{words} of the {side}: {number} syncs failed and the power went, {failed} files", KINDS)


def main():
    options = arguments(__doc__, 1000, "at most so many syncs of each place", only=("", "only places with this word"))
    if why := missing(["root", "loop", "ext4", "compiler"]):
        skipped("syncs", why)
        return 0
    report = Report("syncs", options.seed)
    for side, words, place in PLACES:
        if options.only in f"{words} of the {side}":
            run(options, side, words, place, report)
    return report.code


if __name__ == "__main__":
    sys.exit(main())
