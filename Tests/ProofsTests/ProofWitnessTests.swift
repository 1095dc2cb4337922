import Envelope
import ExchangeTesting
import Foundation
import Ledger
import Proofs
import Testing
import Vocabulary

/// What the other agency, and nobody else, adds to a proof: that it had seen the ledger.
@Suite("The countersignature in a proof", .serialized)
struct ProofWitnessTests {
    @Test("is checked by both verifiers, who say whose it is and when", arguments: [Direction.sent, .received])
    func countersigned(side: Direction) async throws {
        let fixture = try ProofFixture(side)
        let contents = try await fixture.contents { try await fixture.countersign($0, at: ProofFixture.receivedAt) }
        let (outcome, report) = try fixture.check(fixture.write(contents))
        #expect(outcome.status == 0 && outcome.complaints.isEmpty, "\(outcome)")
        let line = "checkpoint: \(fixture.otherName) countersigned it within the second 2026-05-03T08:30:02Z."
        #expect(outcome.lines.contains { $0.contains(line) }, "\(outcome)")
        #expect(!outcome.lines.contains { $0.contains("is the word of") }, "\(outcome)")
        #expect(outcome.last.hasPrefix("PROVED, if those fingerprints are theirs: "), "\(outcome)")
        #expect(report.holds && report.time?.by == .counterparty, "\(report.lines)")
        #expect(report.countersigned?.seconds == ProofFixture.receivedAt.seconds)
    }

    @Test("is that of the smallest head that covers the answer; what came later stands in the newest")
    func later() async throws {
        let fixture = try ProofFixture()
        let contents = try await fixture.contents { ledger in
            try await fixture.countersign(ledger, at: ProofFixture.receivedAt)
            try await ledger.append([try fixture.said(.recall)])
        }
        let folder = try fixture.write(contents)
        let (outcome, report) = try fixture.check(folder)
        #expect(outcome.status == 0 && report.holds, "\(outcome)")
        #expect(report.countersigned != nil)
        let heads = try ["checkpoint", "checkpoint.later"].map { name in
            String(decoding: try folder.read("proof/" + name), as: UTF8.self).split(separator: "\n")[1]
        }
        #expect(heads == ["9", "16"])
        try folder.remove("proof/checkpoint.later")
        try fixture.signAgain(folder)
        let without = try fixture.check(folder)
        #expect(without.outcome.last.hasPrefix("FAIL  entries/9.tlog-proof:"), "\(without.outcome)")
        #expect(without.report.failure?.what == "entries/9.tlog-proof")
    }

    @Test("is missed where there is none: the proof says that it is the prover's word")
    func none() async throws {
        let fixture = try ProofFixture()
        let folder = try fixture.write(await fixture.contents())
        let (outcome, report) = try fixture.check(folder)
        #expect(outcome.lines.contains { $0.contains("is the word of cleveland-police only") }, "\(outcome)")
        #expect(report.time == nil && report.countersigned == nil && !report.isProved)
        #expect(outcome.last.hasPrefix("claimed by the prover; the signatures hold, if those"), "\(outcome)")
        #expect(String(decoding: try folder.read("proof/record.html"), as: UTF8.self).contains("word only"))
    }

