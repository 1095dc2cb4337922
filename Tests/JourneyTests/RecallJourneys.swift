import Foundation
import Testing

/// A file in the wrong hands, or sent too soon.
@Suite("A recall", .timeLimit(.minutes(10)))
struct RecallJourneys {
    @Test("of a delivered file asks the recipient, who destroys it and signs; the delivery itself stays proven")
    func destroyed() async throws {
        try await Scene.pair { scene in
            let id = try await Self.deliver("plan.pdf", scene)
            try await Self.recall(id, scene)
            let incident = try #require(try await scene.sender.awaitOwed("incident", "open").first)
            try require(abs(incident.hours - 72) < 0.1, "the incident is due after \(incident.hours) hours")
            try await scene.sender.awaitOwed("recall", "open")

            _ = try await scene.recipient.asked("destroyed", id, "--because", "Deleted here and in the case system.")
            try require(scene.recipient.received(from: scene.sender).isEmpty, "the file lies in the inbox still")
            try await scene.recipient.awaitOwed("recalled", "closed")
            let answered = try await scene.sender.awaitOwed("recall", "closed")
            try require(answered.first?.ground == "destroyed", "it is closed on \(answered)")
            try require(answered.first?.by == "partner:cleveland-police", "it is closed by \(answered)")
            try require(
                answered.first?.because == "Deleted here and in the case system.", "their word is lost: \(answered)")
            // That it is destroyed does not judge whether the regulator must hear of it.
            try await scene.sender.close("incident", because: "Sealed on the way, destroyed unread: no risk.")
            try await Self.requireSettled(scene)
            try await requireProven(id, scene)
        }
    }

    @Test("may be answered with why the file is kept")
    func retained() async throws {
        try await Scene.pair { scene in
            let id = try await Self.deliver("plan.pdf", scene)
            try await Self.recall(id, scene)
            _ = try await scene.recipient.asked("retained", id, "--because", "Evidence: CPIA 1996 s.23.")
            let answered = try await scene.sender.awaitOwed("recall", "closed")
            try require(answered.first?.ground == "retained", "it is closed on \(answered)")
            try require(try await scene.sender.ledger().map(\.state) == ["retained"], "it reads as if it had come back")
            let came = try await scene.sender.ask("ledger", "list", "--state", "recalled")
            try require(came.code == 1, "it is listed as recalled: \(came)")
            try require(
                try await scene.sender.asked("ledger", "list", "--state", "retained").contains("plan.pdf"), "not found")
            try require(scene.recipient.received(from: scene.sender) == ["plan.pdf"], "what is kept is gone")
            let again = try await scene.recipient.ask("destroyed", id, "--because", "Second thoughts.")
            try require(again.code != 0, "it was answered twice: \(again)")
            try require(scene.recipient.received(from: scene.sender) == ["plan.pdf"], "the refused answer removed it")
            try await Self.requireSettled(scene)
        }
    }

    @Test("removes nothing else: not a file that has taken the name, nor one that a person has moved away")
    func anotherFile() async throws {
        try await Scene.pair { scene in
            let id = try await Self.deliver("plan.pdf", scene)
            let (there, moved) = (
                "\(scene.recipient.inbox(scene.sender))/plan.pdf", "\(scene.recipient.folder)/desk/plan.pdf"
            )
            try FileManager.default.moveItem(atPath: there, toPath: moved)
            try Data("another".utf8).write(to: URL(fileURLWithPath: there))
            try await Self.recall(id, scene)
            let refused = try await scene.recipient.ask("destroyed", id, "--because", "Deleted.")
            try require(refused.code == 3 && refused.err.contains("Another file has the name"), "\(refused)")
            try require(try Files.bytes(there) == Data("another".utf8), "another file was removed")
            try await scene.recipient.awaitOwed("recalled", "open")
            for path in [there, moved] { try FileManager.default.removeItem(atPath: path) }
            _ = try await scene.recipient.asked("destroyed", id, "--because", "Deleted in the case system.")
            try await scene.sender.awaitOwed("recall", "closed")
            try await Self.requireSettled(scene)
        }
    }

    @Test("of a file that is not ours to recall is refused with the reason")
    func notOurs() async throws {
        try await Scene.pair { scene in
            let id = try await Self.deliver("plan.pdf", scene)
            let theirs = try await scene.recipient.ask("recall", id, "--because", "Not mine.")
            try require(theirs.code != 0, "the recipient recalled it: \(theirs)")
            let unasked = try await scene.recipient.ask("destroyed", id, "--because", "Nobody asked.")
            try require(unasked.code != 0, "it was destroyed unasked: \(unasked)")
            try require(unasked.err.contains("Nobody has asked"), "the reason is not told: \(unasked.err)")
            try require(scene.recipient.received(from: scene.sender) == ["plan.pdf"], "the file is gone")
            try await Self.recall(id, scene)
            let again = try await scene.sender.ask("recall", id, "--because", "Once more.")
            try require(again.code != 0, "it was recalled twice: \(again)")
            try await Self.requireSettled(scene)
        }
    }

