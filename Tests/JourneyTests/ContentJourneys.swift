import Foundation
import Testing

/// The look into a file: software suggests, people decide.
@Suite("The content check", .timeLimit(.minutes(10)))
struct ContentJourneys {
    /// The number is of the range that NHS England keeps for tests; the words speak of health.
    private static let secrets = ["9990000018", "999 000 0018", "schizophrenia", "olanzapine"]
    private static let text = Data(
        "NHS number 999 000 0018. He was admitted with schizophrenia and takes olanzapine.\n".utf8)
    /// A route that does not name health data.
    private static let label = "categories: [pd-01, pd-12]\n"

    @Test("on a route that records tells the recipient what it suggests, and no word of the file stands anywhere")
    func record() async throws {
        try await checked("record", talkative: true) { scene in
            try await scene.sender.drop("report.txt", Self.text, label: Self.label, for: scene.recipient)
            try await scene.awaitDelivery(of: ["report.txt"])
            let id = try await scene.sender.consignment("report.txt")
            let beside = try scene.recipient.sideCar(of: id, from: scene.sender)
            try require(beside.contains("\"suggested\":[\"pd-13\",\"sc-health\"]"), "it suggests nothing: \(beside)")
            try require(beside.contains("\"categories\":[\"pd-01\",\"pd-12\"]"), "it changed the label: \(beside)")

            var told = scene.agencies.flatMap(\.logLines) + [beside]
            for agency in scene.agencies {
                told.append(try await agency.asked("ledger", "show", id, "--json"))
                try await agency.stop()
                told += try Files.below(agency.folder).filter { $0.contains("/ledger.sqlite") }
                    .map { String(decoding: try Files.bytes($0), as: UTF8.self) }
            }
            for secret in Self.secrets {
                try require(
                    !told.contains { $0.localizedCaseInsensitiveContains(secret) }, "\(secret) stands in log or ledger")
            }
        }
    }

    @Test("on a route that holds asks a person, whose answer is enough")
    func hold() async throws {
        try await checked("hold") { scene in
            try await scene.sender.drop("report.txt", Self.text, label: Self.label, for: scene.recipient)
            let note = try await scene.sender.whyHeld("report.txt", for: scene.recipient)
            try require(note.contains("Rule R-067") && note.contains("sc-health"), "the note says: \(note)")
            let id = try await scene.sender.consignment("report.txt")
            _ = try await scene.sender.asked("release", id, "--because", "Named in the label of the case; not health.")
            try await scene.requireDelivered(["report.txt": Self.text])
        }
    }

    @Test("does not stop what it cannot read, and says that it was not checked")
    func unreadable() async throws {
        try await checked("hold") { scene in
            let files = ["report.bin": try Files.random(5000), "report.zip": Data([0x50, 0x4b, 3, 4]) + Self.text]
            for (name, bytes) in files { try await scene.sender.drop(name, bytes, for: scene.recipient) }
            try await scene.requireDelivered(files)
            for name in files.keys {
                let id = try await scene.sender.consignment(name)
                let shown = try await scene.sender.asked("ledger", "show", id, "--json")
                try require(shown.contains("\"outcome\":\"not-checked\""), "ledger show --json says: \(shown)")
                let words = try await scene.sender.asked("ledger", "show", id)
                try require(words.contains("not checked"), "a person does not see it: \(words)")
            }
        }
    }

    /// Both agencies' usual route checks in this way.
    private func checked(
        _ way: String, talkative: Bool = false, _ body: (Scene) async throws -> Void
    ) async throws {
        let ids = ["hartlepool", "cleveland-police"]
        let settings = talkative ? Dictionary(uniqueKeysWithValues: ids.map { ($0, "log-level: trace") }) : [:]
        try await Scene.pair(ids, settings: settings, isStarted: false) { scene in
            for agency in scene.agencies {
                try agency.amend("  strategy-meeting:\n", "  strategy-meeting:\n    content-check: \(way)\n")
                try await agency.start()
            }
            try await body(scene)
        }
    }
}
