import Foundation
import Testing

/// A consignment lies on a share, sealed to a key that its recipient has replaced since.
@Suite("Sealed to an old key", .timeLimit(.minutes(10)))
struct LateSealingJourneys {
    @Test("it opens after the rotation, and after the retirement until the grace is over")
    func opens() async throws {
        try await FolderJourneys.shared { scene in
            try await Self.lay(scene)
            try await scene.recipient.rotate("sealing")
            try await scene.recipient.retireOldest("sealing")
            try await scene.recipient.start()
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
        }
    }

    @Test("once the old key is destroyed, the sender takes the new card and seals it afresh")
    func sealedAfresh() async throws {
        try await FolderJourneys.shared(more: "keys: { sealingGrace: 0s }") { scene in
            try await Self.lay(scene)
            try await scene.recipient.rotate("sealing")
            try await scene.recipient.retireOldest("sealing")
            try await scene.recipient.start()
            let key = "\(scene.recipient.folder)/keys/sealing.key"
            try await Wait.until("the old key is destroyed") { !FileManager.default.fileExists(atPath: key) }
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
            let row = try #require(try await scene.recipient.keys("sealing").last)
            try require(row.state == "retired", "\(row)")
        }
    }

    private static func lay(_ scene: Scene) async throws {
        try await scene.sender.start()
        try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
        try await Wait.until("the consignment lies on the share") {
            Files.below(FolderJourneys.share(scene)).contains { $0.hasSuffix(".consignment") }
        }
    }
}
