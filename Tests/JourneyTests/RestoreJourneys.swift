import Foundation
import Testing

/// Yesterday's ledger is put back.
@Suite("A restored backup", .timeLimit(.minutes(10)))
struct RestoreJourneys {
    private struct Report: Decodable {
        struct Partner: Decodable {
            let sent: Int
            let received: Int
            let known: Int
            let refused: Int
            let missing: [String]
        }
        let origin: String
        let gap: Int?
        let partners: [Partner]
        let unreached: [String: String]
    }

    @Test("of the ledger is noticed, named and reconciled, and nothing is sent twice")
    func ledger() async throws {
        try await Scene.pair { scene in
            let (us, them) = (scene.sender, scene.recipient)
            try await deliverOne(scene)
            try await us.stop()
            let yesterday = try us.backUpLedger()
            try await us.start()
            try await exchangeTwo(scene)
            let before = try await us.witnessing()
            try await us.stop()
            try us.restoreLedger(yesterday)
            try await us.start()

            let alarm = try #require(try await us.status().alarms["restored"])
            try require(alarm.contains(them.id) && alarm.contains("waybill recover"), "the alarm says \(alarm)")
            try await requireStandingStill(scene)
            // A restart without the partner still knows.
            try await them.stop()
            try await us.stop()
            try await us.start()
            try require(try await us.hasAlarm("restored"), "it was forgotten")
            try await them.start()

            let report = try await recover(us)
            try require(report.origin != before.origin, "the origin is the old one")
            try require(report.gap == before.size - (try await sizeAtRestore(us)), "the gap is \(report.gap ?? -1)")
            try require(report.partners.map { [$0.sent, $0.received, $0.refused] } == [[1, 1, 0]], "\(report)")
            try require(report.partners.flatMap(\.missing).isEmpty, "the file in the inbox is called missing")
            try await requireAllIsWell(
                scene, received: ["four.pdf", "one.pdf", "two.pdf"], answered: ["five.pdf", "three.pdf"])
            try await Wait.until("they have said that our ledger is a new one") {
                try await them.hasAlarm("witness/\(us.id)")
            }
            _ = try await them.asked("ledger", "witness", "--seen", us.id, "--because", "They rang us.")
            try require(try await !them.hasAlarm("witness/\(us.id)"), "the alarm stays")
            try await us.stop()
            try await us.start()
            try require(try await !us.hasAlarm("restored"), "it stands still again")
        }
    }

    @Test(
        "of the whole folder is reconciled: what comes back in the outbox is held, what is gone from the inbox is named"
    )
    func folder() async throws {
        try await Scene.pair { scene in
            let (us, them) = (scene.sender, scene.recipient)
            try await deliverOne(scene)
            try await us.stop()
            try await us.drop("two.pdf", Data("two".utf8), for: them)
            let backup = "\(scene.scratch.path)/backup"
            try await copy(us.folder, to: backup)
            try await us.start()
            try await scene.awaitDelivery(of: ["two.pdf"])
            try await them.drop("three.pdf", Data("three".utf8), for: us)
            try await scene.awaitDelivery(of: ["three.pdf"], from: them, to: us)
            try await us.awaitCountersigned(by: them)
            try await us.stop()
            try FileManager.default.removeItem(atPath: us.folder)
            try await copy(backup, to: us.folder)
            try await us.start()
            try require(Files.visible(in: us.outbox(them)) == ["two.pdf"], "the outbox is not as it was")

            let report = try await recover(us)
            let id = try #require(try await us.ledger("--name", "three.pdf").first?.id)
            try require(report.partners.flatMap(\.missing) == [id], "missing are \(report.partners)")
            try require(try await us.hasAlarm("missing-after-restore/"), "no alarm names what is gone")
            try await Wait.until("two.pdf is held") { us.held(for: them).contains { $0.hasSuffix("/two.pdf") } }
            let why = try #require(us.held(for: them).first { $0.hasSuffix("two.pdf.why.txt") })
            let text = String(decoding: try Files.bytes(why), as: UTF8.self)
            try require(text.contains("before our ledger was restored"), "the note says \(text)")
            try await us.drop("four.pdf", Data("four".utf8), for: them)
            try await scene.awaitDelivery(of: ["four.pdf"])
            try require(them.received(from: us) == ["four.pdf", "one.pdf", "two.pdf"], "\(them.received(from: us))")
            for agency in scene.agencies { try await agency.checkLedger() }
        }
    }

    @Test("is reconciled, wherever the daemon dies on the way", arguments: CrashPlan.of(.recover))
    func crash(_ plan: CrashPlan) async throws {
        try await Scene.pair { scene in
            let (us, them) = (scene.sender, scene.recipient)
            try await deliverOne(scene)
            try await us.stop()
            let yesterday = try us.backUpLedger()
            try await us.start()
            try await exchangeTwo(scene)
            try await us.stop()
            try us.restoreLedger(yesterday)
            try await us.start(["WAYBILL_CRASH_AT": plan.point])
            _ = try await us.ask("recover", "--because", "The disk broke.")
            try await us.awaitCrash(at: plan.point)
            try await us.start()
            try require(try await us.hasAlarm("restored"), "half a recovery was taken for a whole one")
            _ = try await recover(us)
            try await requireAllIsWell(
                scene, received: ["four.pdf", "one.pdf", "two.pdf"], answered: ["five.pdf", "three.pdf"])
            try require(try await them.ledger().count == 5, "there are more consignments than files")
        }
    }

