import ExchangeTesting
import Foundation
import GRDB
import Ledger
@testable import LedgerSQLite
import Testing
import Vocabulary

@Suite struct SQLiteLedgerTests {
    private let fixture: Fixture

    init() throws { fixture = try Fixture() }

    @Test("a hundred callers share a few commits")
    func groupCommit() async throws {
        let ledger = try fixture.open()
        try await withThrowingTaskGroup(of: Void.self) { [generator = fixture.generator] group in
            for number in 0..<100 { group.addTask { try await ledger.append(generator.delivery(number)) } }
            try await group.waitForAll()
        }
        #expect(ledger.testOnlyCommits <= 50)
        #expect(try await fixture.check(ledger) == [])
    }

    @Test("one bad append among many fails alone")
    func oneBad() async throws {
        let ledger = try fixture.open()
        let good = (0..<20).map(fixture.generator.delivery)
        let bad = Array(fixture.generator.delivery(99).dropFirst(3))
        let failures = await withTaskGroup(of: Bool.self) { group in
            for events in good + [bad] {
                group.addTask { do { _ = try await ledger.append(events); return false } catch { return true } }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(failures == 1)
        #expect(try await ledger.counts() == [.sent: [.delivered: 20]])
        #expect(try await ledger.append(fixture.generator.delivery(50)) == [120, 121, 122, 123, 124, 125])
        #expect(try await fixture.check(ledger) == [])
    }

    @Test(
        "the database itself refuses to change what was appended",
        arguments: [
            "UPDATE leaves SET kind = 'held' WHERE seq = 1", "DELETE FROM leaves WHERE seq = 1",
            "INSERT OR REPLACE INTO leaves(seq, leaf, kind) VALUES (1, x'00', 'held')",
            "REPLACE INTO leaves(seq, leaf, kind) SELECT seq, leaf, kind FROM leaves",
            "INSERT INTO leaves(seq, leaf, kind) VALUES (1, x'00', 'held') ON CONFLICT DO UPDATE SET kind = 'held'",
            "UPDATE tree SET hash = x'00'", "DELETE FROM tree", "REPLACE INTO tree SELECT * FROM tree",
            "UPDATE details SET detail = x'00'", "REPLACE INTO details SELECT * FROM details",
            "PRAGMA recursive_triggers = OFF; INSERT OR REPLACE INTO leaves SELECT * FROM leaves",
        ])
    func appendOnly(sql: String) async throws {
        let ledger = try fixture.open()
        try await ledger.append(fixture.generator.delivery(0))
        #expect(throws: DatabaseError.self) { try fixture.tamper(sql) }
        #expect(try await fixture.check(ledger) == [])
    }

    @Test("every commit is synced, erased pages are overwritten, the log files stay")
    func settings() async throws {
        let ledger = try fixture.open()
        let pool = try #require(ledger.reads.database as? DatabasePool)
        let values = try await pool.writeWithoutTransaction { db in
            try ["synchronous", "journal_mode", "secure_delete", "application_id", "user_version"].map {
                try String.fetchOne(db, sql: "PRAGMA \($0)")
            }
        }
        #expect(values == ["2", "wal", "1", "1466005858", "4"])
        try await ledger.append(fixture.generator.delivery(0))
        try await ledger.close()
        for suffix in ["", "-wal", "-shm"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: fixture.path + suffix)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o640, "\(suffix)")
        }
    }

