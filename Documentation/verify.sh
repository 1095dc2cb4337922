#!/bin/sh
# verify.sh: checks a Waybill proof of one delivery with sh, coreutils and openssl 3.0 or later, and nothing else.
#
#   sh verify.sh [FOLDER] [--file FILE] [SENDER RECIPIENT]
#   sh verify.sh [FOLDER] [--file FILE] [--identity FINGERPRINT]...
#
# FOLDER             the proof; the current folder if none is given
# --file FILE        the delivered file: must be the one that the waybill describes
# SENDER, RECIPIENT  the fingerprints that you know from elsewhere to be theirs: 64 hexadecimal digits each
# --identity         one such fingerprint, or a PEM file of an identity certificate: must be one of the two
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
    say "usage: sh verify.sh [FOLDER] [--file FILE] [--identity FINGERPRINT]... [SENDER RECIPIENT]" >&2
    exit 2
}

is_digest() { [ ${#1} = 64 ] && case $1 in *[!0-9a-f]*) false ;; esac; }
is_number() { [ ${#1} -le 18 ] && case $1 in 0) ;; '' | 0* | *[!0-9]*) false ;; esac; }

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

# require_unretired FILE CERTIFICATE CARD TIME: the key must not have been retired before this time.
require_unretired() {
    key=$(fingerprint_of "$2") i=0
    while retired=$(member "$3" ".retired.$i.fingerprint"); do
        at=$(member "$3" ".retired.$i.at") i=$((i + 1))
        [ "$retired" = "$key" ] || continue
        [ "$(digits_of "$at")" -gt "$4" ] || fail "$1: the key that signed it was retired at $at"
        note "$1: the key that signed it was retired later, at $at"
    done
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

# statement FILE WHO NAME KIND: a statement by the signing key of WHO.
statement() {
    time=$(signing_time "$1") || fail "$1: does not say when it was signed"
    vouched "$1" "$2" "$time" "$3"
    has_role "$t/one.pem" "$role_signing" || fail "$1: is signed by a key that is not for signing"
    require_unretired "$1" "$t/one.pem" "$2" "$time"
    [ "$2" != "$side" ] || require_unretired "$1" "$t/one.pem" prover "$time"
    [ "$4" ] || return 0
    parse "$1" "$3"
    same "$1" "$3" .statement "$4"
    [ "$(digits_of "$(member "$3" .signedAt)")" = "$time" ] || fail "$1: signedAt is not the time in its signature"
}

# card WHO: a card, signed by the identity inside it. Sets $id and $key and leaves the identity in $t/WHO.pem.
card() {
    time=$(signing_time "$1.card") || fail "$1.card: does not say when it was signed"
    open_signed "$1.card" "$1" -noverify || fail "$1.card: its signature does not hold"
    cp "$t/one.pem" "$t/$1.pem"
    vouched "$1.card" "$1" "$time" "$1"
    alike "$t/one.pem" "$t/$1.pem" || fail "$1.card: is not signed by its identity"
    parse "$1.card" "$1"
    same "$1.card" "$1" .statement card/v1
    [ "$(digits_of "$(member "$1" .issuedAt)")" = "$time" ] || fail "$1.card: issuedAt is not the time in its signature"
    id=$(member "$1" .id) || fail "$1.card: names no agency"
    key=$(fingerprint_of "$t/$1.pem")
    is_digest "$key" || fail "$1.card: its identity has no key"
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
    README.txt | verify.sh | checkpoint | waybill.p7s | receipt.p7s | refusal.p7s) ;;
    sender.card | recipient.card | prover.card) ;;
    entries/*.leaf | entries/*.salt | entries/*.detail | entries/*.tlog-proof)
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
    for name in README.txt verify.sh waybill.p7s sender.card recipient.card prover.card checkpoint; do
        is_listed "$name" || fail "SHA256SUMS: does not list $name"
    done
    set +f
    for name in * .[!.]* ..?* entries/* entries/.[!.]* entries/..?*; do
        [ -e "$name" ] || [ -L "$name" ] || continue
        case $name in SHA256SUMS | SHA256SUMS.p7s) continue ;; esac
        [ "$name" = entries ] && [ -d entries ] && [ ! -L entries ] && continue
        is_name "$name" && is_listed "$name" || fail "$name: is in the folder but not listed in SHA256SUMS"
    done
    set -f
    ok "SHA256SUMS lists every file of this folder, and none has been changed since."
}

check_agencies() {
    card prover && prover=$id prover_key=$key
    card sender && sender=$id sender_key=$key
    card recipient && recipient=$id recipient_key=$key
    [ "$sender_key" != "$recipient_key" ] || fail "recipient.card: is by the same identity as sender.card"
    case $prover_key in
    "$sender_key") side=sender partner=$recipient day_id=$sender ;;
    "$recipient_key") side=recipient partner=$sender day_id=$recipient ;;
    *) fail "prover.card: is neither the sender's nor the recipient's" ;;
    esac
    [ "$prover" = "$day_id" ] || fail "prover.card: has another id than $side.card"
    [ "$(member prover .serial)" -ge "$(member "$side" .serial)" ] || fail "prover.card: is older than $side.card"
    ok "The three cards are each signed by the identity inside them."
    statement SHA256SUMS.p7s prover sums ''
    is_exact SHA256SUMS.p7s SHA256SUMS "$t/one.pem" || fail "SHA256SUMS.p7s: is not in the one spelling of a signature"
    proved=$time
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

check_waybill() {
    statement waybill.p7s sender waybill waybill/v1
    check_parties waybill.p7s waybill
    digest=$(digest_of < "$t/waybill.json")
    id=$(member waybill .id) && size=$(member waybill .file.size) && sha256=$(member waybill .file.sha256) ||
        fail "waybill.p7s: does not describe a file"
    is_digest "$sha256" && is_number "$size" || fail "waybill.p7s: does not describe a file"
    ok "waybill.p7s is a waybill that $sender signed at $(member waybill .signedAt)."
    say "      consignment $id, file $(member waybill .file.name)"
    say "      $size bytes, SHA-256 $sha256"
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

# Finds the prover's ledger key whose note key id is $1 and writes it to $t/ledger.pub; see C2SP signed-note.
find_ledger_key() {
    i=0
    while role=$(member prover ".certificates.$i.role"); do
        at=$i i=$((i + 1))
        [ "$role" = ledger ] || continue
        member prover ".certificates.$at.der" | base64 -d 2> "$t/errors" |
            openssl x509 -inform DER -out "$t/ledger.pem" 2> "$t/errors" || continue
        public_key "$t/ledger.pem" > "$t/ledger.der"
        raw=$(hex < "$t/ledger.der")
        case $raw in 302a300506032b6570032100*) raw=${raw#302a300506032b6570032100} ;; *) continue ;; esac
        short=$({ printf '%s\n\001' "$origin" && octets "$raw"; } | digest_of | cut -c 1-8)
        [ "$short" = "$1" ] && return
    done
    return 1
}

check_checkpoint() {
    is_text checkpoint || fail "checkpoint: holds control characters"
    { IFS= read -r origin && IFS= read -r tree && IFS= read -r root && IFS= read -r line; } < checkpoint
    [ -z "$line" ] && is_number "$tree" || fail "checkpoint: is not a checkpoint"
    root=$(printf '%s' "$root" | base64 -d 2> "$t/errors" | hex)
    is_digest "$root" || fail "checkpoint: has no root"
    case $origin in
    "waybill/$prover/$(printf '%s' "$prover_key" | cut -c 1-16)/"*) ;;
    *) fail "checkpoint: is not of $prover's ledger" ;;
    esac
    head -n 3 checkpoint > "$t/note"
    tail -n +5 checkpoint > "$t/signatures"
    signature=
    while IFS= read -r line; do
        case $line in "— $origin "*) signature=${line#"— $origin "} ;; esac
    done < "$t/signatures"
    signature=$(printf '%s' "$signature" | base64 -d 2> "$t/errors" | hex)
    [ ${#signature} = 136 ] || fail "checkpoint: is not signed by its ledger"
    short=$(printf '%s' "$signature" | cut -c 1-8)
    find_ledger_key "$short" || fail "checkpoint: is signed by a ledger key that is not in prover.card"
    openssl verify -no-CApath -no-CAstore -CAfile "$t/prover.pem" -purpose any -no_check_time "$t/ledger.pem" \
        > "$t/errors" 2>&1 && has_role "$t/ledger.pem" "$role_ledger" ||
        fail "prover.card: its ledger key is not vouched for by its identity"
    require_unretired checkpoint "$t/ledger.pem" prover "$proved"
    octets "${signature#"$short"}" > "$t/signature"
    openssl pkeyutl -verify -rawin -pubin -inkey "$t/ledger.der" -keyform DER -sigfile "$t/signature" \
        -in "$t/note" > "$t/errors" 2>&1 || fail "checkpoint: its signature does not hold"
    ok "checkpoint is a signed head of $prover's ledger with $tree entries."
}

node() { { printf '\001' && octets "$1$2"; } | digest_of; }

# check_inclusion SEQ: the leaf stands at this place below the root; RFC 9162 section 2.1.3.2.
check_inclusion() {
    entry=entries/$1.tlog-proof
    is_text "$entry" && [ "$1" -lt "$tree" ] || fail "$entry: is not of this checkpoint"
    steps=
    {
        IFS= read -r line && IFS= read -r line
        while IFS= read -r line && [ "$line" ]; do steps="$steps $line"; done
    } < "$entry"
    { printf '%s\n' c2sp.org/tlog-proof@v1 "index $1" $steps '' && cat checkpoint; } > "$t/expected"
    alike "$entry" "$t/expected" ||
        fail "$entry: is not of this checkpoint"
    hash=$({ printf '\000' && cat "entries/$1.leaf"; } | digest_of) fn=$1 sn=$((tree - 1))
    for step in $steps; do
        step=$(printf '%s' "$step" | base64 -d 2> "$t/errors" | hex)
        is_digest "$step" && [ "$sn" -gt 0 ] || fail "$entry: does not lead to the root of the checkpoint"
        if [ $((fn % 2)) = 1 ] || [ "$fn" = "$sn" ]; then
            hash=$(node "$step" "$hash")
            while [ $((fn % 2)) = 0 ] && [ "$fn" != 0 ]; do fn=$((fn / 2)) sn=$((sn / 2)); done
        else
            hash=$(node "$hash" "$step")
        fi
        fn=$((fn / 2)) sn=$((sn / 2))
    done
    [ "$sn" = 0 ] && [ "$hash" = "$root" ] || fail "$entry: does not lead to the root of the checkpoint"
}

# check_detail SEQ KIND COMMITMENT: the detail is what the leaf commits to; a statement in it is the one shown here.
check_detail() {
    entry=entries/$1
    if ! is_listed "$entry.detail"; then
        note "$entry.leaf: its detail has been erased; the leaf shows that such an event stood there"
        return
    fi
    is_listed "$entry.salt" && IFS= read -r salt < "$entry.salt" && is_digest "$salt" ||
        fail "$entry.salt: is not a salt"
    mac=$(openssl dgst -sha256 -mac HMAC -macopt "hexkey:$salt" < "$entry.detail" 2> "$t/errors")
    [ "${mac##* }" = "$3" ] || fail "$entry.detail: is not what its leaf commits to"
    case $2 in
    signed | publishing) stated=waybill.p7s ;;
    delivered | received) stated=receipt.p7s ;;
    refused | declined) stated=refusal.p7s ;;
    *) return 0 ;;
    esac
    tail -c +$(($(head -n 1 "$entry.detail" | wc -c) + 1)) "$entry.detail" > "$t/stated"
    [ -s "$t/stated" ] || return 0
    [ -f "$stated" ] && alike "$t/stated" "$stated" || fail "$entry.detail: holds another statement than $stated"
    recorded="$recorded $stated"
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
    check_detail "$1" "$kind" "$commitment"
    check_inclusion "$1"
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

# ---- what was asked for

t=$(mktemp -d) || exit 2
trap 'rm -rf "$t"' EXIT
trap 'exit 1' HUP INT TERM

# A fingerprint as people write them, with colons and capitals perhaps, or that of a certificate in a PEM file.
fingerprint() {
    if [ -f "$1" ]; then fingerprint_of "$1"; else printf '%s' "$1" | tr -d ': ' | tr A-F a-f; fi
}

folder=. delivered= pins= first= second=
while [ $# -gt 0 ]; do
    case $1 in
    --file | --identity) [ $# -gt 1 ] || usage ;;
    -*) usage ;;
    esac
    case $1 in
    --file)
        [ -f "$2" ] && [ -r "$2" ] || usage
        case $2 in /*) delivered=$2 ;; *) delivered=$PWD/$2 ;; esac
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

check_sums
check_agencies
check_pins "$first" "$second"
answer=receipt
! is_listed refusal.p7s || answer=refusal
is_listed "$answer.p7s" || fail "$answer.p7s: is missing"
! is_listed receipt.p7s || ! is_listed refusal.p7s || fail "refusal.p7s: stands beside a receipt"
check_waybill
check_answer
check_checkpoint
check_ledger
if [ "$delivered" ]; then
    [ "$(digest_of < "$delivered")" = "$sha256" ] || fail "--file: is not the file that the waybill describes"
    ok "The file you gave is the one that the waybill describes."
fi
note "All times are claimed by their signers. No countersignature: that ledger is the word of $prover alone."
[ "$sender_pin$recipient_pin" = pinnedpinned ] && proved=PROVED || proved="PROVED, if those fingerprints are theirs"
if [ "$answer" = receipt ]; then
    say "$proved: $sender sent this file to $recipient, and $recipient signed that it holds it."
else
    say "$proved: $sender sent this waybill to $recipient, and $recipient signed that it refused it."
fi
