import Foundation
import Testing

/// What those who must account for sharing ask of the ledger.
@Suite("An account of sharing", .timeLimit(.minutes(10)))
struct ReportJourneys {
    @Test("is given by person, by decision, by kind of processing and in numbers, of what went and what did not")
    func account() async throws {
        try await Scene.pair { scene in
            try await share(scene)
            try await requireFound(scene)
            try await requireReported(scene)
            try await requireCounted(scene)
        }
    }

    @Test("leaves out what was processed for law enforcement, unless it serves one of the uses that the Act allows")
    func part3() async throws {
        try await Scene.pair(["cleveland-police", "hartlepool"]) { scene in
            for (route, role) in [(Agency.usualRoute, "child"), ("police-intelligence", "suspect")] {
                try await scene.sender.drop(
                    "\(route).txt", Data("plan".utf8), label: "subjects: [{ ref: CASE-1, role: \(role) }]\n",
                    for: scene.recipient, route)
                try await scene.awaitDelivery(of: ["\(route).txt"], route)
            }
            let usual = try await scene.sender.ask("find", "--subject", "CASE-1", "--json")
            try require(usual.lines.count == 1 && !usual.out.contains("dpa-part-3"), "\(usual)")
            try require(usual.err.contains("s.62(4)"), "it does not say what is left out: \(usual.err)")
            let allowed = try await scene.sender.ask("find", "--subject", "CASE-1", "--json", "--use", "lawfulness")
            try require(allowed.lines.count == 2 && allowed.out.contains("dpa-part-3"), "\(allowed)")
            try require(allowed.out.contains("s.62(4)"), "the row is not marked: \(allowed.out)")
            // The council took both under the UK GDPR and must account for both.
            let theirs = try await scene.recipient.asked("find", "--subject", "CASE-1", "--json")
            try require(theirs.split(separator: "\n").count == 2, "the council tells only of \(theirs)")
        }
    }

    /// One routine delivery, one emergency, one release with a reason, one decision not to share.
    private func share(_ scene: Scene) async throws {
        let (sender, recipient) = (scene.sender, scene.recipient)
        let label = "subjects: [{ ref: CASE-1, role: child }, { ref: CASE-2, role: parent }]\n"
        try await sender.drop("routine.txt", Data("plan".utf8), label: label, for: recipient)
        try await scene.awaitDelivery(of: ["routine.txt"])
        try await sender.drop("urgent.txt", Data("now".utf8), for: recipient, "urgent")
        try await scene.awaitDelivery(of: ["urgent.txt"], "urgent")
        for name in ["override.txt", "rejected.txt"] {
            let bare = "categories: [pd-01, sc-health]\nbasis: { schedule-1: [] }\n"
            try await sender.drop(name, Data(name.utf8), label: bare, for: recipient)
            _ = try await sender.whyHeld(name, for: recipient)
        }
        let (released, rejected) = (
            try await sender.consignment("override.txt"), try await sender.consignment("rejected.txt")
        )
        _ = try await sender.asked("release", released, "--because", "The lead has agreed to it by telephone.")
        try await scene.awaitDelivery(of: ["override.txt"])
        _ = try await sender.asked(
            "reject", rejected, "--test", "more-detrimental", "--because", "It would lead the father to them.")
    }

    private func requireFound(_ scene: Scene) async throws {
        let sent = try await rows(scene.sender, "find", "--subject", "CASE-1")
        try require(sent.map(\.direction) == ["sent"], "we find \(sent)")
        let received = try await rows(scene.recipient, "find", "--subject", "CASE-1")
        let row = try #require(received.first)
        try require(row.from == "hartlepool" && row.direction == "received", "they find \(received)")
        try require(row.openDuties?.contains { $0.contains("notice") } == true, "no duty is open: \(row)")
        try require(row.beforeAnswering?.contains { $0.contains("Sch 2 para 16") } == true, "no word of others: \(row)")
        let csv = try await scene.sender.asked("find", "--subject", "CASE-1", "--csv")
        try require(csv.hasPrefix("id,direction,from,to") && csv.contains("CA89-47"), "the CSV is \(csv)")
        let nobody = try await scene.sender.ask("find", "--subject", "CASE-9", "--json")
        try require(nobody.code == 1 && nobody.out.isEmpty, "somebody unknown is found: \(nobody)")
    }

    private func requireReported(_ scene: Scene) async throws {
        let decisions = try await rows(scene.sender, ["report", "sharing"] + Self.days)
        try require(decisions.count == 4, "\(decisions.count) decisions are told")
        let rejected = try #require(decisions.first { $0.decision == "not to share" })
        try require(rejected.reasons == ["It would lead the father to them."], "the reason is \(rejected)")
        try require(rejected.detrimentTest?.contains("16LA(3)") == true, "the test is \(rejected)")
        try require(rejected.decidedBy?.hasPrefix("person:") == true, "nobody decided: \(rejected)")
        try require(rejected.deliveredAt == nil, "it is said to be delivered: \(rejected)")
        let released = decisions.filter { $0.reasons == ["The lead has agreed to it by telephone."] }
        try require(released.count == 1 && released[0].decision == "to share", "the release is \(released)")
        try require(
            released[0].findings?.contains { $0.contains("R-022") } == true, "what stood against it: \(released)")
        let routine = decisions.filter { $0.decidedBy == "route" && $0.emergency == nil }
        try require(routine.first?.legalPower?.contains { $0.contains("s.47") } == true, "no power: \(routine)")
        let processing = try await scene.sender.asked(["report", "processing", "--json"] + Self.days)
        try require(processing.split(separator: "\n").count == 2, "the routes are not told apart: \(processing)")
        try require(processing.contains("apd-2026-1"), "no policy document: \(processing)")
    }

    private func requireCounted(_ scene: Scene) async throws {
        let text = try await scene.sender.asked(["report", "counts", "--json"] + Self.days)
        let counts = try text.split(separator: "\n").map { try JSONDecoder().decode(Count.self, from: Data($0.utf8)) }
        for (measure, count) in [("shared-files", 3), ("emergency", 1), ("override", 1), ("rejected", 1)] {
            let told = counts.first { $0.measure == measure }?.count
            try require(told == count, "of \(measure) it counts \(told ?? -1)")
        }
        let health = counts.filter { $0.measure == "shared" && $0.category == "sc-health" }
        try require(health.map(\.recipient) == ["cleveland-police"], "health data went to \(health)")
        try require(health.first?.count == 3, "health data went \(health)")
    }

    private static let days = ["--from", "2026-01-01", "--to", "2099-12-31"]

    private func rows(_ agency: Agency, _ arguments: String...) async throws -> [Row] {
        try await rows(agency, arguments)
    }

    private func rows(_ agency: Agency, _ arguments: [String]) async throws -> [Row] {
        try await agency.asked(arguments + ["--json"]).split(separator: "\n").map {
            try JSONDecoder().decode(Row.self, from: Data($0.utf8))
        }
    }

    /// A line of `find` or `report sharing`.
    private struct Row: Decodable {
        let direction: String?
        let from: String?
        let openDuties: [String]?
        let beforeAnswering: [String]?
        let decision: String?
        let reasons: [String]?
        let detrimentTest: String?
        let decidedBy: String?
        let deliveredAt: String?
        let findings: [String]?
        let emergency: String?
        let legalPower: [String]?
    }

    private struct Count: Decodable {
        let measure: String
        let category: String?
        let recipient: String?
        let count: Int?
    }
}
