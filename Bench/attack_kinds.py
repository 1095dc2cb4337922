"""The attacks of attack_resources.py: what each lays, keeps alive and leaves."""

import os
import threading
import time

from attack_lab import GREATEST_PART, HOST, sequence_of

ATTACKER, VICTIM, BYSTANDER = "cleveland-police", "hartlepool", "stockton"


class Attack:
    named = ["budget/" + ATTACKER]
    lets_urgent_in = True

    def __init__(self, scene, count):
        self.scene, self.count, self.most, self.first = scene, count, 0.0, scene.resident()
        self.lines = []

    def go_on(self):
        """What keeps it alive."""

    def end(self):
        for line in self.lines:
            line.close()

    def keep(self, make):
        """One line more; false if there is none to be had."""
        try:
            self.lines.append(make())
            return True
        except OSError:
            return False

    def each(self, what):
        """So many at a time in a few threads."""
        numbers = iter(range(self.count))
        lock = threading.Lock()

        def work():
            while True:
                with lock:
                    number = next(numbers, None)
                if number is None:
                    return
                what(number)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            self.scene.judge_memory(self)
            time.sleep(0.05)


class Memory(Attack):
    """Parts of 16 MiB, each left 64 bytes short."""

    words = "parts that are never whole"
    named = ["budget/" + ATTACKER, "in memory"]

    def lay(self):
        self.each(self.one)

    def one(self, _number):
        consignment, message = self.scene.attacker.waybill(4 * GREATEST_PART, GREATEST_PART)
        length = GREATEST_PART + 400
        part = sequence_of(length) + bytes(length - 6 - 64)

        def make():
            line = self.scene.line(self.scene.attacker, 5)
            self.lines.append(line)
            line.put(consignment, message, announced=5 * GREATEST_PART)
            # Whoever is not read from is stuck here, as it should be.
            for at in range(0, len(part), 1 << 16):
                line.send(part[at:at + (1 << 16)])
            return line

        try:
            make()
        except OSError:
            pass


class Idle(Attack):
    """Connections that say nothing, without any certificate."""

    words = "connections without a certificate"
    named = ["budget/connections", HOST]

    def lay(self):
        for _ in range(self.count):
            self.keep(self.scene.line)


class Heads(Attack):
    """Connections of a partner on which the head of a request never ends."""

    words = "heads that never end"
    lets_urgent_in = False

    def lay(self):
        self.each(lambda _number: self.keep(self.make))

    def make(self):
        line = self.scene.line(self.scene.attacker, 5)
        line.send(b"GET /v1/card HTTP/1.1\r\nHost: x\r\nX: ")
        return line

    def go_on(self):
        for line in self.lines:
            try:
                line.send(b"a")
            except OSError:
                line.close()


class Broken(Attack):
    """Large files that are announced and broken off."""

    words = "files that are broken off"

    def lay(self):
        disk = os.statvfs(self.scene.victim.root)
        free = disk.f_bavail * disk.f_frsize
        self.before = free
        for _ in range(self.count):
            # Altogether more than there is.
            consignment, message = self.scene.attacker.waybill(free // 3, 1 << 16)
            line = self.scene.line(self.scene.attacker)
            line.put(consignment, message + sequence_of((1 << 16) + 400), announced=free)
            time.sleep(0.2)
            line.close()
        time.sleep(1)

    def end(self):
        disk = os.statvfs(self.scene.victim.root)
        if self.before - disk.f_bavail * disk.f_frsize > 1 << 30:
            self.scene.report.fault("left behind", f"{self.words}: a GiB of the disk and more is still taken")

    named = []


class Routes(Attack):
    """Each file on a route of its own making."""

    words = "routes that nobody knows"
    named = []

    def lay(self):
        line = self.scene.line(self.scene.attacker)
        self.lines.append(line)
        before = self.descriptors()
        for number in range(self.count):
            consignment, message = self.scene.attacker.waybill(route=f"made-up-{number}")
            line.put(consignment, message)
            if (status := line.status()) not in (201, 503):
                self.scene.report.fault("shut out", f"{self.words}: {status}")
                return
        folders = os.listdir(os.path.join(self.scene.victim.root, "inbox", ATTACKER))
        if len([one for one in folders if one.startswith("made-up")]) > 0 or self.descriptors() > before + 20:
            self.scene.report.fault("left behind", f"{self.words}: {len(folders)} folders, {self.descriptors()} descriptors")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.scene.victim.process.pid}/fd"))


class Ledger(Attack):
    """Empty files whose waybills are as long as they may be."""

    words = "long waybills"
    named = []

    def lay(self):
        line = self.scene.line(self.scene.attacker)
        self.lines.append(line)
        before = self.bytes()
        for _ in range(self.count):
            consignment, message = self.scene.attacker.waybill(texts={"necessity": "x" * 12_000})
            line.put(consignment, message)
            if line.status() is None:
                line = self.scene.line(self.scene.attacker)
        grown = (self.bytes() - before) >> 20
        if grown > 2 + self.count * 64 // 1024:
            self.scene.report.fault("left behind", f"{self.words}: {self.count} files added {grown} MiB to the ledger")

    def bytes(self):
        path = os.path.join(self.scene.victim.root, "ledger.sqlite")
        return sum(os.path.getsize(path + end) for end in ("", "-wal") if os.path.exists(path + end))