    @Test("fails with another time, by another key under that key's id, and under another head")
    func forged() async throws {
        let fixture = try ProofFixture()
        let contents = try await fixture.contents { try await fixture.countersign($0, at: ProofFixture.receivedAt) }
        let good = try fixture.write(contents)
        let lines = String(decoding: try good.read("proof/checkpoint"), as: UTF8.self).split(separator: "\n")
        let line = String(try #require(lines.last))
        let name = "\(line.split(separator: " ")[1])"
        let blob = [UInt8](try #require(Data(base64Encoded: String(line.split(separator: " ")[2]))))

        var earlier = blob
        earlier[11] ^= 1
        var byOther = blob
        let body = lines[..<3].map { $0 + "\n" }.joined()
        let message = Cosignature.message(body, seconds: ProofFixture.receivedAt.seconds)
        byOther.replaceSubrange(12..., with: try fixture.sender.ledger.key().sign(message))
        var endless = blob
        endless[4] = 0x7f
        for forged in [earlier, byOther, Array(blob.dropLast()), endless] {
            try await expectFailure(fixture, contents, name, forged)
        }

        let other = try await fixture.contents()
        let folder = try fixture.write(other)
        try folder.write("proof/checkpoint", try folder.read("proof/checkpoint") + Array((line + "\n").utf8))
        try fixture.signAgain(folder)
        let moved = try fixture.check(folder)
        #expect(moved.outcome.last.hasPrefix("FAIL  checkpoint: the countersignature by"), "\(moved.outcome)")
        #expect(moved.report.failure?.what == "checkpoint")
    }

    private func expectFailure(
        _ fixture: ProofFixture, _ contents: ProofContents, _ name: String, _ blob: [UInt8]
    ) async throws {
        let folder = try fixture.write(contents)
        let text = String(decoding: try folder.read("proof/checkpoint"), as: UTF8.self)
        let kept = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast(2).joined(separator: "\n")
        let line = "— \(name) \(Data(blob).base64EncodedString())\n"
        try folder.write("proof/checkpoint", Array((kept + "\n" + line).utf8))
        try fixture.signAgain(folder)
        let (outcome, report) = try fixture.check(folder)
        #expect(outcome.last.hasPrefix("FAIL  checkpoint: the countersignature by"), "\(outcome)")
        #expect(report.failure?.what == "checkpoint", "\(report.lines)")
    }

    @Test("by a third party is named and does not count")
    func stranger() async throws {
        let (fixture, third) = (try ProofFixture(), try ProofFixture())
        let contents = try await fixture.contents { ledger in
            try await fixture.countersign(ledger, at: ProofFixture.receivedAt)
        }
        let folder = try fixture.write(contents)
        let note = try SignedNote(parsing: try folder.read("proof/checkpoint"))
        let bare = try SignedNote(parsing: Array((note.body + "\n" + note.signatures[0].line).utf8))
        for name in ["witness.example", fixture.witness] {
            let signed = try bare.countersigned(
                as: name, by: ProofTestSigner(third.recipient.ledger), at: ProofFixture.receivedAt, ProofTestCrypto())
            try rewrite(folder, signed.text)
            try fixture.signAgain(folder)
            let (outcome, report) = try fixture.check(folder)
            #expect(outcome.status == 0 && report.holds, "\(outcome) \(report.lines)")
            let says = "the countersignature by \(name) is unknown here and does not count"
            #expect(outcome.lines.contains { $0.contains(says) }, "\(outcome)")
            #expect(outcome.last.hasPrefix("claimed by the prover"), "\(outcome)")
            #expect(report.lines.contains { $0.text == says } && report.time == nil)
        }
    }

    /// The tlog-proofs carry the checkpoint too.
    private func rewrite(_ folder: ProofFolder, _ checkpoint: String) throws {
        try folder.write("proof/checkpoint", Array(checkpoint.utf8))
        for name in try folder.files(below: "proof") where name.hasSuffix(".tlog-proof") {
            let text = String(decoding: try folder.read("proof/" + name), as: UTF8.self)
            let head = text.components(separatedBy: "\n\n")[0]
            try folder.write("proof/" + name, Array((head + "\n\n" + checkpoint).utf8))
        }
    }

    @Test("does not count by a key that was retired before, or whose certificate had ended")
    func unusableKey() async throws {
        var fixture = try ProofFixture()
        let contents = try await fixture.contents { try await fixture.countersign($0, at: ProofFixture.receivedAt) }
        let ledgerKey = fixture.recipient.ledger.certificate.fingerprint
        fixture.retired = [.init(fingerprint: ledgerKey, role: .ledger, at: ProofFixture.sentAt, reason: "lost")]
        let card = try fixture.card(fixture.recipient, "hartlepool-council")
        let folder = try fixture.write(contents)
        try folder.write("proof/recipient.card", card)
        try fixture.signAgain(folder)
        let retired = try fixture.check(folder)
        #expect(retired.outcome.status == 0 && retired.report.holds, "\(retired.outcome)")
        #expect(retired.outcome.lines.contains { $0.contains("does not count: its key was retired") })
        #expect(retired.report.time == nil)

        fixture.retired = []
        let old = try fixture.write(contents)
        let note = try SignedNote(parsing: try old.read("proof/checkpoint"))
        let bare = try SignedNote(parsing: Array((note.body + "\n" + note.signatures[0].line).utf8))
        let late = ProofFixture.sentAt.adding(seconds: 500 * 86_400)
        let signer = try ProofTestSigner(fixture.recipient.ledger)
        try rewrite(old, bare.countersigned(as: fixture.witness, by: signer, at: late, ProofTestCrypto()).text)
        try fixture.signAgain(old)
        let ended = try fixture.check(old)
        #expect(ended.outcome.lines.contains { $0.contains("had no valid certificate") }, "\(ended.outcome)")
        #expect(ended.outcome.status == 0 && ended.report.time == nil, "\(ended.report.lines)")
    }
}

extension ProofFixture {
    /// Under which name the counterparty countersigns.
    var witness: String {
        "waybill/\(otherName)/\(other.identity.certificate.fingerprint.hex.prefix(16))"
    }

    /// The counterparty sees the ledger as it is now.
    func countersign(_ ledger: InMemoryLedger, at seen: Instant, by ring: KeyRing? = nil) async throws {
        let note = try SignedNote(parsing: Array(await ledger.checkpoint().utf8))
        let signed = try note.countersigned(
            as: witness, by: ProofTestSigner((ring ?? other).ledger), at: seen, ProofTestCrypto())
        try await ledger.keep(
            Countersigned(
                partner: try AgencyID(otherName), size: Checkpoint(body: note.body).size, at: seen, note: signed.text))
    }

    /// Both verifiers, of a reader who knows this much. Where a proof holds they say the same, word for word; where it
    /// does not, they name the same file, and its last line is in `verdicts`.
    func check(
        _ folder: ProofFolder, pins: [Fingerprint] = [], cards: [[UInt8]] = [], authority: [UInt8]? = nil,
        delivered: Bool = false
    ) throws -> (outcome: ProofShell.Outcome, report: ProofReport) {
        var known = ProofKnown(pins: pins, stamps: ProofAuthority.check)
        var arguments = [folder.path + "/proof"] + pins.flatMap { ["--identity", $0.hex] }
        for (number, card) in cards.enumerated() {
            try folder.write("given-\(number).card", card)
            arguments += ["--card", "\(folder.path)/given-\(number).card"]
        }
        if let authority {
            try folder.write("authority.pem", authority)
            arguments += ["--authority", "\(folder.path)/authority.pem"]
        }
        if delivered { arguments += ["--file", "\(folder.path)/file"] }
        (known.cards, known.authority) = (cards, authority)
        known.delivered = delivered ? SHA256.digest(try folder.read("file")) : nil
        let report = ProofVerifier.verify(try ProofFiles(folder: folder.path + "/proof"), known)
        let outcome = try ProofShell().verify(arguments)
        #expect(outcome.complaints.isEmpty, "\(outcome)")
        if outcome.status == 0, report.holds { #expect(outcome.lines == Self.words(report)) }
        return (outcome, report)
    }

    /// What `waybill verify` prints, with `?` for every byte that is not printable ASCII.
    static func words(_ report: ProofReport) -> [String] {
        let lines = report.lines.filter { $0.verdict != .fails }.map { $0.verdict.rawValue + $0.words }
        return (lines + [report.verdict]).map { line in
            String(decoding: line.utf8.map { (0x20...0x7e).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
        }
    }
}
