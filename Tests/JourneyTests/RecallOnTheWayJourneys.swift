import Foundation
import Testing

/// A file asked back before it is where it was going.
@Suite("A recall on the way", .timeLimit(.minutes(10)))
struct RecallOnTheWayJourneys {
    @Test("of files that wait for an absent partner brings them back to held/; of what was never tried nobody hears")
    func neverArrived() async throws {
        // Long enough that nobody tries anew while we look.
        try await Scene.pair(settings: ["hartlepool": "retry: { first: 6s, most: 6s }"]) { scene in
            // So that it has been asked what it holds of our ledger: else nothing is even tried.
            try await scene.sender.awaitCountersigned(by: scene.recipient)
            try await scene.recipient.stop()
            try await scene.sender.drop("tried.pdf", Data("plan".utf8), for: scene.recipient)
            try await Wait.until("it is tried") { try await scene.sender.waitingReasons.count == 1 }
            let tried = try await scene.sender.consignment("tried.pdf")
            try await scene.sender.drop("waits.pdf", Data("plan".utf8), for: scene.recipient)
            try await Wait.until("the other waits in its turn") {
                try await scene.sender.status().partners.first?.underway.contains { $0.name == "waits.pdf" } == true
            }
            for name in ["waits.pdf", "tried.pdf"] {
                let id = try await scene.sender.consignment(name)
                _ = try await scene.sender.asked("recall", id, "--because", "Wrong folder.")
                try await scene.awaitInHeld(name, ".recalled.txt")
            }
            try require(try scene.recalledNote("waits.pdf").contains("Nothing of it had left."), "it says otherwise")
            try require(try await scene.sender.owed("recall").count == 1, "two are asked back")

            try await scene.recipient.start()
            let answered = try await scene.sender.awaitOwed("recall", "closed")
            try require(answered.first?.ground == "destroyed", "it is closed on \(answered)")
            try await scene.sender.drop("next.pdf", Data("next".utf8), for: scene.recipient)
            try await scene.awaitDelivery(of: ["next.pdf"])
            try require(scene.recipient.received(from: scene.sender) == ["next.pdf"], "they were sent all the same")
            let known = try await scene.recipient.ledger().map(\.name)
            try require(known == ["next.pdf"], "the partner knows of \(known)")
            // Of the one that was tried something may have left, for all that the sender knows: somebody judges that.
            try require(try await scene.sender.owed("incident").count <= 1, "an incident is open for what never left")
            try RecallJourneys.requireNoMoreTries(tried, scene.sender)
            try await RecallJourneys.requireSettled(scene)
        }
    }

    @Test("of a large file in the middle of its way stops it, or finds it delivered and asks")
    func midway() async throws {
        try await Scene.pair { scene in
            try await scene.sender.drop("large.bin", try Files.random(96 << 20), for: scene.recipient)
            try await Wait.until("some of it has left") { !scene.recipient.unfinished.isEmpty }
            let id = try await scene.sender.consignment("large.bin")
            _ = try await scene.sender.asked("recall", id, "--because", "Wrong folder.")
            try await Wait.until("somebody answers") {
                if try await scene.sender.owed("recall").allSatisfy({ $0.state == "closed" }) { return true }
                return try await !scene.recipient.owed("recalled").isEmpty
            }
            if try await !scene.recipient.owed("recalled").isEmpty {
                _ = try await scene.recipient.asked("destroyed", id, "--because", "Deleted.")
            }
            let answered = try await scene.sender.awaitOwed("recall", "closed")
            try require(answered.first?.ground == "destroyed", "it is closed on \(answered)")
            try require(scene.recipient.received(from: scene.sender).isEmpty, "the file is still there")
            try require(try await scene.sender.ledger().map(\.state) == ["recalled"], "our ledger says otherwise")
            try RecallJourneys.requireNoMoreTries(id, scene.sender)
            try await RecallJourneys.requireSettled(scene)
        }
    }

    @Test("gets through, whatever else the partner cannot take: here its ledger is yesterday's")
    func getsThrough() async throws {
        try await Scene.pair { scene in
            try await scene.recipient.stop()
            let yesterday = try scene.recipient.backUpLedger()
            try await scene.recipient.start()
            let corrected = try await RecallJourneys.deliver("corrected.pdf", scene)
            let recalled = try await RecallJourneys.deliver("recalled.pdf", scene, "another plan")
            try await scene.recipient.stop()
            try scene.recipient.restoreLedger(yesterday)
            // The sender cannot tell it what it has lost, or it would stand still.
            try await scene.sender.forgetWitnessed()
            try await scene.recipient.start()
            let fixed = "\(scene.sender.folder)/desk/new.pdf"
            try Data("new".utf8).write(to: URL(fileURLWithPath: fixed))
            _ = try await scene.sender.asked("correct", corrected, "--file", fixed, "--because", "Wrong address.")
            try await scene.awaitDelivery(of: ["new.pdf"])
            _ = try await scene.sender.asked("recall", recalled, "--because", "Wrong folder.")
            // Nothing is known of it there any more: the daemon says that it has nothing.
            try await scene.sender.awaitOwed("recall", "closed")
        }
    }
}
