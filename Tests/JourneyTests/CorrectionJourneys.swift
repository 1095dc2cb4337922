import Foundation
import Testing

/// What was sent was wrong: everybody who has it gets the right one.
@Suite("A correction", .timeLimit(.minutes(10)))
struct CorrectionJourneys {
    private static let subject = "subjects: [{ ref: CASE-4711, role: child }]\naccuracy: \"checked by phone\"\n"

    @Test("goes to everybody who got the old version, says what it replaces, and is owed until it has arrived")
    func correct() async throws {
        try await Scene.trio { scene in
            let others = Array(scene.agencies.dropFirst())
            for other in others {
                try await scene.sender.drop("plan.txt", Data("old".utf8), label: Self.subject, for: other)
                try await scene.awaitDelivery(of: ["plan.txt"], to: other)
            }
            let old = try await scene.sender.ledger("--name", "plan.txt")
            let fixed = "\(scene.sender.folder)/desk/plan-2.txt"
            try Data("new".utf8).write(to: URL(fileURLWithPath: fixed))
            let said = try await scene.sender.asked(
                "correct", old[0].id, "--file", fixed, "--because", "The address was wrong.")
            try require(said.split(separator: "\n").count == 2, "it went to: \(said)")

            for other in others { try await requireReplaced(old, scene, other) }
            try await scene.sender.awaitOwed("correction", "closed", count: 2)
            try await RecallJourneys.requireSettled(scene)
            let again = try await scene.sender.ask("correct", old[0].id, "--file", fixed, "--because", "Once more.")
            try require(again.code == 1, "the old version was replaced twice: \(again)")
        }
    }

    @Test("may have the name of the old version, and may be corrected in turn")
    func again() async throws {
        try await Scene.pair { scene in
            var id = try await RecallJourneys.deliver("plan.txt", scene)
            for version in ["second", "third"] {
                let fixed = "\(scene.sender.folder)/desk/plan.txt"
                try Data(version.utf8).write(to: URL(fileURLWithPath: fixed))
                _ = try await scene.sender.asked("correct", id, "--file", fixed, "--because", "It was not the last.")
                try await Wait.until("the \(version) version is delivered") {
                    try await scene.sender.ledger("--state", "delivered").count == (version == "second" ? 2 : 3)
                }
                let rows = try await scene.sender.ledger()
                let old = id
                id = try #require(rows.first { $0.supersedes == old }?.id, "\(rows)")
            }
            let inbox = scene.recipient.inbox(scene.sender)
            let texts = try scene.recipient.received(from: scene.sender).map { try Files.bytes("\(inbox)/\($0)") }
            try require(Set(texts) == Set(["plan", "second", "third"].map { Data($0.utf8) }), "a version is missing")
            try await scene.recipient.awaitOwed("corrected", "open", count: 2)
            try await scene.sender.awaitOwed("correction", "closed", count: 2)
            try await RecallJourneys.requireSettled(scene)
        }
    }

    @Test("of what has not arrived yet goes after it; of what was taken back before it arrived there is none")
    func waiting() async throws {
        try await Scene.pair { scene in
            try await scene.recipient.stop()
            let fixed = "\(scene.sender.folder)/desk/new.txt"
            try Data("new".utf8).write(to: URL(fileURLWithPath: fixed))
            for name in ["back.txt", "old.txt"] {
                try await scene.sender.drop(name, Data(name.utf8), for: scene.recipient)
                try await Wait.until("\(name) is signed") {
                    try await scene.sender.ledger("--name", name).first?.state == "dispatching"
                }
            }
            let back = try await scene.sender.consignment("back.txt")
            _ = try await scene.sender.asked("recall", back, "--because", "Wrong folder.")
            let none = try await scene.sender.ask("correct", back, "--file", fixed, "--because", "Wrong address.")
            try require(none.code == 1 && none.err.contains("Nobody has the old version"), "\(none)")

            let old = try await scene.sender.consignment("old.txt")
            _ = try await scene.sender.asked("correct", old, "--file", fixed, "--because", "Wrong address.")
            try await scene.recipient.start()
            try await scene.awaitDelivery(of: ["old.txt", "new.txt"])
            try require(scene.recipient.received(from: scene.sender) == ["new.txt", "old.txt"], "other files came")
            try await scene.requireNothingLeft()
            try await scene.recipient.awaitOwed("corrected", "open")
            try await scene.sender.awaitOwed("correction", "closed")
            try await RecallJourneys.requireSettled(scene)
            let alarms = try await scene.sender.status().alarms
            try require(alarms.isEmpty, "alarms: \(alarms)")
        }
    }

    private func requireReplaced(_ old: [LedgerRow], _ scene: Scene, _ other: Agency) async throws {
        let name = "plan-2.txt"
        try await scene.awaitDelivery(of: [name], to: other)
        try require(
            try Files.bytes("\(other.inbox(scene.sender))/\(name)") == Data("new".utf8), "\(other.id) got other bytes")
        let replaced = try #require(old.first { $0.partner == other.id }?.id)
        let new = try await other.consignment(name)
        let beside = try other.sideCar(of: new, from: scene.sender)
        try require(beside.contains("\"supersedes\":\"\(replaced)\""), "it does not say what it replaces: \(beside)")
        for words in ["CASE-4711", "checked by phone"] {
            try require(beside.contains(words), "\(words) was not carried over: \(beside)")
        }
        let duty = try await other.awaitOwed("corrected", "open")
        try require(duty.first?.consignment == replaced, "\(other.id) is told of \(duty)")
        try require(duty.first?.facts?["replacement"] == new, "\(other.id) is told to take \(duty)")
        try await other.close("corrected", because: "The old one is taken out of the case.")
    }
}
