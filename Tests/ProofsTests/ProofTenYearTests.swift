import Envelope
import ExchangeTesting
import Foundation
import Ledger
import Proofs
import Testing
import Vocabulary

/// What is signed in 2026 must stand in 2036, when each key under it has been replaced twice and has ended.
@Suite("A proof ten years old", .serialized)
struct ProofTenYearTests {
    private static let day: Int64 = 86_400
    /// When keys are replaced; each lasts 400 days. The last shortly before the tenth year, in which the identity ends.
    private static let rotations = [380 * day, 3500 * day]
    private static let proved = ProofFixture.sentAt.adding(seconds: 3600 * day)

    @Test(
        "verifies, made on the day or made now by keys that nobody had then, and says what it relies on",
        arguments: [Direction.sent, .received])
    func tenYears(side: Direction) async throws {
        let (fixture, authority) = (try ProofFixture(side), try ProofAuthority())
        let ours = try history(fixture, fixture.prover, fixture.proverName)
        let theirs = try history(fixture, fixture.other, fixture.otherName)
        let (ledger, waybill) = try await fixture.story { ledger in
            try await ledger.append([card(ours.cards[0], nil), card(theirs.cards[0], try fixture.key().partner)])
            try await fixture.countersign(ledger, at: ProofFixture.receivedAt)
            try await fixture.stamp(ledger, authority)
        }
        var home = ProofHome(
            card: ours.cards[0], authority: authority.pem, waybill: waybill, stamps: ProofAuthority.check)
        let then = try await ProofContents.gather(fixture.key(), from: ledger, home)
        try check(fixture.write(then), fixture, authority, cards: 1)

        for number in [1, 2] {
            try await ledger.append([
                card(ours.cards[number], nil), card(theirs.cards[number], try fixture.key().partner),
            ])
        }
        fixture.ledgerSigner.succeed(ours.ledger)
        home = ProofHome(
            card: ours.cards[2], authority: authority.pem, waybill: waybill, stamps: ProofAuthority.check)
        let now = try await ProofContents.gather(fixture.key(), from: ledger, home)
        let folder = try ProofFolder()
        try ProofWriter(signer: ours.signers[1], stamps: ProofAuthority.check)
            .write(now, to: folder.path + "/proof", at: Self.proved)
        let outcome = try check(folder, fixture, authority, cards: 3)
        let alone = try fixture.check(folder)
        #expect(
            alone.outcome.last.hasPrefix("FAIL  waybill.p7s: the key that signed it was retired at"), "\(alone.outcome)"
        )
        #expect(alone.report.verdict == alone.outcome.last)
        #expect(outcome.lines.contains { $0.contains("retired at") && $0.contains("it was seen before") })
    }

    @Test("is not made from a head that nobody else saw, by a ledger key that has been retired since")
    func unwitnessed() async throws {
        let fixture = try ProofFixture()
        let ours = try history(fixture, fixture.prover, fixture.proverName)
        let (ledger, waybill) = try await fixture.story { ledger in
            try await ledger.append([card(ours.cards[0], nil), card(ours.cards[1], nil)])
        }
        var home = ProofHome(card: ours.cards[2], waybill: waybill)
        home.theirs = try fixture.card(fixture.other, fixture.otherName)
        let contents = try await ProofContents.gather(fixture.key(), from: ledger, home)
        #expect {
            try ProofWriter(signer: ours.signers[1]).make(contents, at: Self.proved)
        } throws: { error in
            guard case ProofTrouble.unsound(let what, _)? = error as? ProofTrouble else { return false }
            return what == "checkpoint"
        }
    }

    // MARK: Help

    @discardableResult
    private func check(
        _ folder: ProofFolder, _ fixture: ProofFixture, _ authority: ProofAuthority, cards: Int
    ) throws -> ProofShell.Outcome {
        let (outcome, report) = try fixture.check(folder, authority: authority.pem)
        #expect(outcome.status == 0 && outcome.complaints.isEmpty, "\(outcome)")
        #expect(report.holds && report.time?.by == .authority, "\(report.lines)")
        // What a key signed that was retired since might have been signed afterwards.
        #expect(report.countersigned?.seconds == (cards == 1 ? ProofFixture.receivedAt.seconds : nil))
        let seen =
            cards == 1
            ? "\(fixture.otherName) countersigned it within the second"
            : "no countersignature by \(fixture.otherName) covers both"
        for words in [
            "\(cards) of \(fixture.otherName)", seen, "the authority that you named", "by a time authority",
            fixture.sender.identity.certificate.fingerprint.hex,
        ] {
            #expect(outcome.lines.contains { $0.contains(words) }, "\(words): \(outcome)")
        }
        return outcome
    }

    private func card(_ signed: [UInt8], _ partner: AgencyID?) -> NewEvent {
        NewEvent(
            at: ProofFixture.sentAt, kind: .cardChanged, consignment: nil, partner: partner,
            detail: EventDetail([:], statement: signed))
    }

    /// Three cards; each rotation retires the keys before a month later. And who signs after each rotation.
    private func history(
        _ fixture: ProofFixture, _ ring: KeyRing, _ id: String
    ) throws -> (cards: [[UInt8]], signers: [StatementSigner], ledger: ProofTestSigner) {
        var (fixture, keys) = (fixture, ProofFixture.keys(of: ring))
        var cards = [try fixture.card(ring, id, keys: keys)]
        var signers: [StatementSigner] = []
        var ledger = fixture.ledgerSigner
        let issuer = try Issuer(agency: AgencyID(id), key: ring.identity.key(), identity: ring.identity.certificate)
        for (number, seconds) in Self.rotations.enumerated() {
            let at = ProofFixture.sentAt.adding(seconds: seconds)
            let former = keys
            keys = []
            for (role, certificate) in former {
                let end = at.adding(seconds: 30 * Self.day)
                fixture.retired.append(
                    .init(fingerprint: certificate.fingerprint, role: role, at: end, reason: "replaced"))
                let key = try PrivateKey.generate(role == .ledger ? .ed25519 : .p256)
                let new = try issuer.issue(role, for: key.publicKey, now: at, days: 140)
                keys.append((role, new))
                switch role {
                case .ledger: ledger = ProofTestSigner(key)
                case .signing: signers.append(try StatementSigner(key: key, certificate: new))
                default: break
                }
            }
            cards.append(
                try fixture.card(
                    ring, id, serial: Int64(number + 2), previous: SHA256.digest(cards[number]), keys: keys, at: at))
        }
        return (cards, signers, ledger)
    }
}
