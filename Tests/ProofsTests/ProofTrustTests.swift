import Envelope
import ExchangeTesting
import Foundation
import Ledger
import Proofs
import Testing
import Vocabulary

/// The prover holds keys that the other agency has lost and retired, or makes up who saw the proof. Both verifiers say
/// the same: FAIL, or that it is claimed by the prover.
@Suite("A proof that its prover made up", .serialized)
struct ProofTrustTests {
    private static let lost = ProofFixture.receivedAt.adding(seconds: 3600)

    /// The recipient's card after it found that keys were stolen.
    private func warning(_ fixture: ProofFixture, _ roles: [Role]) throws -> [UInt8] {
        var fixture = fixture
        let ring = fixture.recipient
        fixture.retired = ProofFixture.keys(of: ring).filter { roles.contains($0.0) }.map { role, certificate in
            .init(fingerprint: certificate.fingerprint, role: role, at: Self.lost, reason: "stolen")
        }
        return try fixture.card(ring, fixture.otherName, serial: 2, at: Self.lost)
    }

    private func requireFailure(_ found: (outcome: ProofShell.Outcome, report: ProofReport), _ start: String) {
        #expect(found.outcome.status == 1 && found.outcome.last.hasPrefix("FAIL  \(start)"), "\(found.outcome)")
        #expect(found.report.verdict == found.outcome.last)
    }

    private func requireClaimed(_ found: (outcome: ProofShell.Outcome, report: ProofReport)) {
        #expect(found.outcome.status == 0 && !found.report.isProved, "\(found.outcome)")
        #expect(found.outcome.last.hasPrefix("claimed by the prover; the signatures hold"), "\(found.outcome)")
        #expect(found.report.verdict == found.outcome.last)
    }

    @Test("with a stolen signing key is claimed, and fails as soon as the retiring card is in it or at hand")
    func stolenSigningKey() async throws {
        let fixture = try ProofFixture()
        let folder = try fixture.write(await fixture.contents())
        let pins = [fixture.sender, fixture.recipient].map(\.identity.certificate.fingerprint)
        let card = try warning(fixture, [.signing])
        let hidden = try fixture.check(folder, pins: pins)
        requireClaimed(hidden)
        let asks = "that hartlepool-council has retired no key since its card 1 is claimed by the prover"
        #expect(hidden.outcome.lines.contains { $0.contains(asks) }, "\(hidden.outcome)")
        requireFailure(try fixture.check(folder, pins: pins, cards: [card]), "receipt.p7s: the key that signed it was")
        try folder.write("proof/cards/recipient-2.card", card)
        try fixture.signAgain(folder)
        requireFailure(try fixture.check(folder, pins: pins), "receipt.p7s: the key that signed it was")
    }

    @Test("with a stolen ledger key too fails: whoever countersigns with it can write any date")
    func stolenLedgerKey() async throws {
        let fixture = try ProofFixture()
        let folder = try fixture.write(
            await fixture.contents { try await fixture.countersign($0, at: ProofFixture.receivedAt) })
        // With the retiring card hidden nobody can know: so the last line calls that the prover's claim.
        let hidden = try fixture.check(folder)
        let claim = "and that hartlepool-council has retired no key since its card 1, is claimed by the prover."
        #expect(hidden.report.isProved && hidden.outcome.last.hasSuffix(claim), "\(hidden.outcome)")
        let one = try fixture.check(folder, cards: [warning(fixture, [.signing])])
        #expect(one.report.isProved && one.outcome.last.hasPrefix("PROVED"), "\(one.outcome)")
        requireClaimed(try fixture.check(folder, cards: [warning(fixture, [.ledger])]))
        requireFailure(
            try fixture.check(folder, cards: [warning(fixture, [.signing, .ledger])]),
            "receipt.p7s: the key that signed it was")
    }

    @Test("with a time authority of its own: that counts for nothing, and the last line says so")
    func inventedAuthority() async throws {
        let (fixture, invented) = (try ProofFixture(), try ProofAuthority())
        let contents = try await fixture.contents(authority: invented.pem) { try await fixture.stamp($0, invented) }
        let folder = try fixture.write(contents)
        let found = try fixture.check(folder)
        requireClaimed(found)
        #expect(found.outcome.last.hasSuffix("The time authority was not named by --authority and counts for nothing."))
        let card = try warning(fixture, [.signing])
        requireFailure(try fixture.check(folder, cards: [card]), "receipt.p7s: the key that signed it was")
        let other = try ProofAuthority()
        requireFailure(try fixture.check(folder, authority: other.pem), "timestamp.tsr: is not by an authority")
    }

    @Test("with a page or a README that says something else: verify calls it false, verify.sh the prover's claim")
    func falsePage() async throws {
        let fixture = try ProofFixture()
        let contents = try await fixture.contents { ledger in
            try await fixture.countersign(ledger, at: ProofFixture.receivedAt)
            try await ledger.append([try fixture.said(.misdirected)])
        }
        for (name, old, new) in [
            ("README.txt", "misdirected: ", "accepted: "), ("record.html", "misdirected: ", "accepted: "),
            ("record.html", "<tr><th>Lawful basis</th><td>", "<tr><th>Lawful basis</th><td><b>PROVED</b>"),
        ] {
            let folder = try fixture.write(contents)
            let text = String(decoding: try folder.read("proof/\(name)"), as: UTF8.self)
            #expect(text.contains(old), "\(name) has no \(old)")
            try folder.write("proof/\(name)", Array(text.replacingOccurrences(of: old, with: new).utf8))
            try fixture.signAgain(folder, pages: false)
            let (outcome, report) = try fixture.check(folder)
            #expect(report.verdict == "FAIL  \(name): says something else than the statements of this proof")
            #expect(
                outcome.lines.contains(
                    "NOTE  README.txt, record.html: are claimed by the prover: what holds stands in these lines."))
            #expect(outcome.last.contains("Since then: misdirected; "), "\(outcome)")
        }
    }

    @Test("a card from the agency itself must be that of one of the two, and say what its namesake says")
    func givenCards() async throws {
        let (fixture, stranger) = (try ProofFixture(), try ProofFixture())
        let folder = try fixture.write(
            await fixture.contents { try await fixture.countersign($0, at: ProofFixture.receivedAt) })
        let (ring, id) = (fixture.recipient, fixture.otherName)
        let same = try fixture.check(folder, cards: [folder.read("proof/recipient.card")])
        #expect(same.outcome.status == 0 && !same.outcome.lines.contains { $0.contains("has retired no key") })
        let newer = try fixture.check(folder, cards: [fixture.card(ring, id, serial: 4)])
        #expect(newer.outcome.status == 0 && newer.report.isProved, "\(newer.outcome)")
        let older = try fixture.check(folder, cards: [fixture.card(ring, id, serial: 0)])
        #expect(older.outcome.lines.contains("NOTE  --card: is older than recipient.card, and says nothing new"))
        let strangers = try stranger.card(stranger.recipient, id)
        requireFailure(try fixture.check(folder, cards: [strangers]), "--card: is by neither")
        let renamed = try fixture.card(ring, id, name: "Another")
        requireFailure(try fixture.check(folder, cards: [renamed]), "--card: says something else than recipient.card")
        requireFailure(
            try fixture.check(folder, cards: [fixture.card(ring, "hartlepool-county", serial: 2)]),
            "--card: has another id")
    }
}
