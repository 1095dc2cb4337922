import Foundation
import Testing

/// A partner is no longer trusted, this minute.
@Suite("A revoked partner", .timeLimit(.minutes(10)))
struct RevocationJourneys {
    private static let because = "Their laptop was stolen."

    @Test("a file of 64 MiB on its way stops at once and lies in held/ with the reason, also after a restart")
    func underWay() async throws {
        try await Scene.pair { scene in
            let large = try Files.random(64 << 20)
            try await scene.recipient.drop("warm.txt", Data("warm".utf8), for: scene.sender)
            try await scene.awaitDelivery(of: ["warm.txt"], from: scene.recipient, to: scene.sender)
            try await scene.sender.drop("large.bin", large, for: scene.recipient)
            let staging = "\(scene.recipient.folder)/inbox/\(scene.sender.id)/.staging"
            try await Wait.until("some of it has arrived") { Files.below(staging).contains { size($0) > 1 << 20 } }
            // Stopped in the middle, however slowly the command starts here.
            scene.recipient.pause()
            _ = try await scene.sender.asked("partner", "revoke", scene.recipient.id, "--because", Self.because)
            scene.recipient.goOn()
            try await Wait.until("it is in held/") { scene.sender.held(for: scene.recipient).count >= 2 }
            let why = try #require(scene.sender.held(for: scene.recipient).first { $0.hasSuffix(".why.txt") })
            try require(try String(contentsOfFile: why, encoding: .utf8).contains(Self.because), "no reason")
            try require(scene.recipient.received(from: scene.sender).isEmpty, "it arrived all the same")
            try await requireNothing(scene)
            try await scene.sender.stop()
            try await scene.sender.start()
            try await requireNothing(scene)
            try await scene.sender.checkLedger()
            let row = try #require(try await scene.sender.ledger("--name", "large.bin").first)
            try require(row.state == "held", "it is \(row.state)")
            let released = try await scene.sender.ask("release", row.id, "--because", "It must go.")
            try require(released.code == 3 && released.err.contains("never signed again"), "\(released)")
        }
    }

    @Test("who adds it again is told that it was revoked, when, by whom and why; then files flow again")
    func again() async throws {
        try await Scene.pair { scene in
            _ = try await scene.sender.asked("partner", "revoke", scene.recipient.id, "--because", Self.because)
            let list = try await scene.sender.ask("partner", "list")
            try require(list.err.contains("revoked") && list.err.contains(Self.because), "\(list)")
            let shown = try await scene.sender.ask("partner", "show", scene.recipient.id)
            try require(shown.code == 3 && shown.err.contains(Self.because), "\(shown)")
            let card = "\(scene.scratch.path)/card"
            _ = try await scene.recipient.asked("card", "--out", card)
            let added = try await scene.sender.ask(
                "partner", "add", card, "--fingerprint", scene.recipient.fingerprint)
            try require(added.code == 0 && added.err.contains(Self.because), "\(added)")
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
        }
    }

    @Test("who is removed after that is spoken of no more")
    func removed() async throws {
        try await Scene.pair { scene in
            let (id, alarm) = (scene.recipient.id, "revoked/\(scene.recipient.id)")
            _ = try await scene.sender.asked("partner", "revoke", id, "--because", Self.because)
            try require(try await scene.sender.status().alarms[alarm] != nil, "no alarm of the revocation")
            _ = try await scene.sender.asked("partner", "remove", id)
            try require(try await scene.sender.status().alarms[alarm] == nil, "the alarm stands for nobody")
        }
    }

    /// What either drops stays where it is: a file of theirs is not taken in, one for them not taken out.
    private func requireNothing(_ scene: Scene) async throws {
        let name = "late-\(Int.random(in: 0...1_000_000)).txt"
        try await scene.recipient.drop(name, Data("late".utf8), for: scene.sender)
        try await Wait.until("they are refused") {
            let partner = try await scene.recipient.status().partners.first { $0.id == scene.sender.id }
            return partner?.underway.contains { $0.name == name && $0.why != nil } == true
        }
        try require(!scene.sender.received(from: scene.recipient).contains(name), "\(name) was taken in")
        let status = try await scene.sender.status()
        try require(status.partners.isEmpty, "it is still a partner")
        try require(status.alarms["revoked/\(scene.recipient.id)"]?.contains(Self.because) == true, "\(status.alarms)")
    }

    private func size(_ path: String) -> Int64 {
        let facts = try? FileManager.default.attributesOfItem(atPath: path)
        return (facts?[.size] as? NSNumber)?.int64Value ?? 0
    }
}
