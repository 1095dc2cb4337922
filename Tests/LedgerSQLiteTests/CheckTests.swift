import ExchangeTesting
import Foundation
import GRDB
import Ledger
@testable import LedgerSQLite
import Testing
import Vocabulary

/// Somebody with the file and `sqlite3` changes one thing; the check names the place.
@Suite struct CheckTests {
    private let fixture: Fixture

    init() throws { fixture = try Fixture() }

    private static let lift = """
        DROP TRIGGER leaves_no_update; DROP TRIGGER leaves_no_delete; DROP TRIGGER tree_no_update;
        DROP TRIGGER tree_no_delete; DROP TRIGGER details_no_update;

        """

    /// Lifts the triggers, runs the change, and puts them back as they were.
    private func findings(after sql: String) async throws -> [String] {
        let ledger = try fixture.open()
        try await fixture.generator.fill(ledger, events: 60, width: 1)
        _ = try await ledger.checkpoint()
        try await ledger.close()
        let queue = try DatabaseQueue(path: fixture.path)
        try await queue.writeWithoutTransaction { db in
            let triggers = try Row.fetchAll(db, sql: "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
            try db.execute(sql: Self.lift + sql)
            let left = try Set(String.fetchAll(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'trigger'"))
            for trigger in triggers where !left.contains(trigger["name"]) { try db.execute(sql: trigger["sql"]) }
        }
        try queue.close()
        try FileManager.default.removeItem(atPath: fixture.path + "-sums")
        return try await fixture.check(LedgerReader(path: fixture.path, crypto: fixture.crypto))
    }

    @Test("an untouched ledger checks clean, and details that are gone without a word are found")
    func clean() async throws {
        #expect(try await findings(after: "SELECT 1") == [])
        try fixture.tamper("DELETE FROM details WHERE seq IN (3, 4, 5)")
        let reader = try LedgerReader(path: fixture.path, crypto: fixture.crypto)
        let report = try await LedgerCheck(reader, crypto: fixture.crypto).run()
        #expect(report.erased == 3 && report.events == 60 && report.consignments == 10)
        #expect(
            report.problems.map(\.description) == [
                "leaves 3 to 5: the detail is missing, and no event says that it was erased"
            ])
        let key = try #require(try await reader.list(LedgerFilter(), limit: 100).last?.key)
        let events = try await reader.events(of: key)
        #expect(events.map { $0.detail == nil } == [false, false, false, true, true, true])
        #expect(try await reader.statement(.signed, of: key) == nil)
        let proof = try await reader.proof(of: 3)
        try proof.verify(
            leaf: events[3].leaf.bytes, by: fixture.noteKey(reader.origin.description), fixture.crypto)
    }

    @Test(
        "a change is found and its place named",
        arguments: [
            (
                "UPDATE details SET detail = CAST(detail || x'00' AS BLOB) WHERE seq = 42",
                "leaf 42: commitment does not match its detail"
            ),
            ("UPDATE details SET salt = zeroblob(32) WHERE seq = 7", "leaf 7: commitment does not match its detail"),
            (
                "UPDATE leaves SET leaf = CAST(replace(leaf, 'weighed', 'claimed') AS BLOB) WHERE seq = 1",
                "node 0 of level 1: is not"
            ),
            ("UPDATE leaves SET leaf = x'00' WHERE seq = 9", "leaf 9: cannot be read"),
            ("UPDATE leaves SET kind = 'held' WHERE seq = 1", "leaf 1: its columns say something else"),
            ("UPDATE leaves SET partner = 'somebody' WHERE seq = 1", "leaf 1: its columns say something else"),
            ("DELETE FROM leaves WHERE seq = 30", "leaf 30: is missing"),
            (
                // What one changed bit does to a row: text becomes bytes that are no text, which a STRICT table never takes.
                """
                PRAGMA writable_schema = ON;
                UPDATE sqlite_schema SET sql = replace(sql, ') STRICT', ')') WHERE name = 'leaves';
                PRAGMA writable_schema = RESET;
                UPDATE leaves SET kind = x'ff' WHERE seq = 7;
                PRAGMA writable_schema = ON;
                UPDATE sqlite_schema SET sql = sql || ' STRICT' WHERE name = 'leaves';
                PRAGMA writable_schema = RESET
                """, "leaf 7: "
            ),
            ("UPDATE leaves SET seq = 9000000000000 WHERE seq = 59", "leaf 59: is missing"),
            ("UPDATE leaves SET seq = 9223372036854775807 WHERE seq = 59", "9223372036854775807"),
            ("DELETE FROM leaves WHERE seq >= 54; DELETE FROM details WHERE seq >= 54", "checkpoint: covers 60 events"),
            ("UPDATE tree SET hash = zeroblob(32) WHERE level = 2 AND idx = 3", "node 3 of level 2: is not the hash"),
            ("DELETE FROM tree WHERE level = 1 AND idx = 5", "node 5 of level 1: is missing"),
            ("INSERT INTO tree VALUES (1, -5, zeroblob(32))", "node -5 of level 1: has no place"),
            ("INSERT INTO details VALUES (99, x'00', x'00')", "detail 99: has no place"),
            ("UPDATE consignments SET state = 'claimed' WHERE row = 2", "row says claimed, its events say delivered"),
            ("DELETE FROM consignments WHERE row = 2", "has events but no row"),
            (
                """
                INSERT INTO consignments SELECT 99, direction, 'nobody', id, first, state, stage, route, name, size, sha256,
                waybill, purpose, categories, basis, cases, agreement, claimedAt, sentAt, deliveredAt, receiptSHA256,
                place, inode, why, regime, emergency, decidedBy, supersedes, erasedAt, salt, seal FROM consignments WHERE row = 1
                """, "has a row but no events"
            ),
            (
                "UPDATE checkpoint SET note = replace(note, char(10) || '60', char(10) || '59')",
                "checkpoint: cannot be believed"
            ),
            ("UPDATE checkpoint SET note = 'x'", "checkpoint: cannot be believed"),
            ("PRAGMA journal_mode = DELETE", "file: is not in write-ahead mode"),
            (
                """
                DROP TRIGGER leaves_no_replace;
                CREATE TRIGGER leaves_no_replace BEFORE INSERT ON leaves BEGIN SELECT 1; END
                """,
                "trigger leaves_no_replace: is missing or changed"
            ),
        ])
    func found(sql: String, finding: String) async throws {
        let findings = try await findings(after: sql)
        #expect(findings.contains { $0.contains(finding) }, "\(findings)")
    }

    @Test("a ledger rewritten whole, tree and all, no longer matches its kept checkpoint")
    func rewritten() async throws {
        let ledger = try fixture.open()
        try await fixture.generator.fill(ledger, events: 60, width: 1)
        let note = try await ledger.checkpoint()
        let forged = fixture.folder.file("forged.sqlite")
        let other = try fixture.open(forged)
        try await fixture.generator.fill(other, events: 60, width: 1)
        _ = try await other.checkpoint()
        try await other.close()
        let sql = """
            UPDATE checkpoint SET note = '\(note)';
            UPDATE meta SET value = '\(ledger.origin.ledger)' WHERE name = 'ledger'
            """
        try fixture.tamper(sql, forged)
        let findings = try await fixture.check(LedgerReader(path: forged, crypto: fixture.crypto))
        #expect(findings.contains("checkpoint: its root is not that of the first 60 events"), "\(findings)")
    }

    @Test("stored statements are shown to the judge, and its verdict stands in the report")
    func judge() async throws {
        let ledger = try fixture.open()
        try await ledger.append(fixture.generator.delivery(0))
        let report = try await LedgerCheck(
            ledger, crypto: fixture.crypto, publicKey: nil,
            judge: { kind, bytes, partner in
                kind == .delivered ? "receipt of \(bytes.count) bytes by \(partner?.text ?? "-") is wrong" : nil
            }
        ).run()
        #expect(report.statements == 2)
        #expect(report.problems.map(\.description) == ["leaf 5: receipt of 1500 bytes by cleveland-police is wrong"])
    }
}
