package import Ledger
package import Vocabulary

/// What a check asks of others, because this room has no certificates. Without an answer that part is not judged.
package struct CheckJudges: Sendable {
    /// Our ledger keys of today and before, 32 bytes each: every note of ours must be by one. Empty: not judged.
    package var ourKeys: [[UInt8]] = []
    /// What is wrong with a stored statement of a partner (nil: nothing).
    package var statement: LedgerCheck.StatementJudge = { _, _, _ in nil }
    /// When the partner says that it saw this note of ours; throws what is wrong with its countersignature.
    package var countersigner: @Sendable (SignedNote, AgencyID) throws(Malformed) -> Instant? = { _, _ in nil }
    /// What is wrong with the signature of a partner's ledger under its own checkpoint (nil: nothing).
    package var witnessed: @Sendable (SignedNote, AgencyID) -> String? = { _, _ in nil }
    /// What is wrong with a time token (nil: nothing); that its note is ours and of our tree is seen to here.
    package var token: @Sendable (TimeToken) -> String? = { _ in nil }

    package init() {}

    /// Requires the signature of one of our keys, under the ledger's own name.
    func requireOurs(_ note: SignedNote, _ origin: String, _ crypto: any LedgerCrypto) throws(Malformed) {
        if ourKeys.isEmpty { return }
        for key in ourKeys {
            let named = try NoteKey(name: origin, publicKey: key, crypto)
            guard note.signatures.contains(where: { $0.keyID == named.id && $0.name == origin }) else { continue }
            return try note.verify(by: named, crypto)
        }
        throw Malformed("signed note", "carries no signature by a ledger key of ours")
    }

    /// Requires our countersignature under a partner's note.
    func requireSeenByUs(_ note: SignedNote, _ witness: String, _ crypto: any LedgerCrypto) throws(Malformed) {
        if ourKeys.isEmpty { return }
        for key in ourKeys {
            let named = try NoteKey(name: witness, publicKey: key, crypto, kind: .cosignature)
            if try note.seen(by: named, crypto) != nil { return }
        }
        throw Malformed("signed note", "carries no countersignature by a ledger key of ours")
    }
}
