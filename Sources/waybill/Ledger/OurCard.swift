internal import Daemon
internal import Envelope
internal import Ledger
internal import LedgerSQLite
internal import Vocabulary

/// Our own card as it lies in the installation: who we are, for commands that may not see keys/.
struct OurCard {
    let card: Card
    let identity: Certificate
    /// As signed.
    let bytes: [UInt8]

    init(_ premises: Premises) throws {
        do {
            bytes = try FileSystem.read(premises.cardPath)
            identity = try StatementVerifier.uncheckedSigner(ofCard: bytes)
            let at = try StatementVerifier.uncheckedSigningTime(of: bytes)
            card = try Card(parsing: StatementVerifier.verify(bytes, identity: identity, role: nil, at: at).content)
        } catch {
            throw Trouble(
                "Our own card cannot be read.", why: "\(premises.cardPath): \(error)",
                fix: "Restore it from your backup; waybill check says what else is wrong.")
        }
    }

    private var ledgerKeys: [[UInt8]] {
        card.certificates.filter { $0.role == .ledger }.compactMap { listed in
            guard let certificate = try? Certificate(der: listed.der), certificate.isIssued(by: identity) else {
                return nil
            }
            return certificate.ed25519PublicKey
        }
    }

    /// The key among those of our card that signed the ledger's kept checkpoint; any of ours if none did, so that the
    /// check says so. Nil if there is no checkpoint yet.
    func ledgerKey(of reader: LedgerReader) async -> [UInt8]? {
        guard let text = try? await reader.checkpoint(), let note = try? SignedNote(parsing: Array(text.utf8)) else {
            return nil
        }
        let crypto = OpenSSLLedgerCrypto()
        let signer = ledgerKeys.first { key in
            guard let named = try? NoteKey(name: reader.origin.description, publicKey: key, crypto) else {
                return false
            }
            return note.signatures.contains { $0.keyID == named.id }
        }
        return signer ?? ledgerKeys.first
    }
}
