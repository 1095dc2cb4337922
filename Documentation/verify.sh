#!/bin/sh
# verify.sh: checks a Waybill proof of one delivery, or a set of them, with sh, coreutils and openssl 3.0 or later, and
# nothing else.
#
#   sh verify.sh [FOLDER] [--file FILE] [--card CARD]... [--authority PEM] [SENDER RECIPIENT]
#   sh verify.sh [FOLDER] [--file FILE] [--card CARD]... [--authority PEM] [--identity FINGERPRINT]...
#
# FOLDER             the proof, or a set with a folder "deliveries"; the current folder if none is given
# --file FILE        the delivered file: must be the one that the waybill describes
# SENDER, RECIPIENT  the fingerprints that you know from elsewhere to be theirs: 64 hexadecimal digits each
# --identity         one such fingerprint, or a PEM file of an identity certificate: must be one of the two
# --card CARD        an agency's newest card, from the agency itself: it names the keys that were retired since
# --authority PEM    a time authority's certificate as you have it from the authority: without it no time stamp counts
#
# Exit status: 0 all that was checked holds; 1 something does not, and the first such thing is named; 2 wrong usage.
# The last line is the verdict. "PROVED": both agencies signed, and the agency that did not make this proof, or a time
# authority that you named, saw it. "claimed by the prover": the signatures hold, and nobody else saw it.
# Only printable ASCII is written; any other byte is shown as '?'. Take this file from somewhere else than from the
# proof: whoever forges a proof forges its verify.sh as well. The formats are in Waybill's Documentation.

set -uf
LC_ALL=C
export LC_ALL
umask 077
nl='
'
blank=$(printf ' \t\n.') && blank=${blank%.}
IFS=$blank
# The extension that says what a key is for: critical, and nothing but 2.25.71466158941485835307149360238295348366.1 for
# signing, .4 for ledgers.
role_signing=0603551d250101ff04183016061469ebc3f0ebabd2f2a88bbdd6b4cf99c7d5e90e01
role_ledger=${role_signing%1}4

# ---- words

say() {
    case $1 in
    *[!\ -~]*) printf '%s' "$1" | tr -c '\040-\176' '?' && printf '\n' ;;
    *) printf '%s\n' "$1" ;;
    esac
}
ok() { say "OK    $1"; }
note() { say "NOTE  $1"; }
fail() { say "FAIL  $1" && exit 1; }
usage() {
    say "usage: sh verify.sh [FOLDER] [--file FILE] [--card CARD]... [--authority PEM] [--identity FINGERPRINT]... \
[FINGERPRINTS]" >&2
    exit 2
}

is_digest() { [ ${#1} = 64 ] && case $1 in *[!0-9a-f]*) false ;; esac; }
is_number() { [ ${#1} -le 18 ] && case $1 in 0) ;; '' | 0* | *[!0-9]*) false ;; esac; }

# ---- bytes

# digest_of FILE: sets $digest to 64 hexadecimal digits.
digest_of() { digest=$(sha256sum < "$1") digest=${digest%% *}; }
alike() { digest_of "$1" && former=$digest && digest_of "$2" && [ "$digest" = "$former" ]; }
hex() { od -An -tx1 -v | tr -d ' \n'; }

# Writes the bytes that hexadecimal digits name.
octets() {
    rest=$1 bytes=
    while [ "$rest" ]; do
        tail=${rest#??}
        byte=$((0x${rest%"$tail"})) rest=$tail
        bytes="$bytes\\$((byte / 64))$((byte / 8 % 8))$((byte % 8))"
    done
    printf "$bytes"
}

# has_no FILE CONTROL-CHARACTERS: whether none of these is in the file.
has_no() { [ "$(tr -cd "$2" < "$1" | wc -c)" -eq 0 ]; }
# Whether a file is text: no control character but the line feed.
is_text() { has_no "$1" '\000-\011\013-\037\177'; }

# read_text FILE: its content into $content, all of it; only for what is_text.
read_text() { content=$(cat "$1" && printf .) && content=${content%.}; }

# ---- JSON: statements have one spelling only (no spaces, plain member names), which makes this short

# parse FILE NAME: reads $t/NAME.json, which came out of FILE. Each scalar becomes a variable, such as
# v_waybill_file_size; list items count from 0. Cut at its quotation marks, JSON is signs and texts by turns.
parse() {
    has_no "$t/$2.json" '\000-\037\177' || fail "$1: holds control characters"
    shown=$1 path=$2 wants=value open= inside= text=
    IFS='"'
    set -- $(cat "$t/$2.json")
    IFS=$blank
    for piece; do
        if [ -z "$inside" ]; then
            signs || fail "$shown: is not JSON in the spelling of a statement"
            inside=yes text=
            continue
        fi
        text=$text$piece slashes=${piece##*[!\\]}
        if [ $((${#slashes} % 2)) = 1 ]; then
            text="$text\""
        else
            string || fail "$shown: is not JSON in the spelling of a statement"
            inside=
        fi
    done
    [ "$wants$open" = end ] || fail "$shown: is not JSON in the spelling of a statement"
}

string() {
    case $wants in
    name)
        case $text in '' | *[!A-Za-z0-9]*) return 1 ;; esac
        path=${path}_$text wants=colon
        ;;
    value) put "$text" ;;
    *) return 1 ;;
    esac
}

# A member stands only once.
put() { wants=end && eval "[ -z \"\${v_$path+yes}\" ] && v_$path=\$1"; }

signs() {
    while [ "$piece" ]; do
        case $wants$piece in
        'value{}'* | 'value[]'*) wants=end piece=${piece#??} ;;
        'value{'*) wants=name open="{$open" piece=${piece#?} ;;
        'value['*) path=${path}_0 open="[$open" piece=${piece#?} ;;
        value[-0-9tf]*)
            word=${piece%%[!-0-9a-z]*}
            piece=${piece#"$word"}
            put "$word" || return
            ;;
        colon:*) wants=value piece=${piece#?} ;;
        end*) after_value || return ;;
        *) return 1 ;;
        esac
    done
}

# After a value: a comma, or the end of an object or a list.
after_value() {
    case $open in '{'*) in='{' ;; '['*) in='[' ;; *) return 1 ;; esac
    case $in$piece in
    '{,'*) path=${path%_*} wants=name ;;
    '[,'*) path=${path%_*}_$((${path##*_} + 1)) wants=value ;;
    '{}'* | '[]'*) path=${path%_*} open=${open#?} ;;
    *) return 1 ;;
    esac
    piece=${piece#?}
}

# member NAME_PATH: sets $value; false if there is no such member.
member() { eval "value=\${v_$1-} && [ \"\${v_$1+yes}\" ]"; }

# same FILE NAME_PATH VALUE: requires a member to have this value.
same() { member "$2" && [ "$value" = "$3" ] || fail "$1: its member ${2#*_} is not $3"; }

# ---- times: YYYYMMDDHHMMSS, UTC

# digits_of MOMENT: sets $digits; false unless it is as statements write moments: 2026-01-31T09:30:00.000Z
digits_of() {
    case $1 in
    [0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]Z) ;;
    *) return 1 ;;
    esac
    IFS=-T:.Z
    set -- $1
    IFS=$blank
    digits=$1$2$3$4$5$6
}

# moment DIGITS: sets $moment, such as 2026-01-31T09:30:00Z
moment() {
    day=${1#????} hour=${1#????????}
    moment=${1%??????????}-${day%????????}-
    day=${day#??} minute=${hour#??}
    moment=$moment${day%??????}T${hour%????}:${minute%??}:${minute#??}Z
}

# Seconds since 1970.
epoch() { moment "$1" && date -u -d "$moment" +%s; }

# ---- DER: a tag, a length, and so many bytes of content; here each byte as two hexadecimal digits

# element BYTES: what begins with these: sets $tag, $head (bytes before its content) and $size (bytes of it).
element() {
    tag=$1 head=2 size=$((0x$2))
    case $2 in
    [0-7]?) ;;
    81) head=3 size=$((0x$3)) ;;
    82) head=4 size=$((0x$3$4)) ;;
    83) head=5 size=$((0x$3$4$5)) ;;
    *) return 1 ;;
    esac
}

