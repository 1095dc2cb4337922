#!/bin/sh
# run-all.sh NAME COMMAND [NAME COMMAND]...: all runs of the tests, one after the other, each to its end whatever became
# of those before it. What failed and what this machine did not allow is named at the end; the closing line of each run
# stands last, as its runner wrote it.
# A run that does not end within RUN_MINUTES (20) is stopped, and those after it are made.
#
# Exit status: 0 all passed; 1 some failed; 2 usage.
set -u

[ $# -ge 2 ] && [ $(($# % 2)) = 0 ] || { echo "usage: run-all.sh NAME COMMAND [NAME COMMAND]..." >&2; exit 2; }

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
# A run that is stopped from outside ends those after it, but not what is said at the end.
stopped=
trap 'stopped=yes' INT TERM

# NAME COMMAND: its status in NAME.status, all that it said in NAME.log.
run() {
    printf '\n== %s\n' "$1"
    (
        # timeout has a process group of its own: whoever stops ours must be passed on to it.
        trap 'kill "$it"' INT TERM
        timeout -k 30 "${RUN_MINUTES:-20}m" sh -c "$2" 2>&1 &
        it=$!
        status=0
        wait "$it" || status=$?
        # The trap ends a wait early.
        while kill -0 "$it" 2> /dev/null; do
            status=0
            wait "$it" || status=$?
        done
        echo $status > "$logs/$1.status"
    ) | (trap '' INT TERM; tee "$logs/$1.log")
}

names=
while [ $# -gt 0 ]; do
    names="$names $1"
    if [ "$stopped" ]; then echo stopped > "$logs/$1.status"; else run "$1" "$2"; fi
    shift 2
done

skipped=$(for name in $names; do
    grep -E 'NOT TESTED|(Test|Suite) .* skipped' "$logs/$name.log" 2> /dev/null | grep -v '"a benchmark"'
done)
[ -z "$skipped" ] || printf '\n== not tested on this machine\n%s\n' "$skipped"

failed=
for name in $names; do
    status=$(cat "$logs/$name.status" 2> /dev/null || echo stopped)
    [ "$status" = 0 ] || failed="$failed $name"
done
for name in $failed; do
    printf '\n== failed in %s\n' "$name"
    case $(cat "$logs/$name.status" 2> /dev/null) in
    124 | 137) echo "It was stopped after ${RUN_MINUTES:-20} minutes: a test that started and did not end hangs." ;;
    stopped | '') echo "It was stopped from outside, or never begun." ;;
    esac
    # The runner's line for each; of a run that crashed, what it said last.
    grep -E '(Test|Suite) .* failed after' "$logs/$name.log" 2> /dev/null | grep -v 'Test run with' ||
        tail -n 20 "$logs/$name.log" 2> /dev/null
done

[ -z "$failed" ] || printf '\nFailed:%s.\n' "$failed"
printf '\n== closing lines\n'
for name in $names; do
    grep 'Test run with [0-9]* test' "$logs/$name.log" 2> /dev/null | tail -n 1 || true
done
[ -z "$failed" ] || exit 1
