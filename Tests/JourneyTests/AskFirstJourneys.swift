import Foundation
import Testing

/// What can be asked before anything is sent.
@Suite("Asked beforehand", .timeLimit(.minutes(10)))
struct AskFirstJourneys {
    @Test("what would become of a file, and why, without sending it")
    func label() async throws {
        try await Scene.pair(isStarted: false) { scene in
            let file = "\(scene.sender.folder)/desk/plan.pdf"
            try Data("plan".utf8).write(to: URL(fileURLWithPath: file))
            let question = ["label", "check", file, "--partner", scene.recipient.id, "--route", Agency.usualRoute]
            let good = try await scene.sender.asked(question)
            try require(good.contains("CA89-47"), "the label is not shown: \(good)")
            try Data("basis: { schedule-1: [] }\n".utf8).write(to: URL(fileURLWithPath: "\(file).label.yaml"))
            let bad = try await scene.sender.ask(question)
            try require(bad.code == 1, "it would go: \(bad)")
            for words in ["R-022", "DPA 2018 s.10(3)", "such as S1-18 (safeguarding)"] {
                try require((bad.out + bad.err).contains(words), "it does not say \"\(words)\": \(bad)")
            }
            try require(try await scene.sender.ledger().isEmpty, "the question stands in the ledger")
        }
    }

    @Test("whether an agreement is in order: every mistake is told with its line, not the first alone")
    func agreement() async throws {
        try await Scene.pair(isStarted: false) { scene in
            let agency = scene.sender
            let file = "\(agency.folder)/agreements/tees-tier-2.yaml"
            let sound = try await agency.ask("agreement", "check", file)
            try require(sound.code == 0, "\(sound)")
            try agency.amend("  - hartlepool\n", "  - hartlepol\n")
            try agency.amend("    purpose: pu-3.2\n", "    purpose: pu-9\n")
            try agency.amend("subjects: none", "subjects: nobody")
            let broken = try await agency.ask("agreement", "check", file)
            try require(broken.code == 1, "\(broken)")
            for words in ["hartlepol", "pu-9", "routes.audit.subjects"] {
                let line = try #require(
                    (broken.out + broken.err).split(separator: "\n").first { $0.contains("\"\(words)\"") }, "\(broken)")
                try require(line.contains(/:\d+/), "no line is told for \(words): \(line)")
            }
        }
    }
}
