// swift-format-ignore-file
extension VerifyScript {
    /// Part of `verify.sh`: certificates, signatures and DER.
    static let signatures = #"""
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


"""#
}
