import Exchange
import Folders
import Foundation
import Ledger
import Testing
import Vocabulary

/// Delivered is not read.
@Suite("An urgent file that nobody takes", .timeLimit(.minutes(5)))
struct UrgentNotTakenTests {
    private typealias Pair = LaterStatementTests.Pair
    private static let alarm = "urgent-not-taken/"

    @Test("is told to its sender at once, who is told to telephone, until somebody takes it")
    func told() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root) { $0.collectEmergency = 0 }
            let id = try await deliverUrgent(pair)
            let note = try note(pair)
            #expect(try read(note).hasPrefix("DELIVERED"))
            try await pair.watching { try await pair.until { try await pair.said(id).map(\.kind) == [.uncollected] } }
            let here = try #require(pair.policeAgency.alarms.current[Self.alarm + "stockton"])
            #expect(here.contains("An urgent file from stockton") && here.contains(id.text))

            try await watchingBoth(pair) {
                try await pair.post { try await pair.owed(pair.scene.agency, .uncollected, id)?.state == .open }
                try await pair.until { try read(note).hasPrefix("NOBODY HAS TAKEN IT YET. Telephone") }
            }
            #expect(try read(note).contains("DELIVERED"))
            let there = try #require(pair.scene.agency.alarms.current[Self.alarm + "cleveland-police"])
            #expect(there.hasPrefix("NOBODY HAS TAKEN IT YET. Telephone") && there.contains(id.text))

            try FileManager.default.removeItem(atPath: taken(pair))
            try await watchingBoth(pair) {
                try await pair.post { try await pair.owed(pair.scene.agency, .uncollected, id)?.state == .closed }
                try await pair.until { try read(note).hasPrefix("DELIVERED") }
                try await pair.until { alarms(pair).isEmpty }
            }
            #expect(try await pair.said(id).map(\.kind) == [.uncollected, .handover])
        }
    }

    @Test("and a note that a crash left with its headline is set right by the next life")
    func afterCrash() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root) { $0.collectEmergency = 0 }
            let id = try await deliverUrgent(pair)
            let note = try note(pair)
            try await watchingBoth(pair) {
                try await pair.post { try await pair.owed(pair.scene.agency, .uncollected, id)?.state == .open }
                try await pair.until { try read(note).hasPrefix("NOBODY") }
            }
            try FileManager.default.removeItem(atPath: taken(pair))
            try await pair.watching {
                try await pair.post { try await pair.owed(pair.scene.agency, .uncollected, id)?.state == .closed }
            }
            #expect(try read(note).hasPrefix("NOBODY"))
            try await watchingBoth(pair) { try await pair.until { try read(note).hasPrefix("DELIVERED") } }
        }
    }

    @Test("is urgent: a routine file that lies as long is not told, and raises nothing")
    func routine() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root) { $0.collectEmergency = 0 }
            let id = try await pair.deliver()
            try await pair.watching { try await pair.fence() }
            #expect(try await pair.said(id).isEmpty)
            #expect(alarms(pair).isEmpty)
        }
    }

    @Test("is closed by a person here: the alarm goes")
    func closedByAPerson() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root) { $0.collectEmergency = 0 }
            let id = try await deliverUrgent(pair)
            try await pair.watching {
                try await pair.until { !alarms(pair).isEmpty }
                try await pair.scene.policeHouse.duties.accept(id, because: "Read to us.", by: "r.okafor")
                try await pair.until { alarms(pair).isEmpty }
            }
        }
    }

    @Test("has the command of the settings run when it comes and when nobody takes it, with ids and words only")
    func command() async throws {
        try await inTemporaryFolder { root in
            let (bell, rung) = ("\(root)/bell.sh", "\(root)/rung")
            try Data("#!/bin/sh\necho \"$@\" >> \(rung)\necho noise\n".utf8).write(to: URL(filePath: bell))
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: bell)
            let pair = try Pair(root) {
                $0.collectEmergency = 0
                $0.urgentCommand = [bell, "--loud"]
            }
            let id = try await deliverUrgent(pair)
            let lines = ["arrived", "not-taken"].map { "--loud \($0) \(id) stockton urgent" }
            try await ringing(pair) {
                try await pair.until { (try? read(rung)) == "\(lines[0])\n" }
                try await pair.watching {
                    try await pair.until { Set(try read(rung).split(separator: "\n").map(String.init)) == Set(lines) }
                }
            }
            #expect(pair.policeAgency.alarms.current["urgent-hook"] == nil)
        }
    }

    @Test(
        "raises an alarm if that command fails, and is delivered all the same",
        arguments: ["/bin/false", "/no/such/program"])
    func failingCommand(_ program: String) async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root) { $0.urgentCommand = [program] }
            _ = try await deliverUrgent(pair)
            try await ringing(pair) {
                try await pair.until { pair.policeAgency.alarms.current["urgent-hook"] != nil }
            }
            #expect(pair.policeAgency.alarms.current["urgent-hook"]?.contains("Look into the inbox") == true)
        }
    }

    // MARK: - What the stories are made of

    private func deliverUrgent(_ pair: Pair) async throws -> ConsignmentID {
        try await pair.scene.run([1], name: "now.txt", route: "urgent") {
            try await pair.scene.records.first?.state == .delivered && pair.scene.names("work").isEmpty
        }
        return try #require(try await pair.scene.records.first).key.id
    }

    private func taken(_ pair: Pair) -> String { "\(pair.scene.police.root)/inbox/stockton/urgent/now.txt" }

    private func note(_ pair: Pair) throws -> String {
        let route = "\(pair.scene.stockton.root)/sent/cleveland-police/urgent"
        let day = try #require(try FileManager.default.contentsOfDirectory(atPath: route).first)
        return "\(route)/\(day)/now.txt.receipt.txt"
    }

    private func read(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    private func alarms(_ pair: Pair) -> [String] {
        [pair.policeAgency, pair.scene.agency].flatMap { $0.alarms.current.keys.filter { $0.hasPrefix(Self.alarm) } }
    }

    /// With the watch of the sender's side, too, which looks after alarms and notes.
    private func watchingBoth(_ pair: Pair, _ body: () async throws -> Void) async throws {
        let watch = pair.scene.house.watch
        let running = Task { await watch.run() }
        defer { running.cancel() }
        try await pair.watching(body)
    }

    private func ringing(_ pair: Pair, _ body: () async throws -> Void) async throws {
        let running = Task { await pair.scene.policeHouse.collections.hook.run() }
        defer { running.cancel() }
        try await body()
    }
}
