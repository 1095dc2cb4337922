import ExchangeTesting
import Foundation
import Ledger
@testable import LedgerSQLite
import Testing
import Vocabulary

/// What is remembered of a disk that failed, and what is read from it.
@Suite struct FailedDiskTests {
    private let fixture: Fixture

    init() throws { fixture = try Fixture() }

    private func mark(_ runtime: String) -> EndMark { EndMark(ledger: fixture.path, runtime: [runtime]) }

    @Test("a failed disk is remembered in memory and beside the ledger, and either is enough")
    func twoPlaces() throws {
        let runtime = fixture.folder.file("run")
        let mark = mark(runtime)
        #expect(mark.found == nil)
        for lost in [0, 1] {
            mark.leave(.broken("the disk\nfailed"))
            #expect(mark.paths.allSatisfy(DiskFile.exists))
            DiskFile.remove(mark.paths[lost])
            #expect(mark.found == "the disk failed")
            try mark.forget()
            #expect(mark.found == nil)
            #expect(mark.paths.allSatisfy { !DiskFile.exists($0) })
        }
    }

    @Test("a folder in memory that others may write to is not believed")
    func notOurs() throws {
        let runtime = fixture.folder.file("run")
        mark(runtime).leave(.broken("x"))
        DiskFile.remove(fixture.path + "-trouble")
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: runtime)
        #expect(mark(runtime).found == nil)
    }

    @Test("a remembered failure puts the ledger in doubt until it was checked")
    func doubt() async throws {
        let ledger = try fixture.open()
        #expect(ledger.doubt == nil)
        try await ledger.append(fixture.generator.delivery(0))
        try await ledger.close()
        EndMark(ledger: fixture.path, runtime: []).leave(.broken("the disk failed"))
        let again = try fixture.open()
        #expect(again.doubt == "the disk failed")
        #expect(try await fixture.check(again) == [])
        try again.trusted()
        try await again.close()
        #expect(try fixture.open().doubt == nil)
    }

    @Test("an unclean end on a disk that kept everything is no reason for doubt")
    func unclean() async throws {
        let ledger = try fixture.open()
        try await ledger.append(fixture.generator.delivery(0))
        // As it lies when the process is killed now: another path, because the first life goes on.
        let copy = fixture.folder.file("killed.sqlite")
        for suffix in ["", "-wal", "-shm"] {
            try FileManager.default.copyItem(atPath: fixture.path + suffix, toPath: copy + suffix)
        }
        let again = try fixture.open(copy)
        #expect(again.doubt == nil)
        #expect(try await again.counts() == ledger.counts())
    }

    @Test("the pages of a file are let go, so that the disk is read")
    func letGo() throws {
        let path = fixture.folder.file("pages")
        try Data(repeating: 7, count: 100_000).write(to: URL(fileURLWithPath: path))
        _ = try DiskFile.Reader(path).readAll()
        // Some file systems are memory; there the disk says the same.
        #expect(try PageCache.forget(path) == .same)
    }

    @Test("an unclean end waits for readers that hold the index of the log")
    func readers() async throws {
        let ledger = try fixture.open()
        try await ledger.append(fixture.generator.delivery(0))
        EndMark(ledger: fixture.path, runtime: []).leave(.broken("the disk failed"))
        // Another process, because a lock is nobody's obstacle in its own.
        let reader = Process()
        reader.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // Until its word is taken away, or for two minutes: a shim may stand before the program, and only that gets our signal.
        reader.arguments = [
            "python3", "-c",
            """
            import os, sqlite3, sys, time
            ledger = sqlite3.connect(sys.argv[1])
            ledger.execute('SELECT count(*) FROM leaves').fetchall()
            open(sys.argv[1] + '.reading', 'w')
            for _ in range(1200):
                if not os.path.exists(sys.argv[1] + '.reading'):
                    break
                time.sleep(0.1)
            """, fixture.path,
        ]
        (reader.standardOutput, reader.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try reader.run()
        defer {
            try? FileManager.default.removeItem(atPath: fixture.path + ".reading")
            reader.terminate()
        }
        for _ in 0..<3000 where !DiskFile.exists(fixture.path + ".reading") {
            try await Task.sleep(for: .milliseconds(20))
        }
        try #require(DiskFile.exists(fixture.path + ".reading"))
        #expect { try fixture.open(busyTimeout: 0.2) } throws: { error in
            guard case .busy(let why) = error as? LedgerTrouble else { return false }
            return why.contains("fuser")
        }
    }

    @Test("a ledger that was moved away, or replaced, takes nothing more", arguments: [true, false])
    func replaced(isReplaced: Bool) async throws {
        let ledger = try fixture.open()
        try await ledger.append(fixture.generator.delivery(0))
        #expect(ledger.misplaced == nil)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: fixture.path))
        try FileManager.default.moveItem(atPath: fixture.path, toPath: fixture.path + ".away")
        if isReplaced { try bytes.write(to: URL(fileURLWithPath: fixture.path)) }
        #expect(ledger.misplaced != nil)
        for _ in 0..<2 {
            await #expect(throws: LedgerTrouble.self) { try await ledger.append(fixture.generator.delivery(1)) }
        }
        await #expect(throws: LedgerTrouble.self) { try await ledger.checkpoint() }
        await #expect(throws: LedgerTrouble.self) { try await ledger.close() }
    }

    @Test("a missing ledger is made only where it may be")
    func missing() throws {
        #expect(throws: LedgerTrouble.self) {
            var opening = LedgerOpening()
            opening.mayMake = false
            return try SQLiteLedger(
                path: fixture.path, of: LedgerOwner(fixture.agency, fixture.identity), crypto: fixture.crypto,
                signer: fixture.signer, opening)
        }
        #expect(!DiskFile.exists(fixture.path))
    }
}
