import ExchangeTesting
import Foundation
import GRDB
import Ledger
@testable import LedgerSQLite
import Testing
import Vocabulary

/// Somebody with the file changes a row of duties; the check names the duty and what of it is not as told.
@Suite struct DutyCheckTests {
    private let fixture: Fixture
    private let one: Duty
    private let two: Duty

    init() throws {
        fixture = try Fixture()
        let key = try received(fixture.start).key
        one = fixture.duty(.notice, about: key, subject: "CASE-1")
        two = fixture.duty(.recall, about: key)
    }

    /// Events 0 to 5 are a delivery, 6 opens both duties, 7 defers the first, 8 is another delivery's first.
    private func findings(after sql: String) async throws -> [String] {
        let ledger = try fixture.open()
        try await ledger.append(fixture.generator.delivery(0))
        var deferred = one
        (deferred.state, deferred.deferredUntil) = (.deferred, fixture.start.adding(seconds: 5))
        try await ledger.append([later(.duty, one.consignment, at: fixture.start, duties: [one, two])])
        try await ledger.append([later(.duty, one.consignment, at: fixture.start, duties: [deferred])])
        try await ledger.append(Array(fixture.generator.delivery(1).prefix(1)))
        try await ledger.close()
        try fixture.tamper(sql)
        let reader = try LedgerReader(path: fixture.path, crypto: fixture.crypto)
        #expect(try await LedgerCheck(reader, crypto: fixture.crypto).run().events == 9)
        return try await fixture.check(reader)
    }

    /// What to write into a column, and the finding about the first duty.
    private static let changes: [(String, String, String)] = [
        ("id", "x'01990000000070008000000000000001'", "event 7 carries it but it has no row"),
        ("kind", "'review'", "its row says something else than event 7: kind"),
        ("direction", "'sent'", "its row says something else than event 7: direction"),
        ("partner", "'tees-nhs'", "its row says something else than event 7: partner"),
        ("consignment", "id", "its row says something else than event 7: consignment"),
        ("subject", "'CASE-2'", "its row says something else than event 7: subject"),
        ("state", "'open'", "its row says something else than event 7: state"),
        ("openedAt", "openedAt + 1", "its row says something else than event 7: openedAt"),
        ("due", "due + 1", "its row says something else than event 7: due"),
        ("dueLegal", "due", "its row says something else than event 7: dueLegal"),
        ("deferredUntil", "NULL", "its row says something else than event 7: deferredUntil"),
        ("closedAt", "due", "its row says something else than event 7: closedAt"),
        ("ground", "'told'", "its row says something else than event 7: ground"),
        ("because", "'x'", "its row says something else than event 7: because"),
        ("byWhom", "'daemon'", "its row says something else than event 7: by"),
        ("facts", "'{\"a\":\"b\"}'", "its row says something else than event 7: facts"),
        ("seq", "6", "its row is of event 6, older than event 7"),
    ]

    @Test("a change to any column is found", arguments: changes.indices)
    func changed(number: Int) async throws {
        let (column, value, finding) = Self.changes[number]
        let findings = try await findings(after: "UPDATE duties SET \(column) = \(value) WHERE kind = 'notice'")
        #expect(findings.contains("duty \(one.id): \(finding)"), "\(findings)")
        #expect(!findings.contains { $0.contains(two.id.text) }, "\(findings)")
    }

    @Test("no column is left out above, and the reckoned one cannot be written")
    func columns() async throws {
        #expect(try await findings(after: "SELECT 1") == [])
        let queue = try DatabaseQueue(path: fixture.path)
        // Without the reckoned one.
        let sql = "SELECT name FROM pragma_table_info('duties')"
        let columns = try await queue.read { try String.fetchAll($0, sql: sql) }
        #expect(Set(columns) == Set(Self.changes.map(\.0)))
        #expect(throws: DatabaseError.self) { try fixture.tamper("UPDATE duties SET next = 0") }
    }

    @Test(
        "a missing, invented, put back or unreadable row is found",
        arguments: [
            ("DELETE FROM duties WHERE kind = 'notice'", "event 7 carries it but it has no row"),
            ("UPDATE duties SET seq = 99 WHERE kind = 'notice'", "its row is of event 99, which is not there"),
            ("UPDATE duties SET seq = 8 WHERE kind = 'notice'", "event 8 does not carry it"),
            (
                "UPDATE duties SET (state, deferredUntil, seq) = ('open', NULL, 6) WHERE kind = 'notice'",
                "its row is of event 6, older than event 7"
            ),
            ("UPDATE duties SET state = 'asleep' WHERE kind = 'notice'", "its row cannot be read: "),
            ("UPDATE duties SET facts = '[]' WHERE kind = 'notice'", "its row cannot be read: "),
            ("UPDATE duties SET consignment = x'00' WHERE kind = 'notice'", "its row cannot be read: "),
        ])
    func rows(sql: String, finding: String) async throws {
        let findings = try await findings(after: sql)
        #expect(findings.contains { $0.hasPrefix("duty \(one.id): \(finding)") }, "\(findings)")
    }

    @Test("an invented row is found by its own id")
    func invented() async throws {
        let sql = """
            INSERT INTO duties(id, kind, direction, partner, consignment, state, openedAt, due, facts, seq)
            SELECT x'01990000000070008000000000000001', kind, direction, partner, consignment, state, openedAt, due,
            facts, seq FROM duties WHERE kind = 'recall'
            """
        let findings = try await findings(after: sql)
        #expect(findings == ["duty 01990000-0000-7000-8000-000000000001: event 6 does not carry it"])
    }

    @Test("an erased detail says nothing against the row, older details neither")
    func erased() async throws {
        let findings = try await findings(after: "DELETE FROM details WHERE seq = 7")
        #expect(findings == ["leaf 7: the detail is missing, and no event says that it was erased"])
        let reader = try LedgerReader(path: fixture.path, crypto: fixture.crypto)
        let report = try await LedgerCheck(reader, crypto: fixture.crypto).run()
        #expect(report.duties == 2 && report.erased == 1)
    }

    @Test("a detail whose duties cannot be read is found at its leaf")
    func unreadable() async throws {
        let ledger = try fixture.open()
        let detail = EventDetail(["duties": .array([.string("x")])])
        let event = NewEvent(at: fixture.start, kind: .duty, consignment: nil, partner: nil, detail: detail)
        await #expect(throws: LedgerTrouble.self) { try await ledger.append([event]) }
        let salted = SaltedEvent(event, fixture.crypto)
        try await ledger.close()
        let queue = try DatabaseQueue(path: fixture.path)
        try await queue.write { db in
            try db.execute(
                sql: "INSERT INTO leaves(seq, leaf, kind) VALUES (0, ?, 'duty')",
                arguments: [Data(salted.leaf(at: 0).bytes)])
            try db.execute(
                sql: "INSERT INTO details VALUES (0, ?, ?)", arguments: [Data(salted.salt), Data(salted.detail)])
        }
        try queue.close()
        try fixture.tamper("SELECT 1")
        let findings = try await fixture.check(LedgerReader(path: fixture.path, crypto: fixture.crypto))
        #expect(findings.count == 1 && findings[0].hasPrefix("leaf 0: its detail cannot be read"), "\(findings)")
    }
}
