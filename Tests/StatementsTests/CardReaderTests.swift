import Envelope
import Statements
import Synchronization
import Testing
import Vocabulary

@Suite struct CardReaderTests {
    let agency: Signatory
    var pin: Fingerprint { agency.pin }

    init() throws { agency = try Signatory("stockton") }

    @Test("a card that its pinned identity signed becomes a partner")
    func good() throws {
        let partner = try CardReader.verify(agency.signedCard, pinned: pin, at: Signatory.start)
        #expect(partner.id == agency.id)
        #expect(partner.usable(.sealing, at: Signatory.start).count == 1)
    }

    @Test("a card of another identity is refused, and both fingerprints are told")
    func wrongFingerprint() throws {
        let other = try Signatory("stockton").pin
        #expect(throws: CardProblem.wrongFingerprint(card: pin, expected: other)) {
            try CardReader.verify(agency.signedCard, pinned: other, at: Signatory.start)
        }
    }

    @Test("a card that has ended is refused")
    func expired() throws {
        let short = try agency.card(validFor: 3600)
        #expect(throws: CardProblem.expired(agency.id, since: Signatory.start.adding(seconds: 3600))) {
            try CardReader.verify(short, pinned: pin, at: Signatory.start.adding(seconds: 3601))
        }
    }

    @Test("a card whose role certificates have all ended is refused")
    func expiredCertificates() throws {
        let long = try agency.card(validFor: 3000 * 86_400)
        #expect(throws: CardProblem.lacks(agency.id, .signing)) {
            try CardReader.verify(long, pinned: pin, at: Signatory.start.adding(seconds: 1000 * 86_400))
        }
    }

    @Test("a card of days to come is refused")
    func tomorrow() throws {
        #expect(throws: CardProblem.self) {
            try CardReader.verify(agency.signedCard, pinned: pin, at: Signatory.start.adding(seconds: -3 * 86_400))
        }
    }

    @Test("certificates that the identity did not issue are refused")
    func foreign() throws {
        let stranger = try KeyRing.generate(agency: agency.id, now: Signatory.start)
        let roles = [(Role.signing, stranger.signing), (.sealing, stranger.sealing), (.tls, stranger.tls)]
        let card = try Card(
            id: agency.id, name: "Stockton", address: "", serial: 1, previous: nil, issuedAt: Signatory.start,
            validUntil: Signatory.start.adding(seconds: 3600),
            certificates: roles.map { Card.RoleCertificate(role: $0.0, der: $0.1.certificate.der) }, retired: [],
            versions: [])
        let keys = agency.keys.identity
        let signed = try StatementSigner(identityKey: keys.key(), identity: keys.certificate)
            .sign(card.encoded, at: Signatory.start)
        #expect(throws: CardProblem.foreignCertificate(agency.id)) {
            try CardReader.verify(signed, pinned: pin, at: Signatory.start)
        }
    }

    @Test("what is no card, or was changed by one bit, is refused", arguments: [0, 100, 1000, -2])
    func malformed(_ place: Int) throws {
        #expect(throws: CardProblem.self) { try CardReader.verify([1, 2, 3], pinned: pin, at: Signatory.start) }
        var changed = agency.signedCard
        changed[place < 0 ? changed.count + place : place] ^= 1
        #expect(throws: CardProblem.self) { try CardReader.verify(changed, pinned: pin, at: Signatory.start) }
    }

    @Test("a TLS certificate is its partner's while it is valid, in its role, and while the partner stays")
    func peers() throws {
        let now = Mutex(Signatory.start)
        let book = Partners([try agency.asPartner()], now: { now.withLock { $0 } })
        let keys = agency.keys
        #expect(book.peer(presenting: keys.tls.certificate.der) == agency.id)
        #expect(book.peer(presenting: keys.signing.certificate.der) == nil)
        #expect(book.peer(presenting: [1, 2, 3]) == nil)
        now.withLock { $0 = Signatory.start.adding(seconds: 1000 * 86_400) }
        #expect(book.peer(presenting: keys.tls.certificate.der) == nil)
        now.withLock { $0 = Signatory.start }
        book.remove(agency.id)
        #expect(book.peer(presenting: keys.tls.certificate.der) == nil)
    }
}
