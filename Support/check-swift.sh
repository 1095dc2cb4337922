#!/bin/sh
# Whether the swift on the PATH starts and is new enough. If not, says why, in its own words where it has any.
#
# Exit status: 0 it is; 1 it is not.
set -eu

least=6.3
where='https://www.swift.org/install/linux'

if ! command -v swift > /dev/null; then
    echo "setup: there is no swift on the PATH. Install a Swift toolchain, $least or later: $where" >&2
    exit 1
fi
status=0
said=$(swift --version 2>&1) || status=$?
version=$(printf '%s\n' "$said" | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
if [ $status != 0 ] || [ -z "$version" ]; then
    echo "setup: $(command -v swift) does not start, or does not say which version it is. It ended with $status and said:" >&2
    printf '%s\n' "${said:-(nothing)}" | sed 's/^/    /' >&2
    echo "If a shared library is missing, install the package that holds it, as $where lists them; else install" >&2
    echo "the toolchain anew, $least or later. Then try again." >&2
    exit 1
fi
oldest=$(printf '%s\n' "$least" "$version" | sort -V | head -n 1)
if [ "$oldest" != "$least" ]; then
    echo "setup: Swift $version is too old. Install $least or later: $where" >&2
    exit 1
fi
