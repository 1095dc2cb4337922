import ExchangeTesting
import Foundation
import Ledger
@testable import LedgerSQLite
import Testing
import Vocabulary

/// Damage to the closed file, wherever it falls. `WAYBILL_FLIPS=10000` makes so many changes of one bit.
@Suite struct FlipTests {
    private static let flips = ProcessInfo.processInfo.environment["WAYBILL_FLIPS"].flatMap(Int.init) ?? 150

    /// The same places each time: xorshift, so that a failure can be looked at again.
    private struct Dice {
        var state: UInt64
        mutating func roll(below end: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(end))
        }
    }

    private func change(_ path: String, _ body: (FileHandle) throws -> Void) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try body(file)
        try file.close()
    }

    @Test("a single bit changed anywhere in the file is found, and its page named", .timeLimit(.minutes(60)))
    func flips() async throws {
        let full = try await FullLedger(deliveries: 6)
        let whole = try Data(contentsOf: URL(fileURLWithPath: full.fixture.path))
        var (dice, kinds) = (Dice(state: 0x9e37_79b9_7f4a_7c15), [String: Int]())
        for _ in 0..<Self.flips {
            let (offset, bit) = (dice.roll(below: whole.count), dice.roll(below: 8))
            let path = try full.copy("flipped.sqlite", sums: true)
            try change(path) { file in
                try file.seek(toOffset: UInt64(offset))
                try file.write(contentsOf: Data([whole[offset] ^ (1 << UInt8(bit))]))
            }
            let found = try await full.findings(path)
            let page = "page \(offset / 4096 + 1)"
            let isNamed = found.contains { $0.place == page || $0.place.hasPrefix(page + " of ") }
            #expect(isNamed, "byte \(offset), bit \(bit): \(found.map(\.place))")
            let others = found.filter { !$0.place.hasPrefix("page ") }
            let kind =
                if others.contains(where: { $0.what.hasPrefix("cannot be opened") }) {
                    "does not open"
                } else if others.isEmpty { "page sums alone" } else if others.allSatisfy({ $0.what.contains("SQLite") })
                { "page sums and SQLite's own check" } else { "page sums and the ledger's own check" }
            kinds[kind, default: 0] += 1
        }
        #expect(kinds.values.reduce(0, +) == Self.flips)
        print("\(Self.flips) flips, found by: \(kinds.sorted { $0.key < $1.key })")
    }

    @Test("a file cut short anywhere is found")
    func truncated() async throws {
        let full = try await FullLedger(deliveries: 4)
        let size = try Data(contentsOf: URL(fileURLWithPath: full.fixture.path)).count
        var dice = Dice(state: 77)
        for number in 0..<24 {
            let length = number == 0 ? 0 : dice.roll(below: size)
            for sums in [true, false] {
                let path = try full.copy("cut.sqlite", sums: sums)
                try change(path) { try $0.truncate(atOffset: UInt64(length)) }
                #expect(try await !full.findings(path).isEmpty, "cut to \(length) of \(size)")
            }
        }
    }

    @Test("an older copy in the place of the ledger is found by the page sums, and by a mark of an earlier check")
    func rolledBack() async throws {
        let full = try await FullLedger(deliveries: 2)
        let (old, path) = (try full.copy("old.sqlite", sums: false), full.fixture.path)
        let ledger = try full.fixture.open()
        try await full.fixture.generator.fill(ledger, events: 600, from: 50, width: 1)
        let mark = try #require(try await LedgerCheck(ledger, crypto: full.fixture.crypto).run().mark)
        try await ledger.close()
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.copyItem(atPath: old, toPath: path)
        #expect(try await full.findings(path).contains { $0.place == "file" })
        let reader = try LedgerReader(path: old, crypto: full.fixture.crypto)
        let report = try await LedgerCheck(reader, crypto: full.fixture.crypto).run(.recent, from: mark)
        #expect(
            report.problems.map(\.description) == ["tree: \(mark.events) events were checked before: fewer are left"])
    }

    @Test("the daemon's opening takes the page sums away, a clean close writes them again; a log left over is found")
    func sums() async throws {
        let full = try await FullLedger(deliveries: 2)
        let (path, sums) = (full.fixture.path, full.fixture.path + "-sums")
        func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
        #expect(isThere(sums))
        let mode = try FileManager.default.attributesOfItem(atPath: sums)[.posixPermissions] as? Int
        #expect(mode == 0o640)
        let ledger = try full.fixture.open()
        #expect(!isThere(sums))
        try await ledger.append(full.fixture.generator.delivery(99))
        try await LedgerBackup.write(ledger, to: full.fixture.folder.file("backup.sqlite"))
        #expect(isThere(full.fixture.folder.file("backup.sqlite-sums")))
        try await ledger.close()
        #expect(isThere(sums))
        #expect(try await full.findings(path) == [])
        try change(path + "-wal") { try $0.write(contentsOf: Data([1])) }
        #expect(try await full.findings(path).map(\.place) == ["file"])
        try change(path + "-wal") { try $0.truncate(atOffset: 0) }
        try change(sums) { file in
            try file.seek(toOffset: 20)
            try file.write(contentsOf: Data([1]))
        }
        #expect(try await full.findings(path).map(\.place) == ["sums"])
    }
}
