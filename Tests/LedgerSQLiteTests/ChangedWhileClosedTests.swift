import ExchangeTesting
import Foundation
import Ledger
@testable import LedgerSQLite
import Testing
import Vocabulary

/// What nobody had open is compared with its sums when it is opened again. `WAYBILL_FLIPS=1000` makes so many changes.
@Suite struct ChangedWhileClosedTests {
    private static let flips = ProcessInfo.processInfo.environment["WAYBILL_FLIPS"].flatMap(Int.init) ?? 60

    private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    private func flip(_ path: String, at offset: Int, bit: Int) throws {
        var bytes = try bytes(path)
        bytes[offset] ^= 1 << UInt8(bit)
        try bytes.write(to: URL(fileURLWithPath: path))
    }

    /// Opens a ledger as a start does, and tells what it found; a file that does not even open says so in its error.
    private func start(_ full: FullLedger, _ path: String) async -> String? {
        do {
            let ledger = try full.fixture.open(path)
            try? await ledger.close()
            guard case .changed(let how) = ledger.closed else { return nil }
            return how
        } catch {
            return (error as? LedgerTrouble)?.words
        }
    }

    @Test("one bit changed in the ledger or its sums is found by the next opening, which keeps the old sums")
    func flips() async throws {
        let full = try await FullLedger(deliveries: 4)
        var random = SystemRandomNumberGenerator()
        for number in 0..<Self.flips {
            let path = try full.copy("changed.sqlite", sums: true)
            let victim = number % 8 == 0 ? path + "-sums" : path
            let (offset, bit) = (
                Int.random(in: 0..<(try bytes(victim).count), using: &random), Int.random(in: 0..<8, using: &random)
            )
            try flip(victim, at: offset, bit: bit)
            let sums = try bytes(path + "-sums")
            let told = await start(full, path)
            let place = Comment(rawValue: "byte \(offset), bit \(bit) of \(victim)")
            #expect(told?.hasPrefix("The ledger was changed while Waybill was not running") == true, place)
            #expect(try bytes(path + "-sums-1") == sums, place)
            #expect(ChangedLedger.alarms(beside: path).count == 1, place)
            for end in ["-changed-1.txt", "-sums-1"] { try FileManager.default.removeItem(atPath: path + end) }
        }
    }

    @Test("the note says what was found, what to do and whom to ring; the alarm lasts until the note is moved away")
    func note() async throws {
        let full = try await FullLedger(deliveries: 4)
        let path = full.fixture.path
        let older = try bytes(path)
        let ledger = try full.fixture.open()
        #expect(ledger.closed == .same)
        try await full.fixture.generator.fill(ledger, events: 30, from: 80, width: 1)
        try await ledger.close()
        try older.write(to: URL(fileURLWithPath: path))

        let again = try full.fixture.open()
        #expect(again.closed != .same && again.closed != .unknown)
        try await again.close()
        let note = String(decoding: try bytes(path + "-changed-1.txt"), as: UTF8.self)
        for words in ["when it was closed", "waybill recover", "Whom to ring", path + "-sums-1"] {
            #expect(note.contains(words), "\(note)")
        }
        // The next life closed it in order: it finds nothing new, and the alarm stands.
        let third = try full.fixture.open()
        #expect(third.closed == .same)
        try await third.close()
        #expect(ChangedLedger.alarms(beside: path).count == 1)
        try FileManager.default.moveItem(atPath: path + "-changed-1.txt", toPath: full.fixture.folder.file("settled"))
        #expect(ChangedLedger.alarms(beside: path).isEmpty)
    }

    @Test("what could not be read once is no change: nothing is said and no sums are put aside")
    func passingError() async throws {
        let full = try await FullLedger(deliveries: 4)
        let path = full.fixture.path
        var looks = 0
        let closed = try FileSums.take(path, mode: 0o640) { _ in
            looks += 1
            return looks == 1 ? [LedgerProblem("sums", "cannot be compared with the ledger: Input/output error")] : []
        }
        #expect(closed == .same && looks == 2)
        #expect(ChangedLedger.alarms(beside: path).isEmpty)
        #expect(!FileManager.default.fileExists(atPath: path + "-sums-1"))
    }

    @Test("neither a kill at any moment nor a backup put back with its sums is called a change")
    func noFalseAlarm() async throws {
        let full = try await FullLedger(deliveries: 4)
        let path = full.fixture.path
        func lies(as name: String) throws -> String {
            let copy = full.fixture.folder.file(name)
            for end in ["", "-wal", "-shm", "-sums"] {
                try? FileManager.default.removeItem(atPath: copy + end)
                guard FileManager.default.fileExists(atPath: path + end) else { continue }
                try FileManager.default.copyItem(atPath: path + end, toPath: copy + end)
            }
            return copy
        }
        let ledger = try full.fixture.open()
        // As it lies when it is killed right after it was opened, in the middle, and after the last commit.
        for number in 0..<3 {
            let copy = try full.fixture.open(lies(as: "killed-\(number).sqlite"))
            #expect(copy.closed == .unknown)
            copy.abandon()
            try await full.fixture.generator.fill(ledger, events: 30, from: 200 + number * 10, width: 1)
        }
        let backup = full.fixture.folder.file("backup.sqlite")
        try await LedgerBackup.write(ledger, to: backup)
        try await ledger.close()
        // Between the emptied log and the sums.
        try FileManager.default.removeItem(atPath: path + "-sums")
        let unsummed = try full.fixture.open(lies(as: "unsummed.sqlite"))
        #expect(unsummed.closed == .unknown)
        unsummed.abandon()
        for end in ["", "-sums"] {
            try? FileManager.default.removeItem(atPath: path + end)
            try FileManager.default.copyItem(atPath: backup + end, toPath: path + end)
        }
        #expect(try full.fixture.open().closed == .same)
        #expect(ChangedLedger.alarms(beside: path).isEmpty)
    }
}
