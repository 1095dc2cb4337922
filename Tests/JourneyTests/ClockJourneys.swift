import Foundation
import Testing

/// Clocks that are wrong at a start or under way, as machines have them. Without a C compiler it is said that these are
/// skipped.
@Suite("A wrong clock", .timeLimit(.minutes(10)), .enabled(if: MovedClock.compiler != nil, "there is no C compiler"))
struct ClockJourneys {
    private static let day: Int64 = 86_400

    private func around(_ body: (Scene, MovedClock) async throws -> Void) async throws {
        try await Scene.pair(isStarted: false) { scene in
            try await body(scene, try await MovedClock(in: scene.scratch))
        }
    }

    private func awaitClock(_ agency: Agency, _ words: String) async throws -> Status {
        try await Wait.until("status of \(agency.id) names the clock: \(words)") {
            try await agency.status().alarms["clock"]?.contains(words) == true
        }
        return try await agency.status()
    }

    @Test(
        "a year ahead at both ends at once, sent/ keeps what it has; set right under way, files flow without a restart")
    func yearAhead() async throws {
        try await around { scene, clock in
            for agency in scene.agencies { try await agency.start(clock.environment) }
            try await scene.sender.drop("one.txt", Data("one".utf8), for: scene.recipient)
            try await scene.awaitDelivery(of: ["one.txt"])
            let kept = scene.sender.sent(to: scene.recipient)
            for agency in scene.agencies { try await agency.stop() }

            try clock.set(365 * Self.day)
            try await scene.sender.start(clock.environment)
            _ = try await awaitClock(scene.sender, "after the time that we knew last")
            try await scene.recipient.start(clock.environment)
            // A partner who is wrong alike ends the alarm, and still nothing goes.
            try await Wait.until("both agree") { try await scene.sender.status().alarms["clock"] == nil }
            try await scene.sender.stop()
            try await scene.sender.start(clock.environment)
            try await Wait.stays("sent/ holds what it held", for: 3) { scene.sender.sent(to: scene.recipient) == kept }

            try clock.set(0)
            _ = try await awaitClock(scene.sender, "Our clock says")
            try await scene.sender.drop("two.txt", Data("two".utf8), for: scene.recipient)
            try await scene.awaitDelivery(of: ["two.txt"])
            try await Wait.until("the alarm is gone") { try await scene.sender.status().alarms["clock"] == nil }
        }
    }

    @Test(
        "what was signed 40 days ahead goes once the clock is right, also if the daemon dies between giving up and signing anew",
        arguments: CrashPlan.of(.clock))
    func signedAhead(_ plan: CrashPlan) async throws {
        try await around { scene, clock in
            try clock.set(40 * Self.day)
            try await scene.sender.start(clock.environment.merging(["WAYBILL_CRASH_AT": plan.point]) { $1 })
            try await scene.sender.drop("one.txt", Data("one".utf8), for: scene.recipient)
            try await Wait.until("it is signed") {
                try await scene.sender.ledger("--direction", "sent").contains { $0.state == "dispatching" }
            }
            try clock.set(0)
            try await scene.recipient.start()
            try await scene.sender.awaitCrash(at: plan.point)
            try await scene.sender.start(clock.environment)
            try await scene.awaitDelivery(of: ["one.txt"])
            try require(scene.sender.held(for: scene.recipient).isEmpty, "it is held")
            try require(scene.recipient.received(from: scene.sender) == ["one.txt"], "it came twice")
        }
    }

    @Test(
        "three years behind, status and the note say the clock and nothing about cards; set right, the file goes by itself"
    )
    func yearsBehind() async throws {
        try await around { scene, clock in
            try await scene.recipient.start()
            try await scene.sender.start(clock.environment)
            try await scene.sender.drop("one.txt", Data("one".utf8), for: scene.recipient)
            try await scene.awaitDelivery(of: ["one.txt"])
            try await scene.recipient.stop()
            try await scene.sender.drop("two.txt", Data("two".utf8), for: scene.recipient)
            try await Wait.until("it is signed") {
                try await scene.sender.ledger("--direction", "sent").contains { $0.state == "dispatching" }
            }
            try await scene.sender.stop()

            try clock.set(-3 * 365 * Self.day)
            try await scene.sender.start(clock.environment)
            try await scene.recipient.start()
            let status = try await awaitClock(scene.sender, "1094 days or more behind our ledger's newest entry")
            try require(status.alarms["expiry/card"] == nil, "status says \(status.alarms)")
            try await Wait.until("what waits names the clock") {
                let items = try await scene.sender.status().partners.flatMap(\.underway)
                return items.contains { $0.why?.contains("FIRST THE CLOCK") == true }
            }
            // By that day its agreement is not in force: held, it would stay so for ever.
            try await scene.sender.drop("three.txt", Data("three".utf8), for: scene.recipient)
            try await Wait.until("what would be held waits, and its note names the clock") {
                let note = scene.sender.sent(to: scene.recipient).first { $0.hasSuffix("/three.txt.waiting.txt") }
                return try note.map { String(decoding: try Files.bytes($0), as: UTF8.self) }?
                    .contains("FIRST THE CLOCK") == true
            }
            let checked = try await Command.waybill(
                ["check"], environment: clock.environment.merging(["WAYBILL_CONFIG": scene.sender.configuration]) { $1 }
            )
            try require(checked.code == 1 && checked.out.contains("First the clock"), "check says \(checked)")
            try require(checked.out.contains("our ledger's newest entry"), "check says \(checked)")

            try clock.set(0)
            try await scene.awaitDelivery(of: ["two.txt", "three.txt"])
            try await Wait.until("the alarm is gone") { try await scene.sender.status().alarms["clock"] == nil }
        }
    }
}
