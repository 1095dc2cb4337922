import Envelope
import Testing
import Vocabulary

@Suite struct CertificateTests {
    let agency: Agency

    init() throws { agency = try Agency() }

    @Test("stock openssl verifies each role certificate against the identity", arguments: Role.allCases)
    func chain(role: Role) throws {
        let file = "\(role.rawValue).pem"
        #expect(try agency.openssl.accepts("verify -x509_strict -no-CApath -no-CAstore -CAfile identity.pem \(file)"))
        let certificate = try Certificate(pem: agency.folder.read(file))
        #expect(certificate.role == role)
        #expect(certificate.isIssued(by: agency.identity))
        #expect(!agency.identity.isIssued(by: certificate))
        #expect(!certificate.isIssued(by: try Agency().identity))
    }

    @Test("a certificate says what its role allows and nothing else")
    func text() throws {
        func text(_ name: String) throws -> String {
            // Some versions write `CN = x`, others `CN=x`, unless they are told how.
            let command = "x509 -in \(name).pem -noout -text -nameopt oneline,-space_eq"
            return String(decoding: try agency.openssl.run(command), as: UTF8.self)
        }
        let arc = Self.arc
        for (name, oid) in [
            ("signing", "\(arc).1"), ("sealing", "\(arc).2"), ("tls", "\(arc).3"), ("ledger", "\(arc).4"),
        ] {
            let text = try text(name)
            #expect(text.contains("Extended Key Usage: critical"))
            #expect(text.contains(oid))
            #expect(text.contains("TLS Web Server Authentication, TLS Web Client Authentication") == (name == "tls"))
            #expect(text.contains(name == "sealing" ? "Key Agreement" : "Digital Signature"))
            #expect(text.contains("CA:FALSE"))
            #expect(text.contains("CN=cleveland-police \(name)"))
        }
        let identity = try text("identity")
        #expect(identity.contains("CA:TRUE, pathlen:0"))
        #expect(identity.contains("Digital Signature, Certificate Sign"))
    }

    @Test("certificates are backdated a day and never outlive their identity")
    func validity() throws {
        let key = try PrivateKey.generate(.p256)
        let long = try agency.issuer.issue(.tls, for: key.publicKey, now: agency.now, days: 99_999)
        #expect(long.notBefore == agency.now.adding(seconds: -86_400))
        #expect(long.notAfter == agency.identity.notAfter)
        let short = try agency.issuer.issue(.tls, for: key.publicKey, now: agency.now, days: 90)
        #expect(short.notAfter == agency.now.adding(seconds: 90 * 86_400))
        #expect(short.isValid(at: agency.now) && !short.isValid(at: agency.now.adding(seconds: 91 * 86_400)))
        for days in [0, -1] {
            #expect(throws: EnvelopeError.certificate(.lifetime)) {
                try agency.issuer.issue(.tls, for: key.publicKey, now: agency.now, days: days)
            }
        }
    }

    @Test("PEM and DER are one certificate, and stock openssl prints the same DER")
    func forms() throws {
        let certificate = agency.ring.signing.certificate
        #expect(try Certificate(der: certificate.der).pem == certificate.pem)
        #expect(try agency.openssl.run("x509 -in signing.pem -outform DER") == certificate.der)
        #expect(throws: EnvelopeError.certificate(.malformed)) { try Certificate(der: certificate.der + [0]) }
        #expect(throws: EnvelopeError.certificate(.malformed)) { try Certificate(pem: Array("hello".utf8)) }
    }

    @Test(
        "a role that is not critical, or stands beside another purpose, is no role",
        arguments: ["", "critical,serverAuth,"])
    func vagueRole(prefix: String) throws {
        let certificate = try issued("basicConstraints=critical,CA:FALSE", "extendedKeyUsage=\(prefix)\(Self.arc).1")
        #expect(certificate.role == nil)
        #expect(certificate.isIssued(by: agency.identity))
    }

    @Test(
        "whoever may issue certificates has no role",
        arguments: ["critical,CA:TRUE", "CA:TRUE", "critical,DER:30:03:01:01:01", "critical,CA:FALSE", "CA:FALSE"])
    func issuingRole(constraints: String) throws {
        let certificate = try issued("basicConstraints=\(constraints)", "extendedKeyUsage=critical,\(Self.arc).1")
        #expect(certificate.role == (constraints.contains("FALSE") ? .signing : nil))
    }

    private static let arc = "2.25.71466158941485835307149360238295348366"

    /// A certificate for the signing key with these extensions, as nothing of ours makes one.
    private func issued(_ extensions: String...) throws -> Certificate {
        try agency.folder.write((extensions.joined(separator: "\n") + "\n").utf8, to: "extensions")
        try agency.openssl.run("req -new -key signing.key -subj /CN=made -out made.csr")
        try agency.openssl.run(
            "x509 -req -in made.csr -CA identity.pem -CAkey identity.key -days 9 -extfile extensions -out made.pem")
        return try Certificate(pem: agency.folder.read("made.pem"))
    }

    @Test("an identity made by stock openssl issues roles that both accept")
    func stockIdentity() throws {
        try agency.openssl.run(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout own.key -out own.pem -days 3650"
                + " -subj '/CN=durham identity' -addext basicConstraints=critical,CA:TRUE,pathlen:0"
                + " -addext keyUsage=critical,keyCertSign,digitalSignature")
        let identity = try Certificate(pem: agency.folder.read("own.pem"))
        let issuer = try Issuer(
            agency: AgencyID("durham"), key: PrivateKey(pem: agency.folder.read("own.key")), identity: identity)
        let key = try PrivateKey.generate(.p256)
        let leaf = try issuer.issue(.signing, for: key.publicKey, now: agency.now, days: 9)
        #expect(leaf.isIssued(by: identity))
        try agency.folder.write(leaf.pem.utf8, to: "leaf.pem")
        #expect(try agency.openssl.accepts("verify -x509_strict -CAfile own.pem leaf.pem"))
    }

    @Test("a role certificate cannot act as an identity, and an issuer needs its own key")
    func notAnIdentity() throws {
        let id = try AgencyID("cleveland-police")
        #expect(throws: EnvelopeError.certificate(.issuer)) {
            try Issuer(agency: id, key: agency.ring.signing.key(), identity: agency.ring.signing.certificate)
        }
        #expect(throws: EnvelopeError.certificate(.mismatch)) {
            try Issuer(agency: id, key: agency.ring.signing.key(), identity: agency.identity)
        }
    }

    @Test("a ledger needs Ed25519 and every other role anything but that")
    func kinds() throws {
        let (p256, ed25519) = try (PrivateKey.generate(.p256).publicKey, PrivateKey.generate(.ed25519).publicKey)
        for role in Role.allCases {
            #expect(throws: EnvelopeError.certificate(.key)) {
                try agency.issuer.issue(role, for: role == .ledger ? p256 : ed25519, now: agency.now, days: 9)
            }
        }
    }
}
