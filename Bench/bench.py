#!/usr/bin/env python3
"""Bench: Waybill's two transports beside what this machine could do at best, in one run.

Prints a table of figures and of their ratios to the limits (bench_limits.py says how these are derived) and writes all
to a JSON file. Slowness is never a failure; a lost or changed file is.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time

import bench_limits
import bench_urgent
import bench_work as work
from waybill_lab import Lab, default_binary

MIB = 1 << 20
# Defaults of an installation. Only the folder transport is polled more often than every 5 s.
SETTINGS = {"https": "", "folder": "scan-interval: 100ms\n"}
FULL = {"W1": (1024, 3), "W2": 1000, "W3": 10_000, "W4": 200, "W5": (1024, 4096), "W6": (1024, 3), "events": 1_000_000,
        "urgent": (1024, 10_000)}
QUICK = {"W1": (128, 1), "W2": 100, "W3": 1000, "W4": 30, "W5": (128, 512), "W6": (128, 2), "events": 50_000,
         "urgent": (64, 1000)}


def one_large(lab, pair, plan):
    """W1: one file; the median of some runs."""
    (size, runs), results = plan["W1"], []
    batch = work.Batch(lab, "W1", 1, size * MIB)
    for _ in range(runs):
        results.append(work.throughput(batch, *pair, patience=300))
        work.take_back(batch, *pair)
    best = sorted(results, key=lambda result: result["seconds"])[len(results) // 2]
    return {"W1": {**best, "MB_per_s": size * MIB / best["seconds"] / 1e6, "MiB": size, "runs": runs}}


def many(lab, pair, name, count, size):
    """W2 and W3: many files at once."""
    result = work.throughput(work.Batch(lab, name, count, size), *pair, patience=60)
    return {name: {**result, "files_per_s": count / result["seconds"], "files": count, "size": size}}


def one_small(lab, pair, count):
    """W4: latency of one 100 KiB file at a time, after a few to warm up."""
    work.latencies(work.Batch(lab, "warm", 3, 102_400), *pair, patience=60)
    delivered, receipted = work.latencies(work.Batch(lab, "W4", count, 102_400), *pair, patience=60)
    figures = {"files": count}
    for name, values in (("delivered", delivered), ("receipt", receipted)):
        figures[f"{name}_p50_ms"], figures[f"{name}_p99_ms"] = work.quantile(values, 0.5), work.quantile(values, 0.99)
    return {"W4": figures}


def memory(lab, pair, sizes):
    """W5: peak memory of each daemon since its start, for one file of each size; daemons are fresh for each."""
    peaks = {}
    for size in sizes:
        restart(pair)
        idle = [agency.peak_mib() for agency in pair]
        batch = work.Batch(lab, f"W5-{size}", 1, size * MIB)
        seconds = work.throughput(batch, *pair, patience=600)["seconds"]
        peaks[f"{size} MiB"] = {
            "sender_MiB": pair[0].peak_mib(), "recipient_MiB": pair[1].peak_mib(),
            "idle_MiB": max(idle), "seconds": seconds}
        work.remove(batch, *pair)
    return {"W5": peaks}


def content(lab, pair, plan):
    """W6: one large text with the content check off and on, by turns; the medians, their ratio, the sender's peak."""
    (size, runs), seconds, peak = plan["W6"], {"off": [], "record": []}, 0
    batch = work.Batch.text(lab, "W6", size * MIB)
    for _ in range(runs):
        for check, results in seconds.items():
            for agency in pair:
                agency.content_check(check)
            restart(pair)
            results.append(work.throughput(batch, *pair, patience=300)["seconds"])
            peak = max(peak, pair[0].peak_mib()) if check == "record" else peak
            work.take_back(batch, *pair)
    off, on = (sorted(results)[len(results) // 2] for results in seconds.values())
    return {"W6": {"off_s": off, "on_s": on, "slower": on / off, "sender_MiB": peak, "MiB": size, "runs": runs}}


def restart(pair):
    for agency in pair:
        agency.stop()
    for agency in pair:
        agency.start()
    for agency in pair:
        agency.wait_ready()


def transport(name, plan, options):
    """All workloads over one transport; each failure is told and does not stop the rest."""
    results, troubles = {}, []
    with Lab(options.binary, options.work) as lab:
        pair = lab.pair(SETTINGS[name], folder_transport=name == "folder")
        restart(pair)
        print("  daemons:", *(f"{agency.id}={agency.process.pid}" for agency in pair), file=sys.stderr, flush=True)
        steps = {
            "W4": lambda: one_small(lab, pair, plan["W4"]), "W1": lambda: one_large(lab, pair, plan),
            "W2": lambda: many(lab, pair, "W2", plan["W2"], 256 << 10),
            "W3": lambda: many(lab, pair, "W3", plan["W3"], 4 << 10), "W5": lambda: memory(lab, pair, plan["W5"]),
            "W6": lambda: content(lab, pair, plan),
        }
        for step in [step for step in options.only or steps if step in steps]:
            print(f"  {name} {step} ...", file=sys.stderr, flush=True)
            try:
                results |= steps[step]()
            except (RuntimeError, OSError) as error:
                troubles.append(f"{name} {step}: {error}")
                tails = "".join(agency.log_tail(5) for agency in pair)
                print(f"FAILED {name} {step}: {error}\n{tails}", file=sys.stderr, flush=True)
    return results, troubles


def by_itself(options, *words):
    """What `waybill-bench WORDS` writes to its two outputs. It is made beside the program and never installed."""
    program = os.path.join(os.path.dirname(os.path.realpath(options.binary)), "waybill-bench")
    try:
        done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
    except OSError as error:
        return "", f"{program} cannot be run: {error.strerror}"
    return done.stdout.strip(), done.stderr.strip()


def ledger_scale(options, events):
    """The ledger by itself, on the same disk: `waybill-bench ledger`."""
    with Lab(options.binary, options.work) as lab:
        told, trouble = by_itself(options, "ledger", "--events", str(events), "--folder", os.path.join(lab.root, "scale"))
        try:
            return json.loads(told.splitlines()[-1])
        except (IndexError, ValueError):
            return {"not_measured": (trouble.splitlines() or ["no output"])[0]}


def urgent(options, plan):
    """Seconds from drop to receipt of one urgent file behind each load, over HTTPS, in a fresh pair for each."""
    if options.only and "urgent" not in options.only:
        return {}
    sizes = argparse.Namespace(mebibytes=plan["urgent"][0], small=plan["urgent"][1])
    results = {}
    for load in bench_urgent.LOADS:
        print(f"  urgent behind {load.words} ...", file=sys.stderr, flush=True)
        with Lab(options.binary, options.work) as lab:
            try:
                results[load.words] = bench_urgent.row(lab, sizes, load)
            except OSError as error:
                results[load.words] = f"not measured: {error}"
    return results


def corpus(options):
    """Precision and recall of the content check on Bench/corpus: `waybill-bench corpus`."""
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus")
    told, trouble = by_itself(options, "corpus", folder)
    return told or trouble


# Telling


ROWS = [
    ("W1 one large file, MB/s", "W1", "MB_per_s", "W1_MB_per_s"),
    ("W2 256 KiB files, files/s", "W2", "files_per_s", "W2_files_per_s"),
    ("W3 4 KiB files, files/s", "W3", "files_per_s", "W3_files_per_s"),
    ("W4 delivered p50, ms", "W4", "delivered_p50_ms", "W4_delivered_ms"),
    ("W4 delivered p99, ms", "W4", "delivered_p99_ms", None),
    ("W4 receipt p50, ms", "W4", "receipt_p50_ms", "W4_receipt_ms"),
    ("W4 receipt p99, ms", "W4", "receipt_p99_ms", None),
]


def ratio(value, limit, is_time):
    return f"{value / limit:.2f}" if not is_time else f"{value / limit:.1f}x"


def table(report):
    """Figures and ratios as text. A ratio of a rate is a share of the limit; of a time, a multiple."""
    lines = [f"{'':28}{'limit':>10}" + "".join(f"{name:>12}{'ratio':>8}" for name in SETTINGS)]
    for title, step, figure, limit_name in ROWS:
        limit = report["limits"].get(limit_name) if limit_name else None
        line = f"{title:28}{number(limit):>10}"
        for name in SETTINGS:
            value = report["transports"].get(name, {}).get(step, {}).get(figure)
            share = ratio(value, limit, "_ms" in figure) if value and limit else ""
            line += f"{number(value):>12}{share:>8}"
        lines.append(line)
    for name in SETTINGS:
        for size, peak in report["transports"].get(name, {}).get("W5", {}).items():
            lines.append(
                f"W5 peak memory, {name}, {size}: sender {peak['sender_MiB']:.1f} MiB, "
                f"recipient {peak['recipient_MiB']:.1f} MiB (at rest {peak['idle_MiB']:.1f})")
        if found := report["transports"].get(name, {}).get("W6"):
            lines.append(
                f"W6 text of {found['MiB']} MiB, {name}: content check off {found['off_s']:.2f} s, on "
                f"{found['on_s']:.2f} s, {found['slower']:.2f} x; sender {found['sender_MiB']:.1f} MiB")
    for load, seconds in report["urgent"].items():
        told = "no receipt within a minute" if seconds is None else number(seconds) + (" s" if isinstance(seconds, float) else "")
        lines.append(f"urgent, drop to receipt behind {load}: {told} (goal: 1 s)")
    lines.append("content check on the invented corpus, by category:\n" + report["corpus"])
    lines.append("ledger: " + ", ".join(f"{key} {number(value)}" for key, value in report["ledger"].items()))
    return "\n".join(lines)


def number(value):
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"
    return str(value)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small workloads: is everything in place?")
    parser.add_argument("--binary", default=default_binary())
    parser.add_argument("--out", default="bench.json")
    parser.add_argument("--work", help="folder to work in, on the disk to be measured (25 GiB; 3 when quick)")
    parser.add_argument("--transport", choices=list(SETTINGS), action="append", help="only this one")
    parser.add_argument("--only", choices=["W1", "W2", "W3", "W4", "W5", "W6", "urgent"], action="append", help="only this workload")
    parser.add_argument("--events", type=int, help="how many events the ledger's scale has (10,000,000 take 60 GB and an hour)")
    parser.add_argument("--no-limits", action="store_true", help="skip the machine's limits and the ledger's scale")
    return parser.parse_args()


def machine(options):
    """Primitives and limits; both empty if not wanted."""
    if options.no_limits:
        return {}, {}
    print("  this machine's limits ...", file=sys.stderr, flush=True)
    with Lab(options.binary, options.work) as lab:
        primitives = bench_limits.primitives(lab.root, options.quick)
    return primitives, bench_limits.limits(primitives)


def main():
    options = arguments()
    plan = QUICK if options.quick else FULL
    primitives, limits = machine(options)
    report = {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "machine": platform.platform(),
        "load": os.getloadavg()[0], "quick": options.quick, "binary": os.path.realpath(options.binary),
        "primitives": primitives, "limits": limits, "transports": {}, "troubles": [],
    }
    for name in options.transport or SETTINGS:
        report["transports"][name], troubles = transport(name, plan, options)
        report["troubles"] += troubles
    report["urgent"] = urgent(options, plan)
    report["ledger"] = {} if options.no_limits else ledger_scale(options, options.events or plan["events"])
    report["corpus"] = corpus(options)
    print(table(report))
    with open(options.out, "w", encoding="utf-8") as file:
        json.dump(report, file, indent=2)
        file.write("\n")
    return 1 if report["troubles"] else 0


if __name__ == "__main__":
    sys.exit(main())
