#!/bin/sh
# Writes Documentation/verify.sh into Sources/Exchange/Evidence as Swift literals, one file a part. Run from the top folder.
set -eu
awk '
function open(name, what) {
    if (file) { printf "\n\"\"\"#\n}\n" > file; close(file) }
    file = "Sources/Exchange/Evidence/VerifyScript" name ".swift"
    printf "// swift-format-ignore-file\nextension VerifyScript {\n" > file
    printf "    /// Part of `verify.sh`: %s.\n    static let %s = #\"\"\"\n", what, tolower(name) > file
}
NR == 1 { open("Tools", "words, bytes, JSON and times") }
/^# ---- certificates/ { open("Signatures", "certificates, signatures and DER") }
/^# ---- the folder/ { open("Checks", "the folder and the statements") }
/^# ---- a set/ { open("Set", "a set of proofs, what was asked for, and the order of the checks") }
/^# ---- the ledger/ { open("Ledger", "the ledger and times") }
{ print > file }
END { printf "\n\"\"\"#\n}\n" > file }
' Documentation/verify.sh
