import Foundation
import Testing

/// `waybill ledger check` on real ledgers, beside the daemon and without it, and the daemon's own daily one.
@Suite("The ledger is checked", .timeLimit(.minutes(10)))
struct LedgerCheckJourneys {
    @Test("both ledgers are sound after deliveries, running or stopped; a changed byte and a lost row are found")
    func checked() async throws {
        try await Scene.pair { scene in
            var files: [String: Data] = [:]
            for number in 1...5 { files["note-\(number).txt"] = try Files.random(number * 100) }
            for (name, bytes) in files { try await scene.sender.drop(name, bytes, for: scene.recipient) }
            try await scene.requireDelivered(files)
            for agency in scene.agencies {
                try require(try await agency.asked("ledger", "check").contains("The ledger is sound."), "running")
                try await Wait.until("the daemon has checked its ledger") {
                    agency.logLines.contains { $0.contains("the ledger was checked") }
                }
            }
            try await scene.sender.stop()
            try await checkStopped(scene.sender)
            try await findDamage(scene.sender)
            try await raiseAlarm(scene.sender)
        }
    }

    private func checkStopped(_ agency: Agency) async throws {
        let (ledger, bookmark) = ("\(agency.folder)/ledger.sqlite", "\(agency.folder)/check.mark")
        try require(FileManager.default.fileExists(atPath: ledger + "-sums"), "a clean stop leaves page sums")
        let said = try await agency.asked("ledger", "check", "--resume", bookmark)
        try require(said.contains("The ledger is sound."), "stopped: \(said)")
        try require(!FileManager.default.fileExists(atPath: bookmark), "a finished check leaves no bookmark")
    }

    /// In a copy's place, so that the daemon can go on afterwards.
    private func findDamage(_ agency: Agency) async throws {
        let ledger = "\(agency.folder)/ledger.sqlite"
        let whole = try Data(contentsOf: URL(fileURLWithPath: ledger))
        for offset in [24, 5000, whole.count / 2, whole.count - 1] {
            try write(whole[offset] ^ 4, at: offset, in: ledger)
            let outcome = try await agency.ask("ledger", "check")
            try require(
                outcome.code == 1 && outcome.out.contains("page \(offset / 4096 + 1)"), "\(offset): \(outcome)")
            try write(whole[offset], at: offset, in: ledger)
        }
        try require(try await agency.asked("ledger", "check").contains("The ledger is sound."), "put back")
    }

    private func write(_ byte: UInt8, at offset: Int, in path: String) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try file.seek(toOffset: UInt64(offset))
        try file.write(contentsOf: Data([byte]))
        try file.close()
    }

    /// Without its memory of the last check the daemon checks at once, and finds that this is gone.
    private func raiseAlarm(_ agency: Agency) async throws {
        let program = """
            import sqlite3, sys
            ledger = sqlite3.connect(sys.argv[1])
            ledger.execute("DELETE FROM remembered WHERE name = 'check/at'")
            ledger.commit()
            ledger.close()
            """
        _ = try await Command.tool("python3", ["-c", program, "\(agency.folder)/ledger.sqlite"])
        try await agency.start()
        try await Wait.until("the alarm is raised") {
            try await agency.ask("status").out.contains("table remembered")
        }
    }
}
