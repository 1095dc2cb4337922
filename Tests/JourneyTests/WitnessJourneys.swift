import Foundation
import Testing

/// Partners countersign each other's ledgers.
@Suite("Countersigned ledgers", .timeLimit(.minutes(10)))
struct WitnessJourneys {
    @Test("after a delivery both ledgers are countersigned by the other; then both fall silent")
    func bothWays() async throws {
        try await Scene.pair { scene in
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await scene.awaitDelivery(of: ["plan.pdf"])
            try await scene.sender.awaitCountersigned(by: scene.recipient)
            try await scene.recipient.awaitCountersigned(by: scene.sender)
            let (ours, theirs) = (try await scene.sender.witnessing(), try await scene.recipient.witnessing())
            try require(theirs.theirs.contains { $0.origin == ours.origin && $0.size == ours.size }, "\(theirs)")
            let id = try #require(try await scene.sender.ledger().first?.id)
            let shown = try await scene.sender.asked("ledger", "show", id)
            try require(shown.contains("countersigned by \(scene.recipient.id)"), "show says \(shown)")
            try await Wait.stays("neither ledger grows", for: 3) {
                let now = (try await scene.sender.witnessing().size, try await scene.recipient.witnessing().size)
                return now == (ours.size, theirs.size)
            }
            for agency in scene.agencies { try await agency.checkLedger() }
        }
    }

    @Test("a past that is rewritten under a running daemon is found by the partner, with both checkpoints as evidence")
    func rewritten() async throws {
        try await Scene.pair { scene in
            // Two, so that the size seen is no power of two: from such a one a proof of growth shows nothing of what was
            // before, and what the running daemon signs is still the true past.
            try await scene.sender.drop("zero.pdf", Data("zero".utf8), for: scene.recipient)
            try await scene.awaitDelivery(of: ["zero.pdf"])
            try await scene.sender.drop("one.pdf", Data("one".utf8), for: scene.recipient)
            try await scene.awaitDelivery(of: ["one.pdf"])
            try await scene.sender.awaitCountersigned(by: scene.recipient)
            try await scene.sender.tamper(
                """
                db.execute("BEGIN IMMEDIATE")
                db.execute("UPDATE leaves SET leaf = CAST(replace(leaf, 'partner-added', 'partner-removed') AS BLOB) WHERE kind = 'partner-added'")
                recompute()
                db.execute("COMMIT")
                """)
            try await scene.sender.drop("two.pdf", Data("two".utf8), for: scene.recipient)
            try await scene.awaitDelivery(of: ["two.pdf"])
            try await Wait.until("the partner says so") {
                try await scene.recipient.hasAlarm("witness/\(scene.sender.id)")
            }
            let incident = try #require(try await scene.recipient.witnessing().incidents.first)
            try require(incident.facts.what == "rewritten", "it is \(incident.facts.what)")
            try require(incident.facts.held?.contains("\n— waybill/\(scene.sender.id)/") == true, "no evidence held")
            try require(incident.facts.shown?.contains("\n— waybill/\(scene.sender.id)/") == true, "no evidence shown")
            // Our own daemon looks at what the partner holds, and stops.
            try await Wait.until("it stands still") { try await scene.sender.hasAlarm("restored") }
            try require(
                scene.recipient.received(from: scene.sender) == ["one.pdf", "two.pdf", "zero.pdf"], "files were lost")
            try await scene.recipient.checkLedger()
            let check = try await scene.sender.ask("ledger", "check")
            try require(check.code == 1, "the check found nothing: \(check)")
        }
    }

    @Test("a ledger that was cut off is noticed at the start, by the partner's checkpoint")
    func truncated() async throws {
        try await Scene.pair { scene in
            try await scene.sender.drop("one.pdf", Data("one".utf8), for: scene.recipient)
            try await scene.awaitDelivery(of: ["one.pdf"])
            try await scene.sender.awaitCountersigned(by: scene.recipient)
            try await scene.sender.stop()
            try await scene.sender.tamper(
                """
                db.execute("DELETE FROM details WHERE seq > 2")
                db.execute("DELETE FROM leaves WHERE seq > 2")
                db.execute("DELETE FROM countersigned")
                recompute()
                """)
            try await scene.sender.start()
            let alarm = try #require(try await scene.sender.status().alarms["restored"])
            try require(alarm.contains(scene.recipient.id) && alarm.contains("3 are here"), "the alarm says \(alarm)")
        }
    }

    @Test(
        "who dies between storing and answering a countersignature countersigns what follows",
        arguments: CrashPlan.of(.witness))
    func crash(_ plan: CrashPlan) async throws {
        try await Scene.pair(isStarted: false) { scene in
            try await scene.start(plan)
            try await scene.comeBack(plan)
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await scene.awaitDelivery(of: ["plan.pdf"])
            for (a, b) in [(scene.sender, scene.recipient), (scene.recipient, scene.sender)] {
                try await a.awaitCountersigned(by: b)
                try require(try await a.witnessing().incidents.isEmpty, "an incident was recorded")
                try await a.checkLedger()
            }
        }
    }
}
