#!/usr/bin/env python3
"""One small file on a quiet machine: threads that it touches and switches of thread, as the kernel counts them.

A file of 4 KiB is renamed into the outbox of one agency; a second after its receipt lies in sent/, the counters of every
thread of both daemons are read again (/proc/PID/task/*/status). What the daemons do when nothing happens, measured before
each file over as long a time, is taken off. Several programs by turns: --binary A --binary B. Medians, no thresholds.
"""

import argparse
import os
import statistics
import time

from waybill_lab import Lab, default_binary, files_below, write_random

WAIT = 60


def counters(agency):
    """Switches so far of each thread of a daemon, by thread id."""
    found, place = {}, f"/proc/{agency.process.pid}/task"
    for thread in os.listdir(place):
        try:
            with open(f"{place}/{thread}/status", encoding="ascii", errors="replace") as file:
                words = dict(line.split(":", 1) for line in file if "ctxt_switches" in line)
        except FileNotFoundError:
            continue
        found[thread] = sum(int(value) for value in words.values())
    return found


def during(pair, act):
    """(switches, threads touched) of each daemon while `act` runs, and the seconds that it took."""
    before, begun = [counters(one) for one in pair], time.monotonic()
    act()
    seconds, result = time.monotonic() - begun, []
    for one, old in zip(pair, before):
        new = {thread: count - old.get(thread, 0) for thread, count in counters(one).items()}
        result.append((sum(new.values()), sum(1 for count in new.values() if count)))
    return result, seconds


def deliver(sender, recipient, name):
    aside = os.path.join(sender.lab.root, name)
    write_random(aside, 4096)
    os.rename(aside, os.path.join(sender.outbox(recipient), name))
    deadline = time.monotonic() + WAIT
    while not any(path.endswith(name + ".receipt.p7s") for path in files_below(sender.sent(recipient))):
        if time.monotonic() > deadline:
            raise RuntimeError(f"no receipt of {name} after {WAIT} s\n{sender.log_tail()}")
        time.sleep(0.2)
    time.sleep(1)


def measure(binary, rounds):
    """Per file at each end: switches without those of an idle daemon, and threads touched."""
    with Lab(binary) as lab:
        pair = lab.pair("settle: 200ms\n")
        for one in pair:
            one.start()
        for one in pair:
            one.wait_ready()
        deliver(*pair, "first.bin")
        time.sleep(3)
        found = []
        for number in range(rounds):
            quiet, rest = during(pair, lambda: time.sleep(3))
            busy, seconds = during(pair, lambda: deliver(*pair, f"f{number:03}.bin"))
            found.append([
                (switches - idle[0] * seconds / rest, threads)
                for (switches, threads), idle in zip(busy, quiet)])
        for one in pair:
            one.stop()
        return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", action="append", help="may be given several times: they are measured by turns")
    parser.add_argument("--rounds", type=int, default=15, help="files of each program in a turn")
    parser.add_argument("--turns", type=int, default=3)
    options = parser.parse_args()
    binaries = options.binary or [default_binary()]
    all_found = {binary: [] for binary in binaries}
    for _ in range(options.turns):
        for binary in binaries:
            all_found[binary] += measure(binary, options.rounds)
    for binary, found in all_found.items():
        for end, who in enumerate(("sender", "recipient")):
            switches = statistics.median(one[end][0] for one in found)
            threads = statistics.median(one[end][1] for one in found)
            print(f"{binary}: {who}: {switches:.0f} switches, {threads:.0f} threads touched ({len(found)} files)")


if __name__ == "__main__":
    main()
