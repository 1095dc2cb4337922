import Ledger
import Policy
import Testing
import Vocabulary

@testable import waybill

/// What the reviewer of an emergency reads.
@Suite("A review in words") struct ReviewWordsTests {
    private func duty(_ facts: [String: String], _ kind: Duty.Kind = .review) throws -> Duty {
        let at = try Instant("2026-11-30T12:00:00.000Z")
        let key = ConsignmentKey(.sent, try AgencyID("tewv"), .make(at: at))
        var duty = Duty(kind, id: .make(at: at), about: key, openedAt: at, due: at)
        duty.facts = facts
        return duty
    }

    @Test("the sentences that were kept, and the exception that the label relied on")
    func kept() throws {
        let facts = [
            "deferred": "R-013", "skipped": "The file is marked so. Name the exception.", "exception": "s.22(4)(f)",
        ]
        let words = try #require(ReviewWords.skipped(try duty(facts), nil))
        #expect(words == "The file is marked so. Name the exception. Relied on: s.22(4)(f).")
    }

    @Test("a review from before sentences were kept gets those of the catalogue")
    func old() throws {
        let catalogue = Catalogue(
            version: "t", sha256: try Digest([UInt8](repeating: 1, count: 32)),
            .init(rules: [RuleEntry(id: "R-000", citation: "c", outcome: .hold, says: "Every word is known.")]))
        let words = try #require(ReviewWords.skipped(try duty(["deferred": "R-000 R-099"]), catalogue))
        #expect(words.contains("R-000: Every word is known.") && words.contains("R-099: The catalogue"))
    }

    @Test("nothing where nothing was left open, nor for another duty")
    func none() throws {
        #expect(ReviewWords.skipped(try duty([:]), nil) == nil)
        #expect(ReviewWords.skipped(try duty(["deferred": "R-000"], .incident), nil) == nil)
    }
}
