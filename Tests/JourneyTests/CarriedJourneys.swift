import Foundation
import Testing

/// What somebody who holds the stick can do to a consignment on its way, and what comes of it.
@Suite("A carried consignment", .timeLimit(.minutes(10)))
struct CarriedJourneys {
    @Test(
        "that was damaged in a part or cut short is not taken, and the sender's original stays",
        arguments: [true, false])
    func damaged(_ isCut: Bool) async throws {
        try await FolderJourneys.shared { scene in
            let path = try await layOnShare(scene, Files.random(10_000))
            var bytes = try Files.bytes(path)
            if isCut { bytes.removeLast(20) } else { bytes[bytes.count - 20] ^= 1 }
            try bytes.write(to: URL(fileURLWithPath: path))
            try await scene.recipient.start()
            try await Wait.until("the recipient's log tells of it") { scene.recipient.hasLogged("taken in later") }
            try require(scene.recipient.received(from: scene.sender).isEmpty, "a damaged file was published")
            try require(!scene.sender.unfinished.isEmpty, "the original is gone")
        }
    }

    @Test("whose waybill was tampered with is not taken")
    func tampered() async throws {
        try await FolderJourneys.shared { scene in
            let path = try await layOnShare(scene, Data("x".utf8))
            var bytes = try Files.bytes(path)
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: URL(fileURLWithPath: path))
            try await scene.recipient.start()
            try await Wait.until("the recipient's log tells of it") { scene.recipient.hasLogged("taken in later") }
            try require(scene.recipient.received(from: scene.sender).isEmpty, "it was published")
            try require(try await scene.recipient.ledger().isEmpty, "the ledger tells of it")
        }
    }

    @Test("that is for somebody else is neither opened nor receipted")
    func forSomebodyElse() async throws {
        try await FolderJourneys.shared(["hartlepool", "cleveland-police", "tewv"]) { scene in
            let path = try await layOnShare(scene, Data("plan".utf8))
            let other = scene.agencies[2]
            let name = URL(fileURLWithPath: path).lastPathComponent
            let wrongRoad = "\(FolderJourneys.share(scene))/\(scene.sender.id)-to-\(other.id)"
            try FileManager.default.copyItem(atPath: path, toPath: "\(wrongRoad)/\(name)")
            try await other.start()
            try await Wait.until("its log tells of it") { other.hasLogged("waybill not accepted") }
            try require(Files.visible(in: wrongRoad, ".p7s").isEmpty, "it signed something about it")
            try require(other.received(from: scene.sender).isEmpty, "it has the file")
            try await scene.recipient.start()
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
        }
    }

    @Test("that comes again is answered with the very same receipt and not delivered again")
    func replayed() async throws {
        try await FolderJourneys.shared { scene in
            let path = try await layOnShare(scene, Data("plan".utf8))
            let copy = try Files.bytes(path)
            try await scene.recipient.start()
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
            // The sender is gone, so that it clears nothing away.
            try await scene.sender.stop()
            try copy.write(to: URL(fileURLWithPath: path))
            let receipt = path.replacingOccurrences(of: ".consignment", with: ".receipt.p7s")
            try await Wait.until("the replay is answered") { FileManager.default.fileExists(atPath: receipt) }
            let first = try #require(scene.sender.sent(to: scene.recipient).first { $0.hasSuffix(".p7s") })
            try require(try Files.bytes(receipt) == Files.bytes(first), "it is another receipt")
            try require(scene.recipient.received(from: scene.sender) == ["plan.pdf"], "it was delivered again")
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.removeItem(atPath: receipt)
        }
    }

    /// Drops a file while the recipient is down; returns the path of the consignment that lies on the share then.
    private func layOnShare(_ scene: Scene, _ bytes: Data) async throws -> String {
        try await scene.sender.start()
        try await scene.sender.drop("plan.pdf", bytes, for: scene.recipient)
        let road = "\(FolderJourneys.share(scene))/\(scene.sender.id)-to-\(scene.recipient.id)"
        try await Wait.until("the consignment lies on the share") { !Files.visible(in: road, ".consignment").isEmpty }
        return "\(road)/\(try #require(Files.visible(in: road, ".consignment").first))"
    }
}

extension Agency {
    func hasLogged(_ words: String) -> Bool { logLines.contains { $0.contains(words) } }
}
