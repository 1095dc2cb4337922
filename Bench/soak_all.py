#!/usr/bin/env python3
"""The long soak: kills, and every injury from outside, one after another; one line a kind, and a summary.

A campaign that finds something does not stop the next. Exit 1 if any did; what was skipped is said at the end again.
"""

import argparse
import os
import subprocess
import sys

from waybill_lab import HERE, default_binary

CAMPAIGNS = [
    ("soak.py", "--kills", "500"), ("soak.py", "--kills", "200", "--road", "folder"),
    ("injure_power.py", "--count", "200"), ("injure_syncs.py",),
    ("injure_calls.py", "--count", "400"), ("injure_urgent.py",), ("injure_outbox.py", "--count", "500"),
    ("injure_clocks.py", "--count", "72"), ("injure_ledger.py", "--count", "1000"), ("attack_resources.py",)]
TOOK_ILL = "(it ended by itself and judged nothing)"


def run(script, words, options):
    """Runs one campaign, showing what it prints; returns its exit code and its lines of note."""
    command = [sys.executable, os.path.join(HERE, script), "--binary", options.binary, *words]
    if options.seed is not None:
        command += ["--seed", str(options.seed)]
    notable, last = [], ""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout:
            print(line, end="", flush=True)
            last = line.strip() or last
            if line.startswith("SKIPPED") or line.partition(":")[0] in script:
                notable.append(line.strip())
    return process.returncode, notable or [f"{script}: {last} {TOOK_ILL}"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", default=default_binary())
    parser.add_argument("--seed", type=int)
    parser.add_argument("--only", action="append", help="only campaigns with this word in their name")
    options = parser.parse_args()
    failed, summary = [], []
    for script, *words in CAMPAIGNS:
        if options.only and not any(word in script for word in options.only):
            continue
        code, lines = run(script, words, options)
        failed += [script] * (code != 0)
        summary += lines
    print("\n".join(["", "In short:", *summary, f"Found something: {', '.join(failed) or 'none'}"]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
