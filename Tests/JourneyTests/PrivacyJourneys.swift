import Foundation
import Testing

/// A child's name stands in the file and in its name. It must stand nowhere else that others look at.
@Suite("A child's name", .timeLimit(.minutes(10)))
struct PrivacyJourneys {
    private static let child = "Marigold-Threlkeld"

    @Test("is in no log line, no temporary name and no argument of a process, at the most talkative level")
    func planted() async throws {
        let talkative = Dictionary(
            uniqueKeysWithValues: ["hartlepool", "cleveland-police"].map { ($0, "log-level: trace") })
        try await Scene.pair(settings: talkative, isStarted: false) { scene in
            for agency in scene.agencies {
                try agency.amend("  strategy-meeting:\n", "  strategy-meeting:\n    content-check: record\n")
                try await agency.start()
            }
            var seen: Set<String> = []
            let content = Data(String(repeating: "\(Self.child) ", count: 300_000).utf8)
            // One goes through an extractor, which finds nothing sound in it.
            let names = (1...3).map { "\(Self.child) \($0).txt" } + ["\(Self.child) 4.pdf"]
            for name in names {
                let head = Data((name.hasSuffix(".pdf") ? "%PDF-1.4\n" : "").utf8)
                try await scene.sender.drop(name, head + content, for: scene.recipient)
            }
            try await drop(badThings: scene)
            try await Wait.until("all have arrived") {
                seen.formUnion(try await glimpses(scene))
                return scene.recipient.received(from: scene.sender).count == names.count
            }
            try await scene.awaitDelivery(of: names)
            _ = try await scene.sender.trouble(with: Self.child)

            let told = scene.agencies.flatMap(\.logLines) + seen
            try require(scene.agencies.allSatisfy { $0.logLines.count > 5 }, "the logs are empty")
            let leaks = told.filter { $0.localizedCaseInsensitiveContains("marigold") }
            try require(leaks.isEmpty, "it stands in:\n\(leaks.prefix(10).joined(separator: "\n"))")
        }
    }

    @Test("is in no log line, argument of a daemon or file on a share, when a file is corrected and asked back there")
    func afterwards() async throws {
        let ids = ["hartlepool", "cleveland-police"]
        try await FolderJourneys.shared(ids, more: "log-level: trace") { scene in
            for agency in scene.agencies { try await agency.start() }
            let watch = Watch(FolderJourneys.share(scene))
            defer { watch.end() }
            try await correctAndRecall(scene)
            let told = scene.agencies.flatMap(\.logLines) + (try await glimpses(scene)) + watch.names
            let statements = watch.names.count { $0.hasSuffix(".p7s") && !$0.contains(".receipt.") }
            try require(statements == 3, "\(statements) statements were seen on the share")
            let leaks = told.filter { $0.localizedCaseInsensitiveContains("marigold") }
            try require(leaks.isEmpty, "it stands in:\n\(leaks.prefix(10).joined(separator: "\n"))")
            try require(!watch.hasSeen("marigold"), "it stands in a file on the share")
        }
    }

    private func correctAndRecall(_ scene: Scene) async throws {
        let (name, newer) = ("\(Self.child).txt", "\(Self.child) 2.txt")
        let label = "subjects: [{ ref: CASE-7, role: child }]\nnecessity: \"\(Self.child) must be found tonight.\"\n"
        try await scene.sender.drop(name, Data(Self.child.utf8), label: label, for: scene.recipient)
        try await scene.awaitDelivery(of: [name])
        let id = try await scene.sender.consignment(name)
        let fixed = "\(scene.sender.folder)/desk/\(newer)"
        try Data("\(Self.child), corrected".utf8).write(to: URL(fileURLWithPath: fixed))
        let because = ["--because", "It is \(Self.child)'s."]
        _ = try await scene.sender.asked(["correct", id, "--file", fixed] + because)
        try await scene.awaitDelivery(of: [newer])
        _ = try await scene.sender.asked(["recall", id] + because)
        try await scene.recipient.awaitOwed("recalled", "open")
        _ = try await scene.recipient.asked(["destroyed", id] + because)
        try await scene.sender.awaitOwed("recall", "closed")
        try await RecallJourneys.requireSettled(scene)
    }

    /// Troubles are told of in the log too.
    private func drop(badThings scene: Scene) async throws {
        let outbox = scene.sender.outbox(scene.recipient)
        try FileManager.default.createSymbolicLink(
            atPath: "\(outbox)/\(Self.child) link", withDestinationPath: "/etc/hostname")
        try await scene.sender.drop("\(Self.child).label.yaml", Data("\(Self.child): [".utf8), for: scene.recipient)
    }

    /// Names that the daemons make up, and what `ps` shows of them.
    private func glimpses(_ scene: Scene) async throws -> [String] {
        let staged = scene.agencies.flatMap { Files.below($0.folder) }.filter { path in
            let name = path.split(separator: "/").last ?? ""
            return path.contains("/.staging/") || name.hasPrefix(".") || name.hasSuffix(".tmp")
        }
        // Daemons and whatever they start. What persons type is theirs to see to; other journeys run at the same time.
        let processes = try await Command.tool("ps", ["-eo", "args"]).lines
            .filter { $0.contains("\(Binary.path) daemon") || !$0.contains(Binary.path) }
        try require(processes.contains { $0.contains(Binary.path) }, "ps shows no daemon")
        return staged + processes
    }
}
