import Foundation
import Glibc
import Testing

/// The ledger's disk fails, fills, hangs or is not there. Nothing that was only in memory is believed, nothing that was
/// acknowledged is lost, and the daemon ends or stands still rather than sign on sand.
@Suite("When the ledger's disk fails", .timeLimit(.minutes(15)))
struct FailingLedgerJourneys {
    /// By the number of the sync that fails; a start has about ten and a file another ten. Each side takes every other one.
    @Test(
        "a failing sync of the ledger is never believed: a power cut after it takes nothing acknowledged",
        .enabled(if: FaultShim.library != nil), arguments: [0, 1])
    func syncs(_ victim: Int) async throws {
        try await Scene.pair { scene in
            let agency = scene.agencies[victim]
            var files: [String: Data] = [:]
            var failures = 0
            let numbers = Array(stride(from: 1 + victim, through: 22, by: 2))
            for number in numbers {
                let name = "note-\(number).txt"
                files[name] = try Files.random(100)
                if try await live(agency, number) { failures += 1 }
                try await scene.sender.drop(name, files[name] ?? Data(), for: scene.recipient)
                if agency.daemon?.isRunning == true {
                    _ = try await Wait.upTo(6) {
                        agency.daemon?.isRunning != true
                            || scene.sender.sent(to: scene.recipient).contains { $0.hasSuffix("\(name).receipt.txt") }
                    }
                }
                try await end(agency)
                try cutPower(agency)
                try await agency.start()
                try await scene.awaitDelivery(of: [name])
                try await agency.checkLedger()
            }
            try require(failures < numbers.count, "every start failed, so no file met a failing sync")
            try await scene.requireDelivered(files)
        }
    }

    /// A life in which the n-th sync of the ledger fails, from a start on what lies on disk. Whether it ended before READY.
    private func live(_ agency: Agency, _ number: Int) async throws -> Bool {
        try await agency.stop()
        let disk = "\(agency.folder)/desk/disk"
        try? FileManager.default.removeItem(atPath: disk)
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        for name in ["ledger.sqlite", "ledger.sqlite-wal"] {
            try FileManager.default.copyItem(atPath: "\(agency.folder)/\(name)", toPath: "\(disk)/\(name)")
        }
        do {
            try await agency.start(
                FaultShim.environment(
                    "sync", errno: EIO, nth: number, of: "ledger.sqlite|/\(agency.id)$", disk: disk))
            return false
        } catch { return true }
    }

    /// However it ends: by the failure, or by SIGTERM, at which the close may meet it.
    private func end(_ agency: Agency) async throws {
        do { try await agency.stop() } catch { try await agency.kill() }
    }

    /// The ledger's files become what was synced of them; what was not is gone.
    private func cutPower(_ agency: Agency) throws {
        let ledger = "\(agency.folder)/ledger.sqlite"
        for suffix in ["", "-wal"] {
            let kept = "\(agency.folder)/desk/disk/ledger.sqlite\(suffix)"
            try FileManager.default.removeItem(atPath: ledger + suffix)
            try FileManager.default.copyItem(atPath: kept, toPath: ledger + suffix)
        }
        for suffix in ["-shm", "-sums"] { try? FileManager.default.removeItem(atPath: ledger + suffix) }
    }

    @Test(
        "an end by a failed sync is remembered in two places; the next start checks the ledger and forgets it",
        .enabled(if: FaultShim.library != nil))
    func remembered() async throws {
        try await Scene.pair { scene in
            try await scene.sender.stop()
            let flag = "\(scene.sender.folder)/desk/broken"
            let memory = "\(scene.sender.folder)/desk/run"
            try FileManager.default.createDirectory(atPath: memory, withIntermediateDirectories: true)
            var environment = FaultShim.environment("sync", errno: EIO, nth: 0, of: "ledger.sqlite-wal", while: flag)
            environment["RUNTIME_DIRECTORY"] = memory
            try await scene.sender.start(environment)
            try Data().write(to: URL(fileURLWithPath: flag))
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            let code = try await scene.sender.daemon?.exit(within: Wait.patience, because: "its ledger's disk failed")
            try require(code == 3, "it left with \(code ?? -1)")
            let marks = {
                try FileManager.default.contentsOfDirectory(atPath: memory).filter { $0.hasSuffix(".trouble") }
            }
            try require(try marks().count == 1, "nothing is remembered in memory")
            let beside = "\(scene.sender.folder)/ledger.sqlite-trouble"
            try require(FileManager.default.fileExists(atPath: beside), "nothing is remembered beside the ledger")
            try FileManager.default.removeItem(atPath: beside)
            try await scene.sender.kill()
            try await scene.sender.start(["RUNTIME_DIRECTORY": memory])
            try require(
                scene.sender.logLines.contains { $0.contains("the ledger is sound as it lies on its disk") },
                "it was not checked")
            try require(try marks().isEmpty, "the mark was not forgotten")
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
        }
    }

    @Test("a quota that is reached is waited for, as a full disk is", .enabled(if: FaultShim.library != nil))
    func quota() async throws {
        try await Scene.pair { scene in
            try await scene.sender.stop()
            let flag = "\(scene.sender.folder)/desk/full"
            try await scene.sender.start(
                FaultShim.environment("write", errno: EDQUOT, nth: 0, of: "ledger.sqlite", while: flag))
            try Data().write(to: URL(fileURLWithPath: flag))
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await Wait.until("it is told that there is no space") {
                scene.sender.logLines.contains { $0.contains("quota is full") }
            }
            try require(scene.sender.daemon?.isRunning == true, "the daemon ended")
            try FileManager.default.removeItem(atPath: flag)
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
        }
    }

    @Test("SIGTERM ends a daemon whose disk hangs, and the next start goes on", .enabled(if: FaultShim.library != nil))
    func hangs() async throws {
        try await Scene.pair { scene in
            try await scene.recipient.stop()
            try await scene.recipient.start(FaultShim.environment("hang", errno: 0, nth: 0, of: "/inbox/|/.staging"))
            try await scene.sender.drop("plan.pdf", Data("plan".utf8), for: scene.recipient)
            try await Task.sleep(for: .seconds(1))
            let start = ContinuousClock.now
            try await scene.recipient.stop()
            try require(ContinuousClock.now - start < .seconds(12), "it took \(ContinuousClock.now - start)")
            try await scene.recipient.start()
            try await scene.requireDelivered(["plan.pdf": Data("plan".utf8)])
        }
    }
}
