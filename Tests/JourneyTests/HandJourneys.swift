import Foundation
import Testing

/// What goes by hand ends as what goes by the line: seal here, open there, receipt back here.
@Suite("By hand", .timeLimit(.minutes(10)))
struct HandJourneys {
    private static let subject = "subjects: [{ ref: CASE-2, role: child }]\n"

    @Test("a file arrives once, with one receipt, whatever is repeated, and by the line nothing comes after it")
    func carried() async throws {
        try await Scene.pair { scene in
            try await scene.recipient.stop()
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            let receipt = try await carry("plan.pdf", scene)
            let first = try Files.bytes(receipt)
            try FileManager.default.removeItem(atPath: receipt)
            let again = try await scene.recipient.ask("open", stick("plan.pdf", scene))
            try require(again.code == 0 && again.err.contains("taken in before"), "\(again)")
            try require(try Files.bytes(receipt) == first, "it signed another receipt")

            try await scene.sender.stop()
            for _ in 0..<2 { _ = try await scene.sender.asked("receipt", receipt) }
            try require(try await scene.sender.ledger().map(\.state) == ["delivered"], "it is not delivered")
            for agency in scene.agencies { try await agency.start() }
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
        }
    }

    @Test("a receipt settles the correction that waited for it, and moves the notices of those whom it names")
    func settles() async throws {
        try await Scene.trio { scene in
            let (us, them, other) = (scene.agencies[1], scene.agencies[2], scene.agencies[0])
            // What we hold of CASE-2 came from a third agency, and goes on by hand.
            try await other.drop("report.txt", Data("report".utf8), label: Self.subject, for: us)
            try await scene.awaitDelivery(of: ["report.txt"], from: other, to: us)
            try await us.drop("plan.txt", Data("old".utf8), label: Self.subject, for: them)
            try await scene.awaitDelivery(of: ["plan.txt"], from: us, to: them)
            try await them.stop()
            try await closeNotices(us)
            try await other.drop("more.txt", Data("more".utf8), label: Self.subject, for: us)
            try await scene.awaitDelivery(of: ["more.txt"], from: other, to: us)
            try require(try await us.notices("--due-within", "0d").isEmpty, "a notice is due before anything went on")

            let old = try await us.consignment("plan.txt")
            let fixed = "\(us.folder)/desk/plan-2.txt"
            try Data("new".utf8).write(to: URL(fileURLWithPath: fixed))
            _ = try await us.asked("correct", old, "--file", fixed, "--because", "The address was wrong.")
            try await us.awaitOwed("correction", "open")
            let receipt = try await carry("plan-2.txt", scene, from: us, to: them)
            try await us.stop()
            _ = try await us.asked("receipt", receipt)
            try await us.awaitOwed("correction", "closed")
            let due = try await us.notices("--due-within", "0d")
            try require(due.count == 1 && due.first?.why?.contains("disclosure") == true, "due are \(due)")
            for agency in [us, them] { try await agency.start() }
            try await scene.awaitDelivery(of: ["plan-2.txt"], from: us, to: them)
            for agency in scene.agencies { try await agency.checkLedger() }
        }
    }

    @Test("a refusal comes back as well: the file lies in held/ with it")
    func refused() async throws {
        try await Scene.pair(settings: ["cleveland-police": "admission: strict"], isStarted: false) { scene in
            try FileManager.default.removeItem(atPath: "\(scene.recipient.folder)/agreements/tees-tier-2.yaml")
            try await scene.sender.start()
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await seal("plan.pdf", from: scene.sender, scene)
            let opened = try await scene.recipient.ask("open", stick("plan.pdf", scene))
            try require(opened.code == 1, "it was taken: \(opened)")
            try await scene.sender.stop()
            _ = try await scene.sender.asked("receipt", stick("plan.pdf", scene, "refusal.p7s"))
            try await scene.sender.start()
            try await Wait.until("the file is in held/ with the refusal") {
                scene.sender.held(for: scene.recipient).contains { $0.hasSuffix("plan.pdf.refusal.p7s") }
            }
        }
    }

    @Test("a restored ledger that stands still takes nothing in, takes no receipt and changes no partner")
    func standingStill() async throws {
        try await Scene.pair { scene in
            let (us, them) = (scene.sender, scene.recipient)
            try await us.drop("one.pdf", Data("one".utf8), for: them)
            try await scene.awaitDelivery(of: ["one.pdf"])
            try await us.stop()
            let yesterday = try us.backUpLedger()
            try await us.start()
            try await us.drop("two.pdf", Data("two".utf8), for: them)
            try await scene.awaitDelivery(of: ["two.pdf"])
            try await us.awaitCountersigned(by: them)
            try await them.stop()
            try await us.drop("three.pdf", Data("three".utf8), for: them)
            let receipt = try await carry("three.pdf", scene)
            try await us.stop()
            try await them.start()
            try await them.drop("four.pdf", Data("four".utf8), for: us)
            try await seal("four.pdf", from: them, scene)

            try us.restoreLedger(yesterday)
            try await us.start()
            try require(try await us.hasAlarm("restored"), "nobody noticed")
            try await us.stop()
            for wish in [["receipt", receipt], ["open", stick("four.pdf", scene)], ["partner", "remove", them.id]] {
                let refused = try await us.ask(wish)
                try require(refused.code == 3, "\(wish[0]) was done: \(refused)")
                try require(refused.err.contains("backup") || refused.err.contains("recover"), "\(refused)")
            }
            try require(us.received(from: them).isEmpty, "it was published")
        }
    }

    @Test("what is taken in by hand is as what comes by the line: the settings hold for it")
    func settings() async throws {
        try await Scene.pair { scene in
            try await scene.recipient.stop()
            try scene.recipient.addSettings("collect: { within: 90m, emergency: 15m, expires: 2d }\n")
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            _ = try await carry("plan.pdf", scene)
            let owed = try await scene.recipient.awaitOwed("collection", "open")
            try require(abs(owed[0].hours - 1.5) < 0.01, "somebody is to take it within \(owed[0].hours) hours")
        }
    }

    // MARK: -

    private func stick(_ name: String, _ scene: Scene, _ end: String = "consignment") -> String {
        "\(scene.scratch.path)/\(name).\(end)"
    }

    private func seal(_ name: String, from sender: Agency, _ scene: Scene) async throws {
        try await Wait.until("\(name) is signed") {
            try await sender.ledger("--name", name).first { $0.state == "dispatching" } != nil
        }
        let id = try #require(try await sender.ledger("--name", name).first { $0.state == "dispatching" }?.id)
        _ = try await sender.asked("seal", id, "--out", stick(name, scene))
    }

    /// To who is down; the path of the receipt.
    private func carry(_ name: String, _ scene: Scene, from: Agency? = nil, to: Agency? = nil) async throws -> String {
        try await seal(name, from: from ?? scene.sender, scene)
        _ = try await (to ?? scene.recipient).asked("open", stick(name, scene))
        return stick(name, scene, "receipt.p7s")
    }

    private func closeNotices(_ agency: Agency) async throws {
        for notice in try await agency.notices() {
            _ = try await agency.asked(
                "notices", "close", notice.id, "--ground", "14-done", "--on", NoticeJourneys.day(after: 0), "--channel",
                "letter",
                "--notice", "v3")
        }
    }
}
