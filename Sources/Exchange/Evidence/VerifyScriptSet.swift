// swift-format-ignore-file
extension VerifyScript {
    /// Part of `verify.sh`: a set of proofs, what was asked for, and the order of the checks.
    static let set = #"""
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

"""#
}
