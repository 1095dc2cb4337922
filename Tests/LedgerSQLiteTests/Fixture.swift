import ExchangeTesting
import Foundation
import GRDB
import Ledger
import LedgerSQLite
import Testing
import Vocabulary

/// A folder that goes with its test.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "waybill-ledger-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }
}

/// A ledger in a folder of its own, and the events to put into it.
struct Fixture {
    let folder: TemporaryFolder
    let crypto = TestCrypto()
    let signer: TestSigner
    let path: String
    let agency: AgencyID
    let identity: Fingerprint
    let generator: LedgerGenerator
    let start = Instant(seconds: 1_790_000_000)

    init() throws {
        folder = try TemporaryFolder()
        signer = try TestSigner()
        path = folder.file("ledger.sqlite")
        agency = try AgencyID("cleveland-police")
        identity = crypto.sha256([7])
        generator = try LedgerGenerator(crypto: crypto, start: start)
    }

    func open(
        _ path: String? = nil, busyTimeout: Double = 5,
        onBroken: @escaping @Sendable (LedgerTrouble) -> Void = { _ in }
    ) throws -> SQLiteLedger {
        var opening = LedgerOpening()
        (opening.busyTimeout, opening.readDeadline, opening.onBroken) = (busyTimeout, .seconds(120), onBroken)
        return try SQLiteLedger(
            path: path ?? self.path, of: LedgerOwner(agency, identity), crypto: crypto, signer: signer, opening)
    }

    func memory() throws -> InMemoryLedger {
        let origin = try LedgerOrigin(
            agency: agency, identity: identity, ledger: "4b0c4f6e-1d55-4f3c-9a6e-0f2f5ad7b111")
        return InMemoryLedger(origin: origin, crypto: crypto, signer: signer)
    }

    /// Opened at `start` and due after so many days.
    func duty(
        _ kind: Duty.Kind, about key: ConsignmentKey, subject: String? = nil, days: Int64 = 30
    ) -> Duty {
        Duty(
            kind, id: ConsignmentID.make(at: start), about: key, subject: subject, openedAt: start,
            due: start.adding(seconds: days * 86_400))
    }

    func check(_ ledger: some LedgerReading) async throws -> [String] {
        try await LedgerCheck(ledger, crypto: crypto, publicKey: signer.publicKey).run().problems.map(\.description)
    }

    /// What a person with write access to the file and `sqlite3` could do. The page sums go: the check is to find it
    /// without them.
    func tamper(_ sql: String, _ path: String? = nil) throws {
        try? FileManager.default.removeItem(atPath: (path ?? self.path) + "-sums")
        let queue = try DatabaseQueue(path: path ?? self.path)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }

    func noteKey(_ origin: String) throws -> NoteKey { try NoteKey(name: origin, publicKey: signer.publicKey, crypto) }
}

/// An event about a received file, from the record as it stands after it.
func event(
    _ kind: EventKind, _ record: ConsignmentRecord, at: Instant, duties: [Duty] = [], statement: [UInt8] = []
) -> NewEvent {
    NewEvent(
        at: at, kind: kind, consignment: record.key.id, partner: record.key.partner,
        detail: EventDetail(["kind": .string(kind.rawValue)], duties: duties, statement: statement), record: record)
}

/// An event of either direction about a consignment, without its record.
func later(
    _ kind: EventKind, _ key: ConsignmentKey, at: Instant, duties: [Duty] = [], statement: [UInt8] = []
) -> NewEvent {
    NewEvent(
        at: at, kind: kind, consignment: key.id, partner: key.partner,
        detail: EventDetail([:], duties: duties, statement: statement))
}

func received(_ at: Instant, partner: String = "harbour", id: ConsignmentID? = nil) throws -> ConsignmentRecord {
    ConsignmentRecord(
        key: ConsignmentKey(.received, try AgencyID(partner), id ?? ConsignmentID.make(at: at)), state: .publishing,
        route: try RouteName("audit"), name: "report é.pdf", size: 10)
}

extension LedgerTrouble {
    /// The case alone.
    var word: String {
        switch self {
        case .busy: "busy"
        case .full: "full"
        case .refused: "refused"
        case .broken: "broken"
        }
    }
}
