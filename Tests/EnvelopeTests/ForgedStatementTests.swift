import Envelope
import Foundation
import Testing
import Vocabulary

/// Statements that must not be believed. Where the stock openssl of this machine accepts one, the test says so (newer
/// ones mend themselves, and what others accept is never expected): that is why the check is ours.
@Suite struct ForgedStatementTests {
    let agency: Agency
    let content = Array(#"{"statement":"receipt/v1"}"#.utf8)

    init() throws {
        agency = try Agency()
        try agency.folder.write(content, to: "content")
    }

    func refuses(_ der: [UInt8], _ fault: StatementFault, at moment: Instant? = nil) {
        #expect(throws: EnvelopeError.statement(fault)) {
            try StatementVerifier.verify(der, identity: agency.identity, role: .signing, at: moment ?? agency.now)
        }
    }

    /// Our own good statement, one change made to it.
    func forged(_ change: (inout DERTree) throws -> Void) throws -> [UInt8] {
        var tree = try DERTree(agency.signer().sign(content, at: agency.now))
        try change(&tree)
        return tree.der
    }

    /// Where the parts of a SignedData stand.
    enum Place {
        static let body = [1, 0]
        static let content = [1, 0, 2, 1, 0]
        static let certificates = [1, 0, 3]
        static let signers = [1, 0, 4]
        static let attributes = [1, 0, 4, 0, 3]
        static let signature = [1, 0, 4, 0, 5]
    }

