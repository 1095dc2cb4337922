// swift-format-ignore-file
extension VerifyScript {
    /// Part of `verify.sh`: words, bytes, JSON and times.
    static let tools = #"""
#!/bin/sh
# verify.sh: checks a Waybill proof of one delivery, or a set of them, with sh, coreutils and openssl 3.0 or later, and
# nothing else.
#
#   sh verify.sh [FOLDER] [--file FILE] [--authority PEM] [SENDER RECIPIENT]
#   sh verify.sh [FOLDER] [--file FILE] [--authority PEM] [--identity FINGERPRINT]...
#
# FOLDER             the proof, or a set with a folder "deliveries"; the current folder if none is given
# --file FILE        the delivered file: must be the one that the waybill describes
# SENDER, RECIPIENT  the fingerprints that you know from elsewhere to be theirs: 64 hexadecimal digits each
# --identity         one such fingerprint, or a PEM file of an identity certificate: must be one of the two
# --authority PEM    the time authority's certificate as you have it from the authority, instead of tsa.pem in the proof
#
# Exit status: 0 all that was checked holds; 1 something does not, and the first such thing is named; 2 wrong usage.
# Only printable ASCII is written; any other byte is shown as '?'. Take this file from somewhere else than from the
# proof: whoever forges a proof forges its verify.sh as well. The formats are in Waybill's Documentation.

set -uf
LC_ALL=C
export LC_ALL
umask 077
role_signing=2.25.71466158941485835307149360238295348366.1
role_ledger=2.25.71466158941485835307149360238295348366.4
nl='
'

# ---- words

say() { printf '%s' "$*" | tr -c '\040-\176' '?' && printf '\n'; }
ok() { say "OK    $*"; }
note() { say "NOTE  $*"; }
fail() { say "FAIL  $*" && exit 1; }
usage() {
    say "usage: sh verify.sh [FOLDER] [--file FILE] [--authority PEM] [--identity FINGERPRINT]... [FINGERPRINTS]" >&2
    exit 2
}

is_digest() { [ ${#1} = 64 ] && case $1 in *[!0-9a-f]*) false ;; esac; }
is_number() { [ ${#1} -le 18 ] && case $1 in 0) ;; '' | 0* | *[!0-9]*) false ;; esac; }
# As each of our statements writes a moment: 2026-01-31T09:30:00.000Z
is_moment() {
    case $1 in
    [0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]Z) ;;
    *) false ;;
    esac
}

# ---- bytes

digest_of() { sha256sum | cut -c 1-64; }
alike() { [ "$(digest_of < "$1")" = "$(digest_of < "$2")" ]; }
hex() { od -An -tx1 -v | tr -d ' \n'; }

# Writes the bytes that hexadecimal digits name.
octets() {
    rest=$1 text=
    while [ -n "$rest" ]; do
        tail=${rest#??}
        byte=$((0x${rest%"$tail"})) rest=$tail
        text="$text\\$((byte / 64))$((byte / 8 % 8))$((byte % 8))"
    done
    printf "$text"
}

# Whether a file is text: no control character but the line feed.
is_text() { [ "$(tr -cd '\000-\011\013-\037\177' < "$1" | wc -c)" = 0 ]; }

# ---- JSON: statements have one spelling only (no spaces, plain member names), which makes this short

# Writes each scalar of the JSON in $json as a line PATH=VALUE, such as .file.size=12; list items count from 0.
flatten() {
    case $json in
    '{}'* | '[]'*) json=${json#??} ;;
    '{'*)
        json=${json#?}
        while :; do
            case $json in '"'*'":'*) json=${json#?} name=${json%%\"*} json=${json#*\"} ;; *) return 1 ;; esac
            case $name in '' | *[!A-Za-z0-9]*) return 1 ;; esac
            case $json in :*) json=${json#:} path=$path.$name ;; *) return 1 ;; esac
            flatten || return 1
            path=${path%.*}
            case $json in ,*) json=${json#?} ;; '}'*) break ;; *) return 1 ;; esac
        done
        json=${json#?}
        ;;
    '['*)
        json=${json#?} path=$path.0
        while :; do
            flatten || return 1
            case $json in ,*) json=${json#?} path=${path%.*}.$((${path##*.} + 1)) ;; ']'*) break ;; *) return 1 ;; esac
        done
        json=${json#?} path=${path%.*}
        ;;
    '"'*)
        json=${json#?} text=
        while :; do
            chunk=${json%%[\"\\]*}
            text=$text$chunk json=${json#"$chunk"}
            case $json in '"'*) break ;; \\?*) ;; *) return 1 ;; esac
            tail=${json#??}
            text=$text${json%"$tail"} json=$tail
        done
        json=${json#?}
        printf '%s="%s\n' "$path" "$text"
        ;;
    [-0-9tf]*)
        chunk=${json%%[!-0-9a-z]*}
        json=${json#"$chunk"}
        printf '%s=%s\n' "$path" "$chunk"
        ;;
    *) return 1 ;;
    esac
}

# parse FILE NAME: reads $t/NAME.json, which came out of FILE, into $t/NAME.members.
parse() {
    is_text "$t/$2.json" && [ "$(wc -l < "$t/$2.json")" = 0 ] || fail "$1: holds control characters"
    json=$(cat "$t/$2.json") path=
    flatten > "$t/$2.members" && [ -z "$json" ] || fail "$1: is not JSON in the spelling of a statement"
}

# member NAME PATH: writes the value of a member; fails unless it stands there exactly once.
member() {
    count=0
    while IFS= read -r line; do
        case $line in "$2="*) count=$((count + 1)) value=${line#*=} ;; esac
    done < "$t/$1.members"
    [ $count = 1 ] && printf '%s' "${value#\"}"
}

# same FILE NAME PATH VALUE: requires a member to have this value.
same() { [ "$(member "$2" "$3")" = "$4" ] || fail "$1: its member ${3#.} is not $4"; }

# ---- times: YYYYMMDDHHMMSS, UTC

digits_of() { printf '%s' "$1" | tr -cd 0-9 | cut -c 1-14; }

# The time of signing that stands in a signature; fails unless it does exactly once.
signing_time() {
    openssl asn1parse -inform DER -in "$1" 2> "$t/errors" | {
        count=0 next=no time=
        while IFS= read -r line; do
            case $next$line in
            *OBJECT*:signingTime) count=$((count + 1)) next=yes ;;
            yes*UTCTIME*Z) time=20${line##*:} next=no ;;
            yes*GENERALIZEDTIME*Z) time=${line##*:} next=no ;;
            esac
        done
        [ $count = 1 ] && [ ${#time} = 15 ] && printf '%s' "${time%Z}"
    }
}

readable() { date -u -d "@$(epoch "$1")" +%Y-%m-%dT%H:%M:%SZ; }
epoch() {
    date -u -d "$(printf '%s' "$1" | cut -c 1-4)-$(printf '%s' "$1" | cut -c 5-6)-$(printf '%s' "$1" | cut -c 7-8) \
$(printf '%s' "$1" | cut -c 9-10):$(printf '%s' "$1" | cut -c 11-12):$(printf '%s' "$1" | cut -c 13-14)" +%s
}


"""#
}
