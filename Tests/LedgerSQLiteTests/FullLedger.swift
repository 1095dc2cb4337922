import ExchangeTesting
import Foundation
import GRDB
import Ledger
@testable import LedgerSQLite
import Vocabulary

/// A ledger with rows in every table and events of every kind, closed, and everything needed to judge it.
struct FullLedger {
    let fixture: Fixture
    let harbour: AgencyID
    private let key: TestSigner

    init(deliveries: Int = 15) async throws {
        fixture = try Fixture()
        harbour = try AgencyID("harbour")
        key = try TestSigner()
        let ledger = try fixture.open()
        try await fixture.generator.fill(ledger, events: deliveries * 6, width: 1)
        for path in Self.paths { try await walk(path, ledger) }
        try await appendAgencyEvents(ledger)
        _ = try await ledger.beginEpoch([:], at: fixture.start)
        try await appendLater(ledger)
        try await vouch(ledger)
        try await ledger.append(fixture.generator.delivery(deliveries))
        try await keepPlain(ledger)
        _ = try await ledger.checkpoint()
        try await ledger.close()
    }

    /// Histories that together have every kind of both directions.
    private static let paths: [[EventKind]] = [
        [.claimed, .weighed, .held, .released, .signed, .dispatching, .refused], [.claimed, .blocked, .rejected],
        [.claimed, .weighed, .signed, .withdrawn], [.claimed, .lost, .recalled], [.sentBefore, .delivered],
        [.publishing, .received], [.declined], [.abandoned], [.receivedBefore, .received], [.publishing],
    ]

    private func walk(_ kinds: [EventKind], _ ledger: SQLiteLedger) async throws {
        var record = try received(fixture.start)
        record.key = ConsignmentKey(kinds[0].direction ?? .received, harbour, record.key.id)
        (record.why, record.inode, record.cases) = ("because", "7:9", ["CASE-A", "CASE-B"])
        var history = ConsignmentHistory()
        for kind in kinds {
            try history.take(kind)
            record.state = history.state ?? record.state
            try await ledger.append([event(kind, record, at: fixture.start)])
        }
        let duties = [
            fixture.duty(.notice, about: record.key, subject: "CASE-A"), fixture.duty(.recall, about: record.key),
        ]
        for kind in [EventKind.said, .heard] {
            try await ledger.append([later(kind, record.key, at: fixture.start, statement: [1, 2, 3])])
        }
        try await ledger.append([later(.duty, record.key, at: fixture.start, duties: duties)])
    }

    private func appendAgencyEvents(_ ledger: SQLiteLedger) async throws {
        let kinds: [EventKind] = [
            .opened, .partnerAdded, .partnerRemoved, .cardChanged, .partnerRevoked, .incident, .erased,
        ]
        for kind in kinds {
            for partner in [nil, harbour] {
                var facts: [String: JSON] = ["by": .string("daemon")]
                if kind == .erased { facts["leaves"] = LeafRanges().json }
                let event = NewEvent(
                    at: fixture.start, kind: kind, consignment: nil, partner: partner, detail: EventDetail(facts))
                try await ledger.append([event])
            }
        }
    }

    /// Both directions under one id.
    private func appendLater(_ ledger: SQLiteLedger) async throws {
        var record = try received(fixture.start)
        try await ledger.append([event(.publishing, record, at: fixture.start)])
        record.key = ConsignmentKey(.sent, record.key.partner, record.key.id)
        (record.state, record.claimedAt, record.supersedes) = (.claimed, fixture.start, record.key.id)
        try await ledger.append([event(.claimed, record, at: fixture.start)])
    }

    private func vouch(_ ledger: SQLiteLedger) async throws {
        let note = try SignedNote(parsing: Array(try await ledger.checkpoint().utf8))
        let size = try Checkpoint(body: note.body).size
        let seen = try note.countersigned(as: "waybill/harbour/0", by: key, at: fixture.start, fixture.crypto)
        for partner in ["harbour", "tees-nhs"] {
            try await ledger.keep(
                Countersigned(partner: AgencyID(partner), size: size, at: fixture.start, note: seen.text))
        }
        try await ledger.keep(TimeToken(size: size, at: fixture.start, note: note.text, token: [4, 5, 6]))
        let theirs = Checkpoint(origin: "waybill/harbour/0/x", size: 9, root: fixture.crypto.sha256([9]))
        let signed = try theirs.signed(by: key, fixture.crypto)
            .countersigned(as: ledger.origin.witness, by: fixture.signer, at: fixture.start, fixture.crypto)
        let head = WitnessedHead(partner: harbour, checkpoint: theirs, note: signed.text, at: fixture.start)
        _ = try await ledger.keep(head, after: 0)
    }

    private func keepPlain(_ ledger: SQLiteLedger) async throws {
        let at = fixture.start
        for _ in 0..<2 {
            let key = try received(at).key
            try await ledger.setStagingMark(StagingMark(key: key, waybill: fixture.crypto.sha256([1]), next: 2, at: at))
            try await ledger.noteAttempt(Attempt(key: key, count: 1, lastAt: at, nextAt: at, why: "away"))
            try await ledger.remember("test/\(key.id)", "value")
        }
    }

    var judges: CheckJudges {
        var judges = CheckJudges()
        let (crypto, public_) = (fixture.crypto, key.publicKey)
        judges.ourKeys = [fixture.signer.publicKey]
        judges.countersigner = { note, _ throws(Malformed) in
            let key = try NoteKey(name: "waybill/harbour/0", publicKey: public_, crypto, kind: .cosignature)
            guard let at = try note.seen(by: key, crypto) else { throw Malformed("note", "has no countersignature") }
            return at
        }
        judges.witnessed = { note, _ in
            do throws(Malformed) {
                try note.verify(by: NoteKey(name: "waybill/harbour/0/x", publicKey: public_, crypto), crypto)
                return nil
            } catch { return "\(error)" }
        }
        judges.token = { $0.token == [4, 5, 6] ? nil : "is not the token" }
        return judges
    }

    /// The file with its companions under another name.
    func copy(_ name: String, sums: Bool) throws -> String {
        let target = fixture.folder.file(name)
        for end in ["", "-wal", "-shm", "-sums"] {
            try? FileManager.default.removeItem(atPath: target + end)
            guard end.isEmpty || end == "-sums" && sums else { continue }
            try FileManager.default.copyItem(atPath: fixture.path + end, toPath: target + end)
        }
        return target
    }

    /// What `waybill ledger check` would say: a file that does not open is a finding too.
    func findings(_ path: String) async throws -> [LedgerProblem] {
        let reader: LedgerReader
        do { reader = try LedgerReader(path: path, crypto: fixture.crypto) } catch let trouble as LedgerTrouble {
            return LedgerReport(cannotOpen: path, trouble, crypto: fixture.crypto).problems
        }
        return try await LedgerCheck(reader, crypto: fixture.crypto, judges: judges).run().problems
    }
}
