#!/usr/bin/env python3
"""Two or more programs by turns on one machine: did a change make anything slower?

Each round measures every program once, in an order that moves on by one; medians over the rounds, and their ratio to
the first program named. Workloads are those of bench.py. A ratio below 1 is slower, whatever the unit.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
# Name of the figure, and whether more is better.
FIGURES = {"MB_per_s": True, "files_per_s": True, "receipt_p50_ms": False, "receipt_p99_ms": False}


def measure(binary, options, place):
    """Every figure of one run, by transport, workload and name."""
    out = os.path.join(place, "bench.json")
    command = [sys.executable, os.path.join(HERE, "bench.py"), "--binary", binary, "--no-limits", "--out", out]
    for name in options.only:
        command += ["--only", name]
    for name in options.transport:
        command += ["--transport", name]
    command += ["--work", options.work] if options.work else []
    command += ["--quick"] if options.quick else []
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{binary}: bench.py ended with {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    with open(out, encoding="utf-8") as file:
        return dict(figures(json.load(file), ()))


def figures(found, path):
    if not isinstance(found, dict):
        return
    for name, value in found.items():
        if name in FIGURES and isinstance(value, (int, float)):
            yield "/".join((*path, name)), value
        else:
            yield from figures(value, (*path, name))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries", nargs="+", help="the first is what the others are compared with")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", action="append", default=None)
    parser.add_argument("--transport", action="append", default=None)
    parser.add_argument("--work")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    options.only = options.only or ["W1", "W2", "W3", "W4"]
    options.transport = options.transport or ["https"]
    all_found = {binary: [] for binary in options.binaries}
    with tempfile.TemporaryDirectory() as place:
        for turn in range(options.rounds):
            first = turn % len(options.binaries)
            for binary in options.binaries[first:] + options.binaries[:first]:
                all_found[binary].append(measure(binary, options, place))
                print(f"round {turn + 1}: {binary}: load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)
    show(options.binaries, all_found)


def show(binaries, all_found):
    names = sorted(set.intersection(*(set(found) for runs in all_found.values() for found in runs)))
    for name in names:
        medians = [statistics.median(found[name] for found in all_found[binary]) for binary in binaries]
        is_more_better = FIGURES[name.rpartition("/")[2]]
        ratios = [one / medians[0] if is_more_better else medians[0] / one for one in medians[1:]]
        print(f"{name}: " + " | ".join(f"{value:.1f}" for value in medians) + "  ratio "
              + " ".join(f"{ratio:.2f}" for ratio in ratios))


if __name__ == "__main__":
    main()
