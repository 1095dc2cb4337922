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

# ---- certificates and signatures

public_key() { openssl x509 -in "$1" -noout -pubkey 2> "$t/errors" | openssl pkey -pubin -outform DER 2> "$t/errors"; }
fingerprint_of() { public_key "$1" | digest_of; }

has_role() {
    [ "$(openssl x509 -in "$1" -noout -ext extendedKeyUsage 2> "$t/errors")" = \
        "X509v3 Extended Key Usage: critical$nl    $2" ]
}

# retirement CERTIFICATE WHO: sets $retired to when this key was retired, the earliest that any card of WHO says; or to
# nothing, if none does. $day is the same as YYYYMMDDHHMMSS.
retirement() {
    key=$(fingerprint_of "$1") retired= day=
    for shown in $(cards_of "$2"); do
        i=0
        while named=$(member "$shown" ".retired.$i.fingerprint"); do
            at=$(member "$shown" ".retired.$i.at") i=$((i + 1))
            [ "$named" = "$key" ] || continue
            { [ -z "$day" ] || [ "$(digits_of "$at")" -lt "$day" ]; } && retired=$at day=$(digits_of "$at")
        done
    done
}

# require_unretired FILE CERTIFICATE WHO TIME [SEEN]: the key must not have been retired by TIME, unless somebody else
# had seen what it signed before.
require_unretired() {
    retirement "$2" "$3"
    [ "$retired" ] && [ "$day" -le "$4" ] || return 0
    [ "${5:-}" ] && [ "$5" -lt "$day" ] || fail "$1: the key that signed it was retired at $retired"
}

# open_signed FILE NAME OPTIONS...: checks a signature and writes what was signed to $t/NAME.json.
open_signed() {
    file=$1 out=$2
    shift 2
    openssl cms -verify -binary -inform DER -in "$file" "$@" -signer "$t/signer.pem" -certsout "$t/all.pem" \
        -out "$t/$out.json" > "$t/errors" 2>&1 && openssl x509 -in "$t/signer.pem" -out "$t/one.pem" 2> "$t/errors" &&
        alike "$t/one.pem" "$t/all.pem"
}

# vouched FILE WHO TIME OUT: the signature must be by a key that the identity of WHO vouches for, at this time.
vouched() {
    open_signed "$1" "$4" -cades -no-CApath -no-CAstore -CAfile "$t/$2.pem" -purpose any -attime "$(epoch "$3")" ||
        fail "$1: is not signed by a key that the $2's identity vouches for"
}

# statement FILE WHO NAME KIND [OTHER]: a statement by the signing key of WHO, of this kind or the other.
statement() {
    time=$(signing_time "$1") || fail "$1: does not say when it was signed"
    vouched "$1" "$2" "$time" "$3"
    has_role "$t/one.pem" "$role_signing" || fail "$1: is signed by a key that is not for signing"
    [ "$4" ] || return 0
    cp "$t/one.pem" "$t/$3.signer" && printf '%s' "$time" > "$t/$3.time"
    parse "$1" "$3"
    [ "${5:-$4}" = "$(member "$3" .statement)" ] || same "$1" "$3" .statement "$4"
    [ "$(digits_of "$(member "$3" .signedAt)")" = "$time" ] || fail "$1: signedAt is not the time in its signature"
}

# card FILE NAME: a card, signed by the identity inside it. Sets $id, $key and $serial and leaves the identity in
# $t/NAME.pem.
card() {
    time=$(signing_time "$1") || fail "$1: does not say when it was signed"
    open_signed "$1" "$2" -noverify || fail "$1: its signature does not hold"
    cp "$t/one.pem" "$t/$2.pem"
    vouched "$1" "$2" "$time" "$2"
    alike "$t/one.pem" "$t/$2.pem" || fail "$1: is not signed by its identity"
    parse "$1" "$2"
    same "$1" "$2" .statement card/v1
    [ "$(digits_of "$(member "$2" .issuedAt)")" = "$time" ] || fail "$1: issuedAt is not the time in its signature"
    id=$(member "$2" .id) && serial=$(member "$2" .serial) && is_number "$serial" || fail "$1: names no agency"
    key=$(fingerprint_of "$t/$2.pem")
    is_digest "$key" || fail "$1: its identity has no key"
}

# Names of the cards of WHO (sender or recipient) that were checked, the oldest first.
cards_of() { cat "$t/$1.cards"; }

# next_card FILE NAME WHO: a younger card of the same identity and agency as the one of the day. If no number lies
# between, it names the former one.
next_card() {
    [ "$key" = "$(fingerprint_of "$t/$3.pem")" ] || fail "$1: is by another identity than $3.card"
    [ "$id" = "$(member "$3" .id)" ] || fail "$1: has another id than $3.card"
    read -r newest highest < "$t/$3.newest"
    [ "$serial" -gt "$highest" ] || fail "$1: is not newer than $newest"
    if [ "$serial" = $((highest + 1)) ] && former=$(member "$2" .previous); then
        [ "$former" = "$(digest_of < "$newest")" ] || fail "$1: does not follow $newest"
    fi
    printf '%s\n' "$2" >> "$t/$3.cards"
    printf '%s\n' "$1 $serial" > "$t/$3.newest"
}

