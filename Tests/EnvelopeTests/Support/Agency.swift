import Envelope
import Foundation
import Vocabulary

/// An agency of our own making, with its keys and certificates as files for the stock command.
struct Agency {
    let folder: TemporaryFolder
    let openssl: StockOpenSSL
    let ring: KeyRing
    let issuer: Issuer
    let now = Instant(seconds: Int64(Date().timeIntervalSince1970))

    init(_ name: String = "cleveland-police") throws {
        folder = try TemporaryFolder()
        openssl = StockOpenSSL(folder: folder)
        ring = try KeyRing.generate(agency: AgencyID(name), now: now)
        issuer = try Issuer(agency: AgencyID(name), key: ring.identity.key(), identity: ring.identity.certificate)
        for (role, pair) in [
            ("identity", ring.identity), ("signing", ring.signing), ("sealing", ring.sealing), ("tls", ring.tls),
            ("ledger", ring.ledger),
        ] {
            try folder.write(pair.pem, to: "\(role).key")
            try folder.write(pair.certificate.pem.utf8, to: "\(role).pem")
        }
    }

    var identity: Certificate { ring.identity.certificate }

    func signer() throws -> StatementSigner {
        try StatementSigner(key: ring.signing.key(), certificate: ring.signing.certificate)
    }

    func sealer() throws -> Sealer { try Sealer(recipient: ring.sealing.certificate) }

    func opener() throws -> Opener {
        Opener(keys: [try OpeningKey(key: ring.sealing.key(), certificate: ring.sealing.certificate)])
    }

    /// Certifies an RSA key that the stock command made, in files NAME.key and NAME.pem.
    func admitRSA(_ role: Role, as name: String, bits: Int = 3072) throws -> Certificate {
        try openssl.run("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:\(bits) -out \(name).key")
        try openssl.run("pkey -in \(name).key -pubout -outform DER -out \(name).spki")
        let key = try PublicKey(spki: folder.read("\(name).spki"))
        let certificate = try issuer.issue(role, for: key, now: now, days: 90)
        try folder.write(certificate.pem.utf8, to: "\(name).pem")
        return certificate
    }

    /// A part of the given bytes, sealed to us by ourselves.
    func part(_ bytes: [UInt8], bind: Digest, index: Int = 1) throws -> [UInt8] {
        try sealer().sealPart(bind: bind, index: index, length: bytes.count) { span in
            for i in bytes.indices { span.storeBytes(of: bytes[i], toByteOffset: i, as: UInt8.self) }
        }
    }
}
