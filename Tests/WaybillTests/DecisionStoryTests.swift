import Ledger
import Policy
import Premises
import Reports
import Testing
import Vocabulary

@testable import waybill

@Suite struct DecisionStoryTests {
    @Test("what its route sent is the route's decision, with the warnings that it went with")
    func routine() throws {
        var story = try Story()
        try story.happened(.claimed, ["by": .string("jane")])
        try story.happened(.released, ["by": .string("route"), "warnings": .array([Story.finding("R-010").json])])
        try story.happened(.delivered)
        let decision = try #require(try story.told().decision)
        #expect(decision.outcome == .released && decision.by == "route")
        #expect(decision.at == story.events[1].leaf.at)
        #expect(decision.warnings.map(\.rule) == ["R-010"])
        #expect(decision.findings == [] && decision.because == nil)
    }

    @Test("what had held a file is still told after a person let it go")
    func override() throws {
        var story = try Story()
        try story.held()
        try story.happened(.released, ["because": .string("seen"), "by": .string("person:jane")])
        try story.happened(.signed)
        let decision = try #require(try story.told().decision)
        #expect(decision.outcome == .released && decision.by == "person:jane" && decision.because == "seen")
        #expect(decision.findings == [Story.finding("R-020")])
    }

    @Test(
        "a decision not to share tells the test of s.16LA(3) in words, and nothing where nobody said",
        arguments: [
            ("more-detrimental", "disclosing would be more detrimental to the child than not disclosing"),
            ("mistake", "the file was dropped by mistake"), ("not-recorded", nil),
        ] as [(String, String?)])
    func rejected(_ test: String, _ words: String?) throws {
        var story = try Story(.sent, .rejected)
        try story.held()
        try story.happened(
            .rejected, ["because": .string("no"), "by": .string("person:jane"), "test": .string(test)])
        let told = try story.told(signed: false)
        let decision = try #require(told.decision)
        #expect(decision.outcome == .rejected && decision.because == "no")
        #expect(decision.detriment == words)
        #expect(told.label == story.label)
    }

    @Test("what was asked back tells both reasons and keeps who had let it go")
    func recalled() throws {
        var story = try Story(.sent, .recalled)
        try story.held()
        try story.happened(.released, ["because": .string("seen"), "by": .string("person:jane")])
        try story.happened(
            .recalled, ["because": .string("wrong file"), "by": .string("person:joe")], statement: [1])
        let told = try story.told()
        let decision = try #require(told.decision)
        #expect(decision.outcome == .recalled && decision.by == "person:jane")
        #expect(decision.because == "seen; asked back: wrong file")
        #expect(decision.at == story.events[1].leaf.at)
        #expect(told.told.sentAt != nil)
    }

    @Test("what was taken back before a byte left was not sent at any time")
    func neverLeft() throws {
        var story = try Story(.sent, .recalled)
        try story.happened(.released, ["by": .string("route")])
        try story.happened(.recalled, ["because": .string("wrong file"), "by": .string("person:joe")])
        #expect(try story.told().told.sentAt == nil)
    }

    @Test("a recall whose detail is erased may have left: its time stays")
    func erasedRecall() throws {
        var story = try Story(.sent, .recalled)
        try story.happened(.released, nil)
        try story.happened(.recalled, nil)
        #expect(try story.told().told.sentAt == story.record.sentAt)
    }

    @Test(
        "what came is the sender's decision, unless we declined it or they took it back",
        arguments: [
            (ConsignmentState.delivered, EventKind.received, DecisionFacts.Outcome.received, "route"),
            (.refused, .declined, .rejected, "admission"),
            (.withdrawn, .abandoned, .rejected, "partner:cleveland-police"),
        ])
    func received(
        _ state: ConsignmentState, _ kind: EventKind, _ outcome: DecisionFacts.Outcome, _ by: String
    ) throws {
        var story = try Story(.received, state)
        try story.happened(kind)
        let decision = try #require(try story.told().decision)
        #expect(decision.outcome == outcome && decision.by == by)
        #expect(decision.at == story.events[0].leaf.at)
    }

    @Test("a file on which nothing is decided yet is told by no report")
    func undecided() throws {
        var story = try Story(.sent, .claimed)
        try story.happened(.claimed)
        try story.happened(.weighed)
        #expect(try story.told(signed: false).decision == nil)
    }

    @Test("once details are erased the outcome still stands, and the record says who decided")
    func erased() throws {
        var story = try Story()
        story.record.decidedBy = "person:jane"
        try story.happened(.held, nil)
        try story.happened(.released, nil)
        let told = try story.told(signed: false)
        let decision = try #require(told.decision)
        #expect(decision.outcome == .released && decision.by == "person:jane")
        #expect(decision.findings == [] && told.label == nil)
    }

