import Envelope
import Testing
import Vocabulary

/// The sealed form against the stock command, in both directions.
@Suite struct SealingTests {
    let agency: Agency
    let bind: Digest

    init() throws {
        agency = try Agency()
        bind = try Digest(Random.bytes(32))
    }

    static let sizes = [0, 1, 100, 4096, 1 << 20]
    static let unseal = "cms -decrypt -inform DER -inkey sealing.key -recip sealing.pem -in message"
    static let seal = "cms -encrypt -aes-256-gcm -binary -in content -outform DER -recip sealing.pem -out message"

    @Test("stock openssl opens a part of ours", arguments: sizes)
    func stockOpensOurs(size: Int) throws {
        let bytes = Random.bytes(size)
        try agency.folder.write(agency.part(bytes, bind: bind, index: 258), to: "message")
        let opened = try agency.openssl.run(Self.unseal)
        #expect(opened == bind.bytes + [0, 0, 0, 0, 0, 0, 1, 2] + bytes)
    }

    @Test("a part of ours opens with ours", arguments: sizes)
    func oursOpensOurs(size: Int) throws {
        let bytes = Random.bytes(size)
        let message = try agency.part(bytes, bind: bind, index: 3)
        #expect(message.count - size < 400)
        let opened = try agency.opener().openPart(message, bind: bind, index: 3, length: size)
        #expect(Array(opened) == bytes)
    }

    @Test("a part made by stock openssl opens with ours", arguments: sizes, ["", "-keyid"])
    func oursOpensStock(size: Int, naming: String) throws {
        let bytes = Random.bytes(size)
        try agency.folder.write(bind.bytes + [0, 0, 0, 0, 0, 0, 0, 1] + bytes, to: "content")
        try agency.openssl.run("\(Self.seal) \(naming) -keyopt ecdh_kdf_md:sha256")
        let opened = try agency.opener().openPart(
            agency.folder.read("message"), bind: bind, index: 1, length: size)
        #expect(Array(opened) == bytes)
    }

    @Test("stock openssl opens and verifies message 0")
    func stockOpensWaybill() throws {
        let json = Array(#"{"statement":"waybill/v1"}"#.utf8)
        let signed = try agency.signer().sign(json, at: agency.now)
        try agency.folder.write(agency.sealer().sealWaybill(signed), to: "message")
        #expect(try agency.openssl.run(Self.unseal) == signed)
        let opened = try agency.opener().openWaybill(agency.folder.read("message"))
        #expect(opened == signed)
    }

    @Test("RSA-OAEP parts go both ways", arguments: ["", "-keyid"])
    func rsa(naming: String) throws {
        let certificate = try agency.admitRSA(.sealing, as: "external")
        let key = try PrivateKey(pem: agency.folder.read("external.key"))
        let opener = Opener(keys: [try OpeningKey(key: key, certificate: certificate)])
        let content = bind.bytes + [0, 0, 0, 0, 0, 0, 0, 1] + Array("hello".utf8)

        let ours = try Sealer(recipient: certificate).sealPart(bind: bind, index: 1, length: 0) { _ in }
        try agency.folder.write(ours, to: "message")
        let opened = try agency.openssl.run(
            "cms -decrypt -inform DER -in message -inkey external.key -recip external.pem")
        #expect(opened == Array(content.dropLast(5)))

        try agency.folder.write(content, to: "content")
        try agency.openssl.run(
            "cms -encrypt -aes-256-gcm -binary -in content -outform DER -recip external.pem -out message \(naming)"
                + " -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256 -keyopt rsa_mgf1_md:sha256")
        let theirs = try opener.openPart(agency.folder.read("message"), bind: bind, index: 1, length: 5)
        #expect(Array(theirs) == Array("hello".utf8))
    }

    @Test("a retired sealing key still opens late mail, and a fresh one does not open what is not its own")
    func rotation() throws {
        let message = try agency.part([1, 2, 3], bind: bind)
        let key = try PrivateKey.generate(.p256)
        let certificate = try agency.issuer.issue(.sealing, for: key.publicKey, now: agency.now, days: 90)
        let fresh = try OpeningKey(key: key, certificate: certificate)
        let retired = try OpeningKey(key: agency.ring.sealing.key(), certificate: agency.ring.sealing.certificate)
        let opened = try Opener(keys: [fresh, retired]).openPart(message, bind: bind, index: 1, length: 3)
        #expect(Array(opened) == [1, 2, 3])
        #expect(throws: EnvelopeError.cannotBeOpened) {
            try Opener(keys: [fresh]).openPart(message, bind: bind, index: 1, length: 3)
        }
    }

    @Test("two seals of the same bytes share neither key, nonce nor ciphertext")
    func fresh() throws {
        let (a, b) = try (agency.part([7], bind: bind), agency.part([7], bind: bind))
        let (one, other) = try (DERTree(a), DERTree(b))
        for path in [[1, 0, 1, 0, 1], [1, 0, 1, 0, 3], [1, 0, 2, 1], [1, 0, 2, 2], [1, 0, 3]] {
            #expect(one[path].der != other[path].der)
        }
    }

    @Test("a certificate of another role is not sealed to", arguments: ["signing", "tls", "ledger", "identity"])
    func otherRole(role: String) throws {
        let certificate = try Certificate(pem: agency.folder.read("\(role).pem"))
        #expect(throws: EnvelopeError.certificate(.role)) { try Sealer(recipient: certificate) }
    }

    @Test("what fill throws comes through, and a waybill over 256 KiB is not sealed")
    func failures() throws {
        struct DiskFault: Error {}
        #expect(throws: DiskFault.self) {
            try agency.sealer().sealPart(bind: bind, index: 1, length: 9) { _ in throw DiskFault() }
        }
        #expect(throws: EnvelopeError.statement(.tooLarge)) {
            try agency.sealer().sealWaybill(Array(repeating: 0, count: 262_144))
        }
    }
}