# The parts of a certificate, and of a signature by one key with its certificate. A tag with > is gone into, one with a
# name is noted, and all must be there in this order.
certificate_parts='30=certificate> 30> a0 02=serial 30 30=issuer 30 30 30=key a3=extensions 30 03'
signature_parts="30> 06 a0> 30> 02 31 30 a0> $certificate_parts \
31> 30> 02 30 30 a0=attributes 30=algorithm 04=signature"

# dissect FILE PARTS: sets NAME_at and NAME_size for each part with a name, and $whole to all of the file.
dissect() {
    at=0 parts=$2
    set -- $(od -An -v -tx1 < "$1") 00 00 00 00
    IFS=
    whole=$* && whole=${whole%00000000}
    IFS=$blank
    for part in $parts; do
        [ $# -gt 4 ] && element "$1" "$2" "$3" "$4" "$5" && [ "$tag" = "${part%%[=>]*}" ] || return
        name=${part#*=}
        case $part in *=*) eval "${name%>}_at=\$at ${name%>}_size=\$((head + size))" ;; esac
        case $part in *\>) size=0 ;; esac
        [ $# -ge $((head + size + 4)) ] || return
        shift $((head + size))
        at=$((at + head + size))
    done
    [ $# = 4 ]
}

# bytes_of NAME: writes the digits of a part that was noted. slice FILE NAME: writes its bytes.
bytes_of() { eval "printf '%s' \"\$whole\" | cut -c \$(($1_at * 2 + 1))-\$((($1_at + $1_size) * 2))"; }
slice() { eval "tail -c +\$(($2_at + 1)) \"\$1\" | head -c \$$2_size"; }

# look FILE PARTS: dissects, and sets $key to the SHA-256 of the public key in it. Leaves that key in $t/key and the
# certificate in $t/certificate.
look() {
    dissect "$1" "$2" || return
    slice "$1" key > "$t/key"
    slice "$1" certificate > "$t/certificate"
    digest_of "$t/key"
    key=$digest
}

# has_role ROLE: whether what was looked at last is for this and nothing else. Basic constraints (2.5.29.19) that are
# not empty speak of issuing others: whoever may do that has no role.
has_role() {
    extent=$(bytes_of extensions)
    case $extent in
    *0603551d13*0603551d13*) return 1 ;;
    *0603551d130101ff04023000* | *0603551d1304023000*) ;;
    *0603551d13*) return 1 ;;
    esac
    case $extent in *"$1"*) ;; *) false ;; esac
}

# pem NAME: keeps the certificate that was looked at last as openssl wants it.
pem() {
    {
        printf '%s\n' '-----BEGIN CERTIFICATE-----'
        base64 < "$t/certificate"
        printf '%s\n' '-----END CERTIFICATE-----'
    } > "$t/$1.pem"
}

# look_at_signature FILE: also sets $time to the time of signing that it names; false unless it does so exactly once.
look_at_signature() {
    look "$1" "$signature_parts" || return
    stamp=$(bytes_of attributes) && stamp=${stamp#*06092a864886f70d01090531}
    case $stamp in *06092a864886f70d01090531*) return 1 ;; esac
    case $stamp in 0f170d*) stamp=3230${stamp#??????} ;; 11180f*) stamp=${stamp#??????} ;; *) return 1 ;; esac
    time=
    while [ ${#time} -lt 14 ]; do
        case $stamp in 3[0-9]*) stamp=${stamp#?} ;; *) return 1 ;; esac
        time=$time${stamp%"${stamp#?}"} stamp=${stamp#?}
    done
    case $stamp in 5a*) ;; *) return 1 ;; esac
}

# ---- certificates and signatures

# retirement KEY WHO: sets $retired to when this key was retired, the earliest that any card of WHO says; or to
# nothing, if none does. $retired_at is the same as YYYYMMDDHHMMSS.
retirement() {
    retired= retired_at=
    eval "cards=\$cards_$2"
    for shown in $cards; do
        i=0
        while member "${shown}_retired_${i}_fingerprint"; do
            named=$value
            member "${shown}_retired_${i}_at" && digits_of "$value" || fail "$2: its card does not say when a key ended"
            i=$((i + 1))
            [ "$named" = "$1" ] || continue
            [ "$retired" ] && [ "$digits" -ge "$retired_at" ] || retired=$value retired_at=$digits
        done
    done
}

# require_unretired FILE KEY WHO TIME [SEEN]: the key must not have been retired by TIME, unless somebody else had seen
# what it signed before.
require_unretired() {
    retirement "$2" "$3"
    [ "$retired" ] && [ "$retired_at" -le "$4" ] || return 0
    [ "${5:-}" ] && [ "$5" -lt "$retired_at" ] || fail "$1: the key that signed it was retired at $retired"
}

# opened FILE NAME OPTIONS...: checks a signature and writes what was signed to $t/NAME.json.
opened() {
    file=$1 name=$2
    shift 2
    openssl cms -verify -binary -inform DER -in "$file" "$@" -out "$t/$name.json" > "$t/errors" 2>&1
}

# vouched FILE WHO NAME: the identity of WHO vouches for the key that signed, at $time.
vouched() {
    opened "$1" "$3" -cades -no-CApath -no-CAstore -CAfile "$t/$2.pem" -purpose any -attime "$(epoch "$time")"
}

# by_signing_key FILE WHO NAME: signed by the signing key of WHO.
by_signing_key() {
    look_at_signature "$1" || fail "$1: is not in the shape of a signature that says when it was made"
    vouched "$1" "$2" "$3" || fail "$1: is not signed by a key that the $2's identity vouches for"
    has_role "$role_signing" || fail "$1: is signed by a key that is not for signing"
    pem "$3.signer"
    eval "key_$3=\$key time_$3=\$time"
}

# statement FILE WHO NAME KINDS: a statement of one of these kinds by the signing key of WHO.
statement() {
    by_signing_key "$1" "$2" "$3"
    parse "$1" "$3"
    member "$3_statement" && case " $4 " in *" $value "*) ;; *) false ;; esac || fail "$1: is not of the kind $4"
    member "$3_signedAt" && digits_of "$value" && [ "$digits" = "$time" ] ||
        fail "$1: signedAt is not the time in its signature"
}