    @Test(
        "the newest look into the content counts, and what was read in part is not complete",
        arguments: [("checked", true), ("partly", false), ("not-checked", false)])
    func inspection(_ outcome: String, _ isComplete: Bool) throws {
        func look(_ outcome: String, _ suggested: [String]) -> JSON {
            .object(["outcome": .string(outcome), "suggested": .strings(suggested)])
        }
        var story = try Story()
        try story.happened(.held, ["inspection": look("checked", [])])
        try story.happened(.released, ["inspection": look(outcome, ["sc-health"])])
        let check = try #require(try story.told().decision?.inspection)
        #expect(check == .init(complete: isComplete, suggested: ["sc-health"]))
    }

    @Test("fields that the route gave are left out of the origins")
    func origins() throws {
        var story = try Story()
        let origins: JSON = .object(["purpose": .string("route"), "categories": .string("side-car")])
        try story.happened(.released, ["origins": origins])
        #expect(try story.told().decision?.origins == ["categories": "side-car"])
    }
}

@Suite struct PastDecisionTests {
    private func past(_ story: Story, signed: Bool = true) throws -> PastDecision? {
        try story.told(signed: signed).past(from: AgencyID(Story.us), under: story.agreements)
    }

    @Test("of a file that a person let go, policy's own decision is judged again")
    func held() throws {
        var story = try Story()
        try story.held()
        try story.happened(.released, ["by": .string("person:jane")])
        try story.happened(.signed)
        let past = try #require(try past(story))
        #expect(past.decided == .hold && past.at == story.events[0].leaf.at)
        #expect(past.catalogue == story.label.catalogue.version)
        #expect(past.sharing.agreement?.id == "tees-tier-2")
    }

    @Test("blocked and released files are judged again as what they were")
    func others() throws {
        var blocked = try Story(.sent, .blocked)
        try blocked.held("R-001", as: .blocked)
        #expect(try past(blocked, signed: false)?.decided == .block)
        var sent = try Story()
        try sent.happened(.released, ["by": .string("route")])
        try sent.happened(.signed)
        // The file was changed on its way: nothing that policy decided.
        try sent.happened(.held, ["why": .string("changed")])
        #expect(try past(sent)?.decided == .release)
    }

    @Test("what no rule of policy decided is not judged again", arguments: ["R-065", "R-none"])
    func otherRules(_ rule: String) throws {
        var story = try Story(.sent, .held)
        try story.held(rule)
        #expect(try past(story, signed: false) == nil)
    }

    @Test("a decision under an agreement that is no longer loaded is not judged again")
    func otherAgreement() throws {
        var story = try Story()
        try story.happened(.released)
        #expect(try story.told().past(from: AgencyID(Story.us), under: []) == nil)
        #expect(try past(story) != nil)
    }

    @Test("nor is what was received, or what has been erased")
    func notOurs() throws {
        var received = try Story(.received)
        try received.happened(.received)
        #expect(try past(received) == nil)
        var erased = try Story(.sent, .held)
        try erased.happened(.held, nil)
        #expect(try past(erased, signed: false) == nil)
    }

    @Test("a dry run counts what would be another, by turn and by rule, and says what it leaves out")
    func tally() throws {
        let law = try LawAtHand.shippedCatalogue()
        var rows = law.rows
        rows.rules.removeAll { $0.id == "R-020" }
        let poorer = Catalogue(version: "new", sha256: law.sha256, rows)
        var story = try Story()
        try story.happened(.released)
        let decision = try #require(try past(story))
        var same = DryRunTally(under: law)
        let unchanged = same.take(decision)
        #expect(unchanged == nil && same.changed == 0 && same.judged == 1)
        var tally = DryRunTally(under: poorer)
        let taken = tally.take(decision)
        let change = try #require(taken)
        #expect(change.from == .release && change.to == .hold)
        let unknown = tally.take(nil)
        #expect(unknown == nil)
        #expect(tally.judged == 1 && tally.changed == 1 && tally.leftOut == 1)
        let words = tally.words
        #expect(words.first == "1 decision judged under catalogue new: 1 would be another.")
        #expect(words.dropFirst().prefix(2) == ["  1 was released, would be held", "  Rules that speak: R-020 in 1."])
        #expect(words.contains { $0.hasPrefix("1 left out") })
        #expect(!same.words.contains { $0.contains("left out") })
    }
}
