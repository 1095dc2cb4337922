internal import Vocabulary

/// A sealing key of ours with its certificate. A retired pair is kept for late arrivals, so there may be several.
package final class OpeningKey: Sendable {
    package let certificate: Certificate
    private let key: PrivateKey
    /// The spellings by which a message may name this key: issuer and serial, or the key identifier as each kind of
    /// recipient writes it (RFC 5652, 6.2.1 and 6.2.2).
    private let names: [[UInt8]]

    /// Errors: `.certificate(.role)`, `.certificate(.mismatch)`, `.certificate(.key)`.
    package init(key: consuming PrivateKey, certificate: Certificate) throws(EnvelopeError) {
        guard certificate.role == .sealing else { throw .certificate(.role) }
        guard key.fingerprint == certificate.fingerprint else { throw .certificate(.mismatch) }
        guard key.kind != .ed25519 else { throw .certificate(.key) }
        let identifier = certificate.fields.subjectKeyIdentifier
        let tagged = identifier.map {
            key.kind == .rsa
                ? DER.element(DER.primitive(0), $0) : DER.element(DER.context(0), DER.octets($0))
        }
        names = [certificate.issuerAndSerial] + (tagged.map { [$0] } ?? [])
        self.certificate = certificate
        self.key = key
    }

    func isNamed(_ recipientID: [UInt8]) -> Bool { names.contains(recipientID) }

    /// The content key, or nil for whatever reason.
    func contentKey(of recipient: SealedMessage.Recipient) -> Secret? {
        switch recipient {
        case .agreement(let point, let wrapped) where key.kind == .p256:
            KeyWrap.agreed(wrapped, from: point, with: key)
        case .transport(let encrypted) where key.kind == .rsa:
            KeyWrap.decrypt(encrypted, with: key)
        default: nil
        }
    }
}
