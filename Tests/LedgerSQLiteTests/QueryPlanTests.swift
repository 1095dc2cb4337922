import GRDB
import Ledger
@testable import LedgerSQLite
import Testing
import Vocabulary

@Suite(.serialized) struct QueryPlanTests {
    private let fixture: Fixture

    init() throws { fixture = try Fixture() }

    private func plan(_ sql: String, _ arguments: [(any DatabaseValueConvertible)?]) async throws -> [String] {
        let ledger = try fixture.open()
        let arguments = StatementArguments(arguments)
        return try await ledger.reads.run { db in
            try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + sql, arguments: arguments).map { $0["detail"] }
        }
    }

    private static let filters: [(String, @Sendable (inout LedgerFilter) throws -> Void)] = [
        ("everything", { _ in }),
        ("direction", { $0.direction = .sent }),
        ("state", { $0.states = [.held] }),
        (
            "states",
            {
                $0.states = [.held, .blocked]; $0.direction = .sent
            }
        ),
        ("partner", { $0.partner = try AgencyID("harbour") }),
        (
            "partner and state",
            {
                $0.partner = try AgencyID("harbour"); $0.states = [.delivered]
            }
        ),
        (
            "since and until",
            {
                $0.since = Instant(seconds: 1); $0.until = Instant(seconds: 2)
            }
        ),
        ("sha256", { $0.sha256 = try Digest([UInt8](repeating: 1, count: 32)) }),
        ("name", { $0.name = "minutes*" }),
        ("name as typed", { $0.likeName = "minutes*" }),
        ("supersedes", { $0.supersedes = ConsignmentID.make(at: Instant(seconds: 1)) }),
        ("case", { $0.caseReference = "CASE-1" }),
        ("id", { $0.id = ConsignmentID.make(at: Instant(seconds: 1)) }),
    ]

    /// Conditions that leave a few rows: those are sorted as they come.
    private static let few: Set = ["sha256", "name", "case", "id", "supersedes"]

    @Test("every filter of ledger list is an index search", arguments: filters.indices, [false, true])
    func list(number: Int, isLaterPage: Bool) async throws {
        let (name, set) = Self.filters[number]
        var filter = LedgerFilter()
        try set(&filter)
        let query = ListQuery(filter, after: isLaterPage ? .init(first: 1, row: 1) : nil, limit: 10)
        let plan = try await plan(query.sql, query.arguments)
        let touches = plan.filter { $0.contains("consignments") || $0.contains("cases") }
        #expect(!touches.isEmpty && touches.allSatisfy { $0.hasPrefix("SEARCH") }, "\(name): \(plan)")
        if isLaterPage && !Self.few.contains(name) {
            #expect(touches.allSatisfy { $0.contains("first") }, "\(name): \(plan)")
        }
        // Broad searches come in order: only their merge sorts, and each has been limited before.
        if !Self.few.contains(name) {
            let sorts = zip(plan, plan.dropFirst()).filter { $0.hasPrefix("SEARCH") && $1.contains("TEMP B-TREE") }
            #expect(sorts.isEmpty, "\(name): \(plan)")
        }
    }

    private static let dutyFilters: [(String, @Sendable (inout DutyFilter) throws -> Void)] = [
        ("duties_by_next", { _ in }),
        ("duties_by_next", { $0 = .open(.notice, .review) }),
        ("duties_by_next", { $0.states = [.closed] }),
        ("duties_by_next", { $0.dueBefore = Instant(seconds: 1) }),
        (
            "duties_by_next",
            {
                $0 = .open(.collection)
                $0.after = DutyPlace(
                    Duty(
                        .collection, id: .make(at: Instant(seconds: 1)), about: try received(Instant(seconds: 1)).key,
                        openedAt: Instant(seconds: 1), due: Instant(seconds: 2)))
            }
        ),
        ("duties_by_subject", { $0.subject = "CASE-1" }),
        (
            "duties_by_subject",
            {
                $0 = .open(.notice); $0.subject = "CASE-1"; $0.dueBefore = Instant(seconds: 1)
            }
        ),
        ("duties_by_consignment", { $0.consignment = try received(Instant(seconds: 1)).key }),
        (
            "duties_by_consignment",
            {
                $0.consignment = try received(Instant(seconds: 1)).key; $0.subject = "CASE-1"
            }
        ),
        ("sqlite_autoindex_duties_1", { $0.id = ConsignmentID.make(at: Instant(seconds: 1)) }),
    ]

    @Test("every filter of duties is an index search that comes in order", arguments: dutyFilters.indices)
    func duties(number: Int) async throws {
        let (index, set) = Self.dutyFilters[number]
        var filter = DutyFilter()
        try set(&filter)
        let query = DutyQuery(filter, limit: 10)
        let plan = try await plan(query.sql, query.arguments)
        let touches = plan.filter { $0.contains("duties") }
        let search = "SEARCH duties USING INDEX \(index) "
        #expect(!touches.isEmpty && touches.allSatisfy { $0.hasPrefix(search) }, "\(plan)")
        if filter.dueBefore != nil { #expect(touches.allSatisfy { $0.contains("next<?") }, "\(plan)") }
        let sorts = zip(plan, plan.dropFirst()).filter { $0.hasPrefix("SEARCH") && $1.contains("TEMP B-TREE") }
        #expect(sorts.isEmpty, "\(plan)")
    }

    @Test(
        "every other read is an index search",
        arguments: [
            "SELECT * FROM consignments WHERE id = ? AND direction = ? AND partner = ?",
            "SELECT detail FROM leaves INDEXED BY leaves_by_consignment JOIN details USING (seq) "
                + "WHERE consignment = ? AND partner = ? AND kind = ? ORDER BY seq DESC LIMIT 1",
            "SELECT seq, leaf, salt, detail FROM leaves INDEXED BY leaves_by_consignment "
                + "LEFT JOIN details USING (seq) WHERE consignment = ? AND partner = ? ORDER BY seq",
            "SELECT * FROM duties WHERE id = ?",
            "SELECT hash FROM tree WHERE level = ? AND idx = ?",
            "SELECT max(seq) FROM leaves",
        ])
    func reads(sql: String) async throws {
        let plan = try await plan(sql, Array(repeating: 1, count: sql.count { $0 == "?" }))
        #expect(plan.allSatisfy { $0.hasPrefix("SEARCH") }, "\(plan)")
    }
}
