import Envelope
import ExchangeTesting
import Foundation
import Ledger
import Proofs
import Testing
import Vocabulary

/// What was said after the delivery, above all what speaks against it.
@Suite("What happened since, in a proof", .serialized)
struct ProofSinceTests {
    private static let words = [
        "recalled", "corrected", "destroyed", "retained", "misdirected", "collected", "accepted", "expired",
    ]

    private func contents(
        _ fixture: ProofFixture, _ kinds: [LaterStatement.Kind], again: Bool = false
    ) async throws -> ProofContents {
        try await fixture.contents { ledger in
            try await fixture.countersign(ledger, at: ProofFixture.receivedAt)
            for kind in kinds { try await ledger.append([try fixture.said(kind)]) }
            for kind in [EventKind.duty, .incident] {
                try await ledger.append([
                    NewEvent(
                        at: ProofFixture.receivedAt, kind: kind, consignment: fixture.id,
                        partner: try fixture.key().partner,
                        detail: EventDetail(["why": .string("a secret")]))
                ])
            }
            if again { try await fixture.countersign(ledger, at: ProofFixture.receivedAt.adding(seconds: 90)) }
        }
    }

    @Test(
        "stands with each signed statement on the page, in the README and in what both verifiers say",
        arguments: [Direction.sent, .received])
    func shown(side: Direction) async throws {
        let fixture = try ProofFixture(side)
        let folder = try fixture.write(await contents(fixture, LaterStatement.Kind.allCases))
        let (outcome, report) = try fixture.check(folder)
        #expect(outcome.status == 0 && report.isProved, "\(outcome)")
        let all = Self.words.joined(separator: ", ")
        let kinds = LaterStatement.Kind.allCases
        #expect(
            outcome.last.contains("Since then: \(all); that this is all, and that \(fixture.otherName) has"),
            "\(outcome)")
        let pages = try ["README.txt", "record.html"].map { name in
            String(decoding: try folder.read("proof/\(name)"), as: UTF8.self).split(separator: "\n").joined(
                separator: " ")
        }
        for (word, kind) in zip(Self.words, kinds) {
            #expect(
                outcome.lines.contains { $0.hasPrefix("OK    later/") && $0.contains(".p7s: \(word): ") }, "\(word)")
            for page in pages { #expect(page.contains("\(word): \(kind.isSenders ? "cleveland" : "hartlepool")")) }
        }
        #expect(outcome.lines.contains { $0.contains("misdirected: hartlepool-council signed it at") })
        #expect(outcome.lines.contains { $0.contains(", because: Because \\\"of\\\" misdirected/v1") }, "\(outcome)")
        for name in try folder.files(below: "proof") {
            let text = String(decoding: try folder.read("proof/\(name)"), as: UTF8.self)
            #expect(!text.contains("a secret"), "\(name)")
        }
        for words in ["duty at", "incident at"] {
            #expect(outcome.lines.contains { $0.contains(words) && $0.contains("not shown: ") }, "\(words): \(outcome)")
        }
    }

    @Test("is nothing where nothing is shown, and that this is all is the prover's claim")
    func nothing() async throws {
        let fixture = try ProofFixture()
        let folder = try fixture.write(await contents(fixture, []))
        let (outcome, _) = try fixture.check(folder)
        let keys = "and that hartlepool-council has retired no key since its card 1,"
        #expect(outcome.last.hasSuffix("Since then: nothing; that this is all, \(keys) is claimed by the prover."))
        let asked = try fixture.check(folder, cards: [folder.read("proof/recipient.card")])
        #expect(asked.outcome.last.hasSuffix("Since then: nothing; that this is all is claimed by the prover."))
        let text = String(decoding: try folder.read("proof/README.txt"), as: UTF8.self)
        #expect(text.contains("- Nothing that The \"cleveland-police\""))
    }

    /// Of the sender's ledger: 9 is its recall, 10 what the recipient answered.
    @Test("fails where a statement is left out, exchanged, shown twice, forged or of no entry, by both verifiers")
    func forged() async throws {
        let (fixture, other) = (try ProofFixture(), try ProofFixture())
        let contents = try await contents(fixture, [.recall, .misdirected])
        let accepted = try #require(try StoredDetail.statement(fixture.said(.acceptance)))
        let foreign = try #require(try StoredDetail.statement(other.said(.misdirected)))
        let ours = try #require(try StoredDetail.statement(fixture.said(.misdirected, by: fixture.sender)))
        let changes: [(String, (ProofFolder) throws -> Void)] = [
            ("entries/10.leaf", { try $0.remove("proof/later/10.p7s") }),
            ("entries/9.leaf", { try $0.remove("proof/later/9.p7s") }),
            ("entries/10.detail", { try $0.write("proof/later/10.p7s", accepted) }),
            (
                "later/10.p7s",
                { folder in
                    for part in ["detail", "salt"] { try folder.remove("proof/entries/10.\(part)") }
                    try folder.write("proof/later/10.p7s", foreign)
                }
            ),
            (
                "later/10.p7s",
                { folder in
                    for part in ["detail", "salt"] { try folder.remove("proof/entries/10.\(part)") }
                    try folder.write("proof/later/10.p7s", ours)
                }
            ),
            ("later/9.p7s", { try $0.write("proof/later/9.p7s", ours) }),
            ("later/77.p7s", { try $0.write("proof/later/77.p7s", accepted) }),
        ]
        for (name, change) in changes {
            let folder = try fixture.write(contents)
            try change(folder)
            try fixture.signAgain(folder)
            let (outcome, report) = try fixture.check(folder)
            #expect(outcome.last.hasPrefix("FAIL  \(name): "), "\(name): \(outcome)")
            #expect(report.failure?.what == name, "\(name): \(report.lines)")
            if name.hasSuffix(".leaf") { #expect(report.verdict == outcome.last) }
        }
    }

    /// Nobody can see that in one proof: what its prover claims is called so.
    @Test("of which an entry is left out with all that belongs to it, the pages too, is called the prover's claim")
    func leftOut() async throws {
        let fixture = try ProofFixture()
        let folder = try fixture.write(await contents(fixture, [.recall, .misdirected]))
        for name in try folder.files(below: "proof") where name.contains("/9.") || name.contains("/10.") {
            try folder.remove("proof/\(name)")
        }
        try FileManager.default.removeItem(atPath: folder.path + "/proof/later")
        try fixture.signAgain(folder, pages: false)
        #expect(try fixture.check(folder).report.failure?.what == "README.txt")
        try fixture.signAgain(folder)
        let (outcome, report) = try fixture.check(folder)
        #expect(outcome.last.contains("Since then: nothing; that this is all, and that"), "\(outcome)")
        #expect(report.verdict == outcome.last)
    }

    @Test("is claimed where its key was retired and nobody saw it before; a head that was countersigned saw it")
    func retiredKey() async throws {
        let fixture = try ProofFixture()
        var warned = fixture
        warned.retired = [
            .init(
                fingerprint: fixture.recipient.signing.certificate.fingerprint, role: .signing,
                at: ProofFixture.receivedAt.adding(seconds: 100), reason: "stolen")
        ]
        let card = try warned.card(fixture.recipient, fixture.otherName, serial: 2)
        let unseen = try fixture.check(fixture.write(await contents(fixture, [.acceptance])), cards: [card])
        #expect(unseen.outcome.last.contains("Since then: accepted (claimed); "), "\(unseen.outcome)")
        let seen = try fixture.check(
            fixture.write(await contents(fixture, [.acceptance], again: true)), cards: [card])
        #expect(seen.outcome.last.contains("Since then: accepted; "), "\(seen.outcome)")
        #expect(seen.report.isProved)
    }

    /// As the release before made them: no `version`, leaves alone of what was said.
    @Test("a proof of the form before verifies, and says that something was said which it does not show")
    func formerForm() async throws {
        let fixture = try ProofFixture()
        let folder = try fixture.write(await contents(fixture, [.recall, .misdirected]))
        for name in ["version", "later/9.p7s", "later/10.p7s", "entries/10.salt", "entries/10.detail"] {
            try folder.remove("proof/\(name)")
        }
        try FileManager.default.removeItem(atPath: folder.path + "/proof/later")
        try fixture.signAgain(folder)
        let (outcome, report) = try fixture.check(folder)
        #expect(outcome.status == 0 && report.isProved, "\(outcome)")
        #expect(
            outcome.last.contains("Since then: recalled (not shown), heard (not shown); that this is all"), "\(outcome)"
        )
    }
}

