import Envelope
import ExchangeTesting
import Foundation
import Ledger
import Proofs
import Testing
import Vocabulary

@Suite("The time in a proof", .serialized)
struct ProofTimeTests {
    @Test("is that of a time authority's token, which verify.sh checks with openssl ts")
    func stamped() async throws {
        let (fixture, authority) = (try ProofFixture(), try ProofAuthority())
        let contents = try await fixture.contents(authority: authority.pem) { ledger in
            try await fixture.stamp(ledger, authority)
        }
        let folder = try fixture.write(contents)
        let (outcome, report) = try fixture.check(folder, authority: authority.pem)
        #expect(outcome.status == 0 && report.holds, "\(outcome)")
        let says = "the authority that you named stamped checkpoint.stamped within the second"
        #expect(outcome.lines.contains { $0.contains(says) }, "\(outcome)")
        #expect(report.time?.by == .authority && report.isProved, "\(report.lines)")
        let unnamed = try fixture.check(folder)
        #expect(unnamed.outcome.status == 0 && unnamed.report.time == nil, "\(unnamed.outcome)")
        #expect(unnamed.outcome.last.hasPrefix("claimed by the prover"), "\(unnamed.outcome)")
        #expect(unnamed.outcome.last.hasSuffix("was not named by --authority and counts for nothing."))
    }

    @Test("of another authority, of other bytes or without its head fails")
    func forgedStamp() async throws {
        let (fixture, authority, other) = (try ProofFixture(), try ProofAuthority(), try ProofAuthority())
        let contents = try await fixture.contents(authority: authority.pem) { ledger in
            try await fixture.stamp(ledger, authority)
        }
        let changes: [(String, (ProofFolder) throws -> Void)] = [
            ("timestamp.tsr", { try $0.write("proof/tsa.pem", other.pem) }),
            ("timestamp.tsr", { try $0.write("proof/timestamp.tsr", authority.stamp([1, 2, 3])) }),
            ("timestamp.tsr", { try $0.remove("proof/timestamp.tsr") }),
            ("checkpoint.stamped", { try $0.remove("proof/checkpoint.stamped") }),
            ("entries/8.stamped", { try $0.remove("proof/entries/8.stamped") }),
            (
                "entries/8.stamped",
                { try $0.write("proof/entries/8.stamped", try $0.read("proof/entries/8.tlog-proof")) }
            ),
        ]
        for (name, change) in changes {
            let folder = try fixture.write(contents)
            try change(folder)
            try fixture.signAgain(folder)
            let (outcome, report) = try fixture.check(folder)
            #expect(outcome.last.hasPrefix("FAIL  \(name):"), "\(name): \(outcome)")
            #expect(report.failure?.what == name, "\(name): \(report.lines)")
        }
        let folder = try fixture.write(contents)
        let pinned = try fixture.check(folder, authority: other.pem)
        #expect(pinned.report.verdict == pinned.outcome.last)
        #expect(pinned.outcome.last.hasPrefix("FAIL  timestamp.tsr:"), "\(pinned.outcome)")
    }

    /// The key signed on the day that `ProofFixture` lives in; retired an hour later.
    @Test("before a key's retirement keeps a statement good; without it a retired key proves nothing")
    func retired() async throws {
        var fixture = try ProofFixture()
        let bare = try await fixture.contents()
        let seen = try await fixture.contents { try await fixture.countersign($0, at: ProofFixture.receivedAt) }
        let key = fixture.recipient.signing.certificate.fingerprint
        let at = ProofFixture.receivedAt.adding(seconds: 3600)
        fixture.retired = [.init(fingerprint: key, role: .signing, at: at, reason: "replaced")]
        let newest = try fixture.card(fixture.recipient, "hartlepool-council", serial: 2)
        let good = try fixture.verify(seen, with: newest)
        #expect(good.outcome.status == 0 && good.report.isProved, "\(good.outcome)")
        #expect(good.outcome.lines.contains { $0.contains("receipt.p7s") && $0.contains("it was seen before") })
        let forged = try fixture.verify(bare, with: newest)
        #expect(forged.outcome.last.hasPrefix("FAIL  receipt.p7s: the key that signed it was retired"))
        #expect(forged.report.verdict == forged.outcome.last)
    }

    @Test("after a key's retirement saves nothing that was signed after it")
    func signedAfterRetirement() async throws {
        var fixture = try ProofFixture()
        let late = ProofFixture.receivedAt.adding(seconds: 60)
        let contents = try await fixture.contents { try await fixture.countersign($0, at: late) }
        let key = fixture.recipient.signing.certificate.fingerprint
        fixture.retired = [.init(fingerprint: key, role: .signing, at: ProofFixture.sentAt, reason: "stolen")]
        let card = try fixture.card(fixture.recipient, "hartlepool-council", serial: 2)
        let (outcome, report) = try fixture.verify(contents, with: card)
        #expect(outcome.last.hasPrefix("FAIL  receipt.p7s: the key that signed it was retired"), "\(outcome)")
        #expect(report.failure?.what == "receipt.p7s", "\(report.lines)")
    }

