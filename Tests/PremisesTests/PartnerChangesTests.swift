import Envelope
import Exchange
import ExchangeTesting
import Folders
import Foundation
import Ledger
import Policy
import Premises
import Statements
import Testing
import Vocabulary

/// What binds an identity for ever, whatever id its card has and whoever removes the partner.
@Suite struct PartnerChangesTests {
    private let root = FileManager.default.temporaryDirectory.appending(path: "waybill-partners-\(UUID())").path
    private let known = Partners(now: { WallClock.now() })
    private let changes: PartnerChanges
    private let keys: KeyRing
    private let now = WallClock.now()

    init() throws {
        let stockton = try AgencyID("stockton")
        keys = try KeyRing.generate(agency: AgencyID("hartlepool"), now: now)
        let ours = try KeyRing.generate(agency: stockton, now: now)
        changes = PartnerChanges(
            us: (stockton, ours.identity.certificate.fingerprint), files: PartnerFiles(folder: root),
            ledger: InMemoryLedger(
                origin: try LedgerOrigin(
                    agency: stockton, identity: ours.identity.certificate.fingerprint,
                    ledger: "3f2b8c1e-0000-4000-8000-000000000000"),
                crypto: OpenSSLLedgerCrypto(),
                signer: LedgerKeys([try LedgerKey(key: ours.ledger.key())], known: [])),
            known: known, catalogue: { nil })
    }

    private var pin: Fingerprint { keys.identity.certificate.fingerprint }

    private func card(_ id: String = "hartlepool", serial: Int64, retired: [Fingerprint] = [], name: String = "H")
        throws -> [UInt8]
    {
        let roles = [(Role.signing, keys.signing), (.sealing, keys.sealing), (.tls, keys.tls)]
        let card = try Card(
            id: AgencyID(id), name: name, address: "", serial: serial, previous: nil, issuedAt: now,
            validUntil: now.adding(seconds: 86_400),
            certificates: roles.map { Card.RoleCertificate(role: $0.0, der: $0.1.certificate.der) },
            retired: retired.map { Card.Retired(fingerprint: $0, role: .signing, at: now, reason: "lost") },
            versions: [])
        return try StatementSigner(identityKey: keys.identity.key(), identity: keys.identity.certificate)
            .sign(card.encoded, at: now)
    }

    private func add(_ card: [UInt8]) async throws {
        _ = try await changes.add(card, pinned: pin, by: "officer", at: now)
    }

    private func tidied(_ body: () async throws -> Void) async throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try await body()
    }

    @Test("a revoked identity does not come back under another id, not even after its files were removed")
    func otherID() async throws {
        try await tidied {
            try await add(card(serial: 1))
            _ = try await changes.revoke(AgencyID("hartlepool"), because: "stolen", by: "officer", at: now)
            await #expect(throws: Trouble.self) { try await add(card("hartlepool-2", serial: 2)) }
            try await changes.remove(AgencyID("hartlepool"), by: "officer", at: now)
            await #expect(throws: Trouble.self) { try await add(card("hartlepool-2", serial: 2)) }
            // A person may take it back, as what it was.
            try await add(card(serial: 2))
            #expect(known.all.map(\.id.text) == ["hartlepool"])
        }
    }

    @Test("after a removal neither an older card is taken, nor another one of the same serial; the same one is")
    func olderCard() async throws {
        try await tidied {
            try await add(card(serial: 7))
            try await changes.remove(AgencyID("hartlepool"), by: "officer", at: now)
            await #expect(throws: Trouble.self) { try await add(card(serial: 6)) }
            await #expect(throws: Trouble.self) { try await add(card(serial: 7, name: "Other")) }
            await #expect(throws: Trouble.self) { try await add(card("hartlepool-2", serial: 6)) }
            try await add(card(serial: 7))
        }
    }

    @Test("a retirement holds for ever: in a newer card that comes by itself, and after a removal")
    func retirement() async throws {
        try await tidied {
            let lost = try KeyRing.generate(agency: AgencyID("hartlepool"), now: now).signing.certificate.fingerprint
            try await add(card(serial: 1, retired: [lost]))
            await #expect(throws: Trouble.self) {
                try await changes.take(card(serial: 2), from: AgencyID("hartlepool"), at: now)
            }
            #expect(
                try await changes.take(card(serial: 2, retired: [lost]), from: AgencyID("hartlepool"), at: now) != nil)
            _ = try await changes.revoke(AgencyID("hartlepool"), because: "stolen", by: "officer", at: now)
            await #expect(throws: Trouble.self) { try await add(card(serial: 3)) }
            try await add(card(serial: 3, retired: [lost]))
        }
    }
}