# card FILE NAME [SHOWN]: a card, signed by the identity inside it. Sets $id, $key and $serial and leaves the identity
# in $t/NAME.pem.
card() {
    name=${3:-$1}
    set -- "$1" "$2" "$name"
    look_at_signature "$1" || fail "$3: is not in the shape of a signature that says when it was made"
    pem "$2"
    vouched "$1" "$2" "$2" || fail "$3: its signature does not hold"
    parse "$3" "$2"
    same "$3" "$2_statement" card/v1
    member "$2_issuedAt" && digits_of "$value" && [ "$digits" = "$time" ] ||
        fail "$3: issuedAt is not the time in its signature"
    member "$2_serial" && is_number "$value" && serial=$value && member "$2_id" && id=$value ||
        fail "$3: names no agency"
}

# first_card WHO, then next_card FILE NAME WHO SHOWN: younger cards of the same identity and agency as the one of the
# day. If no number lies between, each names the former one.
first_card() {
    card "$1.card" "$1"
    eval "cards_$1=\$1 file_$1=\$1.card shown_$1=\$1.card serial_$1=\$serial id_$1=\$id key_$1=\$key"
}

next_card() {
    eval "former=\$file_$3 newest=\$shown_$3 highest=\$serial_$3"
    eval "[ \"\$key\" = \"\$key_$3\" ]" || fail "$4: is by another identity than $3.card"
    eval "[ \"\$id\" = \"\$id_$3\" ]" || fail "$4: has another id than $3.card"
    [ "$serial" -gt "$highest" ] || fail "$4: is not newer than $newest"
    if [ "$serial" = $((highest + 1)) ] && member "$2_previous"; then
        digest_of "$former"
        [ "$value" = "$digest" ] || fail "$4: does not follow $newest"
    fi
    eval "cards_$3=\"\$cards_$3 \$2\" file_$3=\$1 shown_$3=\$4 serial_$3=\$serial"
}

history_of() {
    first_card "$1"
    numbers=
    IFS=$nl
    for name in $names; do
        case $name in "cards/$1-"*.card) name=${name#"cards/$1-"} numbers=$numbers${name%.card}$nl ;; esac
    done
    [ -z "$numbers" ] || numbers=$(printf '%s' "$numbers" | sort -n)
    for number in $numbers; do
        IFS=$blank
        card "cards/$1-$number.card" "$1$number"
        [ "$serial" = "$number" ] || fail "cards/$1-$number.card: has another serial than its name"
        next_card "cards/$1-$number.card" "$1$number" "$1" "cards/$1-$number.card"
    done
    IFS=$blank
}

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

# is_exact FILE CONTENT: no bit of this SignedData, which was looked at last, could have another value. openssl skips
# over some, such as versions, so all of it is written anew and compared, and the signature checked over the attributes
# as they stand.
is_exact() {
    sha256=$(der 30 0609608648016503040201)
    attributes=$(bytes_of attributes) algorithm=$(bytes_of algorithm) signature=$(bytes_of signature)
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
    signer=$(der 30 "$(bytes_of issuer)$(bytes_of serial)")
    signer=$(der 30 "020101$signer$sha256$attributes$algorithm$(der 04 "$value")")
    content=$(der 30 "06092a864886f70d010701$(der a0 "$(der 04 "$(hex < "$2")")")")
    body=020101$(der 31 "$sha256")$content$(der a0 "$(bytes_of certificate)")$(der 31 "$signer")
    [ "$whole" = "$(der 30 "06092a864886f70d010702$(der a0 "$(der 30 "$body")")")" ] || return
    octets "31${attributes#a0}" > "$t/attributes"
    octets "$value" > "$t/value"
    openssl dgst -sha256 -verify "$t/key" -keyform DER $options -signature "$t/value" "$t/attributes" > "$t/errors" 2>&1
}

# ---- the folder

