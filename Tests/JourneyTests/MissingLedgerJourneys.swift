import Foundation
import Testing

/// A ledger that is not where it was: at a start, or taken away while the daemon runs.
@Suite("When the ledger is not there", .timeLimit(.minutes(10)))
struct MissingLedgerJourneys {
    private static let files = ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm", "ledger.sqlite-sums"]

    private func move(_ agency: Agency, away: Bool) throws {
        let (here, there) = (agency.folder, "\(agency.folder)/desk/disk")
        try FileManager.default.createDirectory(atPath: there, withIntermediateDirectories: true)
        for name in Self.files {
            let (from, to) = away ? ("\(here)/\(name)", "\(there)/\(name)") : ("\(there)/\(name)", "\(here)/\(name)")
            guard FileManager.default.fileExists(atPath: from) else { continue }
            try FileManager.default.moveItem(atPath: from, toPath: to)
        }
    }

    @Test("at a start it stands still, says so, makes no new one, and goes on by itself", arguments: [0, 1])
    func atStart(_ victim: Int) async throws {
        try await Scene.pair { scene in
            try await scene.sender.drop("first.txt", Data("first".utf8), for: scene.recipient)
            try await scene.requireDelivered(["first.txt": Data("first".utf8)])
            let agency = scene.agencies[victim]
            try await agency.stop()
            try move(agency, away: true)
            let before = try agency.begin()
            try await Wait.until("it says that it stands still") {
                agency.logLines.contains { $0.contains("standing still: The ledger is missing") }
            }
            try await scene.sender.drop("second.txt", Data("second".utf8), for: scene.recipient)
            let ledger = "\(agency.folder)/ledger.sqlite"
            try await Wait.stays("nothing is made, sent or taken", for: 2) {
                !FileManager.default.fileExists(atPath: ledger)
                    && scene.recipient.received(from: scene.sender) == ["first.txt"]
            }
            let (status, check) = (try await agency.ask("status"), try await agency.ask("check"))
            try require("\(status.out)\(status.err)".contains("Mount it"), "status: \(status)")
            try require(check.out.contains("The ledger is missing"), "check: \(check)")
            try move(agency, away: false)
            try await agency.awaitReady(after: before)
            try await scene.requireDelivered(["first.txt": Data("first".utf8), "second.txt": Data("second".utf8)])
        }
    }

    @Test("a start without a ledger stops within seconds when asked")
    func stopped() async throws {
        try await Scene.pair { scene in
            try await scene.sender.stop()
            try move(scene.sender, away: true)
            _ = try scene.sender.begin()
            try await Wait.until("it stands still") {
                scene.sender.logLines.contains { $0.contains("standing still") }
            }
            try await scene.sender.stop()
            try move(scene.sender, away: false)
            try await scene.sender.start()
        }
    }

    @Test("taken away while it runs, nothing is signed on it: it ends, and goes on when it is back", arguments: [0, 1])
    func whileRunning(_ victim: Int) async throws {
        try await Scene.pair { scene in
            let agency = scene.agencies[victim]
            try move(agency, away: true)
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            let code = try await agency.daemon?.exit(within: Wait.patience, because: "its ledger was taken away")
            try require(code == 3, "it left with \(code ?? -1)")
            try require(scene.sender.sent(to: scene.recipient).isEmpty, "a receipt was signed")
            try await agency.kill()
            try move(agency, away: false)
            try await agency.start()
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
        }
    }

    @Test("an installation as deep as it likes has a control socket that answers")
    func deep() async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let deep = try Scratch(below: scratch, String(repeating: "d", count: 120))
        let agency = try await Agency("hartlepool", in: deep)
        try await agency.start()
        let report = try await agency.asked("status")
        try require(report.contains("is running (process"), "\(report)")
        try require(try await agency.status().alarms["control"] == nil, "the socket is complained of")
        try await agency.stop()
    }
}
