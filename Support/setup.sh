#!/bin/sh
# Sees to it that this machine has what Waybill builds with, and with `tests` behind it what its tests need as well. As
# root on Debian it installs what is missing; otherwise it says which command would. `make demo`, `make test` and
# `.ci/run` begin with it.
#
# Exit status: 0 all is there; 1 something is missing and was not installed.
set -eu

missing=
# Debian keeps these from the PATH of those who are not root.
PATH=$PATH:/usr/sbin:/sbin

need() { case " $missing " in *" $1 "*) ;; *) missing="$missing $1" ;; esac; }
program() { command -v "$1" > /dev/null || need "$2"; }
library() { pkg-config --exists "$1" 2> /dev/null || need "$2"; }

# Shared libraries that the toolchain's own programs miss, by the packages that hold them.
toolchain() {
    command -v swift > /dev/null && command -v ldd > /dev/null || return 0
    bin=$(dirname "$(readlink -f "$(command -v swift)")")
    for object in "$bin/swift-frontend" "$bin/swift-package" "$bin"/../lib/swift/linux/libFoundation*.so; do
        [ ! -e "$object" ] || ldd "$object" 2> /dev/null || true
    done | sed -n 's/^[[:space:]]*\([^ ]*\) => not found$/\1/p' | sort -u
}

for object in $(toolchain); do
    case $object in
    libncurses.so.6) need libncurses6 ;;
    libcurl.so.4) need libcurl4 ;;
    libxml2.so.2) need libxml2 ;;
    libsqlite3.so.0) need libsqlite3-0 ;;
    libedit.so.2) need libedit2 ;;
    libuuid.so.1) need libuuid1 ;;
    libstdc++.so.6) need libstdc++6 ;;
    libz.so.1) need zlib1g ;;
    esac
done
# Packages come by git; what is compiled is linked against libgcc and libstdc++; dates in London need the zones.
program git git
program g++ g++
[ -e /usr/share/zoneinfo/Europe/London ] || need tzdata
program pkg-config pkg-config
program openssl openssl
library 'libcrypto >= 3.0' libssl-dev
library sqlite3 libsqlite3-dev
# swift-nio-extras is linked against it.
library zlib zlib1g-dev
# The content check reads PDF and Office files with these; without them it says "not checked".
program pdftotext poppler-utils
program bsdtar libarchive-tools
program catdoc catdoc

if [ "${1:-}" = tests ]; then
    # What tampers with ledgers from outside and drives campaigns; with sqlite3, which python3-minimal has not.
    python3 -c 'import sqlite3, ssl' 2> /dev/null || need python3
    # Go's own transparency log code verifies our checkpoints and proofs.
    program go golang-go
    [ -d /usr/share/gocode/src/golang.org/x/mod/sumdb ] || need golang-golang-x-mod-dev
    # Shims that make one call fail are C; file systems in a file are made, mounted and cut off.
    program gcc gcc
    program mkfs.ext4 e2fsprogs
    program mkfs.xfs xfsprogs
    program losetup mount
    program setpriv util-linux
    # Ways to drop a file, and to give and take the right to it.
    program rsync rsync
    program scp openssh-client
    program setfacl acl
    program setfattr attr
    program setcap libcap2-bin
    program ps procps
fi

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

sh "$(dirname "$0")/check-swift.sh"
