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
        try await Scene.pair(settings: talkative) { scene in
            var seen: Set<String> = []
            let content = Data(String(repeating: "\(Self.child) ", count: 300_000).utf8)
            let names = (1...3).map { "\(Self.child) \($0).txt" }
            for name in names { try await scene.sender.drop(name, content, for: scene.recipient) }
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
        let processes = try await Command.tool("ps", ["-eo", "args"]).lines.filter { $0.contains(Binary.path) }
        try require(!processes.isEmpty, "ps shows no daemon")
        return staged + processes
    }
}