# Whether a proof may hold a file of this name.
is_name() {
    case $1 in
    version | README.txt | record.html | verify.sh | waybill.p7s | receipt.p7s | refusal.p7s) ;;
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
    later/*.p7s)
        number=${1#later/}
        is_number "${number%.p7s}"
        ;;
    *) false ;;
    esac
}

is_listed() { case "$nl$names" in *"$nl$1$nl"*) ;; *) false ;; esac; }

# sum_of NAME: sets $sum to its digest, as the list says, which is true.
sum_of() { sum=${list%%"  $1$nl"*} && sum=${sum##*"$nl"}; }

# unlisted WORDS: fails, and names the list itself if it is not the one that was signed.
unlisted() {
    opened SHA256SUMS.p7s sums -noverify || fail "SHA256SUMS.p7s: its signature does not hold"
    [ "$of_set" ] || alike "$t/sums.json" SHA256SUMS || fail "SHA256SUMS: is not what the prover signed"
    fail "$1"
}

# The list of files that SHA256SUMS holds: each must be a file. Sets $list and $names.
read_sums() {
    is_text SHA256SUMS || unlisted "SHA256SUMS: holds control characters"
    read_text SHA256SUMS
    list=$content names=
    IFS=$nl
    for line in $list; do
        name=${line#*  }
        "$1" "$name" || unlisted "SHA256SUMS: lists $name, which is no part of a $2"
        [ -f "$name" ] && [ ! -L "$name" ] || unlisted "$name: is missing"
        names=$names$name$nl
    done
    IFS=$blank
    sha256sum -c --quiet --strict SHA256SUMS > "$t/changed" 2> "$t/errors" && return
    IFS= read -r line < "$t/changed" || line=SHA256SUMS
    unlisted "${line%: FAILED*}: has been changed (SHA-256 differs)"
}

check_sums() {
    read_sums is_name proof
    for name in README.txt record.html verify.sh waybill.p7s sender.card recipient.card prover.card checkpoint; do
        is_listed "$name" || unlisted "SHA256SUMS: does not list $name"
    done
    set +f
    for name in * .[!.]* ..?* entries/* entries/.[!.]* entries/..?* cards/* cards/.[!.]* cards/..?* \
        later/* later/.[!.]* later/..?*; do
        [ -e "$name" ] || [ -L "$name" ] || continue
        case $name in SHA256SUMS | SHA256SUMS.p7s) continue ;; esac
        case $name in entries | cards | later) [ -d "$name" ] && [ ! -L "$name" ] && continue ;; esac
        is_name "$name" && is_listed "$name" || unlisted "$name: is in the folder but not listed in SHA256SUMS"
    done
    set -f
    version=1
    if is_listed version; then
        is_text version && read_text version && [ "$content" = "waybill-proof/v2$nl" ] ||
            unlisted "version: is not one that this verifier knows: get a newer one"
        version=2
    fi
    ok "SHA256SUMS: lists every file of this folder, and none has been changed since. Version $version."
}

check_agencies() {
    history_of sender
    sender=$id_sender sender_key=$key_sender
    history_of recipient
    recipient=$id_recipient recipient_key=$key_recipient
    [ "$sender_key" != "$recipient_key" ] || fail "recipient.card: is by the same identity as sender.card"
    find_prover
    check_given_cards
    ok "cards: each is signed by the identity inside it: $(count_of $cards_sender) of $sender, \
$(count_of $cards_recipient) of $recipient."
    by_signing_key SHA256SUMS.p7s "$side" sums
    alike "$t/sums.json" SHA256SUMS || fail "SHA256SUMS: is not what the prover signed"
    is_exact SHA256SUMS.p7s SHA256SUMS ||
        fail "SHA256SUMS.p7s: is not in the one spelling of a signature"
    proved=$time_sums
    require_unretired SHA256SUMS.p7s "$key_sums" "$side" "$proved"
    moment "$proved"
    ok "SHA256SUMS.p7s: $prover, the $side, signed this proof at $moment."
}

count_of() { printf '%s' $#; }

# Which of the two made the proof, by its newest card; that ends the history of its cards.
find_prover() {
    sum_of prover.card
    ours=$sum side=
    for who in sender recipient; do
        eval "file=\$file_$who"
        sum_of "$file"
        [ "$sum" != "$ours" ] || side=$who
    done
    if [ -z "$side" ]; then
        card prover.card prover
        case $key in
        "$sender_key") side=sender ;;
        "$recipient_key") side=recipient ;;
        *) fail "prover.card: is neither the sender's nor the recipient's" ;;
        esac
        eval "newest=\${cards_$side##* }"
        alike "$t/prover.json" "$t/$newest.json" || next_card prover.card prover "$side" prover.card
    fi
    case $side in
    sender) prover=$sender prover_key=$sender_key other=recipient partner=$recipient partner_key=$recipient_key ;;
    *) prover=$recipient prover_key=$recipient_key other=sender partner=$sender partner_key=$sender_key ;;
    esac
}

# Cards that the reader has from the agencies themselves.
check_given_cards() {
    asked= count_given=0
    IFS=$nl
    for given in $given_cards; do
        IFS=$blank count_given=$((count_given + 1))
        card "$given" "given$count_given" --card
        case $key in
        "$sender_key") who=sender ;;
        "$recipient_key") who=recipient ;;
        *)
            [ "$of_many" ] && continue
            fail "--card: is by neither the sender's nor the recipient's identity"
            ;;
        esac
        eval "highest=\$serial_$who newest=\${cards_$who##* } shown=\$shown_$who"
        if [ "$serial" -lt "$highest" ]; then
            note "--card: is older than $shown, and says nothing new"
            continue
        fi
        [ "$who" != "$other" ] || asked=yes
        if [ "$serial" = "$highest" ]; then
            alike "$t/given$count_given.json" "$t/$newest.json" ||
                fail "--card: says something else than $shown, which has the same serial"
        else
            next_card "$given" "given$count_given" "$who" --card
        fi
    done
    IFS=$blank
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
        *) [ "$of_many" ] || fail "--identity: neither card is by the identity $pin" ;;
        esac
    done
    member sender_name && say "      sender     $sender, $value"
    say "                 identity $sender_key, ${sender_pin:-NOT PINNED}"
    member recipient_name && say "      recipient  $recipient, $value"
    say "                 identity $recipient_key, ${recipient_pin:-NOT PINNED}"
    [ "$sender_pin$recipient_pin" = pinnedpinned ] ||
        note "cards: NOT PINNED: ask each agency for its fingerprint by another way and compare, or give it as an \
argument."
    eval "serial=\$serial_$other"
    [ "$asked" ] || note "cards: that $partner has retired no key since its card $serial is claimed by the prover: ask \
$partner for its newest card and give it by --card."
}

# ---- the statements

check_parties() { # FILE NAME
    same "$1" "$2_from" "$sender"
    same "$1" "$2_to" "$recipient"
    same "$1" "$2_fromIdentity" "$sender_key"
    same "$1" "$2_toIdentity" "$recipient_key"
}

about_this() { # FILE NAME ISSUER
    check_parties "$1" "$2"
    same "$1" "$2_issuer" "$3"
    same "$1" "$2_consignment" "$id"
    same "$1" "$2_waybill" "$waybill_digest"
}

# A waybill of version 2 says when the file was last modified, one of version 1 does not.
check_waybill() {
    statement waybill.p7s sender waybill 'waybill/v1 waybill/v2'
    modified=
    if [ "$v_waybill_statement" = waybill/v2 ]; then
        member waybill_file_modified && digits_of "$value" ||
            fail "waybill.p7s: does not say when its file was modified"
        modified=$value
    elif member waybill_file_modified; then
        fail "waybill.p7s: is of version 1 and says when its file was modified"
    fi
    check_parties waybill.p7s waybill
    digest_of "$t/waybill.json"
    waybill_digest=$digest
    member waybill_id && id=$value && member waybill_file_size && file_size=$value && is_number "$file_size" &&
        member waybill_file_sha256 && file_sha256=$value && is_digest "$file_sha256" && member waybill_file_name ||
        fail "waybill.p7s: does not describe a file"
    ok "waybill.p7s: $sender signed this waybill at $v_waybill_signedAt."
    say "      consignment $id, file $value"
    say "      $file_size bytes, SHA-256 $file_sha256"
    [ -z "$modified" ] || say "      modified $modified, by the sender's file system"
}

check_answer() {
    statement "$answer.p7s" recipient "$answer" "$answer/v1"
    about_this "$answer.p7s" "$answer" "$recipient"
    event=http://uri.etsi.org/19522/Event/ContentConsignment
    member "${answer}_signedAt"
    at=$value
    if [ "$answer" = refusal ]; then
        same refusal.p7s refusal_event "${event}Failure"
        member refusal_reason || fail "refusal.p7s: gives no reason"
        ok "refusal.p7s: $recipient signed at $at that it refused this waybill ($value)."
        return
    fi
    same receipt.p7s receipt_event "$event"
    same receipt.p7s receipt_file_sha256 "$file_sha256"
    same receipt.p7s receipt_file_size "$file_size"
    ok "receipt.p7s: $recipient signed at $at that it holds this file."
}

# ---- the ledger

# ledger_keys WHO: the ledger keys on its cards, each in $t/WHO.N.pem and .der. Sets WHO_keys to how many there are.
ledger_keys() {
    number=0 known=
    eval "cards=\$cards_$1"
    for shown in $cards; do
        i=0
        while member "${shown}_certificates_${i}_role"; do
            role=$value
            member "${shown}_certificates_${i}_der" || value=
            i=$((i + 1))
            case $role$known in ledger*" $value "*) continue ;; ledger*) known="$known $value " ;; *) continue ;; esac
            printf '%s' "$value" | base64 -d > "$t/der" 2> "$t/errors"
            look "$t/der" "$certificate_parts" && has_role "$role_ledger" || continue
            # As every Ed25519 key begins.
            case $(bytes_of key) in 302a300506032b6570032100*) ;; *) continue ;; esac
            number=$((number + 1))
            pem "$1.$number"
            cp "$t/key" "$t/$1.$number.der"
            eval "fingerprint_$1_$number=\$key"
        done
    done
    eval "$1_keys=\$number"
}

# ledger_key WHO ID KIND NAME [SECONDS]: finds the ledger key of WHO whose note key id is ID (C2SP signed-note; KIND 001
# signs notes, 004 countersigns) and sets $found. Its certificate must be by the identity and, if SECONDS is given,
# valid then: a checkpoint by itself has no time.
ledger_key() {
    eval "count=\$$1_keys"
    found=0
    while [ $found -lt "$count" ]; do
        found=$((found + 1))
        short=$({ printf '%s\n' "$4" && printf "\\$3" && tail -c 32 "$t/$1.$found.der"; } | sha256sum | cut -c 1-8)
        [ "$short" = "$2" ] && is_vouched "$t/$1.pem" "${5:-}" "$t/$1.$found.pem" && return
    done
    return 1
}

is_vouched() { # IDENTITY SECONDS CERTIFICATE
    when=-no_check_time
    [ -z "$2" ] || when="-attime $2"
    openssl verify -no-CApath -no-CAstore -CAfile "$1" -purpose any $when "$3" > "$t/errors" 2>&1
}

# is_signed FILE SIGNATURE KEY: an Ed25519 signature, as digits.
is_signed() {
    octets "$2" > "$t/signature"
    openssl pkeyutl -verify -rawin -pubin -inkey "$3" -keyform DER -sigfile "$t/signature" -in "$1" > "$t/errors" 2>&1
}

# countersignature FILE NAME SIGNATURE: one that is not the ledger's own (C2SP tlog-cosignature). The counterparty's
# must be right, and sets $seen if it counts; anybody else's is named and does not count. A key that was retired, at
# whatever time, could have been used by somebody else to sign with an earlier date: what it signed does not count.
countersignature() {
    id_of_key=${3%"${3#????????}"}
    witness=waybill/$partner/${partner_key%"${partner_key#????????????????}"}
    says="the countersignature by $2"
    if [ "$2" != "$witness" ] || ! ledger_key "$other" "$id_of_key" 004 "$witness"; then
        remarks="$remarks$1: $says is unknown here and does not count$nl"
        return
    fi
    [ ${#3} = 152 ] || fail "$1: $says is wrong"
    rest=${3#????????}
    case $rest in 0000000*) ;; *) fail "$1: $says is wrong" ;; esac
    signature=${rest#????????????????}
    seconds=$((0x${rest%"$signature"}))
    printf 'cosignature/v1\ntime %s\n%s' "$seconds" "$note" > "$t/witnessed"
    is_signed "$t/witnessed" "$signature" "$t/$other.$found.der" || fail "$1: $says is wrong"
    utc=$(date -u -d "@$seconds" +%Y-%m-%dT%H:%M:%S)
    if ! ledger_key "$other" "$id_of_key" 004 "$witness" "$seconds"; then
        remarks="$remarks$1: $says does not count: its key had no valid certificate at that time$nl"
        return
    fi
    eval "key=\$fingerprint_${other}_$found"
    retirement "$key" "$other"
    if [ "$retired" ]; then
        remarks="$remarks$1: $says does not count: its key was retired at $retired$nl"
        return
    fi
    digits_of "$utc.000Z"
    if [ -z "$seen" ] || [ "$digits" -lt "$seen" ]; then seen=$digits; fi
}

# head_of FILE X: a checkpoint of the prover's ledger. Leaves its size, its root, its text and when the counterparty saw
# it in tree_X, root_X, text_X and seen_X, and whose key signed it in by_X.
head_of() {
    is_text "$1" || fail "$1: holds control characters"
    read_text "$1"
    file=$1 x=$2 text=$content
    IFS=$nl
    set -- $content
    IFS=$blank
    [ $# -gt 3 ] && is_number "$2" || fail "$file: is not a checkpoint"
    origin=$1 tree=$2 note=$1$nl$2$nl$3$nl
    root=$(printf '%s' "$3" | base64 -d 2> "$t/errors" | hex)
    is_digest "$root" || fail "$file: has no root"
    case $origin in
    "waybill/$prover/${prover_key%"${prover_key#????????????????}"}/"*) ;;
    *) fail "$file: is not of the prover's ledger" ;;
    esac
    printf '%s' "$note" > "$t/note"
    shift 3
    rebuilt=$note$nl seen= by= remarks=
    for line; do
        rebuilt=$rebuilt$line$nl
        case $line in "— "*" "*) line=${line#"— "} ;; *) fail "$file: has a line that is not a signature" ;; esac
        name=${line%% *}
        signature=$(printf '%s' "${line#* }" | base64 -d 2> "$t/errors" | hex)
        [ ${#signature} -gt 8 ] || fail "$file: has a line that is not a signature"
        if [ "$name" = "$origin" ]; then
            own_signature "$file" "$signature"
        else
            countersignature "$file" "$name" "$signature"
        fi
    done
    [ "$rebuilt" = "$text" ] || fail "$file: is not a checkpoint"
    [ "$by" ] || fail "$file: is signed by a ledger key that is on no card of the prover's"
    eval "tree_$x=\$tree root_$x=\$root text_$x=\$text seen_$x=\$seen by_$x=\$by"
    ok "$file: is a signed head of the prover's ledger with $tree entries."
    if [ "$seen" ]; then
        moment "$seen"
        ok "$file: $partner countersigned it within the second $moment."
    fi
    notes "$remarks"
}

notes() { # LINES
    IFS=$nl
    for line in $1; do note "$line"; done
    IFS=$blank
}

own_signature() { # FILE SIGNATURE
    rest=${2#????????}
    ledger_key "$side" "${2%"$rest"}" 001 "$origin" || return 0
    [ ${#2} = 136 ] && is_signed "$t/note" "$rest" "$t/$side.$found.der" || fail "$1: its signature does not hold"
    [ "$by" ] || eval "by=\$fingerprint_${side}_$found"
}

# The head that was stamped: the token must be by an authority of tsa.pem, at its own time. It counts, and sets
# $stamped, only if the reader has that authority's certificate from elsewhere: whoever makes a proof can make one.
check_token() {
    openssl ts -reply -in timestamp.tsr -token_in -text > "$t/token" 2> "$t/errors" ||
        fail "timestamp.tsr: is not a time token"
    at=
    while IFS= read -r line; do case $line in "Time stamp: "*) at=${line#Time stamp: } ;; esac; done < "$t/token"
    seconds=$(date -u -d "$at" +%s 2> "$t/errors") || fail "timestamp.tsr: names no time"
    printf '%s' "${text_s%%"$nl$nl"*}$nl" > "$t/note"
    named=${authority:+--authority}
    openssl ts -verify -data "$t/note" -in timestamp.tsr -token_in -CAfile "${authority:-tsa.pem}" -partial_chain \
        -attime "$seconds" > "$t/errors" 2>&1 ||
        fail "timestamp.tsr: is not by an authority of ${named:-tsa.pem}, over checkpoint.stamped"
    at=$(date -u -d "@$seconds" +%Y-%m-%dT%H:%M:%S)
    if [ "$authority" ]; then
        ok "timestamp.tsr: the authority that you named stamped checkpoint.stamped within the second ${at}Z."
        digits_of "$at.000Z"
        stamped=$digits
    else
        unnamed=yes
        note "timestamp.tsr: its authority was not named by --authority, so it counts for nothing: ask the authority \
itself for its certificate."
    fi
}

check_heads() {
    stamped= unnamed= stamps=0
    for name in checkpoint.stamped timestamp.tsr tsa.pem; do
        if is_listed "$name"; then stamps=$((stamps + 1)) present=$name; else missing=$name; fi
    done
    case $stamps in 0 | 3) ;; *) fail "$missing: is missing beside $present" ;; esac
    ledger_keys sender
    ledger_keys recipient
    heads=
    for head in checkpoint=c checkpoint.later=l checkpoint.stamped=s; do
        ! is_listed "${head%=?}" || { head_of "${head%=?}" "${head#*=}" && heads="$heads $head"; }
    done
    [ $stamps = 0 ] || check_token
    for head in $heads; do
        eval "by=\$by_${head#*=} seen=\$seen_${head#*=}"
        if [ "${head#*=}" = s ]; then
            # Without its authority this head counts for nothing, and need not hold.
            [ "$stamped" ] || continue
            if [ -z "$seen" ] || [ "$stamped" -lt "$seen" ]; then seen=$stamped; fi
        fi
        require_unretired "${head%=?}" "$by" "$side" "$proved" "$seen"
    done
}

# node LEFT RIGHT: sets $hash. Paths of one proof share most of their nodes, so each is kept.
node() {
    eval "hash=\${n_$1$2-}"
    [ -z "$hash" ] || return 0
    hash=$({ printf '\001' && octets "$1$2"; } | sha256sum) && hash=${hash%% *}
    eval "n_$1$2=\$hash"
}

# check_inclusion SEQ LEAF PART X: the leaf stands at this place below the root of this head; RFC 9162 section 2.1.3.2.
check_inclusion() {
    entry=entries/$1.$3 leaf=$2 fn=$1
    case $4 in c) head=checkpoint ;; l) head=checkpoint.later ;; *) head=checkpoint.stamped ;; esac
    is_listed "$entry" && is_listed "$head" || fail "$entry: is missing, or $head is"
    eval "tree=\$tree_$4 root=\$root_$4 text=\$text_$4"
    read_text "$entry"
    steps=${content%%"$nl$nl"*}
    [ "$1" -lt "$tree" ] && [ "$content" = "$steps$nl$nl$text" ] || fail "$entry: is not of $head"
    IFS=$nl
    set -- $steps
    IFS=$blank
    [ $# -ge 2 ] && [ "$1$nl$2" = "c2sp.org/tlog-proof@v1${nl}index $fn" ] || fail "$entry: is not of $head"
    shift 2
    for step; do
        [ ${#step} = 44 ] && case $step in *[!A-Za-z0-9+/=]* | *=?*) false ;; esac ||
            fail "$entry: does not lead to the root of $head"
    done
    hash=$(printf '\000%s' "$leaf" | sha256sum) && hash=${hash%% *} sn=$((tree - 1))
    for step in $(printf '%s\n' "$@" | base64 -d 2> "$t/errors" | od -An -v -tx1 -w32 | tr -d ' '); do
        is_digest "$step" && [ "$sn" -gt 0 ] || fail "$entry: does not lead to the root of $head"
        if [ $((fn % 2)) = 1 ] || [ "$fn" = "$sn" ]; then
            node "$step" "$hash"
            while [ $((fn % 2)) = 0 ] && [ "$fn" != 0 ]; do fn=$((fn / 2)) sn=$((sn / 2)); done
        else
            node "$hash" "$step"
        fi
        fn=$((fn / 2)) sn=$((sn / 2))
    done
    [ "$sn" = 0 ] && [ "$hash" = "$root" ] || fail "$entry: does not lead to the root of $head"
}

# check_detail SEQ COMMITMENT FILE: the detail is what the leaf commits to; a statement in it is the one of FILE.
check_detail() {
    entry=entries/$1
    is_listed "$entry.salt" && IFS= read -r salt < "$entry.salt" && is_digest "$salt" ||
        fail "$entry.salt: is not a salt"
    mac=$(openssl dgst -sha256 -mac HMAC -macopt "hexkey:$salt" "$entry.detail" 2> "$t/errors")
    [ "${mac##* }" = "$2" ] || fail "$entry.detail: is not what its leaf commits to"
    [ "$3" ] || return 0
    carried=$(tail -n +2 "$entry.detail" | sha256sum) && carried=${carried%% *}
    # The digest of nothing.
    [ "$carried" != e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 ] || return 0
    sum_of "$3"
    is_listed "$3" && [ "$sum" = "$carried" ] || fail "$entry.detail: holds another statement than $3"
    case $3 in later/*) return 0 ;; esac
    case " $recorded " in *" $3 "*) return 0 ;; esac
    recorded="$recorded $3" by_partner=
    [ "$1" -ge "$tree_c" ] || by_partner=$seen_c
    case $3 in waybill*) seen_waybill=$by_partner ;; *) seen_answer=$by_partner ;; esac
}

# not_shown SEQ: an entry of which the leaf alone is here, and why.
not_shown() {
    case $kind in
    released | held | blocked | rejected) why="a decision of $prover's own" ;;
    duty) why="what $prover owed because of it, to people or to $partner" ;;
    incident) why="an incident in $prover's own records" ;;
    erased) why="what $prover erased" ;;
    said | heard | recalled)
        why="proofs of version 1 leave out what was said afterwards"
        [ $version = 1 ] || why="who decided it; that it holds later/$1.p7s is claimed by the prover"
        ;;
    *) why="its detail has been erased" ;;
    esac
    note "entries/$1.leaf: $kind at $at, not shown: $why."
}

check_entry() { # SEQ
    leaf=entries/$1.leaf
    read_text "$leaf"
    seq=$1 of_leaf=$content
    IFS=$nl
    set -- $content
    IFS=$blank
    [ $# = 7 ] && digits_of "$3" || fail "$leaf: is not a ledger leaf"
    [ "$of_leaf" = "waybill-leaf/v1$nl$seq$nl$3$nl$4$nl$id$nl$partner$nl$7$nl" ] ||
        fail "$leaf: is not entry $seq about this consignment and this partner"
    is_digest "$7" || fail "$leaf: commits to nothing"
    at=$3 kind=$4 commitment=$7 stated=
    case $kind in
    signed | publishing | sent-before | received-before) stated=waybill.p7s ;;
    delivered | received) stated=receipt.p7s ;;
    refused | declined) stated=refusal.p7s ;;
    said | heard | recalled | withdrawn | abandoned) [ $version = 1 ] || stated=later/$seq.p7s ;;
    claimed | weighed | released | held | blocked | rejected | dispatching | lost | duty | incident | erased) ;;
    *) fail "$leaf: is of a kind that is unknown here" ;;
    esac
    say "      entry $seq: $at $kind"
    case $stated in
    later/*)
        is_listed "$stated" || fail "$leaf: $kind at $at, and the statement that it holds is left out"
        later="$later $seq=$kind"
        ;;
    esac
    if is_listed "entries/$seq.detail"; then check_detail "$seq" "$commitment" "$stated"; else not_shown "$seq"; fi
    case $kind$version in said1 | heard1 | recalled1) since="$since, $kind (not shown)" ;; esac
    covering=c
    [ "$seq" -lt "$tree_c" ] || ! is_listed checkpoint.later || covering=l
    check_inclusion "$seq" "$of_leaf" tlog-proof $covering
    if is_listed "entries/$seq.stamped"; then
        is_listed checkpoint.stamped || fail "entries/$seq.stamped: is not of checkpoint.stamped"
        check_inclusion "$seq" "$of_leaf" stamped s
    else
        case $stated in *?.p7s) is_listed checkpoint.stamped || return 0 ;; *) return 0 ;; esac
        case $stated in later/*) ;; *) fail "entries/$seq.stamped: is missing" ;; esac
    fi
}

check_ledger() {
    recorded= entries= later= since= seen_waybill= seen_answer= texts= kinds=
    IFS=$nl
    for name in $names; do
        case $name in
        entries/*.leaf)
            number=${name#entries/} texts=$texts$name$nl entries=$entries${number%.leaf}$nl
            is_listed "${name%.leaf}.tlog-proof" || fail "${name%.leaf}.tlog-proof: is missing"
            ;;
        entries/*.tlog-proof | entries/*.stamped) texts=$texts$name$nl ;;
        esac
    done
    [ -z "$texts" ] || [ "$(cat $texts | tr -cd '\000-\011\013-\037\177' | wc -c)" -eq 0 ] ||
        for name in $texts; do is_text "$name" || fail "$name: holds control characters"; done
    for number in $(printf '%s' "$entries" | sort -n); do
        IFS=$blank
        check_entry "$number"
        kinds="$kinds $kind"
    done
    IFS=$blank
    case $side$answer in
    senderreceipt) expected=delivered ;;
    senderrefusal) expected=refused ;;
    recipientreceipt) expected=received ;;
    recipientrefusal) expected=declined ;;
    esac
    case "$kinds " in *" $expected "*) ;; *) fail "entries: none of them is of the kind $expected" ;; esac
    for stated in waybill.p7s "$answer.p7s"; do
        case "$recorded " in *" $stated "*) ;; *) note "$stated: no entry shown here still carries it." ;; esac
    done
    ok "entries: each stands in that ledger, and the statements in them are those of this proof, byte for byte."
}

# ---- what happened since

check_since() {
    sums_seen=
    for name in $names; do
        case $name in
        later/*)
            number=${name#later/}
            case "$later " in *" ${number%.p7s}="*) ;; *) fail "$name: belongs to no entry shown here" ;; esac
            ;;
        esac
    done
    for one in $later; do check_later "${one%=*}" "${one#*=}"; done
}

# check_later SEQ KIND: one statement that was made after the answer, by whoever the entry says.
check_later() {
    file=later/$1.p7s seq=$1 kind=$2
    case $2 in said) who=$side ;; heard) who=$other ;; *) who=sender ;; esac
    case $2 in recalled) kinds=recall/v1 ;; withdrawn | abandoned) kinds=withdrawn/v1 ;; *)
        case $who in
        sender) kinds='recall/v1 correction/v1' ;;
        *) kinds='destroyed/v1 retained/v1 misdirected/v1 handover/v1 acceptance/v1 uncollected/v1' ;;
        esac
        ;;
    esac
    sum_of "$file"
    case " $sums_seen " in *" $sum "*) fail "$file: is shown twice" ;; esac
    sums_seen="$sums_seen $sum"
    statement "$file" "$who" "later$1" "$kinds"
    eval "issuer=\$$who at=\$v_later$1_signedAt"
    about_this "$file" "later$1" "$issuer"
    more=
    member "later$1_because" && [ "$value" ] && more=", because: $value"
    member "later$1_statement"
    case $value in
    withdrawn/v1) what=withdrawn ;;
    recall/v1) what=recalled ;;
    correction/v1) member "later$1_replacement" && what=corrected more=", by consignment $value$more" ;;
    destroyed/v1) what=destroyed ;;
    retained/v1) what=retained ;;
    misdirected/v1) what=misdirected ;;
    handover/v1) member "later$1_collectedAt" && what=collected more="$more, on $value" ;;
    acceptance/v1) what=accepted ;;
    uncollected/v1) member "later$1_receivedAt" && what=expired more=", not collected since $value" ;;
    esac
    ok "$file: $what: $issuer signed it at $at$more"
    since="$since, $what"
    covered=$seen_c
    [ "$1" -lt "$tree_c" ] || { is_listed checkpoint.later && covered=$seen_l; } || covered=
    eval "key=\$key_later$1"
    retirement "$key" "$who"
    if [ "$retired" ] && { [ -z "$covered" ] || [ "$covered" -ge "$retired_at" ]; }; then
        note "$file: the key that signed it was retired at $retired, and nobody else saw it before: it is claimed \
by the prover."
        since="$since (claimed)"
    fi
}

# ---- times

# check_time FILE NAME WHO COUNTERSIGNED: a statement's own date against what others saw, its key's retirement, its
# certificate's end. A key that was retired proves nothing by itself: whoever has it can write any date.
check_time() {
    eval "time=\$time_$2 key=\$key_$2"
    first=$4 stamp=
    case " $recorded " in *" $1 "*) stamp=$stamped ;; esac
    if [ "$stamp" ]; then
        if [ -z "$first" ] || [ "$stamp" -lt "$first" ]; then first=$stamp; fi
    fi
    retirement "$key" "$3"
    if [ "$retired" ]; then
        [ "$first" ] && [ "$first" -lt "$retired_at" ] ||
            fail "$1: the key that signed it was retired at $retired, and neither $partner nor an authority named by \
--authority saw it before"
        moment "$first"
        note "$1: the key that signed it was retired at $retired; it was seen before, within the second $moment."
    fi
    seen=${stamp:-$4}
    [ "$seen" ] || return 0
    moment "$seen"
    seconds=$(epoch "$seen") text=$moment
    is_vouched "$t/$3.pem" "$seconds" "$t/$2.signer.pem" ||
        note "$1: its certificate was not valid at $text, when it was seen; its own date is before."
    [ "$time" -gt "$seen" ] || return 0
    later_by=$(($(epoch "$time") - seconds))
    word="two clocks differ"
    [ $later_by -le 120 ] || word="a clock was wrong"
    note "$1: its own date is later, by $later_by s, than the second $text in which it was seen: $word."
}

# What the verdict rests on.
tell_times() {
    eval "time=\$time_$answer"
    if [ "$time" -lt "$time_waybill" ]; then
        before=$(($(epoch "$time_waybill") - $(epoch "$time")))
        note "times: $answer.p7s is dated $before s before waybill.p7s: the clocks of $sender and $recipient differ."
    fi
    [ "$seen_answer" ] || note "checkpoint: no countersignature by $partner covers both statements: that ledger is the \
word of $prover only."
    if [ "$stamp" ]; then
        moment "$stamp"
        note "times: both statements were seen within the second $moment, or before, by a time authority."
    elif [ "$seen_answer" ]; then
        moment "$seen_answer"
        note "times: both statements were seen within the second $moment, or before, by $partner; other times are \
claimed."
    else
        note "times: all are claimed by their signers."
    fi
}

tell_verdict() {
    note "README.txt, record.html: are claimed by the prover: what holds stands in these lines."
    verdict=PROVED
    [ "$seen_answer$stamp" ] || verdict="claimed by the prover; the signatures hold"
    [ "$sender_pin$recipient_pin" = pinnedpinned ] || verdict="$verdict, if those fingerprints are theirs"
    case $answer in
    receipt) deed="sent this file to $recipient, and $recipient signed that it holds it" ;;
    *) deed="sent this waybill to $recipient, and $recipient signed that it refused it" ;;
    esac
    since=${since#, }
    eval "serial=\$serial_$other"
    also=", and that $partner has retired no key since its card $serial,"
    [ -z "$asked" ] || also=
    ending="Since then: ${since:-nothing}; that this is all$also is claimed by the prover."
    [ -z "$unnamed" ] || ending="$ending The time authority was not named by --authority and counts for nothing."
    say "$verdict: $sender $deed. $ending"
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
    of_set=yes
    [ -z "$delivered" ] || fail "--file: a set has many files: name the folder of one proof in it"
    first_card prover
    prover=$id_prover
    member prover_name && say "      prover     $prover, $value"
    say "                 identity $key_prover"
    by_signing_key SHA256SUMS.p7s prover sums
    require_unretired SHA256SUMS.p7s "$key_sums" prover "$time_sums"
    digest_of SHA256SUMS
    printf '%s  SHA256SUMS\n' "$digest" > "$t/seal"
    alike "$t/sums.json" "$t/seal" || fail "SHA256SUMS: is not what the prover signed"
    is_exact SHA256SUMS.p7s "$t/seal" || fail "SHA256SUMS.p7s: is not in the one spelling of a signature"
    read_sums is_name_of_set "set of proofs"
    proofs= top=
    IFS=$nl
    for name in $names; do
        is_name_of_set "$name"
        [ "$inner" != SHA256SUMS.p7s ] || proofs=$proofs$one$nl
        [ "$one" ] || top=$top$name$nl
    done
    IFS=$blank
    names=$top$proofs
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
    ok "SHA256SUMS: lists every file of this set, and none has been changed since $prover signed it."
    total=0 claimed=0 condition=
    set -- --of-many ${authority:+--authority "$authority"}
    for pin in $first $second $pins; do set -- "$@" --identity "$pin"; done
    IFS=$nl
    for given in $given_cards; do set -- "$@" --card "$given"; done
    IFS=$blank
    for one in $proofs; do
        sh "$self" "$one" "$@" > "$t/one" || fail "$one: $(tail -n 1 "$t/one")"
        line=$(tail -n 1 "$t/one") total=$((total + 1))
        case $line in "claimed by "*) claimed=$((claimed + 1)) ;; esac
        case $line in *", if those fingerprints are theirs: "*) condition=", if the fingerprints are theirs" ;; esac
        ok "$one: $line"
    done
    note "index.html, index.csv: are claimed by the prover: what holds stands in these lines."
    if [ $claimed = 0 ]; then say "PROVED$condition: $total deliveries."; else
        say "claimed by the prover; the signatures hold$condition: $claimed of $total deliveries; \
PROVED: $((total - claimed))."
    fi
}

# ---- what was asked for

t=$(mktemp -d) || exit 2
trap 'rm -rf "$t"' EXIT
trap 'exit 1' HUP INT TERM

# fingerprint TEXT: sets $pin to one as people write them, with colons and capitals perhaps, or to that of a certificate
# in a PEM file; false if it is neither.
fingerprint() {
    pin=$1
    if [ -f "$1" ]; then
        openssl x509 -in "$1" -outform DER -out "$t/der" 2> "$t/errors" && look "$t/der" "$certificate_parts" &&
            pin=$key
    else
        is_digest "$1" || pin=$(printf '%s' "$1" | tr -d ': ' | tr A-F a-f)
    fi
    is_digest "$pin"
}

# whole FILE: sets $whole to its path from the root.
whole() {
    [ -f "$1" ] && [ -r "$1" ] || usage
    case $1 in /*) whole=$1 ;; *) whole=$PWD/$1 ;; esac
}

folder=. delivered= authority= given_cards= pins= first= second= of_many= of_set=
case $0 in /*) self=$0 ;; *) self=$PWD/$0 ;; esac
while [ $# -gt 0 ]; do
    case $1 in
    --file | --identity | --authority | --card) [ $# -gt 1 ] || usage ;;
    --of-many) ;;
    -*) usage ;;
    esac
    case $1 in
    --file) whole "$2" && delivered=$whole && shift ;;
    --authority) whole "$2" && authority=$whole && shift ;;
    --card) whole "$2" && given_cards=$given_cards$whole$nl && shift ;;
    --of-many) of_many=yes ;; # pins and cards of a set: of this proof perhaps, or of another
    --identity)
        fingerprint "$2" || usage
        pins="$pins $pin"
        shift
        ;;
    *)
        if [ -d "$1" ]; then folder=$1; elif fingerprint "$1" && [ -z "$second" ]; then
            if [ "$first" ]; then second=$pin; else first=$pin; fi
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
check_since
check_time waybill.p7s waybill sender "$seen_waybill"
check_time "$answer.p7s" "$answer" recipient "$seen_answer"
if [ "$delivered" ]; then
    digest_of "$delivered"
    [ "$digest" = "$file_sha256" ] || fail "--file: is not the file that the waybill describes"
    ok "--file: is the file that the waybill describes."
fi
tell_times
tell_verdict
