import Foundation
import Testing

/// Somebody took a file out of work/, where nobody should.
@Suite("A file that vanished on its way", .timeLimit(.minutes(10)))
struct LostJourneys {
    @Test("is told of aloud, first as missing while the partner cannot be asked, then as lost")
    func lost() async throws {
        try await Scene.pair { scene in
            try await scene.recipient.stop()
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await Wait.until("it is on its way") { try await !scene.sender.waitingReasons.isEmpty }
            try await vanish(scene)
            try await scene.sender.start()
            try await Wait.until("an alarm says that it is missing") { try await scene.sender.hasAlarm("missing/") }
            try await scene.recipient.start()
            // They are asked again each minute, and at each start.
            try await scene.sender.stop()
            try await scene.sender.start()
            try await Wait.until("an alarm says that it is lost") { try await scene.sender.hasAlarm("lost/") }
            try require(try await scene.sender.ledger().map(\.state) == ["lost"], "the ledger does not say so")
            try await scene.sender.checkLedger()
        }
    }

    @Test("and that the partner has is recorded as delivered, with their receipt")
    func adopted() async throws {
        try await Scene.pair(isStarted: false) { scene in
            let plan = CrashPlan(point: "beforeReceiptCommit", side: .sender)
            try await scene.start(plan)
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await scene.sender.awaitCrash(at: plan.point)
            try await vanish(scene)
            try await scene.sender.start()
            try await Wait.until("the ledger says delivered") {
                try await scene.sender.ledger().map(\.state) == ["delivered"]
            }
            let receipts = Set(try await scene.agencies.asyncMap { try await $0.ledger().first?.receiptSHA256 })
            try require(receipts.count == 1 && receipts.first != nil, "the ledgers hold other receipts: \(receipts)")
            for agency in scene.agencies { try await agency.checkLedger() }
        }
    }

    private func vanish(_ scene: Scene) async throws {
        try await scene.sender.kill()
        for path in scene.sender.unfinished { try FileManager.default.removeItem(atPath: path) }
    }
}

extension Agency {
    func hasAlarm(_ beginning: String) async throws -> Bool {
        try await status().alarms.keys.contains { $0.hasPrefix(beginning) }
    }
}

extension Array {
    func asyncMap<T>(_ transform: (Element) async throws -> T) async throws -> [T] {
        var results: [T] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