    @Test("a partner who is away during the recovery is asked when it is back, before anything is sent")
    func away() async throws {
        try await Scene.pair { scene in
            let (us, them) = (scene.sender, scene.recipient)
            try await deliverOne(scene)
            try await us.stop()
            let yesterday = try us.backUpLedger()
            try await us.start()
            try await exchangeTwo(scene)
            try await us.stop()
            try us.restoreLedger(yesterday)
            try await us.start()
            try await them.stop()
            let report = try await recover(us)
            try require(report.unreached.keys.contains(them.id), "\(report)")
            try await us.drop("four.pdf", Data("four".utf8), for: them)
            try await Wait.stays("nothing is claimed for it", for: 1) {
                Files.visible(in: us.outbox(them)) == ["four.pdf"]
            }
            try await them.start()
            try await requireAllIsWell(
                scene, received: ["four.pdf", "one.pdf", "two.pdf"], answered: ["five.pdf", "three.pdf"],
                isDropped: true)
        }
    }

    @Test("is not recovered from, where no partner noticed and nobody insists")
    func nothingToRecover() async throws {
        try await Scene.pair { scene in
            let refused = try await scene.sender.ask("recover", "--because", "I felt like it.")
            try require(refused.code == 3 && refused.err.contains("--even-so"), "\(refused)")
            let origin = try await scene.sender.witnessing().origin
            _ = try await scene.sender.asked("recover", "--because", "We know better.", "--even-so")
            try require(try await scene.sender.witnessing().origin != origin, "no new epoch")
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
        }
    }
}

extension RestoreJourneys {
    private func deliverOne(_ scene: Scene) async throws {
        try await scene.sender.drop("one.pdf", Data("one".utf8), for: scene.recipient)
        try await scene.awaitDelivery(of: ["one.pdf"])
    }

    /// One each way, and countersigned.
    private func exchangeTwo(_ scene: Scene) async throws {
        let (us, them) = (scene.sender, scene.recipient)
        try await us.drop("two.pdf", Data("two".utf8), for: them)
        try await them.drop("three.pdf", Data("three".utf8), for: us)
        try await scene.awaitDelivery(of: ["two.pdf"])
        try await scene.awaitDelivery(of: ["three.pdf"], from: them, to: us)
        try await us.awaitCountersigned(by: them)
    }

    private func requireStandingStill(_ scene: Scene) async throws {
        let (us, them) = (scene.sender, scene.recipient)
        let size = try await us.witnessing().size
        try await us.drop("four.pdf", Data("four".utf8), for: them)
        try await them.drop("five.pdf", Data("five".utf8), for: us)
        try await Wait.stays("nothing leaves, arrives or is recorded", for: 2) {
            Files.visible(in: us.outbox(them)) == ["four.pdf"] && us.received(from: them) == ["three.pdf"]
        }
        try require(try await us.witnessing().size == size, "something was recorded")
        let refused = try await us.ask("partner", "remove", them.id)
        try require(refused.code == 3, "a partner was removed: \(refused)")
    }

    private func recover(_ agency: Agency) async throws -> Report {
        let text = try await agency.asked("recover", "--because", "The disk broke; backup of yesterday.", "--json")
        return try JSONDecoder().decode(Report.self, from: Data(text.utf8))
    }

    /// How many events were left, as the epoch says.
    private func sizeAtRestore(_ agency: Agency) async throws -> Int {
        let script = """
            import json, sqlite3, sys
            db = sqlite3.connect(sys.argv[1])
            detail = db.execute("SELECT detail FROM details JOIN leaves USING (seq) WHERE kind = 'epoch'").fetchone()[0]
            print(json.loads(detail.split(b"\\n")[0])["size"])
            """
        let outcome = try await Command.tool("python3", ["-c", script, agency.ledgerFile])
        return Int(outcome.out.trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
    }

    /// New files flow both ways, everything is there once, and both ledgers tell it with the same receipts.
    private func requireAllIsWell(
        _ scene: Scene, received: [String], answered: [String], isDropped: Bool = false
    ) async throws {
        let (us, them) = (scene.sender, scene.recipient)
        if !isDropped, !Files.visible(in: us.outbox(them)).contains("four.pdf"),
            !them.received(from: us).contains("four.pdf"),
            us.unfinished.isEmpty
        {
            try await us.drop("four.pdf", Data("four".utf8), for: them)
        }
        if try await them.ledger("--name", "five.pdf").isEmpty {
            try await them.drop("five.pdf", Data("five".utf8), for: us)
        }
        try await scene.awaitDelivery(of: ["four.pdf"])
        try await scene.awaitDelivery(of: ["five.pdf"], from: them, to: us)
        try require(them.received(from: us) == received, "they have \(them.received(from: us))")
        try require(us.received(from: them) == answered, "we have \(us.received(from: them))")
        try await us.awaitCountersigned(by: them)
        let receipts = { (rows: [LedgerRow]) in Set(rows.map { "\($0.id) \($0.receiptSHA256 ?? "-") \($0.state)" }) }
        let (ours, theirs) = (receipts(try await us.ledger()), receipts(try await them.ledger()))
        try require(ours == theirs, "the ledgers differ:\n\(ours)\n\(theirs)")
        for agency in scene.agencies { try await agency.checkLedger() }
        let id = try #require(try await us.ledger("--name", "two.pdf").first?.id)
        let story = try await us.events(of: id)
        try require(story == ["sent-before", "delivered"], "\(story)")
    }

    private func copy(_ from: String, to: String) async throws {
        let outcome = try await Command.tool("cp", ["-a", from, to])
        try require(outcome.code == 0, "\(outcome)")
    }
}