# history_of WHO: the card of the day and every later one. Sets $id and $key.
history_of() {
    card "$1.card" "$1"
    printf '%s\n' "$1" > "$t/$1.cards"
    printf '%s\n' "$1.card $serial" > "$t/$1.newest"
    for number in $(printf '%s' "$names" | while IFS= read -r name; do
        case $name in "cards/$1-"*.card) name=${name#"cards/$1-"} && printf '%s\n' "${name%.card}" ;; esac
    done | sort -n); do
        younger=cards/$1-$number.card
        card "$younger" "$1-$number"
        [ "$serial" = "$number" ] || fail "$younger: has another serial than its name"
        next_card "$younger" "$1-$number" "$1"
    done
}

# ---- DER, as hexadecimal digits

# der TAG DIGITS: one element with this content.
der() {
    count=$((${#2} / 2))
    if [ $count -lt 128 ]; then
        printf '%s%02x%s' "$1" $count "$2"
    elif [ $count -lt 256 ]; then
        printf '%s81%02x%s' "$1" $count "$2"
    elif [ $count -lt 65536 ]; then
        printf '%s82%04x%s' "$1" $count "$2"
    else
        printf '%s83%06x%s' "$1" $count "$2"
    fi
}

# element FILE DEPTH N: the Nth element at this depth.
element() {
    openssl asn1parse -inform DER -in "$1" 2> "$t/errors" | tr -d ' ' | {
        count=0
        while IFS= read -r line; do
            case $line in *":d=$2hl="*) count=$((count + 1)) ;; esac
            [ $count = "$3" ] && break
        done
        length=${line#*hl=}
        head=${length%%l=*} length=${length#*l=}
        tail -c +$((${line%%:*} + 1)) "$1" | head -c $((head + ${length%%[!0-9]*})) | hex
    }
}

# is_exact FILE CONTENT CERTIFICATE: no bit of this SignedData could have another value. openssl skips over some, such
# as versions, so all of it is written anew and compared, and the signature checked over the attributes as they stand.
is_exact() {
    openssl x509 -in "$3" -outform DER -out "$t/one.der" &&
        openssl x509 -in "$3" -noout -pubkey > "$t/one.pub" || return
    sha256=$(der 30 0609608648016503040201)
    attributes=$(element "$1" 5 9) algorithm=$(element "$1" 5 10) signature=$(element "$1" 5 11)
    pss=$(der 30 "$(der a0 "$sha256")$(der a1 "$(der 30 "06092a864886f70d010108$sha256")")a203020120")
    case $algorithm in
    300a06082a8648ce3d040302) options= ;;
    "$(der 30 "06092a864886f70d01010a$pss")") options='-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32' ;;
    *) return 1 ;;
    esac
    case $signature in
    0482*) value=${signature#????????} ;;
    0481*) value=${signature#??????} ;;
    *) value=${signature#????} ;;
    esac
    signer=$(der 30 "$(element "$t/one.der" 2 4)$(element "$t/one.der" 2 2)")
    signer=$(der 30 "020101$signer$sha256$attributes$algorithm$(der 04 "$value")")
    content=$(der 30 "06092a864886f70d010701$(der a0 "$(der 04 "$(hex < "$2")")")")
    body=020101$(der 31 "$sha256")$content$(der a0 "$(hex < "$t/one.der")")$(der 31 "$signer")
    [ "$(hex < "$1")" = "$(der 30 "06092a864886f70d010702$(der a0 "$(der 30 "$body")")")" ] || return
    octets "31${attributes#a0}" > "$t/attributes"
    octets "$value" > "$t/value"
    openssl dgst -sha256 -verify "$t/one.pub" $options -signature "$t/value" "$t/attributes" > "$t/errors" 2>&1
}

# ---- the folder

# Whether a proof may hold a file of this name.
is_name() {
    case $1 in
    README.txt | record.html | verify.sh | waybill.p7s | receipt.p7s | refusal.p7s) ;;
    checkpoint | checkpoint.later | checkpoint.stamped | timestamp.tsr | tsa.pem) ;;
    sender.card | recipient.card | prover.card) ;;
    cards/sender-*.card | cards/recipient-*.card)
        number=${1#cards/*-}
        is_number "${number%.card}"
        ;;
    entries/*.leaf | entries/*.salt | entries/*.detail | entries/*.tlog-proof | entries/*.stamped)
        number=${1#entries/}
        is_number "${number%.*}"
        ;;
    *) false ;;
    esac
}

is_listed() { case "$nl$names" in *"$nl$1$nl"*) ;; *) false ;; esac; }

check_sums() {
    open_signed SHA256SUMS.p7s sums -noverify || fail "SHA256SUMS.p7s: its signature does not hold"
    alike "$t/sums.json" SHA256SUMS || fail "SHA256SUMS: is not what the prover signed"
    is_text SHA256SUMS || fail "SHA256SUMS: holds control characters"
    names=
    while IFS= read -r line; do
        name=${line#*  }
        is_name "$name" || fail "SHA256SUMS: lists $name, which is no part of a proof"
        [ -f "$name" ] && [ ! -L "$name" ] || fail "$name: is missing"
        [ "$(digest_of < "$name")  $name" = "$line" ] || fail "$name: has been changed (SHA-256 differs)"
        names=$names$name$nl
    done < SHA256SUMS
    for name in README.txt record.html verify.sh waybill.p7s sender.card recipient.card prover.card checkpoint; do
        is_listed "$name" || fail "SHA256SUMS: does not list $name"
    done
    set +f
    for name in * .[!.]* ..?* entries/* entries/.[!.]* entries/..?* cards/* cards/.[!.]* cards/..?*; do
        [ -e "$name" ] || [ -L "$name" ] || continue
        case $name in SHA256SUMS | SHA256SUMS.p7s) continue ;; esac
        case $name in entries | cards) [ -d "$name" ] && [ ! -L "$name" ] && continue ;; esac
        is_name "$name" && is_listed "$name" || fail "$name: is in the folder but not listed in SHA256SUMS"
    done
    set -f
    ok "SHA256SUMS lists every file of this folder, and none has been changed since."
}

check_agencies() {
    card prover.card prover
    prover=$id prover_key=$key
    history_of sender
    sender=$id sender_key=$key
    history_of recipient
    recipient=$id recipient_key=$key
    [ "$sender_key" != "$recipient_key" ] || fail "recipient.card: is by the same identity as sender.card"
    case $prover_key in
    "$sender_key") side=sender other=recipient partner=$recipient partner_key=$recipient_key ;;
    "$recipient_key") side=recipient other=sender partner=$sender partner_key=$sender_key ;;
    *) fail "prover.card: is neither the sender's nor the recipient's" ;;
    esac
    newest=$(tail -n 1 "$t/$side.cards")
    if ! alike "$t/prover.json" "$t/$newest.json"; then
        id=$prover key=$prover_key serial=$(member prover .serial)
        next_card prover.card prover "$side"
    fi
    ok "The cards are each signed by the identity inside them: $(cards_of sender | wc -l) of $sender, \
$(cards_of recipient | wc -l) of $recipient."
    statement SHA256SUMS.p7s prover sums ''
    is_exact SHA256SUMS.p7s SHA256SUMS "$t/one.pem" || fail "SHA256SUMS.p7s: is not in the one spelling of a signature"
    proved=$time
    require_unretired SHA256SUMS.p7s "$t/one.pem" "$side" "$time"
    ok "The $side, $prover, signed this proof."
}

# check_pins SENDER RECIPIENT: the fingerprints given by position, then those given by --identity in $pins.
check_pins() {
    [ "${1:-$sender_key}" = "$sender_key" ] || fail "sender.card: the sender's identity is $sender_key, not $1"
    [ "${2:-$recipient_key}" = "$recipient_key" ] ||
        fail "recipient.card: the recipient's identity is $recipient_key, not $2"
    sender_pin=${1:+pinned} recipient_pin=${2:+pinned}
    for pin in $pins; do
        case $pin in
        "$sender_key") sender_pin=pinned ;;
        "$recipient_key") recipient_pin=pinned ;;
        *) fail "sender.card, recipient.card: neither is by the identity $pin" ;;
        esac
    done
    for pin in $also; do
        [ "$pin" != "$sender_key" ] || sender_pin=pinned
        [ "$pin" != "$recipient_key" ] || recipient_pin=pinned
    done
    say "      sender     $sender, $(member sender .name)"
    say "                 identity $sender_key, ${sender_pin:-NOT PINNED}"
    say "      recipient  $recipient, $(member recipient .name)"
    say "                 identity $recipient_key, ${recipient_pin:-NOT PINNED}"
    [ "$sender_pin$recipient_pin" = pinnedpinned ] ||
        note "NOT PINNED: ask each agency for its fingerprint by another way and compare, or give it as an argument."
}

# ---- the statements

check_parties() { # FILE NAME
    same "$1" "$2" .from "$sender"
    same "$1" "$2" .to "$recipient"
    same "$1" "$2" .fromIdentity "$sender_key"
    same "$1" "$2" .toIdentity "$recipient_key"
}

# A waybill of version 2 says when the file was last modified, one of version 1 does not.
check_waybill() {
    statement waybill.p7s sender waybill waybill/v1 waybill/v2
    modified=
    if [ "$(member waybill .statement)" = waybill/v2 ]; then
        modified=$(member waybill .file.modified) && is_moment "$modified" ||
            fail "waybill.p7s: does not say when its file was modified"
    elif member waybill .file.modified > "$t/one"; then
        fail "waybill.p7s: is of version 1 and says when its file was modified"
    fi
    check_parties waybill.p7s waybill
    digest=$(digest_of < "$t/waybill.json")
    id=$(member waybill .id) && size=$(member waybill .file.size) && sha256=$(member waybill .file.sha256) ||
        fail "waybill.p7s: does not describe a file"
    is_digest "$sha256" && is_number "$size" || fail "waybill.p7s: does not describe a file"
    ok "waybill.p7s is a waybill that $sender signed at $(member waybill .signedAt)."
    say "      consignment $id, file $(member waybill .file.name)"
    say "      $size bytes, SHA-256 $sha256"
    [ -z "$modified" ] || say "      modified $modified, by the sender's file system"
}

check_answer() {
    statement "$answer.p7s" recipient "$answer" "$answer/v1"
    check_parties "$answer.p7s" "$answer"
    same "$answer.p7s" "$answer" .issuer "$recipient"
    same "$answer.p7s" "$answer" .consignment "$id"
    same "$answer.p7s" "$answer" .waybill "$digest"
    at=$(member "$answer" .signedAt)
    event=http://uri.etsi.org/19522/Event/ContentConsignment
    if [ "$answer" = refusal ]; then
        same refusal.p7s refusal .event "${event}Failure"
        ok "refusal.p7s is $recipient's signed refusal of this waybill at $at ($(member refusal .reason))."
        return
    fi
    same receipt.p7s receipt .event "$event"
    same receipt.p7s receipt .file.sha256 "$sha256"
    same receipt.p7s receipt .file.size "$size"
    ok "receipt.p7s is $recipient's signed receipt for this waybill, of the same file, at $at."
}

# ---- the ledger

# ledger_key WHO ID KIND NAME [TIME]: finds the ledger key of WHO whose note key id is ID (C2SP signed-note; KIND 001
# signs notes, 004 countersigns) on its cards and leaves it in $t/ledger.pem and $t/ledger.der. Its certificate must be
# by the identity and, if TIME is given, valid then: a checkpoint by itself has no time.
ledger_key() {
    for shown in $(cards_of "$1"); do
        i=0
        while role=$(member "$shown" ".certificates.$i.role"); do
            at=$i i=$((i + 1))
            [ "$role" = ledger ] || continue
            member "$shown" ".certificates.$at.der" | base64 -d 2> "$t/errors" |
                openssl x509 -inform DER -out "$t/ledger.pem" 2> "$t/errors" || continue
            public_key "$t/ledger.pem" > "$t/ledger.der"
            raw=$(hex < "$t/ledger.der")
            case $raw in 302a300506032b6570032100*) raw=${raw#302a300506032b6570032100} ;; *) continue ;; esac
            short=$({ printf "%s\n\\$3" "$4" && octets "$raw"; } | digest_of | cut -c 1-8)
            [ "$short" = "$2" ] && is_ledger_key "$1" "${5:-}" && return
        done
    done
    return 1
}

is_ledger_key() { # WHO [TIME]
    moment=-no_check_time
    [ -z "$2" ] || moment="-attime $2"
    openssl verify -no-CApath -no-CAstore -CAfile "$t/$1.pem" -purpose any $moment "$t/ledger.pem" > "$t/errors" 2>&1 &&
        has_role "$t/ledger.pem" "$role_ledger"
}

# is_signed FILE SIGNATURE: an Ed25519 signature, as digits, by the key in $t/ledger.der.
is_signed() {
    octets "$2" > "$t/signature"
    openssl pkeyutl -verify -rawin -pubin -inkey "$t/ledger.der" -keyform DER -sigfile "$t/signature" -in "$1" \
        > "$t/errors" 2>&1
}

# countersignature FILE NAME SIGNATURE: one that is not the ledger's own (C2SP tlog-cosignature). The counterparty's
# must be right, and sets $seen if it counts; anybody else's is named and does not count.
countersignature() {
    short=$(printf '%s' "$3" | cut -c 1-8)
    witness=waybill/$partner/$(printf '%s' "$partner_key" | cut -c 1-16)
    if [ "$2" != "$witness" ] || ! ledger_key "$other" "$short" 004 "$witness"; then
        note "$1: the countersignature by $2 is unknown here and does not count"
        return
    fi
    [ ${#3} = 152 ] || fail "$1: the countersignature by $2 is wrong"
    case $3 in ????????0000000*) ;; *) fail "$1: the countersignature by $2 is wrong" ;; esac
    seconds=$((0x$(printf '%s' "$3" | cut -c 9-24)))
    { printf 'cosignature/v1\ntime %s\n' "$seconds" && cat "$t/note"; } > "$t/witnessed"
    is_signed "$t/witnessed" "$(printf '%s' "$3" | cut -c 25-)" || fail "$1: the countersignature by $2 is wrong"
    utc=$(date -u -d "@$seconds" +%Y-%m-%dT%H:%M:%SZ)
    when=$(digits_of "$utc")
    if ! ledger_key "$other" "$short" 004 "$witness" "$seconds"; then
        note "$1: the countersignature by $2 does not count: its key had no valid certificate at $utc"
        return
    fi
    retirement "$t/ledger.pem" "$other"
    if [ "$retired" ] && [ "$day" -le "$when" ]; then
        note "$1: the countersignature by $2 does not count: its key was retired at $retired"
        return
    fi
    ok "$1: $partner countersigned it at $utc."
    if [ -z "$seen" ] || [ "$when" -lt "$seen" ]; then seen=$when; fi
}

# head_of FILE: a checkpoint of the prover's ledger. Leaves its size in $tree, its root in $root, and in $seen when the
# counterparty saw it.
head_of() {
    is_text "$1" || fail "$1: holds control characters"
    { IFS= read -r origin && IFS= read -r tree && IFS= read -r root && IFS= read -r line; } < "$1"
    [ -z "$line" ] && is_number "$tree" || fail "$1: is not a checkpoint"
    root=$(printf '%s' "$root" | base64 -d 2> "$t/errors" | hex)
    is_digest "$root" || fail "$1: has no root"
    case $origin in
    "waybill/$prover/$(printf '%s' "$prover_key" | cut -c 1-16)/"*) ;;
    *) fail "$1: is not of $prover's ledger" ;;
    esac
    head -n 3 "$1" > "$t/note"
    tail -n +5 "$1" > "$t/signatures"
    seen= own=
    while IFS= read -r line; do
        case $line in "— "*" "*) line=${line#"— "} ;; *) fail "$1: has a line that is not a signature" ;; esac
        name=${line%% *}
        signature=$(printf '%s' "${line#* }" | base64 -d 2> "$t/errors" | hex)
        [ ${#signature} -gt 8 ] || fail "$1: has a line that is not a signature"
        if [ "$name" = "$origin" ]; then
            own_signature "$1" "$signature"
        else
            countersignature "$1" "$name" "$signature"
        fi
    done < "$t/signatures"
    [ "$own" ] || fail "$1: is signed by a ledger key that is on no card of the prover's"
    printf '%s %s %s\n' "$tree" "$root" "$seen" > "$t/$1.head"
    ok "$1 is a signed head of $prover's ledger with $tree entries."
}

own_signature() { # FILE SIGNATURE
    short=$(printf '%s' "$2" | cut -c 1-8)
    ledger_key "$side" "$short" 001 "$origin" || return 0
    [ ${#2} = 136 ] && is_signed "$t/note" "${2#"$short"}" || fail "$1: its signature does not hold"
    [ "$own" ] || cp "$t/ledger.pem" "$t/$1.pem"
    own=yes
}

# The head that was stamped: the token is by an authority of tsa.pem, at its own time. Sets $stamped.
check_token() {
    openssl ts -reply -in timestamp.tsr -token_in -text > "$t/token" 2> "$t/errors" ||
        fail "timestamp.tsr: is not a time token"
    at=
    while IFS= read -r line; do case $line in "Time stamp: "*) at=${line#Time stamp: } ;; esac; done < "$t/token"
    seconds=$(date -u -d "$at" +%s 2> "$t/errors") || fail "timestamp.tsr: names no time"
    openssl ts -verify -data "$t/note" -in timestamp.tsr -token_in -CAfile "${authority:-tsa.pem}" -partial_chain \
        -attime "$seconds" > "$t/errors" 2>&1 ||
        fail "timestamp.tsr: is not by an authority of ${authority:-tsa.pem}, over checkpoint.stamped"
    at=$(date -u -d "@$seconds" +%Y-%m-%dT%H:%M:%SZ)
    stamped=$(digits_of "$at")
    ok "timestamp.tsr: an authority of ${authority:-tsa.pem} stamped checkpoint.stamped at $at."
    [ "$authority" ] || note "timestamp.tsr: NOT PINNED: ask the authority itself for its certificate; see --authority."
}

check_heads() {
    stamped= stamps=0
    for name in checkpoint.stamped timestamp.tsr tsa.pem; do
        if is_listed "$name"; then stamps=$((stamps + 1)); else missing=$name; fi
    done
    for head in checkpoint checkpoint.later checkpoint.stamped; do ! is_listed "$head" || head_of "$head"; done
    case $stamps in
    0) ;;
    3) check_token ;;
    *) fail "$missing: is missing beside the rest of a time stamp" ;;
    esac
    for head in checkpoint checkpoint.later checkpoint.stamped; do
        is_listed "$head" || continue
        read -r tree root seen < "$t/$head.head"
        if [ "$head" = checkpoint.stamped ] && { [ -z "$seen" ] || [ "$stamped" -lt "$seen" ]; }; then seen=$stamped; fi
        require_unretired "$head" "$t/$head.pem" "$side" "$proved" "$seen"
    done
}

node() { { printf '\001' && octets "$1$2"; } | digest_of; }

# check_inclusion SEQ PART HEAD: the leaf stands at this place below the root of this head; RFC 9162 section 2.1.3.2.
check_inclusion() {
    entry=entries/$1.$2
    is_listed "$entry" && is_listed "$3" || fail "$entry: is missing, or $3 is"
    read -r tree root seen < "$t/$3.head"
    is_text "$entry" && [ "$1" -lt "$tree" ] || fail "$entry: is not of $3"
    steps=
    {
        IFS= read -r line && IFS= read -r line
        while IFS= read -r line && [ "$line" ]; do steps="$steps $line"; done
    } < "$entry"
    { printf '%s\n' c2sp.org/tlog-proof@v1 "index $1" $steps '' && cat "$3"; } > "$t/expected"
    alike "$entry" "$t/expected" || fail "$entry: is not of $3"
    hash=$({ printf '\000' && cat "entries/$1.leaf"; } | digest_of) fn=$1 sn=$((tree - 1))
    for step in $steps; do
        step=$(printf '%s' "$step" | base64 -d 2> "$t/errors" | hex)
        is_digest "$step" && [ "$sn" -gt 0 ] || fail "$entry: does not lead to the root of $3"
        if [ $((fn % 2)) = 1 ] || [ "$fn" = "$sn" ]; then
            hash=$(node "$step" "$hash")
            while [ $((fn % 2)) = 0 ] && [ "$fn" != 0 ]; do fn=$((fn / 2)) sn=$((sn / 2)); done
        else
            hash=$(node "$hash" "$step")
        fi
        fn=$((fn / 2)) sn=$((sn / 2))
    done
    [ "$sn" = 0 ] && [ "$hash" = "$root" ] || fail "$entry: does not lead to the root of $3"
}

# check_detail SEQ COMMITMENT: the detail is what the leaf commits to; a statement in it is the one shown here.
check_detail() {
    entry=entries/$1
    if ! is_listed "$entry.detail"; then
        note "$entry.leaf: its detail is not shown or has been erased; the leaf stands"
        return
    fi
    is_listed "$entry.salt" && IFS= read -r salt < "$entry.salt" && is_digest "$salt" ||
        fail "$entry.salt: is not a salt"
    mac=$(openssl dgst -sha256 -mac HMAC -macopt "hexkey:$salt" < "$entry.detail" 2> "$t/errors")
    [ "${mac##* }" = "$2" ] || fail "$entry.detail: is not what its leaf commits to"
    [ "$stated" ] || return 0
    tail -c +$(($(head -n 1 "$entry.detail" | wc -c) + 1)) "$entry.detail" > "$t/stated"
    [ -s "$t/stated" ] || return 0
    [ -f "$stated" ] && alike "$t/stated" "$stated" || fail "$entry.detail: holds another statement than $stated"
    case " $recorded " in *" $stated "*) return ;; esac
    recorded="$recorded $stated"
    read -r tree root seen < "$t/checkpoint.head"
    [ "$1" -lt "$tree" ] || seen=
    printf '%s %s\n' "${stamped:--}" "${seen:--}" > "$t/$stated.seen"
}

check_entry() { # SEQ
    leaf=entries/$1.leaf
    is_text "$leaf" && {
        IFS= read -r line && IFS= read -r seq && IFS= read -r at && IFS= read -r kind && IFS= read -r consignment &&
            IFS= read -r other && IFS= read -r commitment
    } < "$leaf" || fail "$leaf: is not a ledger leaf"
    printf '%s\n' waybill-leaf/v1 "$1" "$at" "$kind" "$id" "$partner" "$commitment" > "$t/expected"
    alike "$leaf" "$t/expected" ||
        fail "$leaf: is not entry $1 about this consignment and this partner"
    is_digest "$commitment" || fail "$leaf: commits to nothing"
    case $kind in
    signed | publishing | sent-before | received-before) stated=waybill.p7s ;;
    delivered | received) stated=receipt.p7s ;;
    refused | declined) stated=refusal.p7s ;;
    *) stated= ;;
    esac
    check_detail "$1" "$commitment"
    read -r tree root seen < "$t/checkpoint.head"
    covering=checkpoint
    [ "$1" -lt "$tree" ] || ! is_listed checkpoint.later || covering=checkpoint.later
    check_inclusion "$1" tlog-proof $covering
    if is_listed "entries/$1.stamped" || { [ "$stated" ] && [ "$stamped" ]; }; then
        check_inclusion "$1" stamped checkpoint.stamped
    fi
    kinds="$kinds $kind"
    say "      entry $1: $at $kind"
}

check_ledger() {
    kinds= recorded= entries=
    for name in $names; do
        case $name in entries/*.leaf) ;; *) continue ;; esac
        number=${name#entries/}
        is_listed "${name%.leaf}.tlog-proof" || fail "${name%.leaf}.tlog-proof: is missing"
        entries="$entries ${number%.leaf}"
    done
    for number in $(printf '%s\n' $entries | sort -n); do check_entry "$number"; done
    case $side$answer in
    senderreceipt) expected=delivered ;; senderrefusal) expected=refused ;;
    recipientreceipt) expected=received ;; recipientrefusal) expected=declined ;;
    esac
    case "$kinds " in *" $expected "*) ;; *) fail "entries: none of them is of the kind $expected" ;; esac
    for stated in waybill.p7s "$answer.p7s"; do
        case "$recorded " in *" $stated "*) ;; *) note "$stated: no entry shown here still carries it" ;; esac
    done
    ok "Each entry stands in that ledger, and the statements in them are those of this proof, byte for byte."
}

# ---- times

# check_time FILE NAME WHO: a statement's own date against what others saw, its key's retirement, its certificate's end.
# Leaves the best time that somebody else names in $seen, and who in $by.
check_time() {
    seen= by= first=
    if [ -f "$t/$1.seen" ]; then
        read -r best second < "$t/$1.seen"
        [ "$second" = - ] || seen=$second by=$partner
        first=$seen
        if [ "$best" != - ]; then
            seen=$best by="a time authority"
            if [ -z "$first" ] || [ "$best" -lt "$first" ]; then first=$best; fi
        fi
    fi
    read -r time < "$t/$2.time" || :
    retirement "$t/$2.signer" "$3"
    if [ -z "$retired" ]; then
        :
    elif [ "$first" ] && [ "$first" -lt "$day" ]; then
        note "$1: the key that signed it was retired at $retired; it was seen before, by $(readable "$first")"
    elif [ "$time" -lt "$day" ]; then
        note "$1: the key that signed it was retired at $retired, and only its own date puts it before that"
    else
        fail "$1: the key that signed it was retired at $retired"
    fi
    [ "$seen" ] || return 0
    openssl verify -no-CApath -no-CAstore -CAfile "$t/$3.pem" -purpose any -attime "$(epoch "$seen")" "$t/$2.signer" \
        > "$t/errors" 2>&1 ||
        note "$1: its certificate was not valid at $(readable "$seen"), when it was seen; its own date is before"
    [ "$(epoch "$time")" -le $(($(epoch "$seen") + 120)) ] ||
        note "$1: its own date is later than $(readable "$seen"), when it was seen: a clock was wrong"
}

# What the verdict rests on.
tell_times() {
    [ -f "$t/$answer.p7s.seen" ] && read -r best second < "$t/$answer.p7s.seen" || second=-
    [ "$second" != - ] || note "No countersignature by $partner covers the statements: that ledger is the word of \
$prover only."
    case $by in
    '') note "All times are claimed by their signers." ;;
    "$partner") note "Both statements were seen by $(readable "$seen"), by $partner; other times are claimed." ;;
    *) note "Both statements were seen by $(readable "$seen"), by a time authority." ;;
    esac
}

# ---- a set of proofs

# Whether a set may hold a file of this name. Sets $inner, and $one to the folder of the proof that it belongs to.
is_name_of_set() {
    one= inner=$1
    case $1 in
    README.txt | index.html | index.csv | verify.sh | prover.card) return ;;
    deliveries/*/*) inner=${1#deliveries/*/} ;;
    *) return 1 ;;
    esac
    one=${1%"/$inner"}
    case ${one#deliveries/} in '' | *[!0-9a-f-]*) return 1 ;; esac
    case $inner in SHA256SUMS | SHA256SUMS.p7s) ;; *) is_name "$inner" ;; esac
}

