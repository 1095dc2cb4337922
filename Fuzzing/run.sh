#!/bin/sh
# run.sh [EXECUTIONS [DOOR...]]: enters each door so many times altogether (10,000,000), by its share of them, and says in one
# line a door what came of it. Built by `make fuzz`, which runs it; from the project's folder.
#
# What breaks a door, or takes more than 10 seconds or 512 MiB, is kept in .build-fuzz/found/DOOR-*: make it smaller with
# `Fuzzer DOOR -minimize_crash=1 FILE`, mend the door, and put it into Fuzzing/corpus/DOOR.
# Exit status: 0 nothing found; 1 something was; 2 a door could not be run.
set -u

total=${1:-10000000}
[ $# -eq 0 ] || shift
work=.build-fuzz
fuzzer=$work/release/Fuzzer
[ -x "$fuzzer" ] || { echo "no $fuzzer: make fuzz" >&2; exit 2; }
mkdir -p "$work/found" "$work/logs"
status=0
# So that libFuzzer itself sees a trap and keeps what led to it.
export SWIFT_BACKTRACE=enable=no

# From libFuzzer's own words: `#12 INITED ... rss: 50Mb`, and the same at the end.
memory() { sed -n "s/^#[0-9]*[[:space:]]*$1 .*rss: \([0-9]*\)Mb.*/\1/p" "$2" | tail -n 1; }

run() { # DOOR LONGEST SHARE
    log=$work/logs/$1.log
    mkdir -p "$work/corpus/$1"
    began=$(date +%s)
    "$fuzzer" "$1" -runs=$((total / 1000 * $3)) -max_len="$2" -timeout=10 -rss_limit_mb=512 -seed="${SEED:-10}" \
        -dict=Fuzzing/words.dict -artifact_prefix="$work/found/$1-" -print_final_stats=1 -verbosity=1 \
        "$work/corpus/$1" "Fuzzing/corpus/$1" > "$log" 2>&1
    code=$?
    count=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    crashes=$(grep -cE 'deadly signal|BROKEN' "$log")
    hangs=$(grep -cE 'ALARM|out-of-memory|leak' "$log")
    if [ $code -ne 0 ] || [ -z "$count" ]; then status=1; fi
    printf '%-12s %9s executions, %s crashes, %s hangs, %s -> %s MiB (at most %s), %s s%s\n' "$1" "${count:-?}" \
        "$crashes" "$hangs" "$(memory INITED "$log")" "$(memory DONE "$log")" \
        "$(sed -n 's/^stat::peak_rss_mb: *//p' "$log")" "$(($(date +%s) - began))" "$([ $code -eq 0 ] || echo ": see $log")"
}

doors=$("$fuzzer" doors) || exit 2
while read -r name longest share; do
    case " $* " in
    "  " | *" $name "*) run "$name" "$longest" "$share" ;;
    esac
done <<END
$doors
END
exit $status
