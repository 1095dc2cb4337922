import Foundation
import Testing

/// From the inbox to whoever uses the file, and back to the sender that it was.
@Suite("A received file", .timeLimit(.minutes(10)))
struct CollectionJourneys {
    @Test("that a program moves away is told as collected, in both ledgers")
    func moved() async throws {
        try await Scene.pair { scene in
            let id = try await RecallJourneys.deliver("plan.pdf", scene)
            let owed = try await scene.recipient.status().duties
            try require(owed["collection"]?.open == 1, "to be collected is \(owed)")
            try take("plan.pdf", scene)
            try await requireCollected(id, "moved", scene)
            try await requireInBoth(id, ["handover/v1"], scene)
            try require(try await scene.sender.ledger().map(\.state) == ["delivered"], "the delivery is another")
            try await RecallJourneys.requireSettled(scene)
        }
    }

    @Test("that is opened counts as collected where the settings say so, and stays where it is")
    func opened() async throws {
        try await Scene.pair(settings: ["cleveland-police": "inbox: { collected: opened }"]) { scene in
            let first = try await RecallJourneys.deliver("first.pdf", scene)
            // The watch is set with the first file of a folder; whoever opens that one sooner is not seen.
            try take("first.pdf", scene)
            try await requireCollected(first, nil, scene)
            let id = try await RecallJourneys.deliver("plan.pdf", scene)
            _ = try Files.bytes("\(scene.recipient.inbox(scene.sender))/plan.pdf")
            try await requireCollected(id, "opened", scene)
            try require(scene.recipient.received(from: scene.sender) == ["plan.pdf"], "it is gone")
            try await RecallJourneys.requireSettled(scene)
        }
    }

    @Test("that goes while the daemon is down is told when it is back")
    func whileDown() async throws {
        try await Scene.pair { scene in
            let id = try await RecallJourneys.deliver("plan.pdf", scene)
            let stays = try await RecallJourneys.deliver("stays.pdf", scene)
            try await scene.recipient.stop()
            try FileManager.default.removeItem(atPath: "\(scene.recipient.inbox(scene.sender))/plan.pdf")
            try await scene.recipient.start()
            try await requireCollected(id, "removed", scene)
            try require(try await later(stays, scene.recipient).isEmpty, "what lies there was told as collected")
            try await RecallJourneys.requireSettled(scene)
        }
    }

    @Test("that goes by a shared folder is told the same way")
    func byFolder() async throws {
        try await FolderJourneys.shared { scene in
            for agency in scene.agencies { try await agency.start() }
            let id = try await RecallJourneys.deliver("plan.pdf", scene)
            try take("plan.pdf", scene)
            try await requireCollected(id, "moved", scene)
            try await requireInBoth(id, ["handover/v1"], scene)
        }
    }

    @Test("that a person accepts is accepted once, and its sender knows")
    func accepted() async throws {
        try await Scene.pair { scene in
            let id = try await RecallJourneys.deliver("plan.pdf", scene)
            _ = try await scene.recipient.asked("accept", id, "--because", "Filed under the case.")
            let again = try await scene.recipient.ask("accept", id)
            try require(again.code == 3 && again.err.contains("accepted before"), "\(again)")
            try await requireInBoth(id, ["acceptance/v1"], scene)
            try await scene.recipient.awaitOwed("collection", "closed")
            let shown = try await scene.sender.asked("ledger", "show", id)
            try require(shown.contains("Filed under the case."), "the sender is not told why: \(shown)")

            let other = try await RecallJourneys.deliver("other.pdf", scene)
            _ = try await scene.recipient.asked("misdirected", other, "--because", "We have no such case.")
            let refused = try await scene.recipient.ask("accept", other)
            try require(refused.code == 3 && refused.err.contains("not meant for you"), "\(refused)")
            try await RecallJourneys.requireSettled(scene)
        }
    }

