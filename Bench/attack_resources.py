#!/usr/bin/env python3
"""One that takes all it can get: memory, connections, the disk, folders, the ledger. Others are served meanwhile.

An attacker has valid keys of a partner, or none at all. During each attack a bystander brings files over new connections,
and the attacked agency also gets an urgent one from the attacker's own agency. Right is: every one of these has its receipt
within --within seconds, the daemon stays below --mebibytes, `status` names who it is, and the ledger is sound at the end.
"""

import os
import sys
import time

from attack_kinds import ATTACKER, BYSTANDER, VICTIM, Broken, Heads, Idle, Ledger, Memory, Routes
from attack_lab import Forger, Line
from injury_lab import InjuryLab, Report, arguments, skipped
from waybill_lab import ROUTE

KINDS = ("late", "shut out", "memory", "nameless", "left behind", "unsound", "died")
SETTINGS = "settle: 200ms\nscan-interval: 300ms\nlog-level: notice\ndisk-reserve: 1MiB\n"


class Scene:
    def __init__(self, lab, options, report):
        self.lab, self.options, self.report = lab, options, report
        self.victim, attacker, bystander = (lab.found(one, SETTINGS) for one in (VICTIM, ATTACKER, BYSTANDER))
        for partner in (attacker, bystander):
            self.victim.introduce(partner)
            partner.introduce(self.victim)
        for agency in (self.victim, attacker, bystander):
            agency.start()
            agency.wait_ready()
        self.attacker, self.bystander = (self.armed(one) for one in (attacker, bystander))
        self.worst, self.served = 0.0, 0

    def armed(self, agency):
        """Delivers one file honestly, and learns from it how a waybill looks."""
        folder = agency.outbox(self.victim)
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "model.txt"), "w", encoding="ascii") as file:
            file.write("a model")
        deadline = time.monotonic() + 60
        while not any(row["state"] == "delivered" for row in agency.ledger()):
            if time.monotonic() > deadline:
                raise RuntimeError(f"nothing is delivered even in peace\n{agency.log_tail()}")
            time.sleep(0.2)
        forger = Forger.learn(agency, self.victim, self.lab.root)
        agency.stop()
        return forger

    def line(self, forger=None, patience=20):
        return Line(self.victim.port, forger.sender if forger else None, patience)

    # The bystander

    def serve(self, who, words, route=ROUTE):
        """Brings one empty file over a new connection; how long that took counts."""
        consignment, message = who.waybill(route=route)
        begun, status = time.monotonic(), None
        try:
            line = self.line(who, self.options.patience)
            line.put(consignment, message)
            status = line.status()
            line.close()
        except OSError as error:
            status = error
        took = time.monotonic() - begun
        self.served, self.worst = self.served + 1, max(self.worst, took)
        if status != 201:
            self.report.fault("shut out", f"{words}: {who.sender.id} on {route}: {status} after {took:.1f} s")
        elif took > self.options.within:
            self.report.fault("late", f"{words}: {who.sender.id} on {route}: {took:.2f} s")

    def watch(self, attack, seconds):
        """Serves others while the attack lasts."""
        end = time.monotonic() + seconds
        while True:
            self.serve(self.bystander, attack.words)
            if attack.lets_urgent_in:
                self.serve(self.attacker, attack.words, "urgent")
            self.judge_memory(attack)
            if time.monotonic() > end:
                return
            attack.go_on()
            time.sleep(0.3)

    # The verdict

    def resident(self):
        with open(f"/proc/{self.victim.process.pid}/status", encoding="ascii") as file:
            line = next(line for line in file if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024

    def judge_memory(self, attack):
        attack.most = max(attack.most, self.resident())

    def judge(self, attack):
        most = self.options.mebibytes
        if most and attack.most > most:
            self.report.fault("memory", f"{attack.words}: {attack.most:.0f} MiB resident")
        status = self.victim.command("status", check=False).stdout
        wanted = [one for one in attack.named if one not in status]
        if wanted:
            self.report.fault("nameless", f"{attack.words}: status does not say {wanted}")

    def judge_ledger(self):
        checked = self.victim.command("ledger", "check", check=False)
        if checked.returncode:
            self.report.fault("unsound", checked.stdout + checked.stderr)


ATTACKS = [(Memory, 64), (Idle, 4000), (Heads, 1200), (Broken, 12), (Routes, 2000), (Ledger, 300)]


def run(options, report):
    with InjuryLab(options.binary, options.work) as lab:
        scene = Scene(lab, options, report)
        for kind, usual in ATTACKS:
            if options.only not in kind.words:
                continue
            attack = kind(scene, max(4, usual * options.count // 100))
            try:
                attack.lay()
                scene.watch(attack, options.seconds)
                scene.judge(attack)
                attack.end()
            except RuntimeError as error:
                report.fault("died", f"{attack.words}: {error}")
            if scene.victim.process.poll() is not None:
                report.fault("died", f"{attack.words}: the daemon ended\n{scene.victim.log_tail()}")
                break
            report.line(
                f"{attack.count} {attack.words}: {scene.served} others served, the slowest after {scene.worst:.2f} s; at most "
                f"{attack.most:.0f} MiB resident, {attack.first:.0f} before", KINDS)
            scene.worst, scene.served = 0.0, 0
        scene.judge_ledger()
        lab.keep = bool(report.found) and options.keep
    report.line("the ledger afterwards", ("unsound",))


def main():
    options = arguments(
        __doc__, 100, "percent of each attack's usual number", within=(1.0, "seconds in which others are served"),
        mebibytes=(128, "most resident memory; 0: not judged"), seconds=(10, "how long each attack lasts"),
        patience=(30, "seconds after which whoever is not served is shut out"), only=("", "only attacks with this word"))
    if os.system("openssl version >/dev/null 2>&1"):
        skipped("resources", "there is no openssl here")
        return 0
    report = Report("resources", options.seed)
    run(options, report)
    return report.code


if __name__ == "__main__":
    sys.exit(main())
