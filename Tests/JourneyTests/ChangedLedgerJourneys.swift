import Foundation
import Testing

/// A daemon that dies while it writes down that its ledger is not what it closed.
@Suite("When the ledger was changed while nobody had it open", .timeLimit(.minutes(10)))
struct ChangedLedgerJourneys {
    @Test(
        "a start that dies as it says so leaves that to the next: one note, the old sums, and an alarm that stands",
        arguments: CrashPlan.of(.changed))
    func died(_ plan: CrashPlan) async throws {
        try await Scene.pair { scene in
            let (agency, ledger) = (scene.sender, "\(scene.sender.folder)/ledger.sqlite")
            try await agency.stop()
            let sums = try Files.bytes(ledger + "-sums")
            try change(ledger)
            try await PlaceJourneys.die(agency, at: plan.point)
            // The second life finds what the first one left, the third one what the second one closed in order.
            for life in 2...3 {
                try await agency.start()
                try await requireSaid(agency, ledger, sums: sums, "life \(life)")
                if life == 2 { try await agency.stop() }
            }
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await scene.awaitDelivery(of: ["plan.pdf"])
        }
    }

    /// The number of the SQLite that wrote last: nobody reads it, so that the ledger is sound but for its sums.
    private func change(_ ledger: String) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: ledger))
        try file.seek(toOffset: 99)
        let byte = try #require(try file.read(upToCount: 1)?.first)
        try file.seek(toOffset: 99)
        try file.write(contentsOf: Data([byte ^ 1]))
        try file.close()
    }

    private func requireSaid(_ agency: Agency, _ ledger: String, sums: Data, _ when: String) async throws {
        try await Wait.until("\(when): the alarm stands") {
            try await agency.status().alarms["ledger/changed"] != nil
        }
        let notes = try FileManager.default.contentsOfDirectory(atPath: agency.folder)
            .filter { $0.hasPrefix("ledger.sqlite-changed") || $0.hasPrefix("ledger.sqlite-sums-") }.sorted()
        try require(notes == ["ledger.sqlite-changed-1.txt", "ledger.sqlite-sums-1"], "\(when): \(notes)")
        try require(try Files.bytes(ledger + "-sums-1") == sums, "\(when): the old sums are others")
        let check = try await agency.ask("ledger", "check")
        try require(check.code == 1 && check.out.contains("was changed while Waybill was not running"), "\(check)")
    }
}
