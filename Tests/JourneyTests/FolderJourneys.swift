import Foundation
import Testing

/// Agencies that reach each other by a shared folder or a stick.
@Suite("By a shared folder", .timeLimit(.minutes(3)))
struct FolderJourneys {
    @Test("files go both ways and the share is empty again afterwards")
    func both() async throws {
        try await Self.shared { scene in
            for agency in scene.agencies { try await agency.start() }
            let files = ["plan.pdf": Data("plan".utf8), "large.bin": try Files.random(3 << 20 + 7), "empty": Data()]
            for (name, bytes) in files { try await scene.sender.drop(name, bytes, for: scene.recipient) }
            try await scene.recipient.drop("answer.txt", Data("answer".utf8), for: scene.sender)
            try await scene.requireDelivered(files)
            try await scene.requireDelivered(["answer.txt": Data("answer".utf8)], from: scene.recipient, to: scene.sender)
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

    @Test("after a crash files are delivered once, whole, with one receipt", arguments: CrashPlan.of(.folder))
    func crash(_ plan: CrashPlan) async throws {
        try await Self.shared { scene in
            try await scene.start(plan)
            let files = try await scene.dropTwo()
            try await scene.comeBack(plan)
            try await scene.requireDelivered(files)
            try await Self.requireSharesEmpty(scene)
        }
    }

    @Test("a carried consignment that was damaged on the way is not taken, and the sender's original stays")
    func damaged() async throws {
        try await Self.shared { scene in
            try await scene.sender.start()
            try await scene.sender.drop("plan.pdf", try Files.random(10_000), for: scene.recipient)
            let road = "\(Self.share(scene))/\(scene.sender.id)-to-\(scene.recipient.id)"
            try await Wait.until("the consignment lies on the share") { !Files.visible(in: road, ".consignment").isEmpty }
            let path = "\(road)/\(try #require(Files.visible(in: road, ".consignment").first))"
            var bytes = try Files.bytes(path)
            bytes[bytes.count - 20] ^= 1
            try bytes.write(to: URL(fileURLWithPath: path))
            try await scene.recipient.start()
            try await Wait.until("the recipient's log tells of it") {
                scene.recipient.logLines.contains { $0.contains("taken in later") }
            }
            try require(scene.recipient.received(from: scene.sender).isEmpty, "a damaged file was published")
            try require(!scene.sender.unfinished.isEmpty, "the original is gone")
        }
    }
}

extension FolderJourneys {
    /// Two agencies, not yet started, that have a share and no other road.
    static func shared(_ body: (Scene) async throws -> Void) async throws {
        let ids = ["hartlepool", "cleveland-police"]
        var settings: [String: String] = [:]
        for (us, them) in [(ids[0], ids[1]), (ids[1], ids[0])] {
            settings[us] = "partners: { \(them): { transport: folder, path: ../share } }"
        }
        try await Scene.pair(ids, settings: settings, isStarted: false) { scene in
            let share = Self.share(scene)
            let folders = ["cards", "\(ids[0])-to-\(ids[1])/statements", "\(ids[1])-to-\(ids[0])/statements"]
            for folder in folders {
                try FileManager.default.createDirectory(atPath: "\(share)/\(folder)", withIntermediateDirectories: true)
            }
            try await body(scene)
        }
    }

    static func share(_ scene: Scene) -> String { "\(scene.scratch.path)/share" }

    /// The sender clears away what has its receipt.
    static func requireSharesEmpty(_ scene: Scene) async throws {
        let left = { Files.below(share(scene)).filter { !$0.contains("/cards/") } }
        let isEmpty = try await Wait.upTo(5) { left().isEmpty }
        try require(isEmpty, "the share still has \(left())")
    }
}

extension Files {
    static func visible(in folder: String, _ suffix: String) -> [String] { visible(in: folder).filter { $0.hasSuffix(suffix) } }
}