    @Test("the unchanged statement is accepted, so that each refusal here is for its one change")
    func control() throws {
        let same = try forged { _ in }
        #expect(
            try StatementVerifier.verify(same, identity: agency.identity, role: .signing, at: agency.now).content
                == content)
    }

    @Test("another role's certificate is refused, whatever stock openssl makes of it")
    func wrongRole() throws {
        try agency.openssl.run("\(StatementTests.sign) -signer tls.pem -inkey tls.key")
        try agency.openssl.report(StatementTests.verify, "a statement signed by the tls role")
        refuses(try agency.folder.read("message"), .role)
    }

    @Test("a certificate of a system authority is refused, even when the machine trusts it")
    func systemAuthority() async {
        // In a process of its own, because what the machine trusts is told by its environment.
        await #expect(processExitsWith: .success) {
            let (other, us) = (try Agency("durham-council"), try Agency())
            let statement = try other.signer().sign(Array("{}".utf8), at: other.now)
            try other.folder.write(statement, to: "message")
            let anchor = other.folder.file("identity.pem")
            var trusting = other.openssl
            trusting.environment = ["SSL_CERT_FILE": anchor]
            try trusting.report(
                "cms -verify -cades -inform DER -in message -purpose any", "a signer whom only the machine trusts")
            try #require(unsafe setenv("SSL_CERT_FILE", anchor, 1) == 0)
            #expect(throws: EnvelopeError.statement(.signer)) {
                try StatementVerifier.verify(statement, identity: us.identity, role: .signing, at: us.now)
            }
        }
    }

    @Test("a namesake's identity does not vouch for the statement")
    func namesake() throws {
        let namesake = try Agency()
        refuses(try namesake.signer().sign(content, at: agency.now), .signer)
    }

    @Test("a missing signing-certificate-v2 is refused")
    func withoutSigningCertificate() throws {
        try agency.openssl.run(
            StatementTests.sign.replacingOccurrences(of: "-cades ", with: "")
                + " -signer signing.pem -inkey signing.key")
        refuses(try agency.folder.read("message"), .malformed)
    }

    @Test("a signing-certificate-v2 of another certificate over the same key is refused")
    func otherSigningCertificate() throws {
        let key = try agency.ring.signing.key()
        let twin = try agency.issuer.issue(.signing, for: key.publicKey, now: agency.now, days: 9)
        let theirs = try StatementSigner(key: key, certificate: twin).sign(content, at: agency.now)
        let twinAttribute = try DERTree(theirs)[Place.attributes].children[3]
        refuses(try forged { $0[Place.attributes].children[3] = twinAttribute }, .malformed)
    }

    @Test("expired and not yet valid certificates are refused")
    func time() throws {
        let good = try forged { _ in }
        refuses(good, .expired, at: agency.now.adding(seconds: 86_400 * 401))
        refuses(good, .notYetValid, at: agency.now.adding(seconds: -86_400 * 2))
    }

    @Test("changed content, and a signature of other bytes, are refused")
    func changed() throws {
        refuses(try forged { $0[Place.content].content[3] ^= 1 }, .signature)
        refuses(try forged { $0[Place.attributes].children[2].children[1].children[0].content[0] ^= 1 }, .signature)
        let other = try DERTree(agency.signer().sign(Array("{}".utf8), at: agency.now))
        refuses(try forged { $0[Place.signature] = other[Place.signature] }, .signature)
    }

    @Test("two signers, two certificates, none, revocation lists and unsigned attributes are refused")
    func shape() throws {
        refuses(try forged { $0[Place.signers].children += $0[Place.signers].children }, .malformed)
        refuses(try forged { $0[Place.certificates].children += $0[Place.certificates].children }, .malformed)
        refuses(try forged { $0[Place.certificates].children = [] }, .malformed)
        refuses(try forged { $0[Place.body].children.insert(DERTree(0xa1, []), at: 4) }, .malformed)
        refuses(try forged { $0[Place.signers].children[0].children.append(DERTree(0xa1, [])) }, .malformed)
    }

    @Test("attributes out of order, twice or unknown are refused")
    func attributes() throws {
        refuses(try forged { $0[Place.attributes].children.swapAt(0, 1) }, .malformed)
        refuses(
            try forged { $0[Place.attributes].children.insert($0[Place.attributes].children[1], at: 1) }, .malformed)
        refuses(try forged { $0[Place.attributes].children[1].children[0].content[8] = 99 }, .malformed)
    }

    @Test("trailing bytes, indefinite and non-minimal lengths are refused")
    func encoding() throws {
        let good = try forged { _ in }
        refuses(good + [0], .malformed)
        refuses([0x30, 0x80] + good.dropFirst(4) + [0, 0], .malformed)
        refuses([0x30, 0x83, 0] + good.dropFirst(2), .malformed)
    }

    @Test("a detached statement is refused")
    func detached() throws {
        try agency.openssl.run(
            StatementTests.sign.replacingOccurrences(of: "-nodetach ", with: "")
                + " -signer signing.pem -inkey signing.key")
        refuses(try agency.folder.read("message"), .malformed)
    }

    @Test("SHA-384, and PSS with another salt, are refused")
    func algorithms() throws {
        try agency.openssl.run(
            StatementTests.sign.replacingOccurrences(of: "sha256", with: "sha384")
                + " -signer signing.pem -inkey signing.key")
        refuses(try agency.folder.read("message"), .malformed)
        _ = try agency.admitRSA(.signing, as: "external")
        for salt in [20, 64] {
            let what = "a PSS salt of \(salt) bytes"
            let options = "-keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:\(salt)"
            let sign = "\(StatementTests.sign) -signer external.pem -inkey external.key \(options)"
            guard try agency.openssl.makes(sign, what) else { continue }
            try agency.openssl.report(StatementTests.verify, what)
            refuses(try agency.folder.read("message"), .malformed)
        }
    }

    @Test("one statement has more than one accepted encoding: compare statements by content, never by their bytes")
    func encodingsDiffer() throws {
        let good = try forged { _ in }
        let twin = try DERTree(good).withNullParameters(at: [1, 0, 1, 0]).der
        #expect(twin != good)
        let statement = try StatementVerifier.verify(
            twin, identity: agency.identity, role: .signing, at: agency.now)
        #expect(statement.content == content)
    }

    @Test("no flipped bit anywhere in a statement goes unnoticed")
    func flips() throws {
        let good = try forged { _ in }
        for i in good.indices {
            var bad = good
            bad[i] ^= 1 << (i % 8)
            #expect(throws: EnvelopeError.self, "byte \(i)") {
                try StatementVerifier.verify(bad, identity: agency.identity, role: .signing, at: agency.now)
            }
        }
    }
}
