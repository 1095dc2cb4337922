"""The workloads of the bench, on a running pair of agencies.

Time runs from the first rename into the outbox to the last receipt beside its file in sent/: the daemon lays it there
after the receipt verified and its entry is committed. Digests are compared outside the timed span.
"""

import os
import time

from waybill_lab import files_below, sha256_of, write_random, write_text
from waybill_watch import Watch

clock = time.perf_counter
RECEIPT = ".receipt.txt"


class Batch:
    """Files made beforehand, aside, on the same disk as the outbox."""

    def __init__(self, lab, name, count, size):
        self.name, self.size = name, size
        self.folder = os.path.join(lab.root, "batch-" + name)
        os.mkdir(self.folder)
        self.digests = {}
        for number in range(count):
            file = f"{name}-{number:05}.bin"
            self.digests[file] = write_random(os.path.join(self.folder, file), size)

    @classmethod
    def text(cls, lab, name, size):
        """One file of case notes."""
        batch = cls(lab, name, 0, size)
        batch.digests[name + ".txt"] = write_text(os.path.join(batch.folder, name + ".txt"), size)
        return batch

    def drop(self, file, outbox):
        os.rename(os.path.join(self.folder, file), os.path.join(outbox, file))


def quiet():
    """Dirty pages of what was made before must not be written on our time."""
    os.sync()
    time.sleep(0.3)


def receipts_after(watch, missing, patience, pause):
    """Waits until every name of `missing` has its receipt. Reads inotify's queue every `pause` seconds: 20 ms do not
    disturb, and the error is below 1 % of the shortest throughput run. Returns the time of the last."""
    deadline = clock() + patience
    while missing:
        if clock() > deadline:
            raise RuntimeError(f"no progress for {patience} s, {len(missing)} receipts are missing")
        found = [name[:-len(RECEIPT)] for _, name in watch.read() if name.endswith(RECEIPT)]
        if found:
            missing.difference_update(found)
            deadline = clock() + patience
        if missing:
            time.sleep(pause)
    return clock()


def throughput(batch, sender, recipient, patience):
    """Seconds from the first rename to the last receipt."""
    watch = Watch(sender.sent(recipient))
    outbox, missing = sender.outbox(recipient), set(batch.digests)
    quiet()
    cpu = sender.cpu_seconds(), recipient.cpu_seconds()
    begun = clock()
    for file in batch.digests:
        batch.drop(file, outbox)
    ended = receipts_after(watch, missing, patience, 0.02)
    watch.close()
    used = sender.cpu_seconds() - cpu[0], recipient.cpu_seconds() - cpu[1]
    verify(batch, sender, recipient)
    return {"seconds": ended - begun, "sender_cpu_s": round(used[0], 2), "recipient_cpu_s": round(used[1], 2)}


def verify(batch, sender, recipient):
    """Every file arrived once and byte for byte, and the sender's ledger says delivered."""
    inbox = recipient.inbox(sender)
    for file, digest in batch.digests.items():
        found = sha256_of(os.path.join(inbox, file))
        if found != digest:
            raise RuntimeError(f"{file} arrived with another digest")
    states = {row["name"]: row["state"] for row in sender.ledger() if row["direction"] == "sent"}
    wrong = [file for file in batch.digests if states.get(file) != "delivered"]
    if wrong:
        raise RuntimeError(f"the sender's ledger does not say delivered of {len(wrong)} files, such as {wrong[0]}")


def take_back(batch, sender, recipient):
    """Empties the inbox of a batch and lays its files aside again, so that the next run sends the same bytes."""
    for file in batch.digests:
        os.unlink(os.path.join(recipient.inbox(sender), file))
    for path in files_below(sender.sent(recipient)):
        if os.path.basename(path) in batch.digests:
            os.rename(path, os.path.join(batch.folder, os.path.basename(path)))
        elif os.path.basename(path).startswith(tuple(batch.digests)):
            os.unlink(path)


def remove(batch, sender, recipient):
    """Frees the disk of a batch of few large files."""
    take_back(batch, sender, recipient)
    for path in files_below(batch.folder):
        os.unlink(path)


def latencies(batch, sender, recipient, patience):
    """Milliseconds from rename to inbox and to receipt, one file at a time on a warm connection."""
    inbox, sent = recipient.inbox(sender), sender.sent(recipient)
    watch, outbox = Watch(inbox, sent), sender.outbox(recipient)
    quiet()
    delivered, receipted = [], []
    for file in batch.digests:
        begun = clock()
        batch.drop(file, outbox)
        seen = appearances(watch, {file: inbox, file + RECEIPT: sent}, begun + patience)
        delivered.append((seen[file] - begun) * 1e3)
        receipted.append((seen[file + RECEIPT] - begun) * 1e3)
        time.sleep(0.01)
    watch.close()
    verify(batch, sender, recipient)
    return delivered, receipted


def appearances(watch, wanted, deadline):
    """When each name first appeared below its folder. Sleeps in the kernel until something does."""
    seen = {}
    while len(seen) < len(wanted):
        found = watch.read(timeout=1)
        now = clock()
        for folder, name in found:
            if name in wanted and folder.startswith(wanted[name]):
                seen.setdefault(name, now)
        if now > deadline:
            raise RuntimeError(f"waited too long for {sorted(set(wanted) - set(seen))}")
    return seen


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
