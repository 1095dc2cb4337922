import Envelope
import Statements
import Testing
import Vocabulary

@Suite struct NextCardTests {
    let agency: Signatory
    let former: Card
    let issuer: Issuer

    init() throws {
        agency = try Signatory("stockton")
        former = try agency.asPartner().card
        let identity = agency.keys.identity
        issuer = try Issuer(agency: agency.id, key: identity.key(), identity: identity.certificate)
    }

    private func next(_ change: NextCard.Change, at now: Instant = Signatory.start) throws -> Card {
        try NextCard.make(
            after: former, signed: agency.signedCard, change, name: former.name, address: former.address,
            versions: former.versions, until: now.adding(seconds: 86_400), at: now)
    }

    @Test("a rotated key stands beside the old ones, first, on a card of the next serial", arguments: Role.allCases)
    func rotated(_ role: Role) throws {
        let key = try PrivateKey.generate(role == .ledger ? .ed25519 : .p256)
        let certificate = try issuer.issue(role, for: key.publicKey, now: Signatory.start, days: 10)
        let card = try next(NextCard.Change(adding: certificate))
        #expect(card.serial == 2)
        #expect(card.previous == SHA256.digest(agency.signedCard))
        #expect(card.certificates.count == 5)
        #expect(card.certificates.first?.der == certificate.der)
        try NextCard.require(card, follows: former, signed: agency.signedCard)
    }

    @Test("a retired key leaves the card and is named on it")
    func retired() throws {
        let old = agency.keys.sealing.certificate
        let card = try next(
            NextCard.Change(
                retiring: Card.Retired(
                    fingerprint: old.fingerprint, role: .sealing, at: Signatory.start, reason: "Old.")))
        #expect(!card.certificates.contains { $0.der == old.der })
        #expect(card.retired.map(\.fingerprint) == [old.fingerprint])
        try NextCard.require(card, follows: former, signed: agency.signedCard)
    }

    @Test("certificates that have ended leave the card")
    func ended() throws {
        #expect(try next(NextCard.Change(), at: Signatory.start.adding(seconds: 500 * 86_400)).certificates.isEmpty)
    }

    @Test("a card that skips a serial, forgets a retired key, or lists one, does not follow")
    func wrong() throws {
        let card = try next(NextCard.Change())
        #expect(throws: Malformed.self) { try NextCard.require(card, follows: card, signed: agency.signedCard) }
        #expect(throws: Malformed.self) { try NextCard.require(card, follows: former, signed: [1]) }
        let gone = Card.Retired(
            fingerprint: agency.keys.tls.certificate.fingerprint, role: .tls, at: Signatory.start, reason: "Stolen.")
        let lists = try Card(
            id: card.id, name: card.name, address: card.address, serial: 2, previous: card.previous,
            issuedAt: card.issuedAt, validUntil: card.validUntil, certificates: card.certificates, retired: [gone],
            versions: [])
        #expect(throws: Malformed.self) { try NextCard.require(lists, follows: former, signed: agency.signedCard) }
        let forgetful = try next(NextCard.Change(retiring: gone))
        #expect(throws: Malformed.self) {
            try NextCard.require(
                Card(
                    id: card.id, name: card.name, address: card.address, serial: 3,
                    previous: SHA256.digest(agency.signedCard), issuedAt: card.issuedAt, validUntil: card.validUntil,
                    certificates: forgetful.certificates, retired: [], versions: []), follows: forgetful,
                signed: agency.signedCard)
        }
    }

    @Test("nothing is sealed by a card that has ended, but its owner is still known by it")
    func lapsed() throws {
        let pin = agency.pin
        let short = try agency.card(validFor: 3600)
        let later = Signatory.start.adding(seconds: 3601)
        let partner = try CardReader.known(short, pinned: pin)
        #expect(partner.usable(.sealing, at: later).isEmpty)
        #expect(partner.accepts(agency.keys.tls.certificate, as: .tls, at: later))
    }
}
