import Envelope
import Testing
import Vocabulary

/// Sealed messages that must not open. Where the stock openssl of this machine opens one, the test says so (newer ones
/// mend themselves, and what others accept is never expected): that is why the reader in front of libcrypto is ours.
@Suite struct ForgedMessageTests {
    let agency: Agency
    let bind: Digest
    let bytes = Array("minutes of the meeting".utf8)

    init() throws {
        agency = try Agency()
        bind = try Digest(Random.bytes(32))
        try agency.folder.write(bind.bytes + [0, 0, 0, 0, 0, 0, 0, 1] + bytes, to: "content")
    }

    func refuses(_ message: [UInt8], index: Int = 1, length: Int? = nil, _ note: Comment? = nil) {
        #expect(throws: EnvelopeError.cannotBeOpened, note) {
            try agency.opener().openPart(message, bind: bind, index: index, length: length ?? bytes.count)
        }
    }

    /// Refuses what stock openssl made with these options, whether or not it opens that itself. Nothing may be left to
    /// its defaults: they differ between versions, and then another message is refused than the one meant.
    func refusesSealed(
        _ options: String, _ what: String, recipient: String = "sealing", by refuses: ([UInt8]) -> Void
    ) throws {
        let seal = "cms -encrypt -binary -in content -outform DER -out message \(options)"
        guard try agency.openssl.makes(seal, what) else { return }
        try agency.openssl.report(
            "cms -decrypt -inform DER -inkey \(recipient).key -recip \(recipient).pem -in message", what)
        refuses(try agency.folder.read("message"))
    }

    func refusesSealed(_ options: String, _ what: String) throws {
        try refusesSealed(options, what) { refuses($0) }
    }

    func forged(_ change: (inout DERTree) throws -> Void) throws -> [UInt8] {
        var tree = try DERTree(agency.part(bytes, bind: bind))
        try change(&tree)
        return tree.der
    }

    /// Where the parts of an AuthEnvelopedData stand.
    enum Place {
        static let body = [1, 0]
        static let recipients = [1, 0, 1]
        static let cipher = [1, 0, 2, 1, 1]
        static let tag = [1, 0, 3]
    }

    @Test("the unchanged message opens, so that each refusal here is for its one change")
    func control() throws {
        let opened = try agency.opener().openPart(forged { _ in }, bind: bind, index: 1, length: bytes.count)
        #expect(Array(opened) == bytes)
    }

    @Test("a 1-byte tag is refused, whatever stock openssl makes of it")
    func shortTag() throws {
        let short = try forged { $0[Place.tag].content = [$0[Place.tag].content[0]] }
        try agency.folder.write(short, to: "message")
        try agency.openssl.report(SealingTests.unseal, "a message with a 1-byte tag")
        refuses(short)
        let said = try forged {
            $0[Place.tag].content = [$0[Place.tag].content[0]]
            $0[Place.cipher].children[1].content = [1]
        }
        refuses(said)
    }

    @Test("a tag length that is left to its default, or other than 16, is refused")
    func tagLength() throws {
        refuses(try forged { $0[Place.cipher].children.removeLast() })
        refuses(try forged { $0[Place.cipher].children[1].content = [12] })
    }

    @Test("CBC, which authenticates nothing, is refused")
    func unauthenticated() throws {
        try refusesSealed("-aes-256-cbc -recip sealing.pem -keyopt ecdh_kdf_md:sha256", "a message in CBC")
    }

    @Test("AES-128-GCM is refused")
    func shortKey() throws {
        try refusesSealed("-aes-128-gcm -recip sealing.pem -keyopt ecdh_kdf_md:sha256", "a message in AES-128-GCM")
    }

    @Test("SHA-1 as the digest of the key derivation is refused")
    func weakDerivation() throws {
        try refusesSealed(
            "-aes-256-gcm -recip sealing.pem -keyopt ecdh_kdf_md:sha1", "a key derivation with SHA-1")
    }

    @Test(
        "RSA with PKCS #1 v1.5, and RSA-OAEP with SHA-1, are refused",
        arguments: ["pkcs1", "oaep -keyopt rsa_oaep_md:sha1 -keyopt rsa_mgf1_md:sha1"])
    func weakRSA(option: String) throws {
        let certificate = try agency.admitRSA(.sealing, as: "external")
        let key = try PrivateKey(pem: agency.folder.read("external.key"))
        let opener = Opener(keys: [try OpeningKey(key: key, certificate: certificate)])
        let options = "-aes-256-gcm -recip external.pem -keyopt rsa_padding_mode:\(option)"
        try refusesSealed(options, "RSA with \(option)", recipient: "external") { message in
            #expect(throws: EnvelopeError.cannotBeOpened) {
                try opener.openPart(message, bind: bind, index: 1, length: bytes.count)
            }
        }
    }

    @Test("two recipients are refused, whatever stock openssl makes of them")
    func twoRecipients() throws {
        _ = try agency.admitRSA(.sealing, as: "external")
        let options = "-aes-256-gcm -recip sealing.pem -keyopt ecdh_kdf_md:sha256"
        try refusesSealed("\(options) -recip external.pem", "a message for two recipients")
        refuses(try forged { $0[Place.recipients].children += $0[Place.recipients].children })
        refuses(try forged { $0[Place.recipients].children[0].children[3].children += [DERTree(0x30, [])] })
    }

    @Test("no recipient, and one that we are not, are refused")
    func otherRecipient() throws {
        refuses(try forged { $0[Place.recipients].children = [] })
        let other = try Agency("durham-council")
        refuses(try other.part(bytes, bind: bind))
    }

    @Test("attributes, authenticated or not, and originatorInfo are refused")
    func attributes() throws {
        let attribute = DERTree(0xa1, [])
        refuses(try forged { $0[Place.body].children.insert(attribute, at: 3) })
        refuses(try forged { $0[Place.body].children.append(DERTree(0xa2, [])) })
        refuses(try forged { $0[Place.body].children.insert(DERTree(0xa0, []), at: 1) })
    }

    @Test("another version, content type or nonce length is refused")
    func parameters() throws {
        refuses(try forged { $0[Place.body].children[0].content = [2] })
        refuses(try forged { $0[[1, 0, 2, 0]].content[8] = 2 })
        refuses(try forged { $0[Place.cipher].children[0].content += [0] })
    }

    @Test("a part that is not bound to the waybill is refused")
    func unbound() throws {
        refuses(try agency.part(bytes, bind: Digest(Random.bytes(32))))
        try agency.folder.write(bytes, to: "content")
        try refusesSealed(
            "-aes-256-gcm -recip sealing.pem -keyopt ecdh_kdf_md:sha256", "a part that is bound to nothing")
    }

    @Test("a part moved to another place is refused")
    func swapped() throws {
        refuses(try agency.part(bytes, bind: bind, index: 2), index: 1)
        refuses(try agency.part(bytes, bind: bind, index: 1), index: 2)
    }

    @Test("a part of another length is refused")
    func otherLength() throws {
        let part = try agency.part(bytes, bind: bind)
        refuses(part, length: bytes.count - 1)
        refuses(part, length: bytes.count + 1)
        refuses(part, length: -40)
    }

    @Test("trailing bytes, indefinite and non-minimal lengths are refused")
    func encoding() throws {
        let good = try forged { _ in }
        refuses(good + [0])
        refuses([0x30, 0x80] + good.dropFirst(4) + [0, 0])
        refuses([0x30, 0x83, 0] + good.dropFirst(2))
        refuses(Array(good.dropLast()))
        refuses([])
    }

    @Test("a point off the curve is refused")
    func invalidPoint() throws {
        refuses(try forged { $0[[1, 0, 1, 0, 1, 0, 1]].content[66 - 1] ^= 1 })
        refuses(try forged { $0[[1, 0, 1, 0, 1, 0, 1]].content = [0, 0] })
    }

    @Test("no flipped bit anywhere in a message goes unnoticed", arguments: [22, 65_536])
    func flips(size: Int) throws {
        let good = try agency.part(Array(repeating: 7, count: size), bind: bind)
        let places = Array(0..<360) + (0..<50).map { $0 * good.count / 50 } + [good.count - 1]
        for i in places where i < good.count {
            var bad = good
            bad[i] ^= 1 << (i % 8)
            refuses(bad, length: size, "byte \(i)")
        }
    }
}
