internal import Vocabulary

/// Object identifiers as complete DER elements, so that they are compared and written without decoding.
enum OID {
    // CMS: RFC 5652, RFC 5083, RFC 5035.
    static let data = make(1, 2, 840, 113549, 1, 7, 1)
    static let signedData = make(1, 2, 840, 113549, 1, 7, 2)
    static let authEnvelopedData = make(1, 2, 840, 113549, 1, 9, 16, 1, 23)
    static let contentType = make(1, 2, 840, 113549, 1, 9, 3)
    static let messageDigest = make(1, 2, 840, 113549, 1, 9, 4)
    static let signingTime = make(1, 2, 840, 113549, 1, 9, 5)
    static let smimeCapabilities = make(1, 2, 840, 113549, 1, 9, 15)
    static let signingCertificateV2 = make(1, 2, 840, 113549, 1, 9, 16, 2, 47)

    // Time tokens: RFC 3161, RFC 2634, RFC 5035.
    static let timestampInfo = make(1, 2, 840, 113549, 1, 9, 16, 1, 4)
    static let signingCertificate = make(1, 2, 840, 113549, 1, 9, 16, 2, 12)

    // Algorithms: RFC 5480, RFC 8410, RFC 8017, RFC 5753, NIST.
    static let ecPublicKey = make(1, 2, 840, 10045, 2, 1)
    static let p256 = make(1, 2, 840, 10045, 3, 1, 7)
    static let ed25519 = make(1, 3, 101, 112)
    static let rsa = make(1, 2, 840, 113549, 1, 1, 1)
    static let rsaOAEP = make(1, 2, 840, 113549, 1, 1, 7)
    static let rsaMGF1 = make(1, 2, 840, 113549, 1, 1, 8)
    static let rsaPSS = make(1, 2, 840, 113549, 1, 1, 10)
    static let rsaSHA256 = make(1, 2, 840, 113549, 1, 1, 11)
    static let ecdsaSHA256 = make(1, 2, 840, 10045, 4, 3, 2)
    static let sha256 = make(2, 16, 840, 1, 101, 3, 4, 2, 1)
    static let sha384 = make(2, 16, 840, 1, 101, 3, 4, 2, 2)
    static let sha512 = make(2, 16, 840, 1, 101, 3, 4, 2, 3)
    static let aes256Wrap = make(2, 16, 840, 1, 101, 3, 4, 1, 45)
    static let aes256GCM = make(2, 16, 840, 1, 101, 3, 4, 1, 46)
    static let ecdhSHA256KDF = make(1, 3, 132, 1, 11, 1)

    // Certificates: RFC 5280.
    static let commonName = make(2, 5, 4, 3)
    static let subjectKeyIdentifier = make(2, 5, 29, 14)
    static let keyUsage = make(2, 5, 29, 15)
    static let basicConstraints = make(2, 5, 29, 19)
    static let authorityKeyIdentifier = make(2, 5, 29, 35)
    static let extendedKeyUsage = make(2, 5, 29, 37)
    static let serverAuth = make(1, 3, 6, 1, 5, 5, 7, 3, 1)
    static let clientAuth = make(1, 3, 6, 1, 5, 5, 7, 3, 2)

    /// A DER element from arcs; the first two share one number (X.690, 8.19.4).
    static func make(_ first: UInt128, _ second: UInt128, _ rest: UInt128...) -> [UInt8] {
        DER.element(DER.oid, ([first * 40 + second] + rest).flatMap(base128))
    }

    private static func base128(_ arc: UInt128) -> [UInt8] {
        var bytes = [UInt8(truncatingIfNeeded: arc & 0x7f)]
        var left = arc >> 7
        while left > 0 {
            bytes.insert(0x80 | UInt8(truncatingIfNeeded: left & 0x7f), at: 0)
            left >>= 7
        }
        return bytes
    }
}

/// Waybill's own arcs: 2.25 (ITU-T X.667) and the project's UUID 35c3e1ad-5d2e-4a05-bdac-d27998f5748e as one decimal
/// number, 71466158941485835307149360238295348366, then the role. Fixed for ever: they stand in every certificate
/// issued.
extension Role {
    private static let project: UInt128 = 71_466_158_941_485_835_307_149_360_238_295_348_366

    /// The key purpose that makes a certificate one of this role.
    var keyPurpose: [UInt8] {
        switch self {
        case .signing: OID.make(2, 25, Self.project, 1)
        case .sealing: OID.make(2, 25, Self.project, 2)
        case .tls: OID.make(2, 25, Self.project, 3)
        case .ledger: OID.make(2, 25, Self.project, 4)
        }
    }

    /// The content of the extended key usage, in the order in which it is issued.
    var keyPurposes: [[UInt8]] { self == .tls ? [keyPurpose, OID.serverAuth, OID.clientAuth] : [keyPurpose] }
}
