#!/usr/bin/env python3
"""Power cuts: sender, recipient or both lose their power while files flow; what arrives in the end?

Each agency is on a file system of its own that is shut down without flushing. Right is: nothing arrives that was not
dropped, nothing that was synced or acknowledged is lost, nothing arrives twice; what cannot be known is held, with a note.
"""

import random
import sys
import time

from injury_lab import InjuryLab, Report, arguments, missing, power_cut, skipped, start, start_all
from injury_verdict import Dropper, Verdict, wait_done, wait_settled

KINDS = ("empty", "half", "lost", "doubled", "two rows", "broken notes", "temporary", "stuck", "unsound")


class Campaign:
    def __init__(self, pair, dice):
        self.pair, self.dice = pair, dice
        self.dropper = Dropper(dice)

    def warm_up(self):
        """One file each way: without an injury they arrive."""
        start_all(self.pair)
        drops = [self.dropper.drop(*ways, size=100, way="rename") for ways in (self.pair, self.pair[::-1])]
        if wait_done(drops, 30, self.pair):
            raise RuntimeError("nothing arrives even without an injury")

    def one_cut(self, side):
        """Drops, then a moment, then the cut. The partner is away at one cut of the sender in three: files wait, signed."""
        sender, recipient = self.pair
        victims = {"sender": [sender], "recipient": [recipient], "both": [sender, recipient]}[side]
        is_away = side == "sender" and self.dice.random() < 0.34
        if is_away:
            recipient.kill()
        for _ in range(self.dice.randint(1, 6)):
            self.dropper.drop(sender, recipient, is_synced=self.dice.random() < 0.25)
            time.sleep(self.dice.choice([0, 0, self.dice.uniform(0, 0.3)]))
        soon, later = self.dice.uniform(0, 0.4), self.dice.uniform(0, 1.5)
        time.sleep(1 + later if is_away else self.dice.choice([0, soon, later]))
        power_cut(victims)
        if sender in victims:
            for drop in self.dropper.drops:
                drop.had_cut = True
        for agency in victims + [recipient] * is_away:
            start(agency)


def run(options, kind, report):
    cuts = {"sender": 0, "recipient": 0, "both": 0}
    with InjuryLab(options.binary, options.work) as lab:
        dice = random.Random(f"{options.seed} {kind}")
        campaign = Campaign(lab.disk_pair(kind), dice)
        campaign.warm_up()
        for _ in range(options.count):
            side = options.side or dice.choice(["sender", "sender", "recipient", "both"])
            campaign.one_cut(side)
            cuts[side] += 1
        wait_settled(campaign.pair, campaign.dropper.drops)
        verdict = Verdict(report, campaign.pair, campaign.dropper.drops)
        verdict.judge()
        lab.keep = bool(report.found) and options.keep
    told = ", ".join(f"{count} of {side}" for side, count in cuts.items())
    report.line(
        f"{kind}, cuts: {told}; {len(campaign.dropper.drops)} files, {verdict.held} held, "
        f"{verdict.vanished} gone before anybody had synced them", KINDS)


def main():
    options = arguments(__doc__, 200, "power cuts, half on ext4 and half on xfs",
                        side=("", "only `sender`, `recipient` or `both`"))
    if why := missing(["root", "loop", "compiler"]):
        skipped("power", why)
        return 0
    report, total = Report("power", options.seed), options.count
    for kind, share in (("ext4", total - total // 2), ("xfs", total // 2)):
        options.count = share
        if why := missing([kind]):
            skipped(f"power on {kind}", why)
        elif share:
            run(options, kind, report)
    return report.code


if __name__ == "__main__":
    sys.exit(main())
