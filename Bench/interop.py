#!/usr/bin/env python3
"""Two releases exchange both ways: small files, and one large one, dropped at both ends at once; then one end is upgraded
while files wait. Everything arrives once, whole, with a receipt, and both ledgers are sound.

    interop.py --old RELEASE-BEFORE --new .build/release/waybill

Exit status: 0 all is well; 1 something is not, which is said.
"""

import argparse
import os
import sys
import time

from waybill_lab import Lab, default_binary, sha256_of, write_random

SETTINGS = """settle: 200ms
scan-interval: 200ms
retry: { first: 100ms, most: 1s }
"""


def drop(agency, partner, name, size, expected):
    aside = os.path.join(agency.lab.root, f"{agency.id}-{name}")
    expected[name] = write_random(aside, size)
    os.rename(aside, os.path.join(agency.outbox(partner), name))


def missing(agency, partner, expected):
    """Names that are not yet in the partner's inbox, whole, or have no receipt in sent/ yet."""
    receipts = {os.path.basename(path) for path in agency.files("sent")}
    inbox = partner.inbox(agency)
    there = set(os.listdir(inbox)) if os.path.isdir(inbox) else set()
    return [name for name in expected if name not in there or f"{name}.receipt.txt" not in receipts]


def settle(pair, expected, patience):
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        left = sum(len(missing(one, other, expected[one.id])) for one, other in (pair, pair[::-1]))
        if left == 0:
            return 0
        time.sleep(0.2)
    return left


def judge(pair, expected):
    for one, other in (pair, pair[::-1]):
        inbox = other.inbox(one)
        if sorted(os.listdir(inbox)) != sorted(expected[one.id]):
            yield f"{other.id} has {len(os.listdir(inbox))} files of {one.id} instead of {len(expected[one.id])}"
        for name, digest in expected[one.id].items():
            if os.path.isfile(os.path.join(inbox, name)) and sha256_of(os.path.join(inbox, name)) != digest:
                yield f"{name} is not what {one.id} dropped"
        check = one.command("ledger", "check", check=False)
        if check.returncode != 0:
            yield f"{one.id}: {check.stdout}{check.stderr}"


def drop_all(pair, expected, count, wave):
    for one, other in (pair, pair[::-1]):
        for number in range(count):
            drop(one, other, f"{wave}-{one.id}-{number}.bin", 4096 if number else 20 << 20, expected[one.id])


def run(lab, options):
    pair = lab.pair(SETTINGS)
    pair[0].binary, pair[1].binary = os.path.abspath(options.old), os.path.abspath(options.new)
    expected = {agency.id: {} for agency in pair}
    for agency in pair:
        agency.start()
    for agency in pair:
        agency.wait_ready()
    drop_all(pair, expected, options.count, "mixed")
    left = settle(pair, expected, options.patience)
    print(f"{options.count} files each way between the old one and the new one: {left} did not arrive")
    if left == 0:
        pair[0].stop()
        drop_all(pair, expected, options.count, "upgraded")
        pair[0].binary = pair[1].binary
        pair[0].start()
        left = settle(pair, expected, options.patience)
        print(f"the same after the old one was upgraded while files waited: {left} did not arrive")
    for agency in pair:
        agency.stop()
    faults = list(judge(pair, expected)) + ([f"{left} files did not arrive"] if left else [])
    for fault in faults:
        print(f"FAULT: {fault}")
    return 1 if faults else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--old", required=True)
    parser.add_argument("--new", default=default_binary())
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--patience", type=float, default=120)
    options = parser.parse_args()
    with Lab(options.old) as lab:
        return run(lab, options)


if __name__ == "__main__":
    sys.exit(main())
