import Foundation
import Testing

/// Partners that cannot be reached, or are not whom they seem.
@Suite("A partner", .timeLimit(.minutes(10)))
struct AwayJourneys {
    @Test("that is away for a while gets its files later; a note says why and goes away again")
    func away() async throws {
        try await Scene.pair(settings: ["hartlepool": "waiting-note-after: 1s"]) { scene in
            try await scene.recipient.stop()
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            let hasNote = { scene.sender.sent(to: scene.recipient).contains { $0.hasSuffix("/plan.pdf.waiting.txt") } }
            try await Wait.until("a note says that it waits") { hasNote() }
            let status = try await scene.sender.status()
            try require(status.partners.first?.away == true, "status does not say that the partner is away")
            try require(
                status.partners.first?.underway.first?.nextTry != nil, "status does not say when it is tried next")
            try await scene.recipient.start()
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
            try await Wait.until("the note is gone") { !hasNote() }
        }
    }

    @Test("that is away holds up nobody else")
    func othersGoOn() async throws {
        try await Scene.trio { scene in
            let (recipient, other) = (scene.agencies[1], scene.agencies[2])
            try await recipient.stop()
            for number in 1...40 {
                try await scene.sender.drop("plan-\(number).txt", Data("plan".utf8), for: recipient)
            }
            try await scene.sender.drop("other.txt", Data("other".utf8), for: other)
            try await scene.awaitDelivery(of: ["other.txt"], to: other)
        }
    }

    @Test("is away, we restart meanwhile, and it gets every file once")
    func restartMeanwhile() async throws {
        try await Scene.pair { scene in
            try await scene.recipient.stop()
            let files = ["one.txt": Data("one".utf8), "two.bin": try Files.random(2 << 20)]
            for (name, bytes) in files { try await scene.sender.drop(name, bytes, for: scene.recipient) }
            try await Wait.until("both are tried") { try await scene.sender.waitingReasons.count == 2 }
            try await scene.sender.stop()
            try await scene.recipient.start()
            try await scene.sender.start()
            try await scene.requireDelivered(files)
        }
    }

    @Test("that nobody knows has no outbox, and is told so when it comes")
    func unknown() async throws {
        try await Scene.pair(isStarted: false) { scene in
            try FileManager.default.removeItem(atPath: "\(scene.recipient.folder)/partners/\(scene.sender.id).card")
            for agency in scene.agencies { try await agency.start() }
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await Wait.until("status tells why it waits") { try await !scene.sender.waitingReasons.isEmpty }
            try require(!scene.sender.unfinished.isEmpty, "the original is gone")
            try require(
                !FileManager.default.fileExists(atPath: scene.recipient.outbox(scene.sender)),
                "a stranger has an outbox")
            try await scene.recipient.add(scene.sender)
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
        }
    }

    @Test("whose keys were replaced by others of the same name is not trusted: nothing is sent to it")
    func impostor() async throws {
        try await Scene.pair { scene in
            try await scene.recipient.stop()
            let impostor = try await Agency(
                scene.recipient.id, in: Scratch(below: scene.scratch, "impostor"), listeningOn: scene.recipient.port)
            try await impostor.add(scene.sender)
            try await impostor.start()
            var failure: (any Error)?
            do {
                try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
                try await Wait.until("status tells why it waits") { try await !scene.sender.waitingReasons.isEmpty }
                try require(impostor.received(from: scene.sender).isEmpty, "the impostor has the file")
                try require(impostor.unfinished.isEmpty, "the impostor has staged something")
            } catch {
                failure = error
            }
            try await impostor.kill()
            if let failure { throw failure }
            try await scene.recipient.start()
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
        }
    }

    @Test("whose card does not match the fingerprint, or is damaged, is not taken")
    func badCard() async throws {
        try await Scene.pair(isStarted: false) { scene in
            let card = "\(scene.scratch.path)/card"
            _ = try await scene.recipient.asked("card", "--out", card)
            let wrong = try await scene.sender.ask("partner", "add", card, "--fingerprint", scene.sender.fingerprint)
            try require(wrong.code == 3, "a card under another fingerprint was taken: \(wrong)")
            try require(wrong.err.contains("fingerprint"), "the reason is not told: \(wrong.err)")
            var bytes = try Files.bytes(card)
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: URL(fileURLWithPath: card))
            let damaged = try await scene.sender.ask(
                "partner", "add", card, "--fingerprint", scene.recipient.fingerprint)
            try require(damaged.code == 3, "a damaged card was taken: \(damaged)")
        }
    }
}
