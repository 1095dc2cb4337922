// swift-format-ignore-file
extension VerifyScript {
    /// Part of `verify.sh`: the ledger and times.
    static let ledger = #"""
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


"""#
}
