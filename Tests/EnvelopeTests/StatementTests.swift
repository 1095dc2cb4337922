import Envelope
import Testing
import Vocabulary

/// Signed statements against the stock command, in both directions.
@Suite struct StatementTests {
    let agency: Agency
    let content = Array(#"{"statement":"receipt/v1"}"#.utf8)

    init() throws {
        agency = try Agency()
        try agency.folder.write(content, to: "content")
    }

    static let verify =
        "cms -verify -cades -inform DER -in message -no-CApath -no-CAstore -CAfile identity.pem -purpose any"
    static let sign = "cms -sign -cades -binary -nodetach -md sha256 -in content -outform DER -out message"

    func verified(_ der: [UInt8], role: Role? = .signing, at moment: Instant? = nil) throws -> VerifiedStatement {
        try StatementVerifier.verify(der, identity: agency.identity, role: role, at: moment ?? agency.now)
    }

    @Test("stock openssl verifies a statement of ours, at its time")
    func stockVerifiesOurs() throws {
        let moment = agency.now.adding(seconds: 86_400 * 30)
        try agency.folder.write(agency.signer().sign(content, at: moment), to: "message")
        #expect(try agency.openssl.run("\(Self.verify) -attime \(moment.seconds)") == content)
        #expect(try !agency.openssl.accepts("\(Self.verify) -attime \(agency.now.seconds + 86_400 * 900)"))
    }

    @Test("stock openssl verifies a card that the identity signed itself")
    func stockVerifiesCard() throws {
        let signer = try StatementSigner(identityKey: agency.ring.identity.key(), identity: agency.identity)
        let card = try signer.sign(content, at: agency.now)
        try agency.folder.write(card, to: "message")
        #expect(try agency.openssl.run(Self.verify) == content)
        #expect(try verified(card, role: nil).content == content)
        #expect(throws: EnvelopeError.statement(.role)) { try verified(card, role: .signing) }
        #expect(try StatementVerifier.uncheckedSigner(ofCard: card).fingerprint == agency.identity.fingerprint)
    }

    @Test("ours verifies ours and gives back content, signer and time to the second")
    func roundTrip() throws {
        let moment = Instant(milliseconds: agency.now.milliseconds + 123)
        let statement = try verified(agency.signer().sign(content, at: moment))
        #expect(statement.content == content)
        #expect(statement.signer.fingerprint == agency.ring.signing.certificate.fingerprint)
        #expect(statement.signingTime == agency.now)
    }

    @Test("ours verifies what stock openssl signed", arguments: ["", "-nosmimecap"])
    func oursVerifiesStock(option: String) throws {
        try agency.openssl.run("\(Self.sign) -signer signing.pem -inkey signing.key \(option)")
        #expect(try verified(agency.folder.read("message")).content == content)
    }

    @Test("an external RSA key signs both ways", arguments: ["pss", "pkcs1"])
    func rsa(padding: String) throws {
        let certificate = try agency.admitRSA(.signing, as: "external")
        let salt = padding == "pss" ? "-keyopt rsa_pss_saltlen:32" : ""
        try agency.openssl.run(
            "\(Self.sign) -signer external.pem -inkey external.key -keyopt rsa_padding_mode:\(padding) \(salt)")
        #expect(try verified(agency.folder.read("message")).content == content)

        let key = try PrivateKey(pem: agency.folder.read("external.key"))
        let ours = try StatementSigner(key: key, certificate: certificate).sign(content, at: agency.now)
        try agency.folder.write(ours, to: "message")
        #expect(try agency.openssl.run(Self.verify) == content)
        #expect(try verified(ours).content == content)
    }

    @Test("times from 2050 on are written as GeneralizedTime and read back")
    func farFuture() throws {
        for text in ["2049-12-31T23:59:59.000Z", "2050-01-01T00:00:00.000Z"] {
            let moment = try Instant(text)
            let statement = try agency.signer().sign(content, at: moment)
            #expect(try verified(statement).signingTime == moment)
            try agency.folder.write(statement, to: "message")
            #expect(try agency.openssl.run(Self.verify) == content)
        }
    }

    @Test("a signer takes only the key of its certificate and only its role")
    func signerChecks() throws {
        let ring = agency.ring
        #expect(throws: EnvelopeError.certificate(.mismatch)) {
            try StatementSigner(key: ring.tls.key(), certificate: ring.signing.certificate)
        }
        #expect(throws: EnvelopeError.certificate(.role)) {
            try StatementSigner(key: ring.tls.key(), certificate: ring.tls.certificate)
        }
        #expect(throws: EnvelopeError.certificate(.issuer)) {
            try StatementSigner(identityKey: ring.signing.key(), identity: ring.signing.certificate)
        }
    }

    @Test("a statement over 256 KiB is neither signed nor read")
    func size() throws {
        #expect(throws: EnvelopeError.statement(.tooLarge)) {
            try agency.signer().sign(Array(repeating: 32, count: 262_144), at: agency.now)
        }
        #expect(throws: EnvelopeError.statement(.tooLarge)) { try verified(Array(repeating: 48, count: 262_145)) }
    }
}
