package import Envelope
package import Vocabulary

extension Card {
    /// Ed25519, 32 bytes each, of certificates that this identity issued.
    package func ledgerKeys(issuedBy identity: Certificate) -> [[UInt8]] {
        certificates.filter { $0.role == .ledger }.compactMap { listed in
            guard let certificate = try? Certificate(der: listed.der), certificate.isIssued(by: identity) else {
                return nil
            }
            return certificate.ed25519PublicKey
        }
    }
}

extension OurCard {
    package var ledgerKeys: [[UInt8]] { card.ledgerKeys(issuedBy: identity) }
}