# The prover signed one line, the digest of the list; the list is true; and each proof in it holds by itself.
check_set() {
    [ -z "$delivered" ] || fail "--file: a set has many files: name the folder of one proof in it"
    card prover.card prover
    prover=$id && printf 'prover\n' > "$t/prover.cards"
    say "      prover     $prover, $(member prover .name)"
    say "                 identity $key"
    statement SHA256SUMS.p7s prover sums ''
    require_unretired SHA256SUMS.p7s "$t/one.pem" prover "$time"
    printf '%s  SHA256SUMS\n' "$(digest_of < SHA256SUMS)" > "$t/seal"
    alike "$t/sums.json" "$t/seal" || fail "SHA256SUMS: is not what the prover signed"
    is_exact SHA256SUMS.p7s "$t/seal" "$t/one.pem" || fail "SHA256SUMS.p7s: is not in the one spelling of a signature"
    proofs= names=
    while IFS= read -r line; do
        name=${line#*  }
        is_name_of_set "$name" || fail "SHA256SUMS: lists $name, which is no part of a set of proofs"
        [ -f "$name" ] && [ ! -L "$name" ] || fail "$name: is missing"
        [ "$inner" != SHA256SUMS.p7s ] || proofs=$proofs$one$nl
        [ "$one" ] || names=$names$name$nl
    done < SHA256SUMS
    sha256sum -c --quiet --strict SHA256SUMS > "$t/changed" 2> "$t/errors" || {
        IFS= read -r line < "$t/changed"
        fail "${line%: FAILED*}: has been changed (SHA-256 differs)"
    }
    names=$names$proofs
    for name in README.txt index.html index.csv verify.sh prover.card; do
        is_listed "$name" || fail "SHA256SUMS: does not list $name"
    done
    set +f
    for name in * .[!.]* ..?* deliveries/* deliveries/.[!.]* deliveries/..?*; do
        [ -e "$name" ] || [ -L "$name" ] || continue
        case $name in SHA256SUMS | SHA256SUMS.p7s) continue ;; esac
        [ "$name" = deliveries ] && [ -d deliveries ] && [ ! -L deliveries ] && continue
        is_listed "$name" && [ ! -L "$name" ] || fail "$name: is in the folder but not listed in SHA256SUMS"
    done
    set -f
    ok "SHA256SUMS lists every file of this set, and none has been changed since $prover signed it."
    total=0 proved=PROVED
    for pin in $first $second $pins; do also="$also --also $pin"; done
    for one in $proofs; do
        sh "$self" "$one" ${authority:+--authority "$authority"} $also > "$t/one" || fail "$one: $(tail -n 1 "$t/one")"
        line=$(tail -n 1 "$t/one") total=$((total + 1))
        case $line in "PROVED: "*) ;; *) proved="PROVED, if the fingerprints are theirs" ;; esac
        ok "$one: $line"
    done
    note "What index.html and index.csv tell beyond these proofs is the word of $prover."
    say "$proved: $total deliveries."
}

# ---- what was asked for

t=$(mktemp -d) || exit 2
trap 'rm -rf "$t"' EXIT
trap 'exit 1' HUP INT TERM

# A fingerprint as people write them, with colons and capitals perhaps, or that of a certificate in a PEM file.
fingerprint() {
    if [ -f "$1" ]; then fingerprint_of "$1"; else printf '%s' "$1" | tr -d ': ' | tr A-F a-f; fi
}

folder=. delivered= authority= pins= also= first= second=
case $0 in /*) self=$0 ;; *) self=$PWD/$0 ;; esac
while [ $# -gt 0 ]; do
    case $1 in
    --file | --identity | --authority | --also) [ $# -gt 1 ] || usage ;;
    -*) usage ;;
    esac
    case $1 in
    --file)
        [ -f "$2" ] && [ -r "$2" ] || usage
        case $2 in /*) delivered=$2 ;; *) delivered=$PWD/$2 ;; esac
        shift
        ;;
    --authority)
        [ -f "$2" ] && [ -r "$2" ] || usage
        case $2 in /*) authority=$2 ;; *) authority=$PWD/$2 ;; esac
        shift
        ;;
    --also) # a pin of a set: of this proof perhaps, or of another
        is_digest "$2" || usage
        also="$also $2"
        shift
        ;;
    --identity)
        is_digest "$(fingerprint "$2")" || usage
        pins="$pins $(fingerprint "$2")"
        shift
        ;;
    *)
        if [ -d "$1" ]; then folder=$1; elif is_digest "$(fingerprint "$1")" && [ -z "$second" ]; then
            if [ "$first" ]; then second=$(fingerprint "$1"); else first=$(fingerprint "$1"); fi
        else
            usage
        fi
        ;;
    esac
    shift
done
cd "$folder" || exit 2
[ -f SHA256SUMS ] && [ -f SHA256SUMS.p7s ] || fail "SHA256SUMS, SHA256SUMS.p7s: are missing; this is not a proof"

if [ -d deliveries ]; then
    check_set
    exit
fi
check_sums
check_agencies
check_pins "$first" "$second"
answer=receipt
! is_listed refusal.p7s || answer=refusal
is_listed "$answer.p7s" || fail "$answer.p7s: is missing"
! is_listed receipt.p7s || ! is_listed refusal.p7s || fail "refusal.p7s: stands beside a receipt"
check_waybill
check_answer
check_heads
check_ledger
check_time waybill.p7s waybill sender
check_time "$answer.p7s" "$answer" recipient
if [ "$delivered" ]; then
    [ "$(digest_of < "$delivered")" = "$sha256" ] || fail "--file: is not the file that the waybill describes"
    ok "The file you gave is the one that the waybill describes."
fi
tell_times
[ "$sender_pin$recipient_pin" = pinnedpinned ] && proved=PROVED || proved="PROVED, if those fingerprints are theirs"
if [ "$answer" = receipt ]; then
    say "$proved: $sender sent this file to $recipient, and $recipient signed that it holds it."
else
    say "$proved: $sender sent this waybill to $recipient, and $recipient signed that it refused it."
fi
