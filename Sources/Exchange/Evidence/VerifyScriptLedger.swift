// swift-format-ignore-file
extension VerifyScript {
    /// Part of `verify.sh`: the ledger and the order of the checks.
    static let ledger = #"""
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

"""#
}
