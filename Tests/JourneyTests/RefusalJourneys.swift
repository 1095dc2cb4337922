import Foundation
import Testing

/// What policy holds, and how it helps: the rule, where it stands in the law, and the one sentence that puts it right.
@Suite("Held with help", .timeLimit(.minutes(10)))
struct RefusalJourneys {
    @Test("what may not go is held with rule, citation and remedy", arguments: RefusalCase.all)
    func held(_ refused: RefusalCase) async throws {
        try await Scene.pair([refused.from, refused.to] + refused.bystanders, isStarted: false) { scene in
            for (old, new) in refused.agreement { try scene.sender.amend(old, new) }
            try await scene.sender.start()
            try await scene.sender.drop(
                "plan.pdf", Data("plan".utf8), label: refused.label, for: scene.recipient, refused.route)
            let note = try await scene.sender.whyHeld("plan.pdf", for: scene.recipient, refused.route)
            for words in ["HELD", "Rule \(refused.rule)", refused.citation, refused.remedy] {
                try require(note.contains(words), "the note does not say \"\(words)\": \(note)")
            }
            try await requireShown(refused, scene)
            try require(
                try await scene.sender.ledger().map(\.partner) == [refused.to], "the ledger tells of somebody else")
            try await scene.requireNothingLeft()
        }
    }

    private func requireShown(_ refused: RefusalCase, _ scene: Scene) async throws {
        let id = try await scene.sender.consignment("plan.pdf")
        let text = try await scene.sender.asked("held", "show", id, "--json")
        let shown = try JSONDecoder().decode(Shown.self, from: Data(text.utf8))
        try require(shown.state == "held", "it is \(shown.state)")
        let reason = try #require(shown.why.first { $0.rule == refused.rule }, "\(shown.why)")
        try require(reason.citation.contains(refused.citation), "the citation is \(reason.citation)")
        try require(reason.fix.contains(refused.remedy), "the remedy is \(reason.fix)")
        try require(!reason.found.isEmpty, "it does not say what was found")
    }

    /// `held show --json`
    private struct Shown: Decodable {
        struct Reason: Decodable {
            let rule: String
            let citation: String
            let found: String
            let fix: String
        }
        let state: String
        let why: [Reason]
    }

    @Test("a recipient that is strict refuses what it has no agreement for, in a signed word that names the rule")
    func refusedThere() async throws {
        try await Scene.pair(settings: ["cleveland-police": "admission: strict"], isStarted: false) { scene in
            try FileManager.default.removeItem(atPath: "\(scene.recipient.folder)/agreements/tees-tier-2.yaml")
            for agency in scene.agencies { try await agency.start() }
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await scene.awaitInHeld("plan.pdf", ".refused.txt")
            let note = scene.sender.held(for: scene.recipient).first { $0.hasSuffix(".refused.txt") }
            let words = String(decoding: try Files.bytes(note ?? ""), as: UTF8.self)
            for word in ["R-011", "Agreement tees-tier-2 is not known here.", "load the signed agreement"] {
                try require(words.contains(word), "it does not say \"\(word)\": \(words)")
            }
            try require(try await scene.sender.ledger().map(\.state) == ["refused"], "our ledger says otherwise")
            // An emergency is taken in all the same.
            try await scene.sender.drop("now.txt", Data("now".utf8), for: scene.recipient, "urgent")
            try await scene.requireDelivered(["now.txt": Data("now".utf8)], "urgent")
        }
    }

    @Test("police share for welfare under the UK GDPR and for law enforcement under Part 3, each by its own route")
    func police() async throws {
        try await Scene.pair(["cleveland-police", "hartlepool"]) { scene in
            let shares = [("strategy-meeting", "uk-gdpr"), ("police-intelligence", "dpa-part-3")]
            for (route, regime) in shares {
                try await scene.sender.drop("\(regime).pdf", Data("plan".utf8), for: scene.recipient, route)
                try await scene.awaitDelivery(of: ["\(regime).pdf"], route)
                let id = try await scene.sender.consignment("\(regime).pdf")
                let shown = try await scene.sender.asked("ledger", "show", id, "--json")
                try require(shown.contains("\"regime\":\"\(regime)\""), "we sent it otherwise: \(shown)")
                // A council takes either under the UK GDPR.
                let theirs = try await scene.recipient.asked("ledger", "list", "--name", "\(regime).pdf", "--json")
                try require(theirs.contains("\"regime\":\"uk-gdpr\""), "they took it otherwise: \(theirs)")
            }
        }
    }
}

/// One drop that must be held.
struct RefusalCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var from = "hartlepool"
    var to = "cleveland-police"
    /// Partners that must not get it instead.
    var bystanders: [String] = []
    var route = Agency.usualRoute
    /// The side-car.
    var label = ""
    /// Words of the agreement that are others that day.
    var agreement: [(String, String)] = []
    let rule: String
    let citation: String
    let remedy: String

    static let all = [
        RefusalCase(
            testDescription: "health data without an Article 9 point", label: "basis: { article-9: [] }\n",
            rule: "R-020", citation: "UK GDPR Art 9(1)-(2)", remedy: "add an Article 9 point such as A9-2-g"),
        RefusalCase(
            testDescription: "special category data without a condition",
            label: "categories: [pd-01, sc-health]\nbasis: { schedule-1: [] }\n", rule: "R-022",
            citation: "DPA 2018 s.10(3)", remedy: "such as S1-18 (safeguarding)"),
        RefusalCase(
            testDescription: "criminal offence data without a condition, from no competent authority", to: "tewv",
            route: "early-help", label: "categories: [pd-12, cr-offence]\nbasis: { schedule-1: [] }\n", rule: "R-030",
            citation: "DPA 2018 s.10(4)-(5)", remedy: "add a condition such as S1-18"),
        RefusalCase(
            testDescription: "a partner that ended; its successor is named and gets nothing", to: "tees-valley-ccg",
            bystanders: ["nenc-icb"], rule: "R-015", citation: "UK GDPR Art 5(1)(f)",
            remedy: "send the file to nenc-icb instead"),
        RefusalCase(
            testDescription: "an agreement that lapsed",
            agreement: [("review-by: 2027-04-01 }\n\n# Every", "to: 2026-11-01 }\n\n# Every")], rule: "R-011",
            citation: "Tees protocol 5.2", remedy: "load the agreement that replaced it"),
        RefusalCase(
            testDescription: "a party that has not signed", to: HeldJourneys.stranger, rule: "R-011",
            citation: "Tees protocol 5.2", remedy: "have durham-police sign agreement tees-tier-2"),
        RefusalCase(
            testDescription: "Part 3 on a welfare route, with nothing of what it needs", from: "cleveland-police",
            to: "hartlepool", label: "basis: { regime: dpa-part-3 }\n", rule: "R-040", citation: "DPA 2018 ss.30-31",
            remedy: "or use a route under the UK GDPR if this is welfare work"),
        RefusalCase(
            testDescription: "intelligence without its Schedule 8 condition", from: "cleveland-police",
            to: "yot-hartlepool", route: "police-intelligence", label: "basis: { schedule-8: [] }\n", rule: "R-041",
            citation: "DPA 2018 s.35", remedy: "such as S8-4 (safeguarding)"),
        RefusalCase(
            testDescription: "Part 3 claimed by a council", to: "yot-hartlepool", route: "police-intelligence",
            rule: "R-040", citation: "DPA 2018 ss.30-31", remedy: "Use a route under the UK GDPR"),
    ]
}
