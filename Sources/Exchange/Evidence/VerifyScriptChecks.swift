// swift-format-ignore-file
extension VerifyScript {
    /// Part of `verify.sh`: the folder and the statements.
    static let checks = #"""
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


"""#
}