    @Test("a ledger copied while open, as a power cut leaves it, opens with everything acknowledged")
    func afterKill() async throws {
        let ledger = try fixture.open()
        for number in 0..<5 { try await ledger.append(fixture.generator.delivery(number)) }
        let copy = fixture.folder.file("copy.sqlite")
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: fixture.path + suffix, toPath: copy + suffix)
        }
        let again = try fixture.open(copy)
        #expect(try await again.append(fixture.generator.delivery(5)).first == 30)
        #expect(try await fixture.check(again) == [])
        #expect(again.origin == ledger.origin)
    }

    @Test("a log torn in its last commit loses that commit only")
    func tornLog() async throws {
        let ledger = try fixture.open()
        try await ledger.append(fixture.generator.delivery(0))
        let whole = try Data(contentsOf: URL(filePath: fixture.path + "-wal")).count
        try await ledger.append(fixture.generator.delivery(1))
        let copy = fixture.folder.file("copy.sqlite")
        try FileManager.default.copyItem(atPath: fixture.path, toPath: copy)
        let log = try Data(contentsOf: URL(filePath: fixture.path + "-wal"))
        try log.prefix(whole + 100).write(to: URL(filePath: copy + "-wal"))
        let again = try fixture.open(copy)
        #expect(try await again.counts() == [.sent: [.delivered: 1]])
        #expect(try await again.append(fixture.generator.delivery(1)).first == 6)
        #expect(try await fixture.check(again) == [])
    }

    @Test("while another process writes, an append is busy; afterwards it goes through")
    func busy() async throws {
        let ledger = try fixture.open(busyTimeout: 0.1)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: fixture.path, configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let error = await #expect(throws: LedgerTrouble.self) { try await ledger.append(fixture.generator.delivery(0)) }
        #expect(error?.word == "busy")
        #expect(try await ledger.counts().isEmpty)
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        #expect(try await ledger.append(fixture.generator.delivery(0)).first == 0)
    }

    @Test("a full disk is told as full, and nothing of the append stays")
    func full() async throws {
        let ledger = try fixture.open()
        try await ledger.append(fixture.generator.delivery(0))
        let pool = try #require(ledger.reads.database as? DatabasePool)
        try await pool.writeWithoutTransaction { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
        let error = await #expect(throws: LedgerTrouble.self) {
            for number in 1..<9 { try await ledger.append(fixture.generator.delivery(number)) }
        }
        #expect(error?.word == "full")
        try await pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
        try await ledger.append(fixture.generator.delivery(20))
        #expect(try await fixture.check(ledger) == [])
    }

    @Test("after damage nothing more is appended until the ledger is opened again")
    func broken() async throws {
        let ledger = try fixture.open()
        try fixture.tamper(
            """
            PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 9999 WHERE name = 'leaves';
            PRAGMA schema_version = 99
            """)
        for _ in 0..<2 {
            let error = await #expect(throws: LedgerTrouble.self) {
                try await ledger.append(fixture.generator.delivery(0))
            }
            #expect(error?.word == "broken")
        }
    }

    @Test("a checkpoint is signed once a size, and kept for readers without the key")
    func checkpoints() async throws {
        let ledger = try fixture.open()
        try await ledger.append(fixture.generator.delivery(0))
        let first = try await ledger.checkpoint()
        let commits = ledger.testOnlyCommits
        #expect(try await ledger.checkpoint() == first)
        #expect(ledger.testOnlyCommits == commits)
        try await ledger.append(fixture.generator.delivery(1))
        let second = try await ledger.checkpoint()
        #expect(second != first)
        let reader = try LedgerReader(path: fixture.path, crypto: fixture.crypto)
        #expect(try await reader.checkpoint() == first)
        try await ledger.close()
        let later = try LedgerReader(path: fixture.path, crypto: fixture.crypto)
        #expect(try await later.checkpoint() == second)
        let key = try fixture.noteKey(later.origin.description)
        let leaf = try #require(try await later.events(of: later.list(LedgerFilter(), limit: 1)[0].key).last)
        try await later.proof(of: leaf.seq).verify(leaf: leaf.leaf.bytes, by: key, fixture.crypto)
        let signing = try LedgerReader(path: fixture.path, crypto: fixture.crypto, signer: fixture.signer)
        #expect(try await signing.checkpoint() == second)
    }

    @Test("an old checkpoint and a new one are consistent")
    func consistency() async throws {
        let ledger = try fixture.open()
        try await ledger.append(fixture.generator.delivery(0))
        let old = try Checkpoint(body: SignedNote(parsing: Array(await ledger.checkpoint().utf8)).body)
        for number in 1..<4 { try await ledger.append(fixture.generator.delivery(number)) }
        let new = try Checkpoint(body: SignedNote(parsing: Array(await ledger.checkpoint().utf8)).body)
        let proof = try await ledger.consistencyProof(from: old.size, to: new.size)
        #expect(
            MerkleProof(MerkleHasher(fixture.crypto)).verifyConsistency(
                oldSize: old.size, oldRoot: old.root, newSize: new.size, newRoot: new.root, proof: proof))
    }

    @Test("a reader cannot write, needs an existing ledger, and works beside an open one and after a close")
    func reader() async throws {
        #expect(throws: LedgerTrouble.self) { try LedgerReader(path: fixture.path, crypto: fixture.crypto) }
        let ledger = try fixture.open()
        let reader = try LedgerReader(path: fixture.path, crypto: fixture.crypto)
        try await ledger.append(fixture.generator.delivery(0))
        #expect(try await reader.counts() == [.sent: [.delivered: 1]])
        await #expect(throws: LedgerTrouble.self) {
            try await reader.reads.run { try $0.execute(sql: "DELETE FROM consignments") }
        }
        try await ledger.close()
        let later = try LedgerReader(path: fixture.path, crypto: fixture.crypto)
        #expect(try await fixture.check(later) == [])
    }

    @Test("another agency's ledger, another identity's and a foreign database are refused")
    func foreign() async throws {
        try await fixture.open().close()
        #expect(throws: LedgerTrouble.self) {
            try SQLiteLedger(
                path: fixture.path, of: LedgerOwner(AgencyID("harbour"), fixture.identity), crypto: fixture.crypto,
                signer: fixture.signer)
        }
        #expect(throws: LedgerTrouble.self) {
            try SQLiteLedger(
                path: fixture.path, of: LedgerOwner(fixture.agency, fixture.crypto.sha256([8])),
                crypto: fixture.crypto, signer: fixture.signer)
        }
        let other = fixture.folder.file("other.sqlite")
        try fixture.tamper("CREATE TABLE t(x)", other)
        #expect(throws: LedgerTrouble.self) { try fixture.open(other) }
        #expect(throws: LedgerTrouble.self) { try LedgerReader(path: other, crypto: fixture.crypto) }
        let text = fixture.folder.file("text.sqlite")
        try Data("not a database at all, but long enough to be looked at".utf8).write(to: URL(filePath: text))
        #expect(throws: LedgerTrouble.self) { try fixture.open(text) }
    }

    @Test("a read that takes too long ends as busy")
    func deadline() async throws {
        let ledger = try fixture.open()
        let endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
        let reads = LedgerReads(
            database: ledger.reads.database, hasher: ledger.reads.hasher, deadline: .milliseconds(50))
        let error = await #expect(throws: LedgerTrouble.self) {
            try await reads.run { try Int.fetchOne($0, sql: endless) }
        }
        #expect(error?.word == "busy")
        #expect(try await ledger.counts().isEmpty)
    }
}