    @Test("is not needed to learn of a misdirected file: the recipient says so, and an incident is open here")
    func misdirected() async throws {
        try await Scene.pair { scene in
            let id = try await Self.deliver("plan.pdf", scene)
            _ = try await scene.recipient.asked("misdirected", id, "--because", "We have no such case.")
            let incident = try #require(try await scene.sender.awaitOwed("incident", "open").first)
            try require(abs(incident.hours - 72) < 0.1, "it is due after \(incident.hours) hours")
            try require(incident.consignment == id, "it is about \(incident.consignment)")
            let status = try await scene.sender.status()
            try require(status.duties["incident"]?.open == 1, "status counts \(status.duties)")
            let shown = try await scene.sender.asked("ledger", "show", id)
            try require(shown.contains("We have no such case."), "the ledger does not tell why: \(shown)")
            try await scene.sender.close("incident", because: "Wrong case number; they destroyed it; no risk.")
            try await Self.requireSettled(scene)
        }
    }
}

extension RecallJourneys {
    static func deliver(_ name: String, _ scene: Scene, _ text: String = "plan") async throws -> String {
        try await scene.sender.drop(name, Data(text.utf8), for: scene.recipient)
        try await scene.awaitDelivery(of: [name])
        return try await scene.sender.consignment(name)
    }

    /// Asks a delivered file back and waits until the recipient knows.
    static func recall(_ id: String, _ scene: Scene) async throws {
        _ = try await scene.sender.asked("recall", id, "--because", "It was meant for another case.")
        let asked = try await scene.recipient.awaitOwed("recalled", "open")
        try require(asked.first?.consignment == id, "they are asked for \(asked)")
        try require(try await scene.sender.ledger().map(\.state) == ["recalled"], "our ledger does not say so")
    }

    /// What was asked back is not tried again.
    static func requireNoMoreTries(_ id: String, _ agency: Agency) throws {
        let after = agency.logLines.drop { !$0.contains("recalled consignment=\(id)") }
        try require(!after.isEmpty, "the log does not tell of the recall")
        let tries = after.filter { $0.contains("try later") && $0.contains(id) }
        try require(tries.isEmpty, "it was tried \(tries.count) times after its recall: \(tries)")
    }

    /// Nothing is half done, no statement waits, both ledgers check.
    static func requireSettled(_ scene: Scene) async throws {
        for agency in scene.agencies {
            let isSaid = try await Wait.upTo(Wait.patience) {
                try await agency.owed("post").allSatisfy { $0.state == "closed" }
            }
            try require(isSaid, "\(agency.id) still has something to say")
        }
        try await scene.requireNothingLeft()
        for agency in scene.agencies { try await agency.checkLedger() }
    }

    /// What was delivered was delivered, whatever became of it.
    private func requireProven(_ id: String, _ scene: Scene) async throws {
        let proof = "\(scene.scratch.path)/proof"
        _ = try await scene.sender.asked("prove", id, "--out", proof)
        let pins = scene.agencies.flatMap { ["--identity", $0.fingerprint] }
        let verified = try await Command.waybill(["verify", proof] + pins)
        try require(verified.code == 0, "\(verified)")
        let since = "Since then: recalled, destroyed; that this is all, and that"
        try require(verified.lines.last?.contains(since) == true, "\(verified)")
        for page in ["README.txt", "record.html"] {
            let text = String(decoding: try Files.bytes("\(proof)/\(page)"), as: UTF8.self)
            try require(text.contains("recalled: ") && text.contains("destroyed: "), text)
        }
        for script in ["\(proof)/verify.sh", Binary.sources + "Documentation/verify.sh"] {
            let byHand = try await Command.run("/bin/sh", [script] + pins, in: proof)
            try require(byHand.code == 0 && byHand.lines == verified.lines, "\(byHand)\n\(verified)")
        }
    }
}

extension Scene {
    func recalledNote(_ name: String) throws -> String {
        let note = sender.held(for: recipient).first { $0.hasSuffix("/\(name).recalled.txt") }
        return String(decoding: try Files.bytes(note ?? ""), as: UTF8.self)
    }

    /// Waits until a file lies in held/ with a note beside it.
    func awaitInHeld(_ name: String, _ note: String) async throws {
        try await Wait.until("\(name) lies in held/ with its note") {
            let there = sender.held(for: recipient).map { URL(fileURLWithPath: $0).lastPathComponent }
            return there.contains(name) && there.contains(name + note)
        }
    }
}
