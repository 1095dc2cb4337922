internal import Vocabulary

/// The signed attributes of a statement (RFC 5652, 11; RFC 5035 for the signing certificate), one encoding each.
enum SignedAttribute {
    static let contentType = make(OID.contentType, OID.data)

    static func signingTime(_ moment: Instant) -> [UInt8] { make(OID.signingTime, DERTime.encode(moment)) }
    static func messageDigest(_ digest: Digest) -> [UInt8] { make(OID.messageDigest, DER.octets(digest.bytes)) }

    /// Binds the signature to one certificate, not only to its key. The issuer and serial are those of OpenSSL's form.
    static func signingCertificate(_ certificate: Certificate) -> [UInt8] {
        make(OID.signingCertificateV2, wrap(hash(certificate) + issuerSerial(certificate)))
    }

    /// The two spellings that are accepted: issuer and serial are optional.
    static func signingCertificates(_ certificate: Certificate) -> [[UInt8]] {
        [signingCertificate(certificate), make(OID.signingCertificateV2, wrap(hash(certificate)))]
    }

    private static func make(_ id: [UInt8], _ value: [UInt8]) -> [UInt8] { DER.sequence(id, DER.set(value)) }

    /// SigningCertificateV2 with one ESSCertIDv2; SHA-256 is the default and therefore not written.
    private static func wrap(_ certID: [UInt8]) -> [UInt8] { DER.sequence(DER.sequence(DER.sequence(certID))) }
    private static func hash(_ certificate: Certificate) -> [UInt8] {
        DER.octets(SHA256.digest(certificate.der).bytes)
    }

    private static func issuerSerial(_ certificate: Certificate) -> [UInt8] {
        DER.sequence(
            DER.sequence(DER.element(DER.context(4), certificate.fields.issuer)), certificate.fields.serial)
    }
}
