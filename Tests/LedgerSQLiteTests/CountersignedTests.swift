import Ledger
import LedgerSQLite
import Testing
import Vocabulary

/// Countersignatures come every second while there is much to exchange; what is old is thinned.
struct CountersignedTests {
    @Test("of what is older than a day one an hour stays, the largest; others' and younger ones all stay")
    func thinned() async throws {
        let fixture = try Fixture()
        let ledger = try fixture.open()
        let (partner, other) = (try AgencyID("harbour"), try AgencyID("stockton"))
        let start = Instant(seconds: 1_795_003_200)
        func keep(_ size: Int64, by partner: AgencyID, minutes: Int64) async throws {
            let at = start.adding(seconds: minutes * 60)
            try await ledger.keep(Countersigned(partner: partner, size: size, at: at, note: "note \(size)"))
        }
        func sizes(_ partner: AgencyID) async throws -> [Int64] {
            try await ledger.countersigned(covering: 0, by: partner, limit: 1000).map(\.size)
        }
        for size in 1...6 { try await keep(Int64(size), by: partner, minutes: Int64(size) * 20) }
        try await keep(3, by: other, minutes: 60)
        #expect(try await sizes(partner) == [1, 2, 3, 4, 5, 6])
        // A day after the first hour: 1 and 2 are of it.
        try await keep(7, by: partner, minutes: 25 * 60)
        #expect(try await sizes(partner) == [2, 3, 4, 5, 6, 7])
        try await keep(8, by: partner, minutes: 48 * 60)
        try await keep(9, by: partner, minutes: 48 * 60 + 1)
        #expect(try await sizes(partner) == [2, 5, 6, 7, 8, 9])
        #expect(try await sizes(other) == [3])
        try await ledger.close()
    }
}
