import ExchangeTesting
import Ledger
import LedgerSQLite
import Testing

/// The one suite of all ledgers, over those that there are.
@Suite struct ConformanceTests {
    enum Kind: CaseIterable { case memory, sqlite }

    @Test("every ledger does what a ledger must do", arguments: Kind.allCases, LedgerCase.allCases)
    func conforms(kind: Kind, testCase: LedgerCase) async throws {
        let fixture = try Fixture()
        switch kind {
        case .memory: try await LedgerConformance(MemoryRig(fixture: fixture)).check(testCase)
        case .sqlite: try await LedgerConformance(SQLiteRig(fixture: fixture)).check(testCase)
        }
    }
}

private struct MemoryRig: LedgerRig {
    let fixture: Fixture
    var crypto: any LedgerCrypto { fixture.crypto }
    var publicKey: [UInt8] { fixture.signer.publicKey }
    func ledger() throws -> any Ledger { try fixture.memory() }
}

private struct SQLiteRig: LedgerRig {
    let fixture: Fixture
    var crypto: any LedgerCrypto { fixture.crypto }
    var publicKey: [UInt8] { fixture.signer.publicKey }
    func ledger() throws -> any Ledger { try fixture.open() }
}
