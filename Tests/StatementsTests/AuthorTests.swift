import Envelope
import Statements
import Testing
import Vocabulary

/// Who is believed, and what is not: the table of the one place that believes a signature of the signing role.
@Suite struct AuthorTests {
    private static let signed = Signatory.start.adding(seconds: 100)
    private let agency: Signatory
    private let key: Fingerprint

    init() throws {
        agency = try Signatory("stockton")
        key = agency.keys.signing.certificate.fingerprint
    }

    private var identity: Certificate { agency.keys.identity.certificate }

    private func withdrawal(
        because: String = "The wrong address.", dated: Instant = signed, by pair: KeyRing.Pair? = nil
    ) throws -> [UInt8] {
        let parties = Parties(
            from: agency.id, to: try AgencyID("tewv"), fromIdentity: agency.pin, toIdentity: agency.pin)
        let statement = Withdrawal(
            consignment: .make(at: dated), waybill: SHA256.digest([1]), parties: parties,
            because: because, signedAt: dated)
        let pair = pair ?? agency.keys.signing
        return try StatementSigner(key: pair.key(), certificate: pair.certificate).sign(
            statement.encoded, at: Self.signed)
    }

    @Test("what the signing key signed is believed, with its digest and its signer")
    func believed() throws {
        let told = try Author(identity, .refused([])).verify(withdrawal(), as: Withdrawal.self)
        #expect(told.statement.because == "The wrong address.")
        #expect(told.signer.fingerprint == key)
        #expect(told.digest == SHA256.digest(told.statement.encoded))
    }

    /// A key is retired at an instant: what is signed in that second is signed by a retired key.
    @Test(
        "a retired key is refused at a door, counts in a ledger for what is older, and is the caller's to judge elsewhere",
        arguments: [(nil, false), (-1, true), (0, true), (1, false)] as [(Int64?, Bool)])
    func retired(_ endedAfter: Int64?, _ isRefused: Bool) throws {
        let bytes = try withdrawal()
        let end = endedAfter.map { Self.signed.adding(seconds: $0) }
        let history = Author(identity, .countBefore(end.map { [key: $0] } ?? [:]))
        let told = try? history.verify(bytes, as: Withdrawal.self)
        #expect((told == nil) == isRefused)
        let door = Author(identity, .refused(end == nil ? [] : [key]))
        #expect(((try? door.verify(bytes, as: Withdrawal.self)) == nil) == (end != nil))
        _ = try Author(identity, .count).verify(bytes, as: Withdrawal.self)
    }

    @Test("a text that would act on a terminal is refused from outside, and read where it was taken in before")
    func readings() throws {
        let bytes = try withdrawal(because: "Red \u{1B}[31m")
        let author = Author(identity, .refused([]))
        #expect(throws: Malformed.self) { try author.verify(bytes, as: Withdrawal.self) }
        #expect(try author.verify(bytes, as: Withdrawal.self, .kept).statement.because == "Red \u{1B}[31m")
    }

    @Test("a statement that bears another date than its signature is refused", arguments: [-1, 1] as [Int64])
    func dates(_ seconds: Int64) throws {
        let bytes = try withdrawal(dated: Self.signed.adding(seconds: seconds))
        #expect(throws: Malformed.self) { try Author(identity, .count).verify(bytes, as: Withdrawal.self) }
    }

    @Test("another statement than the one that was asked for is refused, and so is a card")
    func others() throws {
        let author = Author(identity, .count)
        #expect(throws: Malformed.self) { try author.verify(withdrawal(), as: Refusal.self) }
        #expect(throws: EnvelopeError.statement(.role)) { try author.open(agency.signedCard) }
    }

    @Test("no other key of the agency, and no other agency's, signs statements")
    func keys() throws {
        for pair in [agency.keys.tls, agency.keys.sealing] {
            #expect(throws: EnvelopeError.self) {
                try Author(identity, .count).verify(withdrawal(by: pair), as: Withdrawal.self)
            }
        }
        let stranger = try Signatory("stockton")
        #expect(throws: EnvelopeError.statement(.signer)) {
            try Author(identity, .count).verify(withdrawal(by: stranger.keys.signing), as: Withdrawal.self)
        }
    }
}
