import Foundation
import Testing

/// The campaigns of `Bench/`, with counts that fit into a test run; `make soak` runs them long.
///
/// They injure daemons from outside: file systems that lose their power, calls that fail, clocks that jump, a partner that
/// takes all it can get. What a machine cannot do (no root, no loop devices, no C compiler) a campaign says itself, and it is printed here.
@Suite("Injured from outside", .timeLimit(.minutes(10)))
struct CampaignJourneys {
    struct Campaign: Sendable, CustomTestStringConvertible {
        let name: String
        let words: [String]
        var kind = "injure"
        var testDescription: String { ([name] + words).joined(separator: " ") }

        init(_ name: String, _ words: String...) {
            self.name = name
            self.words = words
        }

        init(attack name: String, _ words: String...) {
            self.name = name
            self.words = words
            kind = "attack"
        }
    }

    /// Each the same in every run: a failure can be seen again with the command that is told.
    static let campaigns = [
        Campaign("power", "--count", "20"), Campaign("syncs", "--count", "2", "--only", "the ledger of the recipient"),
        Campaign("syncs", "--count", "2", "--only", "the inbox"), Campaign("syncs", "--count", "2", "--only", "work/"),
        Campaign("calls", "--count", "12"), Campaign("clocks", "--count", "3"),
        Campaign(
            attack: "resources", "--count", "10", "--seconds", "6", "--within", "30", "--patience", "60", "--mebibytes",
            "0"),
        Campaign("ledger", "--count", "10", "--only", "bits"), Campaign("ledger", "--count", "10", "--only", "locks"),
        Campaign("ledger", "--count", "4", "--only", "checks"),
    ]

    @Test("nothing is lost, doubled, made up or left behind", arguments: campaigns)
    func campaign(_ campaign: Campaign) async throws {
        guard Self.hasPython else {
            return print("*** SKIPPED \(campaign.testDescription): there is no python3 here: NOTHING WAS TRIED. ***")
        }
        await Turns.journeys.enter()
        let outcome: Outcome
        do { outcome = try await run(campaign) } catch {
            await Turns.journeys.leave()
            throw error
        }
        await Turns.journeys.leave()
        for line in outcome.lines where line.hasPrefix("SKIPPED") { print("*** \(line) ***") }
        try require(outcome.code == 0, "\(outcome)")
        try require(
            outcome.lines.contains { $0.hasPrefix("\(campaign.name): ") || $0.hasPrefix("SKIPPED \(campaign.name)") },
            "it judged nothing: \(outcome)")
    }

    /// Decision 0009: no machine must have Python.
    private static let hasPython: Bool = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/python3") }
    }()

    /// `timeout` asks it to end before it ends it, so that it takes its daemons and mounts with it.
    private func run(_ campaign: Campaign) async throws -> Outcome {
        let script = "\(Binary.sources)Bench/\(campaign.kind)_\(campaign.name).py"
        let words = ["--binary", Binary.path, "--seed", "1"] + campaign.words
        return try await Command.run(
            "/usr/bin/env", ["timeout", "-k", "30", "300", "python3", script] + words, within: 340)
    }
}