    @Test("that nobody collects is late at its recipient, and its sender is told whom to ring")
    func uncollected() async throws {
        let settings = "scan-interval: 100ms\ncollect: { within: PT1S, expires: PT2S }"
        try await Scene.pair(settings: ["cleveland-police": settings]) { scene in
            let id = try await RecallJourneys.deliver("plan.pdf", scene)
            try await Wait.until("it is late") { try await scene.recipient.status().alarms["late/collection"] != nil }
            let owed = try await scene.sender.awaitOwed("uncollected", "open")
            try require(owed.first?.consignment == id, "they are told of \(owed)")
            try require(try await scene.sender.status().alarms["late/uncollected"] != nil, "nobody is told to ring")
            try require(scene.recipient.received(from: scene.sender) == ["plan.pdf"], "the file is gone")
            try take("plan.pdf", scene)
            let closed = try await scene.sender.awaitOwed("uncollected", "closed")
            try require(closed.first?.ground == "collected", "it is closed on \(closed)")
            try await requireInBoth(id, ["uncollected/v1", "handover/v1"], scene)
            try await scene.recipient.awaitOwed("collection", "closed")
            try require(try await scene.recipient.status().alarms["late/collection"] == nil, "it is late still")
            try await RecallJourneys.requireSettled(scene)
        }
    }

    @Test(
        "is told as collected once, whenever a daemon dies",
        arguments: ["beforeCollectionCommit", "afterCollectionCommit", "afterStatementTaken"])
    func crashed(_ point: String) async throws {
        try await Scene.pair(isStarted: false) { scene in
            try await scene.sender.start()
            try await scene.recipient.start(["WAYBILL_CRASH_AT": point])
            let id = try await RecallJourneys.deliver("plan.pdf", scene)
            try take("plan.pdf", scene)
            try await scene.recipient.awaitCrash(at: point)
            try await scene.recipient.start()
            // What was not written down before the crash is seen only as missing.
            try await requireCollected(id, point == "beforeCollectionCommit" ? "removed" : "moved", scene)
            try await requireInBoth(id, ["handover/v1"], scene)
            try await RecallJourneys.requireSettled(scene)
        }
    }

    @Test("is heard of once, whenever its sender's daemon dies", arguments: ["beforeHeardCommit", "afterHeardCommit"])
    func senderCrashed(_ point: String) async throws {
        try await Scene.pair(isStarted: false) { scene in
            try await scene.sender.start(["WAYBILL_CRASH_AT": point])
            try await scene.recipient.start()
            let id = try await RecallJourneys.deliver("plan.pdf", scene)
            try take("plan.pdf", scene)
            try await scene.sender.awaitCrash(at: point)
            try await scene.sender.start()
            try await requireInBoth(id, ["handover/v1"], scene)
            try await RecallJourneys.requireSettled(scene)
        }
    }
}

extension CollectionJourneys {
    /// As a consuming system does.
    private func take(_ name: String, _ scene: Scene) throws {
        try FileManager.default.moveItem(
            atPath: "\(scene.recipient.inbox(scene.sender))/\(name)", toPath: "\(scene.recipient.folder)/desk/\(name)")
    }

    private func requireCollected(_ id: String, _ ground: String?, _ scene: Scene) async throws {
        var owed: OwedRow?
        try await Wait.until("\(id) is collected") {
            owed = try await scene.recipient.owed("collection").first { $0.consignment == id }
            return owed?.state == "closed"
        }
        try require(ground == nil || owed?.ground == ground, "it was collected on \(String(describing: owed))")
    }

    /// Exactly these statements, in both ledgers.
    private func requireInBoth(_ id: String, _ kinds: [String], _ scene: Scene) async throws {
        for agency in scene.agencies {
            do {
                try await Wait.until("\(agency.id) has \(kinds)") { try await later(id, agency) == kinds }
            } catch let unmet as Unmet {
                throw Unmet("\(unmet); there is \(try await later(id, agency))")
            }
        }
    }

    private struct Row: Decodable {
        struct Later: Decodable { let statement: String }
        let id: String
        let later: [Later]
    }

    /// The kinds of what was said later, as `ledger list --json` tells them.
    private func later(_ id: String, _ agency: Agency) async throws -> [String] {
        try await agency.asked("ledger", "list", "--json").split(separator: "\n")
            .map { try JSONDecoder().decode(Row.self, from: Data($0.utf8)) }
            .filter { $0.id == id }.flatMap(\.later).map(\.statement)
    }
}