    @Test("that is earlier than a statement's own date is told")
    func wrongClock() async throws {
        let fixture = try ProofFixture()
        let early = ProofFixture.sentAt.adding(seconds: -3600)
        let (outcome, report) = try fixture.check(
            fixture.write(await fixture.contents { try await fixture.countersign($0, at: early) }))
        #expect(outcome.status == 0 && report.holds)
        #expect(outcome.lines.contains { $0.contains("waybill.p7s: its own date is later, by 3600 s") }, "\(outcome)")
        #expect(report.lines.contains { $0.what == "waybill.p7s" && $0.text.contains("a clock was wrong") })
    }

    @Test("is never the present one: every check of a certificate in verify.sh names a time, or looks at none")
    func script() throws {
        let text = try String(contentsOf: URL(filePath: ProofShell.script), encoding: .utf8)
            .replacingOccurrences(of: "\\\n", with: " ")
        let checks = text.split(separator: "\n").filter { line in
            !line.hasPrefix("#")
                && ["openssl cms -verify", "openssl verify", "openssl ts -verify"].contains { line.contains($0) }
        }
        #expect(checks.count == 3)
        for line in checks where !line.contains("-attime") && !line.contains("$when") {
            // The one place that passes its caller's options on.
            #expect(line.contains("openssl cms -verify") && line.contains("\"$@\""), "\(line)")
        }
        for call in text.split(separator: "\n") where call.contains("opened ") && !call.hasPrefix("#") {
            let isSafe = call.contains("-noverify") || call.contains("-attime") || call.contains("() {")
            #expect(isSafe, "\(call)")
        }
    }
}

@Suite("The card history in a proof", .serialized)
struct ProofHistoryTests {
    @Test("is followed from the card of the day; a gap is no fault")
    func chain() async throws {
        let fixture = try ProofFixture()
        let contents = try await fixture.contents()
        let cards = try fixture.chain(fixture.recipient, "hartlepool-council", [1, 2, 3, 7])
        let (outcome, report) = try fixture.verify(contents, day: cards[0], with: cards[1], cards[2], cards[3])
        #expect(outcome.status == 0 && report.holds, "\(outcome)")
        #expect(outcome.lines.contains { $0.contains("4 of hartlepool-council") }, "\(outcome)")
    }

    @Test("with a card by another identity, of another agency, out of order, misnamed or not following fails")
    func forged() async throws {
        let (fixture, stranger) = (try ProofFixture(), try ProofFixture())
        let contents = try await fixture.contents()
        let (ring, id) = (fixture.recipient, "hartlepool-council")
        let forged: [(serial: Int64, card: [UInt8])] = [
            (2, try stranger.card(stranger.recipient, id, serial: 2)),
            (2, try fixture.card(ring, "hartlepool-county", serial: 2)),
            (1, try fixture.card(ring, id, serial: 1, name: "Another")),
            (3, try fixture.card(ring, id, serial: 2)),
            (2, try fixture.card(ring, id, serial: 2, previous: SHA256.digest([1]))),
        ]
        for (serial, card) in forged {
            let folder = try fixture.write(contents)
            let name = "cards/recipient-\(serial).card"
            try folder.write("proof/\(name)", card)
            try fixture.signAgain(folder)
            let (outcome, report) = try fixture.check(folder)
            #expect(outcome.last.hasPrefix("FAIL  \(name):"), "\(outcome)")
            #expect(report.failure?.what == name, "\(report.lines)")
        }
    }
}

extension ProofFixture {
    func stamp(_ ledger: InMemoryLedger, _ authority: ProofAuthority) async throws {
        let note = try await ledger.checkpoint()
        let body = try SignedNote(parsing: Array(note.utf8)).body
        let token = try authority.stamp(Array(body.utf8))
        let at = try ProofAuthority.check(token, Array(body.utf8), authority.pem)
        try await ledger.keep(TimeToken(size: Checkpoint(body: body).size, at: at, note: note, token: token))
    }

    /// Cards of these serials, each naming the one before where no number lies between.
    func chain(_ ring: KeyRing, _ id: String, _ serials: [Int64]) throws -> [[UInt8]] {
        try serials.reduce(into: []) { cards, serial in
            cards.append(try card(ring, id, serial: serial, previous: cards.last.map { SHA256.digest($0) }))
        }
    }

    /// Adds later cards of the recipient and checks again.
    func verify(_ contents: ProofContents, day: [UInt8]? = nil, with cards: [UInt8]...) throws -> (
        outcome: ProofShell.Outcome, report: ProofReport
    ) {
        let folder = try write(contents)
        for signed in cards {
            let content = try StatementVerifier.uncheckedContent(of: signed)
            let serial = try Card(kept: content).serial
            try folder.write("proof/cards/recipient-\(serial).card", signed)
        }
        if let day { try folder.write("proof/recipient.card", day) }
        try signAgain(folder)
        return try check(folder)
    }
}
