import Envelope
import ExchangeTesting
import Statements
import Vocabulary

/// An agency with real keys and a real card.
struct Signatory: Sendable {
    static let start = Instant(milliseconds: 1_795_000_000_000)
    let id: AgencyID
    let keys: KeyRing
    let signedCard: [UInt8]

    init(_ id: String) throws {
        self.id = try AgencyID(id)
        keys = try KeyRing.generate(agency: self.id, now: Self.start)
        signedCard = try TestCard.sign(self.id, keys, at: Self.start)
    }

    var pin: Fingerprint { keys.identity.certificate.fingerprint }
    func card(validFor seconds: Int64) throws -> [UInt8] {
        try TestCard.sign(id, keys, at: Self.start, validFor: seconds)
    }
    func asPartner() throws -> Partner { try CardReader.verify(signedCard, pinned: pin, at: Self.start) }
}
