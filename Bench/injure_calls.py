#!/usr/bin/env python3
"""Single faults: one file call of a daemon fails once while 20 files flow; then the next.

Right is: all 20 arrive whole and once within little more than a minute. What does not is named in `waybill status`, or
held with a note, as a file is that the disk would not keep. A daemon that ends does so with code 3 and goes on well when
it is started again. `--count` faults are chosen by chance from all calls that 20 files make. With --each every one of
these calls fails once, with its errors in turn (two hours, or four --shard side by side); with --every, once with every
error that it can have.
"""

import random
import sys
import time

from injury_lab import InjuryLab, Report, arguments, missing, skipped, start, start_all
from injury_shim import ERRORS, KINDS
from injury_verdict import MINUTE, Dropper, Verdict, is_held, wait_done, wait_settled

FAULTS = ("lost", "doubled", "half", "stuck", "died", "does not start", "unsound")
FILES, PATIENCE = 20, MINUTE
STOPPED_BY_TROUBLE = 3


class Campaign:
    def __init__(self, lab, report, dice):
        self.report, self.dice = report, dice
        roots = {one: f"{lab.root}/{one[0]}/w" for one in ("hartlepool", "cleveland-police")}
        self.pair = lab.rooted_pair(roots, {})
        self.dropper = Dropper(dice)
        self.fired = self.restarts = self.told = 0
        start_all(self.pair)
        self.seen = {}

    def flow(self):
        """Twenty files: as a rule small, two of several parts. None is empty: such are held."""
        sizes = [1, 2] + [self.dice.randint(100, 60_000) for _ in range(FILES - 4)] + [1_500_000, 3_000_000]
        return [self.dropper.drop(*self.pair, size=size, way=self.dice.choice(["cp", "rename", "cp -p"])) for size in sizes]

    def calibrate(self):
        """How many calls of each kind 20 files make at each side."""
        for agency in self.pair:
            agency.orders.count(KINDS)
        if left := wait_done(self.flow(), 60, self.pair):
            raise RuntimeError(f"{len(left)} files do not arrive even without an injury")
        self.seen = {agency.id: {kind: agency.orders.seen(kind) for kind in KINDS} for agency in self.pair}

    def plan(self, options):
        """(agency, kind, error, number of the call)."""
        if not options.each:
            return self.chosen(options.count, options.every)
        calls = [(agency, kind, number) for agency in self.pair for kind in KINDS
                 for number in range(self.seen[agency.id][kind])]
        part, parts = (int(word) for word in options.shard.split("/"))
        return [(agency, kind, ERRORS[kind][number % len(ERRORS[kind])], number)
                for agency, kind, number in calls[part - 1::parts]]

    def chosen(self, count, is_every):
        """Each kind in turn, so that the many calls do not hide the few."""
        kinds = [(agency, kind, error) for agency in self.pair for kind in KINDS if self.seen[agency.id][kind]
                 for error in ERRORS[kind]]
        if is_every:
            return [(*one, number) for one in kinds for number in range(self.seen[one[0].id][one[1]])]
        self.dice.shuffle(kinds)
        chosen = (kinds * (count // len(kinds) + 1))[:count]
        return [(agency, kind, error, self.dice.randrange(self.seen[agency.id][kind])) for agency, kind, error in chosen]

    def one(self, agency, kind, error, number):
        if self.dice.random() < 0.2:
            # Calls of a start, too; it may end over it, and must start the next time.
            agency.stop()
            number %= 40
            agency.orders.arm([kind], error, number)
            agency.start(agency.orders.environment())
        else:
            agency.orders.arm([kind], error, number)
        drops = self.flow()
        deadline = time.monotonic() + PATIENCE
        left = wait_done(drops, PATIENCE, self.pair)
        what = f"{error} of {agency.orders.where or kind} at {agency.id}"
        while self.went_on(agency, what) and left and time.monotonic() < deadline:
            left = wait_done(drops, deadline - time.monotonic(), self.pair)
        agency.orders.rest()
        self.fired += agency.orders.has_fired
        if left:
            self.stuck(left, what)
        self.look_for_left(what)

    def went_on(self, agency, what):
        """Starts a daemon again that has ended; whether all is as it should be."""
        code = agency.process.poll()
        if code is None:
            return not all_done(self.dropper.drops[-FILES:])
        if code != STOPPED_BY_TROUBLE:
            self.report.fault("died", f"{what}: ended with {code}: {agency.log_tail(2).strip()}")
        self.restarts += 1
        agency.orders.rest()
        start(agency)
        return True

    def stuck(self, left, what):
        held = [drop for drop in left if is_held(drop)]
        self.told += len(held)
        if left := [drop for drop in left if drop not in held]:
            self.silent(left, what)

    def silent(self, left, what):
        said = "".join(agency.command("status", *more, check=False).stdout for agency in self.pair
                       for more in ([], ["--json"]))
        if silent := [drop.name for drop in left if drop.name not in said]:
            self.report.fault("stuck", f"{what}: {len(silent)} files wait, not named in status, such as {silent[0]}")
        self.told += len(left) - len(silent)
        # What waits for a restart is not to spoil what comes next.
        for agency in self.pair:
            agency.stop()
        start_all(self.pair)
        if never := wait_done(left, PATIENCE, self.pair):
            self.report.fault("lost", f"{what}: {len(never)} do not arrive even after a restart, such as {never[0].name}")
            self.dropper.drops = [drop for drop in self.dropper.drops if drop not in never]

    def look_for_left(self, what):
        """work/ and the promises empty themselves once all is delivered."""
        deadline = time.monotonic() + PATIENCE
        while any(one.leftovers() for one in self.pair) and time.monotonic() < deadline:
            time.sleep(0.1)
        for one in self.pair:
            if left := one.leftovers():
                self.report.fault("stuck", f"{what}: left over at {one.id}: {left[0]} and {len(left) - 1} more")
                for agency in self.pair:
                    agency.stop()
                return start_all(self.pair)
        return None


def all_done(drops):
    return not wait_done(drops, 0.01)


def run(options, report):
    with InjuryLab(options.binary, options.work) as lab:
        campaign = Campaign(lab, report, random.Random(options.seed))
        campaign.calibrate()
        plan = [fault for fault in campaign.plan(options) if options.kind in ("", fault[1])]
        for fault in plan:
            campaign.one(*fault)
        wait_settled(campaign.pair, campaign.dropper.drops)
        Verdict(report, campaign.pair, campaign.dropper.drops).judge()
        lab.keep = bool(report.found) and options.keep
    report.line(
        f"{campaign.fired} of {len(plan)} planned calls failed once, {campaign.restarts} restarts, "
        f"{campaign.told} files waited and were named, {len(campaign.dropper.drops)} files", FAULTS)


def main():
    options = arguments(
        __doc__, 300, "how many faults", every=(False, "every call with every error"),
        each=(False, "every call once"), shard=("1/1", "with --each: only the first of four parts is 1/4"),
        kind=("", f"only one of: {' '.join(KINDS)}"))
    if why := missing(["compiler"]):
        skipped("calls", why)
        return 0
    report = Report("calls", options.seed)
    run(options, report)
    return report.code


if __name__ == "__main__":
    sys.exit(main())
