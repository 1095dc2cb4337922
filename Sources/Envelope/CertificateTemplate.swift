internal import Vocabulary

/// A certificate about to be signed (RFC 5280, 4.1). ECDSA with SHA-256 only: identities are P-256.
struct CertificateTemplate {
    enum Purpose {
        case identity
        case role(Role)
    }

    struct Validity {
        let notBefore, notAfter: Instant

        /// Backdated 24 hours, for clocks that are behind; never longer than the issuer's own certificate.
        init(now: Instant, days: Int, within issuer: Certificate?) throws(EnvelopeError) {
            notBefore = Instant(seconds: now.adding(seconds: -86_400).seconds)
            let end = Instant(seconds: now.adding(seconds: Int64(days) * 86_400).seconds)
            notAfter = min(end, issuer?.notAfter ?? end)
            guard days > 0, now < notAfter else { throw .certificate(.lifetime) }
        }
    }

    let issuer, subject: [UInt8]
    let subjectKey: PublicKey
    /// Nil: self-signed, the subject's own.
    let issuerKeyIdentifier: [UInt8]?
    let validity: Validity
    let purpose: Purpose

    /// A Name of one common name.
    static func name(_ commonName: String) -> [UInt8] {
        DER.sequence(DER.set(DER.sequence(OID.commonName, DER.element(DER.utf8, Array(commonName.utf8)))))
    }

    func signed(by key: borrowing PrivateKey) throws(EnvelopeError) -> Certificate {
        let body = DER.sequence(
            DER.element(DER.context(0), DER.integer(2)), serial(), Identifier.ecdsaSHA256, issuer,
            DER.sequence(DERTime.encode(validity.notBefore), DERTime.encode(validity.notAfter)), subject,
            subjectKey.spki, DER.element(DER.context(3), DER.element(DER.sequence, extensions)))
        return try Certificate(der: DER.sequence(body, Identifier.ecdsaSHA256, DER.bits(key.sign(body))))
    }

    /// 16 random bytes, positive and of fixed length (RFC 5280, 4.1.2.2 allows 20).
    private func serial() -> [UInt8] {
        var bytes = Random.bytes(16)
        bytes[0] = bytes[0] & 0x3f | 0x40
        return DER.element(DER.integer, bytes)
    }

    private var extensions: [[UInt8]] {
        let own = keyIdentifier
        let authority = DER.sequence(DER.element(DER.primitive(0), issuerKeyIdentifier ?? own))
        let always = [
            Self.entry(OID.subjectKeyIdentifier, DER.octets(own)),
            Self.entry(OID.authorityKeyIdentifier, authority),
        ]
        switch purpose {
        case .identity:
            let constraints = DER.sequence([0x01, 0x01, 0xff], DER.integer(0))
            // digitalSignature and keyCertSign: bits 0 and 5, two unused.
            return always + [critical(OID.basicConstraints, constraints), critical(OID.keyUsage, [3, 2, 2, 0x84])]
        case .role(let role):
            return always + [
                critical(OID.basicConstraints, DER.sequence()), critical(OID.keyUsage, usage(role)),
                critical(OID.extendedKeyUsage, DER.element(DER.sequence, role.keyPurposes)),
            ]
        }
    }

    /// digitalSignature is bit 0, keyEncipherment bit 2 (RSA), keyAgreement bit 4 (EC).
    private func usage(_ role: Role) -> [UInt8] {
        guard role == .sealing else { return [3, 2, 7, 0x80] }
        return subjectKey.kind == .rsa ? [3, 2, 5, 0x20] : [3, 2, 3, 0x08]
    }

    /// RFC 7093, method 1: the leftmost 160 bits of SHA-256 over the key.
    private var keyIdentifier: [UInt8] { Array(SHA256.digest(subjectKey.raw).bytes.prefix(20)) }

    private func critical(_ id: [UInt8], _ value: [UInt8]) -> [UInt8] {
        DER.sequence(id, [0x01, 0x01, 0xff], DER.octets(value))
    }

    private static func entry(_ id: [UInt8], _ value: [UInt8]) -> [UInt8] { DER.sequence(id, DER.octets(value)) }
}
