import Foundation
import Testing

/// What partners say to each other afterwards survives both of them: said once, heard once, answered once.
@Suite("After a crash, statements", .timeLimit(.minutes(10)))
struct CrashedStatementJourneys {
    @Test(
        "that ask a file back and answer arrive once",
        arguments: CrashPlan.of(.recall, .answer) + CrashPlan.alsoAnswering)
    func recalled(_ plan: CrashPlan) async throws {
        try await Scene.pair(isStarted: false) { scene in
            try await scene.start(plan)
            let id = try await RecallJourneys.deliver("plan.pdf", scene)
            // Whoever asked may see the daemon die.
            _ = try await scene.sender.ask("recall", id, "--because", "It was meant for another case.")
            if plan.situation == .recall { try await scene.comeBack(plan) }
            try await scene.recipient.awaitOwed("recalled", "open")
            try await destroy(id, plan, scene)

            let answered = try await scene.sender.awaitOwed("recall", "closed")
            try require(answered.first?.ground == "destroyed", "it is closed on \(answered)")
            try await scene.sender.awaitOwed("incident", "open")
            try await scene.recipient.awaitOwed("recalled", "closed")
            try require(scene.recipient.received(from: scene.sender).isEmpty, "the file is still there")
            try await RecallJourneys.requireSettled(scene)
            try await requireOnce(["delivered", "recalled", "heard"], id, scene.sender)
            try await requireOnce(["received", "heard", "said"], id, scene.recipient)
        }
    }

    private func destroy(_ id: String, _ plan: CrashPlan, _ scene: Scene) async throws {
        _ = try await scene.recipient.ask("destroyed", id, "--because", "Deleted.")
        if plan.situation == .answer { try await scene.comeBack(plan) }
        // Who saw the daemon die before it had signed says it again.
        if try await scene.recipient.owed("recalled").first?.state == "open" {
            _ = try await scene.recipient.asked("destroyed", id, "--because", "Deleted.")
        }
    }

    @Test("bring back a file that waited for an absent partner, and it stays back")
    func waiting() async throws {
        let plan = CrashPlan(point: "afterRecalledCommit", side: .sender)
        try await Scene.pair(isStarted: false) { scene in
            // Asked once what it holds of our ledger, so that the file is tried; else nothing leaves and nothing is asked back.
            try await scene.recipient.start()
            try await scene.sender.start(["WAYBILL_CRASH_AT": plan.point])
            try await scene.recipient.drop("warm.txt", Data("warm".utf8), for: scene.sender)
            try await scene.awaitDelivery(of: ["warm.txt"], from: scene.recipient, to: scene.sender)
            try await scene.sender.awaitCountersigned(by: scene.recipient)
            try await scene.recipient.stop()
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await Wait.until("it is tried") { try await scene.sender.waitingReasons.count == 1 }
            let id = try await scene.sender.consignment("plan.pdf")
            _ = try await scene.sender.ask("recall", id, "--because", "Wrong folder.")
            try await scene.comeBack(plan)
            try await scene.awaitInHeld("plan.pdf", ".recalled.txt")
            try await scene.recipient.start()
            try await scene.sender.awaitOwed("recall", "closed")
            try require(scene.recipient.received(from: scene.sender).isEmpty, "it was sent all the same")
            try require(scene.sender.held(for: scene.recipient).count == 2, "held/ has more than file and note")
            try await RecallJourneys.requireSettled(scene)
            try await requireOnce(["recalled", "heard"], id, scene.sender)
        }
    }

    @Test(
        "find a file wherever the recipient's crash left it: it is gone, or a person is asked",
        arguments: CrashPlan.arriving)
    func halfArrived(_ plan: CrashPlan) async throws {
        try await Scene.pair(isStarted: false) { scene in
            try await scene.start(plan)
            try await scene.sender.drop("plan.bin", try Files.random(3 << 20), for: scene.recipient)
            try await scene.recipient.awaitCrash(at: plan.point)
            let id = try await scene.sender.consignment("plan.bin")
            _ = try await scene.sender.asked("recall", id, "--because", "Wrong folder.")
            try await scene.recipient.start()
            // What was shown there, only a person can take away; everything else the daemon destroys, and says so.
            let isClosed = try await Wait.upTo(45) {
                if try await scene.sender.owed("recall").allSatisfy({ $0.state == "closed" }) { return true }
                return try await !scene.recipient.owed("recalled").isEmpty
            }
            try require(isClosed, "nobody was asked and nobody answered")
            if try await !scene.recipient.owed("recalled").isEmpty {
                _ = try await scene.recipient.asked("destroyed", id, "--because", "Deleted.")
            }
            let answered = try await scene.sender.awaitOwed("recall", "closed")
            try require(answered.first?.ground == "destroyed", "it is closed on \(answered)")
            try require(scene.recipient.received(from: scene.sender).isEmpty, "the file is still there")
            try await scene.awaitInHeld("plan.bin", ".recalled.txt")
            try RecallJourneys.requireNoMoreTries(id, scene.sender)
            try await RecallJourneys.requireSettled(scene)
            try await requireOnce(["recalled", "heard"], id, scene.sender)
        }
    }

    @Test("that a new version takes the place of the old are said once", arguments: CrashPlan.correcting)
    func corrected(_ plan: CrashPlan) async throws {
        try await Scene.pair(isStarted: false) { scene in
            try await scene.start(plan)
            let old = try await RecallJourneys.deliver("plan.txt", scene)
            let fixed = "\(scene.sender.folder)/desk/plan-2.txt"
            try Data("new".utf8).write(to: URL(fileURLWithPath: fixed))
            _ = try await scene.sender.asked("correct", old, "--file", fixed, "--because", "The address was wrong.")
            try await scene.comeBack(plan)
            try await scene.requireDelivered(["plan.txt": Data("plan".utf8), "plan-2.txt": Data("new".utf8)])
            let new = try await scene.sender.consignment("plan-2.txt")
            let told = try await scene.recipient.awaitOwed("corrected", "open")
            try require(told.first?.facts?["replacement"] == new, "they are told to take \(told)")
            try await scene.sender.awaitOwed("correction", "closed")
            try await RecallJourneys.requireSettled(scene)
            try await requireOnce(["said"], old, scene.sender)
            try await requireOnce(["heard"], old, scene.recipient)
        }
    }

    private func requireOnce(_ kinds: [String], _ id: String, _ agency: Agency) async throws {
        let events = try await agency.events(of: id)
        for kind in kinds {
            try require(events.count { $0 == kind } == 1, "\(agency.id) recorded not one \(kind): \(events)")
        }
    }
}
