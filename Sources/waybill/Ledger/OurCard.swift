internal import Daemon
internal import Envelope
internal import Ledger
internal import LedgerSQLite
internal import Vocabulary

extension OurCard {
    private var ledgerKeys: [[UInt8]] {
        card.certificates.filter { $0.role == .ledger }.compactMap { listed in
            guard let certificate = try? Certificate(der: listed.der), certificate.isIssued(by: identity) else {
                return nil
            }
            return certificate.ed25519PublicKey
        }
    }

    /// The keys of this card and then of every former one: a checkpoint may be older than its key's retirement.
    private func ledgerKeys(_ reader: LedgerReader) async -> [[UInt8]] {
        let events = (try? await reader.agencyEvents([.cardChanged], of: nil)) ?? []
        let former = events.reversed().compactMap { event -> OurCard? in
            guard let bytes = event.detail, let detail = try? EventDetail(parsing: bytes) else { return nil }
            return try? OurCard(signed: detail.statement)
        }
        return ledgerKeys + former.filter { $0.identity.fingerprint == identity.fingerprint }.flatMap(\.ledgerKeys)
    }

    /// The key among those of our cards that signed the ledger's kept checkpoint; any of ours if none did, so that the
    /// check says so. Nil if there is no checkpoint yet.
    func ledgerKey(of reader: LedgerReader) async -> [UInt8]? {
        guard let text = try? await reader.checkpoint(), let note = try? SignedNote(parsing: Array(text.utf8)) else {
            return nil
        }
        let crypto = OpenSSLLedgerCrypto()
        let keys = await ledgerKeys(reader)
        let signer = keys.first { key in
            guard let named = try? NoteKey(name: reader.origin.description, publicKey: key, crypto) else {
                return false
            }
            return note.signatures.contains { $0.keyID == named.id }
        }
        return signer ?? keys.first
    }
}
