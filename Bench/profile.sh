#!/bin/sh
# Where the time goes: runs W1 and W3 of the bench over HTTPS and samples both daemons with perf (Debian: linux-perf).
# usage: profile.sh [BINARY] [bench.py options, such as --quick]      output: the top symbols of both daemons a workload
# Swift names are demangled if `swift demangle` is there. perf needs root or kernel.perf_event_paranoid <= 1.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
binary=${1:-$here/../.build/release/waybill}
[ $# -gt 0 ] && shift
perf=$(command -v perf) || { echo "perf is missing: apt install linux-perf"; exit 3; }
place=$(mktemp -d)
trap 'rm -r "$place"' EXIT INT TERM

demangle() { if command -v swift >/dev/null; then swift demangle --compact --simplified; else cat; fi; }
# Thunks and witnesses only repeat the line they lead to.
readable() { demangle | sed 's/ *$//' | grep -v -e '^$' -e 'thunk for' -e 'partial apply' -e 'protocol witness'; }
show() { # WORKLOAD PID perf-options
    samples=$place/$1 pid=$2
    shift 2
    "$perf" report -q --percentage relative -i "$samples" --pid "$pid" -g none --stdio "$@" 2>/dev/null | readable
}

for step in W1 W3; do
    # perf follows the bench's children: the two daemons are named waybill, everything else is left out of the report.
    "$perf" record -q -g --call-graph fp -F 499 -o "$place/$step" -- \
        python3 "$here/bench.py" --binary "$binary" --transport https --only "$step" --no-limits \
        --out "$place/$step.json" "$@" >"$place/$step.txt" 2>&1 || { cat "$place/$step.txt"; exit 1; }
    printf '\n== %s ==\n' "$step"
    grep "^$step" "$place/$step.txt" || true
    # The daemons' threads have names of their own: choose by process, not by thread.
    daemons=$(sed -n 's/^  daemons: //p' "$place/$step.txt" | tail -1)
    for daemon in $daemons; do
        printf '\n-- %s: self --\n' "${daemon%%=*}"
        show "$step" "${daemon##*=}" --no-children --percent-limit 0.8 --sort dso,symbol | head -35
        printf '\n-- %s: with what it calls --\n' "${daemon%%=*}"
        show "$step" "${daemon##*=}" --children --percent-limit 3 --sort symbol | head -40
    done
done
