package import Ledger
internal import Vocabulary

/// A kind of ledger, for its conformance suite.
package protocol LedgerRig: Sendable {
    var crypto: any LedgerCrypto { get }
    /// Of the key that signs the ledger's checkpoints: 32 bytes, Ed25519.
    var publicKey: [UInt8] { get }
    /// Makes a new and empty one.
    func ledger() throws -> any Ledger
}

/// One suite for all ledgers. Each case throws `Nonconformance` with what was seen instead.
package struct LedgerConformance: Sendable {
    package struct Nonconformance: Error, CustomStringConvertible {
        package let description: String
    }

    let rig: any LedgerRig
    let generator: LedgerGenerator
    let start = Instant(seconds: 1_790_000_000)

    /// Throws `Malformed` never: its names are well formed.
    package init(_ rig: some LedgerRig) throws {
        self.rig = rig
        generator = try LedgerGenerator(crypto: rig.crypto, start: start)
    }

    package func check(_ testCase: LedgerCase) async throws {
        let ledger = try rig.ledger()
        switch testCase {
        case .readsBack: try await readsBack(ledger)
        case .refusesWhole: try await refusesWhole(ledger)
        case .refusesOneGroup: try await refusesOneGroup(ledger)
        case .judgesInOrder: try await judgesInOrder(ledger)
        case .emptyGroups: try await emptyGroups(ledger)
        case .threeKeys: try await threeKeys(ledger)
        case .changes: try await changes(ledger)
        case .concurrent: try await concurrent(ledger)
        case .laterStatements: try await laterStatements(ledger)
        case .pages: try await pages(ledger)
        case .unknownPage: try await unknownPage(ledger)
        case .dutyLife: try await dutyLife(ledger)
        case .severalDuties: try await severalDuties(ledger)
        case .refusedDuties: try await refusedDuties(ledger)
        case .dutyFilters: try await dutyFilters(ledger)
        case .dutyPages: try await dutyPages(ledger)
        case .proofs: try await proofs(ledger)
        case .epoch: try await epoch(ledger)
        case .witnessedHeads: try await witnessedHeads(ledger)
        case .countersigned: try await countersigned(ledger)
        case .timeTokens: try await timeTokens(ledger)
        case .passing: try await passing(ledger)
        case .facts: try await facts(ledger)
        }
    }

    // What the cases are written with.

    func day(_ number: Int64) -> Instant { start.adding(seconds: number * 86_400) }

    /// A received file under a fresh id.
    func arrival(at: Instant? = nil, from partner: String = "harbour", id: ConsignmentID? = nil) throws
        -> ConsignmentRecord
    {
        let at = at ?? start
        return ConsignmentRecord(
            key: ConsignmentKey(.received, try AgencyID(partner), id ?? ConsignmentID.make(at: at)),
            state: .publishing, route: try RouteName("audit"), name: "report é.pdf", size: 10)
    }

    /// An event about a received file, from the record as it stands after it.
    func event(
        _ kind: EventKind, _ record: ConsignmentRecord, at: Instant? = nil, duties: [Duty] = [],
        statement: [UInt8] = []
    ) -> NewEvent {
        NewEvent(
            at: at ?? start, kind: kind, consignment: record.key.id, partner: record.key.partner,
            detail: EventDetail(["kind": .string(kind.rawValue)], duties: duties, statement: statement),
            record: record)
    }

    /// An event of either direction about a consignment, without its record.
    func later(
        _ kind: EventKind, _ key: ConsignmentKey, at: Instant? = nil, duties: [Duty] = [], statement: [UInt8] = []
    ) -> NewEvent {
        NewEvent(
            at: at ?? start, kind: kind, consignment: key.id, partner: key.partner,
            detail: EventDetail([:], duties: duties, statement: statement))
    }

    func require(_ isSo: Bool, _ otherwise: @autoclosure () -> String, line: Int = #line) throws {
        if !isSo { throw Nonconformance(description: "\(otherwise()) (line \(line))") }
    }

    func found<Value>(_ value: Value?, _ what: String) throws -> Value {
        guard let value else { throw Nonconformance(description: "no \(what)") }
        return value
    }

    /// Returns the trouble that the body meets.
    @discardableResult
    func trouble(_ what: String, _ body: () async throws -> Void) async throws -> LedgerTrouble {
        do { try await body() } catch let trouble as LedgerTrouble { return trouble }
        throw Nonconformance(description: "\(what) met no trouble")
    }
}
