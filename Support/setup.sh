#!/bin/sh
# Sees to it that this machine has what Waybill builds with. As root on Debian it installs what is missing; otherwise it
# says which command would. `make demo`, `make test` and `.ci/run` begin with it.
#
# Exit status: 0 all is there; 1 something is missing and was not installed.
set -eu

least_swift=6.3
missing=

need() { missing="$missing $1"; }
library() { pkg-config --exists "$1" 2> /dev/null || need "$2"; }

command -v pkg-config > /dev/null || need pkg-config
command -v openssl > /dev/null || need openssl
library 'libcrypto >= 3.0' libssl-dev
library sqlite3 libsqlite3-dev
# The content check reads PDF and Office files with these; without them it says "not checked".
command -v pdftotext > /dev/null || need poppler-utils
command -v bsdtar > /dev/null || need libarchive-tools
command -v catdoc > /dev/null || need catdoc
# Only the tests need these: what tampers with ledgers from outside, and Go's own transparency log code verifies our checkpoints and proofs.
command -v python3 > /dev/null || need python3
command -v go > /dev/null || need golang-go
[ -d /usr/share/gocode/src/golang.org/x/mod/sumdb ] || need golang-golang-x-mod-dev

install="apt-get install -y --no-install-recommends$missing"
if [ "$missing" ]; then
    if ! command -v apt-get > /dev/null; then
        echo "setup: missing, by their Debian names:$missing. Install them with your system's package manager." >&2
        exit 1
    fi
    if [ "$(id -u)" != 0 ]; then
        echo "setup: missing:$missing. Run this, then try again:" >&2
        echo "    sudo sh -c 'apt-get update && $install'" >&2
        exit 1
    fi
    echo "setup: installing$missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q
    # Word by word on purpose.
    $install
fi

if ! command -v swift > /dev/null; then
    echo "setup: there is no swift on the PATH. Install a Swift toolchain, $least_swift or later: https://www.swift.org/install" >&2
    exit 1
fi
swift=$(swift --version 2> /dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p')
oldest=$(printf '%s\n' "$least_swift" "${swift:-0}" | sort -V | head -n 1)
if [ "$oldest" != "$least_swift" ]; then
    echo "setup: Swift ${swift:-of an unknown version} is too old. Install $least_swift or later: https://www.swift.org/install" >&2
    exit 1
fi
