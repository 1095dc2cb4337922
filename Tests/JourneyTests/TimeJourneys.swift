import Foundation
import Testing

/// Time tokens while files flow: from an authority that comes, goes and lies.
@Suite("A time authority", .timeLimit(.minutes(10)))
struct TimeJourneys {
    /// The sender asks a time house once a second.
    private func around(_ body: (Scene, TimeHouse) async throws -> Void) async throws {
        try await Scene.pair(isStarted: false) { scene in
            let house = try await TimeHouse(in: scene.scratch)
            try house.open()
            defer { house.close() }
            try scene.sender.addSettings(house.settings())
            try await body(scene, house)
        }
    }

    /// What `waybill check` says of tokens.
    private struct Line: Decodable {
        let check: String
        let result: String
        let found: String
        let fix: String?
    }

    private func checked(_ agency: Agency) async throws -> [String: Line] {
        let outcome = try await agency.ask("check", "--json")
        let lines = try outcome.lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
        return Dictionary(lines.map { ($0.check, $0) }) { first, _ in first }
    }

    private func requireLine(_ check: String, _ result: String, _ agency: Agency, holding word: String = "")
        async throws
    {
        let line = try await checked(agency)[check]
        try require(
            line?.result == result && (word.isEmpty || line?.found.contains(word) == true),
            "`\(check)` is \(line.map { "\($0.result): \($0.found)" } ?? "not there")")
    }

    private func awaitCovered(_ agency: Agency) async throws {
        try await Wait.until("every entry of \(agency.id) has a token") {
            try await checked(agency)["time tokens in time"]?.found == "every entry has one"
        }
    }

    @Test("stamps what flows; while it is away files flow all the same, and afterwards it has caught up")
    func outage() async throws {
        try await around { scene, house in
            for agency in scene.agencies { try await agency.start() }
            try await scene.sender.drop("one.pdf", Data("one".utf8), for: scene.recipient)
            try await scene.requireDelivered(["one.pdf": Data("one".utf8)])
            try await awaitCovered(scene.sender)
            for check in ["time certificates", "time authority", "time tokens", "time tokens in time"] {
                try await requireLine(check, "ok", scene.sender)
            }

            house.close()
            for name in ["two.pdf", "three.pdf"] {
                try await scene.sender.drop(name, Data(name.utf8), for: scene.recipient)
            }
            try await scene.awaitDelivery(of: ["two.pdf", "three.pdf"])
            try await Wait.until("status says that tokens are late") {
                try await scene.sender.status().alarms["time"]?.contains("cannot be reached") == true
            }
            try await requireLine("time tokens in time", "warning", scene.sender, holding: "LATE")
            try await requireLine("time authority", "warning", scene.sender, holding: "cannot be reached")

            try house.open()
            try await awaitCovered(scene.sender)
            try await Wait.until("the alarm is gone") { try await scene.sender.status().alarms["time"] == nil }
            try await requireLine("time tokens", "ok", scene.sender)
            let outage = scene.sender.logLines.filter { $0.contains("no time token") }
            try require(outage.count == 1, "the outage was told \(outage.count) times: \(outage)")
            try await scene.sender.checkLedger()
        }
    }

    @Test(
        "that lies is not believed: nothing of it is kept, and files flow",
        arguments: [TimeHouse.Manner.strangersKey, .webPage])
    func liar(_ manner: TimeHouse.Manner) async throws {
        try await around { scene, house in
            house.manner = manner
            for agency in scene.agencies { try await agency.start() }
            try await scene.sender.drop("one.pdf", Data("one".utf8), for: scene.recipient)
            try await scene.awaitDelivery(of: ["one.pdf"])
            try await Wait.until("it was asked three times") { house.asked >= 3 }
            try await requireLine("time tokens", "ok", scene.sender, holding: "none yet")
            try await requireLine("time authority", manner == .webPage ? "warning" : "failed", scene.sender)
            try await Wait.until("status says so") { try await scene.sender.status().alarms["time"] != nil }
            house.manner = .honest
            try await awaitCovered(scene.sender)
        }
    }

    @Test("that answers with an old token is not believed")
    func stale() async throws {
        try await around { scene, house in
            for agency in scene.agencies { try await agency.start() }
            try await awaitCovered(scene.sender)
            house.manner = .stale
            try await scene.sender.drop("one.pdf", Data("one".utf8), for: scene.recipient)
            try await scene.awaitDelivery(of: ["one.pdf"])
            try await Wait.until("status says so") {
                try await scene.sender.status().alarms["time"]?.contains("another request") == true
            }
            house.manner = .honest
            try await awaitCovered(scene.sender)
        }
    }

    @Test(
        "has answered when we die, before the token is kept: after the start another is asked for",
        arguments: CrashPlan.of(.stamped))
    func crash(_ plan: CrashPlan) async throws {
        try await around { scene, house in
            try await scene.start(plan)
            try await scene.sender.drop("one.pdf", Data("one".utf8), for: scene.recipient)
            try await scene.comeBack(plan)
            try await scene.requireDelivered(["one.pdf": Data("one".utf8)])
            try await awaitCovered(scene.sender)
            try await requireLine("time tokens", "ok", scene.sender)
        }
    }

    @Test("whose certificate cannot be read is an alarm and no reason not to start")
    func noCertificate() async throws {
        try await around { scene, house in
            try FileManager.default.removeItem(atPath: house.certificate)
            for agency in scene.agencies { try await agency.start() }
            try await scene.sender.drop("one.pdf", Data("one".utf8), for: scene.recipient)
            try await scene.awaitDelivery(of: ["one.pdf"])
            let alarm = try await scene.sender.status().alarms["time"] ?? ""
            try require(alarm.contains(house.certificate), "the alarm says \"\(alarm)\"")
            try await requireLine("time certificates", "failed", scene.sender)
            try require(house.asked == 0, "it was asked without a certificate")
        }
    }
}
