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

    var ledgerKeys: [[UInt8]] { card.ledgerKeys(issuedBy: identity) }
}

extension Card {
    /// Ed25519, 32 bytes each, of certificates that this identity issued.
    func ledgerKeys(issuedBy identity: Certificate) -> [[UInt8]] {
        certificates.filter { $0.role == .ledger }.compactMap { listed in
            guard let certificate = try? Certificate(der: listed.der), certificate.isIssued(by: identity) else {
                return nil
            }
            return certificate.ed25519PublicKey
        }
    }
}
