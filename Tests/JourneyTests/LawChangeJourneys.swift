import Foundation
import Testing

/// The law changes; what was decided stays decided.
@Suite("A new catalogue", .timeLimit(.minutes(10)))
struct LawChangeJourneys {
    @Test(
        "is pinned by what is dropped from then on; what was decided before reads the same", arguments: [true, false])
    func newer(withRestart: Bool) async throws {
        try await Scene.pair { scene in
            try await scene.sender.drop("before.txt", Data("plan".utf8), for: scene.recipient)
            try await scene.awaitDelivery(of: ["before.txt"])
            let id = try await scene.sender.consignment("before.txt")
            let before = try await stories(id, scene)

            for agency in scene.agencies { try agency.addCatalogue() }
            for agency in scene.agencies {
                if withRestart {
                    try await agency.stop()
                    try await agency.start()
                } else {
                    try await agency.reload()
                }
            }
            let why = try await dropped("after.txt", scene)
            try require(why.contains("R-002") && why.contains("CA89-47"), "the new law does not decide: \(why)")
            let label = try await scene.sender.asked("ledger", "show", scene.sender.consignment("after.txt"), "--json")
            try require(label.contains(#""catalogue":{"sha256":"#), "no catalogue is pinned: \(label)")
            try require(label.contains(#""version":"2099-01-01""#), "the new one is not pinned: \(label)")
            try require(try await stories(id, scene) == before, "the old decision reads otherwise")
            try require(before[1].contains(#""version":"2026-11-30""#), "the old one pins \(before[1])")
            try await requireDryRun(id, scene)
            for agency in scene.agencies { try await agency.checkLedger() }
        }
    }

    /// Under the new law the section 47 gateway is gone, so that the same drop is held.
    private func dropped(_ name: String, _ scene: Scene) async throws -> String {
        try await scene.sender.drop(name, Data("plan".utf8), for: scene.recipient)
        return try await scene.sender.whyHeld(name, for: scene.recipient)
    }

    /// In words and as JSON, by either end.
    private func stories(_ id: String, _ scene: Scene) async throws -> [String] {
        var told: [String] = []
        for agency in scene.agencies {
            // Who has countersigned it since is no part of the decision.
            let shown = try await agency.asked("ledger", "show", id).split(separator: "\n")
            told.append(shown.filter { !$0.contains("countersigned by") }.joined(separator: "\n"))
            told.append(try await agency.asked("ledger", "show", id, "--json"))
        }
        return told
    }

    private func requireDryRun(_ id: String, _ scene: Scene) async throws {
        let files = ["2026-11-30", "2099-01-01"].map { "\(scene.sender.folder)/catalogue/catalogue-\($0).yaml" }
        let difference = try await scene.sender.ask(["catalogue", "diff"] + files)
        try require(difference.out.contains("CA89-47"), "the difference is not told: \(difference)")
        let dry = try await scene.sender.ask("catalogue", "dry-run", files[1], "--today")
        try require(dry.out.contains("R-002") || dry.out.contains("hold"), "what would change is not told: \(dry)")
        try require(dry.out.contains(String(id.suffix(12))), "which would change is not told: \(dry)")
    }
}

extension Agency {
    /// A later catalogue, in which s.47 of the Children Act 1989 has ended.
    func addCatalogue() throws {
        let old = "\(folder)/catalogue/catalogue-2026-11-30.yaml"
        var lines = try String(contentsOfFile: old, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        guard let row = lines.firstIndex(where: { $0.contains("id: CA89-47,") }) else { throw Unmet("no such row") }
        lines[row] = Substring(lines[row].replacing("id: CA89-47,", with: "id: CA89-47, valid-to: 2026-11-01,"))
        let text = lines.joined(separator: "\n").replacing("version: \"2026-11-30\"", with: "version: \"2099-01-01\"")
        try text.write(toFile: "\(folder)/catalogue/catalogue-2099-01-01.yaml", atomically: true, encoding: .utf8)
    }

    func reload() async throws { _ = try await asked("reload") }
}
