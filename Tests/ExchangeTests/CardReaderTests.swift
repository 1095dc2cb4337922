import Envelope
import Exchange
import Statements
import Testing
import Vocabulary

@Suite struct CardReaderTests {
    let agency: TestAgency
    var pin: Fingerprint { agency.keys.identity.certificate.fingerprint }

    init() throws { agency = try TestAgency("stockton", root: "/nowhere") }

    @Test("a card that its pinned identity signed becomes a partner")
    func good() throws {
        let partner = try CardReader.verify(agency.signedCard, pinned: pin, at: Clock.start)
        #expect(partner.id == agency.id)
        #expect(partner.usable(.sealing, at: Clock.start).count == 1)
    }

    @Test("a card of another identity is refused, and both fingerprints are told")
    func wrongFingerprint() throws {
        let other = try TestAgency("stockton", root: "/nowhere").keys.identity.certificate.fingerprint
        #expect(throws: CardProblem.wrongFingerprint(card: pin, expected: other)) {
            try CardReader.verify(agency.signedCard, pinned: other, at: Clock.start)
        }
    }

    @Test("a card that has ended is refused")
    func expired() throws {
        let short = try TestAgency.card(agency.id, agency.keys, at: Clock.start, validFor: 3600)
        #expect(throws: CardProblem.expired(agency.id, since: Clock.start.adding(seconds: 3600))) {
            try CardReader.verify(short, pinned: pin, at: Clock.start.adding(seconds: 3601))
        }
    }

    @Test("a card whose role certificates have all ended is refused")
    func expiredCertificates() throws {
        let long = try TestAgency.card(agency.id, agency.keys, at: Clock.start, validFor: 3000 * 86_400)
        #expect(throws: CardProblem.lacks(agency.id, .signing)) {
            try CardReader.verify(long, pinned: pin, at: Clock.start.adding(seconds: 1000 * 86_400))
        }
    }

    @Test("a card of days to come is refused")
    func tomorrow() throws {
        #expect(throws: CardProblem.self) {
            try CardReader.verify(agency.signedCard, pinned: pin, at: Clock.start.adding(seconds: -3 * 86_400))
        }
    }

    @Test("certificates that the identity did not issue are refused")
    func foreign() throws {
        let stranger = try KeyRing.generate(agency: agency.id, now: Clock.start)
        let roles = [(Role.signing, stranger.signing), (.sealing, stranger.sealing), (.tls, stranger.tls)]
        let card = try Card(
            id: agency.id, name: "Stockton", address: "", serial: 1, previous: nil, issuedAt: Clock.start,
            validUntil: Clock.start.adding(seconds: 3600),
            certificates: roles.map { Card.RoleCertificate(role: $0.0, der: $0.1.certificate.der) }, retired: [],
            versions: [])
        let keys = agency.keys.identity
        let signed = try StatementSigner(identityKey: keys.key(), identity: keys.certificate)
            .sign(card.encoded, at: Clock.start)
        #expect(throws: CardProblem.foreignCertificate(agency.id)) {
            try CardReader.verify(signed, pinned: pin, at: Clock.start)
        }
    }

    @Test("what is no card, or was changed by one bit, is refused", arguments: [0, 100, 1000, -2])
    func malformed(_ place: Int) throws {
        #expect(throws: CardProblem.self) { try CardReader.verify([1, 2, 3], pinned: pin, at: Clock.start) }
        var changed = agency.signedCard
        changed[place < 0 ? changed.count + place : place] ^= 1
        #expect(throws: CardProblem.self) { try CardReader.verify(changed, pinned: pin, at: Clock.start) }
    }

    @Test("a TLS certificate is its partner's while it is valid, in its role, and while the partner stays")
    func peers() throws {
        let clock = Clock()
        let book = Partners([try agency.asPartner()], now: { clock.now })
        let keys = agency.keys
        #expect(book.peer(presenting: keys.tls.certificate.der) == agency.id)
        #expect(book.peer(presenting: keys.signing.certificate.der) == nil)
        #expect(book.peer(presenting: [1, 2, 3]) == nil)
        clock.advance(seconds: 1000 * 86_400)
        #expect(book.peer(presenting: keys.tls.certificate.der) == nil)
        clock.advance(seconds: -1000 * 86_400)
        book.remove(agency.id)
        #expect(book.peer(presenting: keys.tls.certificate.der) == nil)
    }
}
