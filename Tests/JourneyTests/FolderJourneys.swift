import Foundation
import Testing

/// Agencies that reach each other by a shared folder or a stick.
@Suite("By a shared folder", .timeLimit(.minutes(10)))
struct FolderJourneys {
    @Test("files go both ways and the share is empty again afterwards")
    func both() async throws {
        try await Self.shared { scene in
            for agency in scene.agencies { try await agency.start() }
            let files = [
                "plan.pdf": Data("plan".utf8), "large.bin": try Files.random(3 << 20 + 7), "one": Data("1".utf8),
            ]
            for (name, bytes) in files { try await scene.sender.drop(name, bytes, for: scene.recipient) }
            try await scene.recipient.drop("answer.txt", Data("answer".utf8), for: scene.sender)
            try await scene.requireDelivered(files)
            try await scene.requireDelivered(
                ["answer.txt": Data("answer".utf8)], from: scene.recipient, to: scene.sender)
            try await Self.requireSharesEmpty(scene)
        }
    }

    @Test("a share that is away only delays")
    func away() async throws {
        try await Self.shared { scene in
            for agency in scene.agencies { try await agency.start() }
            let (share, elsewhere) = (Self.share(scene), Self.share(scene) + ".away")
            try FileManager.default.moveItem(atPath: share, toPath: elsewhere)
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await Wait.until("status tells why it waits") { try await !scene.sender.waitingReasons.isEmpty }
            try FileManager.default.moveItem(atPath: elsewhere, toPath: share)
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
        }
    }

    @Test("what is asked back while it lies on the share is taken from it and never shown")
    func recalled() async throws {
        try await Self.shared { scene in
            try await scene.sender.start()
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            let onShare = { Files.below(Self.share(scene)).contains { $0.hasSuffix(".consignment") } }
            try await Wait.until("it lies on the share") { onShare() }
            let id = try await scene.sender.consignment("plan.pdf")
            _ = try await scene.sender.asked("recall", id, "--because", "Wrong folder.")
            try await scene.awaitInHeld("plan.pdf", ".recalled.txt")
            try await Wait.until("it is off the share") { !onShare() }
            try await scene.recipient.start()
            try await scene.sender.awaitOwed("recall", "closed")
            try require(scene.recipient.received(from: scene.sender).isEmpty, "it was shown all the same")
            try await RecallJourneys.requireSettled(scene)
        }
    }

    @Test(
        "after a crash files are delivered once, whole, with one receipt",
        arguments: CrashPlan.of(.folder) + CrashPlan.alsoByFolder)
    func crash(_ plan: CrashPlan) async throws {
        try await Self.shared { scene in
            try await scene.start(plan)
            let files = try await scene.dropTwo()
            try await scene.comeBack(plan)
            try await scene.requireDelivered(files)
            try await Self.requireSharesEmpty(scene)
        }
    }

}

extension FolderJourneys {
    /// Agencies, not yet started, of which each two have a share and no other road.
    static func shared(
        _ ids: [String] = ["hartlepool", "cleveland-police"], more: String = "", _ body: (Scene) async throws -> Void
    ) async throws {
        var settings: [String: String] = [:]
        for us in ids {
            let others = ids.filter { $0 != us }.map { "\($0): { transport: folder, path: ../share }" }
            settings[us] = "partners: { \(others.joined(separator: ", ")) }\n\(more)"
        }
        try await Scene.pair(ids, settings: settings, isStarted: false) { scene in
            let roads = ids.flatMap { us in ids.filter { $0 != us }.map { "\(us)-to-\($0)/statements" } }
            for folder in ["cards"] + roads {
                try FileManager.default.createDirectory(
                    atPath: "\(share(scene))/\(folder)", withIntermediateDirectories: true)
            }
            try await body(scene)
        }
    }

    static func share(_ scene: Scene) -> String { "\(scene.scratch.path)/share" }

    /// The sender clears away what has its receipt.
    static func requireSharesEmpty(_ scene: Scene) async throws {
        // Questions between ledgers come and go by themselves, with pauses between.
        let left = { Files.below(share(scene)).filter { !$0.contains("/cards/") && !$0.contains(".witness") } }
        let isEmpty = try await Wait.upTo(Wait.patience) { left().isEmpty }
        try require(isEmpty, "the share still has \(left())")
    }
}

extension Files {
    static func visible(in folder: String, _ suffix: String) -> [String] {
        visible(in: folder).filter { $0.hasSuffix(suffix) }
    }
}
