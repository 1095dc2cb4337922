import ExchangeTesting
import Foundation
import Ledger
@testable import LedgerSQLite
import Testing
import Vocabulary

/// Somebody who may read the ledger locks whatever they like of it, in another process.
@Suite struct IndexLockTests {
    private let fixture: Fixture

    init() throws { fixture = try Fixture() }

    /// Holds shared locks on these bytes of these files until it is let go.
    private func locker(_ bytes: Range<Int>, of files: [String]) async throws -> Process {
        let program = """
            import fcntl, os, sys, time
            for path in sys.argv[3:]:
                held = os.open(path, os.O_RDONLY)
                fcntl.lockf(held, fcntl.LOCK_SH, int(sys.argv[2]) - int(sys.argv[1]), int(sys.argv[1]))
            open(sys.argv[3] + ".held", "w").close()
            time.sleep(600)
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", program, "\(bytes.lowerBound)", "\(bytes.upperBound)"] + files
        try process.run()
        for _ in 0..<500 where !DiskFile.exists(files[0] + ".held") { try await Task.sleep(for: .milliseconds(20)) }
        try #require(DiskFile.exists(files[0] + ".held"))
        return process
    }

    /// It has the signal mask of the thread that started it, and with that SIGTERM may be blocked.
    private func end(_ holder: Process) { kill(holder.processIdentifier, SIGKILL) }

    private var files: [String] { ["-shm", "-wal", ""].map { fixture.path + $0 } }

    @Test(
        "shared locks on any byte of any file of it stop no append, checkpoint, erasure or close; their holder is named"
    )
    func appends() async throws {
        let ledger = try fixture.open(busyTimeout: 0.5)
        try await ledger.append(fixture.generator.delivery(0))
        let holder = try await locker(120..<123, of: files)
        defer { end(holder) }
        for number in 1...40 { try await ledger.append(fixture.generator.delivery(number)) }
        _ = try await ledger.checkpoint()
        let key = try #require(try await ledger.list(LedgerFilter(), after: nil, limit: 1).first?.key)
        _ = try await ledger.erase(
            Erasure([key], selector: .id, because: "Asked for.", by: "person:x"), at: fixture.start)
        try await ledger.scrub()
        let named = try #require(IndexLocks.writersHolder(fixture.path))
        #expect(named.process == holder.processIdentifier && named.isShared)
        #expect("\(named)".contains("python3"), "\(named)")
        #expect(try await fixture.check(LedgerReader(path: fixture.path, crypto: fixture.crypto)) == [])
        try await ledger.close()
    }

    @Test("nor do they stop a start, after a clean end or a kill")
    func starts() async throws {
        let ledger = try fixture.open()
        try await ledger.append(fixture.generator.delivery(0))
        let killed = fixture.folder.file("killed.sqlite")
        for end in ["", "-wal", "-shm"] {
            try FileManager.default.copyItem(atPath: fixture.path + end, toPath: killed + end)
        }
        try await ledger.close()
        for path in [fixture.path, killed] {
            let holder = try await locker(120..<123, of: ["-shm", "-wal", ""].map { path + $0 })
            defer { end(holder) }
            let again = try fixture.open(path, busyTimeout: 0.5)
            try await again.append(fixture.generator.delivery(1))
            #expect(try await fixture.check(again) == [])
            try await again.close()
        }
    }

    @Test("a reader's lock on every byte only keeps the log from being emptied: appends go on")
    func everything() async throws {
        let ledger = try fixture.open(busyTimeout: 0.2)
        try await ledger.append(fixture.generator.delivery(0))
        let holder = try await locker(0..<4096, of: files)
        defer { end(holder) }
        for number in 1...10 { try await ledger.append(fixture.generator.delivery(number)) }
        #expect(IndexLocks.readersHolder(fixture.path)?.process == holder.processIdentifier)
        end(holder)
        for _ in 0..<3000 where IndexLocks.readersHolder(fixture.path) != nil {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(IndexLocks.readersHolder(fixture.path) == nil)
        try await ledger.append(fixture.generator.delivery(11))
        #expect(try await fixture.check(ledger) == [])
        try await ledger.close()
    }
}
