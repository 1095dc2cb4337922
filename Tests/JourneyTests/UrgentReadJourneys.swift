import Foundation
import Testing

/// Delivered is not read: from the receipt of an urgent file to somebody who opens it.
@Suite("An urgent file at its recipient", .timeLimit(.minutes(10)))
struct UrgentReadJourneys {
    private static let soon = "scan-interval: 100ms\ncollect: { emergency: PT1S }"
    private static let begins = "NOBODY HAS TAKEN IT YET. Telephone Control room, 01632 960002"

    @Test("that nobody takes has people telephone, on both sides, until somebody takes it")
    func notTaken() async throws {
        try await around { scene in
            let id = try await deliver(scene)
            try await awaitAlarm(scene.recipient, about: scene.sender, "An urgent file from \(scene.sender.id)")
            try await awaitAlarm(scene.sender, about: scene.recipient, Self.begins)
            try await Wait.until("the note says so") { try note(scene).hasPrefix(Self.begins) }
            try require(try note(scene).contains(id), "the note has lost the rest")
            let words = try await scene.sender.ask("status").out
            let alarms = words.split(separator: "\n").drop { !$0.contains("Alarms") }.dropFirst()
            try require(alarms.first?.contains("urgent-not-taken") == true, "it does not stand first: \(words)")
            try take(scene)
            for (agency, other) in [(scene.sender, scene.recipient), (scene.recipient, scene.sender)] {
                try await Wait.until("\(agency.id)'s alarm is gone") {
                    try await agency.status().alarms["urgent-not-taken/\(other.id)"] == nil
                }
            }
            try await Wait.until("the note is as it was") { try note(scene).hasPrefix("DELIVERED") }
            try await RecallJourneys.requireSettled(scene)
        }
    }

    @Test("has a command run when it comes and when it is not taken, and again after a restart while it lies there")
    func bell() async throws {
        try await around { scene in
            let id = try await deliver(scene)
            let rung = "\(scene.recipient.folder)/desk/rung"
            func awaitRings(_ wanted: [String]) async throws {
                try await Wait.until("it rang \(wanted)") {
                    let lines = (try? String(contentsOfFile: rung, encoding: .utf8)) ?? ""
                    return lines == wanted.map { "\($0) \(id) \(scene.sender.id) urgent\n" }.joined()
                }
            }
            try await awaitRings(["arrived", "not-taken"])
            try await scene.recipient.stop()
            try await scene.recipient.start()
            try await awaitRings(["arrived", "not-taken", "not-taken"])
            try take(scene)
            try await RecallJourneys.requireSettled(scene)
        }
    }

    @Test(
        "is told and noted whichever daemon dies on the way",
        arguments: [
            ("cleveland-police", "beforeCollectionCommit"), ("cleveland-police", "afterCollectionCommit"),
            ("cleveland-police", "afterStatementTaken"), ("hartlepool", "beforeHeardCommit"),
            ("hartlepool", "afterHeardCommit"), ("hartlepool", "beforeNotTakenNote"),
        ])
    func crashed(_ who: String, _ point: String) async throws {
        try await around(isStarted: false) { scene in
            for agency in scene.agencies {
                try await agency.start(agency.id == who ? ["WAYBILL_CRASH_AT": point] : [:])
            }
            _ = try await deliver(scene)
            let agency = who == scene.sender.id ? scene.sender : scene.recipient
            try await agency.awaitCrash(at: point)
            try await agency.start()
            try await Wait.until("the note says so") { try note(scene).hasPrefix(Self.begins) }
            try take(scene)
            try await Wait.until("the note is as it was") { try note(scene).hasPrefix("DELIVERED") }
            try await RecallJourneys.requireSettled(scene)
        }
    }

    // MARK: - What the stories are made of

    private func around(isStarted: Bool = true, _ body: (Scene) async throws -> Void) async throws {
        let number = "{ out-of-hours: { name: Control room, telephone: 01632 960002 } }"
        let settings = [
            "hartlepool": "\(Self.soon)\npartners: { cleveland-police: { contacts: \(number) } }",
            "cleveland-police": Self.soon,
        ]
        try await Scene.pair(settings: settings, isStarted: false) { scene in
            let desk = "\(scene.recipient.folder)/desk"
            let bell = "\(desk)/bell"
            try Data("#!/bin/sh\necho \"$@\" >> \(desk)/rung\n".utf8).write(to: URL(filePath: bell))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: bell)
            try scene.recipient.addSettings("urgent: { run: [\(bell)] }")
            if isStarted { for agency in scene.agencies { try await agency.start() } }
            try await body(scene)
        }
    }

    private func deliver(_ scene: Scene) async throws -> String {
        try await scene.sender.drop("now.txt", Data("now".utf8), for: scene.recipient, "urgent")
        try await scene.awaitDelivery(of: ["now.txt"], "urgent")
        return try await scene.sender.consignment("now.txt")
    }

    private func take(_ scene: Scene) throws {
        try FileManager.default.removeItem(atPath: "\(scene.recipient.inbox(scene.sender, "urgent"))/now.txt")
    }

    private func note(_ scene: Scene) throws -> String {
        let route = "\(scene.sender.folder)/sent/\(scene.recipient.id)/urgent"
        let days = try FileManager.default.contentsOfDirectory(atPath: route)
        return try String(contentsOfFile: "\(route)/\(days.first ?? "")/now.txt.receipt.txt", encoding: .utf8)
    }

    private func awaitAlarm(_ agency: Agency, about other: Agency, _ words: String) async throws {
        try await Wait.until("\(agency.id) raises it") {
            try await agency.status().alarms["urgent-not-taken/\(other.id)"]?.contains(words) == true
        }
    }
}