/// Proofs are kept for decades: these were made by the programs of their day and lie here as they were made.
@Suite("A proof of an earlier day", .serialized)
struct FormerProofTests {
    /// A copy of one.
    private func folder(_ name: String) throws -> ProofFolder {
        let place = URL(filePath: #filePath).deletingLastPathComponent().appending(path: name)
        let folder = try ProofFolder()
        try FileManager.default.copyItem(atPath: place.path(percentEncoded: false), toPath: folder.path + "/proof")
        return folder
    }

    @Test("of the first form verifies with the script inside it, and with both verifiers of today, in the same words")
    func firstForm() async throws {
        let folder = try folder("FormerProof")
        let then = try ProofShell().verify([folder.path + "/proof"], script: folder.path + "/proof/verify.sh")
        #expect(then.status == 0 && then.last.hasPrefix("PROVED, if those fingerprints are theirs: "), "\(then)")
        let (outcome, report) = try ProofFixture().check(folder)
        #expect(outcome.status == 0 && report.holds, "\(outcome)")
        #expect(outcome.last.hasPrefix("PROVED, if those fingerprints are theirs: "), "\(outcome)")
        let since = "Since then: heard (not shown), recalled (not shown), heard (not shown); that this is all"
        #expect(outcome.last.contains(since), "\(outcome)")
    }

    /// If this fails because a page differs, its words were changed without a new version of proofs.
    @Test("of the second form verifies, and its pages are what is made of its statements today")
    func secondForm() async throws {
        let folder = try folder("SecondFormProof")
        let then = try ProofShell().verify([folder.path + "/proof"], script: folder.path + "/proof/verify.sh")
        let (outcome, report) = try ProofFixture().check(folder)
        #expect(then.status == 0 && then.last.hasPrefix("PROVED, if those fingerprints are theirs: "), "\(then)")
        #expect(outcome.status == 0 && report.isProved, "\(outcome) \(report.verdict)")
        #expect(outcome.last.contains("Since then: misdirected, recalled, retained; that this is all"), "\(outcome)")
    }
}

private enum StoredDetail {
    static func statement(_ event: NewEvent) throws -> [UInt8]? { event.detail.statement }
}
