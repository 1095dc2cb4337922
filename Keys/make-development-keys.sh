#!/bin/sh
# Makes the keys of a throw-away installation with openssl alone, as `waybill init` makes them for a real one:
#
#   sh Keys/make-development-keys.sh FOLDER AGENCY
#
# FOLDER (missing or empty, not below a git work tree unless git ignores it) then holds, in the layout of keys/ of an
# installation, identity, signing, sealing, tls and ledger, each as NAME.key (0600) and NAME.pem. For experiments with
# stock tools and for tests of other software; nobody should ever trust such an identity.
set -eu
umask 077

[ $# = 2 ] || { echo "usage: sh make-development-keys.sh FOLDER AGENCY" >&2; exit 2; }
folder=$1 agency=$2
case $agency in
[a-z]*) ;;
*) echo "AGENCY must begin with a lower-case letter, such as hartlepool" >&2; exit 2 ;;
esac
case $agency in
*[!a-z0-9-]* | *-) echo "AGENCY may hold lower-case letters, digits and hyphens only" >&2; exit 2 ;;
esac
mkdir -p "$folder"
[ -z "$(ls -A "$folder")" ] || { echo "$folder is not empty" >&2; exit 1; }
if git -C "$folder" rev-parse --is-inside-work-tree > /dev/null 2>&1 &&
    ! git -C "$folder" check-ignore -q "$folder/identity.key" 2> /dev/null; then
    rmdir "$folder"
    echo "$folder lies in a git work tree that would take the keys in. Name a folder elsewhere." >&2
    exit 1
fi
chmod 0700 "$folder"

# The role OIDs of Waybill: see Sources/Envelope/OID.swift.
arc=2.25.71466158941485835307149360238295348366
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
: > "$work/index"

cat > "$work/ca.cnf" << CA
[ca]
default_ca = waybill
[waybill]
database = $work/index
new_certs_dir = $work
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
string_mask = utf8only
preserve = yes
[any]
commonName = supplied
[req]
distinguished_name = dn
string_mask = utf8only
[dn]
[identity]
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, digitalSignature, keyCertSign
[signing]
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, $arc.1
[sealing]
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
basicConstraints = critical, CA:FALSE
keyUsage = critical, keyAgreement
extendedKeyUsage = critical, $arc.2
[tls]
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, $arc.3, serverAuth, clientAuth
[ledger]
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, $arc.4
CA

# Backdated by 24 hours, as Waybill does it, for clocks that are behind.
begins=$(date -u -d '24 hours ago' +%Y%m%d%H%M%SZ)

# key NAME: EC P-256, but Ed25519 for the ledger.
key() {
    case $1 in
    ledger) openssl genpkey -algorithm ED25519 -out "$folder/$1.key" ;;
    *) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$folder/$1.key" ;;
    esac
}

# certify NAME DAYS OPTIONS...: a certificate over the key of that name, signed by the identity.
certify() {
    name=$1 ends=$(date -u -d "$2 days" +%Y%m%d%H%M%SZ)
    shift 2
    openssl req -new -config "$work/ca.cnf" -key "$folder/$name.key" -utf8 -subj "/CN=$agency $name" -out "$work/$name.csr"
    openssl ca -batch -notext -config "$work/ca.cnf" -extensions "$name" -startdate "$begins" -enddate "$ends" \
        -in "$work/$name.csr" -out "$folder/$name.pem" "$@" 2> "$work/errors" || { cat "$work/errors" >&2; exit 1; }
    chmod 0644 "$folder/$name.pem"
}

key identity
certify identity 3650 -selfsign -keyfile "$folder/identity.key"
for role in signing sealing tls ledger; do
    key "$role"
    certify "$role" 400 -cert "$folder/identity.pem" -keyfile "$folder/identity.key"
    openssl verify -no-CApath -no-CAstore -CAfile "$folder/identity.pem" -purpose any "$folder/$role.pem" > "$work/errors" 2>&1 ||
        { cat "$work/errors" >&2; exit 1; }
done

fingerprint=$(openssl pkey -in "$folder/identity.key" -pubout -outform DER | sha256sum | cut -c 1-64)
echo "Development keys of $agency lie in $folder. Never use them for real data. Fingerprint of the identity:" >&2
echo "$fingerprint"
